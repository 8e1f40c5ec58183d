/* check_measure.c: what is measured of a dump. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

static struct results_scenario *results;

static void teardown(void)
{
	if (results != NULL)
		results_scenario_free(results);
	results = NULL;
}

/* Runs a scenario with pieces of this size; 0: chosen. */
static struct results_scenario *run(const char *text, uint64_t piece_bytes)
{
	struct run_options options = { .seed = 1, .piece_bytes = piece_bytes };
	struct results_scenario *r = NULL;
	struct scenario_text s;
	char err[1024] = "";

	scenario_text_read(&s, text, strlen(text));
	ck_assert_msg(s.scenario != NULL, "%s", s.errors);
	ck_assert_msg(run_scenario(s.scenario, "test", "test.yaml", &options,
			  &r, err, sizeof err) == RUN_JUDGED,
	    "%s", err);
	ck_assert_str_eq(r->problem, "");
	scenario_text_clear(&s);
	return r;
}

static const struct results_metric *metric(const struct results_scenario *r,
    const char *name)
{
	for (size_t i = 0; i < r->metrics_count; i++)
		if (strcmp(r->metrics[i].name, name) == 0)
			return &r->metrics[i];
	ck_abort_msg("there is no metric %s", name);
}

static double value(const struct results_metric *m)
{
	ck_assert_msg(m->kind != RESULTS_NULL, "%s is undefined", m->name);
	return m->kind == RESULTS_NUMBER ? (double)m->number : m->real;
}

/* The value that a metric must have, within `within`. */
struct must {
	const char *name;
	double value, within;
};

static void check(const char *text, const struct must *must)
{
	results = run(text, 0);
	for (; must->name != NULL; must++) {
		double is = value(metric(results, must->name));

		ck_assert_msg(fabs(is - must->value) <= must->within,
		    "%s is %.12g, must be %.12g", must->name, is, must->value);
	}
}

#define MIB 1048576.0

/*
 * A drive that takes no time: 512 MiB at 64 MiB/s take 8 s, all data is written
 * as it comes, and only the source takes time.
 */
START_TEST(an_instant_drive_follows_the_source)
{
	static const struct must must[] = {
		{ "duration", 8, 1e-5 },
		{ "throughput_mean", 64 * MIB, 100 },
		{ "feed_rate_mean", 64 * MIB, 100 },
		{ "feed_rate_p5", 64 * MIB, 1e3 },
		{ "feed_rate_p50", 64 * MIB, 1e3 },
		{ "feed_rate_p95", 64 * MIB, 1e3 },
		{ "dump_bytes", 512 * MIB, 0 },
		{ "tape_bytes", 512 * MIB, 0 },
		{ "producer_blocked", 0, 0 },
		{ "time_idle", 8, 1e-5 },
		{ "time_writing", 0, 0 },
		{ "buffer_fill_mean", 0, 0 },
		{ "buffer_fill_p95", 0, 0 },
		{ "buffer_fill_min", 0, 0 },
		{ "memory_bytes", 16 * MIB, 0 },
		{ "spool_bytes", 0, 0 },
		{ "rewritten_bytes", 0, 0 },
		{ "wasted_bytes", 0, 0 },
		/* Label, two headers, an end record of a block each. */
		{ "used_bytes", 512 * MIB + 4 * 262144, 0 },
		{ NULL, 0, 0 },
	};

	check("title: x\n"
	      "library: {drives: [instant],"
	      " volumes: {count: 1, capacity: 1 GiB}}\n"
	      "dump: {source: random, size: 512 MiB, rate: 67108864 B/s}\n"
	      "splitter: {block: 256 KiB, buffer: 16 MiB, part: 256 MiB}\n",
	    must);
}
END_TEST

/*
 * The buffer of 16 MiB has runs of 2 MiB.  It is full while the source has
 * nothing to wait for but the drive.
 */
