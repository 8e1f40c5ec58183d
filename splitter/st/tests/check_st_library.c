/*
 * check_st_library.c: the library of one drive: loading and returning volumes.
 * The names O1, M1, ... are those of fake_st.h.
 */
#include <check.h>
#include <errno.h>
#include <linux/mtio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/st/tests/st_stage.h"
#include "splitter/tests/run_suite.h"

#define S INT64_C(1000000000)

/* Checks that a volume cannot be loaded, with this cause and message. */
static void ck_not_loaded(enum tape_cause cause, const char *says)
{
	struct tape *tape =
	    stage.rig.library->ops->load(stage.rig.library, 0, &stage.r);

	ck_assert_ptr_null(tape);
	stage_ck(cause);
	ck_assert_msg(strstr(stage.r.message, says) != NULL, "%s",
	    stage.r.message);
}

START_TEST(volumes_follow_each_other)
{
	stage.rig.options.eject = _i;
	stage_up(50, 0, 3, MEMTAPE_BLANK);
	stage_load();
	ck_assert_str_eq(stage.tape->barcode, "MEM001L0");
	stage_unload(TAPE_CLOSE_GOOD);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(fake_st_ops(stage.rig.st, MTOFFL), _i);
	stage_load();
	ck_assert_str_eq(stage.tape->barcode, "MEM002L0");
	ck_not_loaded(TAPE_NO_VOLUME, "a volume is already loaded");
	stage_unload(TAPE_CLOSE_FULL);
	stage_load();
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_not_loaded(TAPE_NO_VOLUME, "no more volumes");
	stage_down();
}
END_TEST

START_TEST(without_a_changer_there_is_one_volume)
{
	stage.rig.no_change = true;
	stage_up(50, 0, 3, MEMTAPE_BLANK);
	stage_load();
	stage_unload(TAPE_CLOSE_GOOD);
	ck_not_loaded(TAPE_NO_VOLUME, "no other volume");
	stage_down();
}
END_TEST

START_TEST(a_failed_drive_gets_no_other_volume)
{
	stage_up(50, 0, 3, MEMTAPE_BLANK);
	stage_load();
	stage_unload(TAPE_CLOSE_AVOID_DRIVE);
	ck_not_loaded(TAPE_NO_VOLUME, "the drive has failed");
	stage_down();
}
END_TEST

/* Rule O1.  If the drive is empty, a volume is requested without waiting. */
START_TEST(an_empty_drive_is_loaded)
{
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	fake_st_insert(stage.rig.st, 9);
	fake_st_next(stage.rig.st, 1);
	ck_assert_int_eq(st_library_probe(stage.rig.library, 0, NULL, 0), 0);
	stage_load();
	ck_assert_str_eq(stage.tape->barcode, "MEM002L0");
	ck_assert_int_lt(stage.r.done_ns, S);
	stage_down();

	stage.rig.no_change = true;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	fake_st_insert(stage.rig.st, 9);
	ck_not_loaded(TAPE_NO_VOLUME, "the drive is empty");
	stage_down();
}
END_TEST

/* Rule O1.  An error of open() concerns the device, not the volume. */
START_TEST(a_device_that_cannot_be_opened_is_reported_with_the_reason)
{
	static const struct {
		int err;
		enum tape_cause cause;
		const char *says;
	} rows[] = {
		{ EBUSY, TAPE_NO_VOLUME, "another program has it open" },
		{ ENOENT, TAPE_NO_VOLUME,
		    "No such file or directory: name a drive such as" },
		{ EACCES, TAPE_NO_VOLUME, "Permission denied" },
		{ ENXIO, TAPE_NO_VOLUME, "No such device" },
	};
	char err[256];

	stage.rig.fake.open_error = rows[_i].err;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	ck_assert_int_eq(st_library_probe(stage.rig.library, 0, err,
			     sizeof err),
	    -1);
	ck_assert_msg(strstr(err, rows[_i].says) != NULL, "%s", err);
	ck_not_loaded(rows[_i].cause, rows[_i].says);
	stage_down();
}
END_TEST

