/*
 * check_measuring.c: what a measure step finds out, on a tape in memory whose
 * times are known.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/steps/pattern.h"
#include "sim/run/steps/program.h"
#include "sim/run/steps/tests/timed_tape.h"
#include "splitter/tests/run_suite.h"

static struct scenario scenario;
static struct scenario_step step;
static struct program_outcome outcome;
static struct model model;
static char err[512];
/* What the drive does to hold its cartridge: see story_device.reload. */
static int held;

static struct tape_library *open_tapes(void *arg, const struct tapes_use *use,
    char *why, size_t why_bytes)
{
	(void)arg, (void)use, (void)why, (void)why_bytes;
	return &timed.library;
}

static void close_tapes(void *arg, struct tape_library *tapes)
{
	(void)arg, (void)tapes;
}

static void set_up(void)
{
	timed_tape_init();
	held = 0;
	model = (struct model){ .media_count = 1,
		.media = { { .capacity_bytes = 16 * (uint64_t)WRAP,
		    .wraps = 16,
		    .speeds = 1,
		    .speeds_bytes_per_s = { 100000000 } } } };
	step = (struct scenario_step){ .does = STEP_MEASURE,
		.size_bytes = 32 << 20 };
	memset(&outcome, 0, sizeof outcome);
	timed_tape_label(HEADER_SCRATCH, "TL0001", "test");
}

static void tear_down(void)
{
	program_clear(&outcome);
	timed_tape_free();
}

static int reload(void *arg, struct tape *tape, struct story_reload *times,
    char *why, size_t why_bytes)
{
	(void)arg, (void)tape;
	*times = (struct story_reload){ .unload_ns = 7000000000,
		.load_ns = 11000000000 };
	snprintf(why, why_bytes, "the drive does not do that");
	return held;
}

static void measure(enum scenario_measures what)
{
	const struct story_device device = {
		.open = open_tapes, .close = close_tapes, .reload = reload
	};
	struct stock *stock =
	    stock_on_device(&scenario, &device, "/", err, sizeof err);
	struct step_tapes tapes = { .stock = stock, .program = "test" };
	const struct program_measurement how = { .step = &step,
		.barcode = "TL0001",
		.seed = 5,
		.block_bytes = BLOCK,
		.model = &model };

	step.measures = what;
	program_measure(&how, &tapes, &outcome);
	step_tapes_clear(&tapes);
	stock_free(stock);
}

static double real(enum metrics_id id)
{
	ck_assert_msg(outcome.values[id].defined, "%s: %s",
	    metrics_def(id)->name, outcome.reason);
	return outcome.values[id].real;
}

static void near(enum metrics_id id, double expected)
{
	ck_assert_double_ge(real(id), 0.98 * expected);
	ck_assert_double_le(real(id), 1.02 * expected);
}

START_TEST(forward_and_reverse_wraps_are_measured_apart)
{
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "done");
	near(METRIC_FORWARD_WRITE_RATE, 100e6);
	near(METRIC_REVERSE_WRITE_RATE, 50e6);
	near(METRIC_FORWARD_READ_RATE, 100e6);
	near(METRIC_REVERSE_READ_RATE, 50e6);
	near(METRIC_MEASURED_READ_RATE, 66.7e6);
	/* The filemark belongs to the writing. */
	near(METRIC_MEASURED_WRITE_RATE, 64.5e6);
	ck_assert_str_eq(outcome.values[METRIC_RESTORED].text, "source");
}
END_TEST

START_TEST(without_a_model_no_wrap_is_known)
{
	model.media[0].speeds = 0;
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "done");
	ck_assert(!outcome.values[METRIC_FORWARD_WRITE_RATE].defined);
	ck_assert(outcome.values[METRIC_MEASURED_WRITE_RATE].defined);
}
END_TEST

START_TEST(every_size_of_blocks_is_read_back)
{
	measure(MEASURE_BLOCKS);
	ck_assert_str_eq(outcome.result, "done");
	/* 4 KiB to 1 MiB, and one that is no power of two. */
	ck_assert_uint_eq(outcome.values[METRIC_BLOCK_SIZES].number, 10);
	ck_assert_uint_eq(outcome.values[METRIC_LARGEST_BLOCK].number, 1 << 20);
}
END_TEST

START_TEST(filemarks_cost_what_the_drive_takes)
{
	step.size_bytes = 1 << 20;
	measure(MEASURE_FILEMARKS);
	near(METRIC_FILEMARK_TIME, FILEMARK_NS / 1e9);
	near(METRIC_SYNC_FILEMARK_TIME, SYNC_NS / 1e9);
}
END_TEST

START_TEST(the_mechanism_is_timed)
{
	measure(MEASURE_POSITIONS);
	near(METRIC_REWIND_TIME, REWIND_NS / 1e9);
	near(METRIC_LOCATE_TIME, LOCATE_NS / 1e9);
	near(METRIC_UNLOAD_TIME, 7);
	near(METRIC_LOAD_TIME, 11);
	ck_assert_uint_eq(timed.loads, 1);
}
END_TEST

/* The time that a robot or a person takes is not the drive's. */
START_TEST(a_drive_that_cannot_hold_a_cartridge_has_no_times)
{
	held = 1;
	measure(MEASURE_POSITIONS);
	near(METRIC_LOCATE_TIME, LOCATE_NS / 1e9);
	ck_assert(!outcome.values[METRIC_UNLOAD_TIME].defined);
	ck_assert(!outcome.values[METRIC_LOAD_TIME].defined);
	ck_assert_str_eq(outcome.result, "done");
	ck_assert_uint_eq(timed.loads, 1);
}
END_TEST