START_TEST(a_fast_source_fills_the_buffer)
{
	static const struct must must[] = {
		{ "buffer_fill_max", 100, 0 },
		{ "buffer_fill_p95", 100, 0 },
		{ "buffer_fill_p50", 100, 0 },
		{ "buffer_fill_min", 100, 0 },
		{ "drive_starved", 0, 0 },
		{ NULL, 0, 0 },
	};
	double blocked;

	check("title: x\n"
	      "library: {drives: [lto8],"
	      " volumes: {count: 1, capacity: 200 GiB}}\n"
	      "dump: {source: random, size: 100 GiB}\n"
	      "splitter: {block: 256 KiB, buffer: 16 MiB}\n",
	    must);
	/* Before it ends, the source only waits. */
	blocked = value(metric(results, "producer_blocked"));
	ck_assert_double_gt(blocked, 250);
	ck_assert_double_le(blocked, value(metric(results, "duration")));
	ck_assert_double_gt(value(metric(results, "buffer_fill_mean")), 50);
	ck_assert_double_lt(value(metric(results, "buffer_fill_mean")), 100);
	/* Bytes that took no time have no rate. */
	ck_assert_int_eq(metric(results, "feed_rate_mean")->kind, RESULTS_NULL);
	ck_assert_int_eq(metric(results, "feed_rate_p50")->kind, RESULTS_NULL);
}
END_TEST

/*
 * Three volumes of 10 MiB with an early warning of 2 MiB, and blocks of 256
 * KiB.  Each has a label and a header.  The parts of 7 MiB: the first fits; the
 * second meets the early warning.
 */
START_TEST(tape_that_is_left_behind_and_rewritten_is_counted)
{
	static const struct must must[] = {
		/* Part 1 takes 5 MiB before the bad spot at 5.5 MiB. */
		{ "rewritten_bytes", 5 * MIB, 0 },
		{ "tape_bytes", 13 * MIB, 0 },
		/*
		 * 5.5 MiB on the first volume.  On the second, label, header and
		 * part 1 are 7.5 MiB; the second header and two blocks follow,
		 * of which the last ends after the early warning at 8 MiB.
		 */
		{ "wasted_bytes", 4.5 * MIB + 1.75 * MIB, 0 },
		/* The rest on the third, with an end record. */
		{ "used_bytes", 5.5 * MIB + 8.25 * MIB + 1.25 * MIB, 0 },
		{ "memory_bytes", 4 * MIB + 7 * MIB, 0 },
		{ NULL, 0, 0 },
	};

	check("title: x\n"
	      "library: {drives: [instant], volumes: {count: 3,"
	      " capacity: 10 MiB, early_warning: 2 MiB}}\n"
	      "dump: {source: random, size: 8 MiB}\n"
	      "splitter: {block: 256 KiB, buffer: 4 MiB, part: 7 MiB,"
	      " cache: memory}\n"
	      "faults: [{volume: 1, at: 5632 KiB, fail: write}]\n",
	    must);
}
END_TEST

/* The spool holds a part until the part is on tape. */
START_TEST(the_spool_holds_a_part)
{
	static const struct must must[] = {
		{ "spool_bytes", 8 * MIB, 0 },
		{ "memory_bytes", 4 * MIB, 0 },
		{ NULL, 0, 0 },
	};

	check("title: x\n"
	      "library: {drives: [instant], volumes: {count: 1,"
	      " capacity: 100 MiB}}\n"
	      "dump: {source: random, size: 32 MiB, rate: 1 MiB/s}\n"
	      "splitter: {block: 256 KiB, buffer: 4 MiB, part: 8 MiB,"
	      " cache: spool}\n",
	    must);
}
END_TEST

START_TEST(the_times_of_the_host_add_up_to_the_duration)
{
	static const char *const times[] = { "time_writing", "time_loading",
		"time_headers", "time_filemarks", "time_unloading",
		"time_idle" };
	double sum = 0;

	results = run("title: x\n"
		      "library: {drives: [lto8], volumes: {count: 3,"
		      " capacity: 2 GiB, early_warning: 64 MiB}}\n"
		      "dump: {source: random, size: 5 GiB, rate: 100 MB/s}\n"
		      "splitter: {part: 1 GiB}\n",
	    0);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		double time = value(metric(results, times[i]));

		ck_assert_msg(time > 0, "%s is 0", times[i]);
		sum += time;
	}
	ck_assert_double_eq(value(metric(results, "time_verifying")), 0);
	ck_assert_double_eq_tol(sum, value(metric(results, "duration")), 1e-6);
}
END_TEST

