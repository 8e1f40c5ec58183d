/*
 * check_together.c: several dumps on one clock, with what they share.
 */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"

enum { DUMPS_MAX = 40, TEXT_BYTES = 32768 };

static char text[TEXT_BYTES];

static void __attribute__((format(printf, 1, 2))) add(const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	ck_assert_int_lt(vsnprintf(text + used, sizeof text - used, format,
			     args),
	    (int)(sizeof text - used));
	va_end(args);
}

/* Begins a scenario with drives that take no time. */
static void begin(unsigned drives, unsigned volumes)
{
	text[0] = '\0';
	add("title: t\nlibrary:\n  drives: [instant");
	while (drives-- > 1)
		add(", instant");
	add("]\n  volumes: {count: %u, capacity: 1 MiB, early_warning: 128 "
	    "KiB}\nsplitter: {block: 16 KiB, buffer: 64 KiB, part: 128 KiB, "
	    "cache: memory}\ndumps:\n",
	    volumes);
}

/* Dump `i`, whose size and rate depend on its number only. */
static void add_dump(unsigned i)
{
	add("  - {name: d%u, size: %u KiB, rate: %u..%u kB/s}\n", i,
	    300 + i * 37 % 900, 100 + i * 13 % 70, 200 + i * 7 % 90);
}

static struct results_scenario *run_text(bool real)
{
	const struct run_options options = { .seed = 7, .real = real };
	struct results_scenario *results = NULL;
	struct scenario_text read;
	char err[512] = "";

	scenario_text_read(&read, text, strlen(text));
	ck_assert_msg(read.scenario != NULL, "%s%s", text, read.errors);
	ck_assert_msg(run_scenario(read.scenario, "t", "t.yaml", &options,
			  &results, err, sizeof err) == RUN_JUDGED,
	    "%s", err);
	scenario_text_clear(&read);
	return results;
}

static double find(const struct results_metric *metrics, size_t count,
    const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(metrics[i].name, name) == 0)
			return metrics[i].real;
	ck_abort_msg("no metric %s", name);
	return 0;
}

static double metric(const struct results_dump *d, const char *name)
{
	return find(d->metrics, d->metrics_count, name);
}

static void must_be_alike(const struct results_dump *a,
    const struct results_dump *b)
{
	ck_assert_str_eq(a->name, b->name);
	ck_assert_str_eq(a->outcome, b->outcome);
	ck_assert_uint_eq(a->safe_bytes, b->safe_bytes);
	ck_assert_int_eq(a->ended_ns, b->ended_ns);
	ck_assert_uint_eq(a->attempts_count, b->attempts_count);
	for (size_t i = 0; i < a->attempts_count; i++) {
		ck_assert_uint_eq(a->attempts[i].bytes, b->attempts[i].bytes);
		ck_assert_str_eq(a->attempts[i].end, b->attempts[i].end);
		ck_assert(a->attempts[i].seconds == b->attempts[i].seconds);
	}
}

static const unsigned counts[] = { 1, 2, 3, 16, 17, 40 };

/*
 * With a drive for each, dumps do not wait for each other.  Up to 16 the world
 * scans for the earliest event, and beyond it has a heap.
 */
START_TEST(a_dump_takes_the_same_course_beside_others_as_alone)
{
	unsigned count = counts[_i];
	struct results_scenario *all, *alone;

	begin(count, 2 * count);
	for (unsigned i = 0; i < count; i++)
		add_dump(i);
	all = run_text(false);
	ck_assert_uint_eq(all->dumps_count, count);
	for (unsigned i = 0; i < count; i += 1 + count / 5) {
		begin(1, 2);
		add_dump(i);
		alone = run_text(false);
		must_be_alike(&all->dumps[i], &alone->dumps[0]);
		results_scenario_free(alone);
	}
	results_scenario_free(all);
}
END_TEST

/* Returns when the first volume of a dump was loaded. */
static int64_t first_load_ns(const struct results_dump *d)
{
	for (size_t i = 0; i < d->marks_count; i++)
		if (d->marks[i].kind == RESULTS_MARK_VOLUME)
			return d->marks[i].at_ns;
	ck_abort_msg("dump %s has no volume", d->name);
	return -1;
}

