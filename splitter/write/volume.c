/* volume.c: loads, labels and returns a volume. */
#include "splitter/write/impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

/* Gives the loaded volume back to the library. */
void writer_unload(struct writer *w, enum tape_close close, int64_t now_ns,
    int64_t *done_ns)
{
	struct tape_result answer;

	w->unloading = true;
	watch_closing(&w->watch, w->tape, now_ns);
	w->config.library->ops->unload(w->config.library, w->tape, close,
	    now_ns, &answer);
	w->tape = NULL;
	*done_ns = writer_done_at(w, &answer);
	w->volume.close = close;
	watch_result(&w->watch, &answer, *done_ns);
	if (w->watch.has_condition) {
		w->volume.before = &w->watch.before;
		w->volume.after = &w->watch.after;
		w->volume.errors = w->watch.errors;
	}
	if (answer.cause != TAPE_OK) {
		memcpy(w->message, answer.message, sizeof w->message);
		writer_warn(w, *done_ns);
	}
	if (w->config.events.closed != NULL)
		w->config.events.closed(w->config.events.arg, &w->volume,
		    *done_ns);
}

/*
 * Copies the barcode of the tape, which any program may have set.  Returns
 * false if a label cannot have this barcode; the copy is then only for
 * messages.
 */
static bool take_barcode(struct writer *w)
{
	char *to = w->volume.barcode;
	size_t i;

	memcpy(to, w->tape->barcode, sizeof w->volume.barcode);
	if (to[0] == '\0' || header_barcode_valid(to))
		return true;
	to[sizeof w->volume.barcode - 1] = '\0';
	for (i = 0; to[i] != '\0'; i++)
		if (to[i] < ' ' || to[i] > '~')
			to[i] = '?';
	return false;
}

/* The library gave no tape. */
static void refuse_load(struct writer *w, struct core_result *result,
    int64_t done_ns)
{
	assert(result->cause != TAPE_OK);
	/* no tape: the core would unload a refused one */
	if (result->cause == TAPE_REFUSED)
		result->cause = TAPE_UNKNOWN_ERROR;
	writer_warn(w, done_ns);
	/*
	 * The library often has no more volumes because the last volume was
	 * refused, so the message is that refusal.
	 */
	if (result->cause == TAPE_NO_VOLUME && w->refusal[0] != '\0')
		memcpy(w->message, w->refusal, sizeof w->message);
}

void writer_load(struct writer *w, int64_t now_ns, struct core_result *result,
    int64_t *done_ns)
{
	struct tape_result answer;
	bool named = false;

	w->tape =
	    w->config.library->ops->load(w->config.library, now_ns, &answer);
	memset(&w->volume, 0, sizeof w->volume);
	w->volume.errors = "";
	w->touched = w->must_format = w->unloading = false;
	if (w->tape != NULL) {
		named = take_barcode(w);
		w->volume.drive = w->tape->drive;
		w->volume.sequence = w->sequence + 1;
		watch_loaded(&w->watch, w->tape, writer_done_at(w, &answer));
	}
	writer_take_answer(w, &answer, result, done_ns);
	if (w->tape == NULL) {
		refuse_load(w, result, *done_ns);
		return;
	}
	if (w->config.events.loaded != NULL)
		w->config.events.loaded(w->config.events.arg, &w->volume,
		    *done_ns);
	if (named)
		writer_inspect(w, result, done_ns);
	else
		writer_refuse(w, result,
		    "its barcode is not 1 to 32 "
		    "printable ASCII characters, with no blank at either end");
	if (result->cause == TAPE_OK)
		return;
	writer_warn(w, *done_ns);
	/*
	 * The core treats the volume as not loaded.  In these two cases the
	 * volume may have no fault.
	 */
	if (result->cause == TAPE_NO_VOLUME ||
	    result->cause == TAPE_STORAGE_FAILED)
		writer_unload(w, TAPE_CLOSE_REFUSED, *done_ns, done_ns);
	else if (result->cause != TAPE_REFUSED)
		writer_unload(w,
		    result->cause == TAPE_HARDWARE_ERROR
			? TAPE_CLOSE_AVOID_DRIVE
			: TAPE_CLOSE_SUSPECT,
		    *done_ns, done_ns);
}

void writer_count_volume(struct writer *w)
{
	if (w->volume.sequence > w->sequence)
		w->sequence = w->volume.sequence;
}

void writer_fill_header(const struct writer *w, struct header *h)
{
	memset(h, 0, sizeof *h);
	snprintf(h->dump, sizeof h->dump, "%s", w->config.dump);
	h->dump_id = w->config.dump_id;
	if (w->config.begun != NULL)
		snprintf(h->begun, sizeof h->begun, "%s", w->config.begun);
	memcpy(h->volume, w->volume.barcode, sizeof h->volume);
	h->sequence = w->volume.sequence;
	h->block_bytes = w->config.block_bytes;
	h->fixed = w->config.fixed;
}

/* Formats the medium as one partition.  Returns false on an error. */
static bool format(struct writer *w, struct core_result *result,
    int64_t *now_ns)
{
	struct tape_identity identity;
	struct tape_result answer;

	w->tape->ops->format(w->tape, *now_ns, &answer);
	writer_take_answer(w, &answer, result, now_ns);
	if (answer.cause != TAPE_OK)
		return false;
	tape_identify(w->tape, &identity);
	if (identity.partitions > 1) {
		writer_refuse(w, result,
		    "it has several partitions even after it was formatted");
		return false;
	}
	w->must_format = false;
	writer_set_medium(w, &identity);
	return true;
}

static void write_label(struct writer *w, struct core_result *result,
    int64_t *now_ns)
{
	struct tape_result answer;
	struct header h;

	writer_fill_header(w, &h);
	h.type = HEADER_LABEL;
	memcpy(h.serial, w->identity.serial, sizeof h.serial);
	if (w->config.volume_policy.test)
		strcpy(h.purpose, HEADER_PURPOSE_TEST);
	header_format(&h, NULL, 0, w->block, w->config.block_bytes);
	w->tape->ops->label(w->tape, w->block, w->config.block_bytes, *now_ns,
	    &answer);
	writer_take_answer(w, &answer, result, now_ns);
	w->volume.labelled = result->cause == TAPE_OK;
	writer_check_labelled(w, result);
}

void writer_label(struct writer *w, int64_t now_ns, struct core_result *result,
    int64_t *done_ns)
{
	const struct writer_events *events = &w->config.events;

	*done_ns = now_ns;
	if (writer_is_same_medium(w, result)) {
		if (events->labelling != NULL)
			events->labelling(events->arg, &w->volume);
		if (!w->must_format || format(w, result, done_ns))
			write_label(w, result, done_ns);
	}
	if (result->cause == TAPE_OK) {
		writer_count_volume(w);
		w->file = 1;
		w->refusal[0] = '\0';
	} else {
		writer_warn(w, *done_ns);
	}
	if (result->cause == TAPE_REFUSED)
		memcpy(w->refusal, w->message, sizeof w->refusal);
}
