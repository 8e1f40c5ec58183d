/* stock.c: makes and opens the library of a story. */
#include "sim/run/steps/stock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/run/steps/impl.h"
#include "sim/setup/drives.h"
#include "sim/setup/workspace.h"
#include "splitter/base/sentence.h"
#include "vtl/changer/drive_settings.h"

static int no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory");
	return -1;
}

char *stock_path(const struct stock *k, size_t volume, bool outside)
{
	return library_volume_path(outside ? k->outside : k->folder,
	    k->scenario->volumes[volume].barcode);
}

/* Fills in the volume; stories keep payload, as their volumes are read. */
static struct volume_spec spec_of(const struct scenario *s, size_t i)
{
	const struct scenario_volume *v = &s->volumes[i];
	struct volume_spec spec = {
		.capacity_bytes = v->capacity_bytes,
		.has_early_warning = v->early_warning,
		.early_warning_bytes = v->early_warning_bytes,
		.payload = s->payload == PAYLOAD_ZLIB ? VOLUME_PAYLOAD_ZLIB
						      : VOLUME_PAYLOAD_RAW,
	};

	memcpy(spec.barcode, v->barcode, sizeof spec.barcode);
	if (v->medium != NULL)
		strcpy(spec.medium, v->medium);
	return spec;
}

int stock_make_volume(const struct stock *k, size_t volume, const char *path,
    enum scenario_holds holds, char *err, size_t err_bytes)
{
	const struct volume_spec spec = spec_of(k->scenario, volume);
	char message[VOLUME_MESSAGE_BYTES];

	if (volume_create(path, &spec, "made for a scenario", k->durable,
		message) != 0 ||
	    workspace_wear(path, &k->scenario->volumes[volume], k->durable,
		message) != 0) {
		sentence(err, err_bytes, "%s", message);
		return -1;
	}
	return holds == HOLDS_BLANK
	    ? 0
	    : sample_write(path, holds, k->scenario->splitter.block_bytes,
		  k->durable, err, err_bytes);
}

static int make_library(const struct stock *k, char *err, size_t err_bytes)
{
	const struct scenario *s = k->scenario;
	const struct changer_spec spec = { .drives = s->drives,
		.drive_count = s->drives_count,
		.slot_count = (unsigned)s->volumes_count + s->empty_slots,
		.ie_count = s->ie_slots,
		.move_ns = s->move_ns };
	struct volume_spec *specs = calloc(s->volumes_count, sizeof *specs);
	const struct library_stock stock = { .volumes = specs,
		.volume_count = s->volumes_count };
	char message[VOLUME_MESSAGE_BYTES];
	int rc;

	if (specs == NULL)
		return no_memory(err, err_bytes);
	for (size_t i = 0; i < s->volumes_count; i++)
		specs[i] = spec_of(s, i);
	rc = library_create(k->folder, &spec, &stock, k->durable, message);
	if (rc != 0)
		sentence(err, err_bytes, "%s", message);
	free(specs);
	return rc;
}

/* Sets the switch of a volume.  Returns 0, or -1 with a message. */
static int protect(const char *path, char *err, size_t err_bytes)
{
	if (chmod(path, 0400) == 0)
		return 0;
	sentence(err, err_bytes, "cannot write-protect %s: %s", path,
	    strerror(errno));
	return -1;
}

/* Sets the wear of each volume, what it holds, its defects and its switch. */
static int prepare_volume(const struct stock *k, size_t i, char *err,
    size_t err_bytes)
{
	const struct scenario *s = k->scenario;
	const struct scenario_volume *v = &s->volumes[i];
	char *path = stock_path(k, i, false);
	char message[VOLUME_MESSAGE_BYTES] = "";
	int rc;

	if (path == NULL)
		return no_memory(err, err_bytes);
	rc = workspace_wear(path, v, k->durable, message);
	if (rc == 0 && v->holds != HOLDS_BLANK)
		rc = sample_write(path, v->holds, s->splitter.block_bytes,
		    k->durable, message, sizeof message);
	for (size_t n = 0; n < s->faults_count && rc == 0; n++)
		if (scenario_is_defect(s->faults[n].fail) &&
		    s->faults[n].volume == i + 1)
			rc = workspace_add_defect(path, s, n, k->durable,
			    message);
	if (rc != 0)
		sentence(err, err_bytes, "%s", message);
	else if (v->write_protected && v->holds_dump == 0)
		rc = protect(path, err, err_bytes);
	free(path);
	return rc;
}

