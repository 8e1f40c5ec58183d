/*
 * check_drive_silent.c: a drive that moves its tape, changes data or is slow,
 * and reports no error.
 */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/block_pool.h"
#include "vtl/tests/drive_fixture.h"

#define SECOND INT64_C(1000000000)

/*
 * After the label, a filemark and four blocks, the tape moves before the fifth
 * block.
 */
static const struct {
	struct drive_fault fault;
	/* position after the fault; number of lost blocks */
	uint64_t object, losses;
	bool buffered;
} moves[] = {
	{ { .nth = 5, .op = DRIVE_WRITE, .mode = DRIVE_FAULT_MOVE }, 1, 0,
	    false },
	{ { .nth = 5, .op = DRIVE_WRITE, .mode = DRIVE_FAULT_MOVE }, 1, 0,
	    true },
	{ { .nth = 5,
	      .op = DRIVE_WRITE,
	      .mode = DRIVE_FAULT_MOVE,
	      .to_object = 3 },
	    4, 0, true },
	{ { .nth = 5,
	      .op = DRIVE_WRITE,
	      .mode = DRIVE_FAULT_MOVE,
	      .to_object = 9 },
	    6, 0, false },
	{ { .nth = 5, .op = DRIVE_WRITE, .mode = DRIVE_FAULT_SILENT_RESET }, 1,
	    0, false },
	{ { .nth = 5, .op = DRIVE_WRITE, .mode = DRIVE_FAULT_SILENT_RESET }, 1,
	    2, true },
};

START_TEST(a_drive_that_moves_by_itself_reports_nothing)
{
	const struct drive_options options = { .buffering = moves[_i].buffered
		    ? DRIVE_BUFFERED
		    : DRIVE_UNBUFFERED,
		.buffer_bytes = 1 << 20,
		.holds_buffer = true };
	struct drive_fault fault = moves[_i].fault;
	const struct drive_loss *losses;
	struct volume_position place, end;
	uint64_t lost = 0;
	struct drive_fixture fixture;
	size_t count, i;

	fixture_make_large(&fixture, &options);
	fault.once = true;
	fixture_add_fault(&fixture, &fault);
	fixture_write(&fixture, 2);
	/* the blocks are now on the medium */
	fixture_filemark(&fixture, false);
	fixture_write(&fixture, 2);
	fixture_write(&fixture, 1);
	fixture_expect_good(&fixture);
	drive_position(fixture.drive, &place);
	ck_assert_uint_eq(place.object, moves[_i].object);
	losses = drive_losses(fixture.drive, &count);
	for (i = 0; i < count; i++)
		lost += losses[i].blocks;
	ck_assert_uint_eq(lost, moves[_i].losses);
	fixture_filemark(&fixture, false);
	fixture_expect_good(&fixture);
	volume_end(drive_volume(fixture.drive), &end);
	ck_assert_uint_eq(end.object, moves[_i].object + 1);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_corrupted_block_differs_and_reports_no_error)
{
	const struct drive_fault fault = { .nth = 2,
		.once = true,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_CORRUPT };
	struct volume_spec spec = fixture_spec();
	struct volume_object object;
	uint8_t in[300], out[100];
	const struct volume_run run = {
		.data = in, .bytes = sizeof in, .block_bytes = 100, .dump_id = 1
	};
	struct drive_fixture fixture;

	spec.payload = _i ? VOLUME_PAYLOAD_RAW : VOLUME_PAYLOAD_NONE;
	fixture_make(&fixture, NULL, &spec);
	fixture_add_fault(&fixture, &fault);
	scratch_fill(in, sizeof in, 1, 0);
	drive_write(fixture.drive, &run, 0, &fixture.result);
	fixture_expect_good(&fixture);
	drive_rewind(fixture.drive, 0, &fixture.result);
	for (unsigned i = 0; i < 3; i++) {
		drive_read(fixture.drive, out, sizeof out, &object, 0,
		    &fixture.result);
		fixture_expect_good(&fixture);
		if (_i)
			ck_assert_int_eq(memcmp(out, in + 100 * i, 100) == 0,
			    i != 1);
		else
			ck_assert_int_eq(object.offset == 100 * i, i != 1);
	}
	fixture_finish(&fixture);
}
END_TEST

