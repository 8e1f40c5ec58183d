/*
 * check_reading_sweep.c: each call fails in turn while scenarios are read.
 *
 * For each, there is an error at the scenario's path, or the complete scenario,
 * and everything is freed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/suite/suite.h"
#include "sim/tests/failing_libraries.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/failing/sweep.h"

/* A scenario with every section, and each kind of value that is copied. */
static const char whole[] =
    "title: Whole\n"
    "library:\n"
    "  drives: [lto8, instant]\n"
    "  volumes:\n"
    "    - {barcode: ONE, capacity: 1 GiB}\n"
    "    - {count: 3, capacity: 2 GiB, early_warning: 8 MiB}\n"
    "dump: {source: random, size: 3 GiB, rate: 100..300 MB/s}\n"
    "splitter:\n"
    "  {block: 256 KiB, buffer: 4 MiB, part: 1 GiB, cache: slices,\n"
    "  slices: [100 MiB, 200 MiB, 300 MiB]}\n"
    "faults:\n"
    "  - {volume: 1, at: 1 MiB, fail: write, sense: medium_error}\n"
    "  - {fail: slice, nth: 2, mode: corrupt}\n"
    "expect:\n"
    "  - outcome == DONE\n"
    "  - attempts != none\n"
    "  - attempts != 1:2  3:4 | 5:6F\n"
    "  - write_rate_mean >= 10 MB/s\n";

static const char spool[] =
    "title: With a spool and a recorded feed\n"
    "library: {drives: [lto8], volumes: {count: 2, capacity: 1 GiB}}\n"
    "dump: {source: a file, feed: {trace: {file: a trace}}}\n"
    "splitter: {part: 1 GiB, cache: spool, spool: {dir: here}}\n";

/* A scenario whose mistakes are reported with suggestions. */
static const char faulty[] =
    "titel: Faulty\n"
    "library: {drives: [lot8], volumes: {count: x, capacity: 1 GiBB}}\n"
    "dump: {source: random, size: 1}\n"
    "expect: [outcom == DONE, outcome == DON, attempts == 1:1F |]\n";

static const struct {
	const char *name, *text;
	bool good;
} texts[] = {
	{ "a whole scenario", whole, true },
	{ "one with a spool", spool, true },
	{ "a faulty one", faulty, false },
	{ "no YAML", "title: [\n  - {a: b\n", false },
};

static char scratch[] = "/tmp/tapelab-reading-XXXXXX";
static char path[128];

static void put(const char *name, const char *text)
{
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", scratch, name);
	f = fopen(path, "w");
	ck_assert(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void setup(void)
{
	failing_libraries();
	strcpy(scratch + sizeof scratch - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	put("a file", "the source of a dump");
	put("a trace", "time_ns\tbytes\n1\t2\n3\t4\n5\t6\n");
}

static void remove_file(const char *name)
{
	snprintf(path, sizeof path, "%s/%s", scratch, name);
	unlink(path);
}

static void teardown(void)
{
	remove_file("a file");
	remove_file("a trace");
	remove_file("one.yaml");
	remove_file("two.yaml");
	remove_file("errors");
	ck_assert_int_eq(rmdir(scratch), 0);
}

struct reading {
	bool good; /* it can be read if no call fails */
	unsigned errors;
	struct sweep_run *run;
};

static void gather(void *arg, const char *message)
{
	struct reading *r = arg;
	size_t used;

	ck_assert_msg(strncmp(message, path, strlen(path)) == 0, "%s", message);
	ck_assert_msg(strlen(message) > strlen(path) + 8, "%s", message);
	r->errors++;
	used = strlen(r->run->message);
	snprintf(r->run->message + used, sizeof r->run->message - used, "%s\n",
	    message);
}

static void read_it(void *arg, struct sweep_run *run)
{
	struct reading *r = arg;
	struct scenario *s;

	r->errors = 0;
	r->run = run;
	s = scenario_read(path, gather, r);
	failing_end();
	if ((s == NULL) != (r->errors > 0))
		strcpy(run->wrong, "neither a scenario nor an error, or both");
	else if (s != NULL && !r->good)
		strcpy(run->wrong, "it was read, and is wrong");
	else if (s != NULL && s->expects_count == 0 && r->good &&
	    s->dumps[0].splitter.cache == SPLITTER_CACHE_SLICES)
		strcpy(run->wrong, "it was not read as a whole");
	run->reported = r->good && s == NULL;
	scenario_free(s);
}

START_TEST(no_failing_call_reads_a_scenario_in_part)
{
	struct reading r = { .good = texts[_i].good };
	const struct sweep s = { .name = texts[_i].name,
		.body = read_it,
		.arg = &r,
		.reported_min = r.good ? 100 : 0 };

	put("one.yaml", texts[_i].text);
	sweep(&s);
}
END_TEST

/* Returns the new output on stderr, which is a file. */
static void take_errors(char *said, size_t bytes)
{
	ssize_t n;

	fflush(stderr);
	n = pread(fileno(stderr), said, bytes - 1, 0);
	said[n > 0 ? n : 0] = '\0';
	rewind(stderr);
	ck_assert_int_eq(ftruncate(fileno(stderr), 0), 0);
}

static void read_folder(void *arg, struct sweep_run *run)
{
	struct suite suite = { 0 };
	int added, read = -1;

	(void)arg;
	added = suite_add(&suite, scratch, NULL);
	if (added == 0)
		read = suite_read(&suite);
	failing_end();
	run->reported = read != 0;
	take_errors(run->message, sizeof run->message);
	if (added != 0) /* the caller reports it */
		strcpy(run->message, "out of memory");
	if (read == 0 && suite.count != 2)
		strcpy(run->wrong, "a scenario was skipped");
	suite_free(&suite);
}

START_TEST(no_failing_call_skips_a_scenario)
{
	const struct sweep s = {
		.name = "a folder", .body = read_folder, .reported_min = 20
	};

	put("two.yaml", spool);
	put("one.yaml", spool);
	snprintf(path, sizeof path, "%s/errors", scratch);
	ck_assert_ptr_nonnull(freopen(path, "w+", stderr));
	sweep(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reading_sweep");
	TCase *tc = tcase_create("reading");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, no_failing_call_reads_a_scenario_in_part, 0,
	    sizeof texts / sizeof *texts);
	tcase_add_test(tc, no_failing_call_skips_a_scenario);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
