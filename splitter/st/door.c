/*
 * door.c: the lock of the drive's door, by the driver.
 *
 * MTLOCK and MTUNLOCK discard a unit attention of the drive: after either of
 * them the drive reports nothing, although its cartridge may be another one. So
 * the door is locked before the label is read, which says what may be written,
 * and nothing is written after the door was unlocked.
 */
#include "splitter/st/impl.h"

#include <stdio.h>
#include <string.h>

bool st_set_door(struct st *st, bool lock, char *why, size_t why_bytes)
{
	int err = st_command(st, lock ? MTLOCK : MTUNLOCK, 1,
	    lock ? "lock the door" : "unlock the door");

	if (err != 0)
		snprintf(why, why_bytes, "%s", strerror(err));
	return err == 0;
}

void st_force_unlock(struct st *st)
{
	char ignored[64];

	st_set_door(st, false, ignored, sizeof ignored);
	st->drive.locked = false;
}
