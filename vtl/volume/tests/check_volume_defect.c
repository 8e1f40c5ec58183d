/*
 * check_volume_defect.c: which defects are possible, and which blocks they
 * affect.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/volume.h"

#define MEDIUM                                    \
	{                                         \
		SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 \
	}

enum { CAPACITY = 1000, DEFECTS = 40, CASES = 60 };

static struct volume *make(void)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);

	spec.capacity_bytes = CAPACITY;
	return scratch_volume("v", &spec);
}

static const struct {
	struct volume_defect defect;
	const char *says; /* NULL: the defect is accepted */
} rows[] = {
	{ { .sense = MEDIUM, .at = 999 }, NULL },
	{ { .sense = MEDIUM, .at = 1000 }, "below the capacity" },
	{ { .sense = MEDIUM, .at = 5000, .unit = VOLUME_OBJECTS }, NULL },
	{ { .sense = MEDIUM, .length = INT64_MAX, .at = 1 }, "below 2^63" },
	{ { .sense.key = SENSE_NO_SENSE }, "must be an error" },
	{ { .sense.key = 0x10 }, "must be an error" },
	{ { .sense.key = SENSE_RECOVERED }, NULL },
	{ { .sense = MEDIUM, .recover_after = 3 }, "only one of once" },
	{ { .sense = MEDIUM, .recover_after = 3, .fail = VOLUME_FAIL_READ },
	    NULL },
	{ { .sense = MEDIUM,
	      .recover_after = 3,
	      .once = true,
	      .fail = VOLUME_FAIL_READ },
	    "only one of once" },
	{ { .fail = VOLUME_FAIL_SLOW, .slowdown = 2 }, NULL },
	{ { .fail = VOLUME_FAIL_SLOW }, "2 to 1000000" },
	{ { .fail = VOLUME_FAIL_SLOW, .slowdown = 2, .once = true },
	    "never once" },
	{ { .fail = VOLUME_FAIL_CORRUPT, .once = true }, NULL },
	{ { .fail = VOLUME_FAIL_CORRUPT, .slowdown = 2 }, "2 to 1000000" },
};

START_TEST(an_invalid_defect_is_refused)
{
	struct volume *volume = make();
	size_t count;
	int rc = volume_defect_add(volume, &rows[_i].defect);

	volume_defects(volume, &count);
	ck_assert_uint_eq(count, rows[_i].says == NULL);
	if (rows[_i].says == NULL)
		ck_assert_int_eq(rc, 0);
	else
		ck_assert_msg(rc == -1 &&
			strstr(volume_message(volume), rows[_i].says) != NULL,
		    "%s", volume_message(volume));
	scratch_close(volume);
}
END_TEST

static struct volume_defect draw(uint64_t *seed)
{
	struct volume_defect d = {
		.fail = scratch_random(seed) % 2 == 0 ? VOLUME_FAIL_WRITE
						      : VOLUME_FAIL_READ,
		.unit = scratch_random(seed) % 3,
		.sense = MEDIUM,
		.at = scratch_random(seed) % 60,
		.length = scratch_random(seed) % 4 == 0
		    ? 1 + scratch_random(seed) % 30
		    : 1,
	};

	if (d.unit == VOLUME_FILE_BLOCKS)
		d.file = scratch_random(seed) % 3;
	return d;
}

static bool overlaps(const struct volume_defect *d,
    const struct volume_extent *c)
{
	uint64_t begin = c->begin_byte, end = c->end_byte;

	if (d->unit == VOLUME_OBJECTS)
		begin = c->object;
	if (d->unit == VOLUME_FILE_BLOCKS)
		begin = c->file_block;
	if (d->unit != VOLUME_BYTES)
		end = begin + 1;
	return (d->unit != VOLUME_FILE_BLOCKS || d->file == c->file) &&
	    begin < end && d->at < end && d->at + d->length > begin;
}

/* Checks that each defect is found once, and nothing else is found. */
static void expect_all(const struct volume *volume,
    const struct volume_extent *cover, enum volume_fail fail)
{
	const struct volume_defect *d = NULL, *all;
	size_t count, want = 0, got = 0;

	all = volume_defects(volume, &count);
	for (size_t i = 0; i < count; i++)
		want += all[i].fail == fail && overlaps(&all[i], cover);
	while ((d = volume_find_defect(volume, fail, cover, d)) != NULL) {
		ck_assert(d->fail == fail && overlaps(d, cover));
		got++;
	}
	ck_assert_uint_eq(got, want);
}

