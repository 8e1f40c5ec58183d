/*
 * drive.c: the drive.  Its invariants and states are in drive.h.  This file has
 * the beginning of each command, and the commands without a file of their own.
 */
#include "vtl/drive/impl.h"
#include "vtl/drive/put_back.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/random.h"

static const struct sense no_medium = { SENSE_NOT_READY, 0x3a, 0, 0, 0 };
static const struct sense incompatible = { SENSE_MEDIUM_ERROR, 0x30, 0, 0, 0 };
static const struct sense power_on = { SENSE_UNIT_ATTENTION, 0x29, 0, 0, 0 };
static const struct sense clean_me = { SENSE_RECOVERED, 0, 0x17, 0, 0 };

struct drive *drive_new(const struct model *model)
{
	static const struct motion_model none;
	struct drive *drive = calloc(1, sizeof *drive);

	if (drive == NULL)
		return NULL;
	drive->model = model;
	drive->section = &model->media[0];
	drive->slowdown = 1;
	drive->compression = drive_compression_new();
	drive->motion = motion_new(&none, 0);
	if (drive->compression != NULL && drive->motion != NULL)
		return drive;
	drive_free(drive);
	return NULL;
}

void drive_take_no_time(struct drive *drive)
{
	assert(drive->state == DRIVE_EMPTY);
	drive->instant = true;
}

/* Returns whether the medium was never written, or is empty again. */
static bool is_empty(const struct volume *volume)
{
	struct volume_position end;

	volume_end(volume, &end);
	return end.object == 0 && volume_partitions(volume) == 1;
}

/* Returns how much longer the load of an empty volume takes. */
static int64_t first_load_ns(const struct drive *drive)
{
	if (drive->options.no_media_initialization)
		return 0;
	if (drive->options.media_initialization_ns > 0)
		return drive->options.media_initialization_ns;
	return drive_model_ns(drive,
	    model_first_load_ns(model_medium(drive->model, drive->medium),
		drive_random(drive, DRIVE_RANDOM_FIRST_LOAD, INT64_MAX)));
}

void drive_set_options(struct drive *drive, const struct drive_options *options)
{
	assert(drive->queue.count == 0);
	drive->options = *options;
	drive_quick_forget(drive);
	drive->faults.seed = options->session == 0
	    ? options->seed
	    : random_next(options->seed, options->session);
	drive_set_layout(drive);
	drive_set_timing(drive);
}

const struct drive_options *drive_get_options(const struct drive *drive)
{
	return &drive->options;
}

int drive_add_fault(struct drive *drive, const struct drive_fault *fault)
{
	return drive_faults_add(&drive->faults, fault);
}

void drive_remove_fault(struct drive *drive, int64_t id)
{
	drive_faults_remove(&drive->faults, id);
}

void drive_watch_strikes(struct drive *drive, drive_watch_strike *watch,
    void *arg)
{
	drive->faults.strike = watch;
	drive->faults.strike_arg = arg;
}

void drive_free(struct drive *drive)
{
	if (drive == NULL)
		return;
	assert(drive->state == DRIVE_EMPTY && drive->queue.count == 0);
	drive_faults_clear(&drive->faults);
	free(drive->queue.list);
	free(drive->losses);
	drive_compression_free(drive->compression);
	motion_free(drive->motion);
	free(drive);
}

const struct model *drive_model(const struct drive *drive)
{
	return drive->model;
}

const struct media_type *drive_medium(const struct drive *drive)
{
	return drive->volume != NULL ? drive->medium : NULL;
}

enum media_use drive_media_use(const struct drive *drive)
{
	return drive->volume != NULL ? drive->use : MEDIA_NONE;
}

struct volume *drive_volume(const struct drive *drive)
{
	return drive->volume;
}

bool drive_is_ready(const struct drive *drive)
{
	return drive->state == DRIVE_READY;
}

unsigned drive_partition(const struct drive *drive)
{
	return drive->volume != NULL ? volume_get_active(drive->volume) : 0;
}

void drive_position(const struct drive *drive, struct volume_position *position)
{
	*position = drive->position;
}

/*
 * Reports a pending error of earlier commands as the result of this command.
 * Returns whether there was one.
 */
