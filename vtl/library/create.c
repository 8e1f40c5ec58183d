/* library_make.c: libraries made, opened and closed; see library.h. */
#include "vtl/library/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vtl/base/media.h"

static const char suffix[] = ".tape";

char *library_volume_path(const char *folder, const char *barcode)
{
	char *path;

	return asprintf(&path, "%s/%s%s", folder, barcode, suffix) < 0 ? NULL
								       : path;
}

/* A volume of a library that is made. */
struct made {
	char *path;
	bool ours; /* it was not there before */
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
 * Whether the file that is there is what was to be made, as a process leaves
 * it that is killed while it makes a library: nothing was ever written on it.
 */
static bool is_left(const char *path, const struct volume_spec *spec)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, true, message);
	struct volume_place end;
	uint64_t made = 0;
	size_t defects;
	bool left;

	if (volume == NULL)
		return false;
	volume_end(volume, &end);
	volume_defects(volume, &defects);
	left = end.object == 0 && defects == 0 &&
	    is_same(volume_spec(volume), spec) &&
	    volume_count_notes(volume, "labelled", &made) == 0 && made == 0 &&
	    volume_count_notes(volume, "closed", &made) == 0 && made == 0;
	volume_close(volume, message);
	return left;
}

static int create_volume(struct made *made, const struct volume_spec *spec,
    bool durable, char *message)
{
	if (access(made->path, F_OK) == 0 && is_left(made->path, spec))
		return 0;
	if (volume_create(made->path, spec, "", durable, message) != 0)
		return -1;
	made->ours = true;
	return 0;
}

/* Makes them all; on failure removes those that it made. */
static int create_volumes(const char *folder, const struct library_stock *stock,
    struct made *made, bool durable, char *message)
{
	int rc = 0;
	size_t i;

	for (i = 0; i < stock->volume_count && rc == 0; i++) {
		made[i].path =
		    library_volume_path(folder, stock->volumes[i].barcode);
		rc = made[i].path != NULL
		    ? create_volume(&made[i], &stock->volumes[i], durable,
			  message)
		    : -1;
		if (made[i].path == NULL)
			snprintf(message, VOLUME_MESSAGE_BYTES,
			    "cannot make volume %s: out of memory",
			    stock->volumes[i].barcode);
	}
	return rc;
}

/* The library itself; its cartridges are there. */
static int make_changer(struct changer_making *making,
    const struct library_stock *stock, struct made *made, bool durable,
    char *message)
{
	size_t count = stock->volume_count + stock->cleaning_count, i;
	struct changer_cartridge *cartridges =
	    calloc(count + 1, sizeof *cartridges);
	int rc;

	if (cartridges == NULL) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make a "
		    "library: out of memory");
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
	rc = changer_make(making, cartridges, count, durable, message);
	free(cartridges);
	return rc;
}

/* Of all barcodes, before anything is made. */
static int check_stock(const char *folder, const struct changer_spec *spec,
    const struct library_stock *stock, char *message)
{
	size_t i;

	if (stock->volume_count + stock->cleaning_count > spec->slot_count) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make library "
		    "%s: %zu cartridges do not fit into %u slots",
		    folder, stock->volume_count + stock->cleaning_count,
		    spec->slot_count);
		return -1;
	}
	for (i = 0; i < stock->volume_count; i++) {
		if (!media_is_cleaning(stock->volumes[i].barcode))
			continue;
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make library "
		    "%s: %s cannot be a volume: a barcode that begins with "
		    "CLN is that of a cleaning cartridge",
		    folder, stock->volumes[i].barcode);
		return -1;
	}
	return 0;
}

int library_create(const char *folder, const struct changer_spec *spec,
    const struct library_stock *stock, bool durable,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct changer_making *making;
	struct made *made;
	int rc = -1;
	size_t i;

	if (check_stock(folder, spec, stock, message) != 0)
		return -1;
	making = changer_make_begin(folder, spec, message);
	if (making == NULL)
		return -1;
	made = calloc(stock->volume_count + 1, sizeof *made);
	if (made == NULL)
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make library "
		    "%s: out of memory",
		    folder);
	else if (create_volumes(folder, stock, made, durable, message) == 0)
		rc = make_changer(making, stock, made, durable, message);
	for (i = 0; i < stock->volume_count && made != NULL; i++) {
		if (rc != 0 && made[i].ours)
			unlink(made[i].path);
		free(made[i].path);
	}
	free(made);
	changer_make_end(making);
	return rc;
}

/* What a scanner reads from outside: the file's name. */
static void scan_barcode(const char *path, char barcode[VOLUME_BARCODE_BYTES])
{
	const char *name = strrchr(path, '/');
	size_t n;

	name = name != NULL ? name + 1 : path;
	n = strlen(name);
	if (n > strlen(suffix) &&
	    strcmp(name + n - strlen(suffix), suffix) == 0)
		n -= strlen(suffix);
	if (n >= VOLUME_BARCODE_BYTES)
		n = VOLUME_BARCODE_BYTES - 1;
	memcpy(barcode, name, n);
	barcode[n] = '\0';
}

struct held *library_add_held(struct library *library, int64_t id,
    const char *barcode, const char *file)
{
	const char *folder = changer_folder(library->changer);
	struct held *held =
	    realloc(library->held, (library->held_count + 1) * sizeof *held);
	char *path = NULL;

	if (held == NULL)
		return NULL;
	library->held = held;
	held += library->held_count;
	if (asprintf(&path, "%s%s%s", folder, folder[0] != '\0' ? "/" : "",
		file) < 0)
		return NULL;
	*held = (struct held){ .id = id, .path = path };
	snprintf(held->barcode, sizeof held->barcode, "%s", barcode);
	library->held_count++;
	return held;
}

