/*
 * read_back.h: reads a dump back as a user would: by a scan and the reader,
 * from the tapes alone, and compares it with its source.
 *
 *  - all that was called safe is handed on, and is the source, wherever the
 *    attempts went; nothing of it is in a gap, but that the last part may be
 *    called unproven where there is no end record;
 *  - what is handed on behind it, from attempts that failed, is a beginning of
 *    what follows in the source;
 *  - the dump is called whole if it is DONE and sealed, and only if it is DONE
 *    (a record whose filemark failed may be there all the same).
 */
#ifndef SPLITTER_TESTS_READ_BACK_H
#define SPLITTER_TESTS_READ_BACK_H

#include "splitter/read/reader.h"
#include "splitter/tests/memtape.h"

struct read_back {
	struct memtape *tapes;
	const char *dump;
	const unsigned char *source;
	uint64_t source_bytes, safe_bytes;
	bool done, sealed;
};

/* Whether all of that is so; where it is not, why, in `err`. */
bool read_back_same(const struct read_back *b, char *err, size_t err_bytes);

/* Looks at all volumes that were written to, and are not missing. */
struct scan *read_back_scan(struct memtape *tapes);

#endif
