/* unit.c: the unit, its medium, and whether it is ready. */
#include "vtl/scsi/impl.h"
#include "vtl/drive/put_back.h"
#include "vtl/scsi/put_back.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CLEANING_NS INT64_C(340000000000)

static const struct sense cleaning = { SENSE_NOT_READY, 0x30, 3, 0, 0 };
static const struct sense no_medium = { SENSE_NOT_READY, 0x3a, 0, 0, 0 };
static const struct sense becoming = { SENSE_NOT_READY, 0x04, 1, 0, 0 };
static const struct sense in_progress = { SENSE_NOT_READY, 0x04, 7, 0, 0 };
static const struct sense incompatible = { SENSE_MEDIUM_ERROR, 0x30, 0, 0, 0 };
/* failure prediction threshold exceeded */
static const struct sense exception = { SENSE_RECOVERED, 0x5d, 0, 0, 0 };
static const struct sense kept = { SENSE_ILLEGAL_REQUEST, 0x53, 2, 0, 0 };

struct scsi *scsi_new(struct drive *drive, const char *serial)
{
	struct scsi *unit = calloc(1, sizeof *unit);

	if (unit == NULL)
		return NULL;
	unit->drive = drive;
	strncpy(unit->serial, serial, sizeof unit->serial - 1);
	unit->power_cycles = 1;
	scsi_nexuses_init(&unit->nexuses);
	unit->options = *drive_get_options(drive);
	unit->options.buffering =
	    drive_is_buffered(drive) ? DRIVE_BUFFERED : DRIVE_UNBUFFERED;
	scsi_mode_default(unit);
	return unit;
}

void scsi_free(struct scsi *unit)
{
	if (unit == NULL)
		return;
	assert(unit->ejected == NULL);
	drive_free(unit->drive);
	free(unit);
}

struct drive *scsi_drive(const struct scsi *unit)
{
	return unit->drive;
}

void scsi_set_nexus(struct scsi *unit, unsigned nexus)
{
	assert(nexus < SCSI_NEXUSES);
	unit->nexus = nexus;
}

unsigned scsi_nexus(const struct scsi *unit)
{
	return unit->nexus;
}

struct scsi_nexuses *scsi_get_nexuses(struct scsi *unit)
{
	return &unit->nexuses;
}

/* Returns the reason why the medium cannot be used now, or NULL. */
static const struct sense *not_ready_reason(const struct scsi *unit,
    int64_t now_ns)
{
	/*
	 * Without a volume, the drive is busy only while it is being cleaned.
	 */
	if (drive_volume(unit->drive) == NULL)
		return now_ns < unit->ready_ns ? &cleaning : &no_medium;
	if (now_ns < unit->ready_ns)
		return &becoming;
	return drive_media_use(unit->drive) == MEDIA_NONE ? &incompatible
							  : NULL;
}

bool scsi_check_medium(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result)
{
	const struct sense *why = not_ready_reason(unit, now_ns);

	scsi_result_init(result, now_ns);
	if (why != NULL)
		scsi_fail(result, why);
	return why == NULL;
}

bool scsi_begin_with_medium(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result)
{
	return scsi_begin(unit, now_ns, result) &&
	    scsi_check_medium(unit, now_ns, result);
}

int64_t scsi_begin_ns(const struct scsi *unit, int64_t now_ns)
{
	return now_ns > unit->busy_until_ns ? now_ns : unit->busy_until_ns;
}

void scsi_finish_later(struct scsi *unit, enum scsi_progress progress,
    int64_t now_ns, struct scsi_result *result)
{
	if (result->check)
		return;
	unit->busy_until_ns = result->done_ns;
	unit->progress = progress;
	result->done_ns = now_ns;
}

