/*
 * series.h: rates and buffer fill over time, in bounded memory.
 *
 * Invariants:
 *  1. At most SERIES_BINS bins, of equal width, from time 0.
 *  2.  When time passes the last bin, neighbours are merged and the width
 *     doubles; no byte is lost or counted twice.
 *  3.  The bytes of a span are spread evenly over its bins, so that a long step
 *     is not shown as a spike.
 */
#ifndef REPORTS_SERIES_H
#define REPORTS_SERIES_H

#include <stddef.h>
#include <stdint.h>

enum { SERIES_BINS = 1024 };

struct series_bin {
	double feed_bytes;    /* accepted from the producer in this bin */
	double tape_bytes;    /* accepted by drives in this bin */
	double fill_bytes_ns; /* integral of the buffer's fill over time */
	double covered_ns;    /* time of the bin with a known fill */
};

struct series {
	int64_t width_ns;
	size_t used; /* bins in use */
	struct series_bin bin[SERIES_BINS];
};

/* Makes an empty series with bins of `width_ns` >= 1. */
void series_init(struct series *series, int64_t width_ns);

/*
 * Adds the bytes that the producer and a drive moved in [from_ns, to_ns], and
 * the fill of the buffer, which is constant over the span (< 0: unknown).
 *
 * 0 <= from_ns <= to_ns.  Spans may overlap, and their bytes add up.  The fill
 * must be given only once for each time.
 */
void series_add(struct series *series, int64_t from_ns, int64_t to_ns,
    double feed_bytes, double tape_bytes, double fill_bytes);

#endif
