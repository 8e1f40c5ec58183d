/*
 * state.c: ends a file, rewinds, and locks the door.
 *
 * From before the label is read until the volume is given back, the cartridge
 * cannot be removed.  If the process is killed the door stays locked until the
 * next one unlocks it, or `tapelab release` does.
 */
#include "splitter/sg/impl.h"

bool sg_end_file(struct sg *sg, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	const char *doing = "filemark after an unfinished file";
	enum tape_cause cause = TAPE_OK;

	if (d->in_file && (sg->unit.position_lost || sg->unit.deferred))
		return sg_check_writable(sg, doing, r);
	if (d->in_file && d->write_error == TAPE_OK && !d->must_rewind &&
	    !d->full && !sg_write_filemark(sg, true))
		cause = sg_cause(sg, true);
	d->in_file = false;
	if (cause == TAPE_OK)
		return true;
	sg_fail_read(sg, r, cause, doing);
	return false;
}

bool sg_rewind(struct sg *sg, struct tape_result *r)
{
	bool good = sg_end_file(sg, r);
	enum tape_cause cause = TAPE_OK;

	if (!sg_rewind_tape(sg))
		cause = sg_cause(sg, false);
	if (cause != TAPE_OK) {
		if (good)
			sg_fail_read(sg, r, cause, "rewind");
		return false;
	}
	real_rewound(&sg->drive);
	return good;
}

/*
 * With a hold, the end of the hold unlocks the door too, and after a kill
 * `tapelab release` does.
 */
static bool prevent(struct sg *sg, bool lock)
{
	char ignored[TAPE_MESSAGE_BYTES];

	return sg->hold != NULL
	    ? scsi_hold_lock(sg->hold, lock, ignored, sizeof ignored)
	    : scsi_send_prevent(&sg->unit, lock);
}

void sg_lock(struct sg *sg)
{
	if (sg->locked || sg->lock_failed)
		return;
	sg->locked = prevent(sg, true);
	sg->lock_failed = !sg->locked;
	if (!sg->locked)
		real_notice(&sg->drive,
		    "%s: the door of the drive cannot be locked: do not "
		    "remove the cartridge while it is in use",
		    sg->drive.device);
}

void sg_unlock(struct sg *sg)
{
	if (sg->locked)
		sg->locked = !prevent(sg, false);
}