void scsi_test_unit_ready(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result)
{
	struct drive_result a;

	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	if (now_ns < unit->busy_until_ns) {
		scsi_fail(result, &in_progress);
		return;
	}
	drive_poll(unit->drive, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
	if (!result->check && scsi_take_exception(unit, SCSI_MRIE_RECOVERED))
		scsi_fail(result, &exception);
}

void scsi_request_sense(struct scsi *unit, struct scsi_sense *sense,
    int64_t now_ns, struct scsi_result *result)
{
	scsi_test_unit_ready(unit, now_ns, result);
	*sense = result->sense;
	if (result->check && now_ns < unit->busy_until_ns)
		sense->sense =
		    (struct sense){ .ascq = (uint8_t)unit->progress };
	else if (!result->check && scsi_take_exception(unit, SCSI_MRIE_REQUEST))
		sense->sense = (struct sense){ .asc = exception.asc };
	scsi_result_init(result, now_ns);
}

/* Logs the load in the history of the volume, and counts the load. */
static void count_load(struct scsi *unit, struct volume *volume)
{
	unit->loads++;
	if (drive_media_use(unit->drive) != MEDIA_NONE)
		volume_log_load(volume, unit->serial);
}

/* Reads what the volume had before this load. */
static void begin_counts(struct scsi *unit, struct volume *volume)
{
	if (volume_get_wear(volume, &unit->wear) == 0)
		scsi_set_life_alert(unit,
		    media_wear(unit->wear.loads, unit->wear.life_loads));
	volume_usage_begin(&unit->usage, volume);
	scsi_get_counts(unit, unit->ready_ns, &unit->load_counts);
}

/*
 * Returns whether the drive did not load the volume, and ejects it.  A drive
 * that has failed or was reset, or that has an incompatible medium, keeps the
 * volume.
 */
static bool is_refused(const struct scsi *unit, const struct drive_result *a)
{
	return a->check && a->sense.key > SENSE_RECOVERED &&
	    a->sense.key != SENSE_HARDWARE_ERROR && !scsi_is_reset(a) &&
	    drive_media_use(unit->drive) != MEDIA_NONE;
}

/* The drive has a volume, after `a`.  Returns whether it keeps it. */
static bool begin_load(struct scsi *unit, int64_t now_ns,
    const struct drive_result *a)
{
	if (a->check && drive_media_use(unit->drive) != MEDIA_NONE)
		scsi_set_alerts(unit, SCSI_OTHER, &a->sense);
	if (is_refused(unit, a)) {
		unit->ejected = drive_remove_volume(unit->drive);
		unit->ready_ns = 0;
		return false;
	}
	unit->load_ns = a->done_ns - now_ns;
	unit->ready_ns = a->done_ns;
	unit->busy_until_ns = 0;
	unit->has_selected = false;
	unit->after_block = 0;
	unit->after_filemarks = 0;
	scsi_attention_establish(&unit->nexuses, SCSI_MEDIUM_CHANGED,
	    unit->nexus);
	return true;
}

/* Loads the inserted volume. */
static void load(struct scsi *unit, struct volume *volume, int64_t now_ns,
    struct drive_result *a)
{
	drive_load(unit->drive, volume, now_ns, a);
	if (begin_load(unit, now_ns, a)) {
		count_load(unit, volume);
		begin_counts(unit, volume);
	}
}

void scsi_insert(struct scsi *unit, struct volume *volume, int64_t now_ns,
    int64_t *ready_ns)
{
	struct drive_result a;

	assert(drive_volume(unit->drive) == NULL && unit->ejected == NULL);
	load(unit, volume, now_ns, &a);
	if (scsi_is_reset(&a)) {
		scsi_unit_reset(unit);
		scsi_attention_set(&unit->nexuses, unit->nexus, SCSI_POWER_ON);
	}
	if (drive_volume(unit->drive) != NULL)
		scsi_attention_set(&unit->nexuses, unit->nexus,
		    SCSI_MEDIUM_CHANGED);
	*ready_ns = a.done_ns;
}

void scsi_put_back(struct scsi *unit, struct volume *volume,
    enum scsi_put_back what, int64_t now_ns, int64_t *ready_ns)
{
	struct drive_result a;

	assert(drive_volume(unit->drive) == NULL && unit->ejected == NULL);
	*ready_ns = now_ns;
	if (what == SCSI_PUT_BACK_UNLOADED) {
		unit->ejected = volume;
		return;
	}
	drive_put_back(unit->drive, volume, now_ns, &a);
	*ready_ns = a.done_ns;
	if (!begin_load(unit, now_ns, &a))
		return;
	scsi_attention_set(&unit->nexuses, unit->nexus, SCSI_MEDIUM_CHANGED);
	if (what == SCSI_PUT_BACK_OTHER)
		begin_counts(unit, volume);
}

void scsi_insert_cleaning(struct scsi *unit, int64_t now_ns, int64_t *ready_ns)
{
	assert(drive_volume(unit->drive) == NULL && unit->ejected == NULL);
	drive_clean(unit->drive);
	scsi_note_cleaning(unit, now_ns);
	unit->alerts &= ~(UINT64_C(1) << 19);
	unit->ready_ns = now_ns + CLEANING_NS;
	*ready_ns = unit->ready_ns;
}

bool scsi_has_cartridge(const struct scsi *unit)
{
	return unit->ejected != NULL || drive_volume(unit->drive) != NULL;
}

struct volume *scsi_remove(struct scsi *unit)
{
	struct volume *volume = unit->ejected;

	unit->ejected = NULL;
	return volume;
}

void scsi_reset(struct scsi *unit, int64_t now_ns)
{
	drive_power_loss(unit->drive, now_ns);
	unit->busy_until_ns = 0;
	scsi_unit_reset(unit);
	scsi_attention_set(&unit->nexuses, unit->nexus, SCSI_POWER_ON);
}

void scsi_reset_unit(struct scsi *unit, int64_t now_ns)
{
	struct drive_result a;
	struct scsi_result result;

	drive_flush(unit->drive, now_ns, &a);
	scsi_mode_default(unit);
	unit->nexuses.prevented = 0;
	if (drive_volume(unit->drive) == NULL)
		return;
	drive_rewind(unit->drive, now_ns, &a);
	scsi_result_init(&result, now_ns);
	scsi_take_result(unit, SCSI_OTHER, &a, &result);
	scsi_finish_later(unit, SCSI_REWINDING, now_ns, &result);
}

/* Loads the volume that was unloaded and not removed. */
static void reload(struct scsi *unit, bool immediate, int64_t now_ns,
    struct scsi_result *result)
{
	struct volume *volume = unit->ejected;
	struct drive_result a;

	if (volume == NULL) {
		scsi_fail(result, &no_medium);
		return;
	}
	unit->ejected = NULL;
	load(unit, volume, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
	if (immediate)
		result->done_ns = now_ns;
}

void scsi_unload(struct scsi *unit, int64_t now_ns, struct drive_result *a)
{
	unit->ejected = drive_unload(unit->drive, now_ns, a);
	if (unit->ejected == NULL)
		return;
	unit->ready_ns = unit->busy_until_ns = 0;
	volume_usage_end(&unit->usage, unit->ejected);
}

void scsi_load_unload(struct scsi *unit, bool to_load, bool immediate,
    int64_t now_ns, struct scsi_result *result)
{
	struct drive_result a;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin(unit, now_ns, result)) {
		return;
	} else if (drive_volume(unit->drive) == NULL &&
	    now_ns < unit->ready_ns) {
		scsi_fail(result, &cleaning);
	} else if (drive_volume(unit->drive) != NULL && to_load) {
		/* A load of a loaded volume only rewinds. */
		drive_rewind(unit->drive,
		    now_ns > unit->ready_ns ? now_ns : unit->ready_ns, &a);
		scsi_take_result(unit, SCSI_OTHER, &a, result);
		if (immediate)
			scsi_finish_later(unit, SCSI_REWINDING, now_ns, result);
	} else if (to_load) {
		reload(unit, immediate, now_ns, result);
	} else if (unit->nexuses.prevented != 0) {
		scsi_fail(result, &kept);
	} else if (drive_volume(unit->drive) != NULL) {
		scsi_unload(unit, now_ns, &a);
		scsi_take_result(unit, SCSI_OTHER, &a, result);
		if (immediate)
			result->done_ns = now_ns;
	}
}

void scsi_prevent_removal(struct scsi *unit, bool prevent, int64_t now_ns,
    struct scsi_result *result)
{
	const uint64_t bit = UINT64_C(1) << unit->nexus;

	if (!scsi_begin(unit, now_ns, result))
		return;
	unit->nexuses.prevented &= ~bit;
	if (prevent)
		unit->nexuses.prevented |= bit;
}
