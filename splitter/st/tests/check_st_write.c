/*
 * check_st_write.c: the back end for the tape driver writes: the two ends of a
 * volume, and the causes of the driver's errors.  The names W1, B3, ... are
 * those of fake_st.h.
 */
#include <check.h>
#include <linux/mtio.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "splitter/st/tests/st_stage.h"

/*
 * Rules W1, W4 and B3.  The block that meets the early warning is always the
 * last block of a run.
 */
START_TEST(a_run_stops_at_the_block_that_meets_the_warning)
{
	/* number of the last block of the run */
	const unsigned last = (unsigned)_i / 2 + 1;

	stage.rig.fake.async_bytes = _i % 2;
	stage_begin(40, 40 - 2 - last + 1);
	stage_label();
	stage_header();
	stage_ck(TAPE_OK);
	ck_assert(!stage.r.leom);
	stage_run(6);
	stage_ck(TAPE_OK);
	ck_assert(stage.r.leom);
	ck_assert_uint_eq(stage.r.bytes, last * BLOCK);
	stage_filemark();
	stage_ck(TAPE_OK);
	ck_assert(stage.r.leom);
	stage_ck_at(2, 4 + last, 2 + last);
	stage_down();
}
END_TEST

/*
 * Rule W3.  The warning is queried after a header and a label, because their
 * filemark would hide it.
 */
START_TEST(a_header_and_a_label_report_the_warning)
{
	stage.rig.fake.async_bytes = _i % 2;
	stage_begin(9, _i / 2 ? 9 : 8);
	stage_label();
	stage_ck(TAPE_OK);
	ck_assert_int_eq(stage.r.leom, _i / 2);
	if (_i / 2 == 0) {
		stage_header();
		stage_ck(TAPE_OK);
		ck_assert(stage.r.leom);
	}
	stage_rewind();
	ck_assert(!stage.r.leom);
	stage_down();
}
END_TEST

/* The back end queries the driver once per run, not once per block. */
START_TEST(the_driver_is_queried_once_per_run)
{
	unsigned asked;

	stage.rig.fake.async_bytes = (uint64_t)_i;
	stage_begin(90, 0);
	stage_label();
	stage_header();
	asked = fake_st_asked(stage.rig.st);
	stage_run(RUN_MAX);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(fake_st_asked(stage.rig.st), asked + 1);
	stage_down();
}
END_TEST

/*
 * Rules W1 and W3.  An end record of several blocks is written after the
 * warning.
 */
START_TEST(blocks_after_the_warning_are_written)
{
	int i;

	stage.rig.fake.async_bytes = _i % 2;
	stage.rig.fake.plain_status = _i / 2;
	stage_begin(20, _i / 2 ? 18 : 17);
	stage_write_file();
	for (i = 0; i < 5; i++) {
		stage_header();
		stage_ck(TAPE_OK);
		ck_assert_uint_eq(stage.r.bytes, BLOCK);
		ck_assert(stage.r.leom);
	}
	stage_filemark();
	stage_ck(TAPE_OK);
	stage_ck_at(3, 12, 9);
	stage_header();
	stage_ck(TAPE_OK);
	stage_down();
}
END_TEST

/* Rule W2. */
START_TEST(nothing_is_written_at_the_physical_end)
{
	stage_begin(7, _i ? 2 : 0);
	stage_label();
	stage_header();
	stage_run(6);
	stage_ck(_i ? TAPE_OK : TAPE_PEOM);
	ck_assert_int_eq(stage.r.leom, _i);
	if (_i) {
		stage_run(1); /* rule W1: the last block that fits */
		stage_ck(TAPE_OK);
		stage_run(1);
		stage_ck(TAPE_PEOM);
		ck_assert_uint_eq(stage.r.bytes, 0);
	} else {
		ck_assert_uint_eq(stage.r.bytes, 5 * BLOCK);
	}
	stage_header();
	stage_ck(TAPE_PEOM);
	stage_filemark();
	stage_ck(TAPE_OK);
	stage_down();
}
END_TEST

/*
 * Rule W5.  The volume is full to the last block and has no early warning, so
 * the filemark meets the physical end.  Expected: PEOM.  Bug: an unknown error;
 * a second one counted against the drive.
 */
