/* verify.c: verifies the parts on the volume. */
#include "splitter/write/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/read/verify.h"
#include "splitter/tape/result.h"

/* The state of a verification of the parts on the volume. */
struct verify {
	struct writer *w;
	struct cursor c;
	struct verify_found found;
	bool missing; /* parts that are not in the table are missing */
};

static struct verify verify_begin(struct writer *w, int64_t now_ns)
{
	return (struct verify){ .w = w, .c = writer_cursor(w, now_ns) };
}

static bool is_on_volume(const struct writer *w, const struct part_row *row)
{
	return row->part > 0 && w->volume.barcode[0] != '\0' &&
	    strcmp(row->volume, w->volume.barcode) == 0;
}

/*
 * Finds the lost parts on the volume.  If there was no memory for the table of
 * all parts, the last part is known without the table; if it is present, the
 * parts before it are present too.
 */
static void find_lost(struct verify *v, enum writer_verify_mode mode)
{
	struct writer *w = v->w;
	bool last = w->parts_lost && is_on_volume(w, &w->before), gone = false;
	enum splitter_parts_state state = mode == WRITER_VERIFY_OVERWRITTEN
	    ? SPLITTER_PARTS_OVERWRITTEN
	    : SPLITTER_PARTS_UNREADABLE;
	bool reads;

	verify_nothing(w->parts, w->volume.barcode, state, &v->found);
	if (w->volume.barcode[0] == '\0')
		v->found.first = parts_count(w->parts);
	if (!last && v->found.first == parts_count(w->parts))
		return;
	/* The parts are read only if the drive can rewind the tape. */
	reads = mode == WRITER_VERIFY_READ && cursor_rewind(&v->c);
	if (last && reads) {
		state = verify_part(&v->c, &w->before, w->config.dump_id);
		if (state == SPLITTER_PARTS_PRESENT) {
			v->found.first = parts_count(w->parts);
			return;
		}
		gone = state == SPLITTER_PARTS_OVERWRITTEN;
		reads = gone || result_is_bad_block(&v->c.result);
	}
	v->missing = last;
	if (reads)
		verify_volume(&v->c, w->parts, w->volume.barcode,
		    w->config.dump_id, &v->found);
	v->found.overwritten |= gone;
}

static void say_lost(struct verify *v, const struct part_row *row,
    enum writer_verify_mode mode)
{
	struct writer *w = v->w;
	char why[TAPE_MESSAGE_BYTES / 2];

	sentence(why, sizeof why, "%s", w->message);
	sentence(w->message, sizeof w->message,
	    "volume %s, file %" PRIu64 ": part %" PRIu64 " %s%s%s%s",
	    row->volume, row->file, row->part,
	    v->found.state == SPLITTER_PARTS_OVERWRITTEN ? "is missing"
		: mode == WRITER_VERIFY_READ
		? "cannot be verified: "
		: "was not verified, because the dump was stopped",
	    v->found.state == SPLITTER_PARTS_UNREADABLE &&
		    mode == WRITER_VERIFY_READ
		? tape_result_text(&v->c.result)
		: "",
	    mode != WRITER_VERIFY_OVERWRITTEN && why[0] != '\0'
		? "; before that: "
		: "",
	    mode != WRITER_VERIFY_OVERWRITTEN ? why : "");
	memcpy(w->volume.message, w->message, sizeof w->message);
}

/*
 * Reports the parts from `first` on as no longer safe, and removes them from
 * the table.
 */
static void lose(struct verify *v, enum writer_verify_mode mode,
    struct core_result *result)
{
	const struct writer_events *events = &v->w->config.events;
	struct writer *w = v->w;
	size_t count = parts_count(w->parts), i;
	struct part_row row;

