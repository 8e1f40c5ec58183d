/* verify.c: reads a dump back from its volumes and compares it. */
#include "sim/run/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"
#include "splitter/format/header.h"
#include "splitter/tape/retry_read.h"
#include "splitter/base/hex.h"

static const char interrupted[] =
    "interrupted while the volumes were read "
    "back: whether they hold the source is not known";

struct reader {
	const struct verify_config *r;
	struct cursor c;
	uint64_t offset;               /* compared so far */
	uint64_t sequence;             /* of the volume that is loaded */
	uint64_t before_bytes;         /* of the part before, as it was read */
	char before[HEADER_SUM_BYTES]; /* its checksum; "" : no payload */
	XXH3_state_t *sum;
	bool unknown; /* where it ended, nothing was compared */
	char *why;
	size_t why_bytes;
};

static bool differs(struct reader *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool differs(struct reader *d, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	sentence_v(d->why, d->why_bytes, format, ap);
	va_end(ap);
	return false;
}

/* Whether it is the source is not known. */
static bool gives_up(struct reader *d, const char *why)
{
	d->unknown = true;
	return differs(d, "%s", why);
}

/* The run is over: time stands still while its volumes are read. */
static int64_t no_time(void *arg)
{
	(void)arg;
	return 0;
}

/* Behind the text of a header there are zeros to the end of its block. */
static bool ends_in_zeros(const char *block, uint64_t bytes)
{
	uint64_t i = strnlen(block, bytes);

	while (i < bytes && block[i] == '\0')
		i++;
	return i == bytes;
}

/* The next block must be a header of this dump and volume. */
static bool read_header(struct reader *d, enum header_type type,
    struct header *h)
{
	char err[TAPE_MESSAGE_BYTES];

	if (!cursor_read(&d->c))
		return differs(d, "volume %s: there is no header: %s",
		    d->c.tape->barcode, tape_result_text(&d->c.result));
	if (!d->c.got.has_data || d->c.got.bytes != d->r->block_bytes ||
	    header_parse(d->c.block, d->c.got.bytes, h, err, sizeof err) != 0)
		return differs(d, "volume %s: what should be a header is none",
		    d->c.tape->barcode);
	if (!ends_in_zeros(d->c.block, d->c.got.bytes))
		return differs(d,
		    "volume %s: behind the text of a header are "
		    "bytes that should be zeros",
		    d->c.tape->barcode);
	return (h->type == type && h->dump_id == d->r->dump_id &&
		   strcmp(h->dump, d->r->dump) == 0 &&
		   h->block_bytes == d->r->block_bytes &&
		   strcmp(h->volume, d->c.tape->barcode) == 0) ||
	    differs(d,
		"volume %s: a header is not that of this dump and "
		"volume",
		d->c.tape->barcode);
}

/* The label must be this dump's, and volumes follow each other. */
static bool same_label(struct reader *d)
{
	struct header h;

	cursor_locate(&d->c, 0);
	if (!read_header(d, HEADER_LABEL, &h))
		return false;
	if (h.sequence <= d->sequence)
		return differs(d,
		    "volume %s says that it is number %" PRIu64
		    " of the dump, behind number %" PRIu64,
		    d->c.tape->barcode, h.sequence, d->sequence);
	d->sequence = h.sequence;
	cursor_read(&d->c);
	return d->c.result.cause == TAPE_FILEMARK ||
	    differs(d,
		"volume %s: no "
		"filemark follows the label",
		d->c.tape->barcode);
}

static bool load(struct reader *d, const char *barcode)
{
	struct tape_library *library = library_tapes(d->r->library);

	if (d->c.tape != NULL && strcmp(d->c.tape->barcode, barcode) == 0)
		return true;
	cursor_unload(&d->c, library);
	if (!cursor_load(&d->c, library, barcode))
		return differs(d, "volume %s cannot be read back: %s", barcode,
		    d->c.result.message);
	return same_label(d);
}

/* The header must be the one of this attempt, and prove the part before. */
static bool same_header(struct reader *d, const struct results_attempt *a)
{
	struct header h;

	if (!cursor_locate(&d->c, a->file))
		return differs(d, "part %" PRIu64 ": %s", a->part,
		    d->c.result.message);
	if (!read_header(d, HEADER_PART, &h))
		return false;
	if (h.part != a->part || h.attempt != a->attempt || h.file != a->file ||
	    h.offset_bytes != a->offset_bytes || h.sequence != d->sequence)
		return differs(d,
		    "part %" PRIu64 " on volume %s, file %" PRIu64
		    ": the header is that of another part",
		    a->part, a->volume, a->file);
	/* Without payload nothing was summed here. */
	if (h.before_bytes != d->before_bytes ||
	    (d->before[0] != '\0' && strcmp(h.before_xxh128, d->before) != 0))
		return differs(d,
		    "part %" PRIu64 " on volume %s: its header "
		    "does not prove the part before",
		    a->part, a->volume);
	return true;
}

/* What the next header must say of the part that was read. */
static void note_part(struct reader *d, const struct results_attempt *a,
    bool has_data)
{
	XXH128_canonical_t canonical;

	d->before_bytes = a->bytes;
	d->before[0] = '\0';
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(d->sum));
	if (has_data)
		hex_write(d->before, canonical.digest, sizeof canonical.digest);
}