/* Puts the volumes of a library in memory into its slots. */
static int fill(struct library *library, const struct library_spec *spec)
{
	struct changer_cartridge *cartridges =
	    calloc(spec->volume_count + 1, sizeof *cartridges);
	struct held *held;
	int rc = cartridges == NULL ? -1 : 0;
	size_t i;

	for (i = 0; i < spec->volume_count && rc == 0; i++) {
		held = library_add_held(library, (int64_t)i + 1, "",
		    spec->paths[i]);
		if (held == NULL)
			rc = -1;
		else
			scan_barcode(held->path, held->barcode);
	}
	for (i = 0; i < spec->volume_count && rc == 0; i++) {
		cartridges[i].barcode = library->held[i].barcode;
		cartridges[i].file = spec->paths[i];
		cartridges[i].medium =
		    spec->media != NULL ? spec->media[i] : NULL;
	}
	if (rc == 0 &&
	    changer_fill(library->changer, cartridges, spec->volume_count) !=
		CHANGER_OK)
		rc = -1;
	free(cartridges);
	return rc;
}

/*
 * With `instant` it takes no time, and has the limits of its model all the
 * same.
 */
static int add_drive(struct library *library, const struct model *model)
{
	struct bay *bay = &library->bays[library->bay_count];

	bay->model = *model;
	if (library->options.instant) {
		bay->model.rate_bytes_per_s = 0;
		bay->model.load_ns = bay->model.unload_ns = 0;
		bay->model.rewind_ns = bay->model.filemark_ns = 0;
	}
	bay->drive = drive_new(&bay->model);
	library->bay_count += bay->drive != NULL;
	return bay->drive != NULL ? 0 : -1;
}

static struct library *allocate(struct changer *changer, size_t drives,
    const struct library_options *options)
{
	struct library *library = calloc(1, sizeof *library);

	if (library == NULL) {
		changer_close(changer);
		return NULL;
	}
	library->base.ops = &library_ops;
	library->changer = changer;
	library->options = *options;
	library->move_ns = options->instant ? 0 : changer_move_ns(changer);
	library->bays = calloc(drives + 1, sizeof *library->bays);
	library->failed = calloc(drives + 1, sizeof *library->failed);
	if (library->bays != NULL && library->failed != NULL)
		return library;
	library_free(library);
	return NULL;
}

struct library *library_new(const struct library_spec *spec)
{
	const struct changer_spec elements = { .drives = spec->drives,
		.drive_count = spec->drive_count,
		.move_ns = spec->move_ns,
		.slot_count = (unsigned)spec->volume_count };
	const struct library_options options = { .program = "",
		.drive = -1,
		.ahead = spec->ahead,
		.instant = spec->instant,
		.durable = spec->durable };
	char message[VOLUME_MESSAGE_BYTES];
	struct library *library;
	struct changer *changer;
	int rc;
	size_t i;

	if (spec->drive_count > CHANGER_DRIVES_MAX)
		return NULL;
	changer = changer_new(&elements, message);
	if (changer == NULL)
		return NULL;
	library = allocate(changer, spec->drive_count, &options);
	if (library == NULL)
		return NULL;
	rc = fill(library, spec);
	for (i = 0; i < spec->drive_count && rc == 0; i++)
		rc = add_drive(library, spec->drives[i]);
	if (rc == 0)
		return library;
	library_free(library);
	return NULL;
}

static int add_drives(struct library *library,
    const struct changer_element *elements, size_t count)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < count && rc == 0; i++)
		if (elements[i].kind == CHANGER_KIND_DRIVE)
			rc = add_drive(library, elements[i].model);
	return rc;
}

struct library *library_open(const char *folder,
    const struct library_options *options, char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer = changer_open(folder, options->program, false,
	    options->durable, message);
	struct changer_element *elements;
	struct library *library;
	size_t count;

	if (changer == NULL)
		return NULL;
	if (changer_list(changer, &elements, &count) != CHANGER_OK) {
		memcpy(message, changer_message(changer), VOLUME_MESSAGE_BYTES);
		changer_close(changer);
		return NULL;
	}
	library = allocate(changer, CHANGER_DRIVES_MAX, options);
	if (library == NULL || add_drives(library, elements, count) != 0) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open library %s: out of memory", folder);
	} else if (options->drive >= (int)library->bay_count) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "library %s has no "
		    "drive %d: it has %zu, counted from 0",
		    folder, options->drive, library->bay_count);
	} else {
		free(elements);
		return library;
	}
	free(elements);
	library_free(library);
	return NULL;
}

void library_free(struct library *library)
{
	struct tape_result result;
	struct held *held;
	size_t i;

	if (library == NULL)
		return;
	for (i = 0; i < library->bay_count; i++) {
		held = library->bays[i].id != 0
		    ? library_find_held(library, library->bays[i].id)
		    : NULL;
		if (held != NULL)
			library_ops.unload(&library->base, held->tape,
			    TAPE_CLOSE_GOOD, 0, &result);
		drive_free(library->bays[i].drive);
	}
	for (i = 0; i < library->held_count; i++)
		free(library->held[i].path);
	changer_close(library->changer);
	free(library->held);
	free(library->bays);
	free(library->failed);
	free(library);
}

struct drive *library_drive(struct library *library, size_t i)
{
	return i < library->bay_count ? library->bays[i].drive : NULL;
}
