/* drive.c: see drive.h. */
#include "sim/command/calibrate/drive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/setup/library_tapes.h"
#include "splitter/base/clock.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"
#include "vtl/changer/identity.h"
#include "vtl/drive/drive.h"
#include "vtl/library/vtape.h"
#include "vtl/model/profile.h"

/* Finds the base: --model, or the model of the drive. */
static int find_base(struct measured_drive *d, const char *model,
    const struct model *of_drive, char *err, size_t err_bytes)
{
	if (model != NULL && profile_is_path(model))
		d->base = d->own_base = profile_read(model, cmd_notice, NULL);
	else if (model != NULL)
		d->base = model_find(model);
	else
		d->base = of_drive;
	if (d->base == NULL && d->own_base == NULL && model != NULL) {
		sentence(err, err_bytes,
		    "--model: no drive model \"%s\"; tapelab drives lists them",
		    model);
		return -1;
	}
	if (d->base == NULL || d->base->media[0].speeds == 0) {
		sentence(err, err_bytes,
		    "%s: no model says what to expect of this drive; name a "
		    "similar one with --model",
		    d->where);
		return -1;
	}
	return 0;
}

/* What a virtual drive must be like to be measured. */
static int check_virtual(const struct measured_drive *d, struct drive *drive,
    char *err, size_t err_bytes)
{
	const struct drive_options *options = drive_get_options(drive);
	const struct volume_spec *volume = volume_get_spec(drive_volume(drive));

	if (volume->payload != VOLUME_PAYLOAD_NONE) {
		sentence(err, err_bytes,
		    "%s: volume %s stores each byte, and several hundred GB "
		    "will be written: use a volume that was made with "
		    "--payload none",
		    d->where, volume->barcode);
		return -1;
	}
	if (options->zlib || options->layout.ratio_permille > 1000) {
		sentence(err, err_bytes,
		    "%s: the drive compresses, and its compression cannot be "
		    "switched off here: the speed of the tape cannot be "
		    "measured",
		    d->where);
		return -1;
	}
	if (!drive_is_buffered(drive) ||
	    drive_model(drive)->media[0].speeds == 0) {
		sentence(err, err_bytes,
		    "%s: this drive has no buffer, or its model takes no time: "
		    "there is nothing to measure",
		    d->where);
		return -1;
	}
	return 0;
}

static void describe_virtual(struct measured_drive *d, struct library *library)
{
	const struct drive *drive = library_drive(library, d->tape->drive);
	struct changer_identity id = { .vendor = "" };

	changer_get_identity(library_changer(library),
	    CHANGER_DRIVE_ADDRESS + d->tape->drive, &id);
	snprintf(d->maker, sizeof d->maker, "%s",
	    id.vendor[0] != '\0' ? id.vendor : drive_model(drive)->maker);
	snprintf(d->product, sizeof d->product, "%s",
	    id.product[0] != '\0' ? id.product : drive_model(drive)->name);
	snprintf(d->firmware, sizeof d->firmware, "%s",
	    id.revision[0] != '\0' ? id.revision : "tapelab");
	snprintf(d->serial, sizeof d->serial, "%s", id.serial);
	snprintf(d->cartridge, sizeof d->cartridge, "%s", d->tape->barcode);
	d->virtual_drive = true;
}

static struct library *library_of(const struct measured_drive *d)
{
	return ((struct library_tapes *)d->tapes)->library;
}

static int open_virtual(struct measured_drive *d, const struct tapes_spec *spec,
    const char *model, char *err, size_t err_bytes)
{
	struct library *library = library_of(d);
	struct drive *drive = vtape_drive(d->tape);

	snprintf(d->where, sizeof d->where, "library %.200s, drive %u",
	    spec->library, d->tape->drive);
	describe_virtual(d, library);
	if (check_virtual(d, drive, err, err_bytes) != 0 ||
	    find_base(d, model, drive_model(drive), err, err_bytes) != 0)
		return -1;
	d->medium = model_medium(d->base, drive_medium(drive));
	return 0;
}

static int open_real(struct measured_drive *d, const char *model, char *err,
    size_t err_bytes)
{
	struct scsi_unit *unit = accept_opened_unit(d->opened, err, err_bytes);

	if (unit == NULL ||
	    measured_device_prepare(d, unit, err, err_bytes) != 0 ||
	    find_base(d, model, model_find(d->product), err, err_bytes) != 0)
		return -1;
	d->medium = model_medium(d->base,
	    media_find_type(media_code(d->generation), ""));
	return 0;
}

static struct tape_library *tapes_of(const struct measured_drive *d)
{
	return d->opened != NULL ? accept_opened_library(d->opened)
				 : tapes_library(d->tapes);
}

