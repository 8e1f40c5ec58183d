/*
 * place.c: where the tape must be before anything is written.
 *
 * A drive that was reset, or whose cartridge was removed and put in again or
 * exchanged, reports that with one command.  Later commands are carried out at
 * BOT, perhaps of another cartridge.  A filemark written there destroys all
 * data on the volume.  So:
 *
 * 1. The position at which a file begins is known: it is asked for before the
 *    first block of the file, and must be the expected one.
 * 2. After an error of anything that writes, the position is asked for before
 *    anything else is written.  If it is before the file, or after what was
 *    written of it, or not reported, nothing more is written while this volume
 *    is loaded.  After an error of anything that reads or moves the tape, the
 *    tape is rewound before anything is written.
 * 3. At BOT only a label is written, and nothing after a label that failed
 *    there. After any error since the first block of the volume was read, it is
 *    read again before the volume is labelled: the error may have been the only
 *    report of another cartridge.  If the report came after the load and before
 *    the first block was read, there is nothing to compare, and nothing is
 *    written.  Neither is it if there is no first block (a blank volume, or a
 *    filemark) and another cartridge may have been reported.
 *
 * If a drive does not report its position, nothing more is written on its
 * volume after an error.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "splitter/real/real.h"

/* How often the drive is queried if it first reports other errors. */
enum { ASK_TIMES = 3 };

static int ask_again(struct real_drive *d, uint64_t *object)
{
	int err = EIO, times;

	for (times = 0; times < ASK_TIMES && err != 0; times++)
		err = d->ops->ask_position(d, object);
	return err;
}

/*
 * Returns whether the tape is in the file that began at d->file_begin.  Called
 * after an error in that file.
 */
static bool is_in_file(struct real_drive *d, char *why, size_t why_bytes)
{
	uint64_t object = TAPE_POSITION_UNKNOWN;

	if (!d->has_position || ask_again(d, &object) != 0) {
		d->at.object = TAPE_POSITION_UNKNOWN;
		snprintf(why, why_bytes,
		    "%s: nothing more is written on the volume",
		    d->has_position
			? "the drive does not report where the tape is"
			: "this drive does not report its position");
		return false;
	}
	if (d->file_begin != TAPE_POSITION_UNKNOWN && object >= d->file_begin &&
	    object <= d->at.object + 1) {
		d->at.object = object;
		d->in_file = d->in_file && object > d->file_begin;
		if (object == 0)
			d->write_error = TAPE_POSITION_LOST;
		return true;
	}
	d->at.object = object;
	snprintf(why, why_bytes,
	    "the tape is at block %" PRIu64
	    ", the file begins at block %" PRIu64
	    ": the drive was reset, or its cartridge was removed; "
	    "nothing more is written",
	    object, d->file_begin);
	return false;
}

void real_fail_write(struct real_drive *d, struct tape_result *r,
    const char *doing, const char *text)
{
	char where[TAPE_MESSAGE_BYTES], why[2 * TAPE_MESSAGE_BYTES];

	d->failed = true;
	switch (r->cause) {
	case TAPE_POSITION_LOST:
	case TAPE_HARDWARE_ERROR:
		d->write_error = r->cause;
		d->must_rewind = true;
		d->in_file = false;
		return;
	case TAPE_PEOM:
		/*
		 * The drive or the driver refused the block, or took it and
		 * lost it: what follows is written where the tape is now.
		 */
		if (!d->has_position)
			return;
		break;
	case TAPE_INVALID:
	case TAPE_WRITE_PROTECTED:
		return;
	default:
		break;
	}
	if (is_in_file(d, where, sizeof where))
		return;
	snprintf(why, sizeof why, "%s; %s", text, where);
	real_lose_position(d, r, doing, why);
}

bool real_check_writable(struct real_drive *d, const char *doing,
    struct tape_result *r)
{
	if (d->read_only != 0) {
		real_report(d, r, TAPE_WRITE_PROTECTED, doing,
		    d->read_only == EROFS
			? "the volume is write-protected"
			: "this user may not write to the device");
		return false;
	}
	if (d->may_be_unknown) {
		real_lose_position(d, r, doing,
		    "the drive may have been reset, or its cartridge removed, "
		    "before its first block was read, so it may be another "
		    "one: load it again");
		return false;
	}
	if (d->write_error == TAPE_OK && !d->must_rewind)
		return true;
	real_report(d, r,
	    d->write_error != TAPE_OK ? d->write_error : TAPE_POSITION_LOST,
	    doing, "after the last error nothing is written on the volume");
	return false;
}

/*
 * Reads the first block of the volume again, after an error since it was last
 * read; then moves back to where the file begins.  Returns whether the volume
 * and the place are unchanged.
 */
static bool is_still_there(struct real_drive *d, const char *doing,
    struct tape_result *r)
{
	const struct tape_position to = d->at;

	if (!d->may_be_other)
		return true;
	if (!d->has_position || to.object == TAPE_POSITION_UNKNOWN ||
	    to.file == TAPE_POSITION_UNKNOWN) {
		real_lose_position(d, r, doing,
		    "after the last error it is not known where the tape is; "
		    "nothing more is written");
		return false;
	}
	if (!d->ops->rewind(d, r) || !real_is_same_volume(d, doing, r) ||
	    !d->ops->go_to_file(d, to.file, doing, r))
		return false;
	if (d->at.object < to.object &&
	    !d->ops->pass_blocks(d, to.object - d->at.object, doing, r))
		return false;
	d->at = to;
	return true;
}

bool real_begin_file(struct real_drive *d, bool labels, const char *doing,
    struct tape_result *r)
{
	char why[TAPE_MESSAGE_BYTES];
	uint64_t object;
	int err;

	if (d->in_file)
		return true;
	real_lock(d);
	d->file_begin = d->at.object;
	if (d->at_bot && !labels) {
		real_lose_position(d, r, doing,
		    "the tape is at BOT, where only a label is written");
		return false;
	}
	if (!labels && !is_still_there(d, doing, r))
		return false;
	if (!d->has_position)
		return true;
	err = d->ops->ask_position(d, &object);
	if (err != 0) {
		d->ops->fail_ask(d, r, doing, err);
		return false;
	}
	if (d->at.object != TAPE_POSITION_UNKNOWN && object != d->at.object) {
		snprintf(why, sizeof why,
		    "the tape is at block %" PRIu64 ", expected %" PRIu64
		    ": the drive was reset, or its cartridge was removed; "
		    "nothing is written",
		    object, d->at.object);
		d->at.object = object;
		real_lose_position(d, r, doing, why);
		return false;
	}
	d->file_begin = d->at.object = object;
	return true;
}

bool real_check_position(struct real_drive *d, const char *doing,
    struct tape_result *r)
{
	uint64_t object, expected = d->at.object;
	char why[TAPE_MESSAGE_BYTES];
	bool failed = d->failed;
	int err;

	d->failed = false;
	if (!d->has_position)
		return true;
	err = d->ops->ask_position(d, &object);
	if (err != 0) {
		d->ops->fail_ask(d, r, doing, err);
		return false;
	}
	d->at.object = object;
	if (failed ? object > d->file_begin
		   : expected == TAPE_POSITION_UNKNOWN || object == expected)
		return true;
	snprintf(why, sizeof why,
	    "the drive is at position %" PRIu64 ", expected %" PRIu64
	    ": do not write to this volume again",
	    object, expected);
	real_report(d, r, TAPE_POSITION_LOST, doing, why);
	d->write_error = TAPE_POSITION_LOST;
	return false;
}
