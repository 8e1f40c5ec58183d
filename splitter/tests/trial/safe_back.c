/* safe_back.c: reads the safe bytes of a dump back. */
#include "splitter/tests/trial/safe_back.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct tape *reader_of(const struct dump_back *b, const char *barcode)
{
	const struct memtape_volume *v;
	unsigned i;

	for (i = 0; (v = memtape_volume(b->tapes, i)) != NULL; i++)
		if (strcmp(v->barcode, barcode) == 0)
			return memtape_reader(b->tapes, i);
	return NULL;
}

static enum tape_cause read_one(struct tape *tape, unsigned char *block,
    uint64_t bytes, struct tape_block *got)
{
	struct tape_result r;

	tape->ops->read(tape, block, bytes, got, 0, &r);
	return r.cause;
}

static bool is_header(const struct dump_back *b, const struct writer_attempt *a,
    const unsigned char *block, uint64_t bytes)
{
	struct header h;
	char why[128];

	return header_parse((const char *)block, bytes, &h, why, sizeof why) ==
	    0 &&
	    h.type == HEADER_PART && h.dump_id == b->dump_id &&
	    h.part == a->report.part && h.attempt == a->report.attempt &&
	    h.offset_bytes == a->report.offset && h.file == a->file &&
	    strcmp(h.volume, a->volume) == 0;
}

/* Returns what is wrong with the file of a committed part; NULL: nothing. */
static const char *wrong_with(const struct dump_back *b,
    const struct writer_attempt *a, unsigned char *block)
{
	struct tape *tape = reader_of(b, a->volume);
	uint64_t at = a->report.offset, end = at + a->report.bytes;
	struct tape_result r;
	struct tape_block got;

	if (tape == NULL)
		return "there is no such volume";
	tape->ops->locate(tape, a->file, 0, &r);
	if (r.cause != TAPE_OK ||
	    read_one(tape, block, b->block_bytes, &got) != TAPE_OK ||
	    !is_header(b, a, block, got.bytes))
		return "there is no header of it";
	while (read_one(tape, block, b->block_bytes, &got) == TAPE_OK) {
		if (got.bytes > end - at)
			return "there is too much";
		if (memcmp(block, b->source + at, got.bytes) != 0)
			return "there are other bytes";
		at += got.bytes;
	}
	if (at != end)
		return "there is too little";
	tape->ops->locate(tape, a->file + 1, 0, &r);
	return r.cause == TAPE_OK ? NULL : "no filemark follows";
}

bool safe_back_same(const struct dump_back *b, char *err, size_t err_bytes)
{
	const struct writer_attempt *a = b->course->attempts;
	unsigned char *block = malloc(b->block_bytes);
	const char *wrong = NULL;
	uint64_t safe = 0;
	size_t i;

	if (block == NULL)
		abort();
	for (i = 0; i < b->course->attempt_count && wrong == NULL; i++) {
		if (!a[i].report.committed)
			continue;
		wrong = a[i].report.offset != safe
		    ? "there is a gap"
		    : wrong_with(b, &a[i], block);
		safe += a[i].report.bytes;
	}
	free(block);
	if (wrong != NULL)
		snprintf(err, err_bytes,
		    "part %" PRIu64 ", file %" PRIu64 " of %s: %s",
		    a[i - 1].report.part, a[i - 1].file, a[i - 1].volume,
		    wrong);
	else if (safe != b->safe_bytes)
		snprintf(err, err_bytes,
		    "%" PRIu64 " bytes are there, %" PRIu64 " were called safe",
		    safe, b->safe_bytes);
	return wrong == NULL && safe == b->safe_bytes;
}
