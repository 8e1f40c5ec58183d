/* restore.c: reads a dump back from its volumes and compares it. */
#include "sim/restore.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/header.h"

struct reader {
	const struct restore *r;
	struct tape *tape;
	char *block;
	uint64_t offset;	/* compared so far */
	char *why;
	size_t why_bytes;
};

static bool differs(struct reader *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool differs(struct reader *d, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(d->why, d->why_bytes, format, ap);
	va_end(ap);
	return false;
}

static void unload(struct reader *d)
{
	struct tape_library *l = library_tapes(d->r->library);
	struct tape_result result;

	if (d->tape != NULL)
		l->ops->unload(l, d->tape, TAPE_CLOSE_REFUSED, 0, &result);
	d->tape = NULL;
}

static bool load(struct reader *d, const char *barcode)
{
	struct tape_result result;

	if (d->tape != NULL && strcmp(d->tape->barcode, barcode) == 0)
		return true;
	unload(d);
	d->tape = library_load_barcode(d->r->library, barcode, 0, &result);
	return d->tape != NULL || differs(d, "volume %s cannot be read back: "
	    "%s", barcode, result.message);
}

static void next_block(struct reader *d, struct tape_block *block,
    struct tape_result *result)
{
	d->tape->ops->read(d->tape, d->block, d->r->block_bytes, block, 0,
	    result);
}

/* The header must be the one of this attempt. */
static bool same_header(struct reader *d, const struct results_attempt *a)
{
	struct tape_result result;
	struct tape_block block;
	struct header h;
	char err[TAPE_MESSAGE_BYTES];

	d->tape->ops->locate(d->tape, a->file, 0, &result);
	if (result.cause == TAPE_OK)
		next_block(d, &block, &result);
	if (result.cause != TAPE_OK)
		return differs(d, "part %" PRIu64 ": %s", a->number,
		    result.message[0] != '\0' ? result.message :
		    "there is no header");
	if (!block.has_data || header_parse(d->block, block.bytes, &h, err,
	    sizeof err) != 0)
		return differs(d, "part %" PRIu64 " on volume %s, file %"
		    PRIu64 ": there is no header", a->number, a->volume,
		    a->file);
	if (h.type != HEADER_PART || h.dump_id != d->r->dump_id ||
	    strcmp(h.dump, d->r->dump) != 0 || h.part != a->number ||
	    h.attempt != a->attempt || h.file != a->file ||
	    h.offset_bytes != a->offset_bytes ||
	    h.block_bytes != d->r->block_bytes ||
	    strcmp(h.volume, a->volume) != 0)
		return differs(d, "part %" PRIu64 " on volume %s, file %"
		    PRIu64 ": the header is that of another part", a->number,
		    a->volume, a->file);
	return true;
}

static bool same_block(struct reader *d, const struct tape_block *block)
{
	if (block->has_data)
		return content_same(d->r->content, d->offset, d->block,
		    block->bytes);
	return block->dump_id == d->r->dump_id && block->offset == d->offset;
}

static bool same_part(struct reader *d, const struct results_attempt *a)
{
	struct tape_result result;
	struct tape_block block;
	uint64_t end = a->offset_bytes + a->bytes;

	if (a->offset_bytes != d->offset)
		return differs(d, "part %" PRIu64 " begins at %" PRIu64
		    ", the part before ended at %" PRIu64, a->number,
		    a->offset_bytes, d->offset);
	if (!load(d, a->volume) || !same_header(d, a))
		return false;
	while (d->offset < end) {
		next_block(d, &block, &result);
		if (result.cause != TAPE_OK)
			return differs(d, "part %" PRIu64 " on volume %s ends "
			    "at offset %" PRIu64 " of the dump: %s",
			    a->number, a->volume, d->offset,
			    tape_cause_name(result.cause));
		if (!same_block(d, &block) || block.bytes > end - d->offset)
			return differs(d, "part %" PRIu64 " on volume %s is "
			    "not the source at offset %" PRIu64, a->number,
			    a->volume, d->offset);
		d->offset += block.bytes;
	}
	next_block(d, &block, &result);
	return result.cause == TAPE_FILEMARK || differs(d, "part %" PRIu64
	    " on volume %s does not end with a filemark", a->number,
	    a->volume);
}

bool restore_same(const struct restore *r, char *why, size_t why_bytes)
{
	struct reader d = { .r = r, .why = why, .why_bytes = why_bytes,
		.block = malloc(r->block_bytes) };
	bool same = d.block != NULL || differs(&d, "out of memory");
	size_t i;

	for (i = 0; i < r->attempts->attempts_count && same; i++)
		if (r->attempts->attempts[i].committed)
			same = same_part(&d, &r->attempts->attempts[i]);
	if (same && d.offset != r->attempts->safe_bytes)
		same = differs(&d, "%" PRIu64 " bytes are called safe, and %"
		    PRIu64 " are on the volumes", r->attempts->safe_bytes,
		    d.offset);
	unload(&d);
	free(d.block);
	return same;
}
