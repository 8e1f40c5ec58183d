/* scanned.c: see scanned.h. */
#include "sim/run/steps/scanned.h"

#include <stdio.h>
#include <string.h>

#include "splitter/tool/report.h"
#include "splitter/tool/scan_all.h"

bool scanned_begin(struct scanned *d, struct step_tapes *tapes,
    struct program_outcome *to)
{
	const struct tapes_use use = { .reading = true };
	const struct tapes_source source = step_tapes_source(tapes);

	*d = (struct scanned){ .tapes = source.open(source.arg, &use,
				   to->reason, sizeof to->reason) };
	if (d->tapes != NULL)
		d->scan =
		    scan_all(d->tapes, false, to->reason, sizeof to->reason);
	if (d->scan != NULL && to->reason[0] == '\0')
		return true;
	if (d->scan != NULL)
		scanned_count(d, to);
	to->result = "refused";
	scanned_end(d);
	return false;
}

void scanned_end(struct scanned *d)
{
	tapes_close(d->tapes);
	splitter_scan_free(d->scan);
	*d = (struct scanned){ .tapes = NULL };
}

bool scanned_is_whole(const struct scanned *d, size_t dump)
{
	struct splitter_scan_part part;
	struct splitter_scan_dump found;
	size_t count =
	    splitter_scan_proven_parts(d->scan, dump, NULL, 0, SPLITTER_API);

	splitter_scan_get_dump(d->scan, dump, &found, sizeof found);
	if (strcmp(found.outcome, "DONE") != 0 ||
	    splitter_scan_proven_bytes(d->scan, dump) != found.safe_bytes)
		return false;
	for (size_t i = 1; i <= count; i++) {
		splitter_scan_get_part(d->scan, dump, i, &part, sizeof part);
		if (!part.present)
			return false;
	}
	return true;
}

static void count_volumes(const struct scanned *d, struct program_outcome *to)
{
	static const enum metrics_id metrics[] = {
		[SPLITTER_VOLUME_BLANK] = METRIC_BLANK_VOLUMES,
		[SPLITTER_VOLUME_SCRATCH] = METRIC_SCRATCH_VOLUMES,
		[SPLITTER_VOLUME_DUMPS] = METRIC_DUMP_VOLUMES,
		[SPLITTER_VOLUME_FOREIGN] = METRIC_FOREIGN_VOLUMES,
		[SPLITTER_VOLUME_UNREADABLE] = METRIC_UNREADABLE_VOLUMES,
		[SPLITTER_VOLUME_NOT_SCANNED] = METRIC_UNSCANNED_VOLUMES,
	};
	struct splitter_scan_volume v;

	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
		program_count(to, metrics[i], 0);
	for (size_t i = 0;
	     splitter_scan_get_volume(d->scan, i, &v, sizeof v) == 0; i++)
		to->values[metrics[v.kind]].number++;
	program_count(to, METRIC_SCANNED_VOLUMES,
	    splitter_scan_read_count(d->scan));
}

void scanned_count(const struct scanned *d, struct program_outcome *to)
{
	size_t dumps = splitter_scan_dump_count(d->scan);
	struct splitter_scan_note note;
	uint64_t whole = 0;

	count_volumes(d, to);
	for (size_t i = 0; i < dumps; i++)
		whole += scanned_is_whole(d, i);
	program_count(to, METRIC_DUMPS_FOUND, dumps);
	program_count(to, METRIC_WHOLE_DUMPS, whole);
	program_count(to, METRIC_NOTES, splitter_scan_note_count(d->scan));
	for (size_t i = 0;
	     splitter_scan_get_note(d->scan, i, &note, sizeof note) == 0; i++)
		report_print("%s%s%s%s",
		    note.volume[0] != '\0' ? "volume " : "", note.volume,
		    note.volume[0] != '\0' ? ": " : "", note.text);
}
