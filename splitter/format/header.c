/* header.c: writes headers; the format is in header.h. */
#include "splitter/format/header_impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/format/sum.h"

const char *const header_types[] = { "scratch", "label", "part", "end", NULL };

bool header_name_valid(const char *name)
{
	size_t n = strlen(name), i;

	if (n == 0 || n >= HEADER_NAME_BYTES || name[0] == ' ' ||
	    name[n - 1] == ' ')
		return false;
	for (i = 0; i < n; i++)
		if (name[i] < ' ' || name[i] > '~')
			return false;
	return true;
}

bool header_barcode_valid(const char *barcode)
{
	return strnlen(barcode, TAPE_BARCODE_BYTES) < TAPE_BARCODE_BYTES &&
	    header_name_valid(barcode);
}

/* A block that is being filled. */
struct page {
	char *block;
	size_t used, bytes;
};

static void add(struct page *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct page *p, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(p->block + p->used, p->bytes - p->used, format, ap);
	va_end(ap);
	assert(n >= 0 && (size_t)n < p->bytes - p->used);
	p->used += (size_t)n;
}

/* Adds the keys of labels that may be missing. */
static void add_label(struct page *p, const struct header *h)
{
	if (h->serial[0] != '\0')
		add(p, "serial: %s\n", h->serial);
	if (h->purpose[0] != '\0')
		add(p, "purpose: %s\n", h->purpose);
}

static void add_dump(struct page *p, const struct header *h)
{
	assert(header_name_valid(h->dump));
	add(p, "dump: %s\ndump_id: %016" PRIx64 "\n", h->dump, h->dump_id);
	if (h->begun[0] != '\0')
		add(p, "begun: %s\n", h->begun);
	add(p, "sequence: %" PRIu64 "\nmode: %s\n", h->sequence,
	    h->fixed ? "fixed" : "variable");
}

static void add_part(struct page *p, const struct header *h)
{
	add(p,
	    "part: %" PRIu64 "\nattempt: %" PRIu64 "\noffset: %" PRIu64
	    "\nfile: %" PRIu64 "\nbefore_attempt: %" PRIu64
	    "\nbefore_bytes: %" PRIu64 "\nbefore_xxh128: %s\n",
	    h->part, h->attempt, h->offset_bytes, h->file, h->before_attempt,
	    h->before_bytes, h->before_xxh128);
	add(p,
	    "restore: mt -f TAPE asf %" PRIu64 "; dd if=TAPE bs=%" PRIu64
	    " skip=1 of=PART%06" PRIu64 "\n",
	    h->file, h->block_bytes, h->part);
}

static void add_end(struct page *p, const struct header *h, const char *rows,
    size_t rows_bytes)
{
	add(p,
	    "file: %" PRIu64 "\noutcome: %s\nbytes: %" PRIu64
	    "\nxxh128: %s\nparts: %" PRIu64 "\nrecord: %" PRIu64
	    "\nrecords: %" PRIu64 "\n",
	    h->file, h->outcome, h->bytes, h->xxh128, h->parts, h->record,
	    h->records);
	if (rows_bytes > 0)
		memmove(p->block + p->used, rows, rows_bytes);
	p->used += rows_bytes;
}

size_t header_text(const struct header *h, const char *rows, size_t rows_bytes,
    char *block, size_t block_bytes)
{
	struct page p = { .block = block, .bytes = block_bytes };
	char sum[SUM_TEXT_BYTES];

	assert(block_bytes >= TAPE_BLOCK_MIN_BYTES);
	assert(rows_bytes + HEADER_TEXT_MAX_BYTES <= block_bytes);
	assert(rows_bytes == 0 || h->type == HEADER_END);
	assert(header_barcode_valid(h->volume));
	add(&p, "tapelab: %d\ntype: %s\nvolume: %s\nblock: %" PRIu64 "\n",
	    HEADER_VERSION, header_types[h->type], h->volume, h->block_bytes);
	if (h->type == HEADER_SCRATCH || h->type == HEADER_LABEL)
		add_label(&p, h);
	if (h->type != HEADER_SCRATCH)
		add_dump(&p, h);
	if (h->type == HEADER_PART)
		add_part(&p, h);
	if (h->type == HEADER_END)
		add_end(&p, h, rows, rows_bytes);
	sum_text_of(block, p.used, sum);
	add(&p, HEADER_CHECK "%s\n", sum);
	assert(p.used <= rows_bytes + HEADER_TEXT_MAX_BYTES);
	return p.used;
}

void header_format(const struct header *h, const char *rows, size_t rows_bytes,
    char *block, size_t block_bytes)
{
	size_t used = header_text(h, rows, rows_bytes, block, block_bytes);

	memset(block + used, 0, block_bytes - used);
}

bool header_matches(const char *meant, const char *name, uint64_t dump_id)
{
	size_t n = strlen(name);
	char id[18];

	if (strncmp(meant, name, n) != 0)
		return false;
	snprintf(id, sizeof id, "@%016" PRIx64, dump_id);
	return meant[n] == '\0' || strcmp(meant + n, id) == 0;
}