/* Reads the block of the part that the offset is at. */
static bool read_data(struct reader *d, const struct results_attempt *a)
{
	uint64_t before = 1 + (d->offset - a->offset_bytes) / d->r->block_bytes;

	if (!cursor_read(&d->c))
		retry_read(&d->c, a->file, before);
	return d->c.result.cause == TAPE_OK;
}

static bool same_block(struct reader *d)
{
	const struct tape_block *block = &d->c.got;

	if (block->has_data)
		return content_same(d->r->content, d->offset, d->c.block,
		    block->bytes);
	return block->dump_id == d->r->dump_id && block->offset == d->offset;
}

static bool same_part(struct reader *d, const struct results_attempt *a)
{
	uint64_t end = a->offset_bytes + a->bytes;
	bool has_data = true;

	if (a->offset_bytes != d->offset)
		return differs(d,
		    "part %" PRIu64 " begins at %" PRIu64
		    ", the part before ended at %" PRIu64,
		    a->part, a->offset_bytes, d->offset);
	if (!load(d, a->volume) || !same_header(d, a))
		return false;
	XXH3_128bits_reset(d->sum);
	while (d->offset < end) {
		if (signals_signal() != 0)
			return gives_up(d, interrupted);
		if (!read_data(d, a))
			return differs(d,
			    "part %" PRIu64 " on volume %s ends "
			    "at offset %" PRIu64 " of the dump: %s",
			    a->part, a->volume, d->offset,
			    tape_result_text(&d->c.result));
		if (!same_block(d) || d->c.got.bytes > end - d->offset)
			return differs(d,
			    "part %" PRIu64 " on volume %s is "
			    "not the source at offset %" PRIu64,
			    a->part, a->volume, d->offset);
		d->offset += d->c.got.bytes;
		has_data = has_data && d->c.got.has_data;
		if (has_data)
			XXH3_128bits_update(d->sum, d->c.block, d->c.got.bytes);
	}
	note_part(d, a, has_data);
	cursor_read(&d->c);
	return d->c.result.cause == TAPE_FILEMARK ||
	    differs(d,
		"part %" PRIu64 " on volume %s does not end with a filemark",
		a->part, a->volume);
}

enum verify_result verify_dump(const struct verify_config *r, char *why,
    size_t why_bytes)
{
	struct reader d = { .r = r,
		.why = why,
		.why_bytes = why_bytes,
		.c = { .block = malloc(r->block_bytes),
		    .room_bytes = r->block_bytes,
		    .clock = no_time },
		.sum = XXH3_createState() };
	bool same = (d.c.block != NULL && d.sum != NULL) ||
	    gives_up(&d, "out of memory");
	size_t i;

	for (i = 0; i < r->attempts->attempts_count && same; i++)
		if (r->attempts->attempts[i].committed)
			same = same_part(&d, &r->attempts->attempts[i]);
	if (same && d.offset != r->attempts->safe_bytes)
		same = differs(&d,
		    "%" PRIu64 " bytes are called safe, and %" PRIu64
		    " are on the volumes",
		    r->attempts->safe_bytes, d.offset);
	cursor_unload(&d.c, library_tapes(r->library));
	XXH3_freeState(d.sum);
	free(d.c.block);
	return same     ? VERIFY_SAME
	    : d.unknown ? VERIFY_UNKNOWN
			: VERIFY_DIFFERENT;
}