/* Uses the real system calls on files that are not tapes. */
START_TEST(a_file_that_is_not_a_tape_is_not_opened)
{
	struct real_options options = { .fixed_bytes = 0 };
	struct tape_library *library =
	    st_library_new("/dev/null", &options, NULL);
	struct tape_result r;

	ck_assert_ptr_null(library->ops->load(library, 0, &r));
	ck_assert_int_eq(r.cause, TAPE_NO_VOLUME);
	ck_assert_ptr_nonnull(strstr(r.message, "not a tape drive"));
	st_library_free(library);
}
END_TEST

/*
 * Rule O1.  The back end waits for a loading drive, but only for a limited
 * time.  A short wait needs no notice.
 */
static const struct wait_case {
	int64_t most_s, ready_s;
	const char *notice; /* NULL: none */
	bool loaded;
} wait_cases[] = {
	{ 900, 4, NULL, true },
	{ 900, 700, "waiting at most 15 min", true },
	{ 900, 3000, "waiting at most 15 min", false },
	/* Expected: no less than it waits.  Bug: 0 min. */
	{ 30, 3000, "waiting at most 1 min", false },
};

START_TEST(a_drive_that_becomes_ready_is_waited_for)
{
	const struct wait_case *c = &wait_cases[_i];

	stage.rig.options.load_wait_ns = c->most_s * S;
	stage.rig.fake.ready_ns = c->ready_s * S;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	if (c->loaded) {
		stage_load();
		ck_assert_int_ge(stage.r.done_ns, c->ready_s * S - 1);
	} else {
		ck_not_loaded(TAPE_UNKNOWN_ERROR, "does not become ready");
		ck_assert_int_ge(stage.r.done_ns, c->most_s * S);
		ck_assert_int_lt(stage.r.done_ns, (c->most_s + 200) * S);
	}
	ck_assert_int_eq(stage.rig.notices > 0, c->notice != NULL);
	if (c->notice != NULL)
		ck_assert_ptr_nonnull(strstr(stage.rig.notice, c->notice));
	stage_down();
}
END_TEST

/*
 * Rule O1.  A write-protected volume can be read, and nothing is written to it.
 */
START_TEST(a_write_protected_volume_can_be_read)
{
	const struct tape_run run = {
		.data = stage_data, .bytes = BLOCK, .block_bytes = BLOCK
	};

	stage.rig.fake.not_ours = _i;
	stage_up(50, 0, 2, _i ? MEMTAPE_LABELLED : MEMTAPE_PROTECTED);
	stage_load();
	stage_read(BLOCK);
	stage_ck(_i ? TAPE_OK : TAPE_BLANK);
	stage_label();
	stage_ck(TAPE_WRITE_PROTECTED);
	ck_assert_ptr_nonnull(strstr(stage.r.message,
	    _i ? "this user" : "write-protected"));
	stage_header();
	stage_ck(TAPE_WRITE_PROTECTED);
	stage.tape->ops->write(stage.tape, &run, 0, &stage.r);
	stage_ck(TAPE_WRITE_PROTECTED);
	stage_filemark();
	stage_ck(TAPE_WRITE_PROTECTED);
	stage_unload(TAPE_CLOSE_REFUSED);
	stage_ck(TAPE_OK);
	stage_down();
}
END_TEST

/* A filemark that is not waited for does not make data safe. */
START_TEST(a_driver_with_asynchronous_filemarks_is_refused)
{
	stage.rig.fake.driver_options = MT_ST_BUFFER_WRITES | MT_ST_NOWAIT_EOF;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	ck_not_loaded(TAPE_NO_VOLUME, "mt -f /dev/nst0 stclearoptions 0x8000");
	stage_down();
}
END_TEST

/*
 * After an error the driver may write the blocks in its buffer at any position.
 */
START_TEST(a_driver_that_collects_fixed_blocks_is_refused)
{
	stage.rig.fake.driver_options = _i == 1 ? 0 : MT_ST_BUFFER_WRITES;
	stage.rig.fake.no_direct_io = _i < 2;
	stage.rig.options.fixed_bytes = _i == 3 ? 0 : BLOCK;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	if (_i == 0)
		ck_not_loaded(TAPE_NO_VOLUME, "stclearoptions 0x1");
	else
		stage_load();
	stage_down();
}
END_TEST

