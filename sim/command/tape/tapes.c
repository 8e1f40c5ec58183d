/* tapes.c: the tapes that a command line names. */
#include "sim/command/tape/tapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/signals.h"
#include "sim/command/tape/tapes_device.h"
#include "sim/run/trace_file.h"
#include "splitter/base/sentence.h"
#include "vtl/library/library.h"

/*
 * A tape_library that loads only the named volumes, if names are given.  It
 * remembers which volume it could not load.
 */
struct chosen {
	struct tape_library library; /* first: cast to this */
	struct tape_library *inner;
	const struct library *virtual; /* the library of `inner`, or NULL */
	const char *const *volumes;
	size_t volumes_count, next;
	struct tapes_missed missed;
};

struct named_tapes {
	struct tapes tapes; /* first: cast to this */
	struct tapes_spec spec;
	const char *only; /* a list of one volume, or NULL */
	struct library *virtual;
	struct tapes_device *real; /* either `real` or `virtual` is set */
	struct chosen chosen;
	struct tape_library *limit, *fault, *tracing; /* filters; or NULL */
	struct trace_file *trace;
	bool reported; /* the reason for waiting was printed */
};

/* The time between two checks for a free drive. */
enum { WAIT_NS = 200000000 };

/* Prepends the name of the volume to the message. */
static void name_volume(struct tape_result *result, const char *barcode)
{
	char why[TAPE_MESSAGE_BYTES];

	memcpy(why, result->message, sizeof why);
	sentence(result->message, sizeof result->message, "volume %s: %s",
	    barcode, why);
}

/* Remembers which volume could not be loaded; `barcode` is "" if unknown. */
static struct tape *note(struct chosen *c, struct tape *tape,
    const char *barcode)
{
	struct library_load_failure missed = { .in_use = false };

	memset(&c->missed, 0, sizeof c->missed);
	if (tape != NULL)
		return tape;
	if (c->virtual != NULL)
		library_get_load_failure(c->virtual, &missed);
	if (barcode[0] == '\0')
		barcode = missed.barcode;
	snprintf(c->missed.barcode, sizeof c->missed.barcode, "%s", barcode);
	c->missed.in_use = missed.in_use;
	return NULL;
}

static struct tape *load_chosen(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct chosen *c = (struct chosen *)library;
	const char *barcode;
	struct tape *tape;

	if (c->volumes_count == 0)
		return note(c, c->inner->ops->load(c->inner, now_ns, result),
		    "");
	if (c->next < c->volumes_count) {
		barcode = c->volumes[c->next++];
		tape =
		    note(c, tape_load_named(c->inner, barcode, now_ns, result),
			barcode);
		/* A missing volume does not end the list. */
		if (tape == NULL && result->cause == TAPE_NO_VOLUME) {
			result->cause = TAPE_UNKNOWN_ERROR;
			name_volume(result, barcode);
		}
		return tape;
	}
	tape_result_init(result, now_ns);
	result->cause = TAPE_NO_VOLUME;
	snprintf(result->message, sizeof result->message,
	    "all volumes named with --volume are used; name more of them");
	return NULL;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct chosen *c = (struct chosen *)library;

	return note(c, tape_load_named(c->inner, barcode, now_ns, result),
	    barcode);
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct tape_library *inner = ((struct chosen *)library)->inner;

	inner->ops->unload(inner, tape, why, now_ns, result);
}

static const struct tape_library_ops chosen_ops = {
	.load = load_chosen,
	.load_named = load_named,
	.unload = unload,
};

static bool wait_for_drive(void *arg, const char *message)
{
	struct named_tapes *tapes = arg;

	/* Print the reason only if a person must act. */
	if (!tapes->reported &&
	    (strstr(message, "in use by") == NULL ||
		strstr(message, "--forget-client") != NULL)) {
		fprintf(stderr, "tapelab: waiting: %s\n", message);
		tapes->reported = true;
	}
	return signals_sleep(WAIT_NS);
}

