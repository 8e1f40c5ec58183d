/* dump_back.c: reads a dump back from tapes in memory, and compares it. */
#include "splitter/tests/trial/dump_back.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/end_record.h"
#include "splitter/format/sum.h"

struct reading {
	const struct dump_back *b;
	struct tape *tape;
	unsigned char *block; /* the last block read, */
	struct tape_block got;
	enum tape_cause cause; /* result of reading that block */
	size_t next;           /* index of the next attempt */
	uint64_t sequence, file;
	uint64_t committed; /* end of the parts found */
	uint64_t before_bytes;
	char before[HEADER_SUM_BYTES];
	uint64_t before_attempt;
	bool before_has_data;
	bool all_have_data;  /* all parts so far have data */
	struct parts *parts; /* committed parts, as they were found */
	bool sealed;         /* a complete end record was found */
	char *err;
	size_t err_bytes;
};

static bool __attribute__((format(printf, 2, 3)))
wrong(struct reading *r, const char *format, ...)
{
	va_list args;
	int n = snprintf(r->err, r->err_bytes, "%s, file %" PRIu64 ": ",
	    r->tape == NULL ? "?" : r->tape->barcode, r->file);

	va_start(args, format);
	vsnprintf(r->err + n, r->err_bytes - (size_t)n, format, args);
	va_end(args);
	return false;
}

static void read_one(struct reading *r)
{
	struct tape_result result;

	r->tape->ops->read(r->tape, r->block, r->b->block_bytes, &r->got, 0,
	    &result);
	r->cause = result.cause;
}

/* Parses the block that was read as a header that is correct at this place. */
static bool header_here(struct reading *r, enum header_type type,
    struct header *h)
{
	char why[128];

	if (r->cause != TAPE_OK || !r->got.has_data ||
	    r->got.bytes != r->b->block_bytes)
		return wrong(r, "no header: %s, %" PRIu64 " bytes",
		    tape_cause_name(r->cause), r->got.bytes);
	if (header_parse((char *)r->block, r->got.bytes, h, why, sizeof why) !=
	    0)
		return wrong(r, "header: %s", why);
	if ((int)h->type != (int)type || strcmp(h->dump, r->b->dump) != 0 ||
	    h->dump_id != r->b->dump_id ||
	    strcmp(h->volume, r->tape->barcode) != 0 ||
	    h->sequence != r->sequence || h->block_bytes != r->b->block_bytes)
		return wrong(r,
		    "header of volume %s, sequence %" PRIu64 " where %" PRIu64
		    " is, dump %s %" PRIx64,
		    h->volume, h->sequence, r->sequence, h->dump, h->dump_id);
	return true;
}

/* Bytes that are on no tape may have a checksum; then it must be correct. */
static bool sum_right(const char *sum, const char *right, bool has_data)
{
	return strcmp(sum, right) == 0 || (!has_data && sum[0] == '\0');
}

static bool same_row(const struct reading *r, const struct part_row *want,
    const struct part_row *got)
{
	char sum[SUM_TEXT_BYTES];

	sum_text_of(r->b->source + want->offset_bytes, want->bytes, sum);
	return want->part == got->part && want->attempt == got->attempt &&
	    want->file == got->file && want->bytes == got->bytes &&
	    want->offset_bytes == got->offset_bytes &&
	    strcmp(want->volume, got->volume) == 0 &&
	    sum_right(got->xxh128, sum, want->xxh128[0] != '\0');
}

/* Reads a file that is the end record; its first block was read. */
static bool end_record(struct reading *r, const struct header *first)
{
	const char *at;
	struct part_row want, got;
	struct header h = *first;
	char sum[SUM_TEXT_BYTES], err[128];
	uint64_t record;
	size_t row = 0;

	sum_text_of(r->b->source, r->committed, sum);
	for (record = 1; r->cause == TAPE_OK; record++) {
		if (!header_here(r, HEADER_END, &h))
			return false;
		if (h.record != record || h.records != first->records ||
		    h.file != r->file || h.parts != parts_count(r->parts) ||
		    h.bytes != r->committed ||
		    !sum_right(h.xxh128, sum, r->all_have_data) ||
		    strcmp(h.outcome, r->b->outcome) != 0)
			return wrong(r,
			    "block %" PRIu64 " of the end record: "
			    "%s, %" PRIu64 " bytes, %s; expected %s, %" PRIu64
			    " bytes, %s",
			    record, h.outcome, h.bytes, h.xxh128, r->b->outcome,
			    r->committed, sum);
		at = NULL;
		while (end_record_row((char *)r->block, r->got.bytes, &at, &got,
			   err, sizeof err) == 1) {
			parts_get(r->parts, row++, &want);
			if (!same_row(r, &want, &got))
				return wrong(r, "row %zu of the end record",
				    row);
		}
		read_one(r);
	}
	r->sealed |= r->cause == TAPE_FILEMARK &&
	    record == first->records + 1 && row == parts_count(r->parts);
	return true;
}

static bool part_header(struct reading *r, const struct writer_attempt *a,
    const struct header *h)
{
	if (h->part != a->report.part || h->attempt != a->report.attempt ||
	    h->offset_bytes != a->report.offset || h->file != r->file ||
	    a->file != r->file)
		return wrong(r,
		    "header of part %" PRIu64 " attempt %" PRIu64
		    " offset %" PRIu64 " file %" PRIu64 ", reported as %" PRIu64
		    ", %" PRIu64 ", %" PRIu64 ", %" PRIu64,
		    h->part, h->attempt, h->offset_bytes, h->file,
		    a->report.part, a->report.attempt, a->report.offset,
		    a->file);
	if (h->before_bytes != r->before_bytes ||
	    h->before_attempt != r->before_attempt ||
	    !sum_right(h->before_xxh128, r->before, r->before_has_data))
		return wrong(r,
		    "the part before has %" PRIu64 " bytes, %s; "
		    "its header says %" PRIu64 ", %s",
		    r->before_bytes, r->before, h->before_bytes,
		    h->before_xxh128);
	return true;
}

