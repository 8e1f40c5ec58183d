/*
 * position_check.c: where the tape must be before anything is written.
 *
 * A drive that was reset, or whose cartridge was removed and put in again or
 * exchanged, reports that with one command, and the driver returns EIO for it.
 * Later commands are carried out at BOT, perhaps of another cartridge.  A
 * filemark written there destroys all data on the volume.  So:
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
 *    report of another cartridge.
 * 4. The driver writes a filemark of its own when the tape is rewound, moved
 *    back or unloaded, or the device is closed, if the last request was a
 *    write.  Before each of these the driver is made to forget that write.
 *
 * If a drive does not report its position, nothing more is written on its
 * volume after an error.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How often the drive is queried if it first reports other errors. */
enum { ASK_TIMES = 3 };

static int ask_again(struct st *st, uint64_t *object)
{
	int err = EIO, times;

	for (times = 0; times < ASK_TIMES && err != 0; times++)
		err = st_get_position(st, object);
	return err;
}

/*
 * Returns whether the tape is in the file that began at st->file_begin.  Called
 * after an error in that file.
 */
static bool is_in_file(struct st *st, char *why, size_t why_bytes)
{
	uint64_t object = TAPE_POSITION_UNKNOWN;

	if (!st->has_position || ask_again(st, &object) != 0) {
		st->at.object = TAPE_POSITION_UNKNOWN;
		snprintf(why, why_bytes,
		    "%s: nothing more is written on the volume",
		    st->has_position
			? "the drive does not report where the tape is"
			: "this drive does not report its position");
		return false;
	}
	if (st->file_begin != TAPE_POSITION_UNKNOWN &&
	    object >= st->file_begin && object <= st->at.object + 1) {
		st->at.object = object;
		st->in_file = st->in_file && object > st->file_begin;
		if (object == 0)
			st->write_error = TAPE_POSITION_LOST;
		return true;
	}
	st->at.object = object;
	snprintf(why, why_bytes,
	    "the tape is at block %" PRIu64
	    ", the file begins at block %" PRIu64
	    ": the drive was reset, or its cartridge was removed; "
	    "nothing more is written",
	    object, st->file_begin);
	return false;
}

void st_fail_write(struct st *st, struct tape_result *r, const char *doing,
    int err)
{
	char where[TAPE_MESSAGE_BYTES], why[2 * TAPE_MESSAGE_BYTES];
	bool must_rewind = st->must_rewind, may_be_other = st->may_be_other;

	st_fail_read(st, r, doing, err);
	st->must_rewind = must_rewind;
	st->may_be_other = may_be_other; /* restored: the position decides */
	switch (r->cause) {
	case TAPE_POSITION_LOST:
	case TAPE_HARDWARE_ERROR:
		st->write_error = r->cause;
		st->must_rewind = true;
		st->in_file = false;
		return;
	case TAPE_PEOM: /* the drive or the driver refused the block */
	case TAPE_INVALID:
	case TAPE_WRITE_PROTECTED:
		return;
	default:
		break;
	}
	if (is_in_file(st, where, sizeof where))
		return;
	snprintf(why, sizeof why, "%s; %s", strerror(err), where);
	st_lose_position(st, r, doing, why);
}

bool st_check_writable(struct st *st, const char *doing, struct tape_result *r)
{
	if (st->read_only != 0) {
		st_report(st, r, TAPE_WRITE_PROTECTED, doing,
		    st->read_only == EROFS
			? "the volume is write-protected"
			: "this user may not write to the device");
		return false;
	}
	if (st->write_error == TAPE_OK && !st->must_rewind)
		return true;
	st_report(st, r,
	    st->write_error != TAPE_OK ? st->write_error : TAPE_POSITION_LOST,
	    doing, "after the last error nothing is written on the volume");
	return false;
}

/*
 * Reads the first block of the volume again, after an error since it was last
 * read; then moves back to where the file begins.  Returns whether the volume
 * and the place are unchanged.
 */
static bool is_still_there(struct st *st, const char *doing,
    struct tape_result *r)
{
	const struct tape_position to = st->at;
	int err;

	if (!st->may_be_other)
		return true;
	if (!st->has_position || to.object == TAPE_POSITION_UNKNOWN ||
	    to.file == TAPE_POSITION_UNKNOWN) {
		st_lose_position(st, r, doing,
		    "after the last error it is not known where the tape is; "
		    "nothing more is written");
		return false;
	}
	err = st_rewind(st);
	if (err != 0) {
		st_fail_read(st, r, "rewind", err);
		return false;
	}
	if (!st_is_same_volume(st, doing, r))
		return false;
	st_locate_file(st, to.file, doing, r);
	if (r->cause != TAPE_OK)
		return false;
	if (st->at.object < to.object)
		err = st_command(st, MTFSR, (int)(to.object - st->at.object),
		    doing);
	if (err != 0)
		st_fail_read(st, r, doing, err);
	st->at = to;
	return err == 0;
}

bool st_begin_file(struct st *st, bool labels, const char *doing,
    struct tape_result *r)
{
	char why[TAPE_MESSAGE_BYTES];
	uint64_t object;
	int err;

	if (st->in_file)
		return true;
	st_lock(st);
	st->file_begin = st->at.object;
	if (st->at_bot && !labels) {
		st_lose_position(st, r, doing,
		    "the tape is at BOT, where only a label is written");
		return false;
	}
	if (!labels && !is_still_there(st, doing, r))
		return false;
	if (!st->has_position)
		return true;
	err = st_get_position(st, &object);
	if (err != 0) {
		st_fail_write(st, r, doing, err);
		return false;
	}
	if (st->at.object != TAPE_POSITION_UNKNOWN && object != st->at.object) {
		snprintf(why, sizeof why,
		    "the tape is at block %" PRIu64 ", expected %" PRIu64
		    ": the drive was reset, or its cartridge was removed; "
		    "nothing is written",
		    object, st->at.object);
		st->at.object = object;
		st_lose_position(st, r, doing, why);
		return false;
	}
	st->file_begin = st->at.object = object;
	return true;
}
