/*
 * check_drive_move.c: where locate and space end, and with which sense data.
 *
 * The volume: two blocks, a filemark, three blocks, two filemarks, a block.
 *
 *     object  0  1  2   3  4  5  6   7   8  EOD 9
 *             b  b  FM  b  b  b  FM  FM  b
 */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

enum how { BLOCKS, FILEMARKS, OBJECT, FILE_NUMBER, END };
enum met { GOOD, MARK, EOD, BOT };

static const struct {
	uint64_t from;
	enum how how;
	int64_t count;
	enum met met;
	uint64_t left, object, file;
} moves[] = {
	{ 0, BLOCKS, 2, GOOD, 0, 2, 0 },
	{ 0, BLOCKS, 0, GOOD, 0, 0, 0 },
	{ 0, BLOCKS, 3, MARK, 1, 3, 1 },
	{ 2, BLOCKS, 1, MARK, 1, 3, 1 },
	{ 3, BLOCKS, 3, GOOD, 0, 6, 1 },
	{ 3, BLOCKS, 9, MARK, 6, 7, 2 },
	{ 7, BLOCKS, 1, MARK, 1, 8, 3 },
	{ 8, BLOCKS, 1, GOOD, 0, 9, 3 },
	{ 8, BLOCKS, 2, EOD, 1, 9, 3 },
	{ 9, BLOCKS, 1, EOD, 1, 9, 3 },
	{ 9, BLOCKS, -1, GOOD, 0, 8, 3 },
	{ 9, BLOCKS, -2, MARK, 1, 7, 2 },
	{ 8, BLOCKS, -1, MARK, 1, 7, 2 },
	{ 6, BLOCKS, -3, GOOD, 0, 3, 1 },
	{ 5, BLOCKS, -3, MARK, 1, 2, 0 },
	{ 2, BLOCKS, -2, GOOD, 0, 0, 0 },
	{ 1, BLOCKS, -5, BOT, 4, 0, 0 },
	{ 0, BLOCKS, -1, BOT, 1, 0, 0 },
	{ 0, BLOCKS, INT64_MIN, BOT, UINT64_C(1) << 63, 0, 0 },
	{ 0, FILEMARKS, 1, GOOD, 0, 3, 1 },
	{ 1, FILEMARKS, 2, GOOD, 0, 7, 2 },
	{ 4, FILEMARKS, 2, GOOD, 0, 8, 3 },
	{ 4, FILEMARKS, 3, EOD, 1, 9, 3 },
	{ 9, FILEMARKS, 1, EOD, 1, 9, 3 },
	{ 9, FILEMARKS, -1, GOOD, 0, 7, 2 },
	{ 8, FILEMARKS, -1, GOOD, 0, 7, 2 },
	{ 7, FILEMARKS, -1, GOOD, 0, 6, 1 },
	{ 9, FILEMARKS, -3, GOOD, 0, 2, 0 },
	{ 9, FILEMARKS, -4, BOT, 1, 0, 0 },
	{ 1, FILEMARKS, -1, BOT, 1, 0, 0 },
	{ 0, OBJECT, 5, GOOD, 0, 5, 1 },
	{ 9, OBJECT, 0, GOOD, 0, 0, 0 },
	{ 0, OBJECT, 7, GOOD, 0, 7, 2 },
	{ 0, OBJECT, 9, GOOD, 0, 9, 3 },
	{ 0, OBJECT, 10, EOD, 0, 9, 3 },
	{ 5, FILE_NUMBER, 2, GOOD, 0, 7, 2 },
	{ 5, FILE_NUMBER, 4, EOD, 0, 9, 3 },
	{ 5, END, 0, GOOD, 0, 9, 3 },
};

