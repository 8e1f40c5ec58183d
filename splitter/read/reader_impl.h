/*
 * reader_impl.h: what the files of the reader share and nobody else includes.
 *
 *   reader.c        a dump, part by part
 *   reader_part.c   one part: finds, reads and judges it
 */
#ifndef SPLITTER_READER_IMPL_H
#define SPLITTER_READER_IMPL_H

#include "splitter/format/sum.h"
#include "splitter/read/reader.h"
#include "splitter/tape/cursor.h"

struct reader {
	const struct reader_config *config;
	struct reader_outcome *outcome;
	struct scan_dump dump;
	struct cursor c;
	char barcode[TAPE_BARCODE_BYTES]; /* by which it was loaded */
	struct sum *sum, *whole; /* of the part; of all from byte 0 on */
	bool whole_known;
	uint64_t next;         /* part that is to come */
	uint64_t offset;       /* handed on, or in a gap, up to here */
	bool given_up;         /* nothing more is to be read */
	bool message_unproven; /* what it says is not a loss */
};

/* Tells of a gap; without salvage that is the end. */
void reader_tell_gap(struct reader *r, const struct scan_part *part,
    enum reader_gap_kind kind, uint64_t offset, uint64_t bytes,
    const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Part `number`, which a scan knows of, with all that is before it. */
void reader_read_part(struct reader *r, uint64_t number);

/* Gives the volume back that is loaded, if any. */
void reader_unload(struct reader *r);

#endif
