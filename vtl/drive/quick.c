/*
 * quick.c: writes at which nothing can happen, and writes that wait for no disk.
 *
 * Most writes follow another one, have blocks of the same size, and meet neither
 * a warning, the end of the volume, a defect nor a fault.  After a write that was
 * examined in full, the drive knows up to which byte that holds; a write before
 * that byte goes to the motion model and to the buffer at once.
 */
#include "vtl/drive/impl.h"

#include <string.h>

static bool has_defects(const struct drive *drive)
{
	size_t defects;

	volume_defects(drive->volume, &defects);
	return defects > 0;
}

/* Returns whether a write of whole blocks without data needs no examination. */
static bool is_quiet(const struct drive *drive, const struct volume_run *run)
{
	return drive->state == DRIVE_READY && !drive->has_pending &&
	    !drive->has_recovered && !drive->overflowed && !drive->is_moved &&
	    drive->slowdown == 1 && drive->queue.fragile == 0 &&
	    drive->faults.count == 0 && run->data == NULL && run->bytes > 0 &&
	    run->bytes % run->block_bytes == 0 && !has_defects(drive);
}

bool drive_writes_in_memory(const struct drive *drive, uint64_t bytes)
{
	return drive->volume != NULL && drive->state == DRIVE_READY &&
	    !drive->has_pending && drive->faults.count == 0 &&
	    !has_defects(drive) && drive_at_end(drive) &&
	    volume_get_spec(drive->volume)->payload == VOLUME_PAYLOAD_NONE &&
	    !volume_may_wait(drive->volume, drive->queue.count + 1,
		drive->queue.data_bytes + bytes);
}

void drive_quick_prepare(struct drive *drive, const struct volume_run *run)
{
	struct volume_run all = *run;
	uint64_t bytes, block = run->block_bytes;

	drive_quick_forget(drive);
	if (!drive_has_motion(drive) || block == 0 || !is_quiet(drive, run) ||
	    drive_writes_single_blocks(drive, run) || !drive_at_end(drive))
		return;
	all.bytes = UINT64_MAX / 4;
	all.bytes -= all.bytes % block;
	if (drive_run_fit(drive, &all, NULL, &bytes) != EXTENT_FIT_ALL)
		bytes = bytes > 0 ? (bytes - 1) / block * block : 0;
	drive->quick = (struct drive_quick){
		.object = drive->position.object,
		.limit_byte = drive->position.byte + bytes,
		.block_bytes = block,
		.medium_bytes = drive_block_medium_bytes(drive, block),
	};
}

bool drive_write_quickly(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_result *result)
{
	const struct drive_quick *quick = &drive->quick;

	if (quick->object == 0 || drive->position.object != quick->object ||
	    run->block_bytes != quick->block_bytes || !is_quiet(drive, run) ||
	    drive->position.byte + run->bytes > quick->limit_byte)
		return false;
	memset(result, 0, sizeof *result);
	result->done_ns = drive_begin_ns(drive, now_ns);
	if (drive_buffer_take_quickly(drive, run, result) != 0)
		return false;
	if (drive->has_pending) /* the volume cannot be stored */
		drive_begin(drive, DRIVE_WRITE, false, result->done_ns, result);
	return true;
}
