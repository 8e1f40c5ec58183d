/*
 * memtape_impl.h: shared by the files of memtape only.
 *
 *   memtape.c         the library, and queries for tests
 *   memtape_drive.c   the operations of a tape
 *   memtape_volume.c  the objects on a volume
 */
#ifndef SPLITTER_TESTS_MEMTAPE_IMPL_H
#define SPLITTER_TESTS_MEMTAPE_IMPL_H

#include "splitter/tests/memtape/memtape.h"

enum { MEMTAPE_WHATS = MEMTAPE_UNLOAD + 1 };

struct memtape_drive {
	struct tape tape; /* first: a tape is its drive */
	struct memtape *library;
	struct memtape_volume *volume; /* NULL: empty */
	uint64_t at; /* number of objects before the position */
	bool avoided;
	bool reading; /* the drive is for readers and has no failures */
	enum tape_cause broken; /* error state until the volume is unloaded */
	bool in_file;           /* a file was begun and not ended */
	bool sealing;           /* the open file is an end record */
	bool short_block;       /* the last block was short */
};

struct memtape {
	struct tape_library library; /* first */
	struct memtape_config config;
	struct memtape_volume *volumes;
	struct memtape_drive *drives;
	struct memtape_drive reader;
	unsigned next;
	uint64_t counts[MEMTAPE_WHATS];
	/* how many of the counted operations were for end records */
	uint64_t sealing[MEMTAPE_WHATS];
	uint64_t written; /* number of operations, as stray_nth counts them */
	char complaint[TAPE_MESSAGE_BYTES];
};

extern const struct tape_ops memtape_ops;

void memtape_complain(struct memtape *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void memtape_set_message(struct tape_result *r, enum tape_cause cause,
    const char *what);
void memtape_hook(struct memtape *m, enum memtape_what what);

/* Counts an operation; returns the failure requested here, or NULL. */
const struct memtape_failure *memtape_count_one(struct memtape *m,
    enum memtape_what what);

/* Writes a block, or with no bytes a filemark, at the position. */
void memtape_put(struct memtape_drive *d, const void *data, uint64_t bytes,
    struct tape_result *r);

/* Removes all objects after the first `count`. */
void memtape_volume_cut(struct memtape_volume *v, uint64_t count);

/* Appends a block, or with no bytes a filemark. */
void memtape_volume_add(struct memtape_volume *v, const void *data,
    uint64_t bytes);

#endif
