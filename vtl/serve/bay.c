/*
 * bay.c: the volumes in the drives.
 *
 * A volume is opened when its cartridge comes into a drive, and closed when it
 * leaves the drive.
 */
#include "vtl/serve/impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/drive/put_back.h"
#include "vtl/library/library.h"
#include "vtl/volume/history.h"

/* Gives the drive, which is empty, the behaviour that the library says. */
static enum changer_status set_behaviour(struct serve_unit *unit)
{
	enum changer_status status;
	bool changed;

	status = drive_setup_read_behaviour(&unit->setup, &changed);
	if (status == CHANGER_OK && changed)
		scsi_options_changed(unit->scsi);
	return status;
}

/* Sets the drive for a load, which it counts. */
static enum changer_status set_up(struct serve_unit *unit)
{
	enum changer_status status = set_behaviour(unit);

	return status == CHANGER_OK ? drive_setup_before_load(&unit->setup)
				    : status;
}

/* Opens the volume of an element.  Returns NULL and a message. */
static struct volume *open_volume(struct serve *serve,
    const struct changer_element *element, char *message)
{
	struct volume *volume = NULL;
	char *path = library_volume_path(changer_folder(serve->changer),
	    element->barcode);

	if (path == NULL)
		snprintf(message, SERVE_MESSAGE_BYTES, "out of memory");
	else
		volume = volume_open(path, serve->options.durable, message);
	free(path);
	return volume;
}

static void close_volume(struct serve *serve, const struct serve_unit *unit,
    struct volume *volume)
{
	char message[VOLUME_MESSAGE_BYTES];

	if (volume != NULL && volume_close(volume, message) != 0)
		serve_warn(serve, "%s: %s", unit->name, message);
}

/* Inserts a volume (NULL: a cleaning cartridge); the device is locked. */
static void insert(struct serve *serve, struct serve_unit *unit,
    struct volume *volume, int64_t now_ns)
{
	struct unit_time begun = unit_clock_begin(serve->clocks, unit->index);
	int64_t ready_ns;

	now_ns = unit_clock_convert(serve->clocks, 0, unit->index, now_ns);
	if (begun.now_ns > now_ns)
		now_ns = begun.now_ns;
	unit->storage_warned = false;
	if (volume != NULL)
		scsi_insert(unit->scsi, volume, now_ns, &ready_ns);
	else
		scsi_insert_cleaning(unit->scsi, now_ns, &ready_ns);
	/* A drive that is not paced is ready at once. */
	if (!unit_clocks_paced(serve->clocks))
		unit_clock_end(serve->clocks, unit->index, &begun, ready_ns);
}

static bool fail_load(struct serve *serve, const struct serve_unit *unit,
    const struct changer_element *element, const char *why, char *message)
{
	snprintf(message, SERVE_MESSAGE_BYTES, "%s: cannot load %s: %.440s",
	    unit->name, element->barcode, why);
	serve_warn(serve, "%s", message);
	return false;
}

bool serve_put_in(struct serve *serve, struct serve_unit *unit,
    const struct changer_element *element, const char *initiator,
    int64_t now_ns, char message[SERVE_MESSAGE_BYTES])
{
	char why[VOLUME_MESSAGE_BYTES];
	struct volume *volume = NULL;

	memcpy(unit->barcode, element->barcode, sizeof unit->barcode);
	if (!element->cleaning) {
		volume = open_volume(serve, element, why);
		if (volume == NULL)
			return fail_load(serve, unit, element, why, message);
	}
	device_lock(unit->device);
	if (set_up(unit) != CHANGER_OK) {
		device_unlock(unit->device);
		close_volume(serve, unit, volume);
		serve_settings_message(serve, why);
		return fail_load(serve, unit, element, why, message);
	}
	unit->mover = initiator;
	insert(serve, unit, volume, now_ns);
	unit->mover = NULL;
	device_unlock(unit->device);
	serve_publish(serve, element->cleaning ? "clean" : "load", unit->name,
	    element->barcode, initiator);
	return true;
}