/*
 * Sleeps twice, then ends the wait.  The back end itself waits for the drive,
 * because the driver ignores signals.
 */
static bool sleep_twice(void *arg, int64_t ns)
{
	unsigned *times = arg;

	ck_assert_int_le(ns, S);
	return ++*times < 2;
}

START_TEST(a_wait_for_the_drive_can_be_interrupted)
{
	unsigned times = 0;

	stage.rig.options.load_wait_ns = 900 * S;
	stage.rig.options.sleep = sleep_twice;
	stage.rig.options.sleep_arg = &times;
	stage.rig.fake.ready_ns = 3000 * S;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	ck_not_loaded(TAPE_NO_VOLUME, "interrupted");
	ck_assert_uint_eq(times, 2);
	ck_assert_int_lt(stage.r.done_ns, S);
	stage_down();
}
END_TEST

/*
 * A person who keeps pressing Enter without changing the volume is asked a
 * limited number of times.
 */
START_TEST(a_volume_refused_repeatedly_is_the_last)
{
	int i;

	stage.rig.options.refused_max = 3;
	stage_up(50, 0, 12, MEMTAPE_LABELLED);
	for (i = 0; i < 12; i++) {
		/*
		 * First several different volumes, then one volume repeatedly.
		 * Only repeated refusals of one volume count.
		 */
		fake_st_next(stage.rig.st, i < 6 ? (unsigned)i : 6);
		stage_load();
		stage_read(BLOCK);
		stage_unload(i == 8 ? TAPE_CLOSE_GOOD : TAPE_CLOSE_REFUSED);
	}
	ck_not_loaded(TAPE_NO_VOLUME, "the same volume");
	stage.tape =
	    tape_load_named(stage.rig.library, "MEM003L0", 0, &stage.r);
	ck_assert_ptr_nonnull(stage.tape);
	stage_down();
}
END_TEST

/*
 * The block size is checked before anything is written, even if SG_IO is not
 * permitted.
 */
START_TEST(a_block_size_that_the_drive_refuses_is_detected)
{
	static const struct {
		uint64_t block_bytes;
		bool takes;
	} rows[] = {
		{ BLOCK, true },
		{ 2 << 20, true },
		{ (2 << 20) + 1, false },
		{ 1024, false },
		{ 64 << 20, false },
		{ 0, true },
	};
	char err[256] = "";
	int failed;

	stage.rig.fake.no_sg = _i % 2;
	stage.rig.fake.block_min_bytes = 2048;
	stage.rig.fake.block_max_bytes = 2 << 20;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	failed = st_library_probe(stage.rig.library, rows[_i / 2].block_bytes,
	    err, sizeof err);
	ck_assert_msg((failed == 0) == rows[_i / 2].takes, "%s", err);
	ck_assert_int_eq(failed != 0, strstr(err, "--block") != NULL);
	stage_load();
	stage_down();
}
END_TEST

/* The label has another block size, and is readable in fixed mode too. */
START_TEST(a_fixed_block_size_does_not_hide_a_label)
{
	stage.rig.options.barcode = _i ? "" : NULL;
	stage.rig.options.fixed_bytes = 2 * BLOCK;
	stage_up(50, 0, 1, MEMTAPE_LABELLED);
	stage.tape =
	    tape_load_named(stage.rig.library, "MEM001L0", 0, &stage.r);
	ck_assert_msg(stage.tape != NULL, "%s", stage.r.message);
	stage_read(2 * BLOCK);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(stage.r.bytes, BLOCK);
	stage_locate_eod();
	stage_ck(TAPE_OK);
	stage_header();
	stage_ck(TAPE_INVALID);
	stage_down();
}
END_TEST

static uint64_t objects(unsigned volume)
{
	return memtape_volume(stage.tapes, volume)->count;
}