int stock_protect_held(const struct stock *k, size_t dump, char *err,
    size_t err_bytes)
{
	const struct scenario *s = k->scenario;
	int rc = 0;

	for (size_t i = 0; i < s->volumes_count && rc == 0; i++) {
		char *path;

		if (!s->volumes[i].write_protected ||
		    s->volumes[i].holds_dump != dump + 1)
			continue;
		path = stock_path(k, i, false);
		rc = path != NULL ? protect(path, err, err_bytes)
				  : no_memory(err, err_bytes);
		free(path);
	}
	return rc;
}

/* Adds one fault of the robot or of drives. */
static enum changer_status add_fault(struct changer *changer,
    const struct scenario *s, const struct scenario_fault *f)
{
	const struct changer_fault move = {
		.mode = f->move_mode, .nth = f->nth, .once = f->once
	};
	struct changer_drive_fault of_drive = { .drive = (int)f->drive - 1,
		.fault = f->of_drive };

	switch (f->fail) {
	case FAIL_MOVE:
		return changer_add_fault(changer, &move);
	case FAIL_BARCODE:
		return changer_make_unreadable(changer,
		    s->volumes[f->volume - 1].barcode);
	case FAIL_DRIVE:
		if (f->volume != 0)
			strcpy(of_drive.fault.barcode,
			    s->volumes[f->volume - 1].barcode);
		return changer_add_drive_fault(changer, &of_drive);
	default:
		return CHANGER_OK;
	}
}

/* Sets the behaviour of the drives, and the faults of the library. */
static int set_up(const struct stock *k, char *err, size_t err_bytes)
{
	const struct scenario *s = k->scenario;
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *changer =
	    changer_open(k->folder, "tapelab run", false, k->durable, message);
	enum changer_status status = CHANGER_OK;

	if (changer == NULL) {
		sentence(err, err_bytes, "%s", message);
		return -1;
	}
	for (size_t i = 0; i < s->drives_count && status == CHANGER_OK; i++)
		status = changer_set_behaviour(changer, (unsigned)i,
		    &s->behaviours[i]);
	/* Those of the robot come first: see measure/strikes.c. */
	for (size_t i = 0; i < s->faults_count && status == CHANGER_OK; i++)
		if (s->faults[i].fail == FAIL_MOVE)
			status = add_fault(changer, s, &s->faults[i]);
	for (size_t i = 0; i < s->faults_count && status == CHANGER_OK; i++)
		if (s->faults[i].fail != FAIL_MOVE)
			status = add_fault(changer, s, &s->faults[i]);
	if (status != CHANGER_OK)
		sentence(err, err_bytes, "%s", changer_message(changer));
	changer_close(changer);
	return status == CHANGER_OK ? 0 : -1;
}

static int name_folders(struct stock *k, const char *folder)
{
	if (asprintf(&k->folder, "%s/library", folder) < 0)
		k->folder = NULL;
	if (asprintf(&k->outside, "%s/outside", folder) < 0)
		k->outside = NULL;
	if (asprintf(&k->catalogue, "%s/catalogue", folder) < 0)
		k->catalogue = NULL;
	return k->folder != NULL && k->outside != NULL && k->catalogue != NULL
	    ? 0
	    : -1;
}

struct stock *stock_new(const struct scenario *s, uint64_t seed, bool durable,
    const char *folder, char *err, size_t err_bytes)
{
	struct stock *k = calloc(1, sizeof *k);
	int rc = -1;

	if (k != NULL) {
		k->scenario = s;
		k->seed = seed;
		k->durable = durable;
		k->is_duplicate =
		    calloc(s->volumes_count, sizeof *k->is_duplicate);
		k->has_duplicate =
		    calloc(s->volumes_count, sizeof *k->has_duplicate);
	}
	if (k == NULL || k->is_duplicate == NULL || k->has_duplicate == NULL ||
	    name_folders(k, folder) != 0)
		no_memory(err, err_bytes);
	else if (mkdir(k->outside, 0700) != 0)
		sentence(err, err_bytes, "cannot make folder %s: %s",
		    k->outside, strerror(errno));
	else
		rc = make_library(k, err, err_bytes);
	for (size_t i = 0; rc == 0 && i < s->volumes_count; i++)
		rc = prepare_volume(k, i, err, err_bytes);
	if (rc == 0)
		rc = set_up(k, err, err_bytes);
	if (rc == 0)
		return k;
	stock_free(k);
	return NULL;
}

