/*
 * defect.c: what the defects of a medium do to a block over them.
 *
 * Defects act on blocks that are written or read.  Filemarks, and blocks that
 * are only passed, do not meet them: a drive finds positions by its own
 * directory of the medium.  The end of data is the exception.
 */
#include "vtl/drive/impl.h"

static const struct sense recovered_read = { SENSE_RECOVERED, 0x17, 1, 0, 0 };
static const struct sense no_end = { SENSE_MEDIUM_ERROR, 0x14, 3, 0, 0 };

/* Returns when a block that is being written or read strikes a defect. */
static int64_t strike_ns(const struct drive *drive)
{
	int64_t written_ns;

	/* The buffer may write a block before the command that asks for it. */
	if (!drive_is_buffered(drive) || !drive_has_motion(drive))
		return drive->now_ns;
	written_ns = motion_written_ns(drive->motion);
	return written_ns < drive->now_ns ? written_ns : drive->now_ns;
}

static void report_strike(struct drive *drive, const struct volume_defect *d,
    uint64_t medium_byte)
{
	const struct drive_strike strike = { .defect = d,
		.barcode = volume_get_spec(drive->volume)->barcode,
		.medium_byte = medium_byte,
		.now_ns = strike_ns(drive) };

	if (drive->faults.strike != NULL)
		drive->faults.strike(drive->faults.strike_arg, &strike);
}

int drive_defect_strike(struct drive *drive, const struct volume_defect *defect,
    uint64_t medium_byte)
{
	report_strike(drive, defect, medium_byte);
	return volume_defect_spend(drive->volume, defect);
}

/*
 * Returns the number of blocks of the same file before a position.  The file
 * may begin at a filemark in the buffer.
 */
static uint64_t file_block(const struct drive *drive,
    const struct volume_position *position)
{
	const struct drive_queue *queue = &drive->queue;
	struct volume_position begin;

	for (size_t i = queue->count; i > 0; i--) {
		const struct drive_queue_entry *w =
		    &queue->list[(queue->first + i - 1) % queue->room];

		if (w->filemarks > 0 &&
		    w->object + w->filemarks <= position->object)
			return position->object - w->object - w->filemarks;
	}
	if (volume_find_file(drive->volume, position->file, &begin) != 1)
		return position->object; /* the volume is damaged */
	return position->object - begin.object;
}

struct volume_extent drive_extent(const struct drive *drive,
    const struct volume_position *begin, const struct volume_position *end)
{
	struct volume_extent extent = {
		.begin_byte = drive_medium_byte(drive, begin),
		.end_byte = drive_medium_byte(drive, end),
		.object = begin->object,
		.file = begin->file,
	};

	if (volume_has_defects_in_file(drive->volume, begin->file))
		extent.file_block = file_block(drive, begin);
	return extent;
}

struct volume_position drive_end_of_run(const struct drive *drive,
    const struct volume_run *run)
{
	struct volume_position position = drive->position;

	position.byte += run->bytes;
	position.object += (run->bytes - 1) / run->block_bytes + 1;
	return position;
}

struct volume_extent drive_run_extent(const struct drive *drive,
    const struct volume_run *run)
{
	const struct volume_position end = drive_end_of_run(drive, run);

	return drive_extent(drive, &drive->position, &end);
}

bool drive_defect_concerns(const struct drive *drive,
    const struct volume_run *run)
{
	struct volume_extent extent;
	size_t count;

	volume_defects(drive->volume, &count);
	if (count == 0)
		return false;
	extent = drive_run_extent(drive, run);
	return volume_find_defect(drive->volume, VOLUME_FAIL_WRITE, &extent,
		   NULL) != NULL;
}

/*
 * Returns the first defect that fails a write; if `soft`, the first that causes
 * a recovered error.
 */
static const struct volume_defect *write_defect(const struct drive *drive,
    const struct volume_extent *extent, bool soft)
{
	const struct volume_defect *d = NULL;

	do
		d = volume_find_defect(drive->volume, VOLUME_FAIL_WRITE, extent,
		    d);
	while (d != NULL && (d->sense.key == SENSE_RECOVERED) != soft);
	return d;
}

const struct volume_defect *drive_defect_write(const struct drive *drive,
    const struct volume_extent *extent)
{
	return write_defect(drive, extent, false);
}

