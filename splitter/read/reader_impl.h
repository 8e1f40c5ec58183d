/*
 * reader_impl.h: what the files of the reader share.
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
	struct sum *sum, *whole;          /* of the part; of the dump so far */
	bool whole_known;
	uint64_t next;            /* the part that comes next */
	uint64_t offset;          /* passed on, or in a gap, up to here */
	bool given_up;            /* read nothing more */
	bool message_is_unproven; /* the message is no loss */
};

/* Reports a gap.  Without salvage that ends the reading. */
void reader_report_gap(struct reader *r, const struct scan_part *part,
    enum splitter_gap_kind kind, uint64_t offset, uint64_t bytes,
    const char *format, ...) __attribute__((format(printf, 6, 7)));

/*
 * Reads part `number`, which the scan knows, and reports what is missing before
 * it.
 */
void reader_read_part(struct reader *r, uint64_t number);

/* Gives back the volume that is loaded, if any. */
void reader_unload(struct reader *r);

#endif