/* Prints an error of the library that does not stop the command. */
static void warn(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: warning: %s\n", message);
}

static struct tape_library *open_virtual(struct named_tapes *t,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	const struct tapes_spec *spec = &t->spec;
	bool paced = spec->pace_permille > 0;
	const struct library_options how = {
		.program = spec->program,
		.drive = spec->drive_given ? (int)spec->drive : -1,
		.reading = use->reading,
		.fingerprints = use->inspecting,
		.instant = !paced,
		.durable = true,
		.wait = spec->wait ? wait_for_drive : NULL,
		.wait_arg = t,
		.warn = warn,
	};
	char message[VOLUME_MESSAGE_BYTES];

	t->virtual = library_open(spec->library, &how, message);
	if (t->virtual != NULL && paced)
		library_set_pace(t->virtual, &pace_real_clock,
		    spec->pace_permille);
	if (t->virtual != NULL)
		return library_tapes(t->virtual);
	snprintf(err, err_bytes, "%s", message);
	return NULL;
}

/* Adds the filters of the options. */
static int add_filters(struct named_tapes *t, char *err, size_t err_bytes)
{
	const struct tapes_spec *spec = &t->spec;
	struct tape_library *library = &t->chosen.library;

	if (spec->limited)
		library = t->limit = splitter_limit_library_new(library,
		    spec->limit_bytes, spec->warning_bytes);
	if (library != NULL && spec->faults_count > 0)
		library = t->fault = splitter_fault_library_new(library,
		    spec->faults, spec->faults_count);
	if (library != NULL && spec->trace != NULL) {
		t->trace = trace_file_open(spec->trace, spec->trace, NULL, err,
		    err_bytes);
		if (t->trace == NULL)
			return -1;
		library = t->tracing = splitter_trace_library_new(library,
		    trace_file_line, t->trace);
	}
	t->tapes.library = library;
	if (library == NULL)
		snprintf(err, err_bytes, "out of memory");
	return library == NULL ? -1 : 0;
}

static void take_missed(struct tapes *tapes, struct tapes_missed *missed)
{
	struct chosen *c = &((struct named_tapes *)tapes)->chosen;

	*missed = c->missed;
	memset(&c->missed, 0, sizeof c->missed);
}

/* Returns why a cartridge must stay where it is; NULL: it may be loaded. */
static const char *why_left(const struct changer_element *e, char *text,
    size_t bytes)
{
	if (e->kind == CHANGER_KIND_IE)
		snprintf(text, bytes,
		    "it is in import/export slot %u: move it into a storage "
		    "slot",
		    e->number);
	else if (e->kind == CHANGER_KIND_DRIVE && e->by_hand &&
	    e->client.id == 0)
		snprintf(text, bytes,
		    "it was loaded into drive %u by hand: unload it, or name "
		    "that drive or that volume",
		    e->number);
	else
		return NULL;
	return text;
}

static int each_volume(struct tapes *tapes,
    bool (*each)(void *arg, const char *barcode, const char *why), void *arg,
    char *err, size_t err_bytes)
{
	struct named_tapes *t = (struct named_tapes *)tapes;
	char why[160];
	struct changer_element *elements;
	struct changer *changer;
	size_t count, i;

	if (t->virtual == NULL || t->chosen.volumes_count > 0)
		return 0;
	changer = library_changer(t->virtual);
	if (changer_list(changer, &elements, &count) != CHANGER_OK) {
		snprintf(err, err_bytes, "%s", changer_message(changer));
		return -1;
	}
	for (i = 0; i < count; i++)
		if (elements[i].full && !elements[i].cleaning &&
		    !each(arg, elements[i].barcode,
			why_left(&elements[i], why, sizeof why)))
			break;
	free(elements);
	return 0;
}

