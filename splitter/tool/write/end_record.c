/*
 * end_record.c: the end record of a dump that is otherwise complete.
 *
 * A writer that was killed after the last part, and before the end record,
 * leaves a dump whose end is not proven.  No data is left to be written, so the
 * core has nothing to decide: it would request no volume.
 */
#include "splitter/tool/write/impl.h"

#include <stdio.h>
#include <string.h>

/* Returns the volume for the record; "": there is none. */
static const char *find_volume(const struct write *w)
{
	const struct tapes_source *t = &w->options->tapes;
	const struct splitter_part *last;
	size_t i;

	if (w->safe.volume[0] != '\0')
		return w->safe.volume;
	last = &w->safe.parts.parts[w->safe.parts.count - 1];
	for (i = 0; i < t->volumes_count; i++)
		if (strcmp(t->volumes[i], last->volume) == 0)
			return t->volumes[i];
	return "";
}

/*
 * Handles safe parts that the end record has overwritten: the dump is then not
 * complete.
 */
static void lose_parts(struct write *w,
    const struct splitter_end_record_result *record)
{
	struct write_result *r = w->result;

	if (record->safe_bytes == part_list_end_bytes(&w->safe.parts))
		return;
	r->outcome = SPLITTER_PARTIAL;
	r->cause = TAPE_POSITION_LOST;
	r->safe_bytes = record->safe_bytes;
	r->xxh128[0] = '\0';
	snprintf(r->message, sizeof r->message, "%s", record->message);
	write_keep_safe(w, record->safe_bytes);
}

/* Opens only this volume, and writes the end record there. */
static void write_on(struct write *w, const char *volume)
{
	struct splitter_end_record_result record = { .written = false };

	tapes_close(w->tapes);
	w->tapes = NULL;
	if (write_open_tapes(w, volume) == 0) {
		w->config.library = tapes_library(w->tapes);
		if (splitter_write_end_record(&w->config, &record,
			sizeof record, w->err, w->err_bytes) == 0) {
			w->result->sealed = record.written;
			lose_parts(w, &record);
			return;
		}
	}
	progress_print(&w->progress, "%s", w->err);
}

void write_end_record(struct write *w)
{
	struct write_result *r = w->result;
	const char *volume = find_volume(w);

	r->outcome = SPLITTER_DONE;
	r->safe_bytes = part_list_end_bytes(&w->safe.parts);
	r->resumed_bytes = r->safe_bytes;
	splitter_digest_text(w->safe.digest, r->xxh128);
	if (volume[0] != '\0')
		write_on(w, volume);
	else
		progress_print(&w->progress,
		    "the end record cannot be written: "
		    "the last volume of the dump was closed as full or "
		    "suspect, or is unknown");
}
