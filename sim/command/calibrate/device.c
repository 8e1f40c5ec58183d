/* device.c: a drive that exists, as drive.h. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/accept/admit.h"
#include "sim/calibrate/device/prepare.h"
#include "sim/command/calibrate/drive.h"
#include "sim/command/cmd.h"
#include "splitter/base/random.h"
#include "splitter/base/sentence.h"

enum { DATA_BYTES = 16 << 20 };

/* Random bytes: no drive compresses them. */
static int make_data(struct measured_drive *d, char *err, size_t err_bytes)
{
	uint64_t *words = malloc(DATA_BYTES);

	d->data = words;
	if (words == NULL) {
		sentence(err, err_bytes, "out of memory");
		return -1;
	}
	d->data_bytes = DATA_BYTES;
	for (size_t i = 0; i < DATA_BYTES / sizeof *words; i++)
		words[i] = random_mix(i * RANDOM_STEP);
	return 0;
}

int measured_device_open(struct measured_drive *d,
    const struct tapes_spec *spec, char *err, size_t err_bytes)
{
	const struct accept_open_config config = {
		.device = spec->device,
		.barcode = spec->volumes_count > 0 ? spec->volumes[0] : "",
		.sleep = cmd_sleep,
		.notice = cmd_notice,
		.arg = d,
		.started_s = time(NULL),
	};

	if (make_data(d, err, err_bytes) != 0)
		return -1;
	d->opened = accept_open(&config, err, err_bytes);
	return d->opened != NULL ? 0 : -1;
}

int measured_device_prepare(struct measured_drive *d, struct scsi_unit *unit,
    char *err, size_t err_bytes)
{
	struct calibrate_device facts;

	if (!calibrate_device_prepare(unit, accept_opened_names(d->opened),
		accept_opened_largest_bytes(d->opened), &facts, err, err_bytes))
		return -1;
	snprintf(d->where, sizeof d->where, "%s", facts.name);
	snprintf(d->maker, sizeof d->maker, "%s", facts.maker);
	snprintf(d->product, sizeof d->product, "%s", facts.product);
	snprintf(d->firmware, sizeof d->firmware, "%s", facts.firmware);
	snprintf(d->serial, sizeof d->serial, "%s", facts.serial);
	snprintf(d->generation, sizeof d->generation, "%s", facts.generation);
	snprintf(d->cartridge, sizeof d->cartridge, "%s",
	    facts.cartridge[0] != '\0' ? facts.cartridge : d->tape->barcode);
	d->virtual_drive = facts.virtual_drive;
	return 0;
}

static void unload(void *arg, int64_t now_ns, struct tape_result *result)
{
	struct measured_drive *d = arg;
	struct tape_identity now;

	tape_identify(d->tape, &now);
	d->before.change_reference = now.change_reference;
	accept_opened_unload(d->opened, now_ns, result);
	d->held = result->cause == TAPE_OK;
}

/* The door was not locked meanwhile: a person may have changed the cartridge. */
static void load(void *arg, int64_t now_ns, struct tape_result *result)
{
	struct measured_drive *d = arg;
	char change[ADMIT_CHANGE_BYTES], why[TAPE_MESSAGE_BYTES / 2];
	const struct admit known = { .name = d->tape->barcode,
		.serial = d->before.serial,
		.change = change,
		.looked = true,
		.begun = true };

	accept_opened_load(d->opened, now_ns, result);
	d->held = result->cause != TAPE_OK;
	if (d->held)
		return;
	admit_change_text(&d->before, change);
	/* The time of the result stays that of the load. */
	now_ns = result->done_ns;
	if (admit_cartridge(&known, d->tape, &now_ns, why, sizeof why) ==
	    ADMIT_YES)
		return;
	result->cause = TAPE_POSITION_LOST;
	sentence(result->message, sizeof result->message,
	    "%s: after it was unloaded and loaded: %s: nothing is written on it",
	    d->where, why);
}

void measured_device_configure(struct measured_drive *d,
    struct calibrate_config *config)
{
	tape_identify(d->tape, &d->before);
	if (!accept_opened_can_hold(d->opened)) {
		config->no_mount =
		    "an unload ejects the cartridge, because the drive does "
		    "not say that it can hold it (LOAD UNLOAD with HOLD), and a "
		    "calibration has no robot that puts it in again";
	} else if (d->before.serial[0] == '\0') {
		config->no_mount =
		    "the cartridge has no serial number, so another one that "
		    "is put in while it is unloaded would not be noticed";
	} else {
		config->unload = unload;
		config->load = load;
	}
}

void measured_device_load_held(struct measured_drive *d)
{
	struct tape_result result;

	accept_opened_load(d->opened, d->now_ns, &result);
	if (result.cause != TAPE_OK)
		fprintf(stderr, "tapelab: %s\n", tape_result_text(&result));
	d->held = false;
}