START_TEST(waiting_dumps_are_served_in_the_order_of_time_and_index)
{
	struct results_scenario *s;

	begin(1, 4);
	add("  - {name: first, size: 512 KiB, rate: 1 MB/s}\n"
	    "  - {name: late, size: 256 KiB, rate: 1 MB/s, start: 200 ms}\n"
	    "  - {name: early, size: 256 KiB, rate: 1 MB/s, start: 100 ms}\n"
	    "  - {name: same, size: 256 KiB, rate: 1 MB/s, start: 100 ms}\n");
	s = run_text(false);
	ck_assert_str_eq(s->outcome, "DONE");
	ck_assert_int_eq(first_load_ns(&s->dumps[2]), s->dumps[0].ended_ns);
	ck_assert_int_eq(first_load_ns(&s->dumps[3]), s->dumps[2].ended_ns);
	ck_assert_int_eq(first_load_ns(&s->dumps[1]), s->dumps[3].ended_ns);
	ck_assert(metric(&s->dumps[0], "drive_wait") == 0);
	for (size_t i = 1; i < 4; i++)
		ck_assert(metric(&s->dumps[i], "drive_wait") > 0);
	results_scenario_free(s);
}
END_TEST

/* Many dumps, few drives, and two volumes for each. */
START_TEST(no_dump_waits_for_ever)
{
	struct results_scenario *s;

	begin((unsigned)_i, 2 * DUMPS_MAX);
	for (unsigned i = 0; i < DUMPS_MAX; i++)
		add_dump(i);
	s = run_text(false);
	ck_assert_str_eq(s->outcome, "DONE");
	ck_assert_str_eq(s->problem, "");
	results_scenario_free(s);
}
END_TEST

START_TEST(a_dump_that_waits_for_a_drive_can_be_cancelled)
{
	struct results_scenario *s;

	begin(1, 2);
	add("  - {name: holder, size: 512 KiB, rate: 1 MB/s}\n"
	    "  - {name: waiter, size: 256 KiB, start: 50 ms}\n"
	    "faults:\n"
	    "  - {fail: cancel, dump: waiter, after_time: 100 ms}\n");
	s = run_text(_i == 1);
	ck_assert_str_eq(s->dumps[0].outcome, "DONE");
	ck_assert_str_eq(s->dumps[1].outcome, "FAILED");
	ck_assert_uint_eq(s->dumps[1].volumes_count, 0);
	ck_assert_int_lt(s->dumps[1].ended_ns, s->dumps[0].ended_ns);
	/* From its start to the cancellation. */
	if (_i == 0)
		ck_assert(metric(&s->dumps[1], "drive_wait") == 0.1);
	results_scenario_free(s);
}
END_TEST

/*
 * An injected fault of a load is met before the library is asked.  A dump that
 * then ends must leave the drive, and the volume, to the others.
 */
START_TEST(a_load_that_fails_keeps_no_drive)
{
	struct results_scenario *s;

	begin(1, 1);
	add("  - {name: fails, size: 256 KiB}\n"
	    "  - {name: other, size: 256 KiB}\n"
	    "faults:\n"
	    "  - {fail: load, dump: fails, nth: 1, cause: medium_error, once: "
	    "false}\n");
	s = run_text(_i == 1);
	ck_assert_str_eq(s->dumps[0].outcome, "PARTIAL");
	ck_assert_uint_eq(s->dumps[0].volumes_count, 0);
	ck_assert_str_eq(s->dumps[1].outcome, "DONE");
	ck_assert_uint_eq(s->dumps[1].volumes_count, 1);
	results_scenario_free(s);
}
END_TEST

START_TEST(volumes_that_have_expired_are_used_again)
{
	struct results_scenario *s;

	begin(1, 3);
	add("  - {name: n, size: 256 KiB, repeat: 8, every: 1 s, retention: "
	    "2500 ms}\n");
	s = run_text(false);
	ck_assert_str_eq(s->outcome, "DONE");
	ck_assert_str_eq(s->problem, "");
	ck_assert_uint_eq(s->dumps[0].volumes_count, 8);
	for (size_t i = 0; i < 8; i++) {
		const struct results_volume *v = &s->dumps[0].volumes[i];

		ck_assert_str_eq(v->barcode,
		    s->dumps[0].volumes[i % 3].barcode);
		ck_assert_uint_gt(v->written_bytes, 256 << 10);
		ck_assert_uint_eq(v->capacity_bytes, 1 << 20);
	}
	ck_assert_int_ge(s->duration_ns, INT64_C(7000000000));
	results_scenario_free(s);
}
END_TEST

