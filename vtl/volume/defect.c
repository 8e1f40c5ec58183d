/*
 * defect.c: the defects of a medium, and which a block lies over.
 *
 * They are kept in the order of their places, those of one unit and file
 * together.  So the first one that begins at or behind some place is found by
 * halving; one that begins before it and is long may reach there too, so that
 * the search begins as far before as the longest is long.
 */
#include "vtl/volume/impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/random.h"
#include "splitter/base/grow.h"

/* A stretch, in a unit, which is not empty. */
struct stretch {
	enum volume_unit unit;
	uint64_t file, begin, end;
};

const struct volume_defect *volume_defects(const struct volume *volume,
    size_t *count)
{
	*count = volume->defect_count;
	return volume->defects;
}

/* Whether the defect begins before this place. */
static bool is_before(const struct volume_defect *d, enum volume_unit unit,
    uint64_t file, uint64_t at)
{
	if (d->unit != unit)
		return d->unit < unit;
	return d->file != file ? d->file < file : d->at < at;
}

/* The place in the array of the first defect at or behind this place. */
static size_t place_of(const struct volume *volume, enum volume_unit unit,
    uint64_t file, uint64_t at)
{
	size_t low = 0, high = volume->defect_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(&volume->defects[middle], unit, file, at))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool volume_defects_are_plain(const struct volume *volume)
{
	const struct volume_defect *d = volume->defects;
	size_t i = 0;

	while (i < volume->defect_count && d[i].unit == VOLUME_BYTES &&
	    (d[i].fail == VOLUME_FAIL_READ ||
		(d[i].fail == VOLUME_FAIL_WRITE &&
		    d[i].sense.key != SENSE_RECOVERED)))
		i++;
	return i == volume->defect_count;
}

bool volume_has_defects_in_file(const struct volume *volume, uint64_t file)
{
	size_t i = place_of(volume, VOLUME_FILE_BLOCKS, file, 0);

	return i < volume->defect_count && volume->defects[i].file == file;
}

/* What `cover` is in that unit. */
static struct stretch stretch_of(const struct volume_extent *cover,
    enum volume_unit unit)
{
	struct stretch s = { .unit = unit };

	switch (unit) {
	case VOLUME_BYTES:
		s.begin = cover->begin_byte;
		s.end = cover->end_byte;
		break;
	case VOLUME_OBJECTS:
		s.begin = cover->object;
		s.end = s.begin + 1;
		break;
	case VOLUME_FILE_BLOCKS:
		s.file = cover->file;
		s.begin = cover->file_block;
		s.end = s.begin + 1;
		break;
	}
	return s;
}

/* The first one of that kind, from place `i` of the array, in the stretch. */
static const struct volume_defect *search(const struct volume *volume,
    enum volume_fail fail, const struct stretch *s, size_t i)
{
	const struct volume_defect *d;

	for (; i < volume->defect_count; i++) {
		d = &volume->defects[i];
		if (!is_before(d, s->unit, s->file, s->end))
			return NULL;
		if (d->fail == fail &&
		    (d->at >= s->begin || d->length > s->begin - d->at))
			return d;
	}
	return NULL;
}

const struct volume_defect *volume_find_defect(const struct volume *volume,
    enum volume_fail fail, const struct volume_extent *cover,
    const struct volume_defect *after)
{
	int unit = after == NULL ? VOLUME_BYTES : (int)after->unit;
	const struct volume_defect *found = NULL;

	if (volume->defect_count == 0)
		return NULL;
	for (; found == NULL && unit <= VOLUME_FILE_BLOCKS; unit++) {
		struct stretch s = stretch_of(cover, (enum volume_unit)unit);
		uint64_t back = volume->longest_defect - 1;

		if (s.begin < s.end)
			found = search(volume, fail, &s,
			    after != NULL
				? (size_t)(after - volume->defects) + 1
				: place_of(volume, s.unit, s.file,
				      s.begin < back ? 0 : s.begin - back));
		after = NULL;
	}
	return found;
}

int volume_defect_remember(struct volume *volume,
    const struct volume_defect *defect)
{
	/* Behind others at the same place. */
	size_t i = place_of(volume, defect->unit, defect->file, defect->at + 1);
	struct volume_defect *p;

	p = grow_by_one(volume->defects, volume->defect_count, sizeof *p);
	if (p == NULL) {
		snprintf(volume->message, sizeof volume->message,
		    "volume %s: too many defects: out of memory", volume->path);
		return -1;
	}
	volume->defects = p;
	memmove(p + i + 1, p + i, (volume->defect_count - i) * sizeof *p);
	p[i] = *defect;
	if (p[i].length == 0)
		p[i].length = 1;
	if (p[i].length > volume->longest_defect)
		volume->longest_defect = p[i].length;
	volume->defect_count++;
	return 0;
}

/* It is in the array of this volume. */
static struct volume_defect *mine(struct volume *volume,
    const struct volume_defect *defect)
{
	size_t i = (size_t)(defect - volume->defects);

	assert(i < volume->defect_count);
	return &volume->defects[i];
}

enum volume_reading volume_defect_read(struct volume *volume,
    const struct volume_defect *defect, uint64_t seed)
{
	struct volume_defect *d = mine(volume, defect);
	uint64_t drawn = random_next(random_next(seed, d->at), d->file);
	bool strikes = true;

	d->readings++;
	if (d->one_in > 0)
		strikes =
		    random_next(random_next(drawn, d->unit), d->readings) %
			d->one_in ==
		    0;
	else if (d->recover_after > 0 &&
	    d->readings % (d->recover_after + 1) == 0)
		return VOLUME_READ_RECOVERED;
	if (!strikes)
		return VOLUME_READ_GOOD;
	return d->sense.key == SENSE_RECOVERED ? VOLUME_READ_RECOVERED
					       : VOLUME_READ_FAILED;
}

void volume_defect_forget(struct volume *volume,
    const struct volume_defect *defect)
{
	struct volume_defect *d = mine(volume, defect);

	volume->defect_count--;
	memmove(d, d + 1,
	    sizeof *d * (size_t)(volume->defects + volume->defect_count - d));
}