/* Each of four parts waits for a source of 64 MiB/s; the third fails once. */
START_TEST(the_rate_of_parts_counts_their_headers_and_filemarks)
{
	double seconds = 0, bytes = 0;

	results =
	    run("title: x\n"
		"library: {drives: [lto8], volumes: {count: 4,"
		" capacity: 2 GiB, early_warning: 64 MiB}}\n"
		"dump: {source: random, size: 4 GiB, rate: 67108864 B/s}\n"
		"splitter: {part: 1 GiB, cache: memory}\n"
		"faults: [{fail: block, nth: 9000, once: true}]\n",
		0);
	for (size_t i = 0; i < results->dumps[0].attempts_count; i++) {
		const struct results_attempt *a =
		    &results->dumps[0].attempts[i];

		bytes += a->committed ? (double)a->bytes : 0;
		seconds += a->committed ? a->seconds : 0;
	}
	ck_assert_double_eq(bytes, 4096 * MIB);
	ck_assert_double_eq_tol(value(metric(results, "part_rate_mean")),
	    bytes / seconds, 1);
	ck_assert_double_lt(bytes / seconds,
	    value(metric(results, "write_rate_mean")));
}
END_TEST

START_TEST(a_dump_without_a_byte_has_rates_of_zero)
{
	static const struct must must[] = {
		{ "throughput_mean", 0, 0 },
		{ "write_rate_mean", 0, 0 },
		{ "write_rate_p50", 0, 0 },
		{ "part_rate_mean", 0, 0 },
		{ "feed_rate_mean", 0, 0 },
		{ "buffer_fill_mean", 0, 0 },
		{ "buffer_fill_p95", 0, 0 },
		{ "restore_mounts", 1, 0 },
		{ "restore_time", 0, 0 },
		{ NULL, 0, 0 },
	};

	check("title: x\n"
	      "library: {drives: [instant], volumes: {count: 1,"
	      " capacity: 100 MiB}}\n"
	      "dump: {source: random, size: 0 B}\n",
	    must);
}
END_TEST

/*
 * Two volumes of an LTO-8: 17 parts of 1 GiB, of which 15 fit on the first.  A
 * restore mounts both.  A single part takes at least the load of 15 s and the
 * unload of 24 s, and its reading at 365 MB/s, 2.94 s.
 */
START_TEST(a_restore_takes_mounts_and_the_time_to_read)
{
	double all, mean, most, locate;

	results = run("title: x\n"
		      "library: {drives: [lto8], robot: {move_time: 10 s},"
		      " volumes: {count: 2, capacity: 16 GiB}}\n"
		      "dump: {source: random, size: 17 GiB}\n"
		      "splitter: {part: 1 GiB}\n",
	    0);
	all = value(metric(results, "restore_time"));
	mean = value(metric(results, "restore_part_mean"));
	most = value(metric(results, "restore_part_max"));
	ck_assert_double_eq(value(metric(results, "restore_mounts")), 2);
	/* The reading of all, and two mounts with two moves each. */
	ck_assert_double_ge(all, 17 * 1024 * MIB / 365e6 + 2 * (15 + 24 + 20));
	ck_assert_double_le(all, 17 * 1024 * MIB / 365e6 + 2 * (15 + 24 + 80));
	ck_assert_double_ge(mean, 1024 * MIB / 365e6 + 15 + 24 + 20);
	ck_assert_double_gt(most, mean);
	ck_assert_double_lt(most, all);
	/* Mount, reading and unload are the same for all but the rewind. */
	locate = value(metric(results, "restore_locate_mean"));
	ck_assert_double_gt(locate, 0);
	ck_assert_double_le(locate, mean - 1024 * MIB / 365e6 - 15 - 24 - 20);
}
END_TEST

/*
 * An LTO-8 fed 100 MB/s, 12 MB/s less than its lowest speed, on its first wrap
 * of 57.7 GB.  Its buffer of 1024 MiB is full to 90 % at a start, and is empty
 * after 966,367,641 / 12e6 = 80.53 s, in which 9.02 GB are written.  So it stops
 * after 9.02, 18.04, 27.06, 36.08 and 45.10 GB.  Each time it takes 9.66 s until
 * the buffer is full to 90 % again; the backhitch is a part of it.
 */