START_TEST(volumes_that_have_not_expired_are_not_overwritten)
{
	struct results_scenario *s;

	begin(1, 2);
	add("  - {name: n, size: 256 KiB, repeat: 3, every: 1 s, retention: "
	    "10 s}\n");
	s = run_text(false);
	ck_assert_str_eq(s->outcome, "PARTIAL");
	ck_assert_uint_eq(s->safe_bytes, 512 << 10);
	ck_assert_str_eq(s->problem, "");
	results_scenario_free(s);
}
END_TEST

/* Many times the same bytes: sums, and no result of a run is lost. */
START_TEST(runs_of_a_dump_are_summed)
{
	struct results_scenario *s;
	const struct results_dump *d;

	begin(1, 8);
	add("  - {name: n, size: 128 KiB, rate: 1 MB/s, repeat: 5, every: 10 "
	    "s}\n");
	s = run_text(false);
	d = &s->dumps[0];
	ck_assert_uint_eq(d->safe_bytes, 5 * 128 << 10);
	ck_assert_uint_eq(d->attempts_count, 5);
	ck_assert(metric(d, "duration") > 5 * 0.131 &&
	    metric(d, "duration") < 5 * 0.14);
	ck_assert(find(s->metrics, s->metrics_count, "duration") > 40);
	ck_assert(s->duration_ns > INT64_C(40000000000));
	results_scenario_free(s);
}
END_TEST

/* Each run of each dump has a holding disk of its own. */
START_TEST(dumps_on_holding_disks_have_files_of_their_own)
{
	struct results_scenario *s;
	const char *part = "cache: memory";

	begin(2, 12);
	memcpy(strstr(text, part), "cache: slices", strlen(part));
	add("  - {name: a, size: 300 KiB, repeat: 2}\n"
	    "  - {name: b, size: 400 KiB}\n"
	    "faults:\n"
	    "  - {fail: block, dump: a, nth: 5, cause: medium_error, once: true}\n"
	    "  - {fail: block, dump: b, nth: 7, cause: medium_error, once: true}\n");
	s = run_text(true);
	ck_assert_str_eq(s->outcome, "DONE");
	ck_assert_str_eq(s->problem, "");
	/* Three parts, and one of them twice, in each of the two runs; four. */
	ck_assert_uint_eq(s->dumps[0].attempts_count, 2 * (3 + 1));
	ck_assert_uint_eq(s->dumps[1].attempts_count, 4 + 1);
	results_scenario_free(s);
}
END_TEST

/* The first run is late, because another dump has the drive; not the second. */
START_TEST(the_latest_bytes_of_all_runs_count)
{
	const char *feed = "open: true, constant: {rate: 1 MB/s}";
	struct results_scenario *s;

	begin(1, 8);
	add("  - {name: holder, size: 800 KiB, rate: 1 MB/s}\n"
	    "  - {name: n, size: 512 KiB, feed: {%s}, repeat: 2, every: 10 "
	    "s}\n",
	    feed);
	s = run_text(false);
	ck_assert(metric(&s->dumps[1], "late_max") > 0.3);
	ck_assert(metric(&s->dumps[1], "late_mean") > 0.05);
	ck_assert(metric(&s->dumps[1], "late_mean") <
	    metric(&s->dumps[1], "late_max"));
	results_scenario_free(s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("together");
	TCase *tc = tcase_create("together");

	part_add_loop_test(tc,
	    a_dump_takes_the_same_course_beside_others_as_alone, 0,
	    (int)(sizeof counts / sizeof *counts), 2);
	tcase_add_test(tc,
	    waiting_dumps_are_served_in_the_order_of_time_and_index);
	tcase_add_loop_test(tc, no_dump_waits_for_ever, 1, 4);
	tcase_add_loop_test(tc, a_dump_that_waits_for_a_drive_can_be_cancelled,
	    0, 2);
	tcase_add_loop_test(tc, a_load_that_fails_keeps_no_drive, 0, 2);
	tcase_add_test(tc, dumps_on_holding_disks_have_files_of_their_own);
	tcase_add_test(tc, the_latest_bytes_of_all_runs_count);
	tcase_add_test(tc, volumes_that_have_expired_are_used_again);
	tcase_add_test(tc, volumes_that_have_not_expired_are_not_overwritten);
	tcase_add_test(tc, runs_of_a_dump_are_summed);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
