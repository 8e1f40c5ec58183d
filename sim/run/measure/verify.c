/* verify.c: reads a dump back from its volumes and compares it. */
#include "sim/run/measure/verify.h"

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
#include "vtl/library/vtape.h"

static const char interrupted[] =
    "interrupted while the volumes were read back: the safe bytes were not "
    "compared with the source";

struct verifier {
	const struct verify_config *r;
	struct cursor c;
	uint64_t offset;       /* end of the compared bytes */
	uint64_t sequence;     /* sequence number of the loaded volume */
	uint64_t before_bytes; /* size of the previous part, as read */
	/* Checksum of the previous part; "": no payload. */
	char before[HEADER_SUM_BYTES];
	XXH3_state_t *sum;
	bool unknown; /* stopped before the end, without a difference */
	char *why;
	size_t why_bytes;
};

static bool differs(struct verifier *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool differs(struct verifier *v, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	sentence_v(v->why, v->why_bytes, format, ap);
	va_end(ap);
	return false;
}

/* Stops the comparison without a result.  Returns false. */
static bool gives_up(struct verifier *v, const char *why)
{
	v->unknown = true;
	return differs(v, "%s", why);
}

/* Ignores time: the run has ended, and reading its volumes takes no time. */
static int64_t no_time(void *arg)
{
	(void)arg;
	return 0;
}

/*
 * Returns whether only zeros follow the text of a header up to the end of its
 * block.
 */
static bool ends_in_zeros(const char *block, uint64_t bytes)
{
	uint64_t i = strnlen(block, bytes);

	/* The first byte is 0, and each other equals the one before it. */
	return i == bytes ||
	    memcmp(block + i, block + i + 1, bytes - i - 1) == 0;
}

/* Reads a header and checks that it is of this dump and volume. */
static bool read_header(struct verifier *v, enum header_type type,
    struct header *h)
{
	char err[TAPE_MESSAGE_BYTES];

	if (!cursor_read(&v->c))
		return differs(v, "volume %s: cannot read a header: %s",
		    v->c.tape->barcode, tape_result_text(&v->c.result));
	if (!v->c.got.has_data || v->c.got.bytes != v->r->block_bytes ||
	    header_parse(v->c.block, v->c.got.bytes, h, err, sizeof err) != 0)
		return differs(v,
		    "volume %s: a file does not begin with a header",
		    v->c.tape->barcode);
	if (!ends_in_zeros(v->c.block, v->c.got.bytes))
		return differs(v,
		    "volume %s: the bytes after the text of a header are not "
		    "zeros",
		    v->c.tape->barcode);
	return (h->type == type && h->dump_id == v->r->dump_id &&
		   strcmp(h->dump, v->r->dump) == 0 &&
		   h->block_bytes == v->r->block_bytes &&
		   strcmp(h->volume, v->c.tape->barcode) == 0) ||
	    differs(v, "volume %s: a header is of another dump or volume",
		v->c.tape->barcode);
}

/* Reads the label and checks that it is of this dump, and in sequence. */
static bool same_label(struct verifier *v)
{
	struct header h;

	cursor_locate(&v->c, 0);
	if (!read_header(v, HEADER_LABEL, &h))
		return false;
	if (h.sequence <= v->sequence)
		return differs(v,
		    "volume %s: its label says volume %" PRIu64
		    " of the dump, but volume %" PRIu64 " precedes it",
		    v->c.tape->barcode, h.sequence, v->sequence);
	v->sequence = h.sequence;
	cursor_read(&v->c);
	return v->c.result.cause == TAPE_FILEMARK ||
	    differs(v, "volume %s: no filemark follows the label",
		v->c.tape->barcode);
}

static bool load(struct verifier *v, const char *barcode)
{
	struct tape_library *library = library_tapes(v->r->library);

	if (v->c.tape != NULL && strcmp(v->c.tape->barcode, barcode) == 0)
		return true;
	cursor_unload(&v->c, library);
	if (!cursor_load(&v->c, library, barcode))
		return differs(v, "volume %s cannot be read back: %s", barcode,
		    v->c.result.message);
	return v->r->shared_volumes || same_label(v);
}

/*
 * Reads the header of this attempt and checks that it proves the previous part.
 */
static bool same_header(struct verifier *v, const struct results_attempt *a)
{
	struct header h;

	if (!cursor_locate(&v->c, a->file))
		return differs(v, "part %" PRIu64 ": %s", a->part,
		    v->c.result.message);
	if (!read_header(v, HEADER_PART, &h))
		return false;
	if (h.part != a->part || h.attempt != a->attempt || h.file != a->file ||
	    h.offset_bytes != a->offset_bytes ||
	    (!v->r->shared_volumes && h.sequence != v->sequence))
		return differs(v,
		    "part %" PRIu64 " on volume %s, file %" PRIu64
		    ": the header is of another part",
		    a->part, a->volume, a->file);
	/* Without payload there is no checksum to compare. */
	if (h.before_bytes != v->before_bytes ||
	    (v->before[0] != '\0' && strcmp(h.before_xxh128, v->before) != 0))
		return differs(v,
		    "part %" PRIu64 " on volume %s: its header does not prove "
		    "the part before",
		    a->part, a->volume);
	return true;
}

/* Keeps size and checksum of the part, to check the next header. */
static void keep_part(struct verifier *v, const struct results_attempt *a,
    bool has_data)
{
	XXH128_canonical_t canonical;

	v->before_bytes = a->bytes;
	v->before[0] = '\0';
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(v->sum));
	if (has_data)
		hex_write(v->before, canonical.digest, sizeof canonical.digest);
}

