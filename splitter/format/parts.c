/* parts.c: the table of the parts of a dump that are safe. */
#include "splitter/format/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A row as it is kept: its number is its place, its offset a sum. */
struct kept {
	uint64_t attempt, file, end_bytes;
	size_t volume; /* place in the list of volumes */
	unsigned char sum[(HEADER_SUM_BYTES - 1) / 2];
	bool summed;
};

struct parts {
	struct kept *rows;
	size_t count, room;
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

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static int make_room(struct parts *p)
{
	size_t room = p->room == 0 ? 64 : 2 * p->room;
	struct kept *rows;

	if (p->count < p->room)
		return 0;
	rows = reallocarray(p->rows, room, sizeof *rows);
	if (rows == NULL)
		return -1;
	p->rows = rows;
	p->room = room;
	return 0;
}

/* Most parts lie on the volume of the part before. */
static int find_volume(struct parts *p, const char *volume, size_t *at)
{
	char(*volumes)[TAPE_BARCODE_BYTES];

	for (*at = p->volumes_count; *at > 0; (*at)--)
		if (strcmp(p->volumes[*at - 1], volume) == 0) {
			(*at)--;
			return 0;
		}
	volumes =
	    reallocarray(p->volumes, p->volumes_count + 1, sizeof *volumes);
	if (volumes == NULL)
		return -1;
	p->volumes = volumes;
	*at = p->volumes_count++;
	strcpy(p->volumes[*at], volume);
	return 0;
}

int parts_add(struct parts *p, const struct part_row *row)
{
	struct kept k = { .attempt = row->attempt,
		.file = row->file,
		.end_bytes = row->offset_bytes + row->bytes,
		.summed = row->xxh128[0] != '\0' };
	size_t i;

	assert(row->part == p->count + 1);
	assert(row->offset_bytes == parts_end_bytes(p));
	if (make_room(p) != 0 || find_volume(p, row->volume, &k.volume) != 0)
		return -1;
	for (i = 0; k.summed && i < sizeof k.sum; i++)
		k.sum[i] = (unsigned char)(digit(row->xxh128[2 * i]) << 4 |
		    digit(row->xxh128[2 * i + 1]));
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
	static const char digits[] = "0123456789abcdef";
	const struct kept *k = &p->rows[i];
	size_t n;

	assert(i < p->count);
	memset(row, 0, sizeof *row);
	row->part = i + 1;
	row->attempt = k->attempt;
	row->file = k->file;
	row->offset_bytes = i == 0 ? 0 : p->rows[i - 1].end_bytes;
	row->bytes = k->end_bytes - row->offset_bytes;
	strcpy(row->volume, p->volumes[k->volume]);
	for (n = 0; k->summed && n < sizeof k->sum; n++) {
		row->xxh128[2 * n] = digits[k->sum[n] >> 4];
		row->xxh128[2 * n + 1] = digits[k->sum[n] & 15];
	}
}