START_TEST(a_filemark_that_meets_the_physical_end_is_peom)
{
	unsigned marks;

	stage.rig.fake.mark_costs = true;
	stage.rig.fake.no_position = _i;
	stage_begin(7, 0);
	stage_label();
	stage_header();
	stage_run(5);
	stage_ck(TAPE_OK);
	stage_filemark();
	stage_ck(TAPE_PEOM);
	marks = fake_st_ops(stage.rig.st, MTWEOF);
	stage_unload(TAPE_CLOSE_FULL);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(fake_st_ops(stage.rig.st, MTWEOF), marks);
	stage_down();
}
END_TEST

/*
 * A filemark that fails with another error is not PEOM, even if the early
 * warning was met before.
 */
START_TEST(an_error_after_the_warning_is_not_peom)
{
	stage.rig.fake.no_position = _i;
	stage_begin(20, 15);
	stage_label();
	stage_header();
	stage_run(5);
	ck_assert(stage.r.leom);
	fake_st_fail(stage.rig.st, 1, FAKE_PUT_BACK);
	stage_filemark();
	stage_ck(TAPE_POSITION_LOST);
	stage_down();
}
END_TEST

/* Rule W8.  The drive does not count the block that met the early warning. */
START_TEST(the_position_shows_that_a_block_was_written)
{
	stage.rig.fake.residual = FAKE_SAYS_REFUSED;
	stage_begin(20, 16);
	stage_label();
	stage_header();
	stage_run(6);
	stage_ck(TAPE_OK);
	ck_assert(stage.r.leom);
	ck_assert_uint_eq(stage.r.bytes, 3 * BLOCK);
	stage_filemark();
	stage_ck(TAPE_OK);
	stage_ck_at(2, 7, 5);
	stage_down();
}
END_TEST

/* Rules W6, W8 and B1.  The position after the filemark shows the loss. */
START_TEST(a_lost_block_is_detected_at_the_filemark)
{
	static const enum fake_way ways[] = { FAKE_LOSE_SILENTLY,
		FAKE_ZONE_ERROR };

	stage_begin(20, 0);
	stage_label();
	stage_header();
	stage_run(1);
	fake_st_fail(stage.rig.st, 0, ways[_i]);
	stage_run(1);
	stage_ck(TAPE_OK);
	stage_filemark();
	stage_ck(TAPE_POSITION_LOST);
	ck_assert_ptr_nonnull(strstr(stage.r.message, "do not write"));
	stage_down();
}
END_TEST

START_TEST(a_lost_label_is_detected)
{
	stage_begin(20, 0);
	fake_st_fail(stage.rig.st, 2, FAKE_LOSE_SILENTLY);
	stage_label();
	stage_ck(TAPE_POSITION_LOST);
	stage_down();
}
END_TEST

