/*
 * read_back.h: reads a dump back as a user would, with a scan and the reader,
 * from the tapes alone, and compares it with its source.
 *
 *  - All safe bytes are read and equal the source, wherever the attempts are;
 *    none is in a gap, but the last part may be unproven if there is no end
 *    record.
 *  - Bytes after them, from failed attempts, are the beginning of the rest of
 *    the source.
 *  - The dump is reported as complete if it is DONE and sealed, and only if it
 *    is DONE (a record whose filemark failed may still be there).
 */
#ifndef SPLITTER_TESTS_READ_BACK_H
#define SPLITTER_TESTS_READ_BACK_H

#include "splitter/read/reader.h"
#include "splitter/tests/memtape/memtape.h"

struct read_back {
	struct memtape *tapes;
	const char *dump;
	const unsigned char *source;
	uint64_t source_bytes, safe_bytes;
	bool done, sealed;
};

/* Returns whether all of these hold; if not, `err` has the reason. */
bool read_back_same(const struct read_back *b, char *err, size_t err_bytes);

/* Scans all volumes that were written and are not missing. */
struct scan *read_back_scan(struct memtape *tapes);

#endif
