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
#include "vtl/tests/drive_fixture.h"

#define SECOND INT64_C(1000000000)

static const struct drive_options buffered = { .buffered = true };
static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };
static const struct sense position = { SENSE_MEDIUM_ERROR, 0x3b, 0, 0, 0 };
static const struct sense hardware = { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 };

static void make(struct stand *stand)
{
	const struct volume_spec spec = stand_spec();

	stand_make(stand, &buffered, &spec);
}

static void expect_buffered(const struct stand *stand, uint64_t objects,
    uint64_t bytes)
{
	uint64_t is_objects, is_bytes;

	drive_buffered(stand->drive, &is_objects, &is_bytes);
	ck_assert_uint_eq(is_objects, objects);
	ck_assert_uint_eq(is_bytes, bytes);
}

static uint64_t on_medium(const struct stand *stand)
{
	struct volume_place end;

	volume_end(drive_volume(stand->drive), &end);
	return end.object;
}

START_TEST(blocks_are_acknowledged_at_once_and_written_later)
{
	struct stand stand;

	make(&stand);
	stand_write(&stand, 4);
	stand_expect_good(&stand);
	ck_assert_int_eq(stand.now_ns, 0);
	stand_expect_place(&stand, 0, 4, 400);
	expect_buffered(&stand, 4, 400);
	ck_assert_uint_eq(on_medium(&stand), 0);
	drive_poll(stand.drive, 2 * SECOND, &stand.answer);
	expect_buffered(&stand, 2, 200);
	ck_assert_uint_eq(on_medium(&stand), 2);
	stand.now_ns = 2 * SECOND;
	/* Room for three; the fourth waits for a block to be written. */
	stand_write(&stand, 4);
	stand_expect_good(&stand);
	ck_assert_int_eq(stand.now_ns, 3 * SECOND);
	expect_buffered(&stand, 5, 500);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_synchronous_filemark_waits_and_an_immediate_one_does_not)
{
	struct stand stand;

	make(&stand);
	stand_write(&stand, 3);
	stand_filemark(&stand, true);
	stand_expect_good(&stand);
	ck_assert_int_eq(stand.now_ns, 0);
	expect_buffered(&stand, 4, 300);
	stand_expect_place(&stand, 1, 4, 300);
	stand_filemark(&stand, false);
	stand_expect_good(&stand);
	ck_assert_int_eq(stand.now_ns, 3 * SECOND);
	expect_buffered(&stand, 0, 0);
	ck_assert_uint_eq(on_medium(&stand), 5);
	/* A count of 0 is a flush. */
	stand_write(&stand, 2);
	drive_write_filemarks(stand.drive, 0, false, stand.now_ns,
	    &stand.answer);
	ck_assert_int_eq(stand.answer.done_ns, 5 * SECOND);
	ck_assert_uint_eq(on_medium(&stand), 7);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_move_writes_the_buffer_first)
{
	struct volume_object object;
	struct drive_answer *a;
	struct stand stand;

	make(&stand);
	a = &stand.answer;
	for (int i = 0; i < 4; i++) {
		drive_space_eod(stand.drive, stand.now_ns, a);
		stand.now_ns = a->done_ns;
		stand_write(&stand, 1);
		if (i == 0)
			drive_rewind(stand.drive, stand.now_ns, a);
		else if (i == 1)
			drive_locate_object(stand.drive, 0, stand.now_ns, a);
		else if (i == 2)
			drive_read(stand.drive, NULL, 0, &object, stand.now_ns,
			    a);
		else
			drive_space_eod(stand.drive, stand.now_ns, a);
		ck_assert_int_eq(a->done_ns, stand.now_ns + SECOND);
		stand.now_ns = a->done_ns;
		ck_assert_uint_eq(on_medium(&stand), (uint64_t)i + 1);
	}
	stand_write(&stand, 2);
	stand_reload(&stand);
	ck_assert_uint_eq(on_medium(&stand), 6);
	stand_finish(&stand);
}
END_TEST

START_TEST(early_warning_and_end_are_reported_when_a_block_is_taken)
{
	struct stand stand;

	make(&stand);
	stand_write(&stand, 10);
	stand_expect(&stand, SENSE_NO_SENSE, 0, 2);
	ck_assert_uint_eq(stand.answer.bytes, 900);
	stand_write(&stand, 1);
	stand_expect(&stand, SENSE_NO_SENSE, 0, 2);
	stand_write(&stand, 1);
	stand_expect(&stand, SENSE_VOLUME_OVERFLOW, 0, 2);
	ck_assert_uint_eq(stand.answer.bytes, 0);
	stand_filemark(&stand, false);
	stand_expect(&stand, SENSE_NO_SENSE, 0, 2);
	ck_assert_uint_eq(on_medium(&stand), 11);
	stand_finish(&stand);
}
END_TEST

/* The command after the loss. */
enum next { WRITES, MARKS, MARKS_IMMEDIATELY, REWINDS, LOCATES, POLLS, NEXTS };