static int load(struct measured_drive *d, char *err, size_t err_bytes)
{
	struct tape_library *library = tapes_of(d);
	struct tape_result result;

	d->now_ns = d->paced ? clock_now_ns() : 0;
	d->tape = library->ops->load(library, d->now_ns, &result);
	if (d->tape == NULL) {
		sentence(err, err_bytes, "%s", tape_result_text(&result));
		return -1;
	}
	d->now_ns = result.done_ns;
	return 0;
}

int measured_drive_open(struct measured_drive *d, const struct tapes_spec *spec,
    const char *model, char *err, size_t err_bytes)
{
	const struct tapes_use use = { .block_bytes = 0 };
	struct tapes_spec own = *spec;

	*d = (struct measured_drive){ .tapes = NULL };
	d->paced = spec->pace_permille > 0 || spec->device != NULL;
	if (spec->device != NULL) {
		snprintf(d->where, sizeof d->where, "%s", spec->device);
		return measured_device_open(d, spec, err, err_bytes) != 0 ||
			load(d, err, err_bytes) != 0
		    ? -1
		    : open_real(d, model, err, err_bytes);
	}
	own.timed = !d->paced;
	d->tapes = tapes_open(&own, &use, err, err_bytes);
	if (d->tapes == NULL || load(d, err, err_bytes) != 0)
		return -1;
	return open_virtual(d, spec, model, err, err_bytes);
}

static void unload_in_place(void *arg, int64_t now_ns,
    struct tape_result *result)
{
	struct measured_drive *d = arg;
	struct drive_result answer;

	d->unloaded = drive_unload(vtape_drive(d->tape), now_ns, &answer);
	if (d->unloaded == NULL)
		vtape_translate(d->tape, "unload", &answer, result);
	else
		tape_result_init(result, answer.done_ns);
}

static void load_in_place(void *arg, int64_t now_ns, struct tape_result *result)
{
	struct measured_drive *d = arg;
	struct drive_result answer;

	drive_load(vtape_drive(d->tape), d->unloaded, now_ns, &answer);
	vtape_translate(d->tape, "load", &answer, result);
}

static int64_t now(void *arg)
{
	(void)arg;
	return clock_now_ns();
}

static void sleep_until(void *arg, int64_t at_ns)
{
	int64_t left_ns = at_ns - clock_now_ns();

	(void)arg;
	if (left_ns > 0)
		signals_sleep(left_ns);
}

/* The backhitches of a virtual drive: its counters are never wrong. */
static bool counters(void *arg, int64_t now_ns, struct calibrate_counters *to)
{
	struct measured_drive *d = arg;
	struct drive_motion_counts counts;

	drive_get_motion_counts(vtape_drive(d->tape), now_ns, &counts);
	to->repositions = counts.stops_for_data + counts.stops_for_flush +
	    counts.stops_forced + counts.retries;
	return true;
}

void measured_drive_configure(struct measured_drive *d,
    struct calibrate_config *config)
{
	config->tape = d->tape;
	config->now_ns = d->now_ns;
	config->base = d->base;
	config->medium = d->medium;
	config->arg = d;
	if (d->paced) {
		config->clock =
		    (struct calibrate_clock){ now, sleep_until, NULL };
		config->data = d->data;
		config->data_bytes = d->data_bytes;
		if (d->opened != NULL)
			measured_device_configure(d, config);
		else
			config->no_mount =
			    "with --pace, a load and an unload are those of "
			    "the robot";
		return;
	}
	config->counters = counters;
	config->unload = unload_in_place;
	config->load = load_in_place;
}

void measured_drive_close(struct measured_drive *d, bool good)
{
	struct tape_library *library;
	struct tape_result result;

	if (d->tape != NULL && d->opened == NULL && d->unloaded != NULL &&
	    drive_volume(vtape_drive(d->tape)) == NULL)
		load_in_place(d, d->now_ns, &result);
	if (d->held)
		measured_device_load_held(d);
	if (d->tape != NULL) {
		library = tapes_of(d);
		library->ops->unload(library, d->tape,
		    good ? TAPE_CLOSE_GOOD : TAPE_CLOSE_REFUSED, d->now_ns,
		    &result);
		if (result.cause != TAPE_OK)
			fprintf(stderr, "tapelab: %s\n",
			    tape_result_text(&result));
	}
	if (d->tapes != NULL)
		tapes_close(d->tapes);
	accept_close(d->opened);
	free(d->data);
	free(d->own_base);
	*d = (struct measured_drive){ .tapes = NULL };
}
