/* create.c: makes libraries on disk, with their cartridges. */
#include "vtl/library/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vtl/base/media.h"

/* A volume of the new library, and whether this process made its file. */
struct made {
	char *path;
	bool ours; /* this process made it */
};

static bool is_same(const struct volume_spec *a, const struct volume_spec *b)
{
	return strcmp(a->barcode, b->barcode) == 0 &&
	    a->capacity_bytes == b->capacity_bytes &&
	    a->has_early_warning == b->has_early_warning &&
	    (!a->has_early_warning ||
		a->early_warning_bytes == b->early_warning_bytes) &&
	    a->payload == b->payload && strcmp(a->medium, b->medium) == 0;
}

/*
 * Returns whether the existing file is the volume to be created, as a killed
 * process leaves it: nothing was ever written on it.
 */
static bool is_left(const char *path, const struct volume_spec *spec)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, true, message);
	struct volume_position end;
	uint64_t made = 0;
	size_t defects;
	bool left;

	if (volume == NULL)
		return false;
	volume_end(volume, &end);
	volume_defects(volume, &defects);
	left = end.object == 0 && volume_partitions(volume) == 1 &&
	    volume_usable_bytes(volume) == spec->capacity_bytes &&
	    defects == 0 && is_same(volume_get_spec(volume), spec) &&
	    volume_count_events(volume, "labelled", &made) == 0 && made == 0 &&
	    volume_count_events(volume, "closed", &made) == 0 && made == 0;
	volume_close(volume, message);
	return left;
}

static int create_volume(struct made *made, const struct volume_spec *spec,
    const char *date, bool durable, char *message)
{
	if (access(made->path, F_OK) == 0 && is_left(made->path, spec))
		return 0;
	if (volume_create(made->path, spec, date != NULL ? date : "", durable,
		message) != 0)
		return -1;
	made->ours = true;
	return 0;
}

/* Makes the files of all volumes. */
static int create_volumes(const char *folder, const struct library_stock *stock,
    struct made *made, bool durable, char *message)
{
	int rc = 0;
	size_t i;

	for (i = 0; i < stock->volume_count && rc == 0; i++) {
		made[i].path =
		    library_volume_path(folder, stock->volumes[i].barcode);
		rc = made[i].path != NULL
		    ? create_volume(&made[i], &stock->volumes[i], stock->date,
			  durable, message)
		    : -1;
		if (made[i].path == NULL)
			snprintf(message, VOLUME_MESSAGE_BYTES,
			    "cannot create volume %s: out of memory",
			    stock->volumes[i].barcode);
	}
	return rc;
}

/* Makes library.db; the volumes exist already. */
static int make_changer(struct changer_creation *making,
    const struct library_stock *stock, struct made *made, bool durable,
    char *message)
{
	size_t count = stock->volume_count + stock->cleaning_count, i;
	struct changer_cartridge *cartridges =
	    calloc(count + 1, sizeof *cartridges);
	int rc;

	if (cartridges == NULL) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make a library: out of memory");
		return -1;
	}
	for (i = 0; i < count; i++) {
		if (i >= stock->volume_count) {
			cartridges[i].barcode =
			    stock->cleaning[i - stock->volume_count];
			continue;
		}
		cartridges[i].barcode = stock->volumes[i].barcode;
		cartridges[i].medium = stock->volumes[i].medium;
		cartridges[i].file = strrchr(made[i].path, '/') + 1;
	}
	rc = changer_create_finish(making, cartridges, count, durable, message);
	free(cartridges);
	return rc;
}

/* Checks all cartridges before anything is made. */
static int check_stock(const char *folder, const struct changer_spec *spec,
    const struct library_stock *stock, char *message)
{
	size_t i;

	if (stock->volume_count + stock->cleaning_count > spec->slot_count) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make library %s: %zu cartridges do not fit into %u "
		    "slots",
		    folder, stock->volume_count + stock->cleaning_count,
		    spec->slot_count);
		return -1;
	}
	for (i = 0; i < stock->volume_count; i++) {
		if (!media_is_cleaning(stock->volumes[i].barcode))
			continue;
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make library %s: %s cannot be a volume: a barcode "
		    "that begins with CLN is that of a cleaning cartridge",
		    folder, stock->volumes[i].barcode);
		return -1;
	}
	return 0;
}

int library_create(const char *folder, const struct changer_spec *spec,
    const struct library_stock *stock, bool durable,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct changer_creation *making;
	struct made *made;
	int rc = -1;
	size_t i;

	if (check_stock(folder, spec, stock, message) != 0)
		return -1;
	making = changer_create_begin(folder, spec, message);
	if (making == NULL)
		return -1;
	/*
	 * This process holds the lock, so no other process makes volumes here.
	 */
	volume_remove_temporary(folder);
	made = calloc(stock->volume_count + 1, sizeof *made);
	if (made == NULL)
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make library %s: out of memory", folder);
	else if (create_volumes(folder, stock, made, durable, message) == 0)
		rc = make_changer(making, stock, made, durable, message);
	for (i = 0; i < stock->volume_count && made != NULL; i++) {
		if (rc != 0 && made[i].ours)
			unlink(made[i].path);
		free(made[i].path);
	}
	free(made);
	changer_create_end(making);
	return rc;
}