static bool tell_pending(struct drive *drive, struct drive_result *result)
{
	if (!drive->has_pending)
		return false;
	drive_fail(result, &drive->pending);
	result->deferred = true;
	result->detail = drive->pending_detail;
	result->storage = drive->pending_detail != NULL;
	/* After a storage failure the amount of lost data is not known. */
	if (drive->pending_detail == NULL) {
		result->lost_blocks = drive->lost_blocks;
		result->lost_bytes = drive->lost_bytes;
	}
	drive->lost_blocks = drive->lost_bytes = 0;
	drive->has_pending = false;
	return true;
}

/*
 * Returns whether the drive has no medium, or an incompatible one.  The result
 * is then the error.
 */
static bool cannot_use(const struct drive *drive, struct drive_result *result)
{
	if (drive->state == DRIVE_EMPTY)
		drive_fail(result, &no_medium);
	else if (drive->state == DRIVE_INCOMPATIBLE)
		drive_fail(result, &incompatible);
	else
		return false;
	return true;
}

/* drive_begin() without the faults. */
static bool begin(struct drive *drive, enum drive_op op, bool finds,
    int64_t now_ns, struct drive_result *result)
{
	now_ns = drive_begin_ns(drive, now_ns);
	drive->now_ns = now_ns;
	memset(result, 0, sizeof *result);
	result->done_ns = now_ns;
	drive_quick_forget(drive);
	if ((op != DRIVE_UNLOAD || drive->state == DRIVE_EMPTY) &&
	    cannot_use(drive, result))
		return false;
	drive_buffer_advance(drive, now_ns);
	if (op != DRIVE_WRITE && op != DRIVE_FILEMARK)
		drive_buffer_flush(drive, result);
	if (tell_pending(drive, result))
		return false;
	if (drive->state == DRIVE_FAILED ||
	    (drive->state == DRIVE_LOST && !finds)) {
		drive_fail(result, &drive->error);
		return false;
	}
	if (op != DRIVE_WRITE && op != DRIVE_FILEMARK && op != DRIVE_UNLOAD &&
	    volume_sync(drive->volume) != 0) {
		drive_storage_failed(drive, result);
		return false;
	}
	return true;
}

bool drive_begin(struct drive *drive, enum drive_op op, bool finds,
    int64_t now_ns, struct drive_result *result)
{
	struct drive_access access = { .op = op };

	if (!begin(drive, op, finds, now_ns, result))
		return false;
	access.now_ns = drive->now_ns;
	/* Faults of writes and reads are matched later, for each block. */
	if (op == DRIVE_WRITE || op == DRIVE_READ || drive->faults.count == 0)
		return true;
	access.barcode = volume_get_spec(drive->volume)->barcode;
	access.begin_byte = drive_medium_byte(drive, &drive->position);
	access.end_byte = access.begin_byte;
	if (drive_apply_fault(drive,
		drive_faults_match(&drive->faults, &access), result))
		return false;
	/*
	 * A fault that moves the tape has written the buffer, which may have
	 * failed.
	 */
	return !tell_pending(drive, result);
}

/* Loads a volume; `back`: one that is put back. */
static void load(struct drive *drive, struct volume *volume, bool back,
    int64_t now_ns, struct drive_result *result)
{
	const struct volume_spec *spec = volume_get_spec(volume);
	int selected;

	assert(drive->state == DRIVE_EMPTY);
	memset(result, 0, sizeof *result);
	drive->volume = volume;
	drive->medium = media_find_type(spec->medium, spec->barcode);
	drive->use = model_use(drive->model, drive->medium);
	drive->state =
	    drive->use == MEDIA_NONE ? DRIVE_INCOMPATIBLE : DRIVE_READY;
	selected = volume_select(volume, 0);
	drive_set_layout(drive);
	drive->overflowed = false;
	drive->miscounted = false;
	drive->zone_blocks = 0;
	drive->losses_count = 0;
	drive->has_pending = false;
	drive->lost_blocks = drive->lost_bytes = 0;
	drive->has_recovered = false;
	drive->queue.settled = 0;
	drive->is_elsewhere = false;
	drive->allow = DRIVE_ALLOW_NONE;
	volume_loaded(volume);
	memset(&drive->position, 0, sizeof drive->position);
	if (back) {
		begin(drive, DRIVE_LOAD, false, now_ns, result);
	} else {
		drive->loads++;
		if (drive_begin(drive, DRIVE_LOAD, false, now_ns, result) &&
		    !result->check && drive->options.clean_after_loads > 0 &&
		    drive->loads > drive->options.clean_after_loads)
			drive_fail(result, &clean_me);
	}
	if (selected != 0)
		drive_storage_failed(drive, result);
	drive_add_ns(result, drive_model_ns(drive, drive->model->load_ns));
	if (is_empty(volume))
		drive_add_ns(result, first_load_ns(drive));
	drive_begin_timing(drive, drive_begin_ns(drive, now_ns),
	    result->done_ns);
}

