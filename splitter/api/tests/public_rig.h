/*
 * public_rig.h: a dump through the public interface, over tapes in memory.
 *
 * What the suites of splitter.h share: one rig, which a test sets up, changes
 * and takes down.
 */
#ifndef SPLITTER_TESTS_PUBLIC_RIG_H
#define SPLITTER_TESTS_PUBLIC_RIG_H

#include "splitter/api/volumes.h"
#include "splitter/tests/memtape.h"

enum { BLOCK = 4096, PART = 4 * BLOCK, DUMP = 10 * BLOCK + 7 };

extern struct public_rig {
	unsigned char *source;         /* DUMP bytes */
	struct splitter_config config; /* a whole one */
	struct memtape_config tapes_config;
	struct memtape *tapes;
	char story[1024]; /* attempts: "1:16384 2:4096F" */
	char err[256];
} pub;

/* Four volumes, BLOCK, PART; and the 6th block fails once, if it is so. */
void pub_set_up(bool fails);

void pub_tear_down(void);

/* The dump of pub.config, which is good. */
struct splitter *pub_begin(void);

/* All that is called safe is on tape, and it is `safe_bytes`. */
void pub_check_safe(struct splitter *s, uint64_t safe_bytes);

#endif
