/*
 * check_drive.c: where a write stops, and the sense data then.
 *
 * The small medium of these tests has blocks of 100 bytes, room for 1000, and
 * an early warning at byte 800, unless a row has other values.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/drive/drive.h"
#include "vtl/tests/vtl_scratch.h"

enum { BLOCK = 100, CAPACITY = 1000, EARLY = 200, CASES = 300 };

static const struct model slow = {
	.name = "slow",
	.block_max_bytes = 4096,
	.buffer_bytes = 500,
	.load_ns = 11,
	.unload_ns = 13,
	.hitch_ns = 19,
	.media_count = 1,
	.media = { { .medium = "none",
	    .speeds_bytes_per_s = { 7 },
	    .speeds = 1,
	    .wraps = 1,
	    .bands = 1,
	    .rewind_ns = 17,
	    .locate_start_ns = 17 } },
};

static const struct drive_options unbuffered = { .buffering =
						     DRIVE_UNBUFFERED };
static struct drive_result result;
static struct volume_position place;

static struct drive *drive_over(const struct volume_spec *spec)
{
	struct drive *drive = drive_new(&slow);

	drive_set_options(drive, &unbuffered);
	drive_load(drive, scratch_volume("v", spec), 0, &result);
	ck_assert(!result.check);
	ck_assert_int_eq(result.done_ns, slow.load_ns);
	return drive;
}

static struct volume_spec small(bool has_early_warning)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);

	spec.capacity_bytes = CAPACITY;
	spec.has_early_warning = has_early_warning;
	spec.early_warning_bytes = EARLY;
	return spec;
}

static void finish(struct drive *drive)
{
	scratch_close(drive_unload(drive, 0, &result));
	drive_free(drive);
}

static void write_bytes(struct drive *drive, uint64_t bytes,
    uint64_t block_bytes)
{
	struct volume_run run = { .bytes = bytes, .block_bytes = block_bytes };

	drive_position(drive, &place);
	run.offset = place.byte;
	drive_write(drive, &run, 0, &result);
	drive_position(drive, &place);
}

static void expect_sense(uint8_t key, uint8_t asc, uint8_t ascq, bool eom)
{
	ck_assert(result.check);
	ck_assert_uint_eq(result.sense.key, key);
	ck_assert_uint_eq(result.sense.asc, asc);
	ck_assert_uint_eq(result.sense.ascq, ascq);
	ck_assert_int_eq(result.sense.eom, eom);
}

START_TEST(the_early_warning_is_met_and_stays)
{
	const struct volume_spec spec = small(true);
	struct drive *drive = drive_over(&spec);

	write_bytes(drive, 800, BLOCK);
	ck_assert(!result.check && !drive_is_past_warning(drive));
	drive_write_filemarks(drive, 1, true, 0, &result);
	ck_assert(!result.check);
	write_bytes(drive, 200, BLOCK);
	expect_sense(SENSE_NO_SENSE, 0, 2, true);
	ck_assert_uint_eq(result.bytes, 100);
	ck_assert_uint_eq(place.byte, 900);
	ck_assert_uint_eq(place.object, 10);
	drive_write_filemarks(drive, 1, false, 0, &result);
	expect_sense(SENSE_NO_SENSE, 0, 2, true);
	write_bytes(drive, 100, BLOCK);
	expect_sense(SENSE_NO_SENSE, 0, 2, true);
	ck_assert_uint_eq(result.bytes, 100);
	write_bytes(drive, 100, BLOCK);
	expect_sense(SENSE_VOLUME_OVERFLOW, 0, 2, true);
	ck_assert_uint_eq(result.bytes, 0);
	drive_write_filemarks(drive, 1, false, 0, &result);
	expect_sense(SENSE_NO_SENSE, 0, 2, true);
	drive_rewind(drive, 0, &result);
	ck_assert(!result.check && !drive_is_past_warning(drive));
	drive_space_eod(drive, 0, &result);
	ck_assert(!result.check && drive_is_past_warning(drive));
	drive_position(drive, &place);
	ck_assert(place.file == 3 && place.object == 13 && place.byte == 1000);
	finish(drive);
}
END_TEST

START_TEST(without_early_warning_the_end_is_unannounced)
{
	const struct volume_spec spec = small(false);
	struct drive *drive = drive_over(&spec);

	write_bytes(drive, 960, BLOCK);
	ck_assert(!result.check);
	ck_assert_uint_eq(result.bytes, 960);
	write_bytes(drive, 200, BLOCK);
	expect_sense(SENSE_VOLUME_OVERFLOW, 0, 2, true);
	ck_assert_uint_eq(place.byte, 960);
	/*
	 * After VOLUME OVERFLOW even a shorter block, which would fit, fails.
	 */
	write_bytes(drive, 40, BLOCK);
	expect_sense(SENSE_VOLUME_OVERFLOW, 0, 2, true);
	drive_write_filemarks(drive, 1, false, 0, &result);
	ck_assert(!result.check);
	drive_locate_file(drive, 1, 0, &result);
	ck_assert(!result.check);
	finish(drive);
}
END_TEST

