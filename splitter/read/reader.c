/* reader.c: reads a dump back; see reader.h. */
#include "splitter/read/reader_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Finds an unreadable place that may hold the rest of the dump: a place after
 * the dump's last part on the same volume, or else the first on any volume.
 */
static bool find_unread(const struct reader *r, struct scan_note *found)
{
	const struct scan *scan = r->config->scan;
	struct scan_part last = { .volume = "" };
	struct scan_note n;
	bool any = false;
	size_t i;

	if (r->next > 1 &&
	    scan_next_part(scan, r->config->dump, r->next - 1) == r->next - 1)
		scan_get_part(scan, r->config->dump, r->next - 1, &last);
	for (i = 0; i < scan_notes(scan); i++) {
		scan_get_note(scan, i, &n);
		if (!n.unread)
			continue;
		if (!any)
			*found = n;
		any = true;
		if (strcmp(n.volume, last.volume) != 0 || n.file < last.file)
			continue;
		*found = n;
		break;
	}
	return any;
}

/*
 * Reports that the end of the dump is unknown.  Without an end record, the rest
 * of the dump may be in a place that could not be read.
 */
static void report_open_end(struct reader *r)
{
	struct scan_part rest = { .part = r->next, .volume = "" };
	struct scan_note n;
	char where[64];

	if (r->outcome->end_known || r->outcome->open_end ||
	    !find_unread(r, &n))
		return;
	rest.volume = n.volume;
	if (n.file > 0)
		snprintf(where, sizeof where, "file %" PRIu64 " of the volume",
		    n.file);
	else
		snprintf(where, sizeof where, "the volume");
	reader_report_gap(r, &rest, SPLITTER_GAP_MISSING, r->offset, UINT64_MAX,
	    "there is no end record, and %s may contain more of the "
	    "dump: %s",
	    where, n.text);
}

/*
 * Decides whether everything that was read is the whole dump, after all parts
 * were read.
 */
static void judge_dump(struct reader *r)
{
	struct reader_outcome *o = r->outcome;
	char sum[SUM_TEXT_BYTES];
	const char *why = NULL;

	report_open_end(r);
	sum_text(r->whole, sum);
	o->whole_proven = r->whole_known && o->end_known &&
	    r->offset == r->dump.end_bytes && strcmp(sum, r->dump.xxh128) == 0;
	o->end = SPLITTER_READ_PARTIAL;
	if (o->missing_bytes > 0 || o->damaged_bytes > 0 ||
	    o->unproven_bytes > 0 || o->message[0] != '\0')
		return;
	if (!o->end_known)
		why = "no end record was found: there may be more of the dump";
	else if (strcmp(r->dump.outcome, "DONE") != 0)
		why =
		    "the dump is incomplete: not all of it was written to tape";
	else if (r->offset != r->dump.end_bytes)
		why = "its parts do not end where its end record says";
	else if (r->whole_known && r->dump.xxh128[0] != '\0' &&
	    !o->whole_proven)
		why = "the checksum of the whole dump differs from its end "
		      "record, although that of each part is right";
	else
		o->end = SPLITTER_READ_WHOLE;
	if (why != NULL)
		snprintf(o->message, sizeof o->message, "%s", why);
}

/*
 * Returns whether part `number` is only an attempt: nothing proves the part,
 * and it begins after the safe bytes that the end record states.
 */
static bool is_behind_end(const struct reader *r, uint64_t number)
{
	struct scan_part part;

	scan_get_part(r->config->scan, r->config->dump, number, &part);
	return r->outcome->end_known && !part.proven && part.offset_known &&
	    part.offset_bytes >= r->dump.end_bytes;
}

static void read_dump(struct reader *r)
{
	const struct reader_config *k = r->config;
	uint64_t part;

	r->outcome->end_known = r->dump.outcome[0] != '\0';
	if (k->part != 0)
		reader_read_part(r, k->part);
	else
		for (r->next = 1; !r->given_up &&
		     (part = scan_next_part(k->scan, k->dump, r->next)) != 0 &&
		     (k->salvage || !is_behind_end(r, part));
		     r->next = part + 1)
			reader_read_part(r, part);
	reader_unload(r);
	if (r->given_up) {
		r->outcome->end = SPLITTER_READ_FAILED;
	} else if (k->part == 0) {
		judge_dump(r);
	} else {
		r->outcome->end = r->outcome->message[0] == '\0'
		    ? SPLITTER_READ_WHOLE
		    : SPLITTER_READ_PARTIAL;
	}
}

void reader_run(const struct reader_config *config,
    struct reader_outcome *outcome)
{
	struct reader r = { .config = config,
		.outcome = outcome,
		.sum = sum_new(),
		.whole = sum_new() };

	memset(outcome, 0, sizeof *outcome);
	scan_get_dump(config->scan, config->dump, &r.dump);
	r.whole_known = config->part == 0;
	r.c.room_bytes = r.dump.block_bytes;
	r.c.block = malloc(r.c.room_bytes);
	r.remarks.warning = config->warning;
	r.remarks.arg = config->arg;
	r.c.watch = config->warning != NULL ? &r.remarks : NULL;
	if (r.c.block != NULL && r.sum != NULL && r.whole != NULL) {
		read_dump(&r);
	} else {
		outcome->end = SPLITTER_READ_FAILED;
		outcome->out_of_memory = true;
		snprintf(outcome->message, sizeof outcome->message,
		    "out of memory for a block of %" PRIu64 " bytes",
		    r.dump.block_bytes);
	}
	sum_free(r.sum);
	sum_free(r.whole);
	free(r.c.block);
}
