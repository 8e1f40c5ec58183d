/* motion.c: what the medium did over time. */
#include "reports/motion.h"

#include <assert.h>
#include <math.h>

struct motion_shares report_motion(const struct series *series, size_t i)
{
	struct series_span span = series_span(series, i);
	const struct series_drive *begin = &span.begin->drive;
	const struct series_drive *end = &span.end->drive;
	double ns = (double)(span.end_ns - span.begin_ns), streaming_ns;
	struct motion_shares to = {
		.begin_s = (double)span.begin_ns / 1e9,
		.end_s = (double)span.end_ns / 1e9,
		.speed_bytes_per_s = NAN,
		.fill_percent = NAN,
		.stops_for_data = end->stops_for_data,
		.stops_for_filemarks = end->stops_for_filemarks,
		.stops_forced = end->stops_forced,
	};

	assert(series->has_drive);
	for (int m = 0; m < SERIES_MOTIONS; m++)
		to.percent[m] = ns > 0 ? 100 *
			(double)(end->motion_ns[m] - begin->motion_ns[m]) / ns
				       : NAN;
	streaming_ns = (double)(end->motion_ns[SERIES_STREAMING] -
	    begin->motion_ns[SERIES_STREAMING]);
	if (streaming_ns > 0)
		to.speed_bytes_per_s =
		    (double)(end->medium_bytes - begin->medium_bytes) * 1e9 /
		    streaming_ns;
	if (series->drive_buffer_bytes > 0)
		to.fill_percent = 100 * (double)end->fill_bytes /
		    (double)series->drive_buffer_bytes;
	return to;
}

const char *report_motion_name(enum series_motion motion)
{
	static const char *const names[] = {
		[SERIES_STREAMING] = "streaming",
		[SERIES_TURNING] = "turning",
		[SERIES_BACKHITCH] = "backhitch",
		[SERIES_STANDING] = "standing",
		[SERIES_LOCATING] = "locating",
		[SERIES_READING] = "reading",
		[SERIES_LOADING] = "loading",
		[SERIES_REWINDING] = "rewinding",
		[SERIES_UNLOADING] = "unloading",
	};

	return names[motion];
}
