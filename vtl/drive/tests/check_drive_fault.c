/*
 * check_drive_fault.c: a drive fails at the configured operation in the
 * configured way.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

#define SECOND INT64_C(1000000000)
#define MEDIUM                                    \
	{                                         \
		SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 \
	}

static void make(struct stand *stand, const struct drive_options *options)
{
	struct volume_spec spec = stand_spec();

	spec.capacity_bytes = 100000;
	stand_make(stand, options, &spec);
}

static void add(struct stand *stand, const struct drive_fault *fault)
{
	ck_assert_int_eq(drive_add_fault(stand->drive, fault), 0);
}

/* Six blocks, a second each: which of them fail? */
static const struct {
	struct drive_fault fault;
	const char *blocks;
} triggers[] = {
	{ { .nth = 3, .once = true, .op = DRIVE_WRITE, .sense = MEDIUM },
	    "--x---" },
	{ { .nth = 3, .op = DRIVE_WRITE, .sense = MEDIUM }, "--xxxx" },
	{ { .every = 2, .op = DRIVE_WRITE, .sense = MEDIUM }, "-x-x-x" },
	{ { .every = 2, .once = true, .op = DRIVE_WRITE, .sense = MEDIUM },
	    "-x----" },
	{ { .after_bytes = 200,
	      .once = true,
	      .op = DRIVE_WRITE,
	      .sense = MEDIUM },
	    "--x---" },
	{ { .after_bytes = 201, .op = DRIVE_WRITE, .sense = MEDIUM },
	    "--xxxx" },
	{ { .after_ns = 3 * SECOND,
	      .once = true,
	      .op = DRIVE_WRITE,
	      .sense = MEDIUM },
	    "---x--" },
	{ { .after_ns = 3 * SECOND, .op = DRIVE_WRITE, .sense = MEDIUM },
	    "---xxx" },
	/* By place: there it stays. */
	{ { .begin_byte = 350,
	      .end_byte = 351,
	      .op = DRIVE_WRITE,
	      .sense = MEDIUM },
	    "---xxx" },
	{ { .begin_byte = 350,
	      .end_byte = 351,
	      .once = true,
	      .op = DRIVE_WRITE,
	      .sense = MEDIUM },
	    "---x--" },
	{ { .nth = 1, .op = DRIVE_FILEMARK, .sense = MEDIUM }, "------" },
	{ { .nth = 1,
	      .op = DRIVE_WRITE,
	      .sense = MEDIUM,
	      .barcode = "ELSEWHERE" },
	    "------" },
	{ { .nth = 2,
	      .op = DRIVE_WRITE,
	      .once = true,
	      .sense = { SENSE_RECOVERED, 0, 0x17, 0, 0 } },
	    "-r----" },
};

static char write_one(struct stand *stand)
{
	stand_write(stand, 1);
	if (!stand->answer.check)
		return stand->answer.bytes == STAND_BLOCK ? '-' : '?';
	if (stand->answer.sense.key == SENSE_RECOVERED)
		return stand->answer.bytes == STAND_BLOCK ? 'r' : '?';
	return stand->answer.bytes == 0 ? 'x' : '?';
}

START_TEST(a_fault_applies_when_configured)
{
	struct stand stand;

	make(&stand, NULL);
	add(&stand, &triggers[_i].fault);
	for (const char *p = triggers[_i].blocks; *p != '\0'; p++)
		ck_assert_int_eq(write_one(&stand), *p);
	stand_finish(&stand);
}
END_TEST

static unsigned failed_by_chance(uint64_t seed, bool other)
{
	const struct drive_options options = { .seed = seed };
	const struct drive_fault chance = {
		.one_in = 10, .sense = MEDIUM, .op = DRIVE_WRITE
	};
	const struct drive_fault more = {
		.nth = 5, .once = true, .op = DRIVE_REWIND, .sense = MEDIUM
	};
	struct stand stand;
	unsigned failed = 0, which = 0;

	make(&stand, &options);
	add(&stand, &chance);
	if (other)
		add(&stand, &more);
	for (unsigned i = 0; i < 500; i++)
		if (write_one(&stand) == 'x') {
			failed++;
			which = 31 * which + i;
		}
	ck_assert(failed > 25 && failed < 80);
	stand_finish(&stand);
	remove(scratch_path("v"));
	return which;
}