START_TEST(a_defect_fails_the_block_that_covers_it)
{
	const struct volume_spec spec = small(true);
	const struct volume_defect defects[] = {
		{ .at = 250,
		    .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 },
		    .once = true },
		{ .at = 850, .sense = { SENSE_MEDIUM_ERROR, 0x0c, 2, 0, 0 } },
	};
	struct drive *drive = drive_over(&spec);
	struct volume *volume = drive_volume(drive);
	size_t count;

	volume_defect_add(volume, &defects[0]);
	volume_defect_add(volume, &defects[1]);
	write_bytes(drive, 500, BLOCK);
	expect_sense(SENSE_MEDIUM_ERROR, 0x0c, 0, false);
	ck_assert_uint_eq(result.bytes, 200);
	ck_assert_uint_eq(place.byte, 200);
	volume_defects(volume, &count);
	ck_assert_uint_eq(count, 1);
	write_bytes(drive, 650, BLOCK);
	expect_sense(SENSE_NO_SENSE, 0, 2, true);
	ck_assert_uint_eq(place.byte, 850);
	for (int i = 0; i < 3; i++) {
		write_bytes(drive, 100, BLOCK);
		expect_sense(SENSE_MEDIUM_ERROR, 0x0c, 2, true);
		ck_assert_uint_eq(place.byte, 850);
	}
	drive_write_filemarks(drive, 1, false, 0, &result);
	expect_sense(SENSE_NO_SENSE, 0, 2, true);
	finish(drive);
}
END_TEST

/* A defect with this sense data, and what is possible after it. */
static const struct {
	struct sense sense;
	bool writes, reads, moves;
	uint8_t then; /* sense key of a later write */
} states[] = {
	{ { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 }, true, true, true, 0 },
	{ { SENSE_MEDIUM_ERROR, 0x3b, 0, 0, 0 }, false, false, true,
	    SENSE_MEDIUM_ERROR },
	/* The reset is reported once; the position stays lost. */
	{ { SENSE_UNIT_ATTENTION, 0x29, 0, 0, 0 }, false, false, true,
	    SENSE_MEDIUM_ERROR },
	{ { SENSE_UNIT_ATTENTION, 0x28, 0, 0, 0 }, true, true, true, 0 },
	{ { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 }, false, false, false,
	    SENSE_HARDWARE_ERROR },
	{ { SENSE_VOLUME_OVERFLOW, 0, 2, 0, 0 }, false, true, true,
	    SENSE_VOLUME_OVERFLOW },
};

