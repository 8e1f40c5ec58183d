/*
 * door.c: the lock of the drive's door.
 *
 * From before the label is read until the volume is given back, the cartridge
 * cannot be removed or exchanged.  A drive keeps the lock when its device is
 * closed, so a process that was killed leaves the door locked: the next one that
 * opens the device unlocks it.
 */
#include "splitter/real/real.h"

void real_lock(struct real_drive *d)
{
	char why[160];

	if (d->locked || d->lock_failed)
		return;
	d->locked = d->ops->set_door(d, true, why, sizeof why);
	d->lock_failed = !d->locked;
	if (!d->locked)
		real_notice(d,
		    "%s: the door of the drive cannot be locked (%s): do not "
		    "remove the cartridge while it is in use",
		    d->device, why);
}

void real_unlock(struct real_drive *d)
{
	char why[160];

	if (d->locked)
		d->locked = !d->ops->set_door(d, false, why, sizeof why);
}
