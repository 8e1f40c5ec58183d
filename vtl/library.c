/* library.c: slots, drives and what lies in them; see library.h. */
#include "vtl/library.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtl/drive.h"
#include "vtl/vtape.h"

struct slot {
	char *path;
	char barcode[VOLUME_BARCODE_BYTES];
	struct tape *tape;	/* while it lies in a drive */
	bool labelled, written;
	struct volume_place end;
	char lost[VOLUME_MESSAGE_BYTES];
};

struct bay {
	struct drive *drive;
	struct slot *slot;	/* whose volume is in it, or NULL */
	bool failed;
};

struct library {
	struct tape_library base;	/* first: cast to this */
	struct slot *slots;
	size_t slot_count;
	size_t next;		/* slots before it were handed out */
	struct bay *bays;
	size_t bay_count;
	bool durable;
};

static const char suffix[] = ".tape";

char *library_volume_path(const char *folder, const char *barcode)
{
	char *path;

	return asprintf(&path, "%s/%s%s", folder, barcode, suffix) < 0 ? NULL :
	    path;
}

static int create_volume(const char *folder, const struct volume_spec *spec,
    bool durable, char *message)
{
	char *path = library_volume_path(folder, spec->barcode);
	int rc;

	if (path == NULL) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make volume %s: out of memory", spec->barcode);
		return -1;
	}
	rc = volume_create(path, spec, "", durable, message);
	free(path);
	return rc;
}

static void remove_volume(const char *folder, const struct volume_spec *spec)
{
	char *path = library_volume_path(folder, spec->barcode);

	if (path != NULL)
		unlink(path);
	free(path);
}

int library_create_volumes(const char *folder,
    const struct volume_spec *specs, size_t count, bool durable,
    char message[VOLUME_MESSAGE_BYTES])
{
	if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make folder %s for volumes: %s", folder,
		    strerror(errno));
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (create_volume(folder, &specs[i], durable, message) == 0)
			continue;
		while (i-- > 0)
			remove_volume(folder, &specs[i]);
		return -1;
	}
	return 0;
}

/* What a scanner reads from outside: the file's name. */
static void scan_barcode(struct slot *slot)
{
	const char *name = strrchr(slot->path, '/');
	size_t n;

	name = name != NULL ? name + 1 : slot->path;
	n = strlen(name);
	if (n > strlen(suffix) &&
	    strcmp(name + n - strlen(suffix), suffix) == 0)
		n -= strlen(suffix);
	if (n >= sizeof slot->barcode)
		n = sizeof slot->barcode - 1;
	memcpy(slot->barcode, name, n);
	slot->barcode[n] = '\0';
}

/* Says why no tape is handed out; returns NULL. */
static struct tape *refuse(struct tape_result *result, enum tape_cause cause,
    const char *message)
{
	result->cause = cause;
	snprintf(result->message, sizeof result->message, "%.*s",
	    (int)sizeof result->message - 1, message);
	return NULL;
}

static struct bay *free_bay(struct library *library)
{
	for (size_t i = 0; i < library->bay_count; i++)
		if (library->bays[i].slot == NULL && !library->bays[i].failed)
			return &library->bays[i];
	return NULL;
}

static struct tape *load_slot(struct library *library, struct slot *slot,
    struct bay *bay, int64_t now_ns, struct tape_result *result)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_answer answer;
	struct volume *volume;

	volume = volume_open(slot->path, library->durable, message);
	if (volume == NULL)
		return refuse(result, TAPE_MEDIUM, message);
	strcpy(slot->barcode, volume_spec(volume)->barcode);
	drive_load(bay->drive, volume, now_ns, &answer);
	slot->tape = vtape_new(bay->drive, (unsigned)(bay - library->bays));
	if (slot->tape == NULL) {
		volume_close(drive_unload(bay->drive, now_ns, &answer),
		    message);
		return refuse(result, TAPE_UNKNOWN,
		    "cannot load a volume: out of memory");
	}
	bay->slot = slot;
	volume_end(volume, &slot->end);
	result->done_ns = answer.done_ns;
	return slot->tape;
}

static struct tape *load(struct tape_library *base, int64_t now_ns,
    struct tape_result *result)
{
	struct library *library = (struct library *)base;
	struct bay *bay = free_bay(library);

	tape_result_init(result, now_ns);
	if (library->next == library->slot_count)
		return refuse(result, TAPE_NONE,
		    "the library has no more volumes: put some in");
	if (bay == NULL)
		return refuse(result, TAPE_NONE,
		    "the library has no drive that is free and works");
	return load_slot(library, &library->slots[library->next++], bay,
	    now_ns, result);
}

static struct tape *load_named(struct tape_library *base,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct library *library = (struct library *)base;
	struct bay *bay = free_bay(library);
	struct slot *slot = NULL;

	tape_result_init(result, now_ns);
	for (size_t i = 0; i < library->slot_count && slot == NULL; i++)
		if (strcmp(library->slots[i].barcode, barcode) == 0)
			slot = &library->slots[i];
	if (slot == NULL)
		return refuse(result, TAPE_NONE,
		    "the library has no volume with this barcode");
	if (slot->tape != NULL)
		return refuse(result, TAPE_INVALID,
		    "the volume lies in a drive already");
	if (bay == NULL)
		return refuse(result, TAPE_NONE,
		    "the library has no drive that is free and works");
	return load_slot(library, slot, bay, now_ns, result);
}