/*
 * Expected: the block on the medium differs in one bit.  Bug: the buffer of the
 * drive held the block of the pool, and read memory that was freed.
 */
START_TEST(a_corrupted_block_of_a_pool_differs_in_one_bit)
{
	enum { LENGTH = 4096 };
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.buffer_bytes = 1000000 };
	const struct drive_fault fault = { .nth = 1,
		.once = true,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_CORRUPT };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct block_pool *pool = block_pool_new();
	static uint8_t in[LENGTH], out[LENGTH];
	struct volume_run run = { .bytes = LENGTH, .block_bytes = LENGTH };
	struct volume_object object;
	struct drive_fixture fixture;
	unsigned bits = 0;

	scratch_fill(in, LENGTH, 1, 0);
	fixture_make(&fixture, &options, &spec);
	fixture_add_fault(&fixture, &fault);
	run.data = run.block = block_pool_get(pool, LENGTH);
	memcpy(run.block, in, LENGTH);
	drive_write(fixture.drive, &run, 0, &fixture.result);
	fixture_expect_good(&fixture);
	block_drop(run.block);
	/* What was freed gets other contents. */
	run.block = block_pool_get(pool, LENGTH);
	memset(run.block, 0xff, LENGTH);
	block_drop(run.block);
	drive_rewind(fixture.drive, 0, &fixture.result);
	drive_read(fixture.drive, out, LENGTH, &object, fixture.result.done_ns,
	    &fixture.result);
	fixture_expect_good(&fixture);
	for (int i = 0; i < LENGTH; i++)
		bits += (unsigned)__builtin_popcount(in[i] ^ out[i]);
	ck_assert_uint_eq(bits, 1);
	fixture_finish(&fixture);
	block_pool_free(pool);
}
END_TEST

START_TEST(a_slow_region_takes_longer)
{
	const struct drive_fault writes = { .begin_byte = 200,
		.end_byte = 400,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_SLOW,
		.slowdown = 4 };
	struct drive_fault reads = writes;
	struct volume_object object;
	struct drive_fixture fixture;

	reads.op = DRIVE_READ;
	fixture_make_large(&fixture, NULL);
	fixture_add_fault(&fixture, &writes);
	fixture_add_fault(&fixture, &reads);
	fixture_write(&fixture, 6);
	ck_assert_int_eq(fixture.now_ns, 12 * SECOND);
	drive_rewind(fixture.drive, 0, &fixture.result);
	fixture.now_ns = 0;
	for (int i = 0; i < 6; i++) {
		drive_read(fixture.drive, NULL, 0, &object, fixture.now_ns,
		    &fixture.result);
		fixture.now_ns = fixture.result.done_ns;
	}
	ck_assert_int_eq(fixture.now_ns, 12 * SECOND);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_slow_region_keeps_the_buffer_full)
{
	const struct drive_options options = { .buffering = DRIVE_BUFFERED };
	const struct drive_fault fault = { .begin_byte = 200,
		.end_byte = 400,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_SLOW,
		.slowdown = 4 };
	struct drive_fixture fixture;

	fixture_make_large(&fixture, &options);
	fixture_add_fault(&fixture, &fault);
	fixture_write(&fixture, 5);
	ck_assert_int_eq(fixture.now_ns, 0);
	fixture_write(&fixture, 3);
	ck_assert_int_eq(fixture.now_ns, 6 * SECOND);
	fixture_filemark(&fixture, false);
	ck_assert_int_eq(fixture.now_ns, 14 * SECOND);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("drive_silent");
	TCase *t = tcase_create("drive_silent");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_drive_that_moves_by_itself_reports_nothing, 0,
	    sizeof moves / sizeof moves[0]);
	tcase_add_test(t, a_corrupted_block_of_a_pool_differs_in_one_bit);
	tcase_add_loop_test(t, a_corrupted_block_differs_and_reports_no_error,
	    0, 2);
	tcase_add_test(t, a_slow_region_takes_longer);
	tcase_add_test(t, a_slow_region_keeps_the_buffer_full);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
