/*
 * parts.h: the table of the parts of a dump that are safe.
 *
 * An end record contains it, and a dump is resumed from it.  A row takes some
 * 60 bytes: a table of 20000 parts takes a little more than a megabyte.
 *
 * Invariants:
 * 1. Parts are numbered from 1, without a gap, and in the order of offsets:
 *    each begins where the one before it ends, the first at 0.
 *
 * One thread at a time.
 */
#ifndef SPLITTER_PARTS_H
#define SPLITTER_PARTS_H

#include "splitter/format/header.h"

struct part_row {
	uint64_t part;    /* number, from 1 */
	uint64_t attempt; /* number, from 1 */
	uint64_t file;    /* file number on the volume */
	uint64_t offset_bytes, bytes;
	char xxh128[HEADER_SUM_BYTES]; /* "" : not known */
	char volume[TAPE_BARCODE_BYTES];
};

struct parts;

/* Creates an empty table.  Returns NULL if there is no memory. */
struct parts *parts_new(void);
void parts_free(struct parts *parts);

size_t parts_count(const struct parts *parts);

/* Returns the offset at which the last part ends; 0 for an empty table. */
uint64_t parts_end_bytes(const struct parts *parts);

/*
 * Appends a row, whose `part` and `offset_bytes` must follow invariant 1.
 * Returns 0; -1 if there is no memory, and then the table is unchanged.
 */
int parts_add(struct parts *parts, const struct part_row *row);

/* Removes all rows except the first `count`. */
void parts_cut(struct parts *parts, size_t count);

/* Fills in row `i`, from 0. */
void parts_get(const struct parts *parts, size_t i, struct part_row *row);

#endif