int drive_defect_written(struct drive *drive,
    const struct volume_extent *extent)
{
	const struct volume_defect *d = write_defect(drive, extent, true);
	struct sense sense;

	if (d == NULL)
		return 0;
	sense = d->sense;
	if (drive_defect_strike(drive, d, extent->begin_byte) != 0)
		return -1;
	drive->has_recovered = true;
	drive->recovered = sense;
	return 0;
}

void drive_report_recovered(struct drive *drive, struct drive_result *result)
{
	if (result->check || !drive->has_recovered)
		return;
	drive_fail(result, &drive->recovered);
	drive->has_recovered = false;
}

bool drive_defect_corrupts(const struct drive *drive,
    const struct volume_extent *extent)
{
	return volume_find_defect(drive->volume, VOLUME_FAIL_CORRUPT, extent,
		   NULL) != NULL;
}

int drive_defect_corrupted(struct drive *drive,
    const struct volume_extent *extent)
{
	const struct volume_defect *d = volume_find_defect(drive->volume,
	    VOLUME_FAIL_CORRUPT, extent, NULL);

	return d != NULL ? drive_defect_strike(drive, d, extent->begin_byte)
			 : 0;
}

uint64_t drive_defect_slowdown(struct drive *drive,
    const struct volume_extent *extent)
{
	const struct volume_defect *d = NULL;
	uint64_t factor = 1;

	while ((d = volume_find_defect(drive->volume, VOLUME_FAIL_SLOW, extent,
		    d)) != NULL) {
		factor = later_factor(factor, d->slowdown);
		report_strike(drive, d, extent->begin_byte);
	}
	return factor;
}

/*
 * Reads over the defects of the extent.  The worst defect determines the return
 * value and the sense data in `result`.
 */
static enum drive_reading read_over(struct drive *drive,
    const struct volume_extent *extent, struct drive_result *result)
{
	const struct volume_defect *d = NULL, *worst = NULL;
	enum volume_reading all = VOLUME_READ_GOOD, one;

	while ((d = volume_find_defect(drive->volume, VOLUME_FAIL_READ, extent,
		    d)) != NULL) {
		one = volume_defect_read(drive->volume, d, drive->options.seed);
		if (one <= all)
			continue;
		all = one;
		worst = d;
	}
	if (all == VOLUME_READ_GOOD)
		return DRIVE_READ_GOOD;
	drive_fail(result,
	    all == VOLUME_READ_RECOVERED && worst->sense.key != SENSE_RECOVERED
		? &recovered_read
		: &worst->sense);
	if (drive_defect_strike(drive, worst, extent->begin_byte) != 0)
		return DRIVE_READ_NOT_STORED;
	return all == VOLUME_READ_RECOVERED ? DRIVE_READ_GOOD
					    : DRIVE_READ_FAILED;
}

enum drive_reading drive_defect_read(struct drive *drive, uint64_t bytes,
    struct drive_result *result)
{
	struct volume_position end = drive->position;
	struct volume_extent extent;
	enum drive_reading reading;
	size_t count;

	/*
	 * The extent is not needed without defects, and computing it may take
	 * long.
	 */
	volume_defects(drive->volume, &count);
	if (count == 0)
		return DRIVE_READ_GOOD;
	end.byte += bytes;
	end.object++;
	extent = drive_extent(drive, &drive->position, &end);
	drive_add_ns(result,
	    later_times(drive_block_ns(drive,
			    extent.end_byte - extent.begin_byte),
		drive_defect_slowdown(drive, &extent) - 1));
	reading = read_over(drive, &extent, result);
	if (reading == DRIVE_READ_FAILED)
		drive_enter_error_state(drive, &result->sense);
	return reading;
}

enum drive_reading drive_defect_end(struct drive *drive,
    struct drive_result *result)
{
	struct volume_position end;
	struct volume_extent extent;
	struct drive_result met = *result;
	enum drive_reading reading;

	volume_end(drive->volume, &end);
	extent = drive_extent(drive, &end, &end);
	extent.end_byte = extent.begin_byte + 1;
	reading = read_over(drive, &extent, &met);
	if (reading == DRIVE_READ_FAILED)
		drive_fail(result, &no_end);
	return reading;
}
