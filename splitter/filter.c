/* filter.c: a library before a library, and how its tapes pass things on. */
#include "splitter/filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *filter_new(size_t bytes, struct tape_library *next,
    const struct tape_library_ops *ops, const struct tape_ops *tape_ops,
    size_t tape_bytes)
{
	struct filter *filter = calloc(1, bytes);

	if (filter == NULL)
		return NULL;
	filter->library.ops = ops;
	filter->next = next;
	filter->tape_ops = tape_ops;
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
	vsnprintf(result->message, sizeof result->message, format, args);
	va_end(args);
}

/* A tape of the filter before `below`, which was loaded; or NULL. */
static struct tape *stand_before(struct filter *filter, struct tape *below,
    struct tape_result *result)
{
	struct tape_library *next = filter->next;
	struct filter_tape *tape;

	if (below == NULL)
		return NULL;
	tape = calloc(1, filter->tape_bytes);
	if (tape == NULL) {
		next->ops->unload(next, below, TAPE_CLOSE_REFUSED,
		    result->done_ns, result);
		filter_fail(NULL, result, TAPE_UNKNOWN,
		    "out of memory for a tape of a filter");
		return NULL;
	}
	tape->tape = *below;
	tape->tape.ops = filter->tape_ops;
	tape->next = below;
	tape->filter = filter;
	return &tape->tape;
}

struct tape *filter_load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct filter *filter = (struct filter *)library;
	struct tape_library *next = filter->next;

	return stand_before(filter, next->ops->load(next, now_ns, result),
	    result);
}

struct tape *filter_load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct filter *filter = (struct filter *)library;
	struct tape_library *next = filter->next;

	return stand_before(filter, tape_load_named(next, barcode, now_ns,
	    result), result);
}

void filter_unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct tape_library *next = ((struct filter *)library)->next;

	next->ops->unload(next, ((struct filter_tape *)tape)->next, why,
	    now_ns, result);
	free(tape);
}

static struct tape *below(struct tape *tape)
{
	return ((struct filter_tape *)tape)->next;
}

static void note(struct tape *tape, const struct tape_result *result)
{
	((struct filter_tape *)tape)->leom |= result->leom;
}

void filter_limits(struct tape *tape, struct tape_limits *limits)
{
	below(tape)->ops->limits(below(tape), limits);
}

void filter_position(struct tape *tape, struct tape_position *position)
{
	below(tape)->ops->position(below(tape), position);
}

void filter_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	below(tape)->ops->label(below(tape), block, bytes, now_ns, result);
	((struct filter_tape *)tape)->leom = false;
	note(tape, result);
}

void filter_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	below(tape)->ops->start_file(below(tape), block, bytes, now_ns,
	    result);
	note(tape, result);
}

void filter_write(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	below(tape)->ops->write(below(tape), run, now_ns, result);
	note(tape, result);
}

void filter_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	below(tape)->ops->filemark(below(tape), sync, now_ns, result);
	note(tape, result);
}

void filter_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	below(tape)->ops->read(below(tape), buf, buf_bytes, block, now_ns,
	    result);
}

void filter_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	below(tape)->ops->locate(below(tape), file, now_ns, result);
}

void filter_locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	below(tape)->ops->locate_eod(below(tape), now_ns, result);
	note(tape, result);
}

void filter_rewind(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	below(tape)->ops->rewind(below(tape), now_ns, result);
	((struct filter_tape *)tape)->leom = false;
}
