/*
 * write_end_record.c: the end record of a dump all of which is on tape.
 *
 * A writer that was killed behind the last part, and before the end record,
 * leaves a dump that nothing proves to be whole.  Nothing of it is to be written
 * any more, so the core has nothing to decide: it would ask for no volume.
 */
#include "splitter/tool/write_impl.h"

#include <stdio.h>
#include <string.h>

/* The volume that the record goes on; "": there is none. */
static const char *find_volume(const struct write *w)
{
	const struct tapes_source *t = &w->options->tapes;
	struct part_row last;
	size_t i;

	if (w->safe.volume[0] != '\0')
		return w->safe.volume;
	parts_get(w->safe.parts, parts_count(w->safe.parts) - 1, &last);
	for (i = 0; i < t->volumes_count; i++)
		if (strcmp(t->volumes[i], last.volume) == 0)
			return t->volumes[i];
	return "";
}

/* Parts that were safe are not there any more: the dump is not whole. */
static void note_lost(struct write *w, const struct writer *writer,
    const struct core_result *result)
{
	struct dump_run_outcome *o = &w->result->outcome;

	if (!result->lost)
		return;
	o->outcome = SPLITTER_PARTIAL;
	o->cause = TAPE_POSITION_LOST;
	o->safe_bytes = result->safe_bytes;
	o->xxh128[0] = '\0';
	snprintf(o->message, sizeof o->message, "%s", writer_message(writer));
}

/* Where the tape is elsewhere, the record may have overwritten parts. */
static void verify(struct write *w, struct writer *writer, int64_t *now_ns)
{
	const struct core_step step = { .kind = CORE_VERIFY, .look = true };
	struct core_result result;

	writer_step(writer, &step, *now_ns, &result, now_ns);
	note_lost(w, writer, &result);
}

/* On the volume that the library hands out; true if it is on tape. */
static bool write_record(struct write *w, struct writer *writer)
{
	struct core_step step = { .kind = CORE_LOAD };
	struct core_result result;
	int64_t now_ns = 0;
	bool sealed = false;

	writer_step(writer, &step, now_ns, &result, &now_ns);
	note_lost(w, writer, &result);
	step.close = TAPE_CLOSE_REFUSED;
	if (result.cause == TAPE_OK && result.append) {
		step.kind = CORE_END_RECORD;
		step.outcome = SPLITTER_DONE;
		writer_step(writer, &step, now_ns, &result, &now_ns);
		sealed = result.cause == TAPE_OK;
		step.close = core_close_reason(result.cause, true);
		if (result.astray || result.cause == TAPE_POSITION_LOST) {
			step.close = result.cause == TAPE_HARDWARE_ERROR
			    ? TAPE_CLOSE_AVOID_DRIVE
			    : TAPE_CLOSE_SUSPECT;
			verify(w, writer, &now_ns);
		}
	} else if (result.cause != TAPE_OK && result.cause != TAPE_REFUSED) {
		return false; /* there is nothing to give back */
	}
	step.kind = CORE_CLOSE;
	writer_step(writer, &step, now_ns, &result, &now_ns);
	return sealed;
}

/* Opens that volume alone, and writes the record there. */
static bool seal_on(struct write *w, const char *volume)
{
	struct writer_config *config = &w->transfer.writer;
	struct writer *writer = NULL;
	bool sealed = false;

	tapes_close(w->tapes);
	w->tapes = NULL;
	if (write_open_tapes(w, volume) == 0) {
		config->library = tapes_library(w->tapes);
		config->end_record = true;
		config->can_replay = false;
		writer = writer_new(config, w->err, w->err_bytes);
	}
	if (writer == NULL)
		progress_say(&w->progress, "%s", w->err);
	else
		sealed = write_record(w, writer);
	writer_free(writer);
	return sealed;
}

void write_end_record(struct write *w)
{
	struct dump_run_outcome *o = &w->result->outcome;
	const char *volume = find_volume(w);

	o->outcome = SPLITTER_DONE;
	o->safe_bytes = parts_end_bytes(w->safe.parts);
	o->accepted_bytes = o->safe_bytes;
	sum_text(w->safe.whole, o->xxh128);
	if (volume[0] != '\0')
		o->sealed = seal_on(w, volume);
	else
		progress_say(&w->progress,
		    "the end record cannot be written: "
		    "the last volume of the dump was given back as full or "
		    "suspect, or is not known");
}
