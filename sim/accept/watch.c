/* watch.c: see watch.h. */
#include "sim/accept/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/filter/hook.h"
#include "splitter/scsi/cause.h"

struct watch {
	struct hook_filter hook; /* first: cast to this */
	struct watch_config config;
	struct watch_seen *seen;
};

static struct watch *watch_of(const struct tape *tape)
{
	return (struct watch *)hook_filter_of(tape);
}

static void add(struct watch_errors *errors, const char *barcode,
    const struct tape_result *result)
{
	if (errors->count++ > 0)
		return;
	snprintf(errors->text, sizeof errors->text, "%s",
	    tape_result_text(result));
	snprintf(errors->barcode, sizeof errors->barcode, "%s", barcode);
}

/* Such an error says nothing about the drive or its cartridge: the cable failed. */
static bool is_of_transport(const struct tape_result *result)
{
	return result->sense.valid &&
	    scsi_is_of_transport(result->sense.key, result->sense.asc);
}

enum { NOT_READY = 2, MEDIUM_ERROR = 3, HARDWARE_ERROR = 4 }; /* sense keys */
enum { ILLEGAL_REQUEST = 5, DATA_PROTECT = 7 };

/* SECURITY ERROR (74h): SPC-4. */
static bool is_of_encryption(const struct tape_result *result)
{
	return result->sense.valid && result->sense.asc == 0x74 &&
	    result->sense.key != HARDWARE_ERROR;
}

/*
 * CANNOT READ or WRITE MEDIUM, INCOMPATIBLE MEDIUM INSTALLED (30h): SPC-4.  As a
 * medium error it may be damage, see is_of_medium().  Written over write-once data
 * (30/0C): protection.
 */
static bool is_unfit(const struct tape_result *result)
{
	const uint8_t key = result->sense.key;

	return result->sense.valid && result->sense.asc == 0x30 &&
	    result->sense.ascq != 0x0c &&
	    (key == NOT_READY || key == ILLEGAL_REQUEST || key == DATA_PROTECT);
}

/* A deferred error, or a lost position, may be a hardware error by its sense key. */
static bool is_of_hardware(const struct tape_result *result)
{
	if (is_of_transport(result) || is_of_encryption(result))
		return false;
	return result->cause == TAPE_HARDWARE_ERROR ||
	    (result->cause != TAPE_OK && result->sense.valid &&
		result->sense.key == HARDWARE_ERROR);
}

/*
 * So may an error of the medium be a lost position (3/3B) or a format that the
 * drive cannot read (3/30), by its cause.  The end of the medium (3/00/02) is
 * none.
 */
static bool is_of_medium(const struct tape_result *result)
{
	switch (result->cause) {
	case TAPE_MEDIUM_ERROR:
		return true;
	case TAPE_DEFERRED_ERROR:
		return !is_of_transport(result);
	case TAPE_POSITION_LOST:
	case TAPE_INVALID:
		return result->sense.valid && result->sense.key == MEDIUM_ERROR;
	default:
		return false;
	}
}

/* Notes a result of a loaded cartridge. */
static void note(struct watch *w, const char *barcode,
    const struct tape_result *result)
{
	struct watch_seen *seen = w->seen;

	seen->remarks |= result->remarks;
	if (is_of_hardware(result))
		add(&seen->hardware, barcode, result);
	else if (is_of_encryption(result))
		add(&seen->encryption, barcode, result);
	else if (is_unfit(result))
		add(&seen->unfit, barcode, result);
	else if (is_of_medium(result))
		add(&seen->medium, barcode, result);
	else if (result->cause == TAPE_WRITE_PROTECTED)
		add(&seen->protection, barcode, result);
}

/* Notes that a cartridge was not loaded.  `barcode` may be "": any was wanted. */
static void note_unloaded(struct watch *w, const char *barcode,
    const struct tape_result *result)
{
	w->seen->remarks |= result->remarks;
	if (is_of_hardware(result))
		add(&w->seen->hardware, barcode, result);
	else if (is_of_encryption(result) || is_unfit(result) ||
	    is_of_medium(result) || result->cause == TAPE_INVALID)
		add(&w->seen->load, barcode, result);
}

/* Fails an operation after a hardware error, and one that may not write. */
static bool before(struct tape *tape, struct hook_request *request,
    struct tape_result *result)
{
	const struct watch *w = watch_of(tape);

	tape_result_init(result, request->now_ns);
	if (w->seen->hardware.count > 0)
		filter_fail(tape, result, TAPE_HARDWARE_ERROR,
		    "stopped after a hardware error: %.400s",
		    w->seen->hardware.text);
	else if (w->config.reading && hook_operation_writes(request->operation))
		filter_fail(tape, result, TAPE_WRITE_PROTECTED,
		    "nothing is written on a second drive");
	return result->cause == TAPE_OK;
}

/* Returns whether a write with this result may leave data in the buffer. */
static bool leaves_unwritten(enum tape_cause cause)
{
	return cause != TAPE_OK && cause != TAPE_PEOM &&
	    cause != TAPE_WRITE_PROTECTED;
}

static void after(struct tape *tape, const struct hook_request *request,
    struct tape_result *result)
{
	struct watch *w = watch_of(tape);

	if (request->operation == HOOK_WRITE)
		w->seen->written_bytes += result->bytes;
	if (request->operation == HOOK_LABEL && result->cause == TAPE_OK)
		w->seen->labels++;
	if (hook_operation_writes(request->operation))
		w->seen->failed_writes += leaves_unwritten(result->cause);
	if (request->operation == HOOK_READ && result->cause == TAPE_OK)
		w->seen->read_bytes += request->block->bytes;
	/* As with the other errors of these kinds. */
	if ((is_of_transport(result) || is_of_encryption(result)) &&
	    result->cause == TAPE_HARDWARE_ERROR)
		result->cause = TAPE_POSITION_LOST;
	note(w, tape->barcode, result);
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

	if (tape == NULL)
		return NULL;
	note(w, tape->barcode, result);
	why = w->config.loaded(w->config.arg, tape);
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
	if (w->seen->hardware.count == 0)
		return false;
	tape_result_init(result, now_ns);
	filter_fail(NULL, result, TAPE_NO_VOLUME,
	    "stopped after a hardware error: %.400s", w->seen->hardware.text);
	return true;
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct watch *w = (struct watch *)library;
	struct tape *tape;

	if (is_closed(w, now_ns, result))
		return NULL;
	tape = filter_load(library, now_ns, result);
	if (tape == NULL)
		note_unloaded(w, "", result);
	return admit(library, tape, result);
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct watch *w = (struct watch *)library;
	struct tape *tape;

	if (is_closed(w, now_ns, result))
		return NULL;
	tape = filter_load_named(library, barcode, now_ns, result);
	if (tape == NULL)
		note_unloaded(w, barcode, result);
	if (tape == NULL && result->cause == TAPE_NO_VOLUME &&
	    w->config.missing != NULL)
		w->config.missing(w->config.arg, result);
	return admit(library, tape, result);
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct watch *w = (struct watch *)library;
	char barcode[TAPE_BARCODE_BYTES];

	memcpy(barcode, tape->barcode, sizeof barcode);
	w->config.before_unload(w->config.arg, tape);
	filter_unload(library, tape,
	    w->seen->hardware.count > 0 ? TAPE_CLOSE_AVOID_DRIVE : why, now_ns,
	    result);
	note(w, barcode, result);
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

void watch_take(struct tape_library *watch, const struct tape *tape,
    const struct tape_result *result)
{
	note((struct watch *)watch, tape->barcode, result);
}