/* The operation of which a call fails. */
enum { LABEL, HEADER, RUN, FILEMARK };
static const struct failing {
	const char *name;
	int op;
	unsigned nth; /* number of the failing call in the operation, from 0 */
	enum fake_way way;
	unsigned alert; /* TapeAlert flag that is set with the error */
	struct fake_st_config fake;
	/* expected cause of the operation, and of the filemark after it */
	enum tape_cause cause, filemark;
} failings[] = {
	{ "W7 a write", RUN, 1, FAKE_EIO, 0, { 0 }, TAPE_UNKNOWN_ERROR,
	    TAPE_OK },
	{ "W7 the query after a run", RUN, 3, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "W7 the question before a header", HEADER, 0, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "W7 a header", HEADER, 1, FAKE_EIO, 0, { 0 }, TAPE_UNKNOWN_ERROR,
	    TAPE_OK },
	{ "W7 the query after a header", HEADER, 2, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "W7 a label's rewind", LABEL, 0, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_POSITION_LOST },
	{ "W7 a label", LABEL, 2, FAKE_EIO, 0, { 0 }, TAPE_UNKNOWN_ERROR,
	    TAPE_POSITION_LOST },
	{ "W7 a label's filemark", LABEL, 6, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "W7 a label's position", LABEL, 7, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "W7 the question before a filemark", FILEMARK, 0, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "W7 a filemark", FILEMARK, 1, FAKE_EIO, 0, { 0 }, TAPE_UNKNOWN_ERROR,
	    TAPE_OK },
	{ "W7 the position after it", FILEMARK, 2, FAKE_EIO, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "B1 the next write tells", RUN, 0, FAKE_LOSE, 0, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "B1 the filemark tells", RUN, 2, FAKE_LOSE, 0, { 0 }, TAPE_OK,
	    TAPE_UNKNOWN_ERROR },
	{ "B1 the filemark tells a loss before others", RUN, 0, FAKE_LOSE_LATE,
	    0, { 0 }, TAPE_OK, TAPE_UNKNOWN_ERROR },
	{ "B1 no position, and the filemark tells", RUN, 2, FAKE_LOSE_LATE, 0,
	    { .no_position = true }, TAPE_OK, TAPE_POSITION_LOST },
	{ "no position, and so none that is right", RUN, 1, FAKE_EIO, 0,
	    { .no_position = true }, TAPE_POSITION_LOST, TAPE_POSITION_LOST },
	{ "the hardware", RUN, 1, FAKE_EIO, 30, { 0 }, TAPE_HARDWARE_ERROR,
	    TAPE_HARDWARE_ERROR },
	{ "the medium", RUN, 1, FAKE_EIO, 4, { 0 }, TAPE_MEDIUM_ERROR,
	    TAPE_OK },
	{ "an alert that tells not whose", RUN, 1, FAKE_EIO, 6, { 0 },
	    TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "an alert that may not be asked for", RUN, 1, FAKE_EIO, 30,
	    { .no_sg = true }, TAPE_UNKNOWN_ERROR, TAPE_OK },
	{ "M8 a reset", RUN, 1, FAKE_RESET, 0, { 0 }, TAPE_POSITION_LOST,
	    TAPE_POSITION_LOST },
	{ "M8 an old kernel", RUN, 1, FAKE_RESET, 0, { .old_kernel = true },
	    TAPE_POSITION_LOST, TAPE_POSITION_LOST },
	{ "M8 after a run", RUN, 3, FAKE_RESET, 0, { 0 }, TAPE_OK,
	    TAPE_POSITION_LOST },
	{ "M8 after a run, an old kernel", RUN, 3, FAKE_RESET, 0,
	    { .old_kernel = true }, TAPE_OK, TAPE_POSITION_LOST },
	{ "M8 before a header", HEADER, 0, FAKE_RESET, 0,
	    { .old_kernel = true }, TAPE_POSITION_LOST, TAPE_POSITION_LOST },
	{ "M8 a header", HEADER, 1, FAKE_RESET, 0, { .old_kernel = true },
	    TAPE_POSITION_LOST, TAPE_POSITION_LOST },
	{ "M8 a filemark", FILEMARK, 1, FAKE_RESET, 0, { .old_kernel = true },
	    TAPE_POSITION_LOST, TAPE_POSITION_LOST },
	{ "A1 put back", RUN, 1, FAKE_PUT_BACK, 0, { 0 }, TAPE_POSITION_LOST,
	    TAPE_POSITION_LOST },
	{ "A1 exchanged", RUN, 1, FAKE_EXCHANGED, 0, { 0 }, TAPE_POSITION_LOST,
	    TAPE_POSITION_LOST },
	{ "A1 exchanged, and the alert may be asked for", RUN, 1,
	    FAKE_EXCHANGED, 4, { 0 }, TAPE_POSITION_LOST, TAPE_POSITION_LOST },
	{ "A2 taken out", RUN, 1, FAKE_TAKEN_OUT, 0, { 0 }, TAPE_POSITION_LOST,
	    TAPE_POSITION_LOST },
	{ "the device is gone", RUN, 1, FAKE_GONE, 0, { 0 },
	    TAPE_HARDWARE_ERROR, TAPE_HARDWARE_ERROR },
	{ "no memory for so large a block", RUN, 0, FAKE_BUSY, 0, { 0 },
	    TAPE_INVALID, TAPE_OK },
	{ "a signal", RUN, 1, FAKE_INTERRUPTED, 0, { 0 }, TAPE_OK, TAPE_OK },
	{ "a signal at the filemark", FILEMARK, 1, FAKE_INTERRUPTED, 0, { 0 },
	    TAPE_OK, TAPE_OK },
};

