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

/* What a drive with a volume does: at any time, one of these. */
enum series_motion {
	SERIES_STREAMING,
	SERIES_TURNING,   /* at the end of a wrap */
	SERIES_BACKHITCH, /* it stops, goes back and starts again */
	SERIES_STANDING,
	SERIES_LOCATING,
	SERIES_READING,
	SERIES_LOADING,
	SERIES_REWINDING,
	SERIES_UNLOADING,
	SERIES_MOTIONS
};

/* The drives of a dump: sums over all of them, and the state of the last. */
struct series_drive {
	int64_t motion_ns[SERIES_MOTIONS];
	uint64_t medium_bytes; /* that media took while they streamed */
	uint64_t stops_for_data, stops_for_filemarks, stops_forced;
	uint64_t turns;      /* at ends of wraps */
	int64_t starved_ns;  /* stops for lack of data, until the next start */
	int64_t waited_ns;   /* hosts waited for room in a drive's buffer */
	int64_t robot_ns;    /* the robot moved */
	uint64_t fill_bytes; /* of this buffer at the moment, on the medium */
};

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
	bool in_part;             /* a part was being written */
	struct series_drive drive;
};

struct series {
	bool has_drive;              /* the motion of the medium is known */
	uint64_t drive_buffer_bytes; /* 100 % of drive.fill_bytes; 0: none */
	unsigned drives;             /* at most this many moved at a time */
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
 * last sample.  Then no interval has more motion than fits into it: a drive
 * counts the time of a command, such as a load, when its end is known, and what
 * lies after a sample is moved to the intervals in which it happened.
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
