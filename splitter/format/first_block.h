/*
 * first_block.h: what the first block of a volume or of a file is.
 */
#ifndef SPLITTER_FIRST_BLOCK_H
#define SPLITTER_FIRST_BLOCK_H

#include "splitter/format/header.h"
#include "splitter/tape/cursor.h"

enum first_block {
	FIRST_BLOCK_HEADER, /* a header of tapelab */
	/* Nothing was ever written; proven as tape_blank_proof says. */
	FIRST_BLOCK_BLANK,
	FIRST_BLOCK_FOREIGN,   /* readable data that is not a header */
	FIRST_BLOCK_UNREADABLE /* an error, which is never "blank" */
};

/*
 * Judges what cursor_read() has just read, or failed to read.
 * FIRST_BLOCK_HEADER fills in `header`, and `why` is ""; otherwise `why` says
 * what is there.
 */
enum first_block first_block_judge(const struct cursor *c,
    struct header *header, char *why, size_t why_bytes);

#endif
