/*
 * drive_write.c: blocks and filemarks, onto the medium or into the buffer.
 *
 * A run is written in one go where nothing counts blocks; else block by block.
 */
#include "vtl/drive/impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct sense warning = { SENSE_NO_SENSE, 0, 2, true, false };
static const struct sense programmed = { SENSE_NO_SENSE, 0, 7, true, false };
static const struct sense overflow = { SENSE_VOLUME_OVERFLOW, 0, 2, true, 0 };
static const struct sense bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };

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

/* Cuts off what was there.  0 or -1. */
static int cut(struct drive *drive, struct drive_result *result)
{
	if (drive_at_end(drive))
		return 0;
	/* The volume may have gone back, by what it could not read. */
	if (!is_behind_end(drive) &&
	    volume_cut(drive->volume, &drive->position) == 0)
		return 0;
	drive_storage_failed(drive, result);
	return -1;
}

/* Puts the front of the run on tape, and cuts off what was there.  0 or -1. */
static int put(struct drive *drive, const struct volume_run *run,
    uint64_t bytes, struct drive_result *result)
{
	struct volume_run front = *run;

	front.bytes = bytes;
	if (cut(drive, result) != 0)
		return -1;
	if (bytes == 0)
		return 0;
	if (drive->options.buffered) {
		if (drive_buffer_take(drive, &front, 0, NULL, result) == 0) {
			result->bytes = bytes;
			return 0;
		}
		drive_buffer_flush(drive, result);
		if (drive->has_pending)
			return -1;
	}
	if (volume_append(drive->volume, &front) != 0) {
		drive_storage_failed(drive, result);
		return -1;
	}
	volume_end(drive->volume, &drive->position);
	result->bytes = bytes;
	drive_add_ns(result, drive_transfer_ns(drive, bytes));
	return 0;
}

/* The position behind the run, were it all written. */
static struct volume_position behind(const struct drive *drive,
    const struct volume_run *run)
{
	struct volume_position position = drive->position;

	position.byte += run->bytes;
	position.object += (run->bytes - 1) / run->block_bytes + 1;
	return position;
}

/* What the run lies over. */
static struct volume_extent cover_of(const struct drive *drive,
    const struct volume_run *run)
{
	const struct volume_position end = behind(drive, run);

	return drive_extent(drive, &drive->position, &end);
}

/* The first defect that fails the run, or NULL. */
static const struct volume_defect *defect_in(const struct drive *drive,
    const struct volume_run *run)
{
	const struct volume_extent cover = cover_of(drive, run);

	/* In the buffer it is not met yet. */
	return drive->options.buffered ? NULL
				       : drive_defect_write(drive, &cover);
}

/* The byte of the medium where a defect is met, the run being there. */
static uint64_t byte_of(const struct drive *drive,
    const struct volume_defect *defect)
{
	uint64_t begin = drive_medium_byte(drive, &drive->position);

	if (defect == NULL || defect->unit != VOLUME_BYTES)
		return EXTENT_FIT_NEVER;
	return defect->at > begin ? defect->at : begin;
}

/* How far one block gets that was put, so that what it takes is known. */
static enum extent_fit_end extent_fit_packed(const struct drive *drive,
    const struct extent_fit_medium *medium, const struct volume_run *run,
    uint64_t *bytes)
{
	const struct volume_position end = behind(drive, run);
	uint64_t packed =
	    drive_compressed_before(drive, &end) - medium->at_byte;
	enum extent_fit_end how = extent_fit_run(medium, packed, packed, bytes);

	if (*bytes > 0)
		*bytes = run->bytes;
	return how;
}

/* How far the run gets; `defect` is the first in its way, or NULL. */
static enum extent_fit_end reach(const struct drive *drive,
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
	    ? extent_fit_packed(drive, &medium, run, bytes)
	    : extent_fit_run(&medium, run->bytes, run->block_bytes, bytes);
}

/*
 * What a drive that counts wrongly at the end does with the last block of a
 * run that was taken so far, and what it says.
 */
static void miscount(struct drive *drive, const struct volume_run *run,
    enum extent_fit_end end, uint64_t *bytes, int64_t *said)
{
	uint64_t block = min64(run->block_bytes, run->bytes);

	*said = 0;
	if (drive->options.residual == DRIVE_RESIDUAL_EXACT ||
	    drive->miscounted ||
	    (end != EXTENT_FIT_WARNING && end != EXTENT_FIT_OVERFLOW))
		return;
	drive->miscounted = true;
	if (drive->options.residual == DRIVE_RESIDUAL_OVER) {
		if (end == EXTENT_FIT_WARNING)
			*bytes -= min64(*bytes, block);
		*said = (int64_t)block;
	} else if (*bytes > 0) {
		*said = -(int64_t)min64(*bytes, block);
	}
}

