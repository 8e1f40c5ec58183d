/* move.c: SPACE, LOCATE, REWIND, READ POSITION. */
#include "vtl/scsi/impl.h"

#include <string.h>

void scsi_space(struct scsi *unit, enum scsi_space_code what, int64_t count,
    int64_t now_ns, struct scsi_result *result)
{
	struct drive_result a;
	uint64_t left = 0;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	switch (what) {
	case SCSI_SPACE_BLOCKS:
		drive_space_blocks(unit->drive, count, &left, now_ns, &a);
		break;
	case SCSI_SPACE_FILEMARKS:
		drive_space_filemarks(unit->drive, count, &left, now_ns, &a);
		break;
	default:
		drive_space_eod(unit->drive, now_ns, &a);
		break;
	}
	scsi_take_result(unit, SCSI_OTHER, &a, result);
	if (what != SCSI_SPACE_EOD)
		scsi_set_information(result, (int64_t)left);
}

void scsi_locate(struct scsi *unit, int partition, enum scsi_locate_type what,
    uint64_t number, int64_t now_ns, struct scsi_result *result)
{
	struct drive_target target = { .kind = DRIVE_TO_EOD, .number = number };
	struct drive_result a;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	if (what != SCSI_LOCATE_EOD)
		target.kind =
		    what == SCSI_LOCATE_FILE ? DRIVE_TO_FILE : DRIVE_TO_OBJECT;
	if (partition != SCSI_SAME_PARTITION) {
		target.changes_partition = true;
		target.partition = (unsigned)partition;
		if (target.partition != drive_partition(unit->drive))
			unit->after_block = unit->after_filemarks = 0;
	}
	drive_locate(unit->drive, &target, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
}

void scsi_rewind(struct scsi *unit, int64_t now_ns, struct scsi_result *result)
{
	struct drive_result a;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	drive_rewind(unit->drive, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
}

void scsi_read_position(struct scsi *unit, struct scsi_position *position,
    int64_t now_ns, struct scsi_result *result)
{
	struct volume_position place;
	struct drive_result a;

	memset(position, 0, sizeof *position);
	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	drive_poll(unit->drive, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
	position->unknown = !result->check && !drive_is_ready(unit->drive);
	if (result->check || position->unknown)
		return;
	drive_position(unit->drive, &place);
	position->partition = drive_partition(unit->drive);
	position->object = place.object;
	position->file = place.file;
	position->bop = place.object == 0;
	position->eop = drive_is_past_early_warning(unit->drive);
	position->bpew =
	    unit->mode.pews_mb > 0 && drive_is_past_warning(unit->drive);
	drive_buffered(unit->drive, &position->buffered_objects,
	    &position->buffered_bytes);
	position->medium_object = place.object - position->buffered_objects;
}