static void do_next(struct stand *stand, enum next next)
{
	struct drive_answer *a = &stand->answer;

	switch (next) {
	case WRITES:
		stand_write(stand, 1);
		break;
	case MARKS:
		stand_filemark(stand, false);
		break;
	case MARKS_IMMEDIATELY:
		stand_filemark(stand, true);
		break;
	case REWINDS:
		drive_rewind(stand->drive, stand->now_ns, a);
		break;
	case LOCATES:
		drive_locate_file(stand->drive, 0, stand->now_ns, a);
		break;
	default:
		drive_poll(stand->drive, stand->now_ns, a);
		break;
	}
}

START_TEST(a_medium_error_is_reported_later_with_the_lost_blocks)
{
	const struct volume_defect defect = { .at = 250, .sense = write_error };
	const struct drive_loss *losses;
	struct stand stand;
	size_t count;

	make(&stand);
	volume_defect_add(drive_volume(stand.drive), &defect);
	stand_write(&stand, 5);
	stand_expect_good(&stand);
	stand.now_ns = 10 * SECOND;
	do_next(&stand, (enum next)_i);
	stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x0c, 0);
	ck_assert(stand.answer.deferred);
	ck_assert_uint_eq(stand.answer.bytes, 0);
	stand_expect_place(&stand, 0, 2, 200);
	losses = drive_losses(stand.drive, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert(losses[0].object == 2 && losses[0].blocks == 3 &&
	    losses[0].bytes == 300 && losses[0].offset == 200 &&
	    losses[0].dump_id == 1);
	/* It is reported once. */
	stand_filemark(&stand, false);
	stand_expect_good(&stand);
	stand_finish(&stand);
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
	struct stand stand;

	make(&stand);
	volume_defect_add(drive_volume(stand.drive), &defect);
	stand_write(&stand, 5);
	stand_filemark(&stand, false);
	stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x0c, 0);
	ck_assert(stand.answer.deferred);
	stand_expect_place(&stand, 0, 2, 200); /* and no filemark */
	stand_finish(&stand);
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
	struct stand stand;

	make(&stand);
	volume_defect_add(drive_volume(stand.drive), &defect);
	stand_write(&stand, 2);
	stand.now_ns = 10 * SECOND;
	drive_poll(stand.drive, stand.now_ns, &stand.answer);
	ck_assert(stand.answer.deferred);
	stand_write(&stand, 1);
	ck_assert_int_eq(!stand.answer.check, states[_i].writes);
	drive_rewind(stand.drive, stand.now_ns, &stand.answer);
	if (states[_i].writes) /* it is flushed, and fails again */
		ck_assert(stand.answer.deferred);
	else
		ck_assert_int_eq(!stand.answer.check, states[_i].moves);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_power_loss_clears_the_buffer)
{
	const struct drive_loss *losses;
	struct stand stand;
	size_t count;

	make(&stand);
	stand_write(&stand, 4);
	stand_filemark(&stand, true);
	drive_power_loss(stand.drive, 2 * SECOND);
	stand.now_ns = 2 * SECOND;
	ck_assert_uint_eq(on_medium(&stand), 2);
	expect_buffered(&stand, 0, 0);
	losses = drive_losses(stand.drive, &count);
	ck_assert(count == 1 && losses[0].object == 2 &&
	    losses[0].blocks == 2 &&
	    losses[0].sense.key == SENSE_UNIT_ATTENTION);
	stand_write(&stand, 1);
	stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x3b, 0);
	drive_space_eod(stand.drive, stand.now_ns, &stand.answer);
	stand_expect_good(&stand);
	stand_expect_place(&stand, 0, 2, 200);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	stand_finish(&stand);
}
END_TEST

START_TEST(payload_is_buffered_too)
{
	struct volume_spec spec = stand_spec();
	struct volume_object object;
	uint8_t in[300], out[100];
	struct volume_run run = {
		.data = in, .bytes = sizeof in, .block_bytes = 100, .dump_id = 3
	};
	struct stand stand;

	spec.payload = VOLUME_PAYLOAD_RAW;
	stand_make(&stand, &buffered, &spec);
	scratch_fill(in, sizeof in, 3, 0);
	drive_write(stand.drive, &run, 0, &stand.answer);
	memset(in, 0, sizeof in);
	drive_rewind(stand.drive, 0, &stand.answer);
	scratch_fill(in, sizeof in, 3, 0);
	for (int i = 0; i < 3; i++) {
		drive_read(stand.drive, out, sizeof out, &object,
		    stand.answer.done_ns, &stand.answer);
		ck_assert_mem_eq(out, in + 100 * i, 100);
	}
	stand_finish(&stand);
}
END_TEST

/*
 * All results that a host sees, and all blocks, are the same for any length of
 * the runs, and each acknowledged block is on tape or reported.
 */
struct course {
	struct volume_place end;
	int64_t ns;
	uint64_t failed, lost, acknowledged;
};

