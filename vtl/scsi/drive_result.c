/*
 * drive_result.c: converts the result of the drive to the result of the unit.
 */
#include "vtl/scsi/impl.h"

bool scsi_is_reset(const struct drive_result *a)
{
	return a->check && a->sense.key == SENSE_UNIT_ATTENTION &&
	    a->sense.asc == 0x29;
}

void scsi_unit_reset(struct scsi *unit)
{
	scsi_attention_establish(&unit->nexuses, SCSI_POWER_ON, unit->nexus);
	unit->nexuses.pending[unit->nexus] = 0;
	unit->nexuses.prevented = 0;
	scsi_mode_default(unit);
}

void scsi_take_result(struct scsi *unit, enum scsi_operation doing,
    const struct drive_result *from, struct scsi_result *result)
{
	result->bytes = from->bytes;
	result->done_ns = from->done_ns;
	result->detail = from->detail;
	if (doing != SCSI_OTHER && from->bytes > 0) {
		unit->counters[doing].bytes += from->bytes;
		unit->usage.of[drive_partition(unit->drive)].load[doing] +=
		    from->bytes;
	}
	if (!from->check)
		return;
	scsi_fail(result, &from->sense);
	result->sense.deferred = from->deferred;
	if (from->lost_blocks > 0) {
		result->sense.has_information = true;
		result->sense.information =
		    (int64_t)(unit->mode.block_bytes > 0 ? from->lost_blocks
							 : from->lost_bytes);
	}
	if (scsi_is_reset(from))
		scsi_unit_reset(unit);
	/* A deferred error is that of an earlier write. */
	scsi_set_alerts(unit, from->deferred ? SCSI_WRITING : doing,
	    &from->sense);
}
