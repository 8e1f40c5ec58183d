/* splitter_impl.h: what the files of the public interface share. */
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
	struct tape_library *guard; /* before the program's, or the element */
	struct cache *cache;        /* NULL: none, memory */
	struct parts *parts;
	/* The producer's. */
	uint64_t reserved_bytes;
	uint64_t announced_bytes; /* of slices */
	bool told_end;
	int wake_fd; /* readable: no more is wanted */
	/* The tape thread's: the attempt that was told last. */
	struct splitter_attempt attempt;
	/* Of whoever waits. */
	bool waited;
	struct dump_run_outcome ended_as;
	struct splitter_summary outcome;
};

/*
 * Makes `to` the configuration that the program gave, whose struct may be
 * shorter than this library's: what it does not have gets its default.  0, or
 * -1 with a sentence where the library does not know the program's interface.
 */
int splitter_config_read(const struct splitter_config *from,
    struct splitter_config *to, char *err, size_t err_bytes);

/*
 * Whether the configuration can be, but for what the engine says of it: 0, or
 * -1 with a sentence.
 */
int splitter_check(const struct splitter_config *config, char *err,
    size_t err_bytes);

/*
 * A dump is resumed behind whole blocks: whether the parts end so.  0, or -1
 * with a message.
 */
int splitter_check_end(const struct splitter *s, char *err, size_t err_bytes);

/*
 * Parts that a program lists, whose interface is `api`: whether they are parts
 * of one dump, in order; adds them to a table, once they are.  0, or -1 with a
 * message.
 */
int splitter_check_parts(const struct splitter_part *list, size_t count,
    unsigned api, char *err, size_t err_bytes);
int splitter_add_parts(struct parts *parts, const struct splitter_part *list,
    size_t count, unsigned api, char *err, size_t err_bytes);

/* The public form of a part. */
void splitter_fill_part(const struct part_row *row, struct splitter_part *part);

/* Puts a part into element `i` of a program's list. */
void splitter_put_part(const struct part_row *row, struct splitter_part *list,
    size_t i, unsigned api);

/* The internal form of the configuration, but for events and policy. */
void splitter_translate(struct splitter *s, struct dump_run_config *run);

/* Has what happens in the dump told to the program, and its policy asked. */
void splitter_listen(struct splitter *s, struct dump_run_config *run);

/* The public outcome of one that has ended. */
void splitter_tell_outcome(struct splitter *s);

/* No more is wanted: splitter_feed_fd is woken. */
void splitter_wake_feed(struct splitter *s);

#endif
