/*
 * fault.h: a filter that makes a library and its tapes fail on cue.
 *
 * It stands before any library, real or virtual, and passes everything on but
 * what a fault names: that operation is not passed on, and answered with the
 * cause of the fault.
 *
 * Operations are counted over the whole library, from 1, never runs but
 * blocks: how long runs are depends on timing.  A run that holds the block of
 * a fault is passed on up to that block.
 */
#ifndef SPLITTER_FAULT_H
#define SPLITTER_FAULT_H

#include "splitter/tape.h"

enum fault_at {
	FAULT_BLOCK,		/* the Nth data block written */
	FAULT_HEADER,		/* the Nth header */
	FAULT_FILEMARK,		/* the Nth filemark behind a part */
	FAULT_LABEL,		/* the Nth label */
	FAULT_LOAD		/* the Nth load */
};

struct fault {
	enum fault_at at;
	uint64_t nth;		/* from 1 */
	enum tape_cause cause;	/* of the answer; not TAPE_OK */
	bool once;		/* else this and all later ones fail */
};

/*
 * A library before `inner`, which stays the caller's, as does nothing else:
 * the faults are copied.  NULL if there is no memory.
 */
struct tape_library *fault_library_new(struct tape_library *inner,
    const struct fault *faults, size_t count);

/* All tapes have been unloaded.  NULL is allowed. */
void fault_library_free(struct tape_library *library);

#endif
