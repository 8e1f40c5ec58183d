/* tapes.c: the tapes that a command line names. */
#include "sim/command/tape/tapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/signals.h"
#include "sim/command/tape/tapes_device.h"
#include "sim/command/tape/terminal.h"
#include "sim/run/library/trace_file.h"
#include "sim/setup/library_tapes.h"
#include "vtl/library/library.h"

struct named_tapes {
	struct library_tapes base; /* first: cast to this */
	struct tapes_spec spec;
	const char *only;          /* a list of one volume, or NULL */
	struct tapes_device *real; /* NULL: `base` has a library */
	struct tape_library *limit, *fault, *tracing; /* filters; or NULL */
	struct trace_file *trace;
	bool reported; /* the reason for waiting was printed */
};

/* The time between two checks for a free drive. */
enum { WAIT_NS = 200000000 };

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
		.instant = !paced && !spec->timed,
		.durable = !spec->timed,
		.wait = spec->wait ? wait_for_drive : NULL,
		.wait_arg = t,
		.warn = warn,
	};
	char message[VOLUME_MESSAGE_BYTES];

	t->base.library = library_open(spec->library, &how, message);
	if (t->base.library != NULL && paced)
		library_set_pace(t->base.library, &pace_real_clock,
		    spec->pace_permille);
	if (t->base.library != NULL)
		return library_tapes(t->base.library);
	snprintf(err, err_bytes, "%s", message);
	return NULL;
}

/* Adds the filters of the options. */
static int add_filters(struct named_tapes *t, char *err, size_t err_bytes)
{
	const struct tapes_spec *spec = &t->spec;
	struct tape_library *library = &t->base.chosen;

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
	t->base.tapes.library = library;
	if (library == NULL)
		snprintf(err, err_bytes, "out of memory");
	return library == NULL ? -1 : 0;
}

static bool may_overwrite(const struct tapes *tapes, const char *what, bool yes)
{
	const struct named_tapes *t = (const struct named_tapes *)tapes;

	if (t->real == NULL || tapes_device_changed(t->real))
		return false;
	fprintf(stderr, "tapelab: %s: content of the volume in the drive: %s\n",
	    t->spec.device, what);
	return yes || terminal_confirms(t->spec.device);
}

static void close_tapes(struct tapes *tapes)
{
	struct named_tapes *t = (struct named_tapes *)tapes;
	char err[512];

	splitter_trace_library_free(t->tracing);
	splitter_fault_library_free(t->fault);
	splitter_limit_library_free(t->limit);
	library_free(t->base.library);
	tapes_device_close(t->real);
	if (trace_file_close(t->trace, err, sizeof err) != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	free(t);
}

static const struct tapes_ops tapes_ops = {
	.take_missed = library_tapes_take_missed,
	.each = library_tapes_each,
	.inherit = library_tapes_inherit,
	.each_lost = library_tapes_each_lost,
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
	t->base.volumes = spec->volumes;
	t->base.volumes_count = spec->volumes_count;
}

struct tapes *tapes_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	struct named_tapes *t = calloc(1, sizeof *t);
	struct tape_library *inner = NULL;

	if (t == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	t->base.tapes.ops = &tapes_ops;
	t->spec = *spec;
	choose(t, use);
	if (spec->library != NULL)
		inner = open_virtual(t, use, err, err_bytes);
	else if ((t->real = tapes_device_open(&t->spec, use, err, err_bytes)) !=
	    NULL)
		inner = tapes_device_library(t->real);
	library_tapes_init(&t->base, t->base.library, inner);
	if (inner != NULL && add_filters(t, err, err_bytes) == 0)
		return &t->base.tapes;
	close_tapes(&t->base.tapes);
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