START_TEST(a_cartridge_that_is_not_loaded_again_fails_the_step)
{
	held = -1;
	measure(MEASURE_POSITIONS);
	ck_assert_str_eq(outcome.result, "failed");
	ck_assert_str_eq(outcome.reason,
	    "volume TL0001: the drive does not do that");
}
END_TEST

START_TEST(both_ends_are_found_and_everything_is_read_back)
{
	measure(MEASURE_ENDS);
	ck_assert_str_eq(outcome.result, "done");
	/* A label and a header come first. */
	ck_assert_uint_eq(outcome.values[METRIC_LEOM_BYTES].number,
	    (39 << 20) - BLOCK + BLOCK - BLOCK);
	ck_assert_uint_eq(outcome.values[METRIC_PEOM_BYTES].number,
	    (40 << 20) - 2 * BLOCK);
	ck_assert_str_eq(outcome.values[METRIC_RESTORED].text, "source");
}
END_TEST

START_TEST(a_byte_that_was_changed_is_found)
{
	timed.damaged = 100;
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "failed");
	ck_assert_ptr_nonnull(strstr(outcome.difference, "differs"));
	ck_assert_str_eq(outcome.values[METRIC_RESTORED].text, "different");
}
END_TEST

START_TEST(after_an_error_nothing_more_is_written)
{
	timed.fail_at = 50;
	timed.fail = TAPE_MEDIUM_ERROR;
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "failed");
	ck_assert_int_eq(outcome.cause, TAPE_MEDIUM_ERROR);
	ck_assert_uint_eq(timed.count, 50);
}
END_TEST

/* A volume that may not be measured with is left as it is. */
static void is_refused(void)
{
	size_t before = timed.count;

	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "failed");
	ck_assert_ptr_nonnull(strstr(outcome.reason, "label it first"));
	ck_assert_uint_eq(timed.count, before);
}

START_TEST(a_blank_volume_is_not_written)
{
	timed.count = 0;
	is_refused();
}
END_TEST

START_TEST(a_volume_of_another_name_is_not_written)
{
	timed_tape_label(HEADER_SCRATCH, "TL0002", "test");
	is_refused();
}
END_TEST

START_TEST(a_volume_with_a_dump_is_not_written)
{
	timed_tape_label(HEADER_LABEL, "TL0001", "test");
	is_refused();
}
END_TEST

START_TEST(a_scratch_volume_that_is_not_for_tests_is_not_written)
{
	timed_tape_label(HEADER_SCRATCH, "TL0001", "");
	is_refused();
}
END_TEST

START_TEST(a_pattern_depends_on_seed_and_offset_alone)
{
	struct pattern *a = pattern_new(1, BLOCK, false);
	struct pattern *b = pattern_new(2, BLOCK, false);
	uint64_t bytes = 3 * BLOCK, again = BLOCK;
	const char *run = pattern_blocks(a, 0, BLOCK, &bytes);
	char *copy = malloc(3 * BLOCK);

	ck_assert_uint_eq(bytes, 3 * BLOCK);
	memcpy(copy, run, 3 * BLOCK);
	ck_assert(pattern_same(a, BLOCK, copy + BLOCK, BLOCK));
	ck_assert(!pattern_same(a, 0, copy + BLOCK, BLOCK));
	ck_assert(!pattern_same(b, BLOCK, copy + BLOCK, BLOCK));
	/* Another run begins elsewhere, with the same block. */
	run = pattern_blocks(a, BLOCK, BLOCK, &again);
	ck_assert_int_eq(memcmp(run, copy + BLOCK, BLOCK), 0);
	copy[2 * BLOCK - 1] ^= 1;
	ck_assert(!pattern_same(a, BLOCK, copy + BLOCK, BLOCK));
	free(copy);
	pattern_free(a);
	pattern_free(b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("measuring");
	TCase *tcase = tcase_create("measuring");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, forward_and_reverse_wraps_are_measured_apart);
	tcase_add_test(tcase, without_a_model_no_wrap_is_known);
	tcase_add_test(tcase, every_size_of_blocks_is_read_back);
	tcase_add_test(tcase, filemarks_cost_what_the_drive_takes);
	tcase_add_test(tcase, the_mechanism_is_timed);
	tcase_add_test(tcase,
	    a_drive_that_cannot_hold_a_cartridge_has_no_times);
	tcase_add_test(tcase,
	    a_cartridge_that_is_not_loaded_again_fails_the_step);
	tcase_add_test(tcase, both_ends_are_found_and_everything_is_read_back);
	tcase_add_test(tcase, a_byte_that_was_changed_is_found);
	tcase_add_test(tcase, after_an_error_nothing_more_is_written);
	tcase_add_test(tcase, a_blank_volume_is_not_written);
	tcase_add_test(tcase, a_volume_of_another_name_is_not_written);
	tcase_add_test(tcase, a_volume_with_a_dump_is_not_written);
	tcase_add_test(tcase,
	    a_scratch_volume_that_is_not_for_tests_is_not_written);
	tcase_add_test(tcase, a_pattern_depends_on_seed_and_offset_alone);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}
