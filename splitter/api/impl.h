/* impl.h: what the files of splitter.h and volumes.h share. */
#ifndef SPLITTER_SPLITTER_IMPL_H
#define SPLITTER_SPLITTER_IMPL_H

#include "splitter/buffer/cache.h"
#include "splitter/engine/handoff.h"
#include "splitter/engine/engine.h"
#include "splitter/api/splitter.h"

struct splitter {
	struct splitter_config config;
	struct engine *engine;
	struct handoff handoff;     /* used where there is no library */
	struct tape_library *guard; /* before the program's, or the handoff */
	struct cache *cache;        /* NULL: none, memory */
	struct parts *parts;
	/* Used by the producer. */
	uint64_t reserved_bytes;
	uint64_t announced_bytes; /* of slices */
	bool end_reported;
	int wake_fd; /* readable: no more is wanted */
	/* Used by the tape thread: the last attempt that was reported. */
	struct splitter_attempt attempt;
	/* Used by the thread that waits. */
	bool waited;
	struct dump_run_outcome ended_as;
	struct splitter_summary outcome;
};

/*
 * Copies the configuration of the program, whose struct may be shorter than
 * the library's: missing members get their defaults.  Returns 0, or -1 with a
 * message if the library does not know the program's interface.
 */
int splitter_config_read(const struct splitter_config *from,
    struct splitter_config *to, char *err, size_t err_bytes);

/*
 * Checks the configuration, except for what the engine checks.  Returns 0, or
 * -1 with a message.
 */
int splitter_check(const struct splitter_config *config, char *err,
    size_t err_bytes);

/*
 * Checks that the parts end with a whole block, so that the dump can be resumed
 * after them.  Returns 0, or -1 with a message.
 */
int splitter_check_end(const struct splitter *s, char *err, size_t err_bytes);

/*
 * For a list of parts from a program with interface `api`.  check: whether they
 * are the parts of one dump, in order.  add: adds checked parts to a table.
 * Both return 0, or -1 with a message.
 */
int splitter_check_parts(const struct splitter_part *list, size_t count,
    unsigned api, char *err, size_t err_bytes);
int splitter_add_parts(struct parts *parts, const struct splitter_part *list,
    size_t count, unsigned api, char *err, size_t err_bytes);

/* Whether each element of a program's list is a valid barcode. */
bool splitter_barcodes_valid(const char *const *barcodes, size_t count);

/* The public form of a part. */
void splitter_fill_part(const struct part_row *row, struct splitter_part *part);

/* Puts a part into element `i` of a program's list. */
void splitter_put_part(const struct part_row *row, struct splitter_part *list,
    size_t i, unsigned api);

/* Sets the internal configuration, except events and policy. */
void splitter_translate(struct splitter *s, struct dump_run_config *run);

/* Sets the internal events and policy, which call the program's. */
void splitter_set_events(struct splitter *s, struct dump_run_config *run);

/* Sets the public summary of a dump that has ended. */
void splitter_set_summary(struct splitter *s);

/* The dump takes no more bytes: wakes splitter_feed_fd. */
void splitter_wake_feed(struct splitter *s);

#endif
