/*
 * check_measure_drives.c: what is measured of drives, and of a restore.
 */
#include <check.h>
#include <string.h>

#include "sim/run/measure/tests/measured.h"
#include "splitter/tests/run_suite.h"

#define MIB 1048576.0

/*
 * Two volumes of an LTO-8: 17 parts of 1 GiB, of which 15 fit on the first.  A
 * restore mounts both.  A single part takes at least the load of 15 s and the
 * unload of 24 s, and its reading at 365 MB/s, 2.94 s.
 */
START_TEST(a_restore_takes_mounts_and_the_time_to_read)
{
	double all, mean, most, locate;

	measured =
	    measured_run("title: x\n"
			 "library: {drives: [lto8], robot: {move_time: 10 s},"
			 " volumes: {count: 2, capacity: 16 GiB}}\n"
			 "dump: {source: random, size: 17 GiB}\n"
			 "splitter: {part: 1 GiB}\n",
		0);
	all = measured_value(measured_metric(measured, "restore_time"));
	mean = measured_value(measured_metric(measured, "restore_part_mean"));
	most = measured_value(measured_metric(measured, "restore_part_max"));
	ck_assert_double_eq(measured_value(measured_metric(measured,
				"restore_mounts")),
	    2);
	/* The reading of all, and two mounts with two moves each. */
	ck_assert_double_ge(all, 17 * 1024 * MIB / 365e6 + 2 * (15 + 24 + 20));
	ck_assert_double_le(all, 17 * 1024 * MIB / 365e6 + 2 * (15 + 24 + 80));
	ck_assert_double_ge(mean, 1024 * MIB / 365e6 + 15 + 24 + 20);
	ck_assert_double_gt(most, mean);
	ck_assert_double_lt(most, all);
	/* Mount, reading and unload are the same for all but the rewind. */
	locate =
	    measured_value(measured_metric(measured, "restore_locate_mean"));
	ck_assert_double_gt(locate, 0);
	ck_assert_double_le(locate, mean - 1024 * MIB / 365e6 - 15 - 24 - 20);
}
END_TEST

/*
 * An LTO-8 fed 100 MB/s, 12 MB/s less than its lowest speed, on its first wrap
 * of 57.7 GB.  Its buffer of 1024 MiB is full to 90 % at a start, and is empty
 * after 966,367,641 / 12e6 = 80.53 s, in which 9.02 GB are written.  So it
 * stops after 9.02, 18.04, 27.06, 36.08 and 45.10 GB.  Each time it takes
 * 9.66 s until the buffer is full to 90 % again; the backhitch is a part of it.
 */
START_TEST(stops_of_an_lto8_fed_below_its_lowest_speed)
{
	static const struct measured_must must[] = {
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

	measured_check("title: x\n"
		       "library: {drives: [lto8], volumes: {count: 1,"
		       " capacity: 12 TB}}\n"
		       "dump: {source: random, size: 50 GB, rate: 100 MB/s}\n"
		       "splitter: {block: 512 KiB, buffer: 64 MiB}\n",
	    must);
	hours = measured_value(measured_metric(measured, "duration")) / 3600;
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
				    "stops_for_data_per_hour")),
	    5 / hours, 1e-9);
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
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
	static const struct measured_must must[] = {
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

	measured_check(
	    "title: x\n"
	    "library: {drives: [lto8], robot: {move_time: 10 s}, volumes:"
	    " {count: 2, capacity: 60 GB, early_warning: 1 GB}}\n"
	    "dump: {source: random, size: 100 GB}\n"
	    "splitter: {block: 512 KiB, buffer: 256 MiB, part: 10 GB}\n",
	    must);
	ck_assert_double_ge(measured_value(measured_metric(measured,
				"stops_for_filemarks")),
	    10);
	ck_assert_double_le(measured_value(measured_metric(measured,
				"stops_for_filemarks")),
	    14);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"stops_for_filemarks_per_hour")),
	    10);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"stops_for_filemarks_per_tape")),
	    5);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"drive_backhitch")),
	    10);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"drive_rewinding")),
	    5);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"host_waited")),
	    100);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"drive_fill_p95")),
	    90);
}
END_TEST

/* A feed that varies around the speeds: sometimes a higher one is forced. */
START_TEST(forced_changes_of_the_speed_are_counted)
{
	measured = measured_run(
	    "title: x\n"
	    "library: {drives: [lto8], volumes: {count: 1,"
	    " capacity: 12 TB}}\n"
	    "dump: {source: random, size: 200 GB, rate: 90..250 MB/s}\n"
	    "splitter: {block: 512 KiB, buffer: 256 MiB}\n",
	    0);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"speed_changes_forced")),
	    3);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"medium_rate_p95")),
	    measured_value(measured_metric(measured, "medium_rate_p5")));
}
END_TEST

