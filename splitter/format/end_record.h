/*
 * seal.h: the end record of a dump, the table of its parts on tape.
 *
 * It is a file of blocks that are headers of the type end.  Each has as many
 * rows of the table as it can hold, one a line:
 *
 *     row: PART ATTEMPT FILE OFFSET BYTES XXH128 VOLUME
 *
 * XXH128 is "-" where it is not known; VOLUME may have blanks in it.  The
 * rows of all blocks, in their order, are the table; its parts are numbered
 * from 1 and follow each other, and a table of no parts has one block.
 */
#ifndef SPLITTER_END_RECORD_H
#define SPLITTER_END_RECORD_H

#include "splitter/format/parts.h"

/* How many blocks of that size the record of so many parts takes. */
uint64_t end_record_blocks(size_t parts, size_t block_bytes);

/*
 * Writes block `record`, from 1, of the record into `block`.  Of `header`,
 * type, parts, record and records are set here.
 */
void end_record_format(struct header *header, const struct parts *parts,
    uint64_t record, char *block, size_t block_bytes);

/*
 * Reads the row behind `*at` (see header_row()) of a block that is one of an
 * end record.  Returns 1; 0 where there are no more; -1 if the row is
 * malformed, with a sentence in `err`.
 */
int end_record_row(const char *block, size_t block_bytes, const char **at,
    struct part_row *row, char *err, size_t err_bytes);

#endif
