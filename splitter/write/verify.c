/* writer_verify.c: whether the parts on the volume are there still. */
#include "splitter/write/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tape/answer.h"
#include "splitter/read/resume.h"
#include "splitter/base/sentence.h"

/* What is known of the parts on the volume. */
struct verify {
	struct writer *w;
	int64_t now_ns;
	struct tape_result answer;
	size_t first;          /* of those that are not there; or all */
	bool missing;          /* nor are some that are not in the table */
	bool gone;             /* one was looked at, and is not there */
	enum resume_held held; /* why not, of that one */
};

static bool is_on_volume(const struct writer *w, const struct part_row *row)
{
	return row->part > 0 && w->volume.barcode[0] != '\0' &&
	    strcmp(row->volume, w->volume.barcode) == 0;
}

/* The parts of the dump on this volume, from the last one on backwards. */
static bool find_before(const struct writer *w, size_t *i, struct part_row *row)
{
	while (*i > 0) {
		parts_get(w->parts, --*i, row);
		if (is_on_volume(w, row))
			return true;
	}
	return false;
}

/*
 * Looks at a part.  A drive that cannot read at all is not asked again: each
 * time might take as long as a drive may.
 */
static enum resume_held look(struct verify *v, const struct part_row *row,
    bool *reads)
{
	struct writer *w = v->w;
	enum resume_held held;

	if (!*reads)
		return RESUME_UNSEEN;
	held = resume_look_at_part(w->tape, row, w->config.dump_id, w->block,
	    w->config.block_bytes, &v->now_ns, &v->answer);
	if (held == RESUME_UNSEEN && !answer_is_bad_block(&v->answer))
		*reads = false;
	v->gone |= held == RESUME_GONE;
	return held;
}

/* The drive knows where BOT is, if nothing else. */
static bool begin_to_read(struct verify *v)
{
	struct tape *tape = v->w->tape;

	tape->ops->rewind(tape, v->now_ns, &v->answer);
	v->now_ns = v->answer.done_ns;
	return v->answer.cause == TAPE_OK;
}

/* The last part that is there vouches for those before it. */
static void find_lost(struct verify *v, enum writer_look_at how)
{
	struct writer *w = v->w;
	size_t count = parts_count(w->parts), i = count;
	bool last = w->parts_lost && is_on_volume(w, &w->before);
	enum resume_held held;
	struct part_row row;
	bool reads;

	v->first = count;
	if (!last && !find_before(w, &i, &row))
		return;
	reads = how == WRITER_LOOK && begin_to_read(v);
	/* Where the table has not all of them, the last one is known. */
	if (last && look(v, &w->before, &reads) == RESUME_HELD)
		return;
	v->missing = last;
	for (i = count; find_before(w, &i, &row);) {
		held = how == WRITER_OVERWRITTEN ? RESUME_GONE
						 : look(v, &row, &reads);
		if (held == RESUME_HELD)
			return;
		v->first = i;
		v->held = held;
	}
}

static void say_lost(struct verify *v, const struct part_row *row,
    enum writer_look_at how)
{
	struct writer *w = v->w;
	char why[64];

	sentence(why, sizeof why, "%s", w->message);
	sentence(w->message, sizeof w->message,
	    "volume %s, file %" PRIu64 ": part %" PRIu64 " %s%s%s%s",
	    row->volume, row->file, row->part,
	    v->held == RESUME_GONE ? "is not found there any more"
		: how == WRITER_LOOK
		? "cannot be verified there: "
		: "was not verified there, for the dump was stopped",
	    v->held == RESUME_UNSEEN && how == WRITER_LOOK
		? tape_result_text(&v->answer)
		: "",
	    how != WRITER_OVERWRITTEN && why[0] != '\0' ? "; before that: "
							: "",
	    how != WRITER_OVERWRITTEN ? why : "");
	memcpy(w->volume.message, w->message, sizeof w->message);
}

/* Parts from `first` on are not called safe any more. */
static void lose(struct verify *v, enum writer_look_at how,
    struct core_result *result)
{
	const struct writer_events *events = &v->w->config.events;
	struct writer *w = v->w;
	size_t count = parts_count(w->parts), i;
	struct part_row row;