static bool block_same(struct reading *r, uint64_t offset)
{
	if (r->got.has_data
		? memcmp(r->block, r->b->source + offset, r->got.bytes) != 0
		: r->got.offset != offset || r->got.dump_id != r->b->dump_id)
		return wrong(r, "other bytes at offset %" PRIu64, offset);
	return true;
}

static void note_part(struct reading *r, const struct writer_attempt *a,
    bool has_data)
{
	struct part_row row = { .part = a->report.part,
		.attempt = a->report.attempt,
		.file = r->file,
		.offset_bytes = a->report.offset,
		.bytes = a->report.bytes };

	r->committed = row.offset_bytes + row.bytes;
	r->before_bytes = row.bytes;
	r->before_attempt = row.attempt;
	r->before_has_data = has_data;
	r->all_have_data = r->all_have_data && has_data;
	sum_text_of(r->b->source + row.offset_bytes, row.bytes, r->before);
	memcpy(row.volume, r->tape->barcode, sizeof row.volume);
	if (has_data)
		memcpy(row.xxh128, r->before, sizeof row.xxh128);
	if (parts_add(r->parts, &row) != 0)
		abort();
}

/* Reads the data of the file whose header was read. */
static bool part_data(struct reading *r, const struct writer_attempt *a)
{
	uint64_t at = a->report.offset, end = at + a->report.bytes;
	bool has_data = true;

	for (read_one(r); r->cause == TAPE_OK; read_one(r)) {
		has_data = r->got.has_data;
		if (r->got.bytes > end - at ||
		    r->got.bytes !=
			(end - at < r->b->block_bytes ? end - at
						      : r->b->block_bytes))
			return wrong(r,
			    "a block of %" PRIu64 " bytes at %" PRIu64
			    " in a part that ends at %" PRIu64,
			    r->got.bytes, at, end);
		if (!block_same(r, at))
			return false;
		at += r->got.bytes;
	}
	if (!a->report.committed)
		return r->cause == TAPE_FILEMARK || r->cause == TAPE_EOD ||
		    wrong(r, "read: %s", tape_cause_name(r->cause));
	if (r->cause != TAPE_FILEMARK || at != end)
		return wrong(r,
		    "part %" PRIu64 " ends at %" PRIu64 " instead of %" PRIu64
		    " with %s",
		    a->report.part, at, end, tape_cause_name(r->cause));
	if (a->report.offset != r->committed)
		return wrong(r, "a part at %" PRIu64 " after %" PRIu64,
		    a->report.offset, r->committed);
	note_part(r, a, has_data);
	return true;
}

/* Checks that a file without a report contains no data. */
static bool bare_file(struct reading *r)
{
	read_one(r);
	if (r->cause != TAPE_FILEMARK && r->cause != TAPE_EOD)
		return wrong(r, "a file that was not reported");
	return true;
}

static bool same_file(struct reading *r)
{
	const struct course *c = r->b->course;
	const struct writer_attempt *a = &c->attempts[r->next];
	struct header h;
	char why[128];

	if (r->cause == TAPE_OK && r->got.has_data &&
	    header_parse((char *)r->block, r->got.bytes, &h, why, sizeof why) ==
		0 &&
	    h.type == HEADER_END)
		return end_record(r, &h);
	if (!header_here(r, HEADER_PART, &h))
		return false;
	if (r->next == c->attempt_count || a->file != r->file ||
	    strcmp(a->volume, r->tape->barcode) != 0)
		return bare_file(r);
	r->next++;
	return part_header(r, a, &h) && part_data(r, a);
}

static bool same_volume(struct reading *r)
{
	struct header h;

	r->file = 0;
	r->sequence++;
	read_one(r);
	if (!header_here(r, HEADER_LABEL, &h))
		return false;
	read_one(r);
	for (r->file = 1; r->cause == TAPE_FILEMARK; r->file++) {
		read_one(r);
		if (r->cause == TAPE_EOD)
			return true;
		if (!same_file(r))
			return false;
	}
	return r->cause == TAPE_EOD || wrong(r, "a label and no filemark");
}

bool dump_back_same(const struct dump_back *b, char *err, size_t err_bytes)
{
	struct reading r = { .b = b,
		.err = err,
		.err_bytes = err_bytes,
		.all_have_data = true,
		.parts = parts_new() };
	const struct memtape_volume *v;
	bool same = true;
	unsigned i;

	r.block = malloc(b->block_bytes);
	if (r.block == NULL || r.parts == NULL)
		abort();
	for (i = 0; same && (v = memtape_volume(b->tapes, i)) != NULL; i++) {
		r.tape = memtape_reader(b->tapes, i);
		if (v->changed)
			same = same_volume(&r);
	}
	if (same && r.next != b->course->attempt_count)
		same = wrong(&r, "attempt %zu is on no volume", r.next + 1);
	if (same && r.committed != b->safe_bytes)
		same = wrong(&r,
		    "%" PRIu64 " bytes are there, %" PRIu64 " were called safe",
		    r.committed, b->safe_bytes);
	if (same && b->sealed && !r.sealed)
		same = wrong(&r, "called sealed, and there is no end record");
	parts_free(r.parts);
	free(r.block);
	return same;
}
