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
	uint64_t progress_bytes; /* sum of the progress reports of writes */
	unsigned char data[RIG_BLOCKS * BLOCK];
} rig;

/*
 * Starts the rig: nine volumes of `capacity` blocks, and two drives, with the
 * filters of `order`.  The last `warning` blocks of a volume report LEOM; 0: no
 * block does.
 */
void rig_begin(const char *order, unsigned capacity, unsigned warning);

/* Starts the rig with only a fault filter, which has these faults. */
void rig_begin_faults(const struct fault *faults, size_t count,
    unsigned capacity, unsigned warning);

/* Frees the rig.  All tapes must have been unloaded. */
void rig_end(void);

struct tape *rig_load(void);
void rig_unload(struct tape *tape);
void rig_label(struct tape *tape, uint64_t bytes);
void rig_header(struct tape *tape, uint64_t bytes);
uint64_t rig_write(struct tape *tape, uint64_t bytes);
void rig_filemark(struct tape *tape, bool sync);

/* Loads a tape and writes a label and a header on it. */
struct tape *rig_tape_in_file(void);

/* Checks the last result, which has a message if it is not TAPE_OK. */
void rig_result_is(enum tape_cause cause, bool leom, uint64_t bytes);

#endif
