/*
 * check_leap.c: leaps change no result.
 *
 * Each scenario is run with leaps and without, and the digests of the two runs
 * are compared: attempts, volumes, marks, metrics, series.
 *
 *   LEAP_FROM=N    the first seed
 *   LEAP_CASES=N   how many
 *
 * A scenario that differs is stored in TMPDIR, and the command that repeats it
 * is printed.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/run.h"
#include "sim/run/tests/leap_case.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/suite_number.h"

enum { CASES = 150, FAILURES_MAX = 5 };

/* Returns the text of a case; the caller frees it. */
static char *text_of(uint64_t seed)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	ck_assert_ptr_nonnull(out);
	leap_case_write(seed, out);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

/*
 * Runs the scenario twice.  Returns the status of the comparison, and how many
 * cycles were leapt over.
 */
static enum run_status compare(const char *text, uint64_t seed, uint64_t *leapt,
    char *err, size_t err_bytes)
{
	struct run_options options = { .seed = seed,
		.check_determinism =
		    true, /* The read-back takes as long as the dump, and does not leap. */
		.figures_only = seed % 8 != 0,
		.leapt = leapt };
	struct results_scenario *results;
	struct scenario_text read;
	enum run_status status;

	*leapt = 0;
	scenario_text_read(&read, text, strlen(text));
	ck_assert_msg(read.scenario != NULL, "seed %" PRIu64 ": %s\n%s", seed,
	    read.errors, text);
	status = run_scenario(read.scenario, "leap", "leap.yaml", &options,
	    &results, err, err_bytes);
	if (status != RUN_IMPOSSIBLE)
		results_scenario_free(results);
	scenario_text_clear(&read);
	return status;
}

/* Stores a scenario that differs. */
static void keep(const char *text, uint64_t seed)
{
	const char *folder = getenv("TMPDIR");
	char path[512];
	FILE *out;

	snprintf(path, sizeof path, "%s/leap-%" PRIu64 ".yaml",
	    folder != NULL ? folder : "/tmp", seed);
	out = fopen(path, "w");
	if (out == NULL || fputs(text, out) < 0 || fclose(out) != 0)
		perror(path);
	printf("seed %" PRIu64 " differs; again: tapelab run "
	       "--check-determinism --seed %" PRIu64 " %s\n",
	    seed, seed, path);
	fflush(stdout);
}

START_TEST(random_scenarios_are_the_same_without_leaps)
{
	uint64_t from = suite_number("LEAP_FROM", 1);
	uint64_t count = suite_number("LEAP_CASES",
	    CASES * 3 / (2 + SANITIZED) / part_step(3));
	uint64_t leapt, with = 0, failed = 0;
	char err[512], *text;

	for (uint64_t i = 0; i < count && failed < FAILURES_MAX; i++) {
		text = text_of(from + i);
		switch (compare(text, from + i, &leapt, err, sizeof err)) {
		case RUN_JUDGED:
			break;
		case RUN_BROKEN:
			keep(text, from + i);
			failed++;
			break;
		default:
			ck_abort_msg("seed %" PRIu64 ": %s\n%s", from + i, err,
			    text);
		}
		with += leapt > 0;
		free(text);
	}
	printf("leap: %" PRIu64 " cases, %" PRIu64 " with leaps, %" PRIu64
	       " differ\n",
	    count, with, failed);
	ck_assert_uint_eq(failed, 0);
	/* A test of leaps that does not leap tests nothing. */
	ck_assert_uint_ge(with, count / 3);
}
END_TEST

/*
 * Four cases in which a leap is easily too long.  An LTO-8 drive without a
 * buffer writes 360 MB/s.
 */
#define LEAP_CASE(size, buffer, part, feed)                          \
	"title: A case of check_leap\n"                              \
	"library:\n"                                                 \
	"  drives: [lto8]\n"                                         \
	"  volumes: {count: 1, capacity: 12 TB}\n"                   \
	"  behaviour: {buffered: false}\n"                           \
	"dump: {source: random, size: " size ", feed: {" feed "}}\n" \
	"splitter: {block: 512 KiB, buffer: " buffer ", part: " part "}\n"

static void expect_same(const char *text)
{
	uint64_t leapt;
	char err[512];

	ck_assert_msg(compare(text, 1, &leapt, err, sizeof err) == RUN_JUDGED,
	    "%s", err);
	ck_assert_uint_gt(leapt, 100);
}

/*
 * The feed was faster than the tape, and is slower now: the fill falls, but the
 * next pieces still find the buffer full.
 */
START_TEST(a_full_buffer_has_no_room_although_its_fill_falls)
{
	expect_same(LEAP_CASE("400 GB", "512 MiB", "0 B",
	    "bursts: {rate: 500 MB/s, on_time: 20 s, off_time: 10 s, "
	    "off_rate: 350 MB/s}"));
}
END_TEST

/* Between two bursts no piece comes, whatever the rate of the burst is. */
START_TEST(the_next_piece_comes_after_a_gap)
{
	expect_same(LEAP_CASE("400 GB", "1 GiB", "0 B",
	    "bursts: {rate: 500 MB/s, on_time: 2 s, off_time: 3 s}"));
}
END_TEST

/*
 * The piece that is under way takes the time of the segment before.  Here it has
 * to wait for room, which hides that it had to open a file.
 */
START_TEST(the_piece_under_way_has_the_rate_of_another_segment)
{
	expect_same(LEAP_CASE("40 GB", "8 MiB", "0 B",
	    "files: {rate: 900 MB/s, overhead: 300 us, size: 9700 KiB}"));
	expect_same(LEAP_CASE("400 GB", "256 MiB", "0 B",
	    "uniform: {rate: 300..420 MB/s, every: 500 ms}"));
}
END_TEST

/*
 * The fill rises to the highest fill so far, and a little more.  The feed
 * waits for the load, and all is in one wrap: at a turn the buffer would become
 * full.
 */
START_TEST(the_highest_fill_is_found)
{
	expect_same(LEAP_CASE("50 GB", "96 MiB", "0 B",
	    "bursts: {rate: 376..380 MB/s, on_time: 3..4 s, off_time: 400 ms, "
	    "off_rate: 200 MB/s}") "faults:\n  - {fail: stall, at: 1 MB, duration: 1 min}\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("leap");
	TCase *t = tcase_create("leap");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 3600);
	/* The volumes are small, and many. */
	if (getenv("TMPDIR") == NULL && access("/dev/shm", W_OK | X_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	tcase_add_test(t, a_full_buffer_has_no_room_although_its_fill_falls);
	tcase_add_test(t, the_next_piece_comes_after_a_gap);
	tcase_add_test(t, the_piece_under_way_has_the_rate_of_another_segment);
	tcase_add_test(t, the_highest_fill_is_found);
	tcase_add_test(t, random_scenarios_are_the_same_without_leaps);
	return run_suite(s);
}
