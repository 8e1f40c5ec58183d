/*
 * write_run.c: writes a run of blocks to the medium or into the buffer, up to
 * the block that meets the early warning, PEOM or a defect.
 */
#include "vtl/drive/impl.h"

static const struct sense warning = { SENSE_NO_SENSE, 0, 2, true, false };
static const struct sense programmed = { SENSE_NO_SENSE, 0, 7, true, false };
static const struct sense overflow = { SENSE_VOLUME_OVERFLOW, 0, 2, true, 0 };

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool is_behind_end(const struct drive *drive)
{
	struct volume_position end;

	volume_end(drive->volume, &end);
	return drive->position.object > end.object;
}

int drive_cut(struct drive *drive, struct drive_result *result)
{
	if (drive_at_end(drive))
		return 0;
	/* A failed read may have rolled the volume back. */
	if (!is_behind_end(drive) &&
	    volume_cut(drive->volume, &drive->position) == 0)
		return 0;
	drive_storage_failed(drive, result);
	return -1;
}

/* The run went to the medium at once: moves the tape, and adds the time. */
static void written(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	uint64_t from = 0, to, blocks = run->bytes / run->block_bytes,
		 rest = run->bytes % run->block_bytes;
	int64_t ns;

	if (drive_takes_time(drive))
		from = drive_medium_byte(drive, &drive->position);
	volume_end(drive->volume, &drive->position);
	drive->is_moved = true;
	if (!drive_takes_time(drive))
		return;
	to = drive_medium_byte(drive, &drive->position);
	/* With options.zlib the run has one block. */
	if (drive->options.zlib)
		ns = drive_block_ns(drive, to - from);
	else
		ns = later_times(drive_block_ns(drive,
				     drive_block_medium_bytes(drive,
					 run->block_bytes)),
		    blocks);
	if (rest > 0 && !drive->options.zlib)
		ns = later_add(ns,
		    drive_block_ns(drive,
			drive_block_medium_bytes(drive, rest)));
	drive_transfer(drive, from, to, DRIVE_STREAMING,
	    later_times(ns, drive->slowdown), result);
}

/*
 * Removes what follows the position, and writes the first `bytes` of the run.
 * Returns 0 or -1.
 */
static int put(struct drive *drive, const struct volume_run *run,
    uint64_t bytes, struct drive_result *result)
{
	struct volume_run front = *run;

	front.bytes = bytes;
	if (drive_cut(drive, result) != 0)
		return -1;
	if (bytes == 0)
		return 0;
	if (drive_is_buffered(drive)) {
		if (drive_buffer_take(drive, &front, NULL, result) == 0)
			return 0;
		drive_buffer_flush(drive, result);
		if (drive->has_pending)
			return -1;
		/* Without memory, the rest goes to the medium. */
		front.bytes -= result->bytes;
		front.offset += result->bytes;
		if (front.data != NULL)
			front.data =
			    (const uint8_t *)front.data + result->bytes;
	}
	if (volume_append(drive->volume, &front) != 0) {
		drive_storage_failed(drive, result);
		return -1;
	}
	written(drive, &front, result);
	result->bytes = bytes;
	return 0;
}

/* Returns the first defect that fails the run, or NULL. */
static const struct volume_defect *defect_in(const struct drive *drive,
    const struct volume_run *run)
{
	struct volume_extent extent;
	size_t count;

	volume_defects(drive->volume, &count);
	/* With a buffer, the defect is met later. */
	if (count == 0 || drive_is_buffered(drive))
		return NULL;
	extent = drive_run_extent(drive, run);
	return drive_defect_write(drive, &extent);
}

/* Returns the byte of the medium at which the run meets the defect. */
static uint64_t byte_of(const struct drive *drive,
    const struct volume_defect *defect)
{
	uint64_t begin = drive_medium_byte(drive, &drive->position);

	if (defect == NULL || defect->unit != VOLUME_BYTES)
		return EXTENT_FIT_NEVER;
	return defect->at > begin ? defect->at : begin;
}

