/*
 * check_drive_buffer.c: blocks that are acknowledged before they are on the
 * medium, and their errors.
 *
 * The drive writes a block of 100 bytes per second, and its buffer holds five.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/block_pool.h"
#include "vtl/tests/drive_fixture.h"

#define SECOND INT64_C(1000000000)

static const struct drive_options buffered = { .buffering = DRIVE_BUFFERED };
static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };

static void make(struct drive_fixture *fixture)
{
	const struct volume_spec spec = fixture_spec();

	fixture_make(fixture, &buffered, &spec);
}

static void expect_buffered(const struct drive_fixture *fixture,
    uint64_t objects, uint64_t bytes)
{
	uint64_t is_objects, is_bytes;

	drive_buffered(fixture->drive, &is_objects, &is_bytes);
	ck_assert_uint_eq(is_objects, objects);
	ck_assert_uint_eq(is_bytes, bytes);
}

static uint64_t on_medium(const struct drive_fixture *fixture)
{
	struct volume_position end;

	volume_end(drive_volume(fixture->drive), &end);
	return end.object;
}

START_TEST(blocks_are_acknowledged_at_once_and_written_later)
{
	struct drive_fixture fixture;

	make(&fixture);
	fixture_write(&fixture, 4);
	fixture_expect_good(&fixture);
	ck_assert_int_eq(fixture.now_ns, 0);
	fixture_expect_position(&fixture, 0, 4, 400);
	expect_buffered(&fixture, 4, 400);
	ck_assert_uint_eq(on_medium(&fixture), 0);
	drive_poll(fixture.drive, 2 * SECOND, &fixture.result);
	expect_buffered(&fixture, 2, 200);
	ck_assert_uint_eq(on_medium(&fixture), 2);
	fixture.now_ns = 2 * SECOND;
	/*
	 * The buffer has room for three more blocks; the fourth waits until one
	 * is written.
	 */
	fixture_write(&fixture, 4);
	fixture_expect_good(&fixture);
	ck_assert_int_eq(fixture.now_ns, 3 * SECOND);
	expect_buffered(&fixture, 5, 500);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_synchronous_filemark_waits_and_an_immediate_one_does_not)
{
	struct drive_fixture fixture;

	make(&fixture);
	fixture_write(&fixture, 3);
	fixture_filemark(&fixture, true);
	fixture_expect_good(&fixture);
	ck_assert_int_eq(fixture.now_ns, 0);
	expect_buffered(&fixture, 4, 300);
	fixture_expect_position(&fixture, 1, 4, 300);
	fixture_filemark(&fixture, false);
	fixture_expect_good(&fixture);
	ck_assert_int_eq(fixture.now_ns, 3 * SECOND);
	expect_buffered(&fixture, 0, 0);
	ck_assert_uint_eq(on_medium(&fixture), 5);
	/* A filemark count of 0 flushes the buffer. */
	fixture_write(&fixture, 2);
	drive_write_filemarks(fixture.drive, 0, false, fixture.now_ns,
	    &fixture.result);
	ck_assert_int_eq(fixture.result.done_ns, 5 * SECOND);
	ck_assert_uint_eq(on_medium(&fixture), 7);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_move_writes_the_buffer_first)
{
	struct volume_object object;
	struct drive_result *a;
	struct drive_fixture fixture;

	make(&fixture);
	a = &fixture.result;
	for (int i = 0; i < 4; i++) {
		drive_space_eod(fixture.drive, fixture.now_ns, a);
		fixture.now_ns = a->done_ns;
		fixture_write(&fixture, 1);
		if (i == 0)
			drive_rewind(fixture.drive, fixture.now_ns, a);
		else if (i == 1)
			drive_locate_object(fixture.drive, 0, fixture.now_ns,
			    a);
		else if (i == 2)
			drive_read(fixture.drive, NULL, 0, &object,
			    fixture.now_ns, a);
		else
			drive_space_eod(fixture.drive, fixture.now_ns, a);
		ck_assert_int_eq(a->done_ns, fixture.now_ns + SECOND);
		fixture.now_ns = a->done_ns;
		ck_assert_uint_eq(on_medium(&fixture), (uint64_t)i + 1);
	}
	fixture_write(&fixture, 2);
	fixture_reload(&fixture);
	ck_assert_uint_eq(on_medium(&fixture), 6);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(early_warning_and_end_are_reported_when_a_block_is_taken)
{
	struct drive_fixture fixture;

	make(&fixture);
	fixture_write(&fixture, 10);
	fixture_expect(&fixture, SENSE_NO_SENSE, 0, 2);
	ck_assert_uint_eq(fixture.result.bytes, 900);
	fixture_write(&fixture, 1);
	fixture_expect(&fixture, SENSE_NO_SENSE, 0, 2);
	fixture_write(&fixture, 1);
	fixture_expect(&fixture, SENSE_VOLUME_OVERFLOW, 0, 2);
	ck_assert_uint_eq(fixture.result.bytes, 0);
	fixture_filemark(&fixture, false);
	fixture_expect(&fixture, SENSE_NO_SENSE, 0, 2);
	ck_assert_uint_eq(on_medium(&fixture), 11);
	fixture_finish(&fixture);
}
END_TEST

/* Commands that may follow the loss. */
enum next { WRITES, MARKS, MARKS_IMMEDIATELY, REWINDS, LOCATES, POLLS, NEXTS };

static void do_next(struct drive_fixture *fixture, enum next next)
{
	struct drive_result *a = &fixture->result;

	switch (next) {
	case WRITES:
		fixture_write(fixture, 1);
		break;
	case MARKS:
		fixture_filemark(fixture, false);
		break;
	case MARKS_IMMEDIATELY:
		fixture_filemark(fixture, true);
		break;
	case REWINDS:
		drive_rewind(fixture->drive, fixture->now_ns, a);
		break;
	case LOCATES:
		drive_locate_file(fixture->drive, 0, fixture->now_ns, a);
		break;
	default:
		drive_poll(fixture->drive, fixture->now_ns, a);
		break;
	}
}

START_TEST(a_medium_error_is_reported_later_with_the_lost_blocks)
{
	const struct volume_defect defect = { .at = 250, .sense = write_error };
	const struct drive_loss *losses;
	struct drive_fixture fixture;
	size_t count;

	make(&fixture);
	volume_defect_add(drive_volume(fixture.drive), &defect);
	fixture_write(&fixture, 5);
	fixture_expect_good(&fixture);
	fixture.now_ns = 10 * SECOND;
	do_next(&fixture, (enum next)_i);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x0c, 0);
	ck_assert(fixture.result.deferred);
	ck_assert_uint_eq(fixture.result.bytes, 0);
	fixture_expect_position(&fixture, 0, 2, 200);
	losses = drive_losses(fixture.drive, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert(losses[0].object == 2 && losses[0].blocks == 3 &&
	    losses[0].bytes == 300 && losses[0].offset == 200 &&
	    losses[0].dump_id == 1);
	/* The loss is reported only once. */
	fixture_filemark(&fixture, false);
	fixture_expect_good(&fixture);
	fixture_finish(&fixture);
	ck_assert_int_eq(
	    scratch_query("v",
		"select count(*) from history "
		"where event = 'lost' and text = 'objects 2 to 4, 300 bytes of "
		"dump 0000000000000001 from 200: acknowledged, never on the "
		"medium (sense 3/0C/00)'"),
	    1);
}
END_TEST

START_TEST(a_flush_reports_the_error_itself)
{
	const struct volume_defect defect = { .at = 250, .sense = write_error };
	struct drive_fixture fixture;

	make(&fixture);
	volume_defect_add(drive_volume(fixture.drive), &defect);
	fixture_write(&fixture, 5);
	fixture_filemark(&fixture, false);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x0c, 0);
	ck_assert(fixture.result.deferred);
	/* Two blocks were written, and the third was tried. */
	ck_assert_int_eq(fixture.result.done_ns, 3 * SECOND);
	/* the filemark is not written */
	fixture_expect_position(&fixture, 0, 2, 200);
	fixture_finish(&fixture);
}
END_TEST

