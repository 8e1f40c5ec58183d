/*
 * table_host.c: the metrics of the host: rates, times, fill of the buffer,
 * memory.
 */
#include "sim/metrics/impl.h"

const struct metrics_def metrics_of_host[METRICS_OF_HOST] = {
	[METRIC_FEED_RATE_MEAN - METRIC_HOST_FIRST] = { .name =
							    "feed_rate_mean",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Bytes that the producer brought, divided by the time "
		       "in which it was not blocked.",
	    .detail = "This is the rate of the source. Undefined if bytes "
		      "took no time.",
	    .example = "feed_rate_mean >= 90 MB/s" },
	[METRIC_FEED_RATE_P5 - METRIC_HOST_FIRST] = { .name = "feed_rate_p5",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate of the producer that was not exceeded in 5 % of "
		       "the time in which it was not blocked.",
	    .example = "feed_rate_p5 >= 90 MB/s" },
	[METRIC_FEED_RATE_P50 - METRIC_HOST_FIRST] = { .name = "feed_rate_p50",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate of the producer that was not exceeded in half "
		       "of the time in which it was not blocked.",
	    .example = "feed_rate_p50 >= 90 MB/s" },
	[METRIC_FEED_RATE_P95 - METRIC_HOST_FIRST] = { .name = "feed_rate_p95",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate of the producer that was not exceeded in 95 % "
		       "of the time in which it was not blocked.",
	    .example = "feed_rate_p95 >= 90 MB/s" },
	[METRIC_WRITE_RATE_P5 - METRIC_HOST_FIRST] = { .name = "write_rate_p5",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate at which drives accepted bytes that was not "
		       "exceeded in 5 % of the time in which a write was in "
		       "progress.",
	    .example = "write_rate_p5 >= 250 MB/s" },
	[METRIC_WRITE_RATE_P50 -
	    METRIC_HOST_FIRST] = { .name = "write_rate_p50",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate at which drives accepted bytes that was not "
		       "exceeded in half of the time in which a write was in "
		       "progress.",
	    .example = "write_rate_p50 >= 250 MB/s" },
	[METRIC_WRITE_RATE_P95 -
	    METRIC_HOST_FIRST] = { .name = "write_rate_p95",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate at which drives accepted bytes that was not "
		       "exceeded in 95 % of the time in which a write was in "
		       "progress.",
	    .example = "write_rate_p95 >= 250 MB/s" },
	[METRIC_PRODUCER_BLOCKED -
	    METRIC_HOST_FIRST] = { .name = "producer_blocked",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the producer waited for room in the "
		       "buffer.",
	    .example = "producer_blocked >= 100 s" },
	[METRIC_LATE_MAX - METRIC_HOST_FIRST] = { .name = "late_max",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Longest time between the moment at which bytes of an "
		       "open feed came and the moment at which the buffer "
		       "took them.",
	    .detail = "0 for a feed that is not open: its source waits, see "
		      "`producer_blocked`.",
	    .example = "late_max <= 10 s" },
	[METRIC_LATE_MEAN - METRIC_HOST_FIRST] = { .name = "late_mean",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Mean of this time over all bytes of the dump.",
	    .example = "late_mean <= 1 s" },
	[METRIC_DRIVE_STARVED - METRIC_HOST_FIRST] = { .name = "drive_starved",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the drive had no data within a part: for "
		       "a drive with a buffer, the medium stopped and stood.",
	    .example = "drive_starved == 0" },
	[METRIC_DRIVE_WAIT - METRIC_HOST_FIRST] = { .name = "drive_wait",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which loads waited until another dump gave a "
		       "drive back.",
	    .detail = "It is a part of `time_loading`. 0 with the real clock, "
		      "which counts it only there.",
	    .example = "drive_wait <= 10 min" },
	[METRIC_BUFFER_FILL_MEAN -
	    METRIC_HOST_FIRST] = { .name = "buffer_fill_mean",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Mean fill of the buffer over the duration.",
	    .detail = "The fill is the data that was accepted and waits for "
		      "a write; data that is being written does not count. "
		      "At 100 % the producer must wait. With `cache: "
		      "memory`, 100 % is the buffer and a part together.",
	    .example = "buffer_fill_mean <= 20 %" },
	[METRIC_BUFFER_FILL_P5 -
	    METRIC_HOST_FIRST] = { .name = "buffer_fill_p5",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Fill of the buffer that was not exceeded in 5 % of "
		       "the samples.",
	    .example = "buffer_fill_p5 <= 100 %" },
	[METRIC_BUFFER_FILL_P50 -
	    METRIC_HOST_FIRST] = { .name = "buffer_fill_p50",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Fill of the buffer that was not exceeded in half of "
		       "the samples.",
	    .example = "buffer_fill_p50 <= 100 %" },
	[METRIC_BUFFER_FILL_P95 -
	    METRIC_HOST_FIRST] = { .name = "buffer_fill_p95",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Fill of the buffer that was not exceeded in 95 % of "
		       "the samples.",
	    .example = "buffer_fill_p95 <= 100 %" },
	[METRIC_BUFFER_FILL_MIN -
	    METRIC_HOST_FIRST] = { .name = "buffer_fill_min",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Lowest fill of the buffer among the samples during a "
		       "write, before the end of the dump.",
	    .detail = "0 if there is no such sample.",
	    .example = "buffer_fill_min >= 10 %" },
	[METRIC_BUFFER_FILL_MAX -
	    METRIC_HOST_FIRST] = { .name = "buffer_fill_max",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Highest fill of the buffer.",
	    .example = "buffer_fill_max == 100 %" },
	[METRIC_MEMORY_BYTES - METRIC_HOST_FIRST] = { .name = "memory_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Memory that the splitter takes for the buffer, and "
		       "with `cache: memory` for a part.",
	    .example = "memory_bytes <= 2 GiB" },
	[METRIC_SPOOL_BYTES - METRIC_HOST_FIRST] = { .name = "spool_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Largest amount of data in the spool at one time.",
	    .detail = "0 with any cache except `spool`.",
	    .example = "spool_bytes <= 100 GiB" },
	[METRIC_TIME_WRITING - METRIC_HOST_FIRST] = { .name = "time_writing",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which blocks of the dump were written.",
	    .detail = "The times from `time_writing` to `time_idle` are "
		      "those of the host. They add up to the duration.",
	    .example = "time_writing >= 1 h" },
	[METRIC_TIME_LOADING - METRIC_HOST_FIRST] = { .name = "time_loading",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the dump waited for a volume: for a "
		       "drive, for the robot, for the load, and for the "
		       "label to be read.",
	    .example = "time_loading <= 2 min" },
	[METRIC_TIME_HEADERS - METRIC_HOST_FIRST] = { .name = "time_headers",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which labels, headers and end records were "
		       "written.",
	    .example = "time_headers <= 10 s" },
	[METRIC_TIME_FILEMARKS -
	    METRIC_HOST_FIRST] = { .name = "time_filemarks",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the filemarks after parts were "
		       "written, with all data that was in the drive.",
	    .example = "time_filemarks <= 1 min" },
	[METRIC_TIME_VERIFYING -
	    METRIC_HOST_FIRST] = { .name = "time_verifying",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which parts were verified after a volume was "
		       "not at the expected position.",
	    .example = "time_verifying == 0" },
	[METRIC_TIME_UNLOADING -
	    METRIC_HOST_FIRST] = { .name = "time_unloading",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the dump waited for the rewind and the "
		       "unload of a volume.",
	    .example = "time_unloading <= 5 min" },
	[METRIC_TIME_IDLE - METRIC_HOST_FIRST] = { .name = "time_idle",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which there was nothing to do: the data to "
		       "be written had not arrived.",
	    .example = "time_idle == 0" },
};
