/*
 * state.c: what is known of the tape after it was moved, and after an error.
 *
 * The bottom of the room: reading, moving and writing call these, and these
 * call none of them.
 */
#include "splitter/st/impl.h"

/* The maximum number of tries in forget(). */
enum { FORGET_TIMES = 3 };

void st_lose_position(struct st *st, struct tape_result *r, const char *doing,
    const char *why)
{
	st->write_error = TAPE_POSITION_LOST;
	st->must_rewind = true;
	st->in_file = false;
	st_report(st, r, TAPE_POSITION_LOST, doing, why);
}

void st_moved_to(struct st *st, uint64_t file)
{
	st->at.file = file;
	st->at.object = st->at.byte = TAPE_POSITION_UNKNOWN;
	st->at_bot = st->leom = st->failed = st->full = false;
}

/*
 * Makes the driver forget that something was written.  It does so before it
 * spaces over zero blocks, whatever the result of that is, except if a block in
 * its buffer has an error to report.
 */
static void forget(struct st *st)
{
	int times;

	for (times = 0; times < FORGET_TIMES; times++)
		if (st_command(st, MTFSR, 0, "end writing") == 0)
			break;
	st->driver_dirty = false;
}

int st_end_file(struct st *st)
{
	int err = 0;

	if (st->in_file && st->write_error == TAPE_OK && !st->must_rewind &&
	    !st->full) {
		err = st_command(st, MTWEOF, 1,
		    "filemark after an unfinished "
		    "file");
		if (err == 0)
			st->driver_dirty = false;
	}
	if (st->driver_dirty)
		forget(st);
	st->in_file = false;
	return err;
}

int st_rewind(struct st *st)
{
	int err = st_end_file(st), err2;

	err2 = st_command(st, MTREW, 1, "rewind");
	if (err == 0)
		err = err2;
	if (err2 != 0)
		return err;
	st_moved_to(st, 0);
	st->at.object = st->at.byte = 0;
	st->at_bot = true;
	st->in_file = st->driver_dirty = st->must_rewind = false;
	return err;
}
