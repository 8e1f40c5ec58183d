/* workspace.c: the volumes of one run, in a temporary folder. */
#include "sim/setup/workspace.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/signals.h"
#include "splitter/base/temporary.h"
#include "splitter/base/text.h"
#include "sim/setup/drives.h"
#include "splitter/base/sentence.h"
#include "vtl/volume/history.h"

/* Folders that are open at the same time while a folder is removed. */
enum { FOLDERS_OPEN_MAX = 16 };

struct workspace {
	const struct scenario *scenario;
	char *folder;
	bool made; /* true: this code made the folder */
	bool durable;
	uint64_t seed;
	char **paths;
	const char **media; /* media of the volumes; NULL: from the barcode */
	size_t count;       /* number of volumes made */
};

char *workspace_make_folder(const char *below, char *err, size_t err_bytes)
{
	char *folder;

	if (below == NULL)
		below = temporary_folder();
	if (asprintf(&folder, "%s/tapelab-XXXXXX", below) < 0) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	if (mkdtemp(folder) != NULL)
		return folder;
	sentence(err, err_bytes,
	    "TMPDIR %s: cannot make a folder for the volumes: %s; set TMPDIR "
	    "to a writable folder",
	    below, strerror(errno));
	free(folder);
	return NULL;
}

static int remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

