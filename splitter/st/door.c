/*
 * door.c: the lock of the drive's door.
 *
 * From before the label is read until the volume is given back, the cartridge
 * cannot be removed or exchanged.  The driver keeps the lock when the device is
 * closed.  So a process that was killed leaves the door locked; the next one
 * that opens the device unlocks it.
 *
 * MTLOCK and MTUNLOCK discard a unit attention of the drive: after either of
 * them the drive reports nothing, although its cartridge may be another one. So
 * the door is locked before the label is read, which says what may be written,
 * and nothing is written after the door was unlocked.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <string.h>

void st_lock(struct st *st)
{
	int err;

	if (st->locked || st->lock_failed)
		return;
	err = st_command(st, MTLOCK, 1, "lock the door");
	st->locked = err == 0;
	st->lock_failed = err != 0;
	if (err != 0)
		real_notice(&st->drive,
		    "%s: the door of the drive cannot be locked (%s): do not "
		    "remove the cartridge while it is in use",
		    st->drive.device, strerror(err));
}

void st_force_unlock(struct st *st)
{
	st_command(st, MTUNLOCK, 1, "unlock the door");
	st->locked = false;
}

void st_unlock(struct st *st)
{
	int err;

	if (!st->locked)
		return;
	err = st_command(st, MTUNLOCK, 1, "unlock the door");
	st->locked = err != 0;
}
