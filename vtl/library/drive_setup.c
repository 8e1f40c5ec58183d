/* drive_setup.c: sets the behaviour and faults of drives. */
#include "vtl/library/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "vtl/changer/drive_settings.h"

/*
 * The most that a drive without operation times holds in memory, unless its
 * behaviour says more.
 */
enum { HELD_BYTES_MAX = 64 << 20 };

/*
 * Removes a fault before it applies.  If it cannot be removed, it applies all
 * the same.
 */
static enum drive_spent spend(void *arg, int64_t id)
{
	const struct library *library = arg;
	const struct library_options *o = &library->options;
	char message[VOLUME_MESSAGE_BYTES + 128];

	switch (changer_spend_drive_fault(library->changer, id)) {
	case CHANGER_OK:
		return DRIVE_SPENT_NOW;
	case CHANGER_REFUSED:
		return DRIVE_SPENT_BEFORE;
	default:
		break;
	}
	snprintf(message, sizeof message,
	    "drive fault %" PRId64 ": it has applied and could not be removed, "
	    "so it will apply again: %s",
	    id, changer_message(library->changer));
	if (o->warn != NULL)
		o->warn(o->warn_arg, message);
	return DRIVE_SPENT_UNKNOWN;
}

static enum changer_status set_options(struct library *library, unsigned number)
{
	const struct bay *bay = &library->bays[number];
	struct drive_options options;
	enum changer_status status;

	status = changer_get_behaviour(library->changer, number, &options);
	if (status != CHANGER_OK)
		return status;
	drive_set_options(bay->drive, &options);
	if (!library->options.instant || !drive_is_buffered(bay->drive))
		return CHANGER_OK;
	options.holds_buffer = true;
	if (options.buffer_bytes == 0 &&
	    bay->model.buffer_bytes > HELD_BYTES_MAX)
		options.buffer_bytes = HELD_BYTES_MAX;
	drive_set_options(bay->drive, &options);
	return CHANGER_OK;
}

static enum changer_status add_faults(struct library *library, unsigned number)
{
	struct drive *drive = library->bays[number].drive;
	struct changer_drive_fault *faults;
	enum changer_status status;
	size_t count, i;

	status = changer_list_drive_faults(library->changer, &faults, &count);
	for (i = 0; i < count && status == CHANGER_OK; i++)
		if ((faults[i].drive == -1 || faults[i].drive == (int)number) &&
		    drive_add_fault(drive, &faults[i].fault) != 0)
			status = CHANGER_ERROR; /* memory is short */
	free(faults);
	return status;
}

enum changer_status library_set_up_drive(struct library *library,
    unsigned number)
{
	struct bay *bay = &library->bays[number];
	enum changer_status status = CHANGER_OK;
	uint64_t loads;

	if (changer_folder(library->changer)[0] == '\0')
		return CHANGER_OK;
	if (!bay->is_set_up) {
		drive_share_faults(bay->drive, spend, library);
		status = set_options(library, number);
		if (status == CHANGER_OK)
			status = add_faults(library, number);
		bay->is_set_up = status == CHANGER_OK;
	}
	if (status == CHANGER_OK)
		status = changer_count_load(library->changer, number, &loads);
	if (status == CHANGER_OK)
		drive_set_loads(bay->drive, loads);
	return status;
}