struct stock *stock_on_device(const struct scenario *s,
    const struct story_device *device, const char *folder, char *err,
    size_t err_bytes)
{
	struct stock *k = calloc(1, sizeof *k);

	if (k == NULL || name_folders(k, folder) != 0) {
		no_memory(err, err_bytes);
		stock_free(k);
		return NULL;
	}
	k->scenario = s;
	k->device = device;
	return k;
}

const struct story_device *stock_device(const struct stock *k)
{
	return k->device;
}

void stock_set_real(struct stock *k, uint32_t pace_permille)
{
	k->instant = pace_permille == 0;
	k->pace_permille = pace_permille;
}

void stock_free(struct stock *k)
{
	if (k == NULL)
		return;
	free(k->folder);
	free(k->outside);
	free(k->catalogue);
	free(k->is_duplicate);
	free(k->has_duplicate);
	free(k);
}

const char *stock_folder(const struct stock *k)
{
	return k->folder;
}

const char *stock_catalogue(const struct stock *k)
{
	return k->catalogue;
}

bool stock_has_catalogue(const struct stock *k)
{
	return access(k->catalogue, F_OK) == 0;
}

struct library *stock_open(const struct stock *k, const char *program,
    bool reading, bool fingerprints, char *err, size_t err_bytes)
{
	const struct library_options options = {
		.program = program,
		.drive = -1,
		.reading = reading,
		.fingerprints = fingerprints,
		.load_ahead = k->scenario->load_ahead && !reading,
		.instant = k->instant,
		.durable = k->durable,
	};
	char message[VOLUME_MESSAGE_BYTES];
	struct library *library = library_open(k->folder, &options, message);

	if (library == NULL)
		sentence(err, err_bytes, "%s", message);
	else if (k->pace_permille > 0)
		library_set_pace(library, &pace_real_clock, k->pace_permille);
	return library;
}

/* Lists the volumes that are in the library.  Returns how many, or -1. */
static long list_present(struct changer *changer, const struct stock *k,
    char **paths)
{
	struct changer_element *elements;
	size_t count, i;
	long n = 0;

	if (changer_list(changer, &elements, &count) != CHANGER_OK)
		return -1;
	for (i = 0; i < count && n >= 0; i++) {
		if (!elements[i].full || elements[i].cleaning)
			continue;
		paths[n] = library_volume_path(k->folder, elements[i].barcode);
		n = paths[n] != NULL ? n + 1 : -1;
	}
	free(elements);
	return n;
}

struct library *stock_open_to_read(const struct stock *k, char *err,
    size_t err_bytes)
{
	const struct scenario *s = k->scenario;
	size_t room = s->volumes_count + s->empty_slots + s->ie_slots +
	    s->drives_count + 1;
	char **paths = calloc(room, sizeof *paths);
	char message[VOLUME_MESSAGE_BYTES] = "out of memory";
	struct changer *changer =
	    changer_open(k->folder, "tapelab run", true, false, message);
	struct library *library = NULL;
	long count = -1;

	if (changer != NULL && paths != NULL)
		count = list_present(changer, k, paths);
	if (count >= 0) {
		const struct library_spec spec = {
			.paths = (const char *const *)paths,
			.volume_count = (size_t)count,
			.drives = s->drives,
			.drive_count = s->drives_count,
			.instant = true,
			.durable = false,
		};

		library = library_new(&spec);
	}
	if (library != NULL)
		drives_configure_readers(s, k->seed, library);
	else
		sentence(err, err_bytes, "cannot read the volumes: %s",
		    changer != NULL ? changer_message(changer) : message);
	for (size_t i = 0; paths != NULL && i < room; i++)
		free(paths[i]);
	free(paths);
	changer_close(changer);
	return library;
}
