/* tapes.c: the tapes that a command line names. */
#include "sim/tapes.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/library.h"

/* A library that hands out volumes by their names, and no others. */
struct chosen {
	struct tape_library library;	/* first: cast to this */
	struct tape_library *inner;
	const struct tapes_spec *spec;
	size_t next;
};

struct tapes {
	struct library *virtual;
	struct chosen chosen;
	char **paths;
	size_t paths_count;
};

static struct tape *load_chosen(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct chosen *c = (struct chosen *)library;
	struct tape *tape;

	if (c->next < c->spec->volumes_count) {
		tape = tape_load_named(c->inner, c->spec->volumes[c->next++],
		    now_ns, result);
		/* One that is not there is not the last. */
		if (tape == NULL && result->cause == TAPE_NONE)
			result->cause = TAPE_UNKNOWN;
		return tape;
	}
	tape_result_init(result, now_ns);
	result->cause = TAPE_NONE;
	snprintf(result->message, sizeof result->message, "there is no "
	    "volume left of those that were named: name more with --volume");
	return NULL;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	return tape_load_named(((struct chosen *)library)->inner, barcode,
	    now_ns, result);
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct tape_library *inner = ((struct chosen *)library)->inner;

	inner->ops->unload(inner, tape, why, now_ns, result);
}

static const struct tape_library_ops chosen_ops = {
	.load = load_chosen, .load_named = load_named, .unload = unload,
};

/* Options. */
enum { KEY_LIBRARY = 'l', KEY_DEVICE = 'f', KEY_VOLUME = 'V' };

static int add_volume(struct tapes_spec *spec, const char *barcode)
{
	const char **volumes = reallocarray(spec->volumes,
	    spec->volumes_count + 1, sizeof *volumes);

	if (volumes == NULL)
		return -1;
	spec->volumes = volumes;
	spec->volumes[spec->volumes_count++] = barcode;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tapes_spec *spec = state->input;

	switch (key) {
	case KEY_LIBRARY:
		spec->library = arg;
		return 0;
	case KEY_DEVICE:
		spec->device = arg;
		return 0;
	case KEY_VOLUME:
		if (!header_name_ok(arg) || strlen(arg) >= TAPE_BARCODE_BYTES)
			argp_error(state, "--volume: \"%s\" is no barcode: 1 "
			    "to 32 printable characters", arg);
		return add_volume(spec, arg) == 0 ? 0 : ENOMEM;
	case ARGP_KEY_END:
		if ((spec->library == NULL) == (spec->device == NULL))
			argp_error(state, spec->library == NULL ? "say where "
			    "the tapes are: --library LIB, or --device DEV" :
			    "--library and --device exclude each other");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Where the tapes are:", 1 },
	{ "library", KEY_LIBRARY, "LIB", 0, "a virtual library: the folder "
	    "that holds it", 1 },
	{ "device", KEY_DEVICE, "DEV", 0, "a tape drive, such as /dev/nst0",
	    1 },
	{ "volume", KEY_VOLUME, "BARCODE", 0, "use this volume; given several "
	    "times, these volumes in this order, and no others", 1 },
	{ 0 }
};

const struct argp tapes_argp = { .options = options, .parser = parse };

void tapes_spec_clear(struct tapes_spec *spec)
{
	free(spec->volumes);
	memset(spec, 0, sizeof *spec);
}

static int is_volume(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".tape") == 0;
}

/* The volumes of a folder, in the order of their names. */
static int list_volumes(struct tapes *t, const char *folder, char *err,
    size_t err_bytes)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_volume, alphasort), i;

	if (n < 0) {
		snprintf(err, err_bytes, "cannot open the library %.200s: %s",
		    folder, strerror(errno));
		return -1;
	}
	t->paths = calloc((size_t)n + 1, sizeof *t->paths);
	for (i = 0; i < n; i++) {
		if (t->paths != NULL && asprintf(&t->paths[t->paths_count],
		    "%s/%s", folder, names[i]->d_name) >= 0)
			t->paths_count++;
		free(names[i]);
	}
	free(names);
	if (t->paths != NULL && t->paths_count == (size_t)n)
		return 0;
	snprintf(err, err_bytes, "out of memory");
	return -1;
}

static struct tape_library *open_virtual(struct tapes *t, const char *folder,
    char *err, size_t err_bytes)
{
	const struct model *drive = model_find("instant");
	struct library_spec spec = { .drives = &drive, .drive_count = 1,
		.durable = true };

	if (list_volumes(t, folder, err, err_bytes) != 0)
		return NULL;
	spec.paths = (const char *const *)t->paths;
	spec.volume_count = t->paths_count;
	t->virtual = library_new(&spec);
	if (t->virtual != NULL)
		return library_tapes(t->virtual);
	snprintf(err, err_bytes, "out of memory");
	return NULL;
}

struct tapes *tapes_open(const struct tapes_spec *spec, uint64_t block_bytes,
    char *err, size_t err_bytes)
{
	struct tapes *t = calloc(1, sizeof *t);

	(void)block_bytes;
	if (t == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	t->chosen.library.ops = &chosen_ops;
	t->chosen.spec = spec;
	if (spec->library != NULL)
		t->chosen.inner = open_virtual(t, spec->library, err,
		    err_bytes);
	else
		snprintf(err, err_bytes, "a real drive cannot be used yet");
	if (t->chosen.inner != NULL)
		return t;
	tapes_close(t);
	return NULL;
}

struct tape_library *tapes_library(const struct tapes *t)
{
	return t->chosen.spec->volumes_count > 0 ?
	    (struct tape_library *)(uintptr_t)&t->chosen.library :
	    t->chosen.inner;
}

void tapes_close(struct tapes *t)
{
	size_t i;

	if (t == NULL)
		return;
	library_free(t->virtual);
	for (i = 0; i < t->paths_count; i++)
		free(t->paths[i]);
	free(t->paths);
	free(t);
}
