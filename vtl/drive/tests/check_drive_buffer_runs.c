/*
 * check_drive_buffer_runs.c: the buffer of a drive, with random defects and
 * faults.
 *
 * All results that a host sees, and all blocks, do not depend on the length of
 * the runs.  Each acknowledged block is on tape or reported as lost.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

#define SECOND INT64_C(1000000000)

static const struct drive_options buffered = { .buffering = DRIVE_BUFFERED };
static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };
static const struct sense position = { SENSE_MEDIUM_ERROR, 0x3b, 0, 0, 0 };
static const struct sense hardware = { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 };

struct course {
	struct volume_position end;
	int64_t ns;
	uint64_t failed, lost, acknowledged;
};

/* Adds some defects, and in two cases of three a fault of the drive. */
static void spoil(struct drive_fixture *fixture, uint64_t *seed)
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

		volume_defect_add(drive_volume(fixture->drive), &d);
	}
	switch (scratch_random(seed) % 3) {
	case 0:
		return;
	case 1:
		fault.deferred = true;
		break;
	default:
		fault.mode = DRIVE_FAULT_RESET;
		break;
	}
	ck_assert_int_eq(drive_add_fault(fixture->drive, &fault), 0);
}

static bool failed(const struct drive_result *result)
{
	return result->check && result->sense.key > SENSE_RECOVERED;
}

static void take_course(struct course *c, uint64_t seed, bool by_block)
{
	struct volume_spec spec = fixture_spec();
	const struct drive_loss *losses;
	struct drive_fixture fixture;
	size_t i, count;

	memset(c, 0, sizeof *c);
	spec.capacity_bytes = 4000;
	fixture_make(&fixture, &buffered, &spec);
	spoil(&fixture, &seed);
	while (fixture.offset < 3000 && c->failed == 0) {
		/*
		 * The number of bytes written between two pauses does not
		 * depend on the runs.
		 */
		uint64_t left = 1 + scratch_random(&seed) % 9;

		while (left > 0 && c->failed == 0) {
			uint64_t n;

			fixture_write(&fixture, by_block ? 1 : left);
			n = fixture.result.bytes / FIXTURE_BLOCK;
			left -= n;
			c->acknowledged += n;
			c->failed += failed(&fixture.result);
		}
		fixture.now_ns += (int64_t)(scratch_random(&seed) % 3) * SECOND;
		if (scratch_random(&seed) % 4 == 0 && c->failed == 0) {
			fixture_filemark(&fixture, scratch_random(&seed) % 2);
			c->failed += failed(&fixture.result);
		}
	}
	if (c->failed == 0)
		drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
	c->ns = fixture.result.done_ns;
	losses = drive_losses(fixture.drive, &count);
	for (i = 0; i < count; i++)
		c->lost += losses[i].blocks;
	volume_end(drive_volume(fixture.drive), &c->end);
	ck_assert_uint_eq(c->end.object - c->end.file + c->lost,
	    c->acknowledged);
	fixture_finish(&fixture);
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

int main(void)
{
	Suite *s = suite_create("drive_buffer_runs");
	TCase *t = tcase_create("drive_buffer_runs");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, no_acknowledged_block_vanishes_whatever_the_runs);
	return run_suite(s);
}
