/* write.c: WRITE, WRITE FILEMARKS, ERASE. */
#include "vtl/scsi/impl.h"

void scsi_write(struct scsi *unit, bool fixed, uint64_t count,
    const struct volume_run *run, int64_t now_ns, struct scsi_result *result)
{
	uint64_t block = fixed ? unit->mode.block_bytes : count;
	struct volume_run blocks = *run;
	struct volume_position after;
	struct drive_result a;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	if (fixed && (block == 0 || count > UINT32_MAX)) {
		scsi_fail(result, &scsi_bad_field);
		return;
	}
	if (count == 0)
		return;
	blocks.block_bytes = block;
	blocks.bytes = fixed ? count * block : count;
	drive_write(unit->drive, &blocks, now_ns, &a);
	scsi_take_result(unit, SCSI_WRITING, &a, result);
	drive_position(unit->drive, &after);
	unit->after_block = after.object;
	unit->counters[SCSI_WRITING].blocks += (a.bytes + block - 1) / block;
	scsi_set_information(result,
	    fixed ? (int64_t)(count - a.bytes / block)
		  : (int64_t)(count - a.bytes));
}

/* At BOP, or after the filemarks that were written last. */
static bool is_after_filemarks(const struct scsi *unit,
    const struct volume_position *at)
{
	return at->object == 0 || at->object == unit->after_filemarks;
}

bool scsi_follows_write(const struct scsi *unit, bool *begins)
{
	struct volume_position at;

	if (drive_volume(unit->drive) == NULL)
		return false;
	drive_position(unit->drive, &at);
	*begins = is_after_filemarks(unit, &at);
	return *begins || at.object == unit->after_block;
}

bool scsi_begins_file(struct scsi *unit)
{
	struct volume *volume = drive_volume(unit->drive);
	struct volume_position at, begin;

	if (volume == NULL)
		return false;
	drive_position(unit->drive, &at);
	/* The volume does not know the filemarks in the buffer. */
	return is_after_filemarks(unit, &at) ||
	    (at.object != unit->after_block &&
		volume_find_file(volume, at.file, &begin) == 1 &&
		begin.object == at.object);
}

void scsi_write_filemarks(struct scsi *unit, uint64_t count, bool immediate,
    int64_t now_ns, struct scsi_result *result)
{
	struct volume_position before, after;
	struct drive_result a;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	/* A count of 0 synchronises, even on a write-protected medium. */
	if (count == 0) {
		if (immediate)
			drive_poll(unit->drive, now_ns, &a);
		else
			drive_flush(unit->drive, now_ns, &a);
		scsi_take_result(unit, SCSI_OTHER, &a, result);
		return;
	}
	drive_position(unit->drive, &before);
	drive_write_filemarks(unit->drive, count, immediate, now_ns, &a);
	drive_position(unit->drive, &after);
	unit->after_filemarks = after.object;
	unit->after_block = 0;
	scsi_take_result(unit, SCSI_OTHER, &a, result);
	scsi_set_information(result,
	    (int64_t)(count - (after.file - before.file)));
}

void scsi_erase(struct scsi *unit, bool whole, int64_t now_ns,
    struct scsi_result *result)
{
	struct drive_result a;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	drive_erase(unit->drive, whole, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
}
