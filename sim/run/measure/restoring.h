/*
 * restoring.h: how long a restore of a dump would take, by the models of the
 * drives that wrote it.
 *
 * Each committed part has its place on its volume: the byte of the medium at
 * which the header begins, and that after the filemark.
 */
#ifndef SIM_RESTORING_H
#define SIM_RESTORING_H

#include "vtl/library/library.h"

struct restoring;

/*
 * Makes an empty list of parts.  `library`, which the caller keeps, has the
 * drives; `move_ns` is the time of a move of its robot, and `block_bytes` > 0
 * the block of the dump.  NULL without memory.
 */
struct restoring *restoring_new(struct library *library, int64_t move_ns,
    uint64_t block_bytes);
void restoring_free(struct restoring *restoring);

/* The dump continues on the volume that is in this drive, from 0. */
void restoring_volume(struct restoring *restoring, unsigned drive);

/* The header of a part comes next. */
void restoring_begin(struct restoring *restoring);

/*
 * The part that began last is committed, with `bytes` of the dump.  Returns 0,
 * or -1 without memory.
 */
int restoring_commit(struct restoring *restoring, uint64_t part,
    uint64_t bytes);

/* A committed part is lost. */
void restoring_lose(struct restoring *restoring, uint64_t part);

struct restoring_times {
	uint64_t mounts;
	int64_t dump_ns;      /* all parts, in order */
	int64_t part_mean_ns; /* one part, with its mount */
	int64_t part_worst_ns;
	int64_t locate_mean_ns; /* from the beginning of a tape to a part */
};

/* Returns the times; all are 0 if there is no part. */
struct restoring_times restoring_measure(const struct restoring *restoring);

#endif
