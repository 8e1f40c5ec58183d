/*
 * check_st_position.c: what the back end for the tape driver writes after an
 * error.  The names A1, M9, ... are those of fake_st.h.
 */
#include <check.h>
#include <linux/mtio.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "splitter/st/tests/st_stage.h"
#include "splitter/tape/watch.h"

static uint64_t objects(unsigned volume)
{
	return memtape_volume(stage.tapes, volume)->count;
}

/* Operations that may follow an error. */
enum next {
	NEXT_FILEMARK,
	NEXT_HEADER,
	NEXT_RUN,
	NEXT_REWIND,
	NEXT_LOCATE,
	NEXT_LOCATE_EOD,
	NEXT_UNLOAD,
	NEXT_UNLOAD_DRIVE,
	NEXT_FREE,
	NEXTS
};

static void do_next(enum next next)
{
	switch (next) {
	case NEXT_FILEMARK:
		stage_filemark();
		break;
	case NEXT_HEADER:
		stage_header();
		break;
	case NEXT_RUN:
		stage_run(1);
		break;
	case NEXT_REWIND:
		stage_rewind();
		break;
	case NEXT_LOCATE:
		stage_locate(1);
		break;
	case NEXT_LOCATE_EOD:
		stage_locate_eod();
		break;
	case NEXT_UNLOAD:
		stage_unload(TAPE_CLOSE_SUSPECT);
		break;
	case NEXT_UNLOAD_DRIVE:
		stage_unload(TAPE_CLOSE_AVOID_DRIVE);
		break;
	default:
		st_library_free(stage.rig.library);
		stage.rig.library = NULL;
		break;
	}
}

static const enum fake_way ways[] = { FAKE_RESET, FAKE_PUT_BACK, FAKE_EXCHANGED,
	FAKE_TAKEN_OUT };
enum { WAYS = sizeof ways / sizeof *ways };

/*
 * An error is reported with a block, a header or the filemark.  Expected: no
 * later operation writes anything, not even when tried twice.  The driver must
 * not write either, although it writes a filemark before a rewind, an unload or
 * a close.  Bug: a filemark was written at BOT, on whichever cartridge was
 * loaded.
 */
START_TEST(nothing_is_written_at_a_wrong_position)
{
	const enum fake_way way = ways[_i % WAYS];
	const int how = _i / WAYS;
	int at, next, then;
	uint64_t before;

	for (at = 0; at < 4; at++)
		for (next = 0; next < NEXTS; next++)
			for (then = 0; then < NEXT_FREE; then++) {
				stage.rig.fake.old_kernel = how & 1;
				stage.rig.fake.cannot_lock = how & 2;
				stage.rig.options.eject = how & 4;
				stage.rig.fake.async_bytes = how & 8 ? 1 : 0;
				stage.rig.fake.no_position = how & 16;
				stage_up(50, 0, 3, MEMTAPE_BLANK);
				memtape_prepare(stage.tapes, 2,
				    MEMTAPE_FOREIGN);
				stage_load();
				stage_write_file();
				if (at > 0)
					stage_header();
				if (at > 1)
					stage_run(3);
				before = objects(0) - (at > 0 ? 1 : 0) -
				    (at > 1 ? 3 : 0);
				fake_st_fail(stage.rig.st, 0, way);
				do_next(at == 0   ? NEXT_HEADER
					: at == 3 ? NEXT_FILEMARK
						  : NEXT_RUN);
				do_next(next);
				if (next < NEXT_UNLOAD && then < NEXT_UNLOAD)
					do_next(then);
				ck_assert_msg(!fake_st_intruded(stage.rig.st) &&
					objects(0) >= before,
				    "%d, %d, %d: %d objects of %d are "
				    "left",
				    at, next, then, (int)objects(0),
				    (int)before);
				stage_down();
			}
}
END_TEST

