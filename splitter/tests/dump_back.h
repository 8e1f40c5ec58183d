/*
 * dump_back.h: reads a dump back from tapes in memory, and compares it.
 *
 * It reads through the tape interface alone, every volume from the label to
 * EOD, and holds what it finds against the source and against what was
 * reported:
 *
 *  - every volume that was labelled has a label that names it and its place;
 *  - every attempt that was reported is a file where the report says, with a
 *    header that names part, attempt, offset, file, and the size and checksum
 *    of the part committed before it; there is no other file but those that
 *    hold a header alone;
 *  - committed parts follow each other without a gap from 0 to `safe_bytes`,
 *    end with a filemark, have no short block but their last, and hold the
 *    bytes of the source; failed attempts hold a beginning of such bytes;
 *  - where the dump is called sealed, an end record is the last file of its
 *    last volume, and names the outcome, the sum of the safe bytes and each
 *    committed part, with its place and checksum.
 */
#ifndef SPLITTER_TESTS_DUMP_BACK_H
#define SPLITTER_TESTS_DUMP_BACK_H

#include "splitter/tests/course.h"
#include "splitter/tests/memtape.h"

struct dump_back {
	struct memtape *tapes;
	const struct course *course;
	const unsigned char *source; /* all bytes of the dump */
	uint64_t block_bytes, safe_bytes, dump_id;
	const char *dump; /* its name */
	bool sealed;
	const char *outcome;
};

/* Whether all of that is so; where it is not, why, in `err`. */
bool dump_back_same(const struct dump_back *b, char *err, size_t err_bytes);

#endif
