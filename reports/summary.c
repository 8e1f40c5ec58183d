/* summary.c: what an operator wants to know of a scenario. */
#include "reports/summary.h"

#include <stdio.h>
#include <string.h>

#include "reports/units.h"

/* Less than this share of the time is no limit, and is not listed. */
#define BLOCKED_LEAST 0.05
#define MOUNTS_LEAST  0.5
#define STOPS_LEAST   0.1
#define LISTED_LEAST  0.005

/* Returns a metric that is a number; 0 if it is undefined. */
static double metric(const struct results_scenario *s, const char *name)
{
	for (size_t i = 0; i < s->metrics_count; i++) {
		const struct results_metric *m = &s->metrics[i];

		if (strcmp(m->name, name) != 0)
			continue;
		return m->kind == RESULTS_NUMBER ? (double)m->number
		    : m->kind == RESULTS_REAL    ? m->real
						 : 0;
	}
	return 0;
}

/* Adds what the drives did. */
static double add_motion(const struct results_scenario *s,
    double seconds[SERIES_MOTIONS])
{
	double all = 0;

	for (int m = 0; m < SERIES_MOTIONS; m++) {
		seconds[m] = 0;
		for (size_t i = 0; i < s->motions_count; i++)
			seconds[m] +=
			    (double)s->motions[i].sums.motion_ns[m] / 1e9;
		all += seconds[m];
	}
	return all;
}

/* Returns whether it is known what the drives did: results.json says so too. */
static bool has_motion(const struct results_scenario *s)
{
	double seconds[SERIES_MOTIONS];

	return add_motion(s, seconds) > 0;
}

/* Returns the time of all dumps together, which pass at the same time. */
static double time_of_dumps(const struct results_scenario *s)
{
	static const char *const times[] = { "time_writing", "time_idle",
		"time_filemarks", "time_headers", "time_loading",
		"time_verifying", "time_unloading" };
	double seconds = 0;

	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		seconds += metric(s, times[i]);
	return seconds;
}

/*
 * Writes what keeps the source waiting most.  A source that waits for nothing is
 * the limit itself, unless its dump came at once, into the buffer.
 */
static void put_limit(const struct results_scenario *s, char *to, size_t bytes)
{
	double duration = time_of_dumps(s), seconds[SERIES_MOTIONS];
	double waited = metric(s, "host_waited"), all = add_motion(s, seconds);
	double stops = seconds[SERIES_BACKHITCH] + seconds[SERIES_STANDING];
	const struct {
		const char *name;
		double seconds;
	} causes[] = {
		{ "loads and unloads",
		    metric(s, "time_loading") + metric(s, "time_unloading") },
		{ "filemarks", metric(s, "time_filemarks") },
		{ stops > STOPS_LEAST * all ? "stops of the drive"
					    : "the speed of the drive",
		    waited },
		{ "the host and its bus", metric(s, "time_writing") - waited },
	};
	bool source =
	    metric(s, "producer_blocked") < BLOCKED_LEAST * duration &&
	    causes[0].seconds + causes[1].seconds < MOUNTS_LEAST * duration;
	const size_t count = sizeof causes / sizeof *causes;
	size_t most = 0;
	char rate[UNITS_BYTES];

	for (size_t i = 1; i < count; i++)
		if (causes[i].seconds > causes[most].seconds)
			most = i;
	source |= metric(s, "time_idle") > causes[most].seconds;
	if (source && s->dumps_count > 1) {
		snprintf(to, bytes, "the sources");
		return;
	}
	if (source) {
		snprintf(to, bytes, "the source, which brings %s",
		    units_rate(rate, metric(s, "feed_rate_mean")));
		return;
	}
	snprintf(to, bytes, "%s (%.0f %% of the time)", causes[most].name,
	    100 * causes[most].seconds / duration);
}

/* Writes the shares of the time of the drives, the largest first. */
static void put_shares(const struct results_scenario *s, char *to, size_t bytes)
{
	static const char *const names[SERIES_MOTIONS] = {
		[SERIES_STREAMING] = "streaming",
		[SERIES_TURNING] = "turns",
		[SERIES_BACKHITCH] = "backhitches",
		[SERIES_STANDING] = "standing",
		[SERIES_LOCATING] = "locates",
		[SERIES_READING] = "reads",
		[SERIES_LOADING] = "loads",
		[SERIES_REWINDING] = "rewinds",
		[SERIES_UNLOADING] = "unloads",
	};
	double seconds[SERIES_MOTIONS], all = add_motion(s, seconds);
	size_t used;
	int most;

	used = (size_t)snprintf(to, bytes,
	    "time of the drive%s: ", s->motions_count > 1 ? "s" : "");
	for (int listed = 0;; listed++) {
		most = 0;
		for (int m = 1; m < SERIES_MOTIONS; m++)
			if (seconds[m] > seconds[most])
				most = m;
		if (seconds[most] <= LISTED_LEAST * all)
			return;
		used += (size_t)snprintf(to + used, bytes - used,
		    "%s%s %.0f %%", listed > 0 ? ", " : "", names[most],
		    100 * seconds[most] / all);
		seconds[most] = 0;
	}
}

/* Returns how many decimals a number of stops has: none for 0, and from 100. */
static int decimals(double value)
{
	return value <= 0 || value >= 100 ? 0 : value < 1 ? 2 : 1;
}

/* Writes how often the drives stop, for each of the three causes. */
static void put_stops(const struct results_scenario *s, char *to, size_t bytes)
{
	double data = metric(s, "stops_for_data_per_hour"),
	       marks = metric(s, "stops_for_filemarks_per_hour"),
	       speed = metric(s, "speed_changes_forced_per_hour");

	snprintf(to, bytes,
	    "stops of the drive%s in an hour: %.*f for lack of data, %.*f for "
	    "filemarks, %.*f to change speed",
	    s->motions_count > 1 ? "s" : "", decimals(data), data,
	    decimals(marks), marks, decimals(speed), speed);
}

struct summary report_summary(const struct results_scenario *s)
{
	struct summary to = { .count = 0 };
	char limit[SUMMARY_BYTES / 2], rate[UNITS_BYTES];

	if (s->status == RESULTS_SKIPPED || !has_motion(s) ||
	    metric(s, "duration") <= 0)
		return to;
	put_limit(s, limit, sizeof limit);
	snprintf(to.line[0], SUMMARY_BYTES, "%s, limited by %s",
	    units_rate(rate, metric(s, "throughput_mean")), limit);
	put_stops(s, to.line[1], SUMMARY_BYTES);
	put_shares(s, to.line[2], SUMMARY_BYTES);
	to.count = 3;
	return to;
}
