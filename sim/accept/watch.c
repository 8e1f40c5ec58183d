/* watch.c: see watch.h. */
#include "sim/accept/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/filter/filter.h"

struct watch {
	struct filter filter; /* first: cast to this */
	struct watch_config config;
	struct watch_seen *seen;
};

static struct watch *watch_of(const struct tape *tape)
{
	return (struct watch *)((const struct filter_tape *)tape)->filter;
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

/* Fails an operation after a hardware error.  Returns whether it does. */
static bool is_over(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	const struct watch *w = watch_of(tape);

	if (w->seen->hardware_errors == 0)
		return false;
	tape_result_init(result, now_ns);
	filter_fail(tape, result, TAPE_HARDWARE_ERROR,
	    "stopped after a hardware error: %.400s", w->seen->hardware_error);
	return true;
}

/* Fails an operation that writes.  Returns whether it does. */
static bool is_barred(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	if (is_over(tape, now_ns, result))
		return true;
	if (!watch_of(tape)->config.reading)
		return false;
	tape_result_init(result, now_ns);
	filter_fail(tape, result, TAPE_WRITE_PROTECTED,
	    "nothing is written on a second drive");
	return true;
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	if (is_barred(tape, now_ns, result))
		return;
	filter_label(tape, block, bytes, now_ns, result);
	note(watch_of(tape), tape, result);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	if (is_barred(tape, now_ns, result))
		return;
	filter_start_file(tape, block, bytes, now_ns, result);
	note(watch_of(tape), tape, result);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	if (is_barred(tape, now_ns, result))
		return;
	filter_write(tape, run, now_ns, result);
	watch_of(tape)->seen->written_bytes += result->bytes;
	note(watch_of(tape), tape, result);
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	if (is_barred(tape, now_ns, result))
		return;
	filter_filemark(tape, sync, now_ns, result);
	note(watch_of(tape), tape, result);
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	if (is_over(tape, now_ns, result))
		return;
	filter_read(tape, buf, buf_bytes, block, now_ns, result);
	if (result->cause == TAPE_OK)
		watch_of(tape)->seen->read_bytes += block->bytes;
	note(watch_of(tape), tape, result);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	if (is_over(tape, now_ns, result))
		return;
	filter_locate(tape, file, now_ns, result);
	note(watch_of(tape), tape, result);
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	if (is_over(tape, now_ns, result))
		return;
	filter_locate_eod(tape, now_ns, result);
	note(watch_of(tape), tape, result);
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	if (is_over(tape, now_ns, result))
		return;
	filter_rewind(tape, now_ns, result);
	note(watch_of(tape), tape, result);
}

static void format(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	if (!is_barred(tape, now_ns, result))
		filter_format(tape, now_ns, result);
}

static const struct tape_ops tape_ops = {
	.name = "watch",
	.limits = filter_limits,
	.position = filter_position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
	.identity = filter_identity,
	.format = format,
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
	if (is_closed((struct watch *)library, now_ns, result))
		return NULL;
	return admit(library,
	    filter_load_named(library, barcode, now_ns, result), result);
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
	struct watch *w = filter_new(sizeof *w, next, &library_ops, &tape_ops,
	    sizeof(struct filter_tape));

	if (w == NULL)
		return NULL;
	w->config = *config;
	w->seen = seen;
	return &w->filter.library;
}

void watch_free(struct tape_library *library)
{
	free(library);
}
