/* end.c: the end of the dump: outcome, catalogue, and lost volumes. */
#include "splitter/tool/write/impl.h"

#include <stdio.h>
#include <string.h>

void write_keep_safe(struct write *w, uint64_t safe_bytes)
{
	struct part_list *list = &w->safe.parts;

	while (list->count > 0 && part_list_end_bytes(list) > safe_bytes)
		list->count--;
}

/* Reduces the safe bytes of the dump.  A DONE dump becomes PARTIAL. */
static void lower(struct write *w, uint64_t safe_bytes)
{
	struct write_result *r = w->result;

	r->safe_bytes = safe_bytes;
	r->xxh128[0] = '\0';
	if (r->outcome == SPLITTER_DONE)
		r->outcome = SPLITTER_PARTIAL;
	write_keep_safe(w, safe_bytes);
}

/*
 * Handles a volume that changed or disappeared.  If another process changed it,
 * its parts are no longer safe.  If it was removed, it cannot be verified, and
 * its parts stay safe.
 */
static void on_lost(void *arg, const char *barcode, bool lost, const char *why)
{
	struct write *w = arg;
	const struct splitter_part *part;
	bool any = false;
	size_t i;

	for (i = 0; i < w->safe.parts.count; i++) {
		part = &w->safe.parts.parts[i];
		if (strcmp(part->volume, barcode) != 0)
			continue;
		any = true;
		if (!lost)
			break;
		if (!w->lost || part->offset_bytes < w->lost_bytes)
			w->lost_bytes = part->offset_bytes;
		w->lost = true;
		if (w->log != NULL)
			write_logged(w,
			    catalogue_log_forget_parts(w->log, part));
	}
	if (any)
		progress_print(&w->progress, "volume %s%s: %s", barcode,
		    lost ? "" : " was not scanned when the dump ended", why);
	if (!any || !lost)
		return;
	snprintf(w->result->message, sizeof w->result->message,
	    "volume %s no longer holds what was written on it: do not use the volumes of a dump elsewhere until it is "
	    "written",
	    barcode);
}

void write_record_end(struct write *w)
{
	struct catalogue_dump *d = &w->safe.dump;
	struct write_result *r = w->result;

	tapes_each_lost(w->tapes, on_lost, w);
	if (w->lost && w->lost_bytes < r->safe_bytes)
		lower(w, w->lost_bytes);
	if (w->log == NULL)
		return;
	snprintf(d->outcome, sizeof d->outcome, "%s",
	    splitter_outcome_name(r->outcome));
	d->safe_bytes = r->safe_bytes;
	memcpy(d->xxh128, r->xxh128, sizeof d->xxh128);
	if (catalogue_log_end(w->log, d) != 0) {
		progress_print(&w->progress,
		    "%s: it does not have all of the "
		    "dump; run tapelab scan --rebuild",
		    catalogue_message(w->catalogue));
		return;
	}
	if (d->safe_bytes == r->safe_bytes)
		return;
	lower(w, d->safe_bytes);
	snprintf(r->message, sizeof r->message,
	    "a volume of it was overwritten meanwhile");
}
