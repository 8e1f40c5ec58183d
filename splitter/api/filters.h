/*
 * filters.h: libraries that stand before another one, to try things out.
 *
 * A filter takes a library and is one.  It makes a drive fail on cue, makes
 * volumes smaller, or logs all operations, and passes on everything else.
 *
 *     splitter -> trace -> fault -> limit -> the library with the drives
 *
 * This order is the useful one: a fault counts only blocks that fit on the
 * volume, and a trace shows the errors that a fault injects.
 *
 * Installed as <tapelab/filters.h>.
 */
#ifndef SPLITTER_API_FILTERS_H
#define SPLITTER_API_FILTERS_H

#include "tape.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A library with one endless volume, NULL, which takes all at once and keeps
 * nothing: to measure everything but the tape.  NULL if there is no memory.
 */
struct tape_library *splitter_null_library_new(void);
void splitter_null_library_free(struct tape_library *library);

/*
 * Filters: libraries that stand before another one, `inner`, which stays the
 * caller's; to be freed when all their tapes are unloaded.  One thread at a
 * time uses one.  NULL if there is no memory.
 *
 * fault: the `nth` such thing of the whole library fails with this cause, not
 * TAPE_OK; only it (`once`) or all later ones too.  Blocks are counted, never
 * runs; what fails behind it is not counted.  More faults: more filters.
 *
 * limit: volumes hold this many bytes, label and headers included; the block
 * that ends less than `warning_bytes` before the end meets the early warning.
 *
 * trace: a line of text an operation, ten fields separated by tabs: begun_ns,
 * done_ns, drive, volume, operation, what was asked, cause, bytes, leom,
 * message.
 */
#define SPLITTER_NO_WARNING UINT64_MAX

struct tape_library *splitter_fault_library_new(struct tape_library *inner,
    enum splitter_fault_at at, uint64_t nth, enum tape_cause cause, bool once);
void splitter_fault_library_free(struct tape_library *library);
struct tape_library *splitter_limit_library_new(struct tape_library *inner,
    uint64_t capacity_bytes, uint64_t warning_bytes);
void splitter_limit_library_free(struct tape_library *library);
struct tape_library *splitter_trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg);
void splitter_trace_library_free(struct tape_library *library);

#ifdef __cplusplus
}
#endif

#endif