static void write_run(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	const struct volume_defect *defect = defect_in(drive, run);
	uint64_t bytes;
	enum extent_fit_end end = reach(drive, run, defect, &bytes);
	int64_t said;

	miscount(drive, run, end, &bytes, &said);
	if ((bytes > 0 || end == EXTENT_FIT_DEFECT) &&
	    put(drive, run, bytes, result) != 0)
		return;
	result->bytes += (uint64_t)said;
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

/* Writes a block that is not what it should be. */
static void write_corrupted(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	struct volume_run bad = *run;
	uint8_t *copy = NULL;

	bad.offset ^= 1;
	if (run->data != NULL) {
		if ((copy = malloc(run->bytes)) == NULL) {
			drive_storage_failed(drive, result);
			return;
		}
		memcpy(copy, run->data, run->bytes);
		copy[run->bytes / 2] ^= 1;
		bad.data = copy;
	}
	if (drive->options.zlib)
		drive_compression_add(drive, &bad);
	write_run(drive, &bad, result);
	free(copy);
}

/* Acknowledges a block that will not be on the medium. */
static void write_deferred(struct drive *drive, const struct volume_run *run,
    const struct sense *sense, struct drive_result *result)
{
	if (cut(drive, result) != 0)
		return;
	if (drive_buffer_take(drive, run, 0, sense, result) != 0) {
		/* What is pending is told of by the caller. */
		if (!drive->has_pending)
			drive_storage_failed(drive, result);
		return;
	}
	result->bytes = run->bytes;
	if (!drive->options.buffered)
		drive_buffer_advance(drive, INT64_MAX);
}

/* The block that was taken takes so many times as long. */
static void slow_down(struct drive *drive, uint64_t factor,
    struct drive_result *result)
{
	uint64_t carry = drive->carry;

	if (factor == 1 || result->bytes == 0)
		return;
	if (drive->queue.count > 0) {
		drive_buffer_slow(drive, factor);
		return;
	}
	drive_add_ns(result,
	    later_times(drive_transfer_ns(drive, result->bytes), factor - 1));
	drive->carry = carry;
}

/*
 * The tape was moved before this block.  False: it cannot be written there,
 * which is answered, or something is pending by now.
 */
static bool begin_elsewhere(struct drive *drive, const struct volume_run *run,
    struct volume_extent *cover, struct drive_result *result)
{
	if (drive->has_pending || !drive_may_write(drive, result))
		return false;
	if (drive->options.zlib)
		drive_compression_add(drive, run);
	*cover = cover_of(drive, run);
	return true;
}

/* One block, which a fault of the drive, or of the medium, may strike. */
static void write_block(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	const struct drive_fault *fault = NULL;
	struct volume_extent cover = cover_of(drive, run);
	const struct drive_access touch = {
		.op = DRIVE_WRITE,
		.bytes = run->bytes,
		.begin_byte = cover.begin_byte,
		.end_byte = cover.end_byte,
		.now_ns = result->done_ns,
		.barcode = volume_get_spec(drive->volume)->barcode,
	};
	bool corrupts;
	uint64_t bytes;

	if (reach(drive, run, NULL, &bytes) != EXTENT_FIT_OVERFLOW)
		fault = drive_faults_match(&drive->faults, &touch);
	if (fault != NULL && fault->mode == DRIVE_FAULT_FAIL &&
	    fault->deferred) {
		write_deferred(drive, run, &fault->sense, result);
		return;
	}
	if (drive_apply_fault(drive, fault, result)) {
		cut(drive, result);
		return;
	}
	if (drive_fault_moves_tape(fault) &&
	    !begin_elsewhere(drive, run, &cover, result))
		return;
	corrupts = drive_defect_corrupts(drive, &cover);
	if (corrupts || (fault != NULL && fault->mode == DRIVE_FAULT_CORRUPT))
		write_corrupted(drive, run, result);
	else
		write_run(drive, run, result);
	if (result->bytes == 0)
		return;
	if ((corrupts && drive_defect_corrupted(drive, &cover) != 0) ||
	    (!drive->options.buffered &&
		drive_defect_written(drive, &cover) != 0)) {
		drive_storage_failed(drive, result);
		return;
	}
	slow_down(drive,
	    later_factor(drive_defect_slowdown(drive, &cover),
		drive_faults_slowdown(&drive->faults, &touch)),
	    result);
}

static bool counts_blocks(const struct drive *drive)
{
	return drive->options.buffered ||
	    drive->options.early_warning_delay_blocks > 0 ||
	    drive->options.residual != DRIVE_RESIDUAL_EXACT ||
	    drive->faults.count > 0 || drive->options.zlib ||
	    !volume_defects_are_plain(drive->volume);
}

/* What was recovered is no reason to stop: it is told of at the end. */
static void keep_recovered(struct drive *drive, struct drive_result *result)
{
	if (!result->check || result->sense.key != SENSE_RECOVERED)
		return;
	drive->has_recovered = true;
	drive->recovered = result->sense;
	result->check = false;
}

/* The run, a block a command, until one is answered with a check. */
static void write_blocks(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	struct volume_run block = *run;
	uint64_t taken = 0;

	for (; taken < run->bytes && !result->check; taken += result->bytes) {
		if (taken > 0 &&
		    !drive_begin(drive, DRIVE_WRITE, false, result->done_ns,
			result))
			break;
		block.bytes = min64(run->block_bytes, run->bytes - taken);
		block.offset = run->offset + taken;
		if (run->data != NULL)
			block.data = (const uint8_t *)run->data + taken;
		if (drive->options.zlib)
			drive_compression_add(drive, &block);
		write_block(drive, &block, result);
		drive_compression_forget(drive->packed, drive->position.object);
		keep_recovered(drive, result);
		if (result->bytes == 0 && !result->check)
			break; /* something is pending by now */
		drive->zone_blocks += drive_is_past_early_warning(drive);
	}
	if (!result->check && taken < run->bytes)
		drive_begin(drive, DRIVE_WRITE, false, result->done_ns, result);
	result->bytes = taken;
	drive_report_recovered(drive, result);
}

void drive_write(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_result *result)
{
	if (!drive_begin(drive, DRIVE_WRITE, false, now_ns, result) ||
	    !drive_may_write(drive, result) || run->bytes == 0)
		return;
	if (run->block_bytes == 0 ||
	    run->block_bytes > drive->model->block_max_bytes)
		drive_fail(result, &bad_field);
	else if (counts_blocks(drive))
		write_blocks(drive, run, result);
	else
		write_run(drive, run, result);
}

/* Whether so many filemarks have room. */
static bool has_room(struct drive *drive, uint64_t count)
{
	struct volume_position position = drive->position;

	if (count > VOLUME_FILEMARKS_MAX - position.file)
		return false;
	if (drive->layout.filemark_bytes == 0)
		return true;
	position.object += count;
	position.file += count;
	return drive_medium_byte(drive, &position) <= drive->capacity_bytes;
}

/* Appends filemarks, to the buffer or the volume.  0 or -1. */
static int put_filemarks(struct drive *drive, uint64_t count,
    struct drive_result *result)
{
	static const struct volume_run none;

	drive_compression_forget(drive->packed, drive->position.object);
	if (cut(drive, result) != 0)
		return -1;
	if (drive->options.buffered &&
	    drive_buffer_take(drive, &none, count, NULL, result) == 0)
		return 0;
	drive_buffer_flush(drive, result);
	if (drive->has_pending)
		return -1;
	if (volume_append_filemarks(drive->volume, count) != 0) {
		drive_storage_failed(drive, result);
		return -1;
	}
	volume_end(drive->volume, &drive->position);
	return 0;
}

/* All that waits goes on the medium, and the volume keeps it.  0 or -1. */
static int synchronise(struct drive *drive, struct drive_result *result)
{
	drive_buffer_flush(drive, result);
	if (drive->has_pending)
		return -1;
	if (volume_sync(drive->volume) != 0) {
		drive_storage_failed(drive, result);
		return -1;
	}
	drive_add_ns(result, drive->model->filemark_ns);
	return 0;
}

void drive_write_filemarks(struct drive *drive, uint64_t count, bool immediate,
    int64_t now_ns, struct drive_result *result)
{
	int rc = 0;

	if (!drive_begin(drive, DRIVE_FILEMARK, false, now_ns, result) ||
	    !drive_may_write(drive, result))
		return;
	if (!has_room(drive, count)) {
		drive_fail(result, &overflow);
		drive->overflowed = true;
		return;
	}
	if (count > 0)
		rc = put_filemarks(drive, count, result);
	if (rc == 0 && !immediate)
		rc = synchronise(drive, result);
	if (rc != 0 && !result->check)
		drive_poll(drive, result->done_ns, result);
	else if (rc == 0 && !result->check && count > 0 &&
	    drive_is_past_warning(drive) && drive_is_past_early_warning(drive))
		drive_fail(result, &warning);
	drive_report_recovered(drive, result);
}

void drive_erase(struct drive *drive, bool whole, int64_t now_ns,
    struct drive_result *result)
{
	uint64_t used;

	if (!drive_begin(drive, DRIVE_ERASE, false, now_ns, result) ||
	    !drive_may_erase(drive, result) || cut(drive, result) != 0)
		return;
	drive_compression_forget(drive->packed, drive->position.object);
	if (volume_sync(drive->volume) != 0) {
		drive_storage_failed(drive, result);
		return;
	}
	used = drive_medium_byte(drive, &drive->position);
	if (whole && used < drive->capacity_bytes)
		drive_add_ns(result,
		    drive_transfer_ns(drive, drive->capacity_bytes - used));
}