/* After an error that does not move the tape, the file is ended where it is. */
START_TEST(an_error_without_a_move_is_followed_by_a_filemark)
{
	stage_begin(50, 0);
	stage_write_file();
	stage_header();
	stage_run(2);
	fake_st_fail(stage.rig.st, 0, FAKE_EIO);
	stage_run(1);
	stage_ck(TAPE_UNKNOWN_ERROR);
	stage_filemark();
	stage_ck(TAPE_OK);
	stage_ck_at(3, 10, 7);
	ck_assert_uint_eq(objects(0), 10);
	stage_down();
}
END_TEST

/*
 * The tape moves, and neither drive nor driver reports it.  The start of the
 * next file detects the move.
 */
START_TEST(a_file_does_not_begin_at_another_position)
{
	stage_begin(50, 0);
	stage_write_file();
	fake_st_move(stage.rig.st, (uint64_t)_i / 3);
	if (_i % 3 == 0)
		stage_header();
	else if (_i % 3 == 1)
		stage_run(1);
	else
		stage_filemark();
	stage_ck(TAPE_POSITION_LOST);
	ck_assert_ptr_nonnull(strstr(stage.r.message, "expected 6"));
	stage_ck_at(2, (uint64_t)_i / 3, 4);
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert_uint_eq(objects(0), 6);
	stage_down();
}
END_TEST

START_TEST(only_a_label_begins_at_bot)
{
	stage_up(50, 0, 2, MEMTAPE_LABELLED);
	stage_load();
	if (_i == 0)
		stage_header();
	else
		stage_filemark();
	stage_ck(TAPE_POSITION_LOST);
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert_uint_eq(objects(0), 2);
	stage_down();
}
END_TEST

