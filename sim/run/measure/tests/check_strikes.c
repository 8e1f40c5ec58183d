/*
 * check_strikes.c: every kind of fault reports whether, how often and where it
 * struck, and a scenario fails if a fault did not strike as it says.
 *
 * A dump of 32 blocks in parts of 8.  A volume begins with a label of 64 KiB, a
 * part with a header of 64 KiB; filemarks take no room.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/measure/implied.h"
#include "sim/run/run.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

enum { K = 1024, TEXT_BYTES = 2048 };

struct row {
	const char *fault, *cache;
	uint64_t strikes;
	/* The first strike. */
	size_t attempt;
	const char *volume;
	uint64_t drive;
	int64_t medium_byte, dump_byte; /* -1: none */
	bool reading_back;
};

#define SLICES "slices\n  slices: [100 kB, 300 kB, 900 kB]"

static const struct row rows[] = {
	{ "{fail: write, volume: 1, at: 200 KiB}", "memory", 1, 1, "TL0001", 1,
	    192 * K, -1, false },
	{ "{fail: write, volume: 1, block: 12}", "memory", 1, 0, "TL0001", 1,
	    640 * K, -1, false },
	{ "{fail: write, volume: 1, at: 200 KiB, sense: recovered_write}",
	    "none", 1, 1, "TL0001", 1, 192 * K, -1, false },
	{ "{fail: read, volume: 1, at: 200 KiB, recover_after: 2}", "none", 3,
	    0, "TL0001", 1, 192 * K, -1, true },
	{ "{fail: slow, volume: 1, at: 200 KiB, length: 128 KiB, slowdown: 3}",
	    "none", 6, 1, "TL0001", 1, 192 * K, -1, false },
	{ "{fail: block, nth: 10}", "memory", 6, 2, "TL0001", 1, -1, -1,
	    false },
	{ "{fail: block, nth: 10, once: true}", "memory", 1, 2, "TL0001", 1, -1,
	    -1, false },
	{ "{fail: block, nth: 10, once: true, cause: deferred_error}", "memory",
	    1, 2, "TL0001", 1, -1, -1, false },
	{ "{fail: header, nth: 2, once: true}", "none", 1, 0, "TL0001", 1, -1,
	    -1, false },
	{ "{fail: filemark, nth: 1, once: true}", "memory", 1, 1, "TL0001", 1,
	    -1, -1, false },
	{ "{fail: label, nth: 1, once: true}", "none", 1, 0, "TL0001", 1, -1,
	    -1, false },
	{ "{fail: load, nth: 1, once: true}", "none", 1, 0, "", 0, -1, -1,
	    false },
	{ "{fail: move, nth: 1, mode: stuck, once: true}", "none", 1, 0,
	    "TL0001", 0, -1, -1, false },
	{ "{fail: move, nth: 1, mode: wrong_cartridge, once: true}", "none", 1,
	    0, "TL0001", 1, -1, -1, false },
	{ "{fail: barcode, volume: 1}", "none", 1, 0, "TL0001", 1, -1, -1,
	    false },
	{ "{fail: drive, operation: write, nth: 12, once: true}", "memory", 1,
	    2, "TL0001", 1, 704 * K, -1, false },
	{ "{fail: drive, operation: write, mode: slow, slowdown: 2}", "none",
	    38, 0, "TL0001", 1, 0, -1, false },
	{ "{fail: drive, operation: load, nth: 1, once: true}", "none", 1, 0,
	    "TL0001", 1, 0, -1, false },
	{ "{fail: spool_write, at: 100 KiB, once: true}", "spool", 1, 1, "", 0,
	    -1, 100 * K, false },
	{ "{fail: stall, at: 1 MiB, duration: 5 s}", "none", 1, 2, "", 0, -1,
	    K *K, false },
	{ "{fail: producer, at: 1 MiB}", "none", 1, 2, "", 0, -1, K *K, false },
	{ "{fail: cancel, at: 1 MiB}", "none", 1, 2, "", 0, -1, K *K, false },
	{ "{fail: cancel, after_time: 1 s}", "none", 1, 1, "", 0, -1, 0,
	    false },
	{ "{fail: slice_announcement, nth: 2}", SLICES, 1, 1, "", 0, -1, 100000,
	    false },
};

