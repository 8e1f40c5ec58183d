/*
 * sums.h: what is measured while a dump runs.
 *
 * The executor in virtual time keeps the sums itself; the recorder keeps them
 * in real time.
 *
 * Invariants:
 *  1. All sums are integers, and each only grows by what happened.  A stretch
 *     in which the same happens k times may be added at once, as k times its
 *     difference: the sums are the same, bit for bit.
 *  2. No sum counts pieces of the feed.  Times, rates and fills change with the
 *     size of a piece by at most what one piece takes.
 *  3. The fill is the data that was accepted and for which no write has begun.
 *     So a feed that is slower than the drive leaves the buffer empty, whatever
 *     the size of its pieces.
 *  4. step_ns has each moment of the dump once: its total is the duration.
 */
#ifndef SIM_SUMS_H
#define SIM_SUMS_H

#include "reports/series.h"
#include "sim/run/measure/usage.h"
#include "splitter/core/core.h"

struct sums {
	uint64_t tape_bytes; /* bytes that drives accepted, in all attempts */
	uint64_t cache_read_bytes; /* of these, read from spool or slices */
	/*
	 * Time of the steps of each kind.  CORE_NOTHING: no step was in
	 * progress.
	 */
	int64_t step_ns[CORE_DONE];
	uint64_t fed_before_bytes; /* brought by earlier runs of the dump */
	int64_t feed_ns;           /* time in which the producer brought data */
	uint64_t fill_bytes;
	int64_t fill_since_ns; /* since when the fill is fill_bytes */
	uint64_t fill_max_bytes;
	series_area fill_byte_ns; /* integral of the fill up to fill_since_ns */
	struct series *series;    /* receives the samples; NULL: no samples */
	struct usage *usage; /* the drives; NULL: nothing is known of them */
	size_t dump;         /* number of the dump in `usage` */
};

/*
 * Sets up the sums and an empty series.  `size_bytes` is the size of the dump,
 * or UINT64_MAX if it is not known: the series of a large dump begins with
 * longer steps.
 */
void sums_init(struct sums *sums, struct series *series, uint64_t size_bytes);

/* The fill is `bytes` from `now_ns` on. */
void sums_fill(struct sums *sums, int64_t now_ns, uint64_t bytes);

/* Adds a step that was carried out from `begun_ns` to `now_ns`. */
void sums_step(struct sums *sums, const struct core_step *step,
    const struct core_result *result, int64_t begun_ns, int64_t now_ns);

/*
 * Returns how much of `whole` was reached at `at_ns`, if it grows evenly from
 * `begin_ns` to `end_ns`.
 */
uint64_t sums_share(uint64_t whole, int64_t begin_ns, int64_t end_ns,
    int64_t at_ns);

/*
 * Returns how many bytes no tape has taken yet of those that a write reaches
 * for the first time.  0 for other steps.
 */
uint64_t sums_new_bytes(const struct core_step *step, uint64_t consumed);

#endif