/* What the drive does adds up to the time with a volume. */
START_TEST(times_of_the_drive_add_up)
{
	double sum = 0, all;

	measured =
	    measured_run("title: x\n"
			 "library: {drives: [lto8], volumes: {count: 1,"
			 " capacity: 12 TB}}\n"
			 "dump: {source: random, size: 50 GB, rate: 200 MB/s}\n"
			 "splitter: {part: 5 GB}\n",
		0);
	for (size_t i = 0; i < measured->metrics_count; i++) {
		const struct results_metric *m = &measured->metrics[i];

		if (strncmp(m->name, "drive_", 6) == 0 &&
		    strcmp(m->unit, "s") == 0 &&
		    strcmp(m->name, "drive_starved") != 0)
			sum += measured_value(m);
	}
	/* The volume is loaded from the first byte on. */
	all = measured_value(measured_metric(measured, "duration"));
	ck_assert_double_eq_tol(sum, all, 0.1);
	ck_assert_uint_eq(measured->motions_count, 1);
	ck_assert_str_eq(measured->motions[0].model, "lto8");
	ck_assert_uint_ge(measured->motions[0].speeds_count, 1);
}
END_TEST

static const struct results_metric *of_dump(size_t dump, const char *name)
{
	const struct results_dump *d = &measured->dumps[dump];

	for (size_t i = 0; i < d->metrics_count; i++)
		if (strcmp(d->metrics[i].name, name) == 0)
			return &d->metrics[i];
	ck_abort_msg("there is no metric %s", name);
}

/* Each dump has a drive; what the drives do is that of the dumps together. */
START_TEST(several_dumps_have_their_own_stops)
{
	double hours, sum = 0, streaming = 0;

	measured =
	    measured_run("title: x\n"
			 "library: {drives: [lto8, lto8], volumes: {count: 2,"
			 " capacity: 12 TB}}\n"
			 "dumps:\n"
			 "  - {name: slow, source: random, size: 50 GB,"
			 " rate: 100 MB/s}\n"
			 "  - {name: fast, source: random, size: 50 GB,"
			 " rate: 300 MB/s}\n"
			 "splitter: {block: 512 KiB, buffer: 64 MiB}\n",
		0);
	ck_assert_double_eq(measured_value(of_dump(0, "stops_for_data")), 5);
	ck_assert_double_lt(measured_value(of_dump(1, "stops_for_data")), 5);
	hours = measured_value(measured_metric(measured, "duration")) / 3600;
	for (size_t i = 0; i < 2; i++) {
		sum += measured_value(of_dump(i, "stops_for_data"));
		streaming += measured_value(of_dump(i, "drive_streaming"));
	}
	ck_assert_double_eq(measured_value(measured_metric(measured,
				"stops_for_data")),
	    sum);
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
				    "stops_for_data_per_hour")),
	    sum / hours, 1e-9);
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
				    "drive_streaming")),
	    streaming, 1e-6);
	ck_assert_uint_eq(measured->motions_count, 2);
	ck_assert_uint_eq(measured->motions[0].sums.stops_for_data +
		measured->motions[1].sums.stops_for_data,
	    (uint64_t)sum);
	/* The percentiles are those of all samples. */
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
				    "medium_rate_p5")),
	    112e6, 1e4);
	ck_assert_double_gt(measured_value(measured_metric(measured,
				"medium_rate_p95")),
	    300e6);
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
				    "feed_rate_p5")),
	    100e6, 1e4);
	ck_assert_double_eq_tol(measured_value(measured_metric(measured,
				    "feed_rate_p95")),
	    300e6, 1e4);
	for (size_t i = 0; i < measured->metrics_count; i++)
		ck_assert_msg(measured->metrics[i].kind != RESULTS_NULL,
		    "%s is undefined", measured->metrics[i].name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("measure: drives");
	TCase *t = tcase_create("drives");

	tcase_add_checked_fixture(t, NULL, measured_teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_restore_takes_mounts_and_the_time_to_read);
	tcase_add_test(t, stops_of_an_lto8_fed_below_its_lowest_speed);
	tcase_add_test(t, stops_for_filemarks_are_counted_apart);
	tcase_add_test(t, forced_changes_of_the_speed_are_counted);
	tcase_add_test(t, times_of_the_drive_add_up);
	tcase_add_test(t, several_dumps_have_their_own_stops);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
