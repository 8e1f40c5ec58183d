/* result.c: what the unit makes of the answer of the drive. */
#include "vtl/scsi/impl.h"

bool scsi_is_reset(const struct drive_answer *a)
{
	return a->check && a->sense.key == SENSE_UNIT_ATTENTION &&
	    a->sense.asc == 0x29;
}

void scsi_unit_reset(struct scsi *unit)
{
	scsi_raise(unit, SCSI_POWER_ON);
	unit->attentions[unit->initiator] = 0;
	unit->prevented = 0;
	scsi_mode_default(unit);
}

void scsi_take(struct scsi *unit, enum scsi_doing doing,
    const struct drive_answer *from, struct scsi_answer *answer)
{
	answer->bytes = from->bytes;
	answer->done_ns = from->done_ns;
	answer->detail = from->detail;
	if (doing != SCSI_OTHER)
		unit->counters[doing].bytes += from->bytes;
	if (!from->check)
		return;
	scsi_fail(answer, &from->sense);
	answer->sense.deferred = from->deferred;
	if (from->lost_blocks > 0) {
		answer->sense.has_information = true;
		answer->sense.information =
		    (int64_t)(unit->mode.block_bytes > 0 ? from->lost_blocks
							 : from->lost_bytes);
	}
	if (scsi_is_reset(from))
		scsi_unit_reset(unit);
	scsi_alert(unit, doing, &from->sense);
}