static uint64_t move(struct drive_fixture *fixture, enum how how, int64_t count)
{
	struct drive_result *a = &fixture->result;
	uint64_t left = 0;

	switch (how) {
	case BLOCKS:
		drive_space_blocks(fixture->drive, count, &left, 0, a);
		break;
	case FILEMARKS:
		drive_space_filemarks(fixture->drive, count, &left, 0, a);
		break;
	case OBJECT:
		drive_locate_object(fixture->drive, (uint64_t)count, 0, a);
		break;
	case FILE_NUMBER:
		drive_locate_file(fixture->drive, (uint64_t)count, 0, a);
		break;
	case END:
		drive_space_eod(fixture->drive, 0, a);
		break;
	}
	return left;
}

START_TEST(a_move_ends_at_its_place)
{
	static const uint64_t bytes[] = { 0, 100, 200, 200, 300, 400, 500, 500,
		500, 600 };
	const struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	fixture_make(&fixture, NULL, &spec);
	fixture_write(&fixture, 2);
	fixture_filemark(&fixture, false);
	fixture_write(&fixture, 3);
	fixture_filemark(&fixture, true);
	fixture_filemark(&fixture, true);
	fixture_write(&fixture, 1);
	move(&fixture, OBJECT, (int64_t)moves[_i].from);
	fixture_expect_good(&fixture);
	ck_assert_uint_eq(move(&fixture, moves[_i].how, moves[_i].count),
	    moves[_i].left);
	switch (moves[_i].met) {
	case GOOD:
		fixture_expect_good(&fixture);
		break;
	case MARK:
		fixture_expect(&fixture, SENSE_NO_SENSE, 0, 1);
		ck_assert(fixture.result.sense.filemark);
		break;
	case EOD:
		fixture_expect(&fixture, SENSE_BLANK_CHECK, 0, 5);
		break;
	case BOT:
		fixture_expect(&fixture, SENSE_NO_SENSE, 0, 4);
		ck_assert(fixture.result.sense.eom);
		break;
	}
	fixture_expect_position(&fixture, moves[_i].file, moves[_i].object,
	    bytes[moves[_i].object]);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(an_object_is_found_in_any_row)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_position place, sum = { .object = 0 };
	struct volume_object object;
	uint64_t seed = 1;

	for (int i = 0; i < 100; i++) {
		uint64_t block = 1 + scratch_random(&seed) % 5000;

		scratch_append(volume, 1 + scratch_random(&seed) % (20 * block),
		    block, 1, 0);
		if (scratch_random(&seed) % 3 == 0)
			volume_append_filemarks(volume,
			    scratch_random(&seed) % 4);
	}
	do {
		ck_assert_int_eq(volume_find_object(volume, sum.object, &place),
		    0);
		ck_assert_mem_eq(&place, &sum, sizeof sum);
		ck_assert_int_eq(volume_read(volume, sum.object, NULL, 0,
				     &object),
		    0);
		sum.object++;
		sum.byte += object.bytes;
		sum.file += object.kind == VOLUME_FILEMARK;
	} while (object.kind != VOLUME_EOD);
	scratch_close(volume);
}
END_TEST

START_TEST(a_row_with_wrong_values_is_refused)
{
	static const char *const lies[] = {
		"update objects set at_byte = 1000000 where first = 0",
		"update objects set file = 77 where first = 0",
		"update objects set block_bytes = 2000000000 where first = 0",
		"delete from objects where first = 0",
	};
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_position place;

	scratch_append(volume, 1000, 10, 1, 0);
	volume_append_filemarks(volume, 1);
	scratch_close(volume);
	scratch_sql("v", lies[_i]);
	volume = scratch_open("v");
	ck_assert_int_eq(volume_find_object(volume, 50, &place), -1);
	ck_assert_str_ne(volume_message(volume), "");
	scratch_close(volume);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_move");
	TCase *t = tcase_create("drive_move");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_move_ends_at_its_place, 0,
	    sizeof moves / sizeof moves[0]);
	tcase_add_test(t, an_object_is_found_in_any_row);
	tcase_add_loop_test(t, a_row_with_wrong_values_is_refused, 0, 4);
	return run_suite(s);
}