START_TEST(each_error_of_the_driver_has_a_cause)
{
	const struct failing *f = &failings[_i];

	stage.rig.fake = f->fake;
	stage_begin(90, 0);
	if (f->op != LABEL)
		stage_label();
	if (f->op == RUN || f->op == FILEMARK)
		stage_header();
	if (f->op == FILEMARK)
		stage_run(3);
	if (f->alert > 0)
		fake_st_alert(stage.rig.st, f->alert);
	fake_st_fail(stage.rig.st, f->nth, f->way);
	if (f->op == LABEL)
		stage_label();
	else if (f->op == HEADER)
		stage_header();
	else if (f->op == RUN)
		stage_run(3);
	else
		stage_filemark();
	ck_assert_msg(stage.r.cause == f->cause, "%s: %s: %s", f->name,
	    tape_cause_name(stage.r.cause), stage.r.message);
	stage_filemark();
	ck_assert_msg(stage.r.cause == f->filemark,
	    "%s, then a filemark: %s: "
	    "%s",
	    f->name, tape_cause_name(stage.r.cause), stage.r.message);
	stage_down();
}
END_TEST

/* A flag that was set before the volume was loaded is ignored. */
START_TEST(an_older_alert_does_not_count)
{
	stage_up(90, 0, 1, MEMTAPE_BLANK);
	fake_st_alert(stage.rig.st, 30);
	fake_st_fail(stage.rig.st, 0, FAKE_EIO);
	stage.tape =
	    stage.rig.library->ops->load(stage.rig.library, 0, &stage.r);
	ck_assert_ptr_null(stage.tape);
	stage_down();

	stage_up(90, 0, 1, MEMTAPE_BLANK);
	fake_st_alert(stage.rig.st, 30);
	/* The first read of the status fails.  This failure decides nothing. */
	fake_st_fail(stage.rig.st, 1, FAKE_EIO);
	stage_load();
	stage_label();
	stage_header();
	fake_st_fail(stage.rig.st, 0, FAKE_EIO);
	stage_run(1);
	stage_ck(TAPE_UNKNOWN_ERROR);
	stage_down();
}
END_TEST

/* Fixed blocks are written one per call, and read one at a time. */
START_TEST(fixed_blocks_are_written_and_read)
{
	stage.rig.options.fixed_bytes = BLOCK;
	stage_begin(8, 3);
	stage_label();
	stage_header();
	stage_run(9);
	stage_ck(TAPE_OK);
	ck_assert(stage.r.leom);
	ck_assert_uint_eq(stage.r.bytes, 4 * BLOCK);
	stage_filemark();
	stage_ck(TAPE_OK);
	stage_locate(1);
	stage_read(sizeof stage_back);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(stage.r.bytes, BLOCK);
	stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("writing through the tape driver");
	TCase *tc = tcase_create("write");

	tcase_add_loop_test(tc, a_run_stops_at_the_block_that_meets_the_warning,
	    0, 12);
	tcase_add_loop_test(tc, a_header_and_a_label_report_the_warning, 0, 4);
	tcase_add_loop_test(tc, the_driver_is_queried_once_per_run, 0, 2);
	tcase_add_loop_test(tc, blocks_after_the_warning_are_written, 0, 4);
	tcase_add_loop_test(tc, nothing_is_written_at_the_physical_end, 0, 2);
	tcase_add_loop_test(tc, a_filemark_that_meets_the_physical_end_is_peom,
	    0, 2);
	tcase_add_loop_test(tc, an_error_after_the_warning_is_not_peom, 0, 2);
	tcase_add_test(tc, the_position_shows_that_a_block_was_written);
	tcase_add_loop_test(tc, a_lost_block_is_detected_at_the_filemark, 0, 2);
	tcase_add_test(tc, a_lost_label_is_detected);
	tcase_add_loop_test(tc, each_error_of_the_driver_has_a_cause, 0,
	    sizeof failings / sizeof *failings);
	tcase_add_test(tc, an_older_alert_does_not_count);
	tcase_add_test(tc, fixed_blocks_are_written_and_read);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