	if (v->first < count) {
		parts_get(w->parts, v->first, &row);
		say_lost(v, &row, how);
	}
	for (i = v->first; i < count && events->lost != NULL; i++) {
		parts_get(w->parts, i, &row);
		events->lost(events->arg, &row,
		    v->held == RESUME_GONE &&
			strcmp(row.volume, w->volume.barcode) == 0);
	}
	parts_cut(w->parts, v->first);
	w->whole_known = false;
	result->lost = true;
	result->safe_bytes = parts_end_bytes(w->parts);
}

/* What is known of what was on the volume before this dump. */
enum before { BEFORE_THERE, BEFORE_GONE, BEFORE_UNSEEN };

/*
 * It ends where it did, unless something was written in the middle of it.  At
 * EOD the place is that of EOD.
 */
static enum before look_before(struct verify *v, enum writer_look_at how)
{
	struct writer *w = v->w;
	struct tape_position at;

	if (!w->volume.appended || w->behind.object == TAPE_POSITION_UNKNOWN)
		return BEFORE_THERE;
	if (how != WRITER_LOOK || !begin_to_read(v))
		return BEFORE_UNSEEN;
	w->tape->ops->locate(w->tape, w->behind.file, v->now_ns, &v->answer);
	v->now_ns = v->answer.done_ns;
	if (v->answer.cause != TAPE_OK && !answer_is_end(&v->answer))
		return BEFORE_UNSEEN;
	w->tape->ops->position(w->tape, &at);
	return at.file == w->behind.file && at.object == w->behind.object
	    ? BEFORE_THERE
	    : BEFORE_GONE;
}

/* It is of other dumps, or of this one, of which more is said then. */
static void verify_before(struct verify *v, enum writer_look_at how)
{
	struct writer *w = v->w;
	char kept[TAPE_MESSAGE_BYTES];
	enum before before = look_before(v, how);

	if (before == BEFORE_THERE)
		return;
	memcpy(kept, w->message, sizeof kept);
	sentence(w->message, sizeof w->message,
	    "volume %s: what was on it "
	    "before file %" PRIu64 ", where this dump was appended, %s: scan "
	    "the volume to see what is left of it",
	    w->volume.barcode, w->behind.file,
	    before == BEFORE_GONE ? "was overwritten in part, for the drive "
				    "moved the tape by itself"
				  : "may be overwritten in part, for the "
				    "drive is not where it was left");
	memcpy(w->volume.message, w->message, sizeof w->message);
	writer_trouble(w, v->now_ns);
	memcpy(w->message, kept, sizeof kept);
}

static int64_t time_of(const struct verify *v)
{
	const struct writer_config *k = &v->w->config;

	return k->now_ns != NULL ? k->now_ns(k->now_arg) : v->now_ns;
}

bool writer_parts_are_gone(struct writer *w, int64_t *now_ns)
{
	struct verify v = { .w = w, .now_ns = *now_ns, .held = RESUME_HELD };

	find_lost(&v, WRITER_LOOK);
	v.gone |= look_before(&v, WRITER_LOOK) == BEFORE_GONE;
	*now_ns = time_of(&v);
	return v.gone;
}

bool writer_parts_are_there(struct writer *w, enum writer_look_at how,
    struct core_result *result, int64_t *now_ns)
{
	struct verify v = { .w = w, .now_ns = *now_ns, .held = RESUME_HELD };

	find_lost(&v, how);
	*now_ns = time_of(&v);
	if (v.first == parts_count(w->parts) && !v.missing)
		return true;
	lose(&v, how, result);
	return false;
}

void writer_verify(struct writer *w, const struct core_step *step,
    struct core_result *result, int64_t *done_ns)
{
	enum writer_look_at how = step->look ? WRITER_LOOK : WRITER_NOT_NOW;
	struct verify v = { .w = w, .now_ns = *done_ns };

	verify_before(&v, how);
	*done_ns = time_of(&v);
	if (!writer_parts_are_there(w, how, result, done_ns))
		writer_trouble(w, *done_ns);
}
