/*
 * defect.c: the defects of a medium, and those that a block covers.
 *
 * Defects are sorted by partition, unit, file and position.  A binary search finds
 * the first defect that begins at or after a position.  A long defect that
 * begins earlier may cover the position too, so the search begins earlier, by
 * the length of the longest defect.
 */
#include "vtl/volume/impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/random.h"
#include "splitter/base/grow.h"

/* A range of positions of one partition, in one unit; it is not empty. */
struct range {
	unsigned partition;
	enum volume_unit unit;
	uint64_t file, begin, end;
};

const struct volume_defect *volume_defects(const struct volume *volume,
    size_t *count)
{
	*count = volume->defect_count;
	return volume->defects;
}

/* Returns whether the defect begins before this position. */
static bool is_before(const struct volume_defect *d, unsigned partition,
    enum volume_unit unit, uint64_t file, uint64_t at)
{
	if (d->partition != partition)
		return d->partition < partition;
	if (d->unit != unit)
		return d->unit < unit;
	return d->file != file ? d->file < file : d->at < at;
}

/* Returns the index of the first defect at or after this position. */
static size_t index_of(const struct volume *volume, unsigned partition,
    enum volume_unit unit, uint64_t file, uint64_t at)
{
	size_t low = 0, high = volume->defect_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(&volume->defects[middle], partition, unit, file,
			at))
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

	while (i < volume->defect_count &&
	    (d[i].partition != volume->partition ||
		(d[i].unit == VOLUME_BYTES &&
		    (d[i].fail == VOLUME_FAIL_READ ||
			(d[i].fail == VOLUME_FAIL_WRITE &&
			    d[i].sense.key != SENSE_RECOVERED)))))
		i++;
	return i == volume->defect_count;
}

bool volume_has_defects_in_file(const struct volume *volume, uint64_t file)
{
	size_t i =
	    index_of(volume, volume->partition, VOLUME_FILE_BLOCKS, file, 0);

	return i < volume->defect_count && volume->defects[i].file == file &&
	    volume->defects[i].partition == volume->partition;
}

/* Returns the range that an extent covers in this unit. */
static struct range range_of(const struct volume_extent *extent,
    enum volume_unit unit)
{
	struct range s = { .unit = unit };

	switch (unit) {
	case VOLUME_BYTES:
		s.begin = extent->begin_byte;
		s.end = extent->end_byte;
		break;
	case VOLUME_OBJECTS:
		s.begin = extent->object;
		s.end = s.begin + 1;
		break;
	case VOLUME_FILE_BLOCKS:
		s.file = extent->file;
		s.begin = extent->file_block;
		s.end = s.begin + 1;
		break;
	}
	return s;
}

/* Returns the first defect of this kind in the range, from index `i` on. */
static const struct volume_defect *search(const struct volume *volume,
    enum volume_fail fail, const struct range *s, size_t i)
{
	const struct volume_defect *d;

	for (; i < volume->defect_count; i++) {
		d = &volume->defects[i];
		if (!is_before(d, s->partition, s->unit, s->file, s->end))
			return NULL;
		if (d->fail == fail &&
		    (d->at >= s->begin || d->length > s->begin - d->at))
			return d;
	}
	return NULL;
}

const struct volume_defect *volume_find_defect(const struct volume *volume,
    enum volume_fail fail, const struct volume_extent *extent,
    const struct volume_defect *after)
{
	int unit = after == NULL ? VOLUME_BYTES : (int)after->unit;
	const struct volume_defect *found = NULL;

	if (volume->defect_count == 0)
		return NULL;
	for (; found == NULL && unit <= VOLUME_FILE_BLOCKS; unit++) {
		struct range s = range_of(extent, (enum volume_unit)unit);
		uint64_t back = volume->longest_defect - 1;

		s.partition = volume->partition;
		if (s.begin < s.end)
			found = search(volume, fail, &s,
			    after != NULL
				? (size_t)(after - volume->defects) + 1
				: index_of(volume, s.partition, s.unit, s.file,
				      s.begin < back ? 0 : s.begin - back));
		after = NULL;
	}
	return found;
}

int volume_defect_remember(struct volume *volume,
    const struct volume_defect *defect)
{
	/* The new defect goes after others at the same position. */
	size_t i = index_of(volume, defect->partition, defect->unit,
	    defect->file, defect->at + 1);
	struct volume_defect *p;

	p = grow_by_one(volume->defects, volume->defect_count, sizeof *p);
	if (p == NULL) {
		snprintf(volume->message, sizeof volume->message,
		    "volume %s: cannot keep its defects: out of memory",
		    volume->path);
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

/* Returns the defect, which is in the array, without const. */
static struct volume_defect *own(struct volume *volume,
    const struct volume_defect *defect)
{
	size_t i = (size_t)(defect - volume->defects);

	assert(i < volume->defect_count);
	return &volume->defects[i];
}

enum volume_reading volume_defect_read(struct volume *volume,
    const struct volume_defect *defect, uint64_t seed)
{
	struct volume_defect *d = own(volume, defect);
	uint64_t random = random_next(random_next(seed, d->at), d->file);
	bool fails = true;

	d->readings++;
	if (d->one_in > 0)
		fails = random_next(random_next(random, d->unit), d->readings) %
			d->one_in ==
		    0;
	else if (d->recover_after > 0 &&
	    d->readings % (d->recover_after + 1) == 0)
		return VOLUME_READ_RECOVERED;
	if (!fails)
		return VOLUME_READ_GOOD;
	return d->sense.key == SENSE_RECOVERED ? VOLUME_READ_RECOVERED
					       : VOLUME_READ_FAILED;
}

void volume_defect_forget(struct volume *volume,
    const struct volume_defect *defect)
{
	struct volume_defect *d = own(volume, defect);

	volume->defect_count--;
	memmove(d, d + 1,
	    sizeof *d * (size_t)(volume->defects + volume->defect_count - d));
}