/* Runs a scenario with these faults; the caller frees the results. */
static struct results_scenario *run(const char *faults, const char *cache,
    const char *expect)
{
	static const struct run_options options = { .seed = 1 };
	struct results_scenario *results;
	char text[TEXT_BYTES], err[512];
	struct scenario_text read;

	snprintf(text, sizeof text,
	    "title: strikes\n"
	    "library:\n"
	    "  drives: [instant]\n"
	    "  volumes: {count: 6, capacity: 8 MiB}\n"
	    "dump: {size: 2 MiB, rate: 512 KiB/s}\n"
	    "splitter:\n"
	    "  block: 64 KiB\n"
	    "  buffer: 256 KiB\n"
	    "  part: 512 KiB\n"
	    "  max_failed_volumes: 6\n"
	    "  cache: %s\n"
	    "faults:\n%s"
	    "expect:\n  - %s\n",
	    cache, faults, expect);
	scenario_text_read(&read, text, strlen(text));
	ck_assert_msg(read.scenario != NULL, "%s\n%s", text, read.errors);
	ck_assert_int_eq(run_scenario(read.scenario, "s", "s.yaml", &options,
			     &results, err, sizeof err),
	    RUN_JUDGED);
	scenario_text_clear(&read);
	return results;
}

static struct results_scenario *run_one(const char *fault, const char *cache,
    const char *expect)
{
	char faults[TEXT_BYTES];

	snprintf(faults, sizeof faults, "  - %s\n", fault);
	return run(faults, cache, expect);
}

START_TEST(a_fault_says_where_it_struck)
{
	const struct row *row = &rows[_i];
	struct results_scenario *s =
	    run_one(row->fault, row->cache, "parts != 999");
	const struct results_fault *f = &s->faults[0];
	const struct results_strike *at = f->places;

	ck_assert_uint_eq(s->faults_count, 1);
	ck_assert_str_eq(f->text, row->fault);
	ck_assert_int_eq(strncmp(f->text + 7, f->kind, strlen(f->kind)), 0);
	ck_assert_msg(f->strikes == row->strikes, "%s: %llu strikes",
	    row->fault, (unsigned long long)f->strikes);
	ck_assert_uint_eq(f->places_count,
	    f->strikes < RESULTS_STRIKES_MAX ? f->strikes
					     : RESULTS_STRIKES_MAX);
	ck_assert_msg(at->attempt == row->attempt, "%s: attempt %zu",
	    row->fault, at->attempt);
	ck_assert_str_eq(at->volume, row->volume);
	ck_assert_msg(at->drive == row->drive, "%s: drive %llu", row->fault,
	    (unsigned long long)at->drive);
	ck_assert_uint_eq(at->dump, row->reading_back ? 0 : 1);
	ck_assert_int_eq(at->on_medium, row->medium_byte >= 0);
	if (at->on_medium)
		ck_assert_int_eq((int64_t)at->medium_byte, row->medium_byte);
	ck_assert_int_eq(at->in_dump, row->dump_byte >= 0);
	if (at->in_dump)
		ck_assert_int_eq((int64_t)at->dump_byte, row->dump_byte);
	ck_assert_int_eq(at->reading_back, row->reading_back);
	results_scenario_free(s);
}
END_TEST

/* Retries read the part cache; the damaged bytes are those of a failed part. */
START_TEST(a_damaged_cache_strikes_when_a_retry_reads_it)
{
	static const struct {
		const char *fault, *cache;
		uint64_t dump_byte;
	} damages[] = {
		{ "{fail: spool_read, at: 600 KiB}", "spool", 600 * K },
		{ "{fail: slice, nth: 3, mode: missing}", SLICES, 512 * K },
		{ "{fail: slice, nth: 3, mode: truncated}", SLICES, 600000 },
		{ "{fail: slice, nth: 3, mode: corrupt}", SLICES, 600000 },
	};
	char faults[TEXT_BYTES];
	struct results_scenario *s;
	const struct results_fault *f;

	snprintf(faults, sizeof faults,
	    "  - %s\n  - {fail: filemark, nth: 2, once: true}\n",
	    damages[_i].fault);
	s = run(faults, damages[_i].cache, "outcome == PARTIAL");
	f = &s->faults[0];
	ck_assert_int_eq(s->status, RESULTS_PASSED);
	ck_assert_uint_eq(f->strikes, 1);
	ck_assert_uint_eq(f->places[0].dump_byte, damages[_i].dump_byte);
	ck_assert_uint_eq(f->places[0].attempt, 3);
	results_scenario_free(s);
}
END_TEST