START_TEST(chance_depends_only_on_the_seed)
{
	ck_assert_uint_eq(failed_by_chance(1, false),
	    failed_by_chance(1, true));
	ck_assert_uint_ne(failed_by_chance(1, false),
	    failed_by_chance(2, false));
}
END_TEST

static void do_op(struct stand *stand, enum drive_op op)
{
	struct drive_answer *a = &stand->answer;
	struct volume_object object;
	uint64_t left;

	switch (op) {
	case DRIVE_LOAD:
		stand_reload(stand);
		break;
	case DRIVE_UNLOAD:
		ck_assert_ptr_null(drive_unload(stand->drive, stand->now_ns,
		    a));
		break;
	case DRIVE_REWIND:
		drive_rewind(stand->drive, stand->now_ns, a);
		break;
	case DRIVE_LOCATE:
		drive_locate_object(stand->drive, 0, stand->now_ns, a);
		break;
	case DRIVE_SPACE:
		drive_space_blocks(stand->drive, -1, &left, stand->now_ns, a);
		break;
	case DRIVE_READ:
		drive_rewind(stand->drive, stand->now_ns, a);
		drive_read(stand->drive, NULL, 0, &object, stand->now_ns, a);
		break;
	case DRIVE_WRITE:
		stand_write(stand, 1);
		break;
	case DRIVE_FILEMARK:
		stand_filemark(stand, false);
		break;
	default:
		drive_erase(stand->drive, false, stand->now_ns, a);
		break;
	}
}

START_TEST(every_operation_can_fail_hang_or_meet_a_reset)
{
	const enum drive_op op = _i % DRIVE_OPS;
	const enum drive_how how = _i / DRIVE_OPS;
	const struct drive_fault fault = {
		.nth = 1, .once = true, .op = op, .how = how, .sense = MEDIUM
	};
	struct stand stand;
	/* A block that cannot be read is passed anyway. */
	int64_t before,
	    takes = how == DRIVE_HANG               ? drive_patience_ns(op)
	    : how == DRIVE_FAIL && op == DRIVE_READ ? SECOND
						    : 0;

	make(&stand, NULL);
	stand_write(&stand, 3);
	before = stand.now_ns;
	add(&stand, &fault);
	do_op(&stand, op);
	if (how == DRIVE_FAIL)
		stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x0c, 0);
	else
		stand_expect(&stand, SENSE_UNIT_ATTENTION, 0x29, 0);
	ck_assert_int_eq(stand.answer.done_ns - before, takes);
	stand.now_ns = stand.answer.done_ns;
	stand_write(&stand, 1);
	ck_assert_int_eq(!stand.answer.check, how == DRIVE_FAIL);
	drive_rewind(stand.drive, stand.now_ns, &stand.answer);
	stand_expect_good(&stand);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_deferred_fault_acknowledges_a_lost_block)
{
	const struct drive_options options = { .buffered = _i };
	const struct drive_fault fault = { .nth = 2,
		.once = true,
		.op = DRIVE_WRITE,
		.sense = MEDIUM,
		.deferred = true };
	const struct drive_loss *losses;
	struct stand stand;
	size_t count;

	make(&stand, &options);
	add(&stand, &fault);
	stand_write(&stand, 1);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	ck_assert_uint_eq(stand.answer.bytes, STAND_BLOCK);
	stand_filemark(&stand, false);
	stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x0c, 0);
	ck_assert(stand.answer.deferred);
	losses = drive_losses(stand.drive, &count);
	ck_assert(count == 1 && losses[0].object == 1 &&
	    losses[0].blocks == 1 && losses[0].offset == 100);
	stand_expect_place(&stand, 0, 1, 100);
	stand_finish(&stand);
}
END_TEST

