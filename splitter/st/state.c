/*
 * state.c: what is known of the tape after it was moved, and after an error.
 *
 * The bottom of the room: reading, moving and writing call these, and these
 * call none of them.
 */
#include "splitter/st/impl.h"

/* How often the driver is told to forget a write: see forget. */
enum { FORGET_TIMES = 3 };

void st_lose(struct st *st, struct tape_result *r, const char *doing,
    const char *why)
{
	st->broken = TAPE_POSITION_LOST;
	st->astray = true;
	st->in_file = false;
	st_say(st, r, TAPE_POSITION_LOST, doing, why);
}

void st_stand(struct st *st, uint64_t file)
{
	st->at.file = file;
	st->at.object = st->at.byte = TAPE_POSITION_UNKNOWN;
	st->at_bot = st->leom = st->failed = st->full = false;
}

/*
 * Makes the driver forget that something was written: it does so before it
 * spaces over no block, whatever comes of that, but not if a block that was on
 * its way has something to tell.
 */
static void forget(struct st *st)
{
	int times;

	for (times = 0; times < FORGET_TIMES; times++)
		if (st_op(st, MTFSR, 0, "end writing") == 0)
			break;
	st->dirty = false;
}

int st_settle(struct st *st)
{
	int err = 0;

	if (st->in_file && st->broken == TAPE_OK && !st->astray && !st->full) {
		err = st_op(st, MTWEOF, 1,
		    "filemark after an unfinished "
		    "file");
		if (err == 0)
			st->dirty = false;
	}
	if (st->dirty)
		forget(st);
	st->in_file = false;
	return err;
}

int st_to_bot(struct st *st)
{
	int err = st_settle(st), err2;

	err2 = st_op(st, MTREW, 1, "rewind");
	if (err == 0)
		err = err2;
	if (err2 != 0)
		return err;
	st_stand(st, 0);
	st->at.object = st->at.byte = 0;
	st->at_bot = true;
	st->in_file = st->dirty = st->astray = false;
	return err;
}
