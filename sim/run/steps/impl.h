/*
 * impl.h: what the files of the stock share.
 *
 *     samples.c   what other programs write on volumes
 *     contents.c  exchanges what volumes hold
 *     stock.c     makes and opens the library
 *     operator.c  what operators do with it
 *
 * A file calls only files above it in this list.
 */
#ifndef SIM_STEPS_IMPL_H
#define SIM_STEPS_IMPL_H

#include "sim/run/steps/stock.h"

struct stock {
	const struct scenario *scenario;
	uint64_t seed;
	bool durable;
	bool instant;           /* drives and robot take no time */
	uint32_t pace_permille; /* 0: not paced by the real clock */
	/* NULL: a virtual library, in `folder`. */
	const struct story_device *device;
	char *folder, *outside, *catalogue;
	/* For each volume whether its duplicate is in the library. */
	bool *is_duplicate, *has_duplicate;
};

/* samples.c */

/*
 * Writes what a volume holds, over all that is on it.  Returns 0, or -1 with a
 * message.
 */
int sample_write(const char *path, enum scenario_holds holds,
    uint64_t block_bytes, bool durable, char *err, size_t err_bytes);

/* stock.c */

/* Returns the path of a volume in the library or outside; NULL: no memory. */
char *stock_path(const struct stock *stock, size_t volume, bool outside);

/* Makes the file of a volume at `path`, with what it holds. */
int stock_make_volume(const struct stock *stock, size_t volume,
    const char *path, enum scenario_holds holds, char *err, size_t err_bytes);

#endif
