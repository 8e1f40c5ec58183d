/* watch.c: see watch.h. */
#include "sim/accept/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/filter/hook.h"

struct watch {
	struct hook_filter hook; /* first: cast to this */
	struct watch_config config;
	struct watch_seen *seen;
};

static struct watch *watch_of(const struct tape *tape)
{
	return (struct watch *)hook_filter_of(tape);
}

/* Notes a result. */
static void note(struct watch *w, const struct tape *tape,
    const struct tape_result *result)
{
	struct watch_seen *seen = w->seen;

	switch (result->cause) {
	case TAPE_MEDIUM_ERROR:
	case TAPE_DEFERRED_ERROR:
		if (seen->medium_errors++ > 0)
			return;
		memcpy(seen->medium_error, tape_result_text(result),
		    strlen(tape_result_text(result)) + 1);
		if (tape != NULL)
			memcpy(seen->barcode, tape->barcode,
			    sizeof seen->barcode);
		return;
	case TAPE_HARDWARE_ERROR:
		if (seen->hardware_errors++ == 0)
			memcpy(seen->hardware_error, tape_result_text(result),
			    strlen(tape_result_text(result)) + 1);
		return;
	case TAPE_POSITION_LOST:
	case TAPE_UNKNOWN_ERROR:
		seen->other_errors++;
		return;
	default:
		return;
	}
}

/* Fails an operation after a hardware error, and one that may not write. */
static bool before(struct tape *tape, struct hook_request *request,
    struct tape_result *result)
{
	const struct watch *w = watch_of(tape);

	tape_result_init(result, request->now_ns);
	if (w->seen->hardware_errors > 0)
		filter_fail(tape, result, TAPE_HARDWARE_ERROR,
		    "stopped after a hardware error: %.400s",
		    w->seen->hardware_error);
	else if (w->config.reading && hook_operation_writes(request->operation))
		filter_fail(tape, result, TAPE_WRITE_PROTECTED,
		    "nothing is written on a second drive");
	return result->cause == TAPE_OK;
}

static void after(struct tape *tape, const struct hook_request *request,
    struct tape_result *result)
{
	struct watch *w = watch_of(tape);

	if (request->operation == HOOK_WRITE)
		w->seen->written_bytes += result->bytes;
	if (request->operation == HOOK_LABEL && result->cause == TAPE_OK)
		w->seen->labels++;
	if (request->operation == HOOK_READ && result->cause == TAPE_OK)
		w->seen->read_bytes += request->block->bytes;
	note(w, tape, result);
}

static const struct hooks hooks = {
	.name = "watch",
	.before = before,
	.after = after,
};

/* Asks whether the loaded cartridge may be used; gives it back if not. */
static struct tape *admit(struct tape_library *library, struct tape *tape,
    struct tape_result *result)
{
	struct watch *w = (struct watch *)library;
	struct tape_result unloaded;
	const char *why;

	note(w, tape, result);
	why = tape != NULL ? w->config.loaded(w->config.arg, tape) : NULL;
	if (why == NULL)
		return tape;
	filter_unload(library, tape, TAPE_CLOSE_REFUSED, result->done_ns,
	    &unloaded);
	tape_result_init(result, unloaded.done_ns);
	filter_fail(NULL, result, TAPE_UNKNOWN_ERROR, "%s", why);
	return NULL;
}

/* Fails a load after a hardware error. */
static bool is_closed(const struct watch *w, int64_t now_ns,
    struct tape_result *result)
{
	if (w->seen->hardware_errors == 0)
		return false;
	tape_result_init(result, now_ns);
	filter_fail(NULL, result, TAPE_NO_VOLUME,
	    "stopped after a hardware error: %.400s", w->seen->hardware_error);
	return true;
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	if (is_closed((struct watch *)library, now_ns, result))
		return NULL;
	return admit(library, filter_load(library, now_ns, result), result);
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct watch *w = (struct watch *)library;
	struct tape *tape;

	if (is_closed(w, now_ns, result))
		return NULL;
	tape = filter_load_named(library, barcode, now_ns, result);
	if (tape == NULL && result->cause == TAPE_NO_VOLUME &&
	    w->config.missing != NULL)
		w->config.missing(w->config.arg, result);
	return admit(library, tape, result);
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct watch *w = (struct watch *)library;

	w->config.before_unload(w->config.arg, tape);
	filter_unload(library, tape,
	    w->seen->hardware_errors > 0 ? TAPE_CLOSE_AVOID_DRIVE : why, now_ns,
	    result);
	note(w, NULL, result);
}

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

struct tape_library *watch_new(struct tape_library *next,
    const struct watch_config *config, struct watch_seen *seen)
{
	struct watch *w = hook_filter_new(sizeof *w, next, &library_ops, &hooks,
	    sizeof(struct filter_tape));

	if (w == NULL)
		return NULL;
	w->config = *config;
	w->seen = seen;
	return &w->hook.filter.library;
}

void watch_free(struct tape_library *library)
{
	free(library);
}
