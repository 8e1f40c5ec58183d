/*
 * timed_tape.h: a library of one tape in memory, whose operations take known
 * times.
 */
#ifndef SIM_TESTS_TIMED_TAPE_H
#define SIM_TESTS_TIMED_TAPE_H

#include "splitter/format/header.h"
#include "splitter/tape/tape.h"

enum {
	WRAP = 4 << 20,
	BLOCK = 64 << 10,
	OBJECTS = 4096,
	LOAD_NS = 3000000,
	UNLOAD_NS = 5000000,
	REWIND_NS = 7000000,
	LOCATE_NS = 11000000,
	FILEMARK_NS = 13000,
	SYNC_NS = 17000000
};

/* A block, or a filemark of 0 bytes. */
struct timed_object {
	uint64_t bytes;
	char *data;
};

extern struct timed_tape {
	struct tape tape; /* first: cast to this */
	struct tape_library library;
	struct timed_object objects[OBJECTS];
	size_t count, at;
	uint64_t byte;     /* of the medium, at the position */
	uint64_t capacity; /* the early warning is 1 MiB before it */
	uint64_t block_max;
	size_t fail_at; /* the write of this object fails; 0: none */
	enum tape_cause fail;
	size_t damaged; /* this object is read with a wrong byte; 0: none */
	unsigned loads;
} timed;

/* Loads a blank volume, TL0001.  timed_tape_free() frees its objects. */
void timed_tape_init(void);
void timed_tape_free(void);

/* Writes a label, which is then all that is on the volume. */
void timed_tape_label(enum header_type type, const char *volume,
    const char *purpose);

#endif