/* After label, filemark and four blocks the tape moves before the fifth. */
static const struct {
	struct drive_fault fault;
	uint64_t object, losses; /* after it; blocks that are lost */
	bool buffered;
} moves[] = {
	{ { .nth = 5, .op = DRIVE_WRITE, .how = DRIVE_MOVE }, 1, 0, false },
	{ { .nth = 5, .op = DRIVE_WRITE, .how = DRIVE_MOVE }, 1, 0, true },
	{ { .nth = 5, .op = DRIVE_WRITE, .how = DRIVE_MOVE, .to_object = 3 }, 4,
	    0, true },
	{ { .nth = 5, .op = DRIVE_WRITE, .how = DRIVE_MOVE, .to_object = 9 }, 6,
	    0, false },
	{ { .nth = 5, .op = DRIVE_WRITE, .how = DRIVE_SILENT_RESET }, 1, 0,
	    false },
	{ { .nth = 5, .op = DRIVE_WRITE, .how = DRIVE_SILENT_RESET }, 1, 2,
	    true },
};

START_TEST(a_drive_that_moves_by_itself_reports_nothing)
{
	const struct drive_options options = { .buffered = moves[_i].buffered,
		.buffer_bytes = 1 << 20,
		.holds = true };
	struct drive_fault fault = moves[_i].fault;
	const struct drive_loss *losses;
	struct volume_place place, end;
	uint64_t lost = 0;
	struct stand stand;
	size_t count, i;

	make(&stand, &options);
	fault.once = true;
	add(&stand, &fault);
	stand_write(&stand, 2);
	stand_filemark(&stand, false); /* these are on the medium */
	stand_write(&stand, 2);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	drive_position(stand.drive, &place);
	ck_assert_uint_eq(place.object, moves[_i].object);
	losses = drive_losses(stand.drive, &count);
	for (i = 0; i < count; i++)
		lost += losses[i].blocks;
	ck_assert_uint_eq(lost, moves[_i].losses);
	stand_filemark(&stand, false);
	stand_expect_good(&stand);
	volume_end(drive_volume(stand.drive), &end);
	ck_assert_uint_eq(end.object, moves[_i].object + 1);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_corrupted_block_differs_and_reports_no_error)
{
	const struct drive_fault fault = {
		.nth = 2, .once = true, .op = DRIVE_WRITE, .how = DRIVE_CORRUPT
	};
	struct volume_spec spec = stand_spec();
	struct volume_object object;
	uint8_t in[300], out[100];
	const struct volume_run run = {
		.data = in, .bytes = sizeof in, .block_bytes = 100, .dump_id = 1
	};
	struct stand stand;

	spec.payload = _i ? VOLUME_PAYLOAD_RAW : VOLUME_PAYLOAD_NONE;
	stand_make(&stand, NULL, &spec);
	add(&stand, &fault);
	scratch_fill(in, sizeof in, 1, 0);
	drive_write(stand.drive, &run, 0, &stand.answer);
	stand_expect_good(&stand);
	drive_rewind(stand.drive, 0, &stand.answer);
	for (unsigned i = 0; i < 3; i++) {
		drive_read(stand.drive, out, sizeof out, &object, 0,
		    &stand.answer);
		stand_expect_good(&stand);
		if (_i)
			ck_assert_int_eq(memcmp(out, in + 100 * i, 100) == 0,
			    i != 1);
		else
			ck_assert_int_eq(object.offset == 100 * i, i != 1);
	}
	stand_finish(&stand);
}
END_TEST

START_TEST(a_bad_spot_is_unreadable_or_recovers_after_retries)
{
	const struct drive_fault fault = { .begin_byte = 250,
		.end_byte = 260,
		.once = _i,
		.op = DRIVE_READ,
		.sense = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 } };
	struct volume_object object;
	struct stand stand;

	make(&stand, NULL);
	stand_write(&stand, 5);
	add(&stand, &fault);
	for (int again = 0; again < 2; again++) {
		drive_locate_object(stand.drive, 1, 0, &stand.answer);
		drive_read(stand.drive, NULL, 0, &object, 0, &stand.answer);
		stand_expect_good(&stand);
		drive_read(stand.drive, NULL, 0, &object, 0, &stand.answer);
		ck_assert_int_eq(stand.answer.check, !_i || !again);
		drive_read(stand.drive, NULL, 0, &object, 0, &stand.answer);
		stand_expect_good(&stand);
		stand_expect_place(&stand, 0, 4, 400);
	}
	stand_finish(&stand);
}
END_TEST