/* An error of a read also prevents later writes. */
START_TEST(only_a_rewind_is_accepted_after_a_failed_move)
{
	stage_begin(50, 0);
	stage_write_file();
	stage_locate(1);
	fake_st_fail(stage.rig.st, 0, FAKE_EXCHANGED);
	stage_read(BLOCK);
	ck_assert_int_ne(stage.r.cause, TAPE_OK);
	stage_header();
	stage_ck(TAPE_POSITION_LOST);
	stage_filemark();
	stage_ck(TAPE_POSITION_LOST);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

/*
 * If the cartridge is exchanged after its label was read, the new cartridge is
 * not labelled.
 */
START_TEST(an_exchange_around_the_label_is_detected)
{
	stage.rig.fake.cannot_lock = _i % 2;
	stage_up(50, 0, 3, MEMTAPE_BLANK);
	memtape_prepare(stage.tapes, 2, MEMTAPE_FOREIGN);
	stage_load();
	stage_read(BLOCK);
	stage_ck(TAPE_BLANK);
	fake_st_fail(stage.rig.st, (uint64_t)_i / 2, FAKE_EXCHANGED);
	stage_label();
	ck_assert_int_ne(stage.r.cause, TAPE_OK);
	stage_filemark();
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

/* The question consumes the drive's report of the exchange. */
START_TEST(an_exchange_that_identity_meets_is_detected)
{
	struct tape_identity is;

	stage.rig.fake.has_mam = true;
	stage_up(50, 0, 3, MEMTAPE_SCRATCH);
	memtape_prepare(stage.tapes, 2, MEMTAPE_FOREIGN);
	stage_load();
	stage_read(BLOCK);
	tape_identify(stage.tape, &is);
	ck_assert_str_eq(is.serial, "MEM001L0");
	ck_assert_int_eq(is.blank_proof, TAPE_BLANK_PROOF_ERRNO);
	ck_assert_uint_eq(is.partitions, 0);
	fake_st_fail(stage.rig.st, 0, FAKE_EXCHANGED);
	tape_identify(stage.tape, &is);
	tape_identify(stage.tape, &is);
	ck_assert_str_eq(is.serial, "MEM003L0");
	stage_label();
	ck_assert_int_ne(stage.r.cause, TAPE_OK);
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

/*
 * Between the load and the first read the cartridge is exchanged, and a question
 * consumes the report of that: the barcode is that of the first cartridge.
 *
 * Expected: the other one is not written.  Bug: only the first block was
 * compared, with itself.
 */
START_TEST(an_exchange_before_the_first_read_is_detected)
{
	struct tape_condition condition = { .raw = NULL };
	struct tape_identity is;

	stage_up(50, 0, 3, MEMTAPE_SCRATCH);
	memtape_prepare(stage.tapes, 2,
	    _i / 2 == 0 ? MEMTAPE_FOREIGN : MEMTAPE_BLANK);
	stage_load();
	fake_st_fail(stage.rig.st, 0, FAKE_EXCHANGED);
	if (_i % 2 == 0)
		tape_get_condition(stage.tape, &condition);
	else
		tape_identify(stage.tape, &is);
	stage_read(BLOCK);
	stage_ck(_i / 2 == 0 ? TAPE_OK : TAPE_BLANK);
	stage_label();
	stage_ck(TAPE_POSITION_LOST);
	ck_assert_ptr_nonnull(strstr(stage.r.message, "it may be another one"));
	stage_rewind();
	stage_label();
	stage_ck(TAPE_POSITION_LOST);
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

/*
 * The same, and the first read meets the report: it is tried again.  A driver of
 * an old kernel does not say what the error was.
 */
START_TEST(an_exchange_that_the_first_read_meets_is_detected)
{
	stage.rig.fake.old_kernel = _i % 2;
	stage_up(50, 0, 3, MEMTAPE_SCRATCH);
	memtape_prepare(stage.tapes, 2,
	    _i / 2 == 0 ? MEMTAPE_FOREIGN : MEMTAPE_SCRATCH);
	stage_load();
	fake_st_fail(stage.rig.st, 0, FAKE_EXCHANGED);
	stage_read(BLOCK);
	ck_assert_int_ne(stage.r.cause, TAPE_OK);
	stage_rewind();
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	stage_label();
	stage_ck(TAPE_POSITION_LOST);
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

/*
 * A blank cartridge takes the place of a blank one after its first read.  Expected:
 * it gets no label, whatever met the report.
 */
START_TEST(a_blank_cartridge_for_a_blank_one_gets_no_label)
{
	struct tape_condition condition = { .raw = NULL };
	struct tape_identity is;

	stage_up(50, 0, 3, MEMTAPE_BLANK);
	memtape_prepare(stage.tapes, 2, MEMTAPE_BLANK);
	stage_load();
	stage_read(BLOCK);
	stage_ck(TAPE_BLANK);
	fake_st_fail(stage.rig.st, 0, FAKE_EXCHANGED);
	if (_i == 0)
		tape_get_condition(stage.tape, &condition);
	else if (_i == 1)
		tape_identify(stage.tape, &is);
	else
		stage_rewind();
	stage_label();
	ck_assert_int_ne(stage.r.cause, TAPE_OK);
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

START_TEST(nothing_is_known_of_the_cartridge_without_permission)
{
	struct tape_identity is;

	stage.rig.fake.has_mam = stage.rig.fake.no_sg = true;
	stage_begin(50, 0);
	tape_identify(stage.tape, &is);
	ck_assert_str_eq(is.serial, "");
	ck_assert_uint_eq(is.change_reference, TAPE_IDENTITY_UNKNOWN);
	ck_assert_int_eq(is.write_once, TAPE_KNOWN_UNKNOWN);
	stage_label();
	stage_ck(TAPE_OK);
	stage_down();
}
END_TEST

START_TEST(a_medium_is_formatted_if_the_driver_can)
{
	stage.rig.fake.can_partitions = _i;
	stage_up(50, 0, 1, MEMTAPE_FOREIGN);
	stage_load();
	stage_read(BLOCK);
	stage.tape->ops->format(stage.tape, 0, &stage.r);
	stage_ck(_i ? TAPE_OK : TAPE_INVALID);
	stage_rewind();
	stage_read(BLOCK);
	stage_ck(_i ? TAPE_BLANK : TAPE_OK);
	stage_down();
}
END_TEST

/* The exchange is detected whichever call consumes the drive's report. */
START_TEST(an_exchange_after_a_scan_is_detected)
{
	stage.rig.fake.old_kernel = _i % 2;
	stage_up(50, 0, 3,
	    _i / 2 % 2 == 0 ? MEMTAPE_SCRATCH : MEMTAPE_LABELLED);
	memtape_prepare(stage.tapes, 2, MEMTAPE_FOREIGN);
	stage_load();
	fake_st_fail(stage.rig.st, (uint64_t)_i / 4, FAKE_EXCHANGED);
	stage_read(BLOCK);
	if (stage.r.cause == TAPE_OK) {
		stage_locate(1);
		stage_read(BLOCK);
		stage_label();
		ck_assert_int_ne(stage.r.cause, TAPE_OK);
	}
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

/*
 * The driver moves to the end of data of whichever cartridge is loaded.  That
 * cartridge must not be written.
 */
START_TEST(an_exchange_before_the_end_of_data_is_detected)
{
	stage.rig.fake.driver_options = _i % 2 == 1 ? MT_ST_FAST_MTEOM : 0;
	stage.rig.fake.fast_eom = _i % 2;
	stage_up(50, 0, 3, MEMTAPE_LABELLED);
	memtape_prepare(stage.tapes, 2, MEMTAPE_FOREIGN);
	stage_load();
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	if (_i >= 2)
		fake_st_fail(stage.rig.st, (uint64_t)_i / 2 - 1,
		    FAKE_EXCHANGED);
	stage_locate_eod();
	if (stage.r.cause == TAPE_OK)
		stage_header();
	if (_i < 2)
		stage_ck(TAPE_OK);
	else
		ck_assert_int_ne(stage.r.cause, TAPE_OK);
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert(!fake_st_intruded(stage.rig.st));
	stage_down();
}
END_TEST

/*
 * The end of data is located again, also within an unfinished file.  No block
 * of that file is lost.
 */
START_TEST(the_end_of_data_is_located_again_after_an_error)
{
	uint64_t before;

	stage_begin(50, 0);
	stage_write_file();
	stage_header();
	stage_run(2);
	stage_locate_eod();
	if (_i == 0) /* the filemark of the file */
		fake_st_cut(stage.rig.st);
	before = objects(0);
	stage_rewind();
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	fake_st_fail(stage.rig.st, 0, FAKE_EIO);
	stage_read(BLOCK);
	stage_ck(TAPE_UNKNOWN_ERROR);
	stage_locate_eod();
	stage_ck(TAPE_OK);
	stage_filemark();
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(objects(0), before + 1);
	stage_ck_at(3 + (unsigned)_i, before + 1, TAPE_POSITION_UNKNOWN);
	stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the tape driver: places");
	TCase *tc = tcase_create("place");

	tcase_add_test(tc, an_exchange_that_identity_meets_is_detected);
	tcase_add_loop_test(tc, an_exchange_before_the_first_read_is_detected,
	    0, 4);
	tcase_add_loop_test(tc,
	    an_exchange_that_the_first_read_meets_is_detected, 0, 4);
	tcase_add_test(tc,
	    nothing_is_known_of_the_cartridge_without_permission);
	tcase_add_loop_test(tc, a_blank_cartridge_for_a_blank_one_gets_no_label,
	    0, 3);
	tcase_add_loop_test(tc, a_medium_is_formatted_if_the_driver_can, 0, 2);
	part_add_loop_test(tc, nothing_is_written_at_a_wrong_position, 0,
	    WAYS * 32, 3);
	tcase_add_test(tc, an_error_without_a_move_is_followed_by_a_filemark);
	tcase_add_loop_test(tc, a_file_does_not_begin_at_another_position, 0,
	    18);
	tcase_add_loop_test(tc, only_a_label_begins_at_bot, 0, 2);
	tcase_add_test(tc, only_a_rewind_is_accepted_after_a_failed_move);
	/* The loop fails each call of the label operation in turn. */
	tcase_add_loop_test(tc, an_exchange_around_the_label_is_detected, 0,
	    16);
	tcase_add_loop_test(tc, an_exchange_after_a_scan_is_detected, 0,
	    4 * 11);
	tcase_add_loop_test(tc, an_exchange_before_the_end_of_data_is_detected,
	    0, 2 * 5);
	tcase_add_loop_test(tc, the_end_of_data_is_located_again_after_an_error,
	    0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
