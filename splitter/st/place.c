/*
 * st_place.c: where the tape must stand before anything is written.
 *
 * A drive that was reset, or whose cartridge was taken out and put in again or
 * exchanged, reports so with one command, which the driver answers with EIO;
 * the commands after it are carried out at BOT, perhaps of another cartridge.
 * A filemark written there destroys all that is on the volume.  So:
 *
 *  1. The position at which a file begins is known: it is asked for before the
 *     first block of the file, and must be the expected one.
 *  2. After an error of anything that writes, the position is asked for before
 *     anything else is written.  If it is before the file, or after what was
 *     written of it, or cannot be learnt, nothing is written any more on the
 *     volume that is loaded.  After an error of anything that reads or moves
 *     the tape, nothing is written before it was rewound.
 *  3. At BOT nothing is written but a label, and nothing after a label that
 *     failed there.  After any error since the beginning of the volume was
 *     read, it is read again before it is labelled: the error may have been
 *     the one report of another cartridge.
 *  4. The driver writes a filemark of its own when the tape is rewound, moved
 *     back, unloaded, or the device is closed, if the last thing that it was
 *     asked for was a write.  Before each of these it is made to forget that.
 *
 * A drive that does not report its position cannot be asked: after an error
 * nothing more is written on its volume.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How often a drive is asked that has something else to report first. */
enum { ASK_TIMES = 3 };

static int ask_again(struct st *st, uint64_t *object)
{
	int err = EIO, times;

	for (times = 0; times < ASK_TIMES && err != 0; times++)
		err = st_where(st, object);
	return err;
}

/* After an error in the file that began at st->begun: is the tape in it? */
static bool is_in_file(struct st *st, char *why, size_t why_bytes)
{
	uint64_t object = TAPE_POSITION_UNKNOWN;

	if (!st->tells || ask_again(st, &object) != 0) {
		st->at.object = TAPE_POSITION_UNKNOWN;
		snprintf(why, why_bytes,
		    "%s: nothing more is written on the "
		    "volume",
		    st->tells ? "the drive cannot tell where the "
				"tape is"
			      : "this drive does not report its position");
		return false;
	}
	if (st->begun != TAPE_POSITION_UNKNOWN && object >= st->begun &&
	    object <= st->at.object + 1) {
		st->at.object = object;
		st->in_file = st->in_file && object > st->begun;
		if (object == 0)
			st->broken = TAPE_POSITION_LOST;
		return true;
	}
	st->at.object = object;
	snprintf(why, why_bytes,
	    "the tape is at block %" PRIu64 ", the file "
	    "begins at block %" PRIu64 ": the drive was reset, or its "
	    "cartridge taken out; nothing more is written",
	    object, st->begun);
	return false;
}

void st_fail_write(struct st *st, struct tape_result *r, const char *doing,
    int err)
{
	char where[TAPE_MESSAGE_BYTES], why[2 * TAPE_MESSAGE_BYTES];
	bool astray = st->astray, doubted = st->doubted;

	st_fail(st, r, doing, err);
	st->astray = astray;
	st->doubted = doubted; /* the position will tell */
	switch (r->cause) {
	case TAPE_POSITION_LOST:
	case TAPE_HARDWARE_ERROR:
		st->broken = r->cause;
		st->astray = true;
		st->in_file = false;
		return;
	case TAPE_PEOM: /* the drive or the driver refused it */
	case TAPE_INVALID:
	case TAPE_WRITE_PROTECTED:
		return;
	default:
		break;
	}
	if (is_in_file(st, where, sizeof where))
		return;
	snprintf(why, sizeof why, "%s; %s", strerror(err), where);
	st_lose(st, r, doing, why);
}

bool st_may_write(struct st *st, const char *doing, struct tape_result *r)
{
	if (st->read_only != 0) {
		st_say(st, r, TAPE_WRITE_PROTECTED, doing,
		    st->read_only == EROFS
			? "the volume is write-protected"
			: "this user may not write to the device");
		return false;
	}
	if (st->broken == TAPE_OK && !st->astray)
		return true;
	st_say(st, r, st->broken != TAPE_OK ? st->broken : TAPE_POSITION_LOST,
	    doing, "after the error before, nothing is written on the volume");
	return false;
}

/*
 * After an error since the beginning of the volume was read, that is read
 * again, and the place gone to again where the file is to begin.
 */
static bool is_still_there(struct st *st, const char *doing,
    struct tape_result *r)
{
	const struct tape_position to = st->at;
	int err;

	if (!st->doubted)
		return true;
	if (!st->tells || to.object == TAPE_POSITION_UNKNOWN ||
	    to.file == TAPE_POSITION_UNKNOWN) {
		st_lose(st, r, doing,
		    "after the error before, it is not "
		    "known where the tape is; nothing more is written");
		return false;
	}
	err = st_to_bot(st);
	if (err != 0) {
		st_fail(st, r, "rewind", err);
		return false;
	}
	if (!st_is_same_volume(st, doing, r))
		return false;
	st_go_to(st, to.file, doing, r);
	if (r->cause != TAPE_OK)
		return false;
	if (st->at.object < to.object)
		err = st_op(st, MTFSR, (int)(to.object - st->at.object), doing);
	if (err != 0)
		st_fail(st, r, doing, err);
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
	st->begun = st->at.object;
	if (st->at_bot && !labels) {
		st_lose(st, r, doing,
		    "the tape is at its beginning, where "
		    "nothing is written but a label");
		return false;
	}
	if (!labels && !is_still_there(st, doing, r))
		return false;
	if (!st->tells)
		return true;
	err = st_where(st, &object);
	if (err != 0) {
		st_fail_write(st, r, doing, err);
		return false;
	}
	if (st->at.object != TAPE_POSITION_UNKNOWN && object != st->at.object) {
		snprintf(why, sizeof why,
		    "the tape is at block %" PRIu64 ", expected %" PRIu64
		    ": the drive was reset, or its "
		    "cartridge taken out; nothing is written",
		    object, st->at.object);
		st->at.object = object;
		st_lose(st, r, doing, why);
		return false;
	}
	st->begun = st->at.object = object;
	return true;
}
