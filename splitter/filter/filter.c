/* filter.c: a library that forwards to another, and how its tapes forward. */
#include "splitter/filter/filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/tape/counters.h"

/* Forwards the operations that the tables do not have. */
static void add_missing(struct tape_library_ops *library, struct tape_ops *tape)
{
#define FORWARD(ops, name, function) \
	((ops)->name = (ops)->name != NULL ? (ops)->name : (function))
	FORWARD(library, load, filter_load);
	FORWARD(library, load_named, filter_load_named);
	FORWARD(library, unload, filter_unload);
	FORWARD(tape, limits, filter_limits);
	FORWARD(tape, position, filter_position);
	FORWARD(tape, identity, filter_identity);
	FORWARD(tape, format, filter_format);
	FORWARD(tape, condition, filter_condition);
	FORWARD(tape, label, filter_label);
	FORWARD(tape, start_file, filter_start_file);
	FORWARD(tape, write, filter_write);
	FORWARD(tape, filemark, filter_filemark);
	FORWARD(tape, read, filter_read);
	FORWARD(tape, locate, filter_locate);
	FORWARD(tape, locate_eod, filter_locate_eod);
	FORWARD(tape, rewind, filter_rewind);
#undef FORWARD
}

void *filter_new(size_t bytes, struct tape_library *next,
    const struct tape_library_ops *ops, const struct tape_ops *tape_ops,
    size_t tape_bytes)
{
	struct filter *filter = calloc(1, bytes);

	if (filter == NULL)
		return NULL;
	if (ops != NULL)
		filter->library_ops = *ops;
	filter->tape_ops = *tape_ops;
	add_missing(&filter->library_ops, &filter->tape_ops);
	filter->library.ops = &filter->library_ops;
	filter->next = next;
	filter->tape_bytes = tape_bytes;
	return filter;
}

void filter_fail(const struct tape *tape, struct tape_result *result,
    enum tape_cause cause, const char *format, ...)
{
	va_list args;

	result->cause = cause;
	if (tape != NULL && ((const struct filter_tape *)tape)->leom)
		result->leom = true;
	memset(&result->sense, 0, sizeof result->sense);
	va_start(args, format);
	sentence_v(result->message, sizeof result->message, format, args);
	va_end(args);
}

/* Turns a result that breaks the rules of tape.h into an error. */
static void refuse(const struct tape *tape, const char *operation,
    struct tape_result *result, const char *what)
{
	filter_fail(tape, result, TAPE_UNKNOWN_ERROR,
	    "%s%s: %s returned %s, which "
	    "the rules for tapes do not allow: correct the program that "
	    "implements this %s",
	    tape != NULL ? "volume " : "library",
	    tape != NULL ? tape->barcode : "", operation, what,
	    tape != NULL ? "tape" : "library");
}

/*
 * Checks what every result must have: a message that ends, a time that is not
 * before now_ns, a known cause.
 */
static void check(const struct tape *tape, const char *operation,
    int64_t now_ns, struct tape_result *result)
{
	result->message[sizeof result->message - 1] = '\0';
	if (result->done_ns < now_ns)
		result->done_ns = now_ns;
	if ((unsigned)result->cause > TAPE_STORAGE_FAILED)
		refuse(tape, operation, result, "an unknown cause");
}

/*
 * Checks the result of an operation that does not read, which cannot have the
 * causes of a read.
 */
static void check_change(const struct tape *tape, const char *operation,
    int64_t now_ns, struct tape_result *result)
{
	check(tape, operation, now_ns, result);
	switch (result->cause) {
	case TAPE_NO_VOLUME:
	case TAPE_BLANK:
	case TAPE_FILEMARK:
	case TAPE_EOD:
		refuse(tape, operation, result, tape_cause_name(result->cause));
		break;
	default:
		break;
	}
}

bool filter_can_load_from(const struct tape_library *library)
{
	return library != NULL && library->ops != NULL &&
	    library->ops->load != NULL && library->ops->unload != NULL;
}

/*
 * Returns whether a load may be forwarded.  If not, the result has the reason.
 */
static bool may_load(const struct filter *filter, struct tape_result *result)
{
	if (filter_can_load_from(filter->next))
		return true;
	filter_fail(NULL, result, TAPE_NO_VOLUME,
	    "library: an operation is missing: load and unload are required");
	return false;
}

static bool has_all_operations(const struct tape_ops *ops)
{
	return ops != NULL && ops->limits != NULL && ops->position != NULL &&
	    ops->label != NULL && ops->start_file != NULL &&
	    ops->write != NULL && ops->filemark != NULL && ops->read != NULL &&
	    ops->locate != NULL && ops->locate_eod != NULL &&
	    ops->rewind != NULL;
}