static int inherit(struct tapes *tapes, const struct tapes *from)
{
	struct library *to = ((struct named_tapes *)tapes)->virtual;
	const struct library *other = ((const struct named_tapes *)from)
					  ->virtual;

	return to != NULL && other != NULL
	    ? library_copy_fingerprints(to, other)
	    : 0;
}

static void each_lost(struct tapes *tapes,
    void (*each)(void *arg, const char *barcode, bool lost, const char *why),
    void *arg)
{
	struct named_tapes *t = (struct named_tapes *)tapes;
	char why[VOLUME_MESSAGE_BYTES];
	struct library_volume volume;
	enum volume_match is;
	size_t i;

	if (t->virtual == NULL)
		return;
	for (i = 0; i < library_volume_count(t->virtual); i++) {
		is = library_verify_volume(t->virtual, i, why);
		library_volume_get(t->virtual, i, &volume);
		if (is != VOLUME_UNCHANGED)
			each(arg, volume.barcode, is == VOLUME_REPLACED, why);
	}
}

static bool may_overwrite(const struct tapes *tapes, const char *what, bool yes)
{
	const struct named_tapes *t = (const struct named_tapes *)tapes;

	if (t->real == NULL || tapes_device_changed(t->real))
		return false;
	fprintf(stderr, "tapelab: %s: content of the volume in the drive: %s\n",
	    t->spec.device, what);
	return yes || tapes_device_confirms(t->spec.device);
}

static void close_tapes(struct tapes *tapes)
{
	struct named_tapes *t = (struct named_tapes *)tapes;
	char err[512];

	splitter_trace_library_free(t->tracing);
	splitter_fault_library_free(t->fault);
	splitter_limit_library_free(t->limit);
	library_free(t->virtual);
	tapes_device_close(t->real);
	if (trace_file_close(t->trace, err, sizeof err) != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	free(t);
}

static const struct tapes_ops tapes_ops = {
	.take_missed = take_missed,
	.each = each_volume,
	.inherit = inherit,
	.each_lost = each_lost,
	.may_overwrite = may_overwrite,
	.close = close_tapes,
};

/* Chooses the volumes that `use` allows.  An inspection uses no filters, and
 * does not wait for a model. */
static void choose(struct named_tapes *t, const struct tapes_use *use)
{
	struct tapes_spec *spec = &t->spec;

	if (use->inspecting) {
		if (spec->library != NULL)
			spec->volumes_count = 0;
		spec->limited = false;
		spec->faults_count = 0;
		spec->trace = NULL;
		spec->pace_permille = 0;
	}
	if (use->only != NULL) {
		t->only = use->only;
		spec->volumes = &t->only;
		spec->volumes_count = 1;
	}
	t->chosen.volumes = spec->volumes;
	t->chosen.volumes_count = spec->volumes_count;
}

struct tapes *tapes_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	struct named_tapes *t = calloc(1, sizeof *t);

	if (t == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	t->tapes.ops = &tapes_ops;
	t->spec = *spec;
	choose(t, use);
	t->chosen.library.ops = &chosen_ops;
	if (spec->library != NULL)
		t->chosen.inner = open_virtual(t, use, err, err_bytes);
	else if ((t->real = tapes_device_open(&t->spec, use, err, err_bytes)) !=
	    NULL)
		t->chosen.inner = tapes_device_library(t->real);
	t->chosen.virtual = t->virtual;
	if (t->chosen.inner != NULL && add_filters(t, err, err_bytes) == 0)
		return &t->tapes;
	close_tapes(&t->tapes);
	return NULL;
}

static struct tapes *open_source(void *arg, const struct tapes_use *use,
    char *err, size_t err_bytes)
{
	return tapes_open(arg, use, err, err_bytes);
}

struct tapes_source tapes_source(const struct tapes_spec *spec)
{
	return (struct tapes_source){
		.open = open_source,
		.arg = (void *)(uintptr_t)spec,
		.library = spec->library,
		.volumes = spec->volumes,
		.volumes_count = spec->volumes_count,
	};
}
