/* check_measure.c: what is measured of a dump on its host. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "sim/run/measure/tests/measured.h"
#include "splitter/tests/run_suite.h"

#define MIB 1048576.0

/*
 * A drive that takes no time: 512 MiB at 64 MiB/s take 8 s, all data is written
 * as it comes, and only the source takes time.
 */
START_TEST(an_instant_drive_follows_the_source)
{
	static const struct measured_must must[] = {
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

	measured_check(
	    "title: x\n"
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
	static const struct measured_must must[] = {
		{ "buffer_fill_max", 100, 0 },
		{ "buffer_fill_p95", 100, 0 },
		{ "buffer_fill_p50", 100, 0 },
		{ "buffer_fill_min", 100, 0 },
		{ "drive_starved", 0, 0 },
		{ NULL, 0, 0 },
	};
	double blocked;

	measured_check("title: x\n"
		       "library: {drives: [lto8],"
		       " volumes: {count: 1, capacity: 200 GiB}}\n"
		       "dump: {source: random, size: 100 GiB}\n"
		       "splitter: {block: 256 KiB, buffer: 16 MiB}\n",
	    must);
	/* Before it ends, the source only waits. */
	blocked = measured_value(measured_metric(measured, "producer_blocked"));
	ck_assert_double_gt(blocked, 250);
	ck_assert_double_le(blocked,
	    measured_value(measured_metric(measured, "duration")));
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"buffer_fill_mean")),
	    50);
	ck_assert_double_lt(measured_value(measured_metric(measured,
				"buffer_fill_mean")),
	    100);
	/* Bytes that took no time have no rate. */
	ck_assert_int_eq(measured_metric(measured, "feed_rate_mean")->kind,
	    RESULTS_NULL);
	ck_assert_int_eq(measured_metric(measured, "feed_rate_p50")->kind,
	    RESULTS_NULL);
}
END_TEST

/*
 * Three volumes of 10 MiB with an early warning of 2 MiB, and blocks of 256
 * KiB.  Each has a label and a header.  The parts of 7 MiB: the first fits; the
 * second meets the early warning.
 */
START_TEST(tape_that_is_left_behind_and_rewritten_is_counted)
{
	static const struct measured_must must[] = {
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

	measured_check("title: x\n"
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
	static const struct measured_must must[] = {
		{ "spool_bytes", 8 * MIB, 0 },
		{ "memory_bytes", 4 * MIB, 0 },
		{ NULL, 0, 0 },
	};

	measured_check("title: x\n"
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

	measured =
	    measured_run("title: x\n"
			 "library: {drives: [lto8], volumes: {count: 3,"
			 " capacity: 2 GiB, early_warning: 64 MiB}}\n"
			 "dump: {source: random, size: 5 GiB, rate: 100 MB/s}\n"
			 "splitter: {part: 1 GiB}\n",
		0);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		double time =
		    measured_value(measured_metric(measured, times[i]));

		ck_assert_msg(time > 0, "%s is 0", times[i]);
		sum += time;
	}
	ck_assert_double_eq(measured_value(measured_metric(measured,
				"time_verifying")),
	    0);
	ck_assert_double_eq_tol(sum,
	    measured_value(measured_metric(measured, "duration")), 1e-6);
}
END_TEST

/* Each of four parts waits for a source of 64 MiB/s; the third fails once. */
START_TEST(the_rate_of_parts_counts_their_headers_and_filemarks)
{
	double seconds = 0, bytes = 0;

	measured = measured_run(
	    "title: x\n"
	    "library: {drives: [lto8], volumes: {count: 4,"
	    " capacity: 2 GiB, early_warning: 64 MiB}}\n"
	    "dump: {source: random, size: 4 GiB, rate: 67108864 B/s}\n"
	    "splitter: {part: 1 GiB, cache: memory}\n"
	    "faults: [{fail: block, nth: 9000, once: true}]\n",
	    0);
	for (size_t i = 0; i < measured->dumps[0].attempts_count; i++) {
		const struct results_attempt *a =
		    &measured->dumps[0].attempts[i];

		bytes += a->committed ? (double)a->bytes : 0;
		seconds += a->committed ? a->seconds : 0;
	}
	ck_assert_double_eq(bytes, 4096 * MIB);
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
				    "part_rate_mean")),
	    bytes / seconds, 1);
	ck_assert_double_lt(bytes / seconds,
	    measured_value(measured_metric(measured, "write_rate_mean")));
}
END_TEST

START_TEST(a_dump_without_a_byte_has_rates_of_zero)
{
	static const struct measured_must must[] = {
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

	measured_check("title: x\n"
		       "library: {drives: [instant], volumes: {count: 1,"
		       " capacity: 100 MiB}}\n"
		       "dump: {source: random, size: 0 B}\n",
	    must);
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
		    fmax(measured_value(a),
			measured_value(measured_metric(measured,
			    "write_rate_mean")));
	else if (a->kind == RESULTS_REAL) /* per hour, per tape */
		most = within->share * measured_value(a);
	ck_assert_msg(fabs(measured_value(a) - measured_value(b)) <= most,
	    "%s is %.12g with pieces of %llu bytes, and %.12g", a->name,
	    measured_value(b), (unsigned long long)piece_bytes,
	    measured_value(a));
}

START_TEST(no_metric_depends_on_the_pieces_of_the_feed)
{
	static const uint64_t pieces[] = { 262144, 524288, 2097152, 4194304 };
	const struct divided *d = &divided[_i];
	struct results_scenario *other;

	measured = measured_run(d->text, 0);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		other = measured_run(d->text, pieces[i]);
		for (size_t j = 0; j < measured->metrics_count; j++)
			compare(&measured->metrics[j], &other->metrics[j], d,
			    pieces[i]);
		results_scenario_free(other);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("measure");
	TCase *t = tcase_create("measure");

	tcase_add_checked_fixture(t, NULL, measured_teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, an_instant_drive_follows_the_source);
	tcase_add_test(t, a_fast_source_fills_the_buffer);
	tcase_add_test(t, tape_that_is_left_behind_and_rewritten_is_counted);
	tcase_add_test(t, the_spool_holds_a_part);
	tcase_add_test(t, the_times_of_the_host_add_up_to_the_duration);
	tcase_add_test(t, the_rate_of_parts_counts_their_headers_and_filemarks);
	tcase_add_test(t, a_dump_without_a_byte_has_rates_of_zero);
	tcase_add_loop_test(t, no_metric_depends_on_the_pieces_of_the_feed, 0,
	    sizeof divided / sizeof *divided);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
