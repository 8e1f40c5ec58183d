/* tapes_device.c: see tapes_device.h. */
#include "sim/command/tape/tapes_device.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/command/cmd.h"
#include "sim/command/tape/volume_changer.h"
#include "splitter/api/st.h"
#include "splitter/tool/hang_watch.h"

struct tapes_device {
	struct tape_library *library;
	struct volume_changer *changer;
	struct hang_watch *watch; /* of the library */
	/* In the drive at the start, by the robot; the library keeps it. */
	char barcode[TAPE_BARCODE_BYTES];
};

/* Prints how the drive is used, once in this process. */
static void tell_backend(const struct tape_library *library)
{
	static bool told;
	char why[512];

	splitter_st_backend(library, why, sizeof why);
	if (!told && why[0] != '\0')
		fprintf(stderr, "tapelab: %s\n", why);
	told = true;
}

struct tapes_device *tapes_device_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	struct tapes_device *device = calloc(1, sizeof *device);
	struct splitter_st_config config;

	if (device == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	device->changer = volume_changer_open(spec, use->reading,
	    device->barcode, err, err_bytes);
	if (device->changer == NULL) {
		free(device);
		return NULL;
	}
	splitter_st_config_init(&config, sizeof config, SPLITTER_API);
	config.device = spec->device;
	config.fixed_block_bytes = use->fixed_block_bytes;
	config.backend =
	    spec->backend_given ? spec->backend : SPLITTER_BACKEND_ANY;
	config.eject = spec->eject || volume_changer_is_robot(device->changer);
	config.reading = use->reading;
	config.sleep = cmd_sleep;
	/*
	 * The first named volume may be overwritten, whatever its label says.
	 */
	if (volume_changer_is_robot(device->changer))
		config.barcode =
		    device->barcode[0] != '\0' ? device->barcode : NULL;
	else if (use->unnamed && spec->volumes_count > 0)
		config.barcode = spec->volumes[0];
	/* The new name of an unnamed volume is the word of a person, too. */
	config.barcode_claimed = volume_changer_is_person(device->changer) ||
	    (use->unnamed && !volume_changer_is_robot(device->changer));
	config.change = volume_changer_change;
	config.arg = device->changer;
	config.notice = cmd_notice;
	device->library = splitter_st_new(&config, err, err_bytes);
	if (device->library != NULL)
		device->watch = hang_watch_begin(splitter_st_waiting_ns,
		    device->library, spec->device);
	if (device->library != NULL &&
	    splitter_st_probe(device->library, use->block_bytes, err,
		err_bytes) == 0) {
		tell_backend(device->library);
		return device;
	}
	tapes_device_close(device);
	return NULL;
}

struct tape_library *tapes_device_library(const struct tapes_device *device)
{
	return device->library;
}

bool tapes_device_changed(const struct tapes_device *device)
{
	return volume_changer_used(device->changer);
}

void tapes_device_close(struct tapes_device *device)
{
	if (device == NULL)
		return;
	hang_watch_end(device->watch);
	splitter_st_free(device->library);
	volume_changer_close(device->changer);
	free(device);
}
