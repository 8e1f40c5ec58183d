/*
 * header.h: the first block of a file on tape, and the label of a volume.
 *
 * One block of plain text, "key: value" lines, the rest of it zeros, so that
 * a person can read it with dd.  The first line is "tapelab: 1", the version
 * of the format, the second one the type, the last one a checksum of all
 * lines before it.  A reader skips keys that it does not know.  Within a
 * version no key below changes its meaning.
 *
 *   type      what it is                                     has keys of
 *   scratch   label of a volume that may be written to       volume
 *   label     label of a volume with dumps on it             volume, dump
 *   part      begins the file of an attempt at a part        volume, dump, part
 *   end       a block of the end record of a dump            volume, dump, end
 *
 *   volume    volume         barcode
 *             block          size of a block, in bytes
 *             serial         scratch, label: serial number of the medium when
 *                            the label was written; may be missing
 *             purpose        scratch, label: "test" if only acceptance runs
 *                            write to the volume; may be missing
 *   dump      dump           name of the dump (label: of the first one)
 *             dump_id        16 hexadecimal digits, the same in all headers
 *                            of a dump
 *             begun          when the dump was begun, in UTC; may be missing
 *             sequence       place of the volume among those of the dump,
 *                            from 1
 *             mode           variable; or fixed: the last block of the dump is
 *                            filled up with zeros
 *   part      part           number of the part, from 1
 *             attempt        which try at this part, from 1
 *             offset         of the part's first byte in the dump
 *             file           number of this file on the volume
 *             before_attempt the attempt at the part before that is good,
 *             before_bytes   its size, and
 *             before_xxh128  its checksum, XXH128 as xxhsum prints it: a part
 *                            is proven by a later header that names them
 *             restore        how to get the part back with mt and dd alone
 *   end       file           number of this file on the volume
 *             outcome        DONE, PARTIAL or FAILED
 *             bytes          of the dump that are safe, and
 *             xxh128         their checksum
 *             parts          that are safe
 *             record         number of this block of the record, from 1,
 *             records        and how many there are
 *             row            any number of times: a part; see end_record.h
 */
#ifndef SPLITTER_HEADER_H
#define SPLITTER_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/tape/tape.h"

enum {
	HEADER_VERSION = 1,
	HEADER_NAME_BYTES = 129, /* 128 characters and the end */
	HEADER_DATE_BYTES = 21,  /* 2026-01-31T23:59:59Z and the end */
	HEADER_OUTCOME_BYTES = 8,
	HEADER_PURPOSE_BYTES = 17,
	HEADER_SUM_BYTES = 33, /* 32 hexadecimal digits and the end */
	/* maximum size of a header without rows */
	HEADER_TEXT_MAX_BYTES = 1024
};

/* The purpose of volumes of acceptance runs. */
#define HEADER_PURPOSE_TEST "test"

enum header_type { HEADER_SCRATCH, HEADER_LABEL, HEADER_PART, HEADER_END };

struct header {
	enum header_type type;
	char volume[TAPE_BARCODE_BYTES];
	uint64_t block_bytes;
	char serial[TAPE_SERIAL_BYTES];     /* "": unknown */
	char purpose[HEADER_PURPOSE_BYTES]; /* "": any */
	char dump[HEADER_NAME_BYTES];
	uint64_t dump_id;
	char begun[HEADER_DATE_BYTES]; /* "": unknown */
	uint64_t sequence;
	bool fixed; /* true: mode fixed; false: mode variable */
	uint64_t part, attempt, offset_bytes, file;
	uint64_t before_attempt; /* 0 if no part is before this part */
	uint64_t before_bytes;
	char before_xxh128[HEADER_SUM_BYTES]; /* "" : not known */
	char outcome[HEADER_OUTCOME_BYTES];
	uint64_t bytes, parts, record, records;
	char xxh128[HEADER_SUM_BYTES]; /* "" : not known */
};

/*
 * Returns whether `name` can be the name of a dump or a volume: 1 to 128
 * printable ASCII characters, without a blank at either end.  Headers with such
 * names fit in a block of 4 KiB.
 */
bool header_name_valid(const char *name);

/*
 * Returns whether `barcode` can be the barcode of a volume:
 * header_name_valid(), and up to 32 characters.  A label with any other name
 * cannot be read back.  Reads at most TAPE_BARCODE_BYTES of the barcode.
 */
bool header_barcode_valid(const char *barcode);

/*
 * Returns whether `meant`, which a person wrote, names the dump with this name
 * and id.  `meant` is NAME; or, if several dumps have that name, NAME@ID with
 * the id as in headers.
 */
bool header_matches(const char *meant, const char *name, uint64_t dump_id);

/*
 * Writes the header into a block of `block_bytes` (TAPE_BLOCK_MIN_BYTES at
 * least), followed by zeros.  `rows` are lines of text that come before the
 * last line, `rows_bytes` + HEADER_TEXT_MAX_BYTES <= block_bytes; they may be
 * in the block, HEADER_TEXT_MAX_BYTES from its beginning.
 */
void header_format(const struct header *header, const char *rows,
    size_t rows_bytes, char *block, size_t block_bytes);

/*
 * Writes the text of the header alone, and leaves the rest of the block as it
 * is.  Returns the length of the text.
 */
size_t header_text(const struct header *header, const char *rows,
    size_t rows_bytes, char *block, size_t block_bytes);

/*
 * Reads a header.  Returns 0; -1 with a message in `err` if the block is not a
 * header of tapelab, or one of another version, or a damaged one.  Nothing in
 * the block is trusted: it may have no zero at its end.
 */
int header_parse(const char *block, size_t block_bytes, struct header *header,
    char *err, size_t err_bytes);

/*
 * Finds the next "row: " line after `*at` in a block that header_parse()
 * accepted. `*at` is NULL for the first line.  Returns the text after "row: "
 * and its length; NULL if there are no more rows.
 */
const char *header_row(const char *block, size_t block_bytes, const char **at,
    size_t *bytes);

#endif