/* Other effects of a deferred error on the drive. */
static const struct {
	struct sense sense;
	bool writes, moves;
} states[] = {
	{ { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 }, true, true },
	{ { SENSE_MEDIUM_ERROR, 0x3b, 0, 0, 0 }, false, true },
	{ { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 }, false, false },
};

START_TEST(a_deferred_error_leaves_the_drive_in_its_state)
{
	const struct volume_defect defect = { .at = 50,
		.sense = states[_i].sense };
	struct drive_fixture fixture;

	make(&fixture);
	volume_defect_add(drive_volume(fixture.drive), &defect);
	fixture_write(&fixture, 2);
	fixture.now_ns = 10 * SECOND;
	drive_poll(fixture.drive, fixture.now_ns, &fixture.result);
	ck_assert(fixture.result.deferred);
	fixture_write(&fixture, 1);
	ck_assert_int_eq(!fixture.result.check, states[_i].writes);
	drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
	if (states[_i].writes) /* the block is flushed, and fails again */
		ck_assert(fixture.result.deferred);
	else
		ck_assert_int_eq(!fixture.result.check, states[_i].moves);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_power_loss_clears_the_buffer)
{
	const struct drive_loss *losses;
	struct drive_fixture fixture;
	size_t count;

	make(&fixture);
	fixture_write(&fixture, 4);
	fixture_filemark(&fixture, true);
	drive_power_loss(fixture.drive, 2 * SECOND);
	fixture.now_ns = 2 * SECOND;
	ck_assert_uint_eq(on_medium(&fixture), 2);
	expect_buffered(&fixture, 0, 0);
	losses = drive_losses(fixture.drive, &count);
	ck_assert(count == 1 && losses[0].object == 2 &&
	    losses[0].blocks == 2 &&
	    losses[0].sense.key == SENSE_UNIT_ATTENTION);
	fixture_write(&fixture, 1);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x3b, 0);
	drive_space_eod(fixture.drive, fixture.now_ns, &fixture.result);
	fixture_expect_good(&fixture);
	fixture_expect_position(&fixture, 0, 2, 200);
	fixture_write(&fixture, 1);
	fixture_expect_good(&fixture);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(payload_is_buffered_too)
{
	struct volume_spec spec = fixture_spec();
	struct volume_object object;
	uint8_t in[300], out[100];
	struct volume_run run = {
		.data = in, .bytes = sizeof in, .block_bytes = 100, .dump_id = 3
	};
	struct drive_fixture fixture;

	spec.payload = VOLUME_PAYLOAD_RAW;
	fixture_make(&fixture, &buffered, &spec);
	scratch_fill(in, sizeof in, 3, 0);
	drive_write(fixture.drive, &run, 0, &fixture.result);
	memset(in, 0, sizeof in);
	drive_rewind(fixture.drive, 0, &fixture.result);
	scratch_fill(in, sizeof in, 3, 0);
	for (int i = 0; i < 3; i++) {
		drive_read(fixture.drive, out, sizeof out, &object,
		    fixture.result.done_ns, &fixture.result);
		ck_assert_mem_eq(out, in + 100 * i, 100);
	}
	fixture_finish(&fixture);
}
END_TEST