START_TEST(an_error_leaves_the_drive_in_its_state)
{
	const struct volume_spec spec = small(false);
	const struct volume_defect defect = {
		.at = 150, .sense = states[_i].sense, .once = true
	};
	struct drive *drive = drive_over(&spec);
	struct volume_object object;

	volume_defect_add(drive_volume(drive), &defect);
	write_bytes(drive, 300, BLOCK);
	ck_assert_uint_eq(result.sense.key, defect.sense.key);
	ck_assert_uint_eq(result.bytes, 100);
	write_bytes(drive, 100, BLOCK);
	ck_assert_int_eq(!result.check, states[_i].writes);
	if (!states[_i].writes)
		ck_assert_uint_eq(result.sense.key, states[_i].then);
	drive_read(drive, NULL, 0, &object, 0, &result);
	ck_assert_int_eq(result.sense.key == SENSE_BLANK_CHECK,
	    states[_i].reads);
	drive_space_eod(drive, 0, &result);
	ck_assert_int_eq(!result.check, states[_i].moves);
	write_bytes(drive, 100, BLOCK);
	ck_assert_int_eq(!result.check, states[_i].moves);
	scratch_close(drive_unload(drive, 0, &result));
	ck_assert(!result.check);
	drive_load(drive, scratch_open("v"), 0, &result);
	write_bytes(drive, 100, BLOCK);
	ck_assert(!result.check);
	finish(drive);
}
END_TEST

START_TEST(a_write_removes_all_later_objects)
{
	const struct volume_spec spec = small(false);
	struct drive *drive = drive_over(&spec);
	struct volume_object object;

	write_bytes(drive, 300, BLOCK);
	drive_write_filemarks(drive, 1, false, 0, &result);
	write_bytes(drive, 600, BLOCK);
	drive_rewind(drive, 0, &result);
	write_bytes(drive, 2000, 2000); /* this block does not fit */
	drive_rewind(drive, 0, &result);
	drive_read(drive, NULL, 0, &object, 0, &result);
	ck_assert_uint_eq(result.bytes, 100);
	write_bytes(drive, 50, 50);
	drive_read(drive, NULL, 0, &object, 0, &result);
	expect_sense(SENSE_BLANK_CHECK, 0, 5, false);
	drive_locate_file(drive, 1, 0, &result);
	expect_sense(SENSE_BLANK_CHECK, 0, 5, false);
	drive_position(drive, &place);
	ck_assert(place.object == 2 && place.byte == 150 && place.file == 0);
	finish(drive);
}
END_TEST

START_TEST(an_empty_drive_is_not_ready)
{
	struct drive *drive = drive_new(&slow);
	struct volume_object object;

	for (int i = 0; i < 6; i++) {
		switch (i) {
		case 0:
			write_bytes(drive, 100, BLOCK);
			break;
		case 1:
			drive_write_filemarks(drive, 1, false, 0, &result);
			break;
		case 2:
			drive_read(drive, NULL, 0, &object, 0, &result);
			break;
		case 3:
			drive_rewind(drive, 0, &result);
			break;
		case 4:
			drive_locate_file(drive, 0, 0, &result);
			break;
		case 5:
			ck_assert_ptr_null(drive_unload(drive, 0, &result));
			break;
		}
		expect_sense(SENSE_NOT_READY, 0x3a, 0, false);
	}
	drive_free(drive);
}
END_TEST

START_TEST(operations_take_the_time_of_the_model)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct drive *drive = drive_over(&spec);
	struct volume_object object;
	/* 100 bytes at 7 bytes per second, rounded up to nanoseconds. */
	const int64_t block_ns = INT64_C(14285714286);
	int64_t t = 0;

	for (int i = 0; i < 21; i++) {
		const struct volume_run run = { .bytes = 100,
			.block_bytes = 100,
			.offset = 100 * (uint64_t)i };

		drive_write(drive, &run, t, &result);
		t = result.done_ns;
	}
	ck_assert_int_eq(t, 21 * block_ns);
	drive_write_filemarks(drive, 1, true, t, &result);
	ck_assert_int_eq(result.done_ns, t);
	drive_write_filemarks(drive, 0, false, t, &result);
	ck_assert_int_eq(result.done_ns, t + slow.hitch_ns);
	drive_rewind(drive, t, &result);
	ck_assert_int_eq(result.done_ns, t + slow.media[0].rewind_ns);
	drive_rewind(drive, t, &result);
	ck_assert_int_eq(result.done_ns, t);
	for (int i = 0; i < 7; i++) {
		drive_read(drive, NULL, 0, &object, t, &result);
		t = result.done_ns;
	}
	ck_assert_int_eq(t, 28 * block_ns);
	scratch_close(drive_unload(drive, t, &result));
	ck_assert_int_eq(result.done_ns,
	    t + slow.media[0].rewind_ns + slow.unload_ns);
	drive_free(drive);
}
END_TEST