/*
 * Unloads a tape that cannot be used.  The result of the load stays as it is.
 */
static void give_back(struct tape_library *next, struct tape *tape,
    int64_t now_ns)
{
	struct tape_result ignored;

	tape_result_init(&ignored, now_ns);
	next->ops->unload(next, tape, TAPE_CLOSE_REFUSED, now_ns, &ignored);
}

/*
 * Returns what is wrong with the result of a load; NULL if the result is valid.
 */
static const char *load_fault(const struct tape *below,
    const struct tape_result *result)
{
	if (below == NULL)
		return result->cause == TAPE_OK ? "no tape and no reason"
						: NULL;
	if (result->cause != TAPE_OK)
		return "a tape and an error";
	if (!has_all_operations(below->ops))
		return "a tape that lacks an operation";
	if (strnlen(below->barcode, sizeof below->barcode) ==
	    sizeof below->barcode)
		return "a tape whose barcode has no end";
	return NULL;
}

/*
 * Creates the filter's tape for `below`, the result of a load.  Returns NULL,
 * with the cause in the result, if there is no usable tape.
 */
static struct tape *stand_before(struct filter *filter, struct tape *below,
    int64_t now_ns, struct tape_result *result)
{
	struct tape_library *next = filter->next;
	struct filter_tape *tape;
	const char *fault;

	check(NULL, "load", now_ns, result);
	fault = load_fault(below, result);
	if (fault != NULL)
		refuse(NULL, "load", result, fault);
	if (below == NULL)
		return NULL;
	tape = fault == NULL ? calloc(1, filter->tape_bytes) : NULL;
	if (tape == NULL) {
		give_back(next, below, result->done_ns);
		if (fault == NULL)
			filter_fail(NULL, result, TAPE_UNKNOWN_ERROR,
			    "out of memory for a tape of a filter");
		return NULL;
	}
	tape->tape = *below;
	tape->tape.ops = &filter->tape_ops;
	tape->next = below;
	tape->filter = filter;
	return &tape->tape;
}

struct tape *filter_load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct filter *filter = (struct filter *)library;
	struct tape_library *next = filter->next;

	tape_result_init(result, now_ns);
	if (!may_load(filter, result))
		return NULL;
	return stand_before(filter, next->ops->load(next, now_ns, result),
	    now_ns, result);
}

struct tape *filter_load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct filter *filter = (struct filter *)library;
	struct tape_library *next = filter->next;

	tape_result_init(result, now_ns);
	if (!may_load(filter, result))
		return NULL;
	return stand_before(filter,
	    tape_load_named(next, barcode, now_ns, result), now_ns, result);
}

void filter_unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct tape_library *next = ((struct filter *)library)->next;

	tape_result_init(result, now_ns);
	next->ops->unload(next, ((struct filter_tape *)tape)->next, why, now_ns,
	    result);
	check_change(tape, "unload", now_ns, result);
	free(tape);
}

static struct tape *below(struct tape *tape)
{
	return ((struct filter_tape *)tape)->next;
}

static void record_leom(struct tape *tape, const struct tape_result *result)
{
	((struct filter_tape *)tape)->leom |= result->leom;
}

void filter_limits(struct tape *tape, struct tape_limits *limits)
{
	memset(limits, 0, sizeof *limits);
	below(tape)->ops->limits(below(tape), limits);
	if ((unsigned)limits->streaming > SPLITTER_STREAMING_REQUIRED)
		limits->streaming = SPLITTER_STREAMING_REQUIRED;
}

void filter_position(struct tape *tape, struct tape_position *position)
{
	*position = (struct tape_position){ .file = TAPE_POSITION_UNKNOWN,
		.object = TAPE_POSITION_UNKNOWN,
		.byte = TAPE_POSITION_UNKNOWN };
	below(tape)->ops->position(below(tape), position);
}

void filter_identity(struct tape *tape, struct tape_identity *identity)
{
	tape_identify(below(tape), identity);
}

void filter_condition(struct tape *tape, struct tape_condition *condition)
{
	tape_get_condition(below(tape), condition);
}

void filter_format(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	tape_result_init(result, now_ns);
	if (below(tape)->ops->format == NULL) {
		filter_fail(tape, result, TAPE_INVALID,
		    "volume %s: format: this tape cannot format a medium",
		    tape->barcode);
		return;
	}
	below(tape)->ops->format(below(tape), now_ns, result);
	((struct filter_tape *)tape)->leom = false;
	check_change(tape, "format", now_ns, result);
}

/* Checks the result of writing a label or a header, which is one block. */
static void check_block(struct tape *tape, const char *operation,
    uint64_t bytes, int64_t now_ns, struct tape_result *result)
{
	check_change(tape, operation, now_ns, result);
	if (result->bytes > bytes) {
		result->bytes = 0;
		refuse(tape, operation, result,
		    "more bytes than the block "
		    "has");
	}
}

