/* parts.c: see parts.h. */
#include "splitter/format/parts.h"
#include "splitter/base/grow.h"
#include "splitter/base/hex.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * A row in memory.  The number of the part follows from the index of the row,
 * its offset from the row before.
 */
struct packed_row {
	uint64_t attempt, file, end_bytes;
	size_t volume; /* index in the list of volumes */
	unsigned char sum[(HEADER_SUM_BYTES - 1) / 2];
	bool summed;
};

struct parts {
	struct packed_row *rows;
	size_t count;
	char (*volumes)[TAPE_BARCODE_BYTES];
	size_t volumes_count;
};

struct parts *parts_new(void)
{
	return calloc(1, sizeof(struct parts));
}

void parts_free(struct parts *p)
{
	if (p == NULL)
		return;
	free(p->rows);
	free(p->volumes);
	free(p);
}

size_t parts_count(const struct parts *p)
{
	return p->count;
}

uint64_t parts_end_bytes(const struct parts *p)
{
	return p->count == 0 ? 0 : p->rows[p->count - 1].end_bytes;
}

/*
 * Finds or adds a volume.  The search begins at the last volume, because most
 * parts are on the same volume as the part before.
 */
static int find_volume(struct parts *p, const char *volume, size_t *at)
{
	char(*volumes)[TAPE_BARCODE_BYTES];

	for (*at = p->volumes_count; *at > 0; (*at)--)
		if (strcmp(p->volumes[*at - 1], volume) == 0) {
			(*at)--;
			return 0;
		}
	volumes = grow_by_one(p->volumes, p->volumes_count, sizeof *volumes);
	if (volumes == NULL)
		return -1;
	p->volumes = volumes;
	*at = p->volumes_count++;
	strcpy(p->volumes[*at], volume);
	return 0;
}

int parts_add(struct parts *p, const struct part_row *row)
{
	struct packed_row k = { .attempt = row->attempt,
		.file = row->file,
		.end_bytes = row->offset_bytes + row->bytes,
		.summed = row->xxh128[0] != '\0' };
	struct packed_row *rows;
	size_t i;

	assert(row->part == p->count + 1);
	assert(row->offset_bytes == parts_end_bytes(p));
	if (find_volume(p, row->volume, &k.volume) != 0)
		return -1;
	rows = grow_by_one(p->rows, p->count, sizeof *rows);
	if (rows == NULL)
		return -1;
	p->rows = rows;
	for (i = 0; k.summed && i < sizeof k.sum; i++)
		k.sum[i] = (unsigned char)(hex_digit(row->xxh128[2 * i]) << 4 |
		    hex_digit(row->xxh128[2 * i + 1]));
	p->rows[p->count++] = k;
	return 0;
}

void parts_cut(struct parts *p, size_t count)
{
	assert(count <= p->count);
	p->count = count;
}

void parts_get(const struct parts *p, size_t i, struct part_row *row)
{
	const struct packed_row *k = &p->rows[i];

	assert(i < p->count);
	memset(row, 0, sizeof *row);
	row->part = i + 1;
	row->attempt = k->attempt;
	row->file = k->file;
	row->offset_bytes = i == 0 ? 0 : p->rows[i - 1].end_bytes;
	row->bytes = k->end_bytes - row->offset_bytes;
	strcpy(row->volume, p->volumes[k->volume]);
	if (k->summed)
		hex_write(row->xxh128, k->sum, sizeof k->sum);
}