START_TEST(stops_of_an_lto8_fed_below_its_lowest_speed)
{
	static const struct must must[] = {
		{ "stops_for_data", 5, 0 },
		{ "stops_for_data_per_tape", 5 * 240, 1 },
		{ "drive_starved", 5 * 9.66, 0.1 },
		/* one each for the label, the part and the end record */
		{ "stops_for_filemarks", 3, 0 },
		{ "stops_for_filemarks_per_tape", 3 * 240, 1 },
		{ "speed_changes_forced", 0, 0 },
		{ "medium_rate_mean", 112e6, 1e4 },
		{ "medium_rate_p5", 112e6, 1e4 },
		{ "medium_rate_p50", 112e6, 1e4 },
		{ "medium_rate_p95", 112e6, 1e4 },
		{ "drive_streaming", 50e9 / 112e6, 0.1 },
		/*
		 * 0.9 s and 2.1 s in proportion to the speed.  The label is
		 * written at the highest speed, and the rewind takes the place
		 * of the last backhitch.
		 */
		{ "drive_backhitch", 3 + 6 * (0.9 + 2.1 * 112 / 365), 0.001 },
		{ "drive_turning", 0, 0 },
		{ "drive_loading", 15, 0 },
		{ "drive_unloading", 24, 0 },
		{ "drive_locating", 0, 0 },
		{ "robot_moving", 0, 0 },
		/* Between 0 and 90 % most of the time. */
		{ "drive_fill_mean", 45, 3 },
		{ "drive_fill_p50", 45, 5 },
		{ "drive_fill_p5", 4.5, 3 },
		{ "drive_fill_p95", 85.5, 3 },
		{ "drive_fill_min", 0, 1 },
		/*
		 * What comes is written at once, except during the load, which
		 * is less than 5 % of the time.
		 */
		{ "buffer_fill_p50", 0, 0 },
		{ "buffer_fill_p95", 0, 0 },
		{ NULL, 0, 0 },
	};
	double hours;

	check("title: x\n"
	      "library: {drives: [lto8], volumes: {count: 1,"
	      " capacity: 12 TB}}\n"
	      "dump: {source: random, size: 50 GB, rate: 100 MB/s}\n"
	      "splitter: {block: 512 KiB, buffer: 64 MiB}\n",
	    must);
	hours = value(metric(results, "duration")) / 3600;
	ck_assert_double_eq_tol(value(metric(results,
				    "stops_for_data_per_hour")),
	    5 / hours, 1e-9);
	ck_assert_double_eq_tol(value(metric(results,
				    "stops_for_filemarks_per_hour")),
	    3 / hours, 1e-9);
}
END_TEST

/*
 * Ten parts over two volumes, fed as fast as the drive takes it: it never runs
 * out of data, but stops at each filemark and for each end record.
 */
START_TEST(stops_for_filemarks_are_counted_apart)
{
	static const struct must must[] = {
		{ "stops_for_data", 0, 0 },
		{ "stops_for_data_per_hour", 0, 0 },
		{ "stops_for_data_per_tape", 0, 0 },
		{ "drive_starved", 0, 0 },
		{ "volumes_used", 2, 0 },
		/*
		 * Two volumes from their slots, and the first one back.  The
		 * second one goes back after the end.
		 */
		{ "robot_moving", 30, 0 },
		{ "drive_reading", 0, 0 },
		{ NULL, 0, 0 },
	};

	check("title: x\n"
	      "library: {drives: [lto8], robot: {move_time: 10 s}, volumes:"
	      " {count: 2, capacity: 60 GB, early_warning: 1 GB}}\n"
	      "dump: {source: random, size: 100 GB}\n"
	      "splitter: {block: 512 KiB, buffer: 256 MiB, part: 10 GB}\n",
	    must);
	ck_assert_double_ge(value(metric(results, "stops_for_filemarks")), 10);
	ck_assert_double_le(value(metric(results, "stops_for_filemarks")), 14);
	ck_assert_double_gt(value(metric(results,
				"stops_for_filemarks_per_hour")),
	    10);
	ck_assert_double_gt(value(metric(results,
				"stops_for_filemarks_per_tape")),
	    5);
	ck_assert_double_gt(value(metric(results, "drive_backhitch")), 10);
	ck_assert_double_gt(value(metric(results, "drive_rewinding")), 5);
	ck_assert_double_gt(value(metric(results, "host_waited")), 100);
	ck_assert_double_gt(value(metric(results, "drive_fill_p95")), 90);
}
END_TEST

