/*
 * drive_defect.c: what the defects of a medium do to a block over them.
 *
 * Writing and reading a block meets them.  Filemarks, and what is only passed,
 * do not: a drive finds its way by what it keeps about the medium, and misses
 * the end of data alone.
 */
#include "vtl/drive/impl.h"

static const struct sense recovered_read = { SENSE_RECOVERED, 0x17, 1, 0, 0 };
static const struct sense no_end = { SENSE_MEDIUM_ERROR, 0x14, 3, 0, 0 };

/* How many blocks of its file lie before a place, where all waits behind it. */
static uint64_t file_block(const struct drive *drive,
    const struct volume_place *place)
{
	const struct drive_queue *queue = &drive->queue;
	struct volume_place begin;

	for (size_t i = queue->count; i > 0; i--) {
		const struct drive_waiting *w =
		    &queue->list[(queue->first + i - 1) % queue->room];

		if (w->filemarks > 0 &&
		    w->object + w->filemarks <= place->object)
			return place->object - w->object - w->filemarks;
	}
	if (volume_find_file(drive->volume, place->file, &begin) != 1)
		return place->object; /* of a volume that is damaged */
	return place->object - begin.object;
}

struct volume_cover drive_cover(const struct drive *drive,
    const struct volume_place *begin, const struct volume_place *end)
{
	struct volume_cover cover = {
		.begin_byte = drive_medium_byte(drive, begin),
		.end_byte = drive_medium_byte(drive, end),
		.object = begin->object,
		.file = begin->file,
	};

	if (volume_defects_are_in(drive->volume, begin->file))
		cover.file_block = file_block(drive, begin);
	return cover;
}

/* The next that fails a write, or, if `soft`, is recovered. */
static const struct volume_defect *write_defect(const struct drive *drive,
    const struct volume_cover *cover, bool soft)
{
	const struct volume_defect *d = NULL;

	do
		d = volume_defect_over(drive->volume, VOLUME_WRITE, cover, d);
	while (d != NULL && (d->sense.key == SENSE_RECOVERED) != soft);
	return d;
}

const struct volume_defect *drive_defect_write(const struct drive *drive,
    const struct volume_cover *cover)
{
	return write_defect(drive, cover, false);
}

int drive_defect_written(struct drive *drive, const struct volume_cover *cover)
{
	const struct volume_defect *d = write_defect(drive, cover, true);
	struct sense sense;

	if (d == NULL)
		return 0;
	sense = d->sense;
	if (volume_defect_spend(drive->volume, d) != 0)
		return -1;
	drive->has_recovered = true;
	drive->recovered = sense;
	return 0;
}

void drive_tell_recovered(struct drive *drive, struct drive_answer *answer)
{
	if (answer->check || !drive->has_recovered)
		return;
	drive_fail(answer, &drive->recovered);
	drive->has_recovered = false;
}

bool drive_defect_corrupts(const struct drive *drive,
    const struct volume_cover *cover)
{
	return volume_defect_over(drive->volume, VOLUME_CORRUPT, cover, NULL) !=
	    NULL;
}

int drive_defect_corrupted(struct drive *drive,
    const struct volume_cover *cover)
{
	const struct volume_defect *d =
	    volume_defect_over(drive->volume, VOLUME_CORRUPT, cover, NULL);

	return d != NULL ? volume_defect_spend(drive->volume, d) : 0;
}

uint64_t drive_defect_factor(const struct drive *drive,
    const struct volume_cover *cover)
{
	const struct volume_defect *d = NULL;
	uint64_t factor = 1;

	while ((d = volume_defect_over(drive->volume, VOLUME_SLOW, cover, d)) !=
	    NULL)
		factor = later_factor(factor, d->factor);
	return factor;
}

/*
 * Reads over the defects of `cover`.  The worst of them decides the result and
 * the sense data of `answer`.
 */
static enum drive_reading reading(struct drive *drive,
    const struct volume_cover *cover, struct drive_answer *answer)
{
	const struct volume_defect *d = NULL, *worst = NULL;
	enum volume_reading all = VOLUME_READS, one;

	while ((d = volume_defect_over(drive->volume, VOLUME_READ, cover, d)) !=
	    NULL) {
		one = volume_defect_read(drive->volume, d, drive->options.seed);
		if (one <= all)
			continue;
		all = one;
		worst = d;
	}
	if (all == VOLUME_READS)
		return DRIVE_READS;
	drive_fail(answer,
	    all == VOLUME_RECOVERS && worst->sense.key != SENSE_RECOVERED
		? &recovered_read
		: &worst->sense);
	if (volume_defect_spend(drive->volume, worst) != 0)
		return DRIVE_READ_NOT_STORED;
	return all == VOLUME_RECOVERS ? DRIVE_READS : DRIVE_READ_FAILS;
}

enum drive_reading drive_defect_read(struct drive *drive, uint64_t bytes,
    struct drive_answer *answer)
{
	struct volume_place end = drive->place;
	struct volume_cover cover;
	uint64_t carry = drive->carry;
	enum drive_reading result;
	size_t count;

	/* Where it lies may take long to find out. */
	volume_defects(drive->volume, &count);
	if (count == 0)
		return DRIVE_READS;
	end.byte += bytes;
	end.object++;
	cover = drive_cover(drive, &drive->place, &end);
	drive_add_ns(answer,
	    later_times(drive_transfer_ns(drive, bytes),
		drive_defect_factor(drive, &cover) - 1));
	drive->carry = carry;
	result = reading(drive, &cover, answer);
	if (result == DRIVE_READ_FAILS)
		drive_suffer(drive, &answer->sense);
	return result;
}

enum drive_reading drive_defect_end(struct drive *drive,
    struct drive_answer *answer)
{
	struct volume_place end;
	struct volume_cover cover;
	struct drive_answer met = *answer;
	enum drive_reading result;

	volume_end(drive->volume, &end);
	cover = drive_cover(drive, &end, &end);
	cover.end_byte = cover.begin_byte + 1;
	result = reading(drive, &cover, &met);
	if (result == DRIVE_READ_FAILS)
		drive_fail(answer, &no_end);
	return result;
}