/*
 * A block of a pool is held without a copy.  The writer drops it, and its next
 * one has other data.
 */
START_TEST(a_block_of_a_pool_stays_until_it_is_on_the_medium)
{
	enum { BLOCK = 4096, LENGTH = 64 * 1024, COUNT = 4 };
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.buffer_bytes = 1000000 };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct block_pool *pool = block_pool_new();
	uint8_t in[BLOCK], out[BLOCK];
	struct volume_run run = { .bytes = LENGTH, .block_bytes = BLOCK };
	struct volume_object object;
	struct drive_fixture fixture;

	fixture_make(&fixture, &options, &spec);
	for (int i = 0; i < COUNT; i++) {
		run.data = run.block = block_pool_get(pool, LENGTH);
		scratch_fill(run.block, LENGTH, 1, i * LENGTH);
		drive_write(fixture.drive, &run, 0, &fixture.result);
		fixture_expect_good(&fixture);
		block_drop(run.block);
	}
	expect_buffered(&fixture, COUNT * LENGTH / BLOCK, COUNT * LENGTH);
	ck_assert_uint_eq(block_pool_unused(pool), 0);
	drive_rewind(fixture.drive, 0, &fixture.result);
	ck_assert_uint_eq(block_pool_unused(pool), COUNT * LENGTH);
	for (int i = 0; i < COUNT * LENGTH / BLOCK; i++) {
		scratch_fill(in, BLOCK, 1, i * BLOCK);
		drive_read(fixture.drive, out, sizeof out, &object,
		    fixture.result.done_ns, &fixture.result);
		ck_assert_mem_eq(out, in, BLOCK);
	}
	fixture_finish(&fixture);
	block_pool_free(pool);
}
END_TEST

