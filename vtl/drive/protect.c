/* protect.c: whether the medium and the drive permit writing. */
#include "vtl/drive/impl.h"

static const struct sense protected = { SENSE_DATA_PROTECT, 0x27, 0, 0, 0 };
static const struct sense software_protected = { SENSE_DATA_PROTECT, 0x27, 2, 0,
	0 };
static const struct sense past_beginning = { SENSE_ILLEGAL_REQUEST, 0x3b, 0x0c,
	0, 0 };
static const struct sense worm = { SENSE_DATA_PROTECT, 0x30, 0x0c, 0, 0 };

bool drive_at_end(const struct drive *drive)
{
	struct volume_position end;

	if (drive->queue.count > 0)
		return true;
	volume_end(drive->volume, &end);
	return drive->position.object == end.object;
}

static bool is_worm(const struct drive *drive)
{
	return drive->medium != NULL && drive->medium->worm;
}

/* Returns whether only filemarks, or nothing, follow the position. */
static bool is_after_data(const struct drive *drive)
{
	struct volume_position end;

	if (drive_at_end(drive))
		return true;
	volume_end(drive->volume, &end);
	return end.object - drive->position.object ==
	    end.file - drive->position.file;
}

/* A recovered error that the result has already does not matter here. */
static bool is_writable(const struct drive *drive, struct drive_result *result)
{
	const struct sense *why = NULL;

	if (drive->use != MEDIA_WRITE || volume_is_protected(drive->volume))
		why = &protected;
	else if (drive->options.write_protected)
		why = &software_protected;
	if (why != NULL)
		drive_fail(result, why);
	return why == NULL;
}

/* Returns whether the objects after the position may be overwritten. */
static bool may_overwrite(const struct drive *drive)
{
	if (is_worm(drive))
		return false;
	return !drive->options.append_only ||
	    (drive->allow == DRIVE_ALLOW_HERE &&
		drive->position.object == drive->allow_object);
}

bool drive_may_write(const struct drive *drive, struct drive_result *result)
{
	if (!is_writable(drive, result))
		return false;
	if (may_overwrite(drive) || is_after_data(drive))
		return true;
	drive_fail(result, &worm);
	return false;
}

bool drive_may_erase(const struct drive *drive, struct drive_result *result)
{
	if (!is_writable(drive, result))
		return false;
	if (may_overwrite(drive) || (!is_worm(drive) && is_after_data(drive)))
		return true;
	drive_fail(result, &worm);
	return false;
}

bool drive_may_format(const struct drive *drive, struct drive_result *result)
{
	if (drive->position.object > 0 ||
	    volume_get_active(drive->volume) > 0) {
		drive_fail(result, &past_beginning);
		return false;
	}
	if (!is_writable(drive, result))
		return false;
	if (!is_worm(drive) &&
	    (!drive->options.append_only || drive->allow == DRIVE_ALLOW_FORMAT))
		return true;
	drive_fail(result, &worm);
	return false;
}
