/*
 * filter_rig.h: filters over tapes in memory, used operation by operation.
 *
 * One rig at a time.  A test configures the filters in rig.stack, starts, and
 * checks the last result, rig.r.
 */
#ifndef SPLITTER_TESTS_FILTER_RIG_H
#define SPLITTER_TESTS_FILTER_RIG_H

#include "splitter/filter/tests/filter_stack.h"

enum { BLOCK = 4096, NOW = 1000, RIG_BLOCKS = 64 };

extern struct filter_rig {
	struct filter_stack stack;
	struct memtape *tapes;
	struct tape_result r;
	uint64_t progress_bytes; /* reported while runs were written */
	unsigned char data[RIG_BLOCKS * BLOCK];
} rig;

/*
 * Nine volumes of `capacity` blocks, of which the last `warning` report LEOM
 * (0: there is none), and two drives, with the filters of `order`.
 */
void rig_begin(const char *order, unsigned capacity, unsigned warning);

/* The same with these faults. */
void rig_begin_faults(const struct fault *faults, size_t count,
    unsigned capacity, unsigned warning);

/* All tapes are unloaded. */
void rig_end(void);

struct tape *rig_load(void);
void rig_unload(struct tape *tape);
void rig_label(struct tape *tape, uint64_t bytes);
void rig_header(struct tape *tape, uint64_t bytes);
uint64_t rig_write(struct tape *tape, uint64_t bytes);
void rig_filemark(struct tape *tape, bool sync);

/* A tape with a label and a header. */
struct tape *rig_tape_in_file(void);

/* Checks the last result, which has a message if it is not TAPE_OK. */
void rig_result_is(enum tape_cause cause, bool leom, uint64_t bytes);

#endif
