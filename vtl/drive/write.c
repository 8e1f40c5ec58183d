/*
 * write.c: writing blocks.
 *
 * A run is written in one go, unless something acts on single blocks: a fault,
 * a defect, compression.  Then it is written block by block.
 */
#include "vtl/drive/impl.h"

#include <stdlib.h>
#include <string.h>

static const struct sense bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Writes a changed block instead of the given one: a bit in its middle differs. */
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
		/* The drive must not hold the block that has the right data. */
		bad.block = NULL;
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
	if (drive_buffer_take(drive, run, sense, result) != 0) {
		/* A pending error is reported by the caller. */
		if (!drive->has_pending)
			drive_storage_failed(drive, result);
		return;
	}
	if (!drive_is_buffered(drive))
		drive_buffer_advance(drive, result->done_ns);
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
	drive->slowdown = later_factor(drive_defect_slowdown(drive, &extent),
	    drive_faults_slowdown(&drive->faults, &access));
	if (corrupts || (fault != NULL && fault->mode == DRIVE_FAULT_CORRUPT))
		write_corrupted(drive, run, result);
	else
		drive_write_run(drive, run, result);
	drive->slowdown = 1;
	if (result->bytes == 0)
		return;
	if ((corrupts && drive_defect_corrupted(drive, &extent) != 0) ||
	    (!drive_is_buffered(drive) &&
		drive_defect_written(drive, &extent) != 0))
		drive_storage_failed(drive, result);
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

/* Writes what remains of a run, or its first block. */
static void write_some(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	struct volume_run block = *run;

	if (!drive_writes_single_blocks(drive, run)) {
		drive_write_run(drive, run, result);
		return;
	}
	block.bytes = min64(run->block_bytes, run->bytes);
	if (drive->options.zlib)
		drive_compression_add(drive, &block);
	write_block(drive, &block, result);
	drive_compression_forget(drive->compression, drive->position.object);
	keep_recovered(drive, result);
	drive->zone_blocks +=
	    result->bytes > 0 && drive_is_past_early_warning(drive);
}

/* Writes the run up to the first CHECK CONDITION. */
static void write_all(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	struct volume_run left = *run;
	uint64_t taken = 0;

	for (; left.bytes > 0 && !result->check; taken += result->bytes) {
		if (taken > 0 &&
		    !drive_begin(drive, DRIVE_WRITE, false, result->done_ns,
			result))
			break;
		write_some(drive, &left, result);
		if (result->bytes == 0 && !result->check)
			break; /* a deferred error is pending */
		left.bytes -= min64(result->bytes, left.bytes);
		left.offset += result->bytes;
		if (left.data != NULL)
			left.data = (const uint8_t *)left.data + result->bytes;
	}
	if (!result->check && left.bytes > 0)
		drive_begin(drive, DRIVE_WRITE, false, result->done_ns, result);
	result->bytes = taken;
	drive_report_recovered(drive, result);
}

void drive_write(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_result *result)
{
	if (drive_write_quickly(drive, run, now_ns, result))
		return;
	if (!drive_begin(drive, DRIVE_WRITE, false, now_ns, result) ||
	    !drive_may_write(drive, result) || run->bytes == 0)
		return;
	if (run->block_bytes == 0 ||
	    run->block_bytes > drive->model->block_max_bytes) {
		drive_fail(result, &bad_field);
		return;
	}
	write_all(drive, run, result);
	if (!result->check && result->bytes == run->bytes)
		drive_quick_prepare(drive, run);
}