void drive_load(struct drive *drive, struct volume *volume, int64_t now_ns,
    struct drive_result *result)
{
	load(drive, volume, false, now_ns, result);
}

void drive_put_back(struct drive *drive, struct volume *volume, int64_t now_ns,
    struct drive_result *result)
{
	load(drive, volume, true, now_ns, result);
}

struct volume *drive_unload(struct drive *drive, int64_t now_ns,
    struct drive_result *result)
{
	bool failed = drive->state == DRIVE_FAILED;
	int64_t begin;

	if (!drive_begin(drive, DRIVE_UNLOAD, true, now_ns, result)) {
		/* This unload reports the error; the next one succeeds. */
		if (!failed || result->deferred)
			return NULL;
		result->check = false;
	} else if (!volume_is_protected(drive->volume) &&
	    volume_sync(drive->volume) != 0) {
		drive_storage_failed(drive, result);
		return NULL;
	}
	if (!failed)
		drive_go_unload(drive, result);
	begin = result->done_ns;
	drive_add_ns(result, drive_model_ns(drive, drive->model->unload_ns));
	drive_spend_time(drive, DRIVE_UNLOADING, begin, result->done_ns);
	return drive_remove_volume(drive);
}

struct volume *drive_remove_volume(struct drive *drive)
{
	static const struct volume_position bot;
	struct volume *volume = drive->volume;

	if (volume == NULL)
		return NULL;
	drive_buffer_drop(drive, &power_on, drive->answered_ns);
	drive_end_timing(drive,
	    drive->activity_ns > drive->answered_ns ? drive->activity_ns
						    : drive->answered_ns);
	/* A failure is one of the next use of the volume. */
	volume_select(volume, 0);
	drive->has_pending = false;
	drive->volume = NULL;
	drive->state = DRIVE_EMPTY;
	drive->position = bot;
	return volume;
}

void drive_rewind(struct drive *drive, int64_t now_ns,
    struct drive_result *result)
{
	static const struct volume_position bot;

	if (drive_begin(drive, DRIVE_REWIND, true, now_ns, result))
		drive_go(drive, &bot, result);
}

void drive_poll(struct drive *drive, int64_t now_ns,
    struct drive_result *result)
{
	memset(result, 0, sizeof *result);
	now_ns = drive_begin_ns(drive, now_ns);
	result->done_ns = now_ns;
	if (cannot_use(drive, result))
		return;
	drive_buffer_advance(drive, later_add(now_ns, 1));
	if (!tell_pending(drive, result) && drive->state == DRIVE_FAILED)
		drive_fail(result, &drive->error);
}

void drive_flush(struct drive *drive, int64_t now_ns,
    struct drive_result *result)
{
	memset(result, 0, sizeof *result);
	now_ns = drive_begin_ns(drive, now_ns);
	result->done_ns = now_ns;
	if (cannot_use(drive, result))
		return;
	drive_buffer_advance(drive, now_ns);
	drive_buffer_flush(drive, result);
	if (tell_pending(drive, result))
		return;
	if (drive->state != DRIVE_READY) {
		drive_fail(result, &drive->error);
		return;
	}
	if (volume_sync(drive->volume) != 0)
		drive_storage_failed(drive, result);
}

void drive_clean(struct drive *drive)
{
	drive_set_loads(drive, 0);
}

void drive_set_loads(struct drive *drive, uint64_t loads)
{
	assert(drive->state == DRIVE_EMPTY);
	drive->loads = loads;
}

uint64_t drive_lost_blocks(const struct drive *drive)
{
	return drive->all_lost_blocks;
}