void workspace_remove_folder(const char *folder)
{
	nftw(folder, remove_one, FOLDERS_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
}

/* Closes a volume after a change that returned `rc`. */
static int end_change(struct volume *volume, int rc,
    char message[VOLUME_MESSAGE_BYTES])
{
	char ignored[VOLUME_MESSAGE_BYTES];

	if (rc == 0)
		return volume_close(volume, message);
	sentence(message, VOLUME_MESSAGE_BYTES, "%s", volume_message(volume));
	volume_close(volume, ignored);
	return -1;
}

int workspace_wear(const char *path, const struct scenario_volume *as,
    bool durable, char message[VOLUME_MESSAGE_BYTES])
{
	struct volume *volume;
	int rc = 0;

	if (as->loads == 0 && as->life_loads == 0)
		return 0;
	volume = volume_open(path, durable, message);
	if (volume == NULL)
		return -1;
	if (as->loads > 0)
		rc = volume_add_loads(volume, as->loads);
	if (rc == 0 && as->life_loads > 0)
		rc = volume_set_life(volume, as->life_loads);
	return end_change(volume, rc, message);
}

int workspace_add_defect(const char *path, const struct scenario *scenario,
    size_t fault, bool durable, char message[VOLUME_MESSAGE_BYTES])
{
	struct volume *volume = volume_open(path, durable, message);
	struct volume_defect defect;

	if (volume == NULL)
		return -1;
	scenario_defect(&scenario->faults[fault], &defect);
	defect.fault = (int64_t)fault + 1;
	return end_change(volume, volume_defect_add(volume, &defect), message);
}

static int make_volume(struct workspace *w, size_t i,
    enum volume_payload payload, char message[VOLUME_MESSAGE_BYTES])
{
	const struct scenario_volume *v = &w->scenario->volumes[i];
	struct volume_spec spec = {
		.capacity_bytes = v->capacity_bytes,
		.has_early_warning = v->early_warning,
		.early_warning_bytes = v->early_warning_bytes,
		.payload = payload,
	};

	memcpy(spec.barcode, v->barcode, sizeof spec.barcode);
	if (v->medium != NULL)
		strcpy(spec.medium, v->medium);
	w->media[i] = v->medium;
	w->paths[i] = library_volume_path(w->folder, spec.barcode);
	if (w->paths[i] == NULL) {
		snprintf(message, VOLUME_MESSAGE_BYTES, "out of memory");
		return -1;
	}
	w->count++;
	if (volume_create(w->paths[i], &spec, "made for a scenario", w->durable,
		message) != 0)
		return -1;
	return workspace_wear(w->paths[i], v, w->durable, message);
}

struct workspace *workspace_new(const struct scenario *scenario,
    enum volume_payload payload, uint64_t seed, bool durable,
    const char *folder, char *err, size_t err_bytes)
{
	struct workspace *w = calloc(1, sizeof *w);
	char message[VOLUME_MESSAGE_BYTES];
	size_t i;
	int rc = 0;

	if (w != NULL)
		w->paths = calloc(scenario->volumes_count, sizeof *w->paths);
	if (w != NULL)
		w->media = calloc(scenario->volumes_count, sizeof *w->media);
	if (w == NULL || w->paths == NULL || w->media == NULL) {
		snprintf(err, err_bytes, "out of memory");
		if (w != NULL)
			workspace_free(w, false);
		return NULL;
	}
	w->scenario = scenario;
	w->durable = durable;
	w->seed = seed;
	w->made = folder == NULL;
	w->folder = w->made ? workspace_make_folder(NULL, err, err_bytes)
			    : strdup(folder);
	if (w->folder == NULL) {
		if (!w->made)
			snprintf(err, err_bytes, "out of memory");
		workspace_free(w, false);
		return NULL;
	}
	for (i = 0; i < scenario->volumes_count && rc == 0; i++) {
		rc = make_volume(w, i, payload, message);
		if (rc == 0 && signals_signal() != 0) {
			snprintf(message, sizeof message, "interrupted");
			rc = -1;
		}
	}
	for (i = 0; i < scenario->faults_count && rc == 0; i++) {
		const struct scenario_fault *f = &scenario->faults[i];

		if (scenario_is_defect(f->fail))
			rc = workspace_add_defect(w->paths[f->volume - 1],
			    scenario, i, durable, message);
	}
	if (rc != 0) {
		/*
		 * The folder is removed, so its random name means nothing to
		 * the user.
		 */
		text_without(message, w->folder, err, err_bytes);
		workspace_free(w, false);
		return NULL;
	}
	return w;
}

/* Adds the scenario's faults of the robot.  Returns 0 or -1. */
static int add_robot(const struct scenario *s, struct library *library)
{
	enum changer_status status = CHANGER_OK;
	size_t i;

	for (i = 0; i < s->faults_count && status == CHANGER_OK; i++) {
		const struct scenario_fault *f = &s->faults[i];
		const struct changer_fault fault = {
			.mode = f->move_mode, .nth = f->nth, .once = f->once
		};

		if (f->fail == FAIL_MOVE)
			status =
			    changer_add_fault(library_changer(library), &fault);
		if (f->fail == FAIL_BARCODE)
			status =
			    changer_make_unreadable(library_changer(library),
				s->volumes[f->volume - 1].barcode);
	}
	return status == CHANGER_OK ? 0 : -1;
}

struct library *workspace_library(const struct workspace *w,
    enum workspace_use use)
{
	const struct scenario *s = w->scenario;
	const struct library_spec spec = {
		.paths = (const char *const *)w->paths,
		.media = w->media,
		.volume_count = w->count,
		.drives = s->drives,
		.drive_count = s->drives_count,
		.move_ns = s->move_ns,
		.load_ahead = s->load_ahead && use != WORKSPACE_READ_BACK,
		.instant = use != WORKSPACE_MODEL,
		.durable = w->durable,
	};
	struct library *library = library_new(&spec);

	if (library != NULL && use == WORKSPACE_READ_BACK)
		drives_configure_readers(s, w->seed, library);
	if (library == NULL || use == WORKSPACE_READ_BACK ||
	    (add_robot(s, library) == 0 &&
		drives_configure(s, w->seed, library) == 0))
		return library;
	library_free(library);
	return NULL;
}

const char *workspace_folder(const struct workspace *w)
{
	return w->folder;
}

/* Removes a volume, and the journal that a failed volume may have left. */
static void remove_volume(const char *path)
{
	char journal[PATH_MAX];

	unlink(path);
	if (snprintf(journal, sizeof journal, "%s-journal", path) <
	    (int)sizeof journal)
		unlink(journal);
}

void workspace_free(struct workspace *w, bool keep)
{
	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i < w->count; i++) {
		if (!keep)
			remove_volume(w->paths[i]);
		free(w->paths[i]);
	}
	if (!keep && w->made && w->folder != NULL)
		rmdir(w->folder);
	free(w->folder);
	free(w->paths);
	free(w->media);
	free(w);
}