START_TEST(each_fault_of_the_robot_has_its_own_strikes)
{
	struct results_scenario *s =
	    run("  - {fail: move, nth: 1, mode: stuck, once: true}\n"
		"  - {fail: move, nth: 2, mode: source_empty, once: true}\n",
		"none", "outcome == DONE");

	ck_assert_int_eq(s->status, RESULTS_PASSED);
	ck_assert_uint_eq(s->faults[0].strikes, 1);
	ck_assert_uint_eq(s->faults[1].strikes, 1);
	results_scenario_free(s);
}
END_TEST

START_TEST(a_strike_has_its_time)
{
	struct results_scenario *s =
	    run_one("{fail: stall, at: 1 MiB, duration: 5 s}", "none",
		"outcome == DONE");

	/* The source brings 512 KiB in a second. */
	ck_assert_int_eq(s->faults[0].places[0].at_ns, 2000000000);
	results_scenario_free(s);
}
END_TEST

static void check_failed(struct results_scenario *s, int line, const char *text,
    const char *actual)
{
	const struct results_expectation *e = &s->expectations[1];

	ck_assert_int_eq(s->status, RESULTS_FAILED);
	ck_assert_uint_eq(s->expectations_count, 2);
	ck_assert(s->expectations[0].passed && !s->expectations[0].implied);
	ck_assert(!e->passed && e->implied);
	ck_assert_int_eq(e->line, line);
	ck_assert_str_eq(e->text, text);
	ck_assert_ptr_nonnull(strstr(e->actual, actual));
	results_scenario_free(s);
}

START_TEST(a_fault_that_never_strikes_fails_the_scenario)
{
	check_failed(run_one("{fail: block, nth: 33}", "none",
			 "outcome == DONE"),
	    13, "{fail: block, nth: 33} strikes", "it never struck");
}
END_TEST

START_TEST(an_interrupted_run_may_not_have_reached_a_fault)
{
	const struct scenario none = { .dumps_count = 0 };
	struct results_expectation e[1];
	char text[] = "{fail: read}";
	struct results_fault fault = { .text = text, .line = 7 };
	struct results_scenario s = {
		.faults = &fault, .faults_count = 1, .expectations = e
	};

	ck_assert_int_eq(implied_judge(&none, true, &s), 0);
	ck_assert_uint_eq(s.expectations_count, 1);
	ck_assert_str_eq(e[0].text, "{fail: read} strikes");
	ck_assert_str_eq(e[0].actual,
	    "it was not reached: the run was interrupted");
	ck_assert_int_eq(s.status, RESULTS_FAILED);
	free(e[0].text);
	free(e[0].actual);
	free(e[0].known);
}
END_TEST

START_TEST(an_unreached_fault_that_strikes_fails_the_scenario)
{
	check_failed(run_one("{fail: stall, at: 1 MiB, duration: 5 s, "
			     "unreached: true}",
			 "none", "outcome == DONE"),
	    13,
	    "{fail: stall, at: 1 MiB, duration: 5 s, unreached: true} never "
	    "strikes",
	    "it struck 1 time");
}
END_TEST

START_TEST(an_unreached_fault_that_does_not_strike_passes)
{
	struct results_scenario *s =
	    run_one("{fail: block, nth: 33, unreached: true}", "none",
		"outcome == DONE");

	ck_assert_int_eq(s->status, RESULTS_PASSED);
	ck_assert_uint_eq(s->expectations_count, 1);
	results_scenario_free(s);
}
END_TEST

START_TEST(a_dump_that_is_not_done_fails_unless_that_is_expected)
{
	check_failed(run_one("{fail: block, nth: 10, once: true}", "none",
			 "failed_attempts == 1"),
	    1, "outcome == DONE, because no expectation is about it",
	    "PARTIAL: ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("strikes");
	TCase *tc = tcase_create("strikes");

	tcase_add_loop_test(tc, a_fault_says_where_it_struck, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_loop_test(tc, a_damaged_cache_strikes_when_a_retry_reads_it,
	    0, 4);
	tcase_add_test(tc, each_fault_of_the_robot_has_its_own_strikes);
	tcase_add_test(tc, a_strike_has_its_time);
	tcase_add_test(tc, a_fault_that_never_strikes_fails_the_scenario);
	tcase_add_test(tc, an_interrupted_run_may_not_have_reached_a_fault);
	tcase_add_test(tc, an_unreached_fault_that_strikes_fails_the_scenario);
	tcase_add_test(tc, an_unreached_fault_that_does_not_strike_passes);
	tcase_add_test(tc,
	    a_dump_that_is_not_done_fails_unless_that_is_expected);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