START_TEST(a_block_of_a_pool_is_given_back_when_it_is_lost)
{
	enum { BLOCK = 4096, LENGTH = 64 * 1024 };
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.buffer_bytes = 1000000 };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct block_pool *pool = block_pool_new();
	struct volume_run run = { .bytes = LENGTH, .block_bytes = BLOCK };
	struct drive_fixture fixture;

	fixture_make(&fixture, &options, &spec);
	run.data = run.block = block_pool_get(pool, LENGTH);
	scratch_fill(run.block, LENGTH, 1, 0);
	drive_write(fixture.drive, &run, 0, &fixture.result);
	block_drop(run.block);
	block_pool_free(pool);
	/* Sanitizers see a leak, or a use after free. */
	scratch_close(drive_remove_volume(fixture.drive));
	drive_free(fixture.drive);
}
END_TEST

START_TEST(a_flush_is_complete_when_the_last_block_is_on_the_medium)
{
	const struct volume_run run = { .bytes = 360, .block_bytes = 360 };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct model *lto8 = model_find("lto8");
	struct drive_fixture fixture = { .drive = drive_new(lto8) };
	uint64_t bytes_per_s;
	int64_t begun;

	drive_set_options(fixture.drive, &buffered);
	drive_load(fixture.drive, scratch_volume("v", &spec), 0,
	    &fixture.result);
	begun = fixture.result.done_ns;
	drive_write(fixture.drive, &run, begun, &fixture.result);
	begun = fixture.result.done_ns;
	drive_flush(fixture.drive, begun, &fixture.result);
	fixture_expect_good(&fixture);
	/* Every speed takes 1 to 4 us; the backhitch takes seconds. */
	ck_assert_int_gt(fixture.result.done_ns, begun);
	ck_assert_int_lt(fixture.result.done_ns, begun + 4000);
	begun = fixture.now_ns = fixture.result.done_ns;
	ck_assert_int_eq(drive_get_motion(fixture.drive, begun + 1000,
			     &bytes_per_s),
	    DRIVE_BACKHITCH);
	drive_flush(fixture.drive, begun, &fixture.result);
	ck_assert_int_eq(fixture.result.done_ns, begun);
	fixture_finish(&fixture);
}
END_TEST

/*
 * It is not known how much a full disk has lost; it may be more than was
 * buffered.
 */
START_TEST(blocks_that_could_not_be_stored_are_not_counted)
{
	static uint8_t data[4000];
	const struct volume_run run = {
		.data = data, .bytes = sizeof data, .block_bytes = sizeof data
	};
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.buffer_bytes = 10000000 };
	const struct rlimit limit = { 1000000, 1000000 };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct drive_fixture fixture;

	fixture_make(&fixture, &options, &spec);
	scratch_fill(data, sizeof data, 1, 0);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; i < 1500; i++)
		drive_write(fixture.drive, &run, 0, &fixture.result);
	ck_assert(!fixture.result.check);
	drive_flush(fixture.drive, 0, &fixture.result);
	ck_assert(fixture.result.check && fixture.result.deferred);
	ck_assert_ptr_nonnull(fixture.result.detail);
	ck_assert_uint_eq(fixture.result.lost_bytes, 0);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_buffer");
	TCase *t = tcase_create("drive_buffer");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, blocks_are_acknowledged_at_once_and_written_later);
	tcase_add_test(t,
	    a_synchronous_filemark_waits_and_an_immediate_one_does_not);
	tcase_add_test(t, a_move_writes_the_buffer_first);
	tcase_add_test(t,
	    early_warning_and_end_are_reported_when_a_block_is_taken);
	tcase_add_loop_test(t,
	    a_medium_error_is_reported_later_with_the_lost_blocks, 0, NEXTS);
	tcase_add_test(t, a_flush_reports_the_error_itself);
	tcase_add_loop_test(t, a_deferred_error_leaves_the_drive_in_its_state,
	    0, sizeof states / sizeof states[0]);
	tcase_add_test(t, a_power_loss_clears_the_buffer);
	tcase_add_test(t, payload_is_buffered_too);
	tcase_add_test(t, a_block_of_a_pool_stays_until_it_is_on_the_medium);
	tcase_add_test(t, a_block_of_a_pool_is_given_back_when_it_is_lost);
	tcase_add_test(t,
	    a_flush_is_complete_when_the_last_block_is_on_the_medium);
	tcase_add_test(t, blocks_that_could_not_be_stored_are_not_counted);
	return run_suite(s);
}