/* Rules M1 and O2.  Only an unfinished file gets a filemark, and only one. */
START_TEST(an_unfinished_file_is_ended_once)
{
	stage.rig.fake.two_filemarks = _i % 2;
	stage.rig.options.eject = _i / 2;
	stage_begin(50, 0);
	stage_write_file();
	stage_unload(TAPE_CLOSE_GOOD);
	ck_assert_uint_eq(objects(0), 6);
	stage_load();
	stage_label();
	stage_header();
	stage_run(1);
	stage_unload(TAPE_CLOSE_GOOD);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(objects(1), 5);
	stage_down();
}
END_TEST

/*
 * Rules M1 and W5.  The volume has no room for the header nor for a filemark,
 * and is rewound without one.
 */
START_TEST(a_full_volume_is_rewound_without_a_filemark)
{
	stage.rig.fake.mark_needs_room = true;
	stage.rig.options.eject = true;
	stage_begin(4, 0);
	stage_write_file();
	stage_header();
	stage_ck(TAPE_PEOM);
	stage_unload(TAPE_CLOSE_FULL);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(objects(0), 6);
	ck_assert_uint_eq(fake_st_ops(stage.rig.st, MTOFFL), 1);
	stage_down();
}
END_TEST

/* The drive has failed, or the position is unknown. */
START_TEST(nothing_is_written_if_the_position_is_not_certain)
{
	static const enum tape_close why[] = { TAPE_CLOSE_AVOID_DRIVE,
		TAPE_CLOSE_SUSPECT, TAPE_CLOSE_REFUSED };

	stage_begin(50, 0);
	stage_write_file();
	stage_header();
	stage_run(1);
	stage_unload(why[_i]);
	ck_assert_uint_eq(objects(0), 8);
	stage_down();
}
END_TEST

/*
 * Fails each call in turn.  If unlocking the door fails, the second try unlocks
 * it.
 */
START_TEST(a_failure_when_a_volume_is_returned_is_reported)
{
	unsigned nth, said = 0;

	for (nth = 0; nth < 4; nth++) {
		stage_begin(50, 0);
		stage_label();
		stage_header();
		stage_run(1);
		fake_st_fail(stage.rig.st, nth, FAKE_EIO);
		stage_unload(TAPE_CLOSE_GOOD);
		said += stage.r.cause != TAPE_OK;
		ck_assert(!fake_st_locked(stage.rig.st));
		stage_down();
	}
	ck_assert_uint_eq(said, 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the tape driver's library");
	TCase *tc = tcase_create("library");

	tcase_add_loop_test(tc, volumes_follow_each_other, 0, 2);
	tcase_add_test(tc, without_a_changer_there_is_one_volume);
	tcase_add_test(tc, a_failed_drive_gets_no_other_volume);
	tcase_add_test(tc, an_empty_drive_is_loaded);
	tcase_add_loop_test(tc,
	    a_device_that_cannot_be_opened_is_reported_with_the_reason, 0, 4);
	tcase_add_test(tc, a_file_that_is_not_a_tape_is_not_opened);
	tcase_add_loop_test(tc, a_drive_that_becomes_ready_is_waited_for, 0,
	    sizeof wait_cases / sizeof *wait_cases);
	tcase_add_loop_test(tc, a_write_protected_volume_can_be_read, 0, 2);
	tcase_add_test(tc, a_driver_with_asynchronous_filemarks_is_refused);
	tcase_add_loop_test(tc, a_driver_that_collects_fixed_blocks_is_refused,
	    0, 4);
	tcase_add_test(tc, a_wait_for_the_drive_can_be_interrupted);
	tcase_add_test(tc, a_volume_refused_repeatedly_is_the_last);
	tcase_add_loop_test(tc, a_block_size_that_the_drive_refuses_is_detected,
	    0, 12);
	tcase_add_loop_test(tc, a_fixed_block_size_does_not_hide_a_label, 0, 2);
	tcase_add_loop_test(tc, an_unfinished_file_is_ended_once, 0, 4);
	tcase_add_test(tc, a_full_volume_is_rewound_without_a_filemark);
	tcase_add_loop_test(tc,
	    nothing_is_written_if_the_position_is_not_certain, 0, 3);
	tcase_add_test(tc, a_failure_when_a_volume_is_returned_is_reported);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
