/* end_record.c: the end record of a dump. */
#include "splitter/format/end_record.h"
#include "splitter/base/hex.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The longest row: "row: ", five numbers of 20 digits, a checksum, a barcode
 * and the end.
 */
enum { ROW_MAX_BYTES = 5 + 5 * 21 + HEADER_SUM_BYTES + TAPE_BARCODE_BYTES + 1 };

static size_t rows_per_block(size_t block_bytes)
{
	return (block_bytes - HEADER_TEXT_MAX_BYTES) / ROW_MAX_BYTES;
}

uint64_t end_record_blocks(size_t parts, size_t block_bytes)
{
	size_t rows = rows_per_block(block_bytes);

	return parts == 0 ? 1 : (parts + rows - 1) / rows;
}

void end_record_format(struct header *h, const struct parts *parts,
    uint64_t record, char *block, size_t block_bytes)
{
	size_t count = parts_count(parts), rows = rows_per_block(block_bytes);
	size_t i = (size_t)(record - 1) * rows, n = 0;
	size_t end = count - i < rows ? count : i + rows;
	/*
	 * The rows are written to the place that header_format() allows for
	 * them.
	 */
	char *text = block + HEADER_TEXT_MAX_BYTES;
	struct part_row r;

	assert(record >= 1 && record <= end_record_blocks(count, block_bytes));
	for (; i < end; i++) {
		parts_get(parts, i, &r);
		n += (size_t)snprintf(text + n, ROW_MAX_BYTES,
		    "row: %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		    " %" PRIu64 " %s %s\n",
		    r.part, r.attempt, r.file, r.offset_bytes, r.bytes,
		    r.xxh128[0] == '\0' ? "-" : r.xxh128, r.volume);
	}
	h->type = HEADER_END;
	h->parts = count;
	h->record = record;
	h->records = end_record_blocks(count, block_bytes);
	header_format(h, text, n, block, block_bytes);
}

/*
 * Reads a decimal number and the blank after it.  Returns false if they are
 * missing.
 */
static bool take_number(const char **at, const char *end, uint64_t *to)
{
	const char *p = *at;

	*to = 0;
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		if (__builtin_mul_overflow(*to, 10, to) ||
		    __builtin_add_overflow(*to, (uint64_t)(*p - '0'), to))
			return false;
	}
	if (p == *at || p == end || *p != ' ')
		return false;
	*at = p + 1;
	return true;
}

static bool take_sum(const char **at, const char *end,
    char sum[HEADER_SUM_BYTES])
{
	const char *blank = memchr(*at, ' ', (size_t)(end - *at));
	size_t n = blank == NULL ? 0 : (size_t)(blank - *at);

	if (n == 1 && **at == '-') {
		sum[0] = '\0';
	} else {
		if (n != HEADER_SUM_BYTES - 1 || !hex_is(*at, n))
			return false;
		memcpy(sum, *at, n);
		sum[n] = '\0';
	}
	*at = blank + 1;
	return true;
}

int end_record_row(const char *block, size_t block_bytes, const char **at,
    struct part_row *row, char *err, size_t err_bytes)
{
	size_t n;
	const char *p = header_row(block, block_bytes, at, &n), *end;

	if (p == NULL)
		return 0;
	end = p + n;
	memset(row, 0, sizeof *row);
	if (take_number(&p, end, &row->part) &&
	    take_number(&p, end, &row->attempt) &&
	    take_number(&p, end, &row->file) &&
	    take_number(&p, end, &row->offset_bytes) &&
	    take_number(&p, end, &row->bytes) &&
	    take_sum(&p, end, row->xxh128) &&
	    (size_t)(end - p) < sizeof row->volume) {
		memcpy(row->volume, p, (size_t)(end - p));
		if (header_name_valid(row->volume) && row->part > 0 &&
		    row->attempt > 0 && row->file > 0 &&
		    row->offset_bytes <= UINT64_MAX - row->bytes)
			return 1;
	}
	snprintf(err, err_bytes,
	    "the end record is damaged: one of its rows is malformed");
	return -1;
}
