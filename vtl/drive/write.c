/*
 * write.c: writing blocks.
 *
 * A run is written in one go, unless something acts on single blocks: a
 * buffer, a fault, a defect, compression.  Then it is written block by block.
 */
#include "vtl/drive/impl.h"

#include <stdlib.h>
#include <string.h>

static const struct sense bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Writes a changed block instead of the given one. */
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
	drive_write_run(drive, &bad, result);
	free(copy);
}

/* Acknowledges a block that fails when it is written to the medium. */
static void write_deferred(struct drive *drive, const struct volume_run *run,
    const struct sense *sense, struct drive_result *result)
{
	if (drive_cut(drive, result) != 0)
		return;
	if (drive_buffer_take(drive, run, 0, sense, result) != 0) {
		/* A pending error is reported by the caller. */
		if (!drive->has_pending)
			drive_storage_failed(drive, result);
		return;
	}
	result->bytes = run->bytes;
	if (!drive->options.buffered)
		drive_buffer_advance(drive, INT64_MAX);
}

/* Makes the last block take `factor` times as long to write. */
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
 * Prepares a write after the tape was moved by a fault.  Returns false if the
 * block cannot be written at the new position; the result is then the error, or
 * a deferred error is pending.
 */
static bool begin_elsewhere(struct drive *drive, const struct volume_run *run,
    struct volume_extent *extent, struct drive_result *result)
{
	if (drive->has_pending || !drive_may_write(drive, result))
		return false;
	if (drive->options.zlib)
		drive_compression_add(drive, run);
	*extent = drive_run_extent(drive, run);
	return true;
}

/* Writes one block, with the faults of the drive and of the medium. */
static void write_block(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	const struct drive_fault *fault = NULL;
	struct volume_extent extent = drive_run_extent(drive, run);
	const struct drive_access access = {
		.op = DRIVE_WRITE,
		.bytes = run->bytes,
		.begin_byte = extent.begin_byte,
		.end_byte = extent.end_byte,
		.now_ns = result->done_ns,
		.barcode = volume_get_spec(drive->volume)->barcode,
	};
	bool corrupts;
	uint64_t bytes;

	if (drive_run_fit(drive, run, NULL, &bytes) != EXTENT_FIT_OVERFLOW)
		fault = drive_faults_match(&drive->faults, &access);
	if (fault != NULL && fault->mode == DRIVE_FAULT_FAIL &&
	    fault->deferred) {
		write_deferred(drive, run, &fault->sense, result);
		return;
	}
	if (drive_apply_fault(drive, fault, result)) {
		drive_cut(drive, result);
		return;
	}
	if (drive_fault_moves_tape(fault) &&
	    !begin_elsewhere(drive, run, &extent, result))
		return;
	corrupts = drive_defect_corrupts(drive, &extent);
	if (corrupts || (fault != NULL && fault->mode == DRIVE_FAULT_CORRUPT))
		write_corrupted(drive, run, result);
	else
		drive_write_run(drive, run, result);
	if (result->bytes == 0)
		return;
	if ((corrupts && drive_defect_corrupted(drive, &extent) != 0) ||
	    (!drive->options.buffered &&
		drive_defect_written(drive, &extent) != 0)) {
		drive_storage_failed(drive, result);
		return;
	}
	slow_down(drive,
	    later_factor(drive_defect_slowdown(drive, &extent),
		drive_faults_slowdown(&drive->faults, &access)),
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

/*
 * Keeps a recovered error until the end of the run, and does not end the run.
 */
static void keep_recovered(struct drive *drive, struct drive_result *result)
{
	if (!result->check || result->sense.key != SENSE_RECOVERED)
		return;
	drive->has_recovered = true;
	drive->recovered = result->sense;
	result->check = false;
}

/* Writes the run block by block, up to the first CHECK CONDITION. */
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
		drive_compression_forget(drive->compression,
		    drive->position.object);
		keep_recovered(drive, result);
		if (result->bytes == 0 && !result->check)
			break; /* a deferred error is pending */
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
		drive_write_run(drive, run, result);
}
