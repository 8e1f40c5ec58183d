/*
 * check_extent_fit.c: how much of a run of blocks fits on a medium.
 *
 * The medium has room for 1000 bytes; blocks have 100 bytes.
 */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/drive/extent_fit.h"

enum { BLOCK = 100, CAPACITY = 1000 };

/* How much is written of a run of `bytes` at `at`, and why it ends. */
static const struct {
	uint64_t at, bytes, warning, defect, taken;
	enum extent_fit_end end;
} reaches[] = {
	{ 0, 100, 800, EXTENT_FIT_NEVER, 100, EXTENT_FIT_ALL },
	{ 0, 800, 800, EXTENT_FIT_NEVER, 800, EXTENT_FIT_ALL },
	{ 0, 801, 800, EXTENT_FIT_NEVER, 801, EXTENT_FIT_WARNING },
	{ 0, 900, 800, EXTENT_FIT_NEVER, 900, EXTENT_FIT_WARNING },
	{ 0, 1000, 800, EXTENT_FIT_NEVER, 900, EXTENT_FIT_WARNING },
	{ 0, 5000, 800, EXTENT_FIT_NEVER, 900, EXTENT_FIT_WARNING },
	{ 0, 1000, 799, EXTENT_FIT_NEVER, 800, EXTENT_FIT_WARNING },
	{ 800, 100, 800, EXTENT_FIT_NEVER, 100, EXTENT_FIT_WARNING },
	{ 801, 100, 800, EXTENT_FIT_NEVER, 100, EXTENT_FIT_WARNING },
	{ 900, 100, 800, EXTENT_FIT_NEVER, 100, EXTENT_FIT_WARNING },
	{ 900, 200, 800, EXTENT_FIT_NEVER, 100, EXTENT_FIT_WARNING },
	{ 901, 100, 800, EXTENT_FIT_NEVER, 0, EXTENT_FIT_OVERFLOW },
	{ 901, 99, 800, EXTENT_FIT_NEVER, 99, EXTENT_FIT_WARNING },
	{ 1000, 1, 800, EXTENT_FIT_NEVER, 0, EXTENT_FIT_OVERFLOW },
	{ 0, 1000, EXTENT_FIT_NEVER, EXTENT_FIT_NEVER, 1000, EXTENT_FIT_ALL },
	{ 0, 1001, EXTENT_FIT_NEVER, EXTENT_FIT_NEVER, 1000,
	    EXTENT_FIT_OVERFLOW },
	{ 1, 1000, EXTENT_FIT_NEVER, EXTENT_FIT_NEVER, 900,
	    EXTENT_FIT_OVERFLOW },
	{ 1, 999, EXTENT_FIT_NEVER, EXTENT_FIT_NEVER, 999, EXTENT_FIT_ALL },
	{ 0, 1000, 1000, EXTENT_FIT_NEVER, 1000, EXTENT_FIT_ALL },
	{ 0, 1000, 999, EXTENT_FIT_NEVER, 1000, EXTENT_FIT_WARNING },
	{ 0, 1, 0, EXTENT_FIT_NEVER, 1, EXTENT_FIT_WARNING },
	{ 0, 500, 800, 0, 0, EXTENT_FIT_DEFECT },
	{ 0, 500, 800, 99, 0, EXTENT_FIT_DEFECT },
	{ 0, 500, 800, 100, 100, EXTENT_FIT_DEFECT },
	{ 0, 500, 800, 499, 400, EXTENT_FIT_DEFECT },
	{ 0, 500, 800, 500, 500, EXTENT_FIT_ALL },
	{ 0, 450, 800, 450, 450, EXTENT_FIT_ALL },
	{ 0, 450, 800, 449, 400, EXTENT_FIT_DEFECT },
	/* the defect comes first */
	{ 0, 1000, 800, 850, 800, EXTENT_FIT_DEFECT },
	{ 0, 1000, 800, 900, 900, EXTENT_FIT_WARNING },
	{ 0, 2000, EXTENT_FIT_NEVER, 999, 900, EXTENT_FIT_DEFECT },
	{ 0, 2000, EXTENT_FIT_NEVER, 1000, 1000, EXTENT_FIT_OVERFLOW },
	{ 950, 100, EXTENT_FIT_NEVER, 960, 0,
	    EXTENT_FIT_OVERFLOW }, /* the capacity is tested first */
	{ 950, 50, 800, 960, 0, EXTENT_FIT_DEFECT },
};

START_TEST(a_run_fits_up_to_its_end)
{
	const struct extent_fit_medium medium = { .at_byte = reaches[_i].at,
		.capacity_bytes = CAPACITY,
		.warning_byte = reaches[_i].warning,
		.defect_byte = reaches[_i].defect };
	uint64_t taken;

	ck_assert_int_eq(extent_fit_run(&medium, reaches[_i].bytes, BLOCK,
			     &taken),
	    reaches[_i].end);
	ck_assert_uint_eq(taken, reaches[_i].taken);
}
END_TEST

