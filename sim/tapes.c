/* tapes.c: the tapes that a command line names. */
#include "sim/tapes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/interrupt.h"
#include "sim/units.h"
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
enum {
	KEY_LIBRARY = 'l', KEY_DEVICE = 'f', KEY_VOLUME = 'V',
	KEY_DRIVE = 512, KEY_WAIT, DRIVE_MAX = 1000
};

/* How often it is looked whether a drive is free. */
enum { WAIT_NS = 200000000 };

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
	char err[256];

	switch (key) {
	case KEY_LIBRARY:
		spec->library = arg;
		return 0;
	case KEY_DEVICE:
		spec->device = arg;
		return 0;
	case KEY_DRIVE:
		if (units_parse_count(arg, 0, DRIVE_MAX, &spec->drive, err,
		    sizeof err) != 0)
			argp_error(state, "--drive: %s", err);
		spec->drive_given = true;
		return 0;
	case KEY_WAIT:
		spec->wait = true;
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
		if (spec->library == NULL && (spec->drive_given || spec->wait))
			argp_error(state, "--drive and --wait go with "
			    "--library");
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
	{ "drive", KEY_DRIVE, "N", 0, "in the library, this drive alone, from "
	    "0; what lies in it comes first", 1 },
	{ "wait", KEY_WAIT, NULL, 0, "wait for a drive of the library, where "
	    "all are taken", 1 },
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

static bool wait_for_drive(void *arg, const char *message)
{
	const struct timespec t = { .tv_nsec = WAIT_NS };

	(void)arg, (void)message;
	nanosleep(&t, NULL);
	return interrupt_signal() == 0;
}

static struct tape_library *open_virtual(struct tapes *t,
    const struct tapes_spec *spec, bool reading, char *err, size_t err_bytes)
{
	const struct library_options how = {
		.program = spec->program, .drive = spec->drive_given ?
		    (int)spec->drive : -1,
		.reading = reading, .instant = true, .durable = true,
		.wait = spec->wait ? wait_for_drive : NULL,
	};
	char message[VOLUME_MESSAGE_BYTES];

	t->virtual = library_open(spec->library, &how, message);
	if (t->virtual != NULL)
		return library_tapes(t->virtual);
	snprintf(err, err_bytes, "%s", message);
	return NULL;
}

struct tapes *tapes_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	struct tapes *t = calloc(1, sizeof *t);

	if (t == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	t->chosen.library.ops = &chosen_ops;
	t->chosen.spec = spec;
	if (spec->library != NULL)
		t->chosen.inner = open_virtual(t, spec, use->reading, err,
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
	if (t == NULL)
		return;
	library_free(t->virtual);
	free(t);
}