/* A feed that varies around the speeds: sometimes a higher one is forced. */
START_TEST(forced_changes_of_the_speed_are_counted)
{
	results =
	    run("title: x\n"
		"library: {drives: [lto8], volumes: {count: 1,"
		" capacity: 12 TB}}\n"
		"dump: {source: random, size: 200 GB, rate: 90..250 MB/s}\n"
		"splitter: {block: 512 KiB, buffer: 256 MiB}\n",
		0);
	ck_assert_double_gt(value(metric(results, "speed_changes_forced")), 3);
	ck_assert_double_gt(value(metric(results, "medium_rate_p95")),
	    value(metric(results, "medium_rate_p5")));
}
END_TEST

/* What the drive does adds up to the time with a volume. */
START_TEST(times_of_the_drive_add_up)
{
	double sum = 0, all;

	results = run("title: x\n"
		      "library: {drives: [lto8], volumes: {count: 1,"
		      " capacity: 12 TB}}\n"
		      "dump: {source: random, size: 50 GB, rate: 200 MB/s}\n"
		      "splitter: {part: 5 GB}\n",
	    0);
	for (size_t i = 0; i < results->metrics_count; i++) {
		const struct results_metric *m = &results->metrics[i];

		if (strncmp(m->name, "drive_", 6) == 0 &&
		    strcmp(m->unit, "s") == 0 &&
		    strcmp(m->name, "drive_starved") != 0)
			sum += value(m);
	}
	/* The volume is loaded from the first byte on. */
	all = value(metric(results, "duration"));
	ck_assert_double_eq_tol(sum, all, 0.1);
	ck_assert_uint_eq(results->motions_count, 1);
	ck_assert_str_eq(results->motions[0].model, "lto8");
	ck_assert_uint_ge(results->motions[0].speeds_count, 1);
}
END_TEST

static const struct results_metric *of_dump(size_t dump, const char *name)
{
	const struct results_dump *d = &results->dumps[dump];

	for (size_t i = 0; i < d->metrics_count; i++)
		if (strcmp(d->metrics[i].name, name) == 0)
			return &d->metrics[i];
	ck_abort_msg("there is no metric %s", name);
}

/* Each dump has a drive; what the drives do is that of the dumps together. */
START_TEST(several_dumps_have_their_own_stops)
{
	double hours, sum = 0, streaming = 0;

	results = run("title: x\n"
		      "library: {drives: [lto8, lto8], volumes: {count: 2,"
		      " capacity: 12 TB}}\n"
		      "dumps:\n"
		      "  - {name: slow, source: random, size: 50 GB,"
		      " rate: 100 MB/s}\n"
		      "  - {name: fast, source: random, size: 50 GB,"
		      " rate: 300 MB/s}\n"
		      "splitter: {block: 512 KiB, buffer: 64 MiB}\n",
	    0);
	ck_assert_double_eq(value(of_dump(0, "stops_for_data")), 5);
	ck_assert_double_lt(value(of_dump(1, "stops_for_data")), 5);
	hours = value(metric(results, "duration")) / 3600;
	for (size_t i = 0; i < 2; i++) {
		sum += value(of_dump(i, "stops_for_data"));
		streaming += value(of_dump(i, "drive_streaming"));
	}
	ck_assert_double_eq(value(metric(results, "stops_for_data")), sum);
	ck_assert_double_eq_tol(value(metric(results,
				    "stops_for_data_per_hour")),
	    sum / hours, 1e-9);
	ck_assert_double_eq_tol(value(metric(results, "drive_streaming")),
	    streaming, 1e-6);
	ck_assert_uint_eq(results->motions_count, 2);
	ck_assert_uint_eq(results->motions[0].sums.stops_for_data +
		results->motions[1].sums.stops_for_data,
	    (uint64_t)sum);
	/* The percentiles are those of all samples. */
	ck_assert_double_eq_tol(value(metric(results, "medium_rate_p5")), 112e6,
	    1e4);
	ck_assert_double_gt(value(metric(results, "medium_rate_p95")), 300e6);
	ck_assert_double_eq_tol(value(metric(results, "feed_rate_p5")), 100e6,
	    1e4);
	ck_assert_double_eq_tol(value(metric(results, "feed_rate_p95")), 300e6,
	    1e4);
	for (size_t i = 0; i < results->metrics_count; i++)
		ck_assert_msg(results->metrics[i].kind != RESULTS_NULL,
		    "%s is undefined", results->metrics[i].name);
}
END_TEST

