/*
 * series.h: rates and buffer fill over time, in bounded memory.
 *
 * Invariants:
 *  1. At most SERIES_BINS bins, of equal width, from time 0.
 *  2. When time runs past the last bin, neighbours are merged and the width
 *     doubles; no byte is lost or counted twice by that.
 *  3. Bytes given for a span are spread evenly over the bins it touches, so
 *     that one long step does not show as a spike.
 */
#ifndef REPORTS_SERIES_H
#define REPORTS_SERIES_H

#include <stddef.h>
#include <stdint.h>

enum { SERIES_BINS = 1024 };

struct series_bin {
	double feed_bytes;    /* accepted from the producer in this bin */
	double tape_bytes;    /* taken by tapes in this bin */
	double fill_bytes_ns; /* integral of the buffer's fill over time */
	double covered_ns;    /* how much of the bin has a known fill */
};

struct series {
	int64_t width_ns;
	size_t used; /* bins in use */
	struct series_bin bin[SERIES_BINS];
};

/* Begins an empty series with bins of `width_ns` (at least 1). */
void series_init(struct series *series, int64_t width_ns);

/*
 * Adds what happened in [from_ns, to_ns]: bytes fed, bytes taken by a tape,
 * and the buffer's fill (taken as constant over the span).  0 <= from <= to;
 * spans may overlap: two records with different counts are added up, but fill
 * should be given for each moment once (pass fill < 0 for "not known here").
 */
void series_add(struct series *series, int64_t from_ns, int64_t to_ns,
    double feed_bytes, double tape_bytes, double fill_bytes);

#endif
