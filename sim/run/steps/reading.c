/* reading.c: reads dumps back from their volumes; see program.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/steps/program.h"
#include "sim/run/steps/scanned.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"
#include "splitter/tool/report.h"
#include "splitter/tool/volumes_unread.h"

enum { PIECE_BYTES = 1 << 16 };

/* The limit of tapelab-read(1). */
#define MISSING_MAX_BYTES (UINT64_C(64) << 40)

struct reading {
	const struct scanned *scanned;
	struct content *content; /* NULL: nothing is compared */
	uint64_t offset;         /* in the dump, of the next byte */
	bool differs, failed;
	uint64_t gaps;
	struct program_outcome *to;
};

/* Skips bytes of the source. */
static void skip(struct reading *r, uint64_t bytes)
{
	char piece[PIECE_BYTES], err[256];

	r->offset += bytes;
	while (r->content != NULL && bytes > 0 && !r->failed) {
		int64_t n = content_read(r->content, piece,
		    bytes < sizeof piece ? bytes : sizeof piece, err,
		    sizeof err);

		if (n <= 0)
			return;
		bytes -= (uint64_t)n;
	}
}

/* Compares bytes that were read with the source. */
static void compare(struct reading *r, const char *data, uint64_t bytes)
{
	char piece[PIECE_BYTES], err[256];

	while (bytes > 0) {
		int64_t n = content_read(r->content, piece,
		    bytes < sizeof piece ? bytes : sizeof piece, err,
		    sizeof err);

		if (n <= 0 || memcmp(piece, data, (size_t)n) != 0) {
			if (!r->differs)
				sentence(r->to->difference,
				    sizeof r->to->difference,
				    "the bytes that were read differ from the "
				    "source at offset %" PRIu64 " or after it",
				    r->offset);
			r->differs = true;
			return;
		}
		r->offset += (uint64_t)n;
		data += n;
		bytes -= (uint64_t)n;
	}
}

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	struct reading *r = arg;

	if (r->content == NULL || r->differs)
		r->offset += count;
	else
		compare(r, bytes, count);
	return signals_signal() == 0;
}

static void on_gap(void *arg, const struct splitter_gap *gap)
{
	struct reading *r = arg;

	r->gaps++;
	report_print("part %" PRIu64 "%s%s: %s from %" PRIu64 ": %s", gap->part,
	    gap->volume[0] != '\0' ? " on volume " : "", gap->volume,
	    splitter_gap_kind_name(gap->kind), gap->offset_bytes, gap->why);
	if (gap->kind == SPLITTER_GAP_MISSING && gap->bytes != UINT64_MAX)
		skip(r, gap->bytes);
}

static enum splitter_missing_decision on_missing(void *arg, const char *barcode,
    const char *why)
{
	const struct reading *r = arg;
	struct tapes_missed missed;

	(void)barcode, (void)why;
	tapes_take_missed(r->scanned->tapes, &missed);
	return missed.in_use ? SPLITTER_MISSING_LATER : SPLITTER_MISSING_SKIP;
}

static void on_warning(void *arg, const char *message)
{
	const struct reading *r = arg;

	tapes_warn(r->scanned->tapes, message);
}

static void add(struct program_outcome *to, enum metrics_id id, uint64_t number)
{
	to->values[id].defined = true;
	to->values[id].number += number;
}

/* Reads one dump, or a part of it.  Returns how that ended. */
static enum splitter_read_end read_one(struct reading *r,
    const struct scenario_step *step, size_t dump,
    struct splitter_read_outcome *outcome)
{
	struct program_outcome *to = r->to;
	struct splitter_read_config config;

	splitter_read_config_init(&config, sizeof config, SPLITTER_API);
	config.library = tapes_library(r->scanned->tapes);
	config.scan = r->scanned->scan;
	config.dump = dump;
	config.part = step->part;
	config.salvage = step->salvage;
	config.missing_max_bytes = MISSING_MAX_BYTES;
	config.arg = r;
	config.data = on_data;
	config.gap = on_gap;
	config.volume_missing = on_missing;
	config.warning = on_warning;
	if (splitter_read(&config, outcome, sizeof *outcome, to->reason,
		sizeof to->reason) != 0)
		return SPLITTER_READ_FAILED;
	add(to, METRIC_GOOD_BYTES, outcome->good_bytes);
	add(to, METRIC_MISSING_BYTES, outcome->missing_bytes);
	add(to, METRIC_DAMAGED_BYTES, outcome->damaged_bytes);
	add(to, METRIC_UNPROVEN_BYTES, outcome->unproven_bytes);
	if (outcome->end != SPLITTER_READ_WHOLE)
		snprintf(to->reason, sizeof to->reason, "%s", outcome->message);
	return outcome->end;
}

/* Skips the source up to the part that is read alone. */
static bool find_part(struct reading *r, const struct scenario_step *step,
    size_t dump)
{
	struct splitter_scan_part part;

	if (step->part == 0)
		return true;
	if (splitter_scan_next_part(r->scanned->scan, dump, step->part) !=
	    step->part) {
		snprintf(r->to->reason, sizeof r->to->reason,
		    "no volume that was scanned knows part %" PRIu64,
		    step->part);
		return false;
	}
	splitter_scan_get_part(r->scanned->scan, dump, step->part, &part,
	    sizeof part);
	if (part.offset_known)
		skip(r, part.offset_bytes);
	return true;
}

static const char *result_of(enum splitter_read_end end)
{
	return end == SPLITTER_READ_WHOLE  ? "done"
	    : end == SPLITTER_READ_PARTIAL ? "partial"
					   : "failed";
}

void program_read(const struct scenario *s, const struct scenario_step *step,
    struct step_tapes *tapes, const char *name, struct content *content,
    struct program_outcome *to)
{
	struct splitter_read_outcome outcome = { 0 };
	struct scanned scanned;
	struct reading r = {
		.scanned = &scanned, .content = content, .to = to
	};
	uint64_t begin;
	size_t dump;

	(void)s;
	if (!scanned_begin(&scanned, tapes, to))
		return;
	scanned_count(&scanned, to);
	volumes_unread_print(scanned.scan);
	to->result = "refused";
	if (splitter_scan_find_dump(scanned.scan, name, &dump, to->reason,
		sizeof to->reason) == 0 &&
	    find_part(&r, step, dump)) {
		begin = r.offset;
		to->result = result_of(read_one(&r, step, dump, &outcome));
		program_count(to, METRIC_GAPS, r.gaps);
		if (r.differs || r.offset > begin)
			program_word(to, METRIC_RESTORED,
			    r.differs ? "different" : "source");
	}
	scanned_end(&scanned);
}

void program_verify(const struct scenario_step *step, struct step_tapes *tapes,
    struct program_outcome *to)
{
	struct splitter_read_outcome outcome;
	struct scanned scanned;
	struct reading r = { .scanned = &scanned, .to = to };
	uint64_t whole = 0, dumps;

	if (!scanned_begin(&scanned, tapes, to))
		return;
	scanned_count(&scanned, to);
	dumps = splitter_scan_dump_count(scanned.scan);
	for (size_t i = 0; i < dumps; i++) {
		memset(&outcome, 0, sizeof outcome);
		whole +=
		    read_one(&r, step, i, &outcome) == SPLITTER_READ_WHOLE &&
		    outcome.whole_proven;
	}
	program_count(to, METRIC_GAPS, r.gaps);
	program_count(to, METRIC_WHOLE_DUMPS, whole);
	to->result = whole == dumps ? "done" : whole > 0 ? "partial" : "failed";
	scanned_end(&scanned);
}
