/*
 * fault.h: a filter that injects errors into a library and its tapes.
 *
 * It works with any library, real or virtual, and forwards every operation
 * except those that a fault names.  Such an operation is not forwarded; its
 * result has the cause of the fault and a message that says that the error was
 * injected:
 *
 *     injected fault: block 7: medium_error
 *
 * Operations are counted over the whole library, from 1; blocks are counted,
 * never runs, whose length depends on timing.  A run that contains the block of
 * a fault is forwarded up to that block.
 *
 * An operation counts if it succeeded below or failed by a fault.  An operation
 * that fails below does not count: a block that does not fit, or a load without
 * a further volume.  So a run that ends early below, at its LEOM for example,
 * does not reach a fault of a block after that place; the call with this block
 * does.
 *
 * A deferred error of a block acts as in a drive: the block is forwarded, and
 * the next synchronised filemark of that tape has the error instead of being
 * forwarded (that filemark counts, and no other fault applies to it).  If the
 * tape is labelled or unloaded first, the error has no effect.  For all other
 * operations, a deferred error is reported at once.
 *
 * A load that fails leaves its volume in place, and the next load takes it. A
 * fault sets only the result, not the state of the drive: after a hardware
 * error that is injected once, the next operation is forwarded.
 */
#ifndef SPLITTER_FAULT_H
#define SPLITTER_FAULT_H

#include "splitter/tape/tape.h"

struct fault {
	enum splitter_fault_at at;
	uint64_t nth;          /* number of the operation, from 1 */
	enum tape_cause cause; /* cause of the result; not TAPE_OK */
	bool once;             /* false: all later operations fail, too */
};

/*
 * Creates a filter before `inner`, which still belongs to the caller.  The
 * faults are copied.  If several faults name the same operation, the first one
 * in the list counts.  Returns NULL if there is no memory.  Threads: only one
 * thread at a time may use the library and its tapes, because they share the
 * counts.
 */
struct tape_library *fault_library_new(struct tape_library *inner,
    const struct fault *faults, size_t count);

/*
 * Calls `struck` at each strike of a fault, with its place in the list, before
 * the operation ends.  `tape` is NULL for a load.
 */
void fault_library_observe(struct tape_library *library,
    void (*struck)(void *arg, size_t fault, const struct tape *tape,
	int64_t now_ns),
    void *arg);

/* Frees the filter.  All tapes must have been unloaded.  NULL is allowed. */
void fault_library_free(struct tape_library *library);

#endif
