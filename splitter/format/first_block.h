/*
 * first_block.h: what the first block of a volume or of a file is.
 */
#ifndef SPLITTER_FIRST_BLOCK_H
#define SPLITTER_FIRST_BLOCK_H

#include "splitter/format/header.h"
#include "splitter/tape/cursor.h"

enum first_block {
	FIRST_BLOCK_HEADER,  /* a header of tapelab */
	FIRST_BLOCK_BLANK,   /* nothing was ever written */
	FIRST_BLOCK_FOREIGN, /* readable data that is not a header */
	FIRST_BLOCK_UNREADABLE
};

/*
 * Judges what cursor_read() has just read, or failed to read.
 * FIRST_BLOCK_HEADER fills in `header`, and `why` is ""; otherwise `why` says
 * what is there.
 */
enum first_block first_block_judge(const struct cursor *c,
    struct header *header, char *why, size_t why_bytes);

#endif
