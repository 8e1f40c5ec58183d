/*
 * result.c: a tape's result becomes a result of the core, and a message.
 *
 * All files of the writer use this one, and it calls none of them.
 */
#include "splitter/write/impl.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

/*
 * Returns the cause that the core gets for the cause of a tape's operation.  A
 * deferred error becomes a medium error.  Causes that only a read, or no tape,
 * may have become an unknown error.
 */
static enum tape_cause meaning(enum tape_cause cause)
{
	switch (cause) {
	case TAPE_OK:
	case TAPE_PEOM:
	case TAPE_MEDIUM_ERROR:
	case TAPE_HARDWARE_ERROR:
	case TAPE_POSITION_LOST:
	case TAPE_NO_VOLUME:
	case TAPE_STORAGE_FAILED:
		return cause;
	case TAPE_DEFERRED_ERROR:
		return TAPE_MEDIUM_ERROR;
	case TAPE_WRITE_PROTECTED:
		return TAPE_REFUSED;
	default:
		return TAPE_UNKNOWN_ERROR;
	}
}

struct cursor writer_cursor(struct writer *w, int64_t now_ns)
{
	return (struct cursor){ .tape = w->tape,
		.now_ns = now_ns,
		.block = w->block,
		.room_bytes = w->config.block_bytes,
		.clock = w->config.now_ns,
		.clock_arg = w->config.now_arg,
		.watch = &w->watch };
}

int64_t writer_done_at(const struct writer *w, const struct tape_result *answer)
{
	return w->config.now_ns != NULL ? w->config.now_ns(w->config.now_arg)
					: answer->done_ns;
}

void writer_take_answer(struct writer *w, const struct tape_result *answer,
    struct core_result *result, int64_t *done_ns)
{
	result->cause = meaning(answer->cause);
	result->leom = answer->leom;
	*done_ns = writer_done_at(w, answer);
	if (w->tape != NULL)
		watch_result(&w->watch, answer, *done_ns);
	if (answer->leom)
		w->volume.leom = true;
	if (answer->cause != TAPE_OK) {
		/* An error may have been the only report of an exchange. */
		w->must_look = true;
		snprintf(w->message, sizeof w->message, "%s",
		    tape_result_text(answer));
		memcpy(w->volume.message, w->message, sizeof w->message);
	}
}

void writer_warn(struct writer *w, int64_t at_ns)
{
	if (w->config.events.warning != NULL)
		w->config.events.warning(w->config.events.arg, w->message,
		    at_ns);
}

void writer_refuse(struct writer *w, struct core_result *result,
    const char *why)
{
	const char *barcode = w->volume.barcode;

	result->cause = TAPE_REFUSED;
	sentence(w->message, sizeof w->message,
	    "%s%s is left unchanged: "
	    "%s",
	    barcode[0] != '\0' ? "volume "
			       : "the volume in the "
				 "drive",
	    barcode, why);
	memcpy(w->volume.message, w->message, sizeof w->message);
	memcpy(w->refusal, w->message, sizeof w->refusal);
}
