/*
 * filter.h: shared by the filters: a library that forwards to another, and
 * whose tapes forward to the tapes of the other.
 *
 *     caller --> filter --> next --> ... --> the library with the drives
 *
 * A filter has a struct that begins with a struct filter, one that begins with
 * a struct filter_tape, and two tables of the operations that it changes.  The
 * others are forwarded, by the functions below; its own operations call them
 * too.
 *
 * Invariants:
 *  1. A tape of the filter exists from its load to its unload.
 *  2. A result from below is returned with its time, bytes and cause, unless
 *  the
 *     filter changes it.  A result that breaks the rules of tape.h (more bytes
 *     than requested, half a block, a cause that this operation cannot have, a
 *     tape without operations) is returned as TAPE_UNKNOWN_ERROR, with the
 *     bytes that the tape is known to have taken.
 *  3. Tapes share no state except what a filter adds.  So a filter may be used
 *     by the threads that may use the library below it.
 */
#ifndef SPLITTER_FILTER_H
#define SPLITTER_FILTER_H

#include "splitter/tape/tape.h"

struct filter {
	struct tape_library library; /* first: cast to this */
	struct tape_library *next;
	struct tape_library_ops library_ops;
	struct tape_ops tape_ops;
	size_t tape_bytes;
};

struct filter_tape {
	struct tape tape; /* first: cast to this */
	struct tape *next;
	struct filter *filter;
	bool leom; /* a result from below had LEOM since the rewind */
	/*
	 * The write in progress, or NULL, and how many of its bytes were
	 * reported.
	 */
	const struct tape_run *run;
	uint64_t reported_bytes;
	bool impossible; /* an impossible number of bytes was reported */
};

/*
 * Allocates a filter of `bytes` bytes, which begin with a struct filter and are
 * otherwise zero.  Each of its tapes has `tape_bytes` bytes.  An operation that a
 * table does not have is forwarded; but `repeat`, which a filter must know, stays
 * missing.  `ops` may be NULL: all are forwarded.  The caller frees
 * the filter with free() when all tapes are unloaded; `next` still belongs to
 * the caller.  Returns NULL if there is no memory.
 */
void *filter_new(size_t bytes, struct tape_library *next,
    const struct tape_library_ops *ops, const struct tape_ops *tape_ops,
    size_t tape_bytes);

/*
 * Makes an initialised result a failure with this cause and message.  The bytes
 * taken and the time stay.  `tape` may be NULL.
 */
void filter_fail(const struct tape *tape, struct tape_result *result,
    enum tape_cause cause, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Returns whether the library has the required operations.  If not, a load from
 * it fails with TAPE_NO_VOLUME.
 */
bool filter_can_load_from(const struct tape_library *library);

/* The functions below forward the operations of tape.h. */
struct tape *filter_load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result);
struct tape *filter_load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result);
void filter_unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result);
void filter_limits(struct tape *tape, struct tape_limits *limits);
void filter_position(struct tape *tape, struct tape_position *position);
/* All members are unknown if the tape below has no such operation. */
void filter_identity(struct tape *tape, struct tape_identity *identity);
/* All members are unknown if the tape below has no such operation. */
void filter_condition(struct tape *tape, struct tape_condition *condition);
/* Fails with TAPE_INVALID if the tape below has no such operation. */
void filter_format(struct tape *tape, int64_t now_ns,
    struct tape_result *result);
void filter_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result);
void filter_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result);
void filter_write(struct tape *tape, const struct tape_run *run, int64_t now_ns,
    struct tape_result *result);
/*
 * Carries out at most `times` of the writes.  Returns 0 if the tape below has
 * no such operation.
 */
uint64_t filter_repeat(struct tape *tape, const struct tape_repeat *repeat,
    uint64_t times, struct tape_result *result);
void filter_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result);
void filter_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result);
void filter_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result);
void filter_locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result);
void filter_rewind(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

#endif
