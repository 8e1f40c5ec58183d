/* restoring.c: how long a restore would take; see restoring.h. */
#include "sim/run/measure/restoring.h"

#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "splitter/base/later.h"
#include "vtl/drive/drive.h"
#include "vtl/motion/restore_time.h"

struct restoring {
	struct library *library;
	int64_t move_ns;
	uint64_t block_bytes;
	struct model model;  /* of the first drive */
	struct drive *drive; /* with the volume of the dump; NULL: none yet */
	size_t volume;       /* number of this volume, from 1 */
	uint64_t begin_byte;
	struct restore_part *parts;
	uint64_t *numbers; /* of the parts */
	size_t count;
};

struct restoring *restoring_new(struct library *library, int64_t move_ns,
    uint64_t block_bytes)
{
	struct restoring *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->library = library;
	r->move_ns = move_ns;
	r->block_bytes = block_bytes;
	return r;
}

void restoring_free(struct restoring *r)
{
	if (r == NULL)
		return;
	free(r->parts);
	free(r->numbers);
	free(r);
}

void restoring_volume(struct restoring *r, unsigned drive)
{
	r->drive = library_drive(r->library, drive);
	if (r->drive == NULL)
		return;
	if (r->volume++ == 0)
		r->model = *drive_model(r->drive);
}

/* Returns the byte of the medium at which the tape is. */
static uint64_t byte_now(const struct restoring *r)
{
	struct volume_position position = { 0 };

	if (r->drive != NULL)
		drive_position(r->drive, &position);
	return position.byte;
}

void restoring_begin(struct restoring *r)
{
	r->begin_byte = byte_now(r);
}

/* Makes room for a part.  Returns 0, or -1 without memory. */
static int grow(struct restoring *r)
{
	struct restore_part *parts =
	    grow_by_one(r->parts, r->count, sizeof *parts);
	uint64_t *numbers;

	if (parts == NULL)
		return -1;
	r->parts = parts;
	numbers = grow_by_one(r->numbers, r->count, sizeof *numbers);
	if (numbers == NULL)
		return -1;
	r->numbers = numbers;
	return 0;
}

int restoring_commit(struct restoring *r, uint64_t part, uint64_t bytes)
{
	if (r->drive == NULL)
		return 0;
	if (grow(r) != 0)
		return -1;
	r->numbers[r->count] = part;
	r->parts[r->count++] = (struct restore_part){
		.volume = r->volume,
		.medium = model_medium(&r->model, drive_medium(r->drive)),
		.begin_byte = r->begin_byte,
		.end_byte = byte_now(r),
		.blocks = 1 + bytes / r->block_bytes +
		    (bytes % r->block_bytes > 0), /* the header is one */
		.host_bytes = bytes + r->block_bytes,
	};
	return 0;
}

void restoring_lose(struct restoring *r, uint64_t part)
{
	size_t i = r->count, after;

	/* Runs before this one have parts with the same numbers. */
	while (i > 0 && r->numbers[i - 1] != part)
		i--;
	if (i == 0)
		return;
	after = r->count - i;
	memmove(&r->numbers[i - 1], &r->numbers[i], after * sizeof part);
	memmove(&r->parts[i - 1], &r->parts[i], after * sizeof *r->parts);
	r->count--;
}

struct restoring_times restoring_measure(const struct restoring *r)
{
	struct restoring_times to = { 0 };
	struct restore_time all, one;
	int64_t sum_ns = 0, locates_ns = 0;

	if (r->count == 0)
		return to;
	all = restore_time(&r->model, r->move_ns, r->parts, r->count);
	to.mounts = all.mounts;
	to.dump_ns = all.total_ns;
	for (size_t i = 0; i < r->count; i++) {
		one = restore_time(&r->model, r->move_ns, &r->parts[i], 1);
		sum_ns = later_add(sum_ns, one.total_ns);
		locates_ns = later_add(locates_ns, one.locate_ns);
		if (one.total_ns > to.part_worst_ns)
			to.part_worst_ns = one.total_ns;
	}
	to.locate_mean_ns = locates_ns / (int64_t)r->count;
	to.part_mean_ns = sum_ns / (int64_t)r->count;
	return to;
}
