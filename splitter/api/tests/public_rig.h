/*
 * public_rig.h: a dump through the public interface, over tapes in memory.
 *
 * Shared by the suites of splitter.h: one rig, which a test sets up, changes
 * and takes down.
 */
#ifndef SPLITTER_TESTS_PUBLIC_RIG_H
#define SPLITTER_TESTS_PUBLIC_RIG_H

#include "splitter/api/volumes.h"
#include "splitter/tests/memtape/memtape.h"

enum { BLOCK = 4096, PART = 4 * BLOCK, DUMP = 10 * BLOCK + 7 };

extern struct public_rig {
	unsigned char *source;         /* DUMP bytes */
	struct splitter_config config; /* a complete one */
	struct memtape_config tapes_config;
	struct memtape *tapes;
	char story[1024]; /* attempts: "1:16384 2:4096F" */
	char err[256];
} pub;

/* Four volumes, BLOCK, PART; if requested, the 6th block fails once. */
void pub_set_up(bool fails);

void pub_tear_down(void);

/* Writes the dump of pub.config, which must succeed. */
struct splitter *pub_begin(void);

/* Checks that all safe bytes are on tape, and that they are `safe_bytes`. */
void pub_check_safe(struct splitter *s, uint64_t safe_bytes);

#endif