START_TEST(a_slow_region_takes_longer)
{
	const struct drive_fault writes = { .begin_byte = 200,
		.end_byte = 400,
		.op = DRIVE_WRITE,
		.how = DRIVE_SLOW,
		.factor = 4 };
	struct drive_fault reads = writes;
	struct volume_object object;
	struct stand stand;

	reads.op = DRIVE_READ;
	make(&stand, NULL);
	add(&stand, &writes);
	add(&stand, &reads);
	stand_write(&stand, 6);
	ck_assert_int_eq(stand.now_ns, 12 * SECOND);
	drive_rewind(stand.drive, 0, &stand.answer);
	stand.now_ns = 0;
	for (int i = 0; i < 6; i++) {
		drive_read(stand.drive, NULL, 0, &object, stand.now_ns,
		    &stand.answer);
		stand.now_ns = stand.answer.done_ns;
	}
	ck_assert_int_eq(stand.now_ns, 12 * SECOND);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_slow_region_keeps_the_buffer_full)
{
	const struct drive_options options = { .buffered = true };
	const struct drive_fault fault = { .begin_byte = 200,
		.end_byte = 400,
		.op = DRIVE_WRITE,
		.how = DRIVE_SLOW,
		.factor = 4 };
	struct stand stand;

	make(&stand, &options);
	add(&stand, &fault);
	stand_write(&stand, 5);
	ck_assert_int_eq(stand.now_ns, 0);
	stand_write(&stand, 3);
	ck_assert_int_eq(stand.now_ns, 6 * SECOND);
	stand_filemark(&stand, false);
	ck_assert_int_eq(stand.now_ns, 14 * SECOND);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_block_that_does_not_fit_is_not_counted)
{
	const struct drive_fault fault = {
		.nth = 12, .op = DRIVE_WRITE, .sense = MEDIUM
	};
	const struct volume_spec spec = stand_spec();
	struct stand stand;

	stand_make(&stand, NULL, &spec);
	add(&stand, &fault);
	while (stand.offset < STAND_CAPACITY)
		stand_write(&stand, 10);
	for (int i = 0; i < 3; i++) {
		stand_write(&stand, 1);
		stand_expect(&stand, SENSE_VOLUME_OVERFLOW, 0, 2);
	}
	drive_rewind(stand.drive, 0, &stand.answer);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	stand_write(&stand, 1);
	stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x0c, 0);
	stand_finish(&stand);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_fault");
	TCase *t = tcase_create("drive_fault");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_fault_applies_when_configured, 0,
	    sizeof triggers / sizeof triggers[0]);
	tcase_add_test(t, chance_depends_only_on_the_seed);
	tcase_add_loop_test(t, every_operation_can_fail_hang_or_meet_a_reset, 0,
	    DRIVE_CORRUPT * DRIVE_OPS);
	tcase_add_loop_test(t, a_deferred_fault_acknowledges_a_lost_block, 0,
	    2);
	tcase_add_loop_test(t, a_drive_that_moves_by_itself_reports_nothing, 0,
	    sizeof moves / sizeof moves[0]);
	tcase_add_loop_test(t, a_corrupted_block_differs_and_reports_no_error,
	    0, 2);
	tcase_add_loop_test(t,
	    a_bad_spot_is_unreadable_or_recovers_after_retries, 0, 2);
	tcase_add_test(t, a_slow_region_takes_longer);
	tcase_add_test(t, a_slow_region_keeps_the_buffer_full);
	tcase_add_test(t, a_block_that_does_not_fit_is_not_counted);
	return run_suite(s);
}
