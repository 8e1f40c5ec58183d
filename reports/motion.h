/*
 * motion.h: what the medium did over time, for throughput.tsv and the plot.
 */
#ifndef REPORTS_MOTION_H
#define REPORTS_MOTION_H

#include "reports/series.h"

/* Means over an interval, and sums up to its end. */
struct motion_shares {
	double begin_s, end_s;
	/* of the time of the interval, in percent; NaN: no time passed */
	double percent[SERIES_MOTIONS];
	double speed_bytes_per_s; /* while it streamed; NaN: it did not */
	double fill_percent; /* of the drive's buffer at the end; NaN: none */
	uint64_t stops_for_data, stops_for_filemarks, stops_forced;
};

/*
 * Returns the shares of interval `i` < series_intervals() of a series that has
 * a drive.
 */
struct motion_shares report_motion(const struct series *series, size_t i);

/* Returns the name of a motion, for people: "backhitch". */
const char *report_motion_name(enum series_motion motion);

#endif
