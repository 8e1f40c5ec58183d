/*
 * reread.c: what other commands have changed in the library while it is served.
 *
 * The faults of drives apply from now on; those of a drive that executes a
 * command, from the end of this command on, which is not waited for.  A behaviour
 * applies from the next load on.  If a program has moved a cartridge in library.db
 * itself, out of a drive that is served, the drive follows.  If it has added
 * elements, mode page 1Dh counts them; to the initiators a new drive is a bay
 * without one.
 */
#include "vtl/serve/impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/changer/drive_settings.h"

void serve_read_faults(void *arg)
{
	struct serve_unit *unit = arg;
	struct serve *serve = unit->serve;
	struct unit_time now = unit_clock_begin(serve->clocks, unit->index);
	char why[VOLUME_MESSAGE_BYTES];

	drive_setup_store_strikes(&unit->setup);
	if (drive_setup_read_faults(&unit->setup, now.now_ns) == CHANGER_OK)
		return;
	serve_settings_message(serve, why);
	serve_warn(serve, "%s: cannot read its faults: %s", unit->name, why);
}

void serve_visit_drives(struct serve *serve)
{
	size_t i;

	for (i = 1; i < serve->unit_count; i++)
		device_visit(serve->units[i].device);
}

/* Makes the drive hold what the library says. */
static void settle(struct serve *serve, struct serve_unit *unit,
    const struct changer_element *element)
{
	char message[SERVE_MESSAGE_BYTES];

	if (strcmp(unit->barcode, element->barcode) == 0)
		return;
	if (unit->barcode[0] != '\0') {
		serve_warn(serve,
		    "%s: another program has taken %s out of the drive in "
		    "library.db: what its buffer had is lost",
		    unit->name, unit->barcode);
		serve_pull_out(serve, unit);
	}
	if (element->full)
		serve_put_in(serve, unit, element, "", 0, message);
}

static void read_drives(struct serve *serve)
{
	struct changer_element *elements;
	int64_t drives = 0;
	size_t count, i;

	if (changer_list_range(serve->changer, CHANGER_DRIVE_ADDRESS,
		CHANGER_SLOT_ADDRESS - 1, CHANGER_DRIVES_MAX, &elements,
		&count) != CHANGER_OK) {
		serve_warn(serve, "%s", changer_message(serve->changer));
		return;
	}
	for (i = 0; i < count; i++) {
		drives++;
		if (elements[i].number + 1 < serve->unit_count)
			settle(serve, &serve->units[elements[i].number + 1],
			    &elements[i]);
	}
	free(elements);
	if (drives > serve->drives_known && serve->drives_known > 0)
		serve_warn(serve,
		    "library %s has %" PRId64
		    " drives now, but %zu are served: "
		    "start the server again to serve the others",
		    changer_folder(serve->changer), drives,
		    serve->unit_count - 1);
	serve->drives_known = drives;
}

void serve_read_locked(struct serve *serve)
{
	read_drives(serve);
	serve_look_at_faults(serve);
	serve_visit_drives(serve);
}

void serve_read_again(struct serve *serve)
{
	pthread_mutex_lock(&serve->lock);
	changer_data_version(serve->changer, &serve->data_version);
	serve_read_locked(serve);
	pthread_mutex_unlock(&serve->lock);
	smc_library_changed(serve->smc);
}

void serve_read_if_changed(struct serve *serve)
{
	bool changed;
	int64_t version;

	pthread_mutex_lock(&serve->lock);
	changed =
	    changer_data_version(serve->changer, &version) == CHANGER_OK &&
	    version != serve->data_version;
	if (changed) {
		serve->data_version = version;
		serve_read_locked(serve);
	}
	pthread_mutex_unlock(&serve->lock);
	if (changed)
		smc_library_changed(serve->smc);
}
