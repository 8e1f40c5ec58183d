/*
 * timeline.h: which of several streams has the earliest event.
 *
 * Each index from 0 has a time.  The first index is the one with the least
 * (time, index), so that the order never depends on the order of the calls.
 *
 * Up to TIMELINE_SCAN indices are scanned; more are kept in a heap.
 */
#ifndef SIM_TIMELINE_H
#define SIM_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIMELINE_SCAN = 16 };

struct timeline;

/*
 * Makes a timeline of `count` indices, at least 1, all at time 0.  `heap`
 * chooses a heap instead of a scan; both give the same order.  Returns NULL
 * without memory.
 */
struct timeline *timeline_new(size_t count, bool heap);

/* Frees the timeline; NULL is allowed. */
void timeline_free(struct timeline *timeline);

/* Sets the time of an index. */
void timeline_set(struct timeline *timeline, size_t index, int64_t at_ns);

/* Returns the first index, and sets its time. */
size_t timeline_first(const struct timeline *timeline, int64_t *at_ns);

#endif
