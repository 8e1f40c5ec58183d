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
	struct watch remarks;             /* of the loaded volume */
	char barcode[TAPE_BARCODE_BYTES]; /* the loaded volume's */
	/* digests of the part, and of the dump so far */
	struct sum *sum, *whole;
	bool whole_known;
	uint64_t next; /* the part that comes next */
	/* everything before this offset was passed on, or is in a gap */
	uint64_t offset;
	bool given_up; /* read nothing more */
	/* the message is about unproven bytes, not a loss */
	bool message_is_unproven;
};

/* Reports a gap.  Without salvage, a gap ends the reading. */
void reader_report_gap(struct reader *r, const struct scan_part *part,
    enum splitter_gap_kind kind, uint64_t offset, uint64_t bytes,
    const char *format, ...) __attribute__((format(printf, 6, 7)));

/*
 * Reads part `number`, which must be in the scan.  Also reports what is missing
 * before that part.
 */
void reader_read_part(struct reader *r, uint64_t number);

/* Returns the loaded volume, if any, to the library. */
void reader_unload(struct reader *r);

#endif