/* Some defects, and in two cases of three a fault of the drive. */
static void spoil(struct stand *stand, uint64_t *seed)
{
	static const struct sense *const senses[] = { &write_error, &position,
		&hardware };
	struct drive_fault fault = { .op = DRIVE_WRITE,
		.once = true,
		.nth = 1 + scratch_random(seed) % 30,
		.sense = write_error };

	for (uint64_t i = scratch_random(seed) % 3; i > 0; i--) {
		const struct volume_defect d = { .at = scratch_random(seed) %
			    4000,
			.once = true,
			.sense = *senses[scratch_random(seed) % 3] };

		volume_defect_add(drive_volume(stand->drive), &d);
	}
	switch (scratch_random(seed) % 3) {
	case 0:
		return;
	case 1:
		fault.deferred = true;
		break;
	default:
		fault.how = DRIVE_RESET;
		break;
	}
	ck_assert_int_eq(drive_add_fault(stand->drive, &fault), 0);
}

static bool failed(const struct drive_answer *answer)
{
	return answer->check && answer->sense.key > SENSE_RECOVERED;
}

static void take_course(struct course *c, uint64_t seed, bool by_block)
{
	struct volume_spec spec = stand_spec();
	const struct drive_loss *losses;
	struct stand stand;
	size_t i, count;

	memset(c, 0, sizeof *c);
	spec.capacity_bytes = 4000;
	stand_make(&stand, &buffered, &spec);
	spoil(&stand, &seed);
	while (stand.offset < 3000 && c->failed == 0) {
		/* The bytes written between two pauses are the same. */
		uint64_t left = 1 + scratch_random(&seed) % 9;

		while (left > 0 && c->failed == 0) {
			uint64_t n;

			stand_write(&stand, by_block ? 1 : left);
			n = stand.answer.bytes / STAND_BLOCK;
			left -= n;
			c->acknowledged += n;
			c->failed += failed(&stand.answer);
		}
		stand.now_ns += (int64_t)(scratch_random(&seed) % 3) * SECOND;
		if (scratch_random(&seed) % 4 == 0 && c->failed == 0) {
			stand_filemark(&stand, scratch_random(&seed) % 2);
			c->failed += failed(&stand.answer);
		}
	}
	if (c->failed == 0)
		drive_rewind(stand.drive, stand.now_ns, &stand.answer);
	c->ns = stand.answer.done_ns;
	losses = drive_losses(stand.drive, &count);
	for (i = 0; i < count; i++)
		c->lost += losses[i].blocks;
	volume_end(drive_volume(stand.drive), &c->end);
	ck_assert_uint_eq(c->end.object - c->end.file + c->lost,
	    c->acknowledged);
	stand_finish(&stand);
	remove(scratch_path("v"));
}

START_TEST(no_acknowledged_block_vanishes_whatever_the_runs)
{
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct course by_run, by_block;

		take_course(&by_run, seed, false);
		take_course(&by_block, seed, true);
		ck_assert_mem_eq(&by_run, &by_block, sizeof by_run);
	}
}
END_TEST

START_TEST(a_flush_of_a_filled_buffer_takes_the_time_of_a_filemark)
{
	const struct volume_run run = { .bytes = 360, .block_bytes = 360 };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct model *lto8 = model_find("lto8");
	struct stand stand = { .drive = drive_new(lto8) };
	int64_t begun;

	drive_set_options(stand.drive, &buffered);
	drive_load(stand.drive, scratch_volume("v", &spec), 0, &stand.answer);
	begun = stand.now_ns = stand.answer.done_ns;
	drive_write(stand.drive, &run, begun, &stand.answer);
	drive_flush(stand.drive, begun, &stand.answer);
	stand_expect_good(&stand);
	/* At 360 MB/s. */
	ck_assert_int_eq(stand.answer.done_ns - begun,
	    1000 + lto8->filemark_ns);
	begun = stand.now_ns = stand.answer.done_ns;
	drive_flush(stand.drive, begun, &stand.answer);
	ck_assert_int_eq(stand.answer.done_ns, begun);
	stand_finish(&stand);
}
END_TEST

/* How much a full disk has lost is not known: more than was buffered. */
START_TEST(blocks_that_could_not_be_stored_are_not_counted)
{
	static uint8_t data[4000];
	const struct volume_run run = {
		.data = data, .bytes = sizeof data, .block_bytes = sizeof data
	};
	const struct drive_options options = { .buffered = true,
		.buffer_bytes = 10000000 };
	const struct rlimit limit = { 1000000, 1000000 };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct stand stand;

	stand_make(&stand, &options, &spec);
	scratch_fill(data, sizeof data, 1, 0);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; i < 1500; i++)
		drive_write(stand.drive, &run, 0, &stand.answer);
	ck_assert(!stand.answer.check);
	drive_flush(stand.drive, 0, &stand.answer);
	ck_assert(stand.answer.check && stand.answer.deferred);
	ck_assert_ptr_nonnull(stand.answer.detail);
	ck_assert_uint_eq(stand.answer.lost_bytes, 0);
	stand_finish(&stand);
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
	tcase_add_test(t,
	    a_flush_of_a_filled_buffer_takes_the_time_of_a_filemark);
	tcase_add_test(t, blocks_that_could_not_be_stored_are_not_counted);
	tcase_add_test(t, no_acknowledged_block_vanishes_whatever_the_runs);
	return run_suite(s);
}
