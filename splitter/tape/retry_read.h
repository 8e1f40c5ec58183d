/*
 * retry_read.h: reads a block again that could not be read.
 *
 * A drive retries by itself before it reports an error.  One more pass that
 * begins earlier on the tape may succeed, because the tape then lies
 * differently on the head.
 */
#ifndef SPLITTER_RETRY_READ_H
#define SPLITTER_RETRY_READ_H

#include "splitter/tape/cursor.h"

/*
 * Call after cursor_read() has failed for a block of file `file`, after
 * `before` other blocks of the file.  If the cause is the medium, the file is
 * read again from its beginning, at most twice.  The result is that of the last
 * try, or the old result if the tape may not have reached the same block.  The
 * tape stays where the last try left it.
 */
void retry_read(struct cursor *c, uint64_t file, uint64_t before);

#endif