/* Puts a volume back into the drive, whose device is locked. */
static void put_back(struct serve *serve, struct serve_unit *unit,
    const struct changer_element *element, struct volume *volume,
    enum scsi_put_back what)
{
	struct unit_time begun = unit_clock_begin(serve->clocks, unit->index);
	int64_t ready_ns;

	drive_set_loads(scsi_drive(unit->scsi), element->loads);
	unit->storage_warned = false;
	scsi_put_back(unit->scsi, volume, what, begun.now_ns, &ready_ns);
	if (what == SCSI_PUT_BACK_LOADED)
		drive_keep_error(scsi_drive(unit->scsi), &unit->flushed);
	if (!unit_clocks_paced(serve->clocks))
		unit_clock_end(serve->clocks, unit->index, &begun, ready_ns);
}

bool serve_put_back(struct serve *serve, struct serve_unit *unit,
    const struct changer_element *element, enum scsi_put_back what)
{
	char why[VOLUME_MESSAGE_BYTES], message[SERVE_MESSAGE_BYTES];
	struct volume *volume;
	bool good;

	memcpy(unit->barcode, element->barcode, sizeof unit->barcode);
	/* A cleaning cartridge has cleaned the drive before. */
	if (element->cleaning)
		return true;
	volume = open_volume(serve, element, why);
	if (volume == NULL)
		return fail_load(serve, unit, element, why, message);
	device_lock(unit->device);
	good = set_behaviour(unit) == CHANGER_OK;
	if (good)
		put_back(serve, unit, element, volume, what);
	device_unlock(unit->device);
	if (good)
		return true;
	close_volume(serve, unit, volume);
	serve_settings_message(serve, why);
	return fail_load(serve, unit, element, why, message);
}

bool serve_unload(struct serve *serve, struct serve_unit *unit, int64_t now_ns,
    int64_t *done_ns)
{
	struct unit_time begun = unit_clock_begin(serve->clocks, unit->index);
	struct scsi_result result;
	bool unloaded;

	now_ns = unit_clock_convert(serve->clocks, 0, unit->index, now_ns);
	if (begun.now_ns < now_ns)
		begun.now_ns = now_ns;
	unloaded = scsi_eject(unit->scsi, begun.now_ns, &result);
	drive_setup_unloaded(&unit->setup);
	*done_ns =
	    unit_clock_convert(serve->clocks, unit->index, 0, result.done_ns);
	if (!unit_clocks_paced(serve->clocks))
		unit_clock_end(serve->clocks, unit->index, &begun,
		    result.done_ns);
	if (result.check && unloaded)
		serve_warn(serve,
		    "%s: %s: an error of an earlier command (sense "
		    "%X/%02X/%02X) was not reported to an initiator: the robot "
		    "took the cartridge",
		    unit->name, unit->barcode, result.sense.sense.key,
		    result.sense.sense.asc, result.sense.sense.ascq);
	return unloaded;
}

void serve_taken_out(struct serve *serve, struct serve_unit *unit,
    struct volume *volume, const char *initiator)
{
	close_volume(serve, unit, volume);
	serve_publish(serve, "unload", unit->name, unit->barcode, initiator);
	unit->barcode[0] = '\0';
}

/*
 * Makes the drive, whose device is locked, write its buffer, and gets an error that
 * it has not reported.  Returns whether there was a buffer that it has not written.
 */
static bool flush_fails(struct serve *serve, struct serve_unit *unit,
    struct drive_result *result)
{
	struct unit_time now = unit_clock_begin(serve->clocks, unit->index);
	struct drive *drive = scsi_drive(unit->scsi);
	uint64_t blocks, bytes;

	*result = (struct drive_result){ .check = false };
	drive_buffered(drive, &blocks, &bytes);
	if (drive_volume(drive) == NULL)
		return false;
	if (blocks == 0) {
		drive_poll(drive, now.now_ns, result);
		return false;
	}
	unit->mover = "";
	drive_flush(drive, now.now_ns, result);
	unit->mover = NULL;
	drive_buffered(drive, &blocks, &bytes);
	return result->check || blocks > 0;
}

