/* volumes.c: labels, headers, names and digests of programs that embed the library. */
#include "splitter/api/volumes.h"

#include <stdio.h>
#include <string.h>

#include "splitter/format/header.h"
#include "splitter/format/sum.h"

_Static_assert((int)SPLITTER_NAME_BYTES == (int)HEADER_NAME_BYTES, "names");
_Static_assert((int)SPLITTER_DATE_BYTES == (int)HEADER_DATE_BYTES, "dates");
_Static_assert((int)SPLITTER_DIGEST_BYTES == (int)SUM_TEXT_BYTES, "digests");

bool splitter_name_valid(const char *name)
{
	return name != NULL && header_name_valid(name) &&
	    strlen(name) < HEADER_NAME_BYTES;
}

bool splitter_barcode_valid(const char *barcode)
{
	return barcode != NULL && header_barcode_valid(barcode);
}

bool splitter_name_matches(const char *wanted, const char *name,
    uint64_t dump_id)
{
	return header_matches(wanted, name, dump_id);
}

/* A digest is a struct sum under another name. */
static struct sum *sum_of(struct splitter_digest *digest)
{
	return (struct sum *)digest;
}

struct splitter_digest *splitter_digest_new(void)
{
	return (struct splitter_digest *)sum_new();
}

void splitter_digest_add(struct splitter_digest *digest, const void *data,
    uint64_t bytes)
{
	sum_add(sum_of(digest), data, bytes);
}

void splitter_digest_text(const struct splitter_digest *digest,
    char text[SPLITTER_DIGEST_BYTES])
{
	sum_text((const struct sum *)digest, text);
}

void splitter_digest_reset(struct splitter_digest *digest)
{
	sum_reset(sum_of(digest));
}

void splitter_digest_free(struct splitter_digest *digest)
{
	if (digest != NULL)
		sum_free(sum_of(digest));
}

int splitter_header_check(const void *block, size_t block_bytes, char *err,
    size_t err_bytes)
{
	struct header header;

	return header_parse(block, block_bytes, &header, err, err_bytes);
}

/*
 * Returns the line at `*at`, which moves to the next one; NULL after the last.
 */
static const char *next_line(const char **at, const char *end, size_t *bytes)
{
	const char *line = *at, *stop;

	stop = memchr(line, '\n', (size_t)(end - line));
	if (stop == NULL)
		return NULL;
	*bytes = (size_t)(stop - line);
	*at = stop + 1;
	return line;
}

int64_t splitter_header_value(const void *block, size_t block_bytes,
    const char *key, size_t nth, char *value, size_t value_bytes)
{
	const char *at = block, *end, *line;
	size_t bytes, key_bytes = strlen(key);

	end = at + strnlen(at, block_bytes);
	while ((line = next_line(&at, end, &bytes)) != NULL) {
		if (bytes < key_bytes + 2 ||
		    memcmp(line, key, key_bytes) != 0 ||
		    memcmp(line + key_bytes, ": ", 2) != 0 || nth-- > 0)
			continue;
		line += key_bytes + 2;
		bytes -= key_bytes + 2;
		if (value_bytes > 0)
			snprintf(value, value_bytes, "%.*s", (int)bytes, line);
		return (int64_t)bytes;
	}
	return -1;
}

int splitter_scratch_label(const char *barcode, void *block, size_t block_bytes)
{
	struct header h = { .type = HEADER_SCRATCH,
		.block_bytes = block_bytes };

	if (block_bytes < TAPE_BLOCK_MIN_BYTES || !header_name_valid(barcode) ||
	    strlen(barcode) >= sizeof h.volume)
		return -1;
	memcpy(h.volume, barcode, strlen(barcode) + 1);
	header_format(&h, NULL, 0, block, block_bytes);
	return 0;
}
