/*
 * liar.h: a library and a tape that forward everything to tapes in memory, and
 * return one wrong result.
 *
 * Functions lie_* are operations that lie at call `lies_at`; the others are
 * honest.
 */
#ifndef SPLITTER_TESTS_LIAR_H
#define SPLITTER_TESTS_LIAR_H

#include "splitter/tape/tape.h"

typedef struct tape *liar_load_fn(struct tape_library *, int64_t,
    struct tape_result *);

extern struct liar {
	struct tape_library library;
	struct tape_library *inner;
	struct tape tape;
	struct tape_ops ops;
	struct tape *below;
	unsigned calls;   /* of the operation with the wrong result */
	unsigned lies_at; /* from 1 */
	void (*lie)(struct tape_result *result);
	uint64_t progress_bytes; /* reported beyond the truth */
} liar;

/* How it lies. */
struct liar_way {
	struct tape_ops ops; /* only the member that lies */
	liar_load_fn *load;  /* NULL: an honest one */
	void (*lie)(struct tape_result *result);
	uint64_t progress_bytes;
};

/* Puts the library before `inner`; the tape lies at the first call. */
void liar_begin(const struct liar_way *way, struct tape_library_ops *ops,
    struct tape_library *inner);

/* Counts a call; whether it is the one. */
bool liar_lies_now(void);

/* Honest operations. */
void liar_position(struct tape *, struct tape_position *);
void liar_no_position(struct tape *, struct tape_position *);
void liar_write(struct tape *, const struct tape_run *, int64_t now_ns,
    struct tape_result *);
liar_load_fn liar_load;

/* Operations that lie: by `lie`, or as their name says. */
void lie_label(struct tape *, const void *block, uint64_t bytes, int64_t now_ns,
    struct tape_result *);
void lie_header(struct tape *, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *);
void lie_write(struct tape *, const struct tape_run *, int64_t now_ns,
    struct tape_result *);
void lie_progress(struct tape *, const struct tape_run *, int64_t now_ns,
    struct tape_result *);
void lie_filemark(struct tape *, bool sync, int64_t now_ns,
    struct tape_result *);
void lie_read(struct tape *, void *buf, uint64_t buf_bytes, struct tape_block *,
    int64_t now_ns, struct tape_result *);
liar_load_fn lie_load, lie_load_nothing, lie_load_without_read,
    lie_load_endless_barcode;

#endif
