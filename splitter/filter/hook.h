/*
 * hook.h: a filter that does the same around every operation of its tapes.
 *
 *     caller --> before --> the tape below --> after --> caller
 *
 * A filter that distinguishes operations little, such as a trace, has two
 * functions instead of one for each operation.  A filter that changes few
 * operations, or that forwards repeated writes, has a table of its own: see
 * filter.h.
 *
 * Limits, identities and positions are forwarded.
 */
#ifndef SPLITTER_FILTER_HOOK_H
#define SPLITTER_FILTER_HOOK_H

#include "splitter/filter/filter.h"

enum hook_operation {
	HOOK_LABEL,
	HOOK_HEADER,
	HOOK_WRITE,
	HOOK_FILEMARK,
	HOOK_READ,
	HOOK_LOCATE,
	HOOK_LOCATE_EOD,
	HOOK_REWIND,
	HOOK_FORMAT
};

/* An operation that was requested; members of other operations are 0. */
struct hook_request {
	enum hook_operation operation;
	int64_t now_ns;
	uint64_t bytes;           /* of a label or header; room of a read */
	struct tape_run run;      /* of a write */
	bool sync;                /* of a filemark */
	uint64_t file;            /* of a locate */
	struct tape_block *block; /* of a read: what was read, afterwards */
};

struct hooks {
	const char *name; /* of the tapes */
	/*
	 * Returns whether the operation is carried out.  If not, the result is
	 * set, and `after` is not called.  May shorten a write, by whole blocks.
	 */
	bool (*before)(struct tape *tape, struct hook_request *request,
	    struct tape_result *result);
	/* The operation is complete.  May change the result. */
	void (*after)(struct tape *tape, const struct hook_request *request,
	    struct tape_result *result);
};

/* The start of a filter's struct. */
struct hook_filter {
	struct filter filter; /* first: cast to this */
	const struct hooks *hooks;
};

/*
 * Allocates a filter of `bytes` bytes, which begin with a struct hook_filter;
 * as filter_new().  `hooks` must outlive it.  The caller may replace an operation
 * of its tapes, in filter.tape_ops.
 */
void *hook_filter_new(size_t bytes, struct tape_library *next,
    const struct tape_library_ops *ops, const struct hooks *hooks,
    size_t tape_bytes);

/* Returns the filter of a tape. */
struct hook_filter *hook_filter_of(const struct tape *tape);

/* Returns the name of an operation: "label", "header", "write", ... */
const char *hook_operation_name(enum hook_operation operation);

/* Returns whether the operation changes what is on the medium. */
bool hook_operation_writes(enum hook_operation operation);

#endif
