/*
 * spread.h: the percentiles of a series.
 *
 * Each value has a weight, such as the time for which it held.  The p-th
 * percentile is the least value that is not exceeded in p % of all weights.
 */
#ifndef SIM_SPREAD_H
#define SIM_SPREAD_H

#include "reports/series.h"

struct spread {
	double p5, p50, p95;
};

/* The series of a dump, and the fill of its buffer that is 100 %. */
struct spread_dump {
	const struct series *series;
	uint64_t buffer_bytes;
};

/*
 * Each function fills in `spread` from the samples of `count` dumps together,
 * with zeros if no sample counts.  Returns 0, or -1 without memory.
 */

/* Rate of the producer, in bytes per second, while it is not blocked. */
int spread_of_feed(const struct spread_dump *dumps, size_t count,
    struct spread *spread);

/* Rate at which drives accept bytes while a write is in progress. */
int spread_of_writes(const struct spread_dump *dumps, size_t count,
    struct spread *spread);

/* Rate at which media take data while they stream. */
int spread_of_medium(const struct spread_dump *dumps, size_t count,
    struct spread *spread);

/* Fill of the buffer, in percent. */
int spread_of_fill(const struct spread_dump *dumps, size_t count,
    struct spread *spread);

/* Fill of the drive's buffer within parts, in percent. */
int spread_of_drive_fill(const struct spread_dump *dumps, size_t count,
    struct spread *spread);

/* Mean fill of the drive's buffer within parts, in bytes. */
double spread_mean_drive_fill(const struct series *series);

/*
 * Returns the lowest fill among the samples during a write, before the end of
 * the dump; 0 without such a sample.
 */
uint64_t spread_lowest_fill(const struct series *series);

/*
 * Returns the lowest fill of the drive's buffer among the samples within parts
 * and before the end of the dump; 0 without such a sample.
 */
uint64_t spread_lowest_drive_fill(const struct series *series);

#endif