/* Scenarios with a feed, and what a piece of 4 MiB changes at most. */
static const struct divided {
	const char *text;
	double seconds, percent, share;
} divided[] = {
	/* slower than the drive */
	{ "title: x\n"
	  "library: {drives: [lto8], volumes: {count: 2, capacity: 12 TB}}\n"
	  "dump: {source: random, size: 20 GB, rate: 100 MB/s}\n"
	  "splitter: {buffer: 64 MiB}\n",
	    0.05, 8, 0.02 },
	/* faster than the drive */
	{ "title: x\n"
	  "library: {drives: [lto5], behaviour: {buffered: false},"
	  " volumes: {count: 2, capacity: 12 TB}}\n"
	  "dump: {source: random, size: 20 GB, rate: 500 MB/s}\n"
	  "splitter: {buffer: 64 MiB, part: 2 GiB}\n",
	    0.05, 8, 0.02 },
	/* now slower, now faster, over several volumes */
	{ "title: x\n"
	  "library: {drives: [lto8], volumes: {count: 4, capacity: 8 GiB,"
	  " early_warning: 64 MiB}}\n"
	  "dump: {source: random, size: 20 GiB, rate: 200..500 MB/s}\n"
	  "splitter: {buffer: 256 MiB, part: 1 GiB, cache: memory}\n",
	    0.1, 8, 0.05 },
};

static void compare(const struct results_metric *a,
    const struct results_metric *b, const struct divided *within,
    uint64_t piece_bytes)
{
	double most = 0;

	ck_assert_int_eq(a->kind, b->kind);
	if (a->kind == RESULTS_NULL)
		return;
	if (a->kind == RESULTS_TEXT) {
		ck_assert_str_eq(a->text, b->text);
		return;
	}
	if (strcmp(a->unit, "s") == 0)
		most = within->seconds;
	else if (strcmp(a->unit, "%") == 0)
		most = within->percent;
	else if (strcmp(a->unit, "B/s") == 0)
		most = within->share *
		    fmax(value(a), value(metric(results, "write_rate_mean")));
	else if (a->kind == RESULTS_REAL) /* per hour, per tape */
		most = within->share * value(a);
	ck_assert_msg(fabs(value(a) - value(b)) <= most,
	    "%s is %.12g with pieces of %llu bytes, and %.12g", a->name,
	    value(b), (unsigned long long)piece_bytes, value(a));
}

START_TEST(no_metric_depends_on_the_pieces_of_the_feed)
{
	static const uint64_t pieces[] = { 262144, 524288, 2097152, 4194304 };
	const struct divided *d = &divided[_i];
	struct results_scenario *other;

	results = run(d->text, 0);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		other = run(d->text, pieces[i]);
		for (size_t j = 0; j < results->metrics_count; j++)
			compare(&results->metrics[j], &other->metrics[j], d,
			    pieces[i]);
		results_scenario_free(other);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("measure");
	TCase *t = tcase_create("measure");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, an_instant_drive_follows_the_source);
	tcase_add_test(t, a_fast_source_fills_the_buffer);
	tcase_add_test(t, tape_that_is_left_behind_and_rewritten_is_counted);
	tcase_add_test(t, the_spool_holds_a_part);
	tcase_add_test(t, the_times_of_the_host_add_up_to_the_duration);
	tcase_add_test(t, the_rate_of_parts_counts_their_headers_and_filemarks);
	tcase_add_test(t, a_dump_without_a_byte_has_rates_of_zero);
	tcase_add_test(t, stops_of_an_lto8_fed_below_its_lowest_speed);
	tcase_add_test(t, stops_for_filemarks_are_counted_apart);
	tcase_add_test(t, forced_changes_of_the_speed_are_counted);
	tcase_add_test(t, times_of_the_drive_add_up);
	tcase_add_test(t, several_dumps_have_their_own_stops);
	tcase_add_test(t, a_restore_takes_mounts_and_the_time_to_read);
	tcase_add_loop_test(t, no_metric_depends_on_the_pieces_of_the_feed, 0,
	    sizeof divided / sizeof *divided);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