/* Computes the result block by block, by the rules of extent_fit.h. */
static enum extent_fit_end extent_fit_slowly(const struct extent_fit_medium *m,
    uint64_t bytes, uint64_t block, uint64_t *taken)
{
	uint64_t n, begin, end, blocks = 0,
				late = m->early_warning_delay_blocks;

	for (*taken = 0; *taken < bytes; blocks++) {
		n = bytes - *taken < block ? bytes - *taken : block;
		begin = extent_fit_medium_byte(&m->layout, m->at_byte + *taken,
		    m->at_block + blocks, m->at_filemark);
		end =
		    extent_fit_medium_byte(&m->layout, m->at_byte + *taken + n,
			m->at_block + blocks + 1, m->at_filemark);
		if (end > m->capacity_bytes)
			return EXTENT_FIT_OVERFLOW;
		if (m->defect_byte >= begin && m->defect_byte < end)
			return EXTENT_FIT_DEFECT;
		*taken += n;
		if (end > m->warning_byte && late-- == 0)
			return EXTENT_FIT_WARNING;
		if (m->pews_byte > 0 && begin <= m->pews_byte &&
		    end > m->pews_byte)
			return EXTENT_FIT_PEW;
	}
	return EXTENT_FIT_ALL;
}

static void reaches_alike(const struct extent_fit_medium *m, uint64_t bytes,
    uint64_t block)
{
	uint64_t fast, slowly;

	ck_assert_int_eq(extent_fit_run(m, bytes, block, &fast),
	    extent_fit_slowly(m, bytes, block, &slowly));
	ck_assert_uint_eq(fast, slowly);
}

START_TEST(any_run_fits_as_far_as_its_blocks)
{
	for (uint64_t block = 1; block <= 4; block++)
		for (uint64_t bytes = 1; bytes <= 13; bytes++)
			for (uint64_t at = 0; at <= 10; at++)
				for (uint64_t warning = 0; warning <= 11;
				     warning++)
					for (uint64_t defect = at;
					     defect <= at + 13; defect++) {
						const struct extent_fit_medium
						    m = { .at_byte = at,
							    .capacity_bytes =
								10,
							    .warning_byte =
								warning == 11
								? EXTENT_FIT_NEVER
								: warning,
							    .defect_byte =
								defect ==
								    at + 13
								? EXTENT_FIT_NEVER
								: defect };

						reaches_alike(&m, bytes, block);
					}
}
END_TEST

START_TEST(warnings_are_late_or_early_as_configured)
{
	for (uint64_t bytes = 1; bytes <= 13; bytes++)
		for (uint64_t at = 0; at <= 10; at++)
			for (uint64_t warning = 0; warning <= 11; warning++)
				for (uint64_t programmed = 0; programmed <= 9;
				     programmed++)
					for (uint64_t late = 0; late <= 4;
					     late++) {
						const struct extent_fit_medium m = {
							.at_byte = at,
							.capacity_bytes = 10,
							.warning_byte =
							    warning == 11
							    ? EXTENT_FIT_NEVER
							    : warning,
							.defect_byte =
							    EXTENT_FIT_NEVER,
							.early_warning_delay_blocks =
							    late,
							.pews_byte = programmed
						};

						reaches_alike(&m, bytes, 2);
					}
}
END_TEST

/* The room that data takes with different layouts. */
static const struct {
	struct extent_fit_layout layout;
	uint64_t bytes, blocks, filemarks, medium;
} layouts[] = {
	{ { 0, 0, 0 }, 1000, 10, 3, 1000 },
	{ { 1000, 0, 0 }, 1000, 10, 3, 1000 },
	{ { 2000, 0, 0 }, 1001, 10, 3, 500 },
	{ { 950, 0, 0 }, 950, 10, 3, 1000 },
	{ { 2500, 7, 100 }, 1000, 10, 3, 770 },
	/* 8 EiB - 1 of data must not overflow. */
	{ { 3000, 0, 0 }, INT64_MAX, 1, 0, UINT64_C(3074457345618258602) },
};

START_TEST(data_takes_the_room_of_its_layout)
{
	ck_assert_uint_eq(extent_fit_medium_byte(&layouts[_i].layout,
			      layouts[_i].bytes, layouts[_i].blocks,
			      layouts[_i].filemarks),
	    layouts[_i].medium);
}
END_TEST

START_TEST(a_layout_changes_only_the_places_of_blocks)
{
	static const struct extent_fit_layout some[] = {
		{ 2000, 0, 0 },
		{ 1500, 1, 0 },
		{ 800, 0, 2 },
		{ 0, 3, 1 },
	};

	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		for (uint64_t bytes = 1; bytes <= 17; bytes++)
			for (uint64_t block = 1; block <= 4; block++)
				for (uint64_t at = 0; at <= 6; at++)
					for (uint64_t defect = 8; defect <= 12;
					     defect++)
						for (uint64_t late = 0;
						     late <= 1; late++) {
							const struct
							    extent_fit_medium m = {
								    .at_byte =
									at,
								    .at_block =
									1,
								    .at_filemark =
									1,
								    .capacity_bytes =
									20,
								    .warning_byte =
									11,
								    .defect_byte =
									defect,
								    .early_warning_delay_blocks =
									late,
								    .pews_byte =
									9,
								    .layout =
									some[i]
							    };

							reaches_alike(&m, bytes,
							    block);
						}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("reach");
	TCase *t = tcase_create("reach");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, a_run_fits_up_to_its_end, 0,
	    sizeof reaches / sizeof reaches[0]);
	tcase_add_test(t, any_run_fits_as_far_as_its_blocks);
	tcase_add_test(t, warnings_are_late_or_early_as_configured);
	tcase_add_loop_test(t, data_takes_the_room_of_its_layout, 0,
	    sizeof layouts / sizeof layouts[0]);
	tcase_add_test(t, a_layout_changes_only_the_places_of_blocks);
	return run_suite(s);
}
