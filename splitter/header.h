/*
 * header.h: the first block of a file on tape, and the label of a volume.
 *
 * One block of plain text, "key: value" lines, the rest of it zeros, so that
 * a person can read it with dd.  The first line is "tapelab: 1", the version
 * of the format.  Keys that a reader does not know are passed over; the keys
 * below are never given another meaning within a version.
 *
 *   tapelab       version of the format
 *   type          label, or part
 *   dump          name of the dump          part (label: the one it is for)
 *   dump_id       16 hexadecimal digits, the same in all headers of a dump
 *   volume        barcode
 *   sequence      place of the volume among those of the dump, from 1
 *   block         size of a block, in bytes
 *   part          number of the part, from 1               part only, and so
 *   attempt       which try at this part, from 1           are all below
 *   offset        of the part's first byte in the dump
 *   file          number of this file on the volume
 *   before_bytes  size of the part before, and
 *   before_xxh128 its checksum, XXH128 as xxhsum prints it: a part is proven
 *                 by a later header that names them
 *   restore       how to get the part back with mt and dd alone
 */
#ifndef SPLITTER_HEADER_H
#define SPLITTER_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/tape.h"

enum {
	HEADER_VERSION = 1,
	HEADER_NAME_BYTES = 129,	/* 128 characters and the end */
	HEADER_SUM_BYTES = 33		/* 32 hexadecimal digits and the end */
};

enum header_type { HEADER_LABEL, HEADER_PART };

struct header {
	enum header_type type;
	char dump[HEADER_NAME_BYTES];
	uint64_t dump_id;
	char volume[TAPE_BARCODE_BYTES];
	uint64_t sequence;
	uint64_t block_bytes;
	uint64_t part, attempt, offset_bytes, file;
	uint64_t before_bytes;
	char before_xxh128[HEADER_SUM_BYTES];	/* "" : not known */
};

/*
 * Whether `name` can be a dump's name: 1 to 128 printable ASCII characters,
 * no blank at either end.  Then every header fits a block of 4 KiB.
 */
bool header_name_ok(const char *name);

/*
 * Writes the header into a block of `block_bytes` (TAPE_BLOCK_MIN_BYTES at
 * least), zeros behind it.
 */
void header_format(const struct header *header, char *block,
    size_t block_bytes);

/*
 * Reads a header.  Returns 0; -1 if this is no header of tapelab, or one of
 * another version, or a damaged one, with a sentence in `err`.  Nothing in the
 * block is trusted: it need not end with a zero.
 */
int header_parse(const char *block, size_t block_bytes,
    struct header *header, char *err, size_t err_bytes);

#endif
