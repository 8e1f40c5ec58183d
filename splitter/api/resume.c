/* resume.c: a dump that is resumed: its parts, and numbers of attempts. */
#include "splitter/api/impl.h"
#include "splitter/api/volumes.h"
#include "splitter/base/hex.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/*
 * The size of struct splitter_part in the program, which is the distance of the
 * elements in its lists.  If the struct grows, the older sizes must stay here.
 */
static size_t part_bytes(unsigned api)
{
	(void)api; /* there is one interface so far */
	return sizeof(struct splitter_part);
}

enum { DRAWN_MIN = 1 << 20 };

uint32_t splitter_draw_attempt(void)
{
	uint32_t drawn;

	/* getrandom() fails only while the machine is booting. */
	if (getrandom(&drawn, sizeof drawn, 0) != sizeof drawn)
		drawn = (uint32_t)time(NULL);
	return (drawn >> 1) | DRAWN_MIN;
}

bool splitter_attempt_was_drawn(uint64_t attempt)
{
	return attempt >= DRAWN_MIN;
}

/* Copies part `i` of a program's list; missing members become 0. */
static void copy_part(const struct splitter_part *list, size_t i, unsigned api,
    struct splitter_part *part)
{
	size_t bytes = part_bytes(api);

	memset(part, 0, sizeof *part);
	memcpy(part, (const char *)list + i * bytes,
	    bytes < sizeof *part ? bytes : sizeof *part);
}

static bool sum_ok(const char sum[HEADER_SUM_BYTES])
{
	return sum[0] == '\0' ||
	    (strnlen(sum, HEADER_SUM_BYTES) == HEADER_SUM_BYTES - 1 &&
		hex_is(sum, HEADER_SUM_BYTES - 1));
}

/*
 * The parts must be those of one dump, in order; otherwise the end record could
 * not be read back.  Only the single part of an empty dump has no bytes.
 */
int splitter_check_parts(const struct splitter_part *list, size_t count,
    unsigned api, char *err, size_t err_bytes)
{
	struct splitter_part p;
	uint64_t end = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (list != NULL)
			copy_part(list, i, api, &p);
		if (list == NULL || p.part != i + 1 || p.offset_bytes != end ||
		    (p.bytes == 0 && count > 1) || p.bytes > INT64_MAX - end ||
		    p.attempt == 0 || p.file == 0 ||
		    !header_barcode_valid(p.volume) || !sum_ok(p.xxh128)) {
			snprintf(err, err_bytes,
			    "resume: these are not the parts of one dump, in "
			    "order");
			return -1;
		}
		end += p.bytes;
	}
	return 0;
}

int splitter_add_parts(struct parts *parts, const struct splitter_part *list,
    size_t count, unsigned api, char *err, size_t err_bytes)
{
	struct splitter_part p;
	struct part_row row;
	size_t i;

	for (i = 0; i < count; i++) {
		copy_part(list, i, api, &p);
		memset(&row, 0, sizeof row);
		row.part = p.part;
		row.attempt = p.attempt;
		row.file = p.file;
		row.offset_bytes = p.offset_bytes;
		row.bytes = p.bytes;
		memcpy(row.volume, p.volume, sizeof row.volume);
		memcpy(row.xxh128, p.xxh128, sizeof row.xxh128);
		if (parts_add(parts, &row) != 0) {
			snprintf(err, err_bytes, "out of memory for the parts");
			return -1;
		}
	}
	return 0;
}

void splitter_fill_part(const struct part_row *row, struct splitter_part *part)
{
	memset(part, 0, sizeof *part);
	part->part = row->part;
	part->attempt = row->attempt;
	part->offset_bytes = row->offset_bytes;
	part->bytes = row->bytes;
	part->file = row->file;
	memcpy(part->volume, row->volume, sizeof part->volume);
	memcpy(part->xxh128, row->xxh128, sizeof part->xxh128);
}

void splitter_put_part(const struct part_row *row, struct splitter_part *list,
    size_t i, unsigned api)
{
	size_t bytes = part_bytes(api);
	struct splitter_part part;

	splitter_fill_part(row, &part);
	memcpy((char *)list + i * bytes, &part,
	    bytes < sizeof part ? bytes : sizeof part);
}
