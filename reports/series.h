/*
 * series.h: the course of a dump, sampled at equal distances of time.
 *
 * Invariants:
 *  1. Sample i is the state at i * step_ns.  The end of the dump is one more
 *     sample, at any time.
 *  2. At most SERIES_SAMPLES samples.  When there is no room for the next one,
 *     each second sample is dropped and the step doubles.  So from half of
 *     SERIES_SAMPLES on, a series never has less than that.
 *  3. Amounts and times are sums since the begin of the dump: what happened
 *     between two samples is their difference, and a dropped sample loses
 *     nothing.
 *  4. All members are integers: a series is the same however a sum was made.
 */
#ifndef REPORTS_SERIES_H
#define REPORTS_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SERIES_SAMPLES = 1024 };

/* A sum of bytes times nanoseconds. */
__extension__ typedef unsigned __int128 series_area;

/* The state of a dump at a moment. */
struct series_sample {
	uint64_t feed_bytes;      /* brought by the producer */
	uint64_t tape_bytes;      /* accepted by drives, in all attempts */
	int64_t feed_ns;          /* time in which the producer brought data */
	int64_t write_ns;         /* time in which a write was in progress */
	uint64_t fill_bytes;      /* fill of the buffer at the moment */
	series_area fill_byte_ns; /* integral of the fill over time */
	bool writing;             /* a write was in progress */
	bool ended;               /* the producer had no more data */
};

struct series {
	int64_t step_ns;
	int64_t next_ns; /* see series_next_ns() */
	size_t count;
	struct series_sample sample[SERIES_SAMPLES];
	int64_t end_ns; /* time of the end; -1: not yet known */
	struct series_sample end;
};

/* Makes an empty series with a step of `step_ns` >= 1. */
void series_init(struct series *series, int64_t step_ns);

/* Returns the time of the next sample. */
int64_t series_next_ns(const struct series *series);

/* Adds the sample at series_next_ns(), which then changes. */
void series_add(struct series *series, const struct series_sample *sample);

/*
 * Ends the series: `sample` is the state at `at_ns`, which is not before the
 * last sample.
 */
void series_end(struct series *series, int64_t at_ns,
    const struct series_sample *sample);

/*
 * Returns the number of intervals between samples, the end included.  0 if the
 * series has not ended.
 */
size_t series_intervals(const struct series *series);

/* What happened in an interval. */
struct series_span {
	int64_t begin_ns, end_ns;
	const struct series_sample *begin, *end;
};

/* Returns interval `i` < series_intervals(). */
struct series_span series_span(const struct series *series, size_t i);

#endif
