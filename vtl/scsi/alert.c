/* alert.c: TapeAlert flags of a unit, and the errors that its logs count. */
#include "vtl/scsi/impl.h"

static void set(struct scsi *unit, uint64_t flags)
{
	unit->has_new_alerts |= (flags & ~unit->alerts) != 0;
	unit->alerts |= flags;
}

uint64_t scsi_supported_alerts(void)
{
	return alert_supported();
}

void scsi_set_alerts(struct scsi *unit, enum scsi_operation doing,
    const struct sense *sense)
{
	unit->non_medium += sense->key == SENSE_HARDWARE_ERROR;
	alert_count(unit->counters, (enum alert_operation)doing, sense);
	set(unit, alert_of_sense((enum alert_operation)doing, sense));
}

void scsi_set_life_alert(struct scsi *unit, enum media_wear wear)
{
	set(unit, alert_of_wear(wear));
}

bool scsi_take_exception(struct scsi *unit, enum scsi_mrie mrie)
{
	if (!unit->mode.exceptions || unit->mode.mrie != mrie ||
	    !unit->has_new_alerts)
		return false;
	unit->has_new_alerts = false;
	return true;
}