START_TEST(a_write_protected_volume_is_not_written)
{
	const struct volume_spec spec = small(true);
	struct drive *drive = drive_over(&spec);
	struct volume_object object;

	write_bytes(drive, 100, BLOCK);
	scratch_close(drive_unload(drive, 0, &result));
	chmod(scratch_path("v"), 0444);
	drive_load(drive, scratch_open("v"), 0, &result);
	write_bytes(drive, 100, BLOCK);
	expect_sense(SENSE_DATA_PROTECT, 0x27, 0, false);
	drive_write_filemarks(drive, 1, false, 0, &result);
	expect_sense(SENSE_DATA_PROTECT, 0x27, 0, false);
	drive_read(drive, NULL, 0, &object, 0, &result);
	ck_assert_uint_eq(result.bytes, 100);
	write_bytes(drive, 5000, 5000);
	expect_sense(SENSE_DATA_PROTECT, 0x27, 0, false);
	finish(drive);
}
END_TEST

/* The result of writing the same data in runs of some length. */
struct course {
	struct volume_position end;
	int64_t ns;
	unsigned warnings, defects, overflows;
};

/*
 * Writes until all data was taken or the end is met, and continues after
 * errors.
 */
static void take_course(struct course *c, uint64_t seed, bool by_block,
    uint64_t bytes, uint64_t block)
{
	struct volume_spec spec = small(scratch_random(&seed) % 3 != 0);
	struct volume_run run = { .block_bytes = block };
	struct drive *drive;
	int64_t t;

	memset(c, 0, sizeof *c);
	spec.early_warning_bytes = scratch_random(&seed) % CAPACITY;
	spec.payload = scratch_random(&seed) % 2;
	drive = drive_over(&spec);
	t = result.done_ns;
	for (uint64_t i = scratch_random(&seed) % 4; i > 0; i--) {
		const struct volume_defect d = { .at = scratch_random(&seed) %
			    CAPACITY,
			.once = true,
			.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };

		volume_defect_add(drive_volume(drive), &d);
	}
	while (run.offset < bytes && c->overflows == 0) {
		run.bytes =
		    by_block ? block : block * (1 + scratch_random(&seed) % 30);
		if (run.bytes > bytes - run.offset)
			run.bytes = bytes - run.offset;
		drive_write(drive, &run, t, &result);
		t = result.done_ns;
		run.offset += result.bytes;
		if (!result.check)
			continue;
		c->warnings += result.sense.key == SENSE_NO_SENSE;
		c->defects += result.sense.key == SENSE_MEDIUM_ERROR;
		c->overflows += result.sense.key == SENSE_VOLUME_OVERFLOW;
	}
	c->ns = t;
	drive_position(drive, &c->end);
	finish(drive);
	remove(scratch_path("v"));
}

START_TEST(runs_of_any_length_end_as_their_blocks_do)
{
	uint64_t seed = 4711;

	for (int i = 0; i < CASES; i++) {
		uint64_t s = scratch_random(&seed);
		uint64_t bytes = 1 + s % 1200, block = 1 + s / 1200 % 150;
		struct course by_run, by_block;

		take_course(&by_run, s, false, bytes, block);
		take_course(&by_block, s, true, bytes, block);
		ck_assert_mem_eq(&by_run, &by_block, sizeof by_run);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive");
	TCase *t = tcase_create("drive");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, the_early_warning_is_met_and_stays);
	tcase_add_test(t, without_early_warning_the_end_is_unannounced);
	tcase_add_test(t, a_defect_fails_the_block_that_covers_it);
	tcase_add_loop_test(t, an_error_leaves_the_drive_in_its_state, 0,
	    sizeof states / sizeof states[0]);
	tcase_add_test(t, a_write_removes_all_later_objects);
	tcase_add_test(t, an_empty_drive_is_not_ready);
	tcase_add_test(t, operations_take_the_time_of_the_model);
	tcase_add_test(t, a_write_protected_volume_is_not_written);
	tcase_add_test(t, runs_of_any_length_end_as_their_blocks_do);
	return run_suite(s);
}
