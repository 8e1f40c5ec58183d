/*
 * dump_back.h: reads a dump back from tapes in memory, and compares it.
 *
 * It uses only the tape interface, reads every volume from the label to EOD,
 * and compares the contents with the source and with the report:
 *
 *  - every labelled volume has a label with its name and sequence number;
 *  - every reported attempt is a file at the reported place, with a header that
 *    names part, attempt, offset, file, and the size and checksum of the part
 *    committed before it; other files contain only a header;
 *  - committed parts follow each other without a gap from 0 to `safe_bytes`,
 *  end
 *    with a filemark, have no short block except their last, and contain the
 *    bytes of the source; failed attempts contain the beginning of such bytes;
 *  - if the dump is reported as sealed, an end record is the last file of its
 *    last volume, and has the outcome, the checksum of the safe bytes and each
 *    committed part, with its place and checksum.
 */
#ifndef SPLITTER_TESTS_DUMP_BACK_H
#define SPLITTER_TESTS_DUMP_BACK_H

#include "splitter/tests/trial/course.h"
#include "splitter/tests/memtape/memtape.h"

struct dump_back {
	struct memtape *tapes;
	const struct course *course;
	const unsigned char *source; /* all bytes of the dump */
	uint64_t block_bytes, safe_bytes, dump_id;
	const char *dump; /* name of the dump */
	bool sealed;
	const char *outcome;
};

/* Returns whether all of these hold; if not, `err` has the reason. */
bool dump_back_same(const struct dump_back *b, char *err, size_t err_bytes);

#endif