void filter_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	tape_result_init(result, now_ns);
	below(tape)->ops->label(below(tape), block, bytes, now_ns, result);
	((struct filter_tape *)tape)->leom = false;
	check_block(tape, "label", bytes, now_ns, result);
	record_leom(tape, result);
}

void filter_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	tape_result_init(result, now_ns);
	below(tape)->ops->start_file(below(tape), block, bytes, now_ns, result);
	check_block(tape, "header", bytes, now_ns, result);
	record_leom(tape, result);
}

/*
 * Returns whether a tape can have taken this number of bytes of the run: whole
 * blocks, or all.
 */
static bool may_be_taken(const struct tape_run *run, uint64_t bytes)
{
	return bytes == run->bytes ||
	    (bytes < run->bytes && bytes % run->block_bytes == 0);
}

/*
 * Forwards the progress of a write.  A tape may report progress after the write
 * has ended; such a report is ignored.
 */
static void on_progress(void *arg, uint64_t bytes)
{
	struct filter_tape *tape = arg;
	const struct tape_run *run = tape->run;

	if (run == NULL || tape->impossible)
		return;
	if (bytes > run->bytes - tape->reported_bytes ||
	    !may_be_taken(run, tape->reported_bytes + bytes)) {
		tape->impossible = true;
		return;
	}
	tape->reported_bytes += bytes;
	run->progress(run->progress_arg, bytes);
}

void filter_write(struct tape *tape, const struct tape_run *run, int64_t now_ns,
    struct tape_result *result)
{
	struct filter_tape *t = (struct filter_tape *)tape;
	struct tape_run passed = *run;

	t->run = run;
	t->reported_bytes = 0;
	t->impossible = false;
	if (run->progress != NULL) {
		passed.progress = on_progress;
		passed.progress_arg = t;
	}
	tape_result_init(result, now_ns);
	below(tape)->ops->write(below(tape), &passed, now_ns, result);
	t->run = NULL;
	check_change(tape, "write", now_ns, result);
	if (t->impossible || result->bytes < t->reported_bytes ||
	    !may_be_taken(run, result->bytes)) {
		if (result->bytes > run->bytes)
			result->bytes = run->bytes;
		result->bytes -= result->bytes % run->block_bytes;
		if (result->bytes < t->reported_bytes)
			result->bytes = t->reported_bytes;
		refuse(tape, "write", result, "an impossible number of bytes");
	}
	record_leom(tape, result);
}

uint64_t filter_repeat(struct tape *tape, const struct tape_repeat *repeat,
    uint64_t times, struct tape_result *result)
{
	struct tape_repeat passed = *repeat;
	uint64_t done;

	passed.times = times < repeat->times ? times : repeat->times;
	if (passed.times == 0 || below(tape)->ops->repeat == NULL)
		return 0;
	done = below(tape)->ops->repeat(below(tape), &passed, result);
	if (done == 0)
		return 0;
	check_change(tape, "repeat", repeat->begin_ns, result);
	if (done > passed.times || !may_be_taken(&repeat->run, result->bytes)) {
		done = passed.times;
		result->bytes = repeat->run.bytes;
		refuse(tape, "repeat", result,
		    "an impossible number of writes");
	}
	record_leom(tape, result);
	return done;
}

void filter_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	tape_result_init(result, now_ns);
	below(tape)->ops->filemark(below(tape), sync, now_ns, result);
	check_change(tape, "filemark", now_ns, result);
	record_leom(tape, result);
}

void filter_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	tape_result_init(result, now_ns);
	memset(block, 0, sizeof *block);
	below(tape)->ops->read(below(tape), buf, buf_bytes, block, now_ns,
	    result);
	check(tape, "read", now_ns, result);
	if (result->cause == TAPE_OK && block->bytes > buf_bytes) {
		block->bytes = 0;
		refuse(tape, "read", result,
		    "more bytes than there is room "
		    "for");
	}
}

void filter_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	tape_result_init(result, now_ns);
	below(tape)->ops->locate(below(tape), file, now_ns, result);
	check(tape, "locate", now_ns, result);
}

void filter_locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	tape_result_init(result, now_ns);
	below(tape)->ops->locate_eod(below(tape), now_ns, result);
	check(tape, "locate_eod", now_ns, result);
	record_leom(tape, result);
}

void filter_rewind(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	tape_result_init(result, now_ns);
	below(tape)->ops->rewind(below(tape), now_ns, result);
	check(tape, "rewind", now_ns, result);
	((struct filter_tape *)tape)->leom = false;
}