/* Determines how far a block of known compressed size gets. */
static enum extent_fit_end fit_compressed(const struct drive *drive,
    const struct extent_fit_medium *medium, const struct volume_run *run,
    uint64_t *bytes)
{
	const struct volume_position end = drive_end_of_run(drive, run);
	uint64_t compressed =
	    drive_compressed_before(drive, &end) - medium->at_byte;
	enum extent_fit_end how =
	    extent_fit_run(medium, compressed, compressed, bytes);

	if (*bytes > 0)
		*bytes = run->bytes;
	return how;
}

enum extent_fit_end drive_run_fit(const struct drive *drive,
    const struct volume_run *run, const struct volume_defect *defect,
    uint64_t *bytes)
{
	const struct drive_options *o = &drive->options;
	struct extent_fit_medium medium = {
		.at_byte = drive->options.zlib
		    ? drive_compressed_before(drive, &drive->position)
		    : drive->position.byte,
		.at_block = drive->position.object - drive->position.file,
		.at_filemark = drive->position.file,
		.capacity_bytes = drive->capacity_bytes,
		.warning_byte = drive_warning_byte(drive),
		.early_warning_delay_blocks =
		    o->early_warning_delay_blocks > drive->zone_blocks
		    ? o->early_warning_delay_blocks - drive->zone_blocks
		    : 0,
		.defect_byte = byte_of(drive, defect),
		.fails = defect != NULL && defect->unit != VOLUME_BYTES,
		.layout = drive->layout,
	};

	if (o->pews_bytes > 0 && medium.warning_byte != EXTENT_FIT_NEVER)
		medium.pews_byte = o->pews_bytes < medium.warning_byte
		    ? medium.warning_byte - o->pews_bytes
		    : 1;
	*bytes = 0;
	if (drive->overflowed)
		return EXTENT_FIT_OVERFLOW;
	return drive->options.zlib
	    ? fit_compressed(drive, &medium, run, bytes)
	    : extent_fit_run(&medium, run->bytes, run->block_bytes, bytes);
}

/*
 * Simulates a drive with a wrong residual.  Changes how much of the run is
 * written (`*bytes`), and sets how much more is reported (`*extra`).
 */
static void miscount(struct drive *drive, const struct volume_run *run,
    enum extent_fit_end end, uint64_t *bytes, int64_t *extra)
{
	uint64_t block = min64(run->block_bytes, run->bytes);

	*extra = 0;
	if (drive->options.residual == DRIVE_RESIDUAL_EXACT ||
	    drive->miscounted ||
	    (end != EXTENT_FIT_WARNING && end != EXTENT_FIT_OVERFLOW))
		return;
	drive->miscounted = true;
	if (drive->options.residual == DRIVE_RESIDUAL_OVER) {
		if (end == EXTENT_FIT_WARNING)
			*bytes -= min64(*bytes, block);
		*extra = (int64_t)block;
	} else if (*bytes > 0) {
		*extra = -(int64_t)min64(*bytes, block);
	}
}

void drive_write_run(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	const struct volume_defect *defect = defect_in(drive, run);
	uint64_t bytes;
	enum extent_fit_end end = drive_run_fit(drive, run, defect, &bytes);
	int64_t extra;

	miscount(drive, run, end, &bytes, &extra);
	if ((bytes > 0 || end == EXTENT_FIT_DEFECT) &&
	    put(drive, run, bytes, result) != 0)
		return;
	result->bytes += (uint64_t)extra;
	switch (end) {
	case EXTENT_FIT_ALL:
		break;
	case EXTENT_FIT_WARNING:
		drive_fail(result, &warning);
		break;
	case EXTENT_FIT_PEW:
		drive_fail(result, &programmed);
		break;
	case EXTENT_FIT_OVERFLOW:
		drive_fail(result, &overflow);
		drive->overflowed = true;
		break;
	case EXTENT_FIT_DEFECT:
		drive_apply_defect(drive, defect, result);
		break;
	}
}

bool drive_writes_single_blocks(const struct drive *drive,
    const struct volume_run *run)
{
	const struct drive_options *o = &drive->options;

	return o->early_warning_delay_blocks > 0 ||
	    o->residual != DRIVE_RESIDUAL_EXACT || drive->faults.count > 0 ||
	    o->zlib || !volume_defects_are_plain(drive->volume) ||
	    (drive_is_buffered(drive) &&
		(drive->queue.fragile > 0 ||
		    drive_defect_concerns(drive, run)));
}
