/* library.c: opens and closes libraries; see library.h. */
#include "vtl/library/impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "vtl/library/vtape.h"

static const char suffix[] = ".tape";

char *library_volume_path(const char *folder, const char *barcode)
{
	char *path;

	return asprintf(&path, "%s/%s%s", folder, barcode, suffix) < 0 ? NULL
								       : path;
}

/* Gets the barcode that a scanner reads: the name of the file. */
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

/* Fills the slots of a library in memory. */
static int fill(struct library *library, const struct library_spec *spec)
{
	struct changer_cartridge *cartridges =
	    calloc(spec->volume_count + 1, sizeof *cartridges);
	struct known_volume *known;
	int rc = cartridges == NULL ? -1 : 0;
	size_t i;

	for (i = 0; i < spec->volume_count && rc == 0; i++) {
		known = library_add_known(library, (int64_t)i + 1, "",
		    spec->paths[i]);
		if (known == NULL)
			rc = -1;
		else
			scan_barcode(known->path, known->barcode);
	}
	for (i = 0; i < spec->volume_count && rc == 0; i++) {
		cartridges[i].barcode = library->known[i].barcode;
		cartridges[i].file = spec->paths[i];
		cartridges[i].medium =
		    spec->media != NULL ? spec->media[i] : NULL;
	}
	if (rc == 0 &&
	    changer_fill_slots(library->changer, cartridges,
		spec->volume_count) != CHANGER_OK)
		rc = -1;
	free(cartridges);
	return rc;
}

static int add_drive(struct library *library, const struct model *model)
{
	struct bay *bay = &library->bays[library->bay_count];

	bay->model = *model;
	bay->drive = drive_new(&bay->model);
	if (bay->drive == NULL)
		return -1;
	if (library->options.instant)
		drive_take_no_time(bay->drive);
	bay->setup = (struct drive_setup){
		.changer = library->changer,
		.drive = bay->drive,
		.model = &bay->model,
		.number = (unsigned)library->bay_count,
		.instant = library->options.instant,
		.warn = library->options.warn,
		.warn_arg = library->options.warn_arg,
	};
	library->bay_count++;
	return 0;
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
	library->avoid = calloc(drives + 1, sizeof *library->avoid);
	if (library->bays != NULL && library->failed != NULL &&
	    library->avoid != NULL)
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
		.load_ahead = spec->load_ahead,
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
		    "library %s has no drive %d: it has %zu drives, counted "
		    "from 0",
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
	struct known_volume *known;
	size_t i;

	if (library == NULL)
		return;
	for (i = 0; i < library->bay_count; i++) {
		known = library->bays[i].id != 0
		    ? library_find_known(library, library->bays[i].id)
		    : NULL;
		if (known != NULL)
			library_unload(library, known->tape, TAPE_CLOSE_GOOD, 0,
			    &result);
		drive_free(library->bays[i].drive);
		drive_setup_end(&library->bays[i].setup);
	}
	for (i = 0; i < library->known_count; i++)
		free(library->known[i].path);
	changer_close(library->changer);
	free(library->known);
	free(library->bays);
	free(library->failed);
	free(library->avoid);
	free(library->released);
	free(library);
}

void library_set_pace(struct library *library, const struct pace_clock *clock,
    uint32_t speed_permille)
{
	int64_t origin_ns = clock->now_ns(clock->arg);

	pace_start(&library->pace, clock, speed_permille, origin_ns);
	for (size_t i = 0; i < library->bay_count; i++)
		library->bays[i].pace = library->pace;
}

int64_t library_model_ns(const struct library *library, int64_t now_ns)
{
	return pace_begin(&library->pace, now_ns).begun_ns;
}

void library_set_shared(struct library *library)
{
	library->shared = true;
}

int library_release(struct library *library, const char *barcode)
{
	char(*released)[VOLUME_BARCODE_BYTES] = grow_by_one(library->released,
	    library->released_count, sizeof *released);

	if (released == NULL)
		return -1;
	library->released = released;
	snprintf(released[library->released_count++], sizeof *released, "%s",
	    barcode);
	return 0;
}

int64_t library_drive_free_ns(const struct library *library, int64_t now_ns)
{
	int64_t free_ns = INT64_MAX;

	for (size_t i = 0; i < library->bay_count; i++) {
		const struct bay *bay = &library->bays[i];

		if (bay->id == 0 && !library->failed[i] &&
		    bay->free_ns > now_ns && bay->free_ns < free_ns)
			free_ns = bay->free_ns;
	}
	return free_ns;
}

struct drive *library_drive(struct library *library, size_t i)
{
	return i < library->bay_count ? library->bays[i].drive : NULL;
}

static void observe_drive(void *arg, unsigned drive,
    const struct drive_strike *strike)
{
	const struct library *library = arg;
	const struct library_incident incident = {
		.fault = strike->fault,
		.defect = strike->defect,
		.barcode = strike->barcode,
		.drive = (int)drive,
		.medium_byte = strike->medium_byte,
		.now_ns = strike->now_ns,
	};

	library->observer(library->observer_arg, &incident);
}

void library_observe(struct library *library, library_observer *observer,
    void *arg)
{
	library->observer = observer;
	library->observer_arg = arg;
	for (size_t i = 0; i < library->bay_count; i++) {
		library->bays[i].setup.observer = observe_drive;
		library->bays[i].setup.observer_arg = library;
		drive_setup_watch(&library->bays[i].setup);
	}
}

struct tape_library *library_tapes(struct library *library)
{
	return &library->base;
}

int64_t library_robot_busy_ns(const struct library *library)
{
	return library->robot_busy_ns;
}

struct changer *library_changer(struct library *library)
{
	return library->changer;
}

void library_get_load_failure(const struct library *library,
    struct library_load_failure *failure)
{
	*failure = library->failure;
}

size_t library_volume_count(const struct library *library)
{
	return library->known_count;
}

bool library_volume_find(const struct library *library, const char *barcode,
    size_t *i)
{
	for (*i = 0; *i < library->known_count; ++*i)
		if (strcmp(library->known[*i].barcode, barcode) == 0)
			return true;
	return false;
}

void library_volume_get(const struct library *library, size_t i,
    struct library_volume *out)
{
	const struct known_volume *known = &library->known[i];
	const struct tape *tape = known->tape;

	assert(i < library->known_count);
	*out = (struct library_volume){
		.path = known->path,
		.barcode = known->barcode,
		.loaded = tape != NULL,
		.labelled = known->labelled,
		.written = known->written,
		.end = known->end,
		.lost = known->lost,
	};
	if (tape == NULL)
		return;
	out->labelled |= vtape_is_labelled(tape);
	out->written |= vtape_is_written(tape);
	volume_end(drive_volume(vtape_drive(tape)), &out->end);
}
