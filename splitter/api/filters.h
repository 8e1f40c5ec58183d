/*
 * filters.h: libraries that change or observe the tapes of another one.
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

/* Which operations fail, and with which cause. */
struct splitter_fault {
	enum splitter_fault_at at;
	uint64_t nth; /* from 1, in the whole library */
	enum tape_cause cause;
	bool once; /* false: all later ones fail too */
};

/*
 * A filter is a library before another one, `inner`, which stays the caller's.
 * Free it when all its tapes are unloaded.  One thread at a time uses it.  NULL
 * if there is no memory, or the arguments are impossible: `inner` lacks load or
 * unload, `line` is NULL, or no tape can report the cause of a fault.
 *
 * fault: each of `count` faults, which are copied, makes the nth block, header,
 * filemark, label or load fail with its cause.  Blocks are counted, never runs.
 * An operation that fails in `inner` is not counted.  The number of members of
 * struct splitter_fault does not change.
 *
 * limit: volumes hold this many bytes, label and headers included; the block
 * that ends less than `warning_bytes` before the end meets the early warning.
 *
 * trace: `line` receives a line of text per operation: ten fields, separated by
 * tabs: begun_ns, done_ns, drive, volume, operation, request, cause,
 * bytes, leom, message.
 */
#define SPLITTER_NO_WARNING UINT64_MAX

struct tape_library *splitter_fault_library_new(struct tape_library *inner,
    const struct splitter_fault *faults, size_t count);
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
