/*
 * end_record.h: the end record of a dump, the table of its parts on tape.
 *
 * It is a file of blocks that are headers of the type end.  Each block has as
 * many rows of the table as fit, one per line:
 *
 *     row: PART ATTEMPT FILE OFFSET BYTES XXH128 VOLUME
 *
 * XXH128 is "-" if it is unknown; VOLUME may contain blanks.  The rows of all
 * blocks, in their order, are the table.  Its parts are numbered from 1 without
 * a gap.  The record of a table without parts has one block.
 */
#ifndef SPLITTER_END_RECORD_H
#define SPLITTER_END_RECORD_H

#include "splitter/format/parts.h"

/*
 * Returns how many blocks of `block_bytes` the record of a dump of `parts`
 * parts takes.
 */
uint64_t end_record_blocks(size_t parts, size_t block_bytes);

/*
 * Writes block `record`, from 1, of the record into `block`.  Sets type, parts,
 * record and records of `header`.
 */
void end_record_format(struct header *header, const struct parts *parts,
    uint64_t record, char *block, size_t block_bytes);

/*
 * Reads the next row after `*at` (see header_row()) of a block of an end
 * record. Returns 1; 0 if there are no more rows; -1 with a message in `err`
 * if the row is malformed.
 */
int end_record_row(const char *block, size_t block_bytes, const char **at,
    struct part_row *row, char *err, size_t err_bytes);

#endif
