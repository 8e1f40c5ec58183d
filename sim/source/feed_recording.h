/*
 * feed_recording.h: records when bytes come, as a trace (feed_trace.h).
 *
 * Bytes are counted in intervals of equal length.  When there are as many rows
 * as allowed, or no memory for more, two intervals become one, which halves the
 * rows: so a recording is bounded however long it takes.
 */
#ifndef SIM_FEED_RECORDING_H
#define SIM_FEED_RECORDING_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct feed_recording_interval {
	uint64_t number; /* it begins at number * resolution */
	uint64_t bytes;
};

struct feed_recording {
	int64_t resolution_ns;
	size_t rows_max;
	struct feed_recording_interval *list; /* those with bytes, in order */
	size_t count;
	size_t gaps;     /* how often intervals without bytes come before one */
	int64_t last_ns; /* time of the last bytes */
	uint64_t bytes;  /* sum */
};

/*
 * Begins a recording.  `resolution_ns` > 0 is the length of an interval at
 * first; `rows_max` is at least 4.
 */
void feed_recording_init(struct feed_recording *recording,
    int64_t resolution_ns, size_t rows_max);

/*
 * Counts bytes > 0 that came at `now_ns`, a time since the beginning, which
 * never falls.
 */
void feed_recording_add(struct feed_recording *recording, int64_t now_ns,
    uint64_t bytes);

/*
 * Prints the header line and the rows of the trace.  Errors are those of the
 * stream.
 */
void feed_recording_print(const struct feed_recording *recording, FILE *to);

void feed_recording_clear(struct feed_recording *recording);

#endif
