/*
 * state.c: ends a file, and rewinds.
 *
 * The driver writes a filemark of its own when the tape is rewound, moved back
 * or unloaded, or the device is closed, if the last request was a write.  Before
 * each of these the driver is made to forget that write.
 *
 * The bottom of the room: reading, moving and writing call these, and these
 * call none of them.
 */
#include "splitter/st/impl.h"

/* The maximum number of tries in forget(). */
enum { FORGET_TIMES = 3 };

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

	if (st->drive.in_file && st->drive.write_error == TAPE_OK &&
	    !st->drive.must_rewind && !st->drive.full) {
		err = st_command(st, MTWEOF, 1,
		    "filemark after an unfinished "
		    "file");
		if (err == 0)
			st->driver_dirty = false;
	}
	if (st->driver_dirty)
		forget(st);
	st->drive.in_file = false;
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
	real_rewound(&st->drive);
	st->driver_dirty = false;
	return err;
}
