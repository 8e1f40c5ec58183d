/* robot.c: what a library does with the unit, without a command of a host. */
#include "vtl/scsi/impl.h"

#include <string.h>

struct volume *scsi_medium(const struct scsi *unit)
{
	return unit->ejected != NULL ? unit->ejected
				     : drive_volume(unit->drive);
}

bool scsi_eject(struct scsi *unit, int64_t now_ns, struct scsi_result *result)
{
	struct drive_result a;

	scsi_result_init(result, now_ns);
	if (drive_volume(unit->drive) == NULL)
		return true;
	scsi_unload(unit, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
	if (unit->ejected == NULL && a.deferred) {
		/* The error is reported; the unload itself was not tried. */
		scsi_unload(unit, a.done_ns, &a);
		scsi_take_result(unit, SCSI_OTHER, &a, result);
	}
	return unit->ejected != NULL;
}

struct volume *scsi_take_out(struct scsi *unit)
{
	struct volume *volume = scsi_remove(unit);

	if (volume != NULL || drive_volume(unit->drive) == NULL)
		return volume;
	unit->ready_ns = unit->busy_until_ns = 0;
	return drive_remove_volume(unit->drive);
}

void scsi_options_changed(struct scsi *unit)
{
	unit->options = *drive_get_options(unit->drive);
	unit->options.buffering =
	    drive_is_buffered(unit->drive) ? DRIVE_BUFFERED : DRIVE_UNBUFFERED;
	scsi_mode_default(unit);
	scsi_attention_establish(&unit->nexuses, SCSI_MODE_CHANGED,
	    SCSI_EVERY_NEXUS);
}