static void warn_of_end(struct serve *serve, const struct serve_unit *unit,
    const struct drive_result *result)
{
	serve_warn(serve,
	    "%s: the end of %s could not be written (sense "
	    "%X/%02X/%02X)",
	    unit->name, unit->barcode, result->sense.key, result->sense.asc,
	    result->sense.ascq);
}

bool serve_flush(struct serve *serve, struct serve_unit *unit)
{
	struct drive_result result;
	bool fails;

	device_lock(unit->device);
	fails = flush_fails(serve, unit, &result);
	device_unlock(unit->device);
	if (fails)
		warn_of_end(serve, unit, &result);
	return !fails;
}

void serve_take_for_exchange(struct serve *serve, struct serve_unit *unit)
{
	bool fails;

	device_lock(unit->device);
	unit->was_unloaded = drive_volume(scsi_drive(unit->scsi)) == NULL;
	fails = flush_fails(serve, unit, &unit->flushed);
	device_unlock(unit->device);
	if (fails || unit->flushed.deferred)
		warn_of_end(serve, unit, &unit->flushed);
	serve_pull_out(serve, unit);
}

void serve_pull_out(struct serve *serve, struct serve_unit *unit)
{
	struct volume *volume;

	device_lock(unit->device);
	volume = scsi_take_out(unit->scsi);
	drive_setup_unloaded(&unit->setup);
	device_unlock(unit->device);
	close_volume(serve, unit, volume);
	unit->barcode[0] = '\0';
}

void serve_read_volume(struct volume *volume, struct serve_volume *out)
{
	struct volume_position end;
	struct volume_wear wear;

	if (volume_get_wear(volume, &wear) != 0)
		wear.loads = 0;
	volume_end(volume, &end);
	*out = (struct serve_volume){
		.capacity_bytes = volume_get_spec(volume)->capacity_bytes,
		.written_bytes = end.byte,
		.files = end.file + volume_ends_in_block(volume),
		.loads = wear.loads,
		.is_closed = !volume_ends_in_block(volume),
		.is_protected = volume_is_protected(volume),
	};
}

bool serve_lock_volume(struct serve *serve, const char *barcode,
    struct serve_unit **unit)
{
	size_t i;

	*unit = NULL;
	for (i = 1; i < serve->unit_count; i++)
		if (strcmp(serve->units[i].barcode, barcode) == 0)
			*unit = &serve->units[i];
	return *unit == NULL || device_trylock((*unit)->device);
}

bool serve_describe_volume(struct serve_unit *unit, struct serve_volume *out)
{
	struct volume *volume = scsi_medium(unit->scsi);

	if (volume != NULL)
		serve_read_volume(volume, out);
	device_unlock(unit->device);
	return volume != NULL;
}

static bool add_defect(struct volume *volume, const struct volume_defect *d,
    char *message)
{
	const struct volume_spec *spec = volume_get_spec(volume);

	if (d->unit == VOLUME_BYTES && d->at >= spec->capacity_bytes) {
		snprintf(message, SERVE_MESSAGE_BYTES,
		    "volume %s has a capacity of %" PRIu64
		    " bytes: give a place before that",
		    spec->barcode, spec->capacity_bytes);
		return false;
	}
	if (volume_defect_add(volume, d) == 0)
		return true;
	snprintf(message, SERVE_MESSAGE_BYTES, "%s", volume_message(volume));
	return false;
}

static bool remove_defect(struct volume *volume, int64_t fault, char *message)
{
	size_t count;

	if (volume_defect_remove(volume, fault, &count) == 0)
		return true;
	snprintf(message, SERVE_MESSAGE_BYTES, "%s", volume_message(volume));
	return false;
}

bool serve_change_defect(struct serve_unit *unit,
    const struct volume_defect *defect, int64_t fault, bool *served,
    char message[SERVE_MESSAGE_BYTES])
{
	struct volume *volume = scsi_medium(unit->scsi);
	bool good = true;

	*served = volume != NULL;
	if (volume != NULL)
		good = defect != NULL ? add_defect(volume, defect, message)
				      : remove_defect(volume, fault, message);
	device_unlock(unit->device);
	return good;
}