	if (v->found.first < count) {
		parts_get(w->parts, v->found.first, &row);
		say_lost(v, &row, mode);
	}
	for (i = v->found.first; i < count && events->lost != NULL; i++) {
		parts_get(w->parts, i, &row);
		events->lost(events->arg, &row,
		    v->found.state == SPLITTER_PARTS_OVERWRITTEN &&
			strcmp(row.volume, w->volume.barcode) == 0);
	}
	parts_cut(w->parts, v->found.first);
	w->whole_known = false;
	result->lost = true;
	result->safe_bytes = parts_end_bytes(w->parts);
}

/* The state of the older data on the volume. */
enum older_data {
	OLDER_DATA_PRESENT,
	OLDER_DATA_OVERWRITTEN,
	OLDER_DATA_UNREADABLE
};

/*
 * Finds the state of the older data.  The data ends where it did before, unless
 * something was written into it.  At EOD the drive reports the position of EOD.
 */
static enum older_data find_older_data(struct verify *v,
    enum writer_verify_mode mode)
{
	struct writer *w = v->w;
	struct tape_position at;

	if (!w->volume.appended || w->older_end.object == TAPE_POSITION_UNKNOWN)
		return OLDER_DATA_PRESENT;
	if (mode != WRITER_VERIFY_READ || !cursor_rewind(&v->c))
		return OLDER_DATA_UNREADABLE;
	if (!cursor_locate(&v->c, w->older_end.file) &&
	    !result_is_end(&v->c.result))
		return OLDER_DATA_UNREADABLE;
	at = cursor_position(&v->c);
	return at.file == w->older_end.file && at.object == w->older_end.object
	    ? OLDER_DATA_PRESENT
	    : OLDER_DATA_OVERWRITTEN;
}

/*
 * Warns if the older data before an append was overwritten or may be
 * overwritten.
 */
static void verify_older_data(struct verify *v, enum writer_verify_mode mode)
{
	struct writer *w = v->w;
	char kept[TAPE_MESSAGE_BYTES];
	enum older_data older = find_older_data(v, mode);

	if (older == OLDER_DATA_PRESENT)
		return;
	memcpy(kept, w->message, sizeof kept);
	sentence(w->message, sizeof w->message,
	    "volume %s: the older data before "
	    "file %" PRIu64 ", where this dump was appended, %s; scan the "
	    "volume to see what is left",
	    w->volume.barcode, w->older_end.file,
	    older == OLDER_DATA_OVERWRITTEN
		? "was overwritten in part, because the "
		  "drive moved the tape by itself"
		: "may be overwritten in part, because "
		  "the tape is at a wrong position");
	memcpy(w->volume.message, w->message, sizeof w->message);
	writer_warn(w, v->c.now_ns);
	memcpy(w->message, kept, sizeof kept);
}

bool writer_parts_are_missing(struct writer *w, int64_t *now_ns)
{
	struct verify v = verify_begin(w, *now_ns);

	find_lost(&v, WRITER_VERIFY_READ);
	v.found.overwritten |=
	    find_older_data(&v, WRITER_VERIFY_READ) == OLDER_DATA_OVERWRITTEN;
	*now_ns = v.c.now_ns;
	return v.found.overwritten;
}

bool writer_parts_are_present(struct writer *w, enum writer_verify_mode mode,
    struct core_result *result, int64_t *now_ns)
{
	struct verify v = verify_begin(w, *now_ns);

	find_lost(&v, mode);
	*now_ns = v.c.now_ns;
	if (v.found.first == parts_count(w->parts) && !v.missing)
		return true;
	lose(&v, mode, result);
	return false;
}

void writer_verify(struct writer *w, const struct core_step *step,
    struct core_result *result, int64_t *done_ns)
{
	enum writer_verify_mode mode =
	    step->read_parts ? WRITER_VERIFY_READ : WRITER_VERIFY_SKIP;
	struct verify v = verify_begin(w, *done_ns);

	verify_older_data(&v, mode);
	*done_ns = v.c.now_ns;
	if (!writer_parts_are_present(w, mode, result, done_ns))
		writer_warn(w, *done_ns);
}
