/*
 * check_reach.c: how far a run of blocks gets on a medium.
 *
 * The medium has room for 1000 bytes; blocks are of 100 bytes.
 */
#include <check.h>
#include <stdlib.h>

#include "vtl/reach.h"

enum { BLOCK = 100, CAPACITY = 1000 };

/* From `at`, of a run of `bytes`: what goes on tape, and why no more. */
static const struct {
	uint64_t at, bytes, warning, defect, taken;
	enum reach_end end;
} reaches[] = {
	{ 0, 100, 800, REACH_NEVER, 100, REACH_ALL },
	{ 0, 800, 800, REACH_NEVER, 800, REACH_ALL },
	{ 0, 801, 800, REACH_NEVER, 801, REACH_WARNING },
	{ 0, 900, 800, REACH_NEVER, 900, REACH_WARNING },
	{ 0, 1000, 800, REACH_NEVER, 900, REACH_WARNING },
	{ 0, 5000, 800, REACH_NEVER, 900, REACH_WARNING },
	{ 0, 1000, 799, REACH_NEVER, 800, REACH_WARNING },
	{ 800, 100, 800, REACH_NEVER, 100, REACH_WARNING },
	{ 801, 100, 800, REACH_NEVER, 100, REACH_WARNING },
	{ 900, 100, 800, REACH_NEVER, 100, REACH_WARNING },
	{ 900, 200, 800, REACH_NEVER, 100, REACH_WARNING },
	{ 901, 100, 800, REACH_NEVER, 0, REACH_OVERFLOW },
	{ 901, 99, 800, REACH_NEVER, 99, REACH_WARNING },
	{ 1000, 1, 800, REACH_NEVER, 0, REACH_OVERFLOW },
	{ 0, 1000, REACH_NEVER, REACH_NEVER, 1000, REACH_ALL },
	{ 0, 1001, REACH_NEVER, REACH_NEVER, 1000, REACH_OVERFLOW },
	{ 1, 1000, REACH_NEVER, REACH_NEVER, 900, REACH_OVERFLOW },
	{ 1, 999, REACH_NEVER, REACH_NEVER, 999, REACH_ALL },
	{ 0, 1000, 1000, REACH_NEVER, 1000, REACH_ALL },
	{ 0, 1000, 999, REACH_NEVER, 1000, REACH_WARNING },
	{ 0, 1, 0, REACH_NEVER, 1, REACH_WARNING },
	{ 0, 500, 800, 0, 0, REACH_DEFECT },
	{ 0, 500, 800, 99, 0, REACH_DEFECT },
	{ 0, 500, 800, 100, 100, REACH_DEFECT },
	{ 0, 500, 800, 499, 400, REACH_DEFECT },
	{ 0, 500, 800, 500, 500, REACH_ALL },
	{ 0, 450, 800, 450, 450, REACH_ALL },
	{ 0, 450, 800, 449, 400, REACH_DEFECT },
	{ 0, 1000, 800, 850, 800, REACH_DEFECT },	/* it fails first */
	{ 0, 1000, 800, 900, 900, REACH_WARNING },
	{ 0, 2000, REACH_NEVER, 999, 900, REACH_DEFECT },
	{ 0, 2000, REACH_NEVER, 1000, 1000, REACH_OVERFLOW },
	{ 950, 100, REACH_NEVER, 960, 0, REACH_OVERFLOW }, /* capacity first */
	{ 950, 50, 800, 960, 0, REACH_DEFECT },
};

START_TEST(a_run_reaches_as_far)
{
	const struct reach_medium medium = { reaches[_i].at, CAPACITY,
	    reaches[_i].warning, reaches[_i].defect };
	uint64_t taken;

	ck_assert_int_eq(reach_run(&medium, reaches[_i].bytes, BLOCK, &taken),
	    reaches[_i].end);
	ck_assert_uint_eq(taken, reaches[_i].taken);
}
END_TEST

/* What reach.h says, block by block. */
static enum reach_end reach_slowly(const struct reach_medium *m,
    uint64_t bytes, uint64_t block, uint64_t *taken)
{
	uint64_t n, at;

	for (*taken = 0; *taken < bytes; *taken += n) {
		n = bytes - *taken < block ? bytes - *taken : block;
		at = m->at_byte + *taken;
		if (at + n > m->capacity_bytes)
			return REACH_OVERFLOW;
		if (m->defect_byte >= at && m->defect_byte < at + n)
			return REACH_DEFECT;
		if (at + n > m->warning_byte) {
			*taken += n;
			return REACH_WARNING;
		}
	}
	return REACH_ALL;
}

START_TEST(any_run_reaches_as_far_as_its_blocks)
{
	for (uint64_t block = 1; block <= 4; block++)
	for (uint64_t bytes = 1; bytes <= 13; bytes++)
	for (uint64_t at = 0; at <= 10; at++)
	for (uint64_t warning = 0; warning <= 11; warning++)
	for (uint64_t defect = at; defect <= at + 13; defect++) {
		const struct reach_medium m = { at, 10,
		    warning == 11 ? REACH_NEVER : warning,
		    defect == at + 13 ? REACH_NEVER : defect };
		uint64_t fast, slowly;

		ck_assert_int_eq(reach_run(&m, bytes, block, &fast),
		    reach_slowly(&m, bytes, block, &slowly));
		ck_assert_uint_eq(fast, slowly);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("reach");
	TCase *t = tcase_create("reach");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, a_run_reaches_as_far, 0,
	    sizeof reaches / sizeof reaches[0]);
	tcase_add_test(t, any_run_reaches_as_far_as_its_blocks);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
