/*
 * st_door.c: the lock of the drive's door.
 *
 * Before the label of a volume is looked at, and until the volume is given
 * back, nobody can take the cartridge out or exchange it.  The driver keeps the
 * lock when the device is closed; so a run that was killed leaves the door
 * locked, and the next one that opens the device unlocks it.
 *
 * MTLOCK and MTUNLOCK swallow a unit attention of the drive: after either of
 * them a drive has nothing to report, though its cartridge may be another one.
 * So the door is locked before the label is read, which says what may be
 * written, and nothing is written after it was unlocked.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <string.h>

void st_lock(struct st *st)
{
	int err;

	if (st->locked || st->cannot_lock)
		return;
	err = st_op(st, MTLOCK, 1, "lock the door");
	st->locked = err == 0;
	st->cannot_lock = err != 0;
	if (err != 0)
		st_notice(st,
		    "%s: the drive's door cannot be locked (%s): do "
		    "not take the cartridge out while it is in use",
		    st->device, strerror(err));
}

void st_unlock_anyway(struct st *st)
{
	st_op(st, MTUNLOCK, 1, "unlock the door");
	st->locked = false;
}

void st_unlock(struct st *st)
{
	int err;

	if (!st->locked)
		return;
	err = st_op(st, MTUNLOCK, 1, "unlock the door");
	st->locked = err != 0;
}
