/*
 * fault.h: a filter that makes a library and its tapes fail on cue.
 *
 * It stands before any library, real or virtual, and passes everything on but
 * what a fault names: that operation is not passed on, and answered at once
 * with the cause of the fault and a message that says it was asked for:
 *
 *     fault: the 7th block was to fail: medium_error
 *
 * Operations are counted over the whole library, from 1, never runs but
 * blocks: how long runs are depends on timing.  A run that holds the block of
 * a fault is passed on up to that block.
 *
 * What counts is what succeeded below, and what a fault made fail.  What the
 * library behind makes fail does not: a block that does not fit any more, or
 * a load when there are no more volumes.  So a run that ends early below, at
 * its LEOM for instance, does not meet the fault of a block behind that place;
 * the call that brings this block again does.
 *
 * A deferred error of a block is what drives make of it: the block is taken
 * and passed on, and the next synchronised filemark of that tape is answered
 * with the cause instead of being passed on (that filemark counts, and no
 * fault of its own strikes it).  If the tape is labelled or unloaded first,
 * nothing comes of it.  Of anything else but a block, a deferred error is
 * answered at once.
 *
 * A load that fails leaves its volume where it lies: the next load takes it.
 * A fault says what is answered, not what becomes of the drive: after a drive
 * error that was to come once, the next operation is passed on.
 */
#ifndef SPLITTER_FAULT_H
#define SPLITTER_FAULT_H

#include "splitter/tape/tape.h"

struct fault {
	enum splitter_fault_at at;
	uint64_t nth;          /* from 1 */
	enum tape_cause cause; /* of the answer; not TAPE_OK */
	bool once;             /* else this and all later ones fail */
};

/*
 * A library before `inner`, which stays the caller's, as does nothing else:
 * the faults are copied.  Of several faults that name the same operation the
 * first in the list counts.  NULL if there is no memory.
 *
 * One thread at a time uses it and all its tapes: they share the counts.
 */
struct tape_library *fault_library_new(struct tape_library *inner,
    const struct fault *faults, size_t count);

/* All tapes have been unloaded.  NULL is allowed. */
void fault_library_free(struct tape_library *library);

#endif