START_TEST(all_defects_under_a_block_are_found)
{
	uint64_t seed = (uint64_t)_i + 1;
	struct volume *volume = make();

	for (int i = 0; i < DEFECTS; i++) {
		struct volume_defect d = draw(&seed);

		ck_assert_int_eq(volume_defect_add(volume, &d), 0);
	}
	for (int reopened = 0; reopened < 2; reopened++) {
		for (int i = 0; i < CASES; i++) {
			struct volume_extent c = {
				.begin_byte = scratch_random(&seed) % 60,
				.object = scratch_random(&seed) % 60,
				.file = scratch_random(&seed) % 4,
				.file_block = scratch_random(&seed) % 60,
			};

			c.end_byte = c.begin_byte + scratch_random(&seed) % 20;
			expect_all(volume, &c, VOLUME_FAIL_WRITE);
			expect_all(volume, &c, VOLUME_FAIL_READ);
		}
		scratch_close(volume);
		volume = scratch_open("v");
	}
	scratch_close(volume);
}
END_TEST

/*
 * The volume has two files of two blocks of 10 bytes, each with its filemark.
 */
START_TEST(the_view_shows_the_file_of_each_defect)
{
	const struct volume_defect defects[] = {
		{ .sense = MEDIUM, .at = 25 },
		{ .fail = VOLUME_FAIL_SLOW,
		    .slowdown = 3,
		    .at = 0,
		    .unit = VOLUME_OBJECTS },
		{ .fail = VOLUME_FAIL_CORRUPT,
		    .at = 3,
		    .unit = VOLUME_OBJECTS },
		{ .fail = VOLUME_FAIL_READ,
		    .sense = MEDIUM,
		    .file = 7,
		    .unit = VOLUME_FILE_BLOCKS },
		{ .sense = MEDIUM, .at = 40 },
	};
	struct volume *volume = make();

	for (uint64_t file = 0; file < 2; file++) {
		ck_assert_int_eq(scratch_append(volume, 20, 10, 1, file * 20),
		    0);
		ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	}
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(volume_defect_add(volume, &defects[i]), 0);
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v",
			     "select file from spots where "
			     "at_byte = 25 and sense = '3/0C/00'"),
	    1);
	ck_assert_int_eq(scratch_query("v",
			     "select file from spots where "
			     "fail = 'slow' and sense is null and factor = 3"),
	    0);
	ck_assert_int_eq(scratch_query("v",
			     "select file from spots where "
			     "fail = 'corrupt'"),
	    1);
	ck_assert_int_eq(scratch_query("v",
			     "select file from spots where "
			     "fail = 'read'"),
	    7);
	ck_assert_int_eq(scratch_query("v",
			     "select file is null from spots "
			     "where at_byte = 40"),
	    1);
}
END_TEST

static const struct volume_defect *defect_in(const struct volume *volume,
    uint64_t begin, uint64_t end)
{
	const struct volume_extent cover = { .begin_byte = begin,
		.end_byte = end };

	return volume_find_defect(volume, VOLUME_FAIL_WRITE, &cover, NULL);
}

START_TEST(defects_stay_until_they_are_spent)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct volume_defect good[] = {
		{ .at = 500, .sense = { 3, 0x0c, 0, false, false } },
		{ .at = 100,
		    .sense = { 4, 0x44, 0, false, false },
		    .once = true },
		{ .at = 500,
		    .sense = { 3, 0x11, 0, false, false },
		    .once = true },
	};
	const struct volume_defect bad = { .at = 7,
		.sense = { 0, 0, 2, 0, 0 } };
	struct volume *volume = scratch_volume("v", &spec);
	const struct volume_defect *d;
	size_t n;

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(volume_defect_add(volume, &good[i]), 0);
	ck_assert_int_eq(volume_defect_add(volume, &bad), -1);
	scratch_close(volume);
	volume = scratch_open("v");
	d = volume_defects(volume, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert(d[0].at == 100 && d[0].once && d[0].sense.key == 4);
	ck_assert(d[1].at == 500 && d[1].sense.asc == 0x0c);
	ck_assert_ptr_null(defect_in(volume, 0, 100));
	ck_assert_ptr_eq(defect_in(volume, 100, 101), &d[0]);
	ck_assert_ptr_eq(defect_in(volume, 101, 501), &d[1]);
	ck_assert_ptr_null(defect_in(volume, 501, UINT64_MAX));
	volume_defect_spend(volume, &d[0]);
	volume_defect_spend(volume, defect_in(volume, 500, 501));
	scratch_close(volume);
	volume = scratch_open("v");
	volume_defects(volume, &n);
	ck_assert_uint_eq(n, 2);
	scratch_close(volume);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_defect");
	TCase *t = tcase_create("volume_defect");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, an_invalid_defect_is_refused, 0,
	    sizeof rows / sizeof rows[0]);
	tcase_add_loop_test(t, all_defects_under_a_block_are_found, 0, 10);
	tcase_add_test(t, the_view_shows_the_file_of_each_defect);
	tcase_add_test(t, defects_stay_until_they_are_spent);
	return run_suite(s);
}
