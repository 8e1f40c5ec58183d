/* program.c: labels and scans volumes; see program.h. */
#include "sim/run/steps/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/steps/scanned.h"
#include "splitter/tool/label.h"
#include "splitter/tool/scan_all.h"

static void count_labelled(void *arg, const char *barcode)
{
	(void)barcode;
	++*(uint64_t *)arg;
}

/* Labels the volumes of the step, or all blank ones. */
static enum label_end label(const struct scenario *s, struct step_tapes *tapes,
    const struct program_overwrite *overwrite, uint64_t *labelled,
    struct program_outcome *to)
{
	const struct label_options options = {
		.tapes = step_tapes_source(tapes),
		.overwrite = overwrite->list,
		.overwrite_count = overwrite->count,
		.test = stock_device(tapes->stock) != NULL,
		.block_bytes = s->splitter.block_bytes,
		.catalogue = stock_catalogue(tapes->stock),
		.no_catalogue = !stock_has_catalogue(tapes->stock),
		.labelled = count_labelled,
		.arg = labelled,
	};

	return label_volumes(&options, to->reason, sizeof to->reason);
}

void program_label(const struct scenario *s, struct step_tapes *tapes,
    const struct program_overwrite *overwrite, struct program_outcome *to)
{
	uint64_t labelled = 0;
	enum label_end end = label(s, tapes, overwrite, &labelled, to);

	program_count(to, METRIC_LABELLED_VOLUMES, labelled);
	to->result = end == LABEL_DONE ? "done"
	    : end == LABEL_NOT_BEGUN   ? "refused"
	    : labelled > 0             ? "partial"
				       : "failed";
	if (end == LABEL_DONE)
		to->reason[0] = '\0';
	else if (to->reason[0] == '\0')
		snprintf(to->reason, sizeof to->reason,
		    "not all volumes were labelled");
}

void program_scan(struct step_tapes *tapes, struct program_outcome *to)
{
	struct scanned scanned;

	if (!scanned_begin(&scanned, tapes, to))
		return;
	scanned_count(&scanned, to);
	to->result = splitter_scan_not_scanned_count(scanned.scan) == 0 ? "done"
	    : splitter_scan_read_count(scanned.scan) > 0 ? "partial"
							 : "failed";
	scanned_end(&scanned);
}