static const char *close_name(enum tape_close why)
{
	switch (why) {
	case TAPE_CLOSE_GOOD:
		return "good";
	case TAPE_CLOSE_FULL:
		return "full";
	case TAPE_CLOSE_SUSPECT:
		return "suspect";
	case TAPE_CLOSE_DRIVE:
		return "suspect, drive avoided";
	case TAPE_CLOSE_REFUSED:
		return "refused";
	}
	return "?";
}

/* What is still to be written before the tape is unloaded. */
static void settle(struct tape *tape, enum tape_close why, int64_t now_ns,
    struct tape_result *result)
{
	struct volume *volume = drive_volume(vtape_drive(tape));

	tape_result_init(result, now_ns);
	if (why != TAPE_CLOSE_DRIVE && why != TAPE_CLOSE_REFUSED)
		vtape_finish(tape, now_ns, result);
	if (vtape_is_labelled(tape))
		volume_note(volume, "labelled", tape->barcode);
	if (vtape_is_written(tape))
		volume_note(volume, "closed", close_name(why));
}

static void unload(struct tape_library *base, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct library *library = (struct library *)base;
	struct bay *bay = &library->bays[tape->drive];
	struct slot *slot = bay->slot;
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_answer answer;
	struct tape_result last;
	struct volume *volume;

	assert(slot != NULL && slot->tape == tape);
	settle(tape, why, now_ns, result);
	slot->labelled |= vtape_is_labelled(tape);
	slot->written |= vtape_is_written(tape);
	volume = drive_volume(bay->drive);
	drive_unload(bay->drive, result->done_ns, &answer);
	volume_end(volume, &slot->end);
	strcpy(slot->lost, volume_lost(volume));
	if (result->cause == TAPE_OK) {
		vtape_translate(tape, "unload", &answer, &last);
		if (why != TAPE_CLOSE_DRIVE)
			*result = last;
	}
	result->done_ns = answer.done_ns;
	if (volume_close(volume, message) != 0) {
		if (slot->lost[0] == '\0')
			strcpy(slot->lost, message);
		if (result->cause == TAPE_OK)
			refuse(result, TAPE_DEFERRED, message);
	}
	vtape_free(tape);
	slot->tape = NULL;
	bay->slot = NULL;
	bay->failed |= why == TAPE_CLOSE_DRIVE;
}

static const struct tape_library_ops ops = {
	.load = load, .load_named = load_named, .unload = unload,
};

struct library *library_new(const struct library_spec *spec)
{
	struct library *library = calloc(1, sizeof *library);

	if (library == NULL)
		return NULL;
	library->base.ops = &ops;
	library->durable = spec->durable;
	library->slots = calloc(spec->volume_count + 1, sizeof(struct slot));
	library->bays = calloc(spec->drive_count + 1, sizeof(struct bay));
	if (library->slots == NULL || library->bays == NULL)
		goto fail;
	for (; library->slot_count < spec->volume_count;
	    library->slot_count++) {
		struct slot *slot = &library->slots[library->slot_count];

		slot->path = strdup(spec->paths[library->slot_count]);
		if (slot->path == NULL)
			goto fail;
		scan_barcode(slot);
	}
	for (; library->bay_count < spec->drive_count; library->bay_count++) {
		struct bay *bay = &library->bays[library->bay_count];

		bay->drive = drive_new(spec->drives[library->bay_count]);
		if (bay->drive == NULL)
			goto fail;
	}
	return library;
fail:
	library_free(library);
	return NULL;
}

void library_free(struct library *library)
{
	struct tape_result result;

	if (library == NULL)
		return;
	for (size_t i = 0; i < library->bay_count; i++) {
		struct bay *bay = &library->bays[i];

		if (bay->slot != NULL)
			unload(&library->base, bay->slot->tape,
			    TAPE_CLOSE_GOOD, 0, &result);
		drive_free(bay->drive);
	}
	for (size_t i = 0; i < library->slot_count; i++)
		free(library->slots[i].path);
	free(library->slots);
	free(library->bays);
	free(library);
}

struct tape_library *library_tapes(struct library *library)
{
	return &library->base;
}

size_t library_volume_count(const struct library *library)
{
	return library->slot_count;
}

void library_volume_get(const struct library *library, size_t i,
    struct library_volume *out)
{
	const struct slot *slot = &library->slots[i];
	const struct tape *tape = slot->tape;

	assert(i < library->slot_count);
	*out = (struct library_volume){
		.path = slot->path,
		.barcode = slot->barcode,
		.loaded = tape != NULL,
		.labelled = slot->labelled,
		.written = slot->written,
		.end = slot->end,
		.lost = slot->lost,
	};
	if (tape == NULL)
		return;
	out->labelled |= vtape_is_labelled(tape);
	out->written |= vtape_is_written(tape);
	volume_end(drive_volume(vtape_drive(tape)), &out->end);
}