/* Reads the next block of the part. */
static bool read_data(struct verifier *v, const struct results_attempt *a)
{
	uint64_t before = 1 + (v->offset - a->offset_bytes) / v->r->block_bytes;

	if (!cursor_read(&v->c))
		retry_read(&v->c, a->file, before);
	return v->c.result.cause == TAPE_OK;
}

static bool same_block(struct verifier *v)
{
	const struct tape_block *block = &v->c.got;

	if (block->has_data && v->r->content != NULL)
		return content_same(v->r->content, v->offset, v->c.block,
		    block->bytes);
	return block->dump_id == v->r->dump_id && block->offset == v->offset;
}

static bool same_part(struct verifier *v, const struct results_attempt *a)
{
	uint64_t end = a->offset_bytes + a->bytes;
	bool has_data = true;

	if (a->offset_bytes != v->offset)
		return differs(v,
		    "part %" PRIu64 " begins at offset %" PRIu64
		    ", but the part before ends at %" PRIu64,
		    a->part, a->offset_bytes, v->offset);
	if (!load(v, a->volume) || !same_header(v, a))
		return false;
	XXH3_128bits_reset(v->sum);
	while (v->offset < end) {
		if (signals_signal() != 0)
			return gives_up(v, interrupted);
		if (!read_data(v, a))
			return differs(v,
			    "part %" PRIu64 " on volume %s ends at offset "
			    "%" PRIu64 " of the dump: %s",
			    a->part, a->volume, v->offset,
			    tape_result_text(&v->c.result));
		if (!same_block(v) || v->c.got.bytes > end - v->offset)
			return differs(v,
			    "part %" PRIu64 " on volume %s differs from the "
			    "source at offset %" PRIu64,
			    a->part, a->volume, v->offset);
		v->offset += v->c.got.bytes;
		v->offset +=
		    vtape_read_alike(v->c.tape, &v->c.got, end - v->offset);
		has_data = has_data && v->c.got.has_data;
		if (has_data)
			XXH3_128bits_update(v->sum, v->c.block, v->c.got.bytes);
	}
	keep_part(v, a, has_data);
	cursor_read(&v->c);
	return v->c.result.cause == TAPE_FILEMARK ||
	    differs(v,
		"part %" PRIu64 " on volume %s does not end with a filemark",
		a->part, a->volume);
}

enum verify_result verify_dump(const struct verify_config *r, char *why,
    size_t why_bytes)
{
	struct verifier v = { .r = r,
		.why = why,
		.why_bytes = why_bytes,
		.c = { .block = malloc(r->block_bytes),
		    .room_bytes = r->block_bytes,
		    .clock = no_time },
		.sum = XXH3_createState() };
	bool same = (v.c.block != NULL && v.sum != NULL) ||
	    gives_up(&v, "out of memory");
	size_t i;

	for (i = 0; i < r->attempts_count && same; i++)
		if (r->attempts[i].committed)
			same = same_part(&v, &r->attempts[i]);
	if (same && v.offset != r->safe_bytes)
		same = differs(&v,
		    "%" PRIu64 " bytes are reported as safe, but %" PRIu64
		    " are on the volumes",
		    r->safe_bytes, v.offset);
	cursor_unload(&v.c, library_tapes(r->library));
	XXH3_freeState(v.sum);
	free(v.c.block);
	return same     ? VERIFY_SAME
	    : v.unknown ? VERIFY_UNKNOWN
			: VERIFY_DIFFERENT;
}
