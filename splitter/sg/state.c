/* state.c: ends a file, rewinds, and locks the door. */
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
 * The end of a hold unlocks the door too, and after a kill `tapelab release`
 * does.
 */
bool sg_set_door(struct sg *sg, bool lock, char *why, size_t why_bytes)
{
	if (scsi_send_prevent(&sg->unit, lock))
		return true;
	scsi_answer_text(&sg->unit.command, &sg->unit.answer, why, why_bytes);
	return false;
}
