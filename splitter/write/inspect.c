/* inspect.c: what is on a volume, and where its data ends. */
#include "splitter/write/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/read/look.h"
#include "splitter/tape/result.h"

/* The state of the inspection of the loaded volume. */
struct inspection {
	struct writer *w;
	struct cursor c;
	struct tape_limits limits;
	struct look look;
	struct header last; /* the last header that was read to append */
};

/*
 * Finds what is at the beginning of the volume.  Returns TAPE_HARDWARE_ERROR if
 * the drive failed to read it, otherwise TAPE_OK.
 */
static enum tape_cause find(struct inspection *v)
{
	look_at_volume(&v->look, &v->c, v->w->volume.barcode);
	writer_set_medium(v->w, &v->look.identity);
	return v->c.result.cause == TAPE_HARDWARE_ERROR ? TAPE_HARDWARE_ERROR
							: TAPE_OK;
}

/*
 * Goes to the end of data.  Returns false if the drive fails, or does not
 * report the position.
 */
static bool go_to_eod(struct inspection *v, struct tape_position *at)
{
	bool good = cursor_locate_eod(&v->c);

	*at = cursor_position(&v->c);
	return good && at->file != TAPE_POSITION_UNKNOWN;
}

/*
 * Returns whether the file `file` is empty: 1, 0, or -1 if the tape cannot be
 * read there.
 */
static int is_empty(struct inspection *v, uint64_t file)
{
	if (cursor_locate(&v->c, file))
		cursor_read(&v->c);
	if (result_is_end(&v->c.result))
		return 1;
	return v->c.result.cause == TAPE_OK || v->c.result.cause == TAPE_INVALID
	    ? 0
	    : -1;
}

/*
 * Returns whether the drive failed to read.  False: it read something, but not
 * what was expected.
 */
static bool failed_to_read(const struct tape_result *result)
{
	switch (result->cause) {
	case TAPE_OK:
	case TAPE_BLANK:
	case TAPE_FILEMARK:
	case TAPE_EOD:
	case TAPE_INVALID:
		return false;
	default:
		return true;
	}
}

/*
 * Returns whether file `file` begins with the header of tapelab that belongs
 * there.
 */
static bool belongs(struct inspection *v, uint64_t file)
{
	const struct header *h = &v->last;
	char why[TAPE_MESSAGE_BYTES];

	if (!cursor_locate(&v->c, file) ||
	    look_at_header(&v->c, file, &v->last, why, sizeof why) !=
		FIRST_BLOCK_HEADER ||
	    strcmp(h->volume, v->w->volume.barcode) != 0)
		return false;
	return file == 0 ? h->type == HEADER_LABEL
			 : h->file == file &&
		(h->type == HEADER_PART || h->type == HEADER_END);
}

/*
 * Writes a filemark after an unfinished last file, whose writer died before the
 * end of the file.  False: not written; v->c.result has the reason if the drive
 * failed, `result` if the volume is refused.
 */
static bool end_file(struct inspection *v, struct tape_position *at,
    struct core_result *result)
{
	if (!go_to_eod(v, at) || !writer_is_same_medium(v->w, result))
		return false;
	at->file++;
	return cursor_filemark(&v->c);
}

/*
 * Verifies the safe parts on this volume.  A dump is neither resumed after lost
 * parts, nor in their place.
 */
static bool has_safe_parts(struct inspection *v, enum writer_verify_mode mode,
    struct core_result *result)
{
	bool there = writer_parts_are_present(v->w, mode, result, &v->c.now_ns);

	if (!there)
		result->cause = TAPE_NO_VOLUME;
	return there;
}

/* A file is appended only after a filemark, and nothing is before this label. */
static void refuse_unfinished_label(struct inspection *v,
    struct core_result *result)
{
	char why[TAPE_MESSAGE_BYTES];

	snprintf(why, sizeof why,
	    "no filemark follows its label, because labelling it was "
	    "interrupted: it has no data, but nothing can be appended to it; "
	    "to write it from its beginning, name it with --overwrite %s",
	    v->look.header.volume);
	writer_refuse(v->w, result, why);
}

/*
 * Goes to the end of data of the volume, and verifies that nothing follows it.
 */
static void append(struct inspection *v, struct core_result *result)
{
	static const char untold[] = "its drive does not tell where the data "
				     "ends";
	struct tape_position eod, again;
	int empty;

	if (!go_to_eod(v, &eod)) {
		writer_refuse(v->w, result,
		    v->c.result.cause == TAPE_OK
			? untold
			: tape_result_text(&v->c.result));
		return;
	}
	empty = is_empty(v, eod.file);
	if (empty < 0) {
		writer_refuse(v->w, result, tape_result_text(&v->c.result));
		return;
	}
	if (eod.file == 0 && eod.object == 1) {
		refuse_unfinished_label(v, result);
		return;
	}
	if (eod.file == 0 || !belongs(v, empty ? eod.file - 1 : eod.file)) {
		writer_refuse(v->w, result,
		    eod.file > 0 && failed_to_read(&v->c.result)
			? tape_result_text(&v->c.result)
			: "the data before its end of data is not what "
			  "tapelab wrote last");
		return;
	}
	if (!empty && !end_file(v, &eod, result)) {
		/* A volume that is not refused here is relabelled. */
		if (result->cause != TAPE_OK)
			return;
		if (v->c.result.cause == TAPE_OK)
			writer_refuse(v->w, result, untold);
		else
			writer_take_answer(v->w, &v->c.result, result,
			    &v->c.now_ns);
		return;
	}
	if (!go_to_eod(v, &again) || again.file != eod.file) {
		/*
		 * The filemark may be at a wrong place, so the safe parts are
		 * verified.
		 */
		if (empty || has_safe_parts(v, WRITER_VERIFY_READ, result))
			writer_refuse(v->w, result,
			    failed_to_read(&v->c.result)
				? tape_result_text(&v->c.result)
				: "its drive finds the end of data at another "
				  "place each time");
		return;
	}
	/*
	 * A volume of the dump that is resumed already has its sequence number.
	 */
	if (v->last.dump_id == v->w->config.dump_id)
		v->w->volume.sequence = v->last.sequence;
	v->w->file = eod.file;
	writer_set_position(v->w);
	v->w->older_end = again;
	result->append = v->w->volume.appended = true;
	result->leom = v->c.result.leom;
}

/*
 * Returns whether this dump has labelled the volume.  A dump overwrites a
 * volume only once.
 */
static bool is_own(const struct inspection *v)
{
	const struct look *l = &v->look;

	return l->volume.found == VOLUME_POLICY_LABEL &&
	    l->header.type == HEADER_LABEL &&
	    l->header.dump_id == v->w->config.dump_id;
}

/*
 * Asks a person about the contents of the volume, and then looks at the volume
 * again, because the cartridge may have been exchanged meanwhile.
 */
static enum volume_policy_verdict ask(struct inspection *v, char *what,
    size_t what_bytes)
{
	const struct writer_config *k = &v->w->config;
	char again[TAPE_MESSAGE_BYTES];

	if (!k->may_overwrite(k->may_overwrite_arg, what)) {
		snprintf(what, what_bytes, "overwriting it was not confirmed");
		return VOLUME_POLICY_REFUSE;
	}
	if (cursor_locate(&v->c, 0) && find(v) == TAPE_OK &&
	    volume_policy_judge(&k->volume_policy, &v->look.volume, again,
		sizeof again) == VOLUME_POLICY_ASK &&
	    strcmp(what, again) == 0)
		return v->look.volume.partitioned ? VOLUME_POLICY_FORMAT
						  : VOLUME_POLICY_WRITE_LABEL;
	snprintf(what, what_bytes,
	    "its contents have changed since "
	    "overwriting was confirmed");
	return VOLUME_POLICY_REFUSE;
}

/* Decides about the volume that find() found. */
static enum volume_policy_verdict decide(struct inspection *v, char *why,
    size_t why_bytes)
{
	const struct writer *w = v->w;
	enum volume_policy_verdict answer =
	    volume_policy_judge(&w->config.volume_policy, &v->look.volume, why,
		why_bytes);

	if (answer == VOLUME_POLICY_ASK && !is_own(v))
		answer = ask(v, why, why_bytes);
	if (answer == VOLUME_POLICY_REFUSE)
		return answer;
	if (answer != VOLUME_POLICY_APPEND && is_own(v))
		snprintf(why, why_bytes, "this very dump is on it");
	else if (answer == VOLUME_POLICY_FORMAT && w->tape->ops->format == NULL)
		snprintf(why, why_bytes,
		    "it has several partitions, and this tape cannot format a "
		    "medium");
	else
		return answer;
	return VOLUME_POLICY_REFUSE;
}

/* The volume gets a name: its barcode, that in its label, or its serial. */
static void name_volume(struct writer *w, const struct look *l)
{
	if (l->volume.found == VOLUME_POLICY_LABEL)
		strcpy(w->volume.was, l->header.volume);
	if (w->volume.barcode[0] == '\0')
		strcpy(w->volume.barcode,
		    w->volume.was[0] != '\0' ? w->volume.was
					     : l->identity.serial);
}

static void take(struct inspection *v, struct core_result *result)
{
	struct writer *w = v->w;
	enum volume_policy_verdict answer;
	char why[TAPE_MESSAGE_BYTES];

	if (w->config.block_bytes < v->limits.block_min_bytes ||
	    w->config.block_bytes > v->limits.block_max_bytes) {
		snprintf(why, sizeof why,
		    "its drive takes blocks of %" PRIu64 " to %" PRIu64
		    " bytes, not of %" PRIu64,
		    v->limits.block_min_bytes, v->limits.block_max_bytes,
		    w->config.block_bytes);
		w->block_refused = true;
		writer_refuse(w, result, why);
		return;
	}
	if (find(v) == TAPE_HARDWARE_ERROR) {
		writer_take_answer(w, &v->c.result, result, &v->c.now_ns);
		return;
	}
	answer = decide(v, why, sizeof why);
	if (answer == VOLUME_POLICY_REFUSE) {
		writer_refuse(w, result, why);
		return;
	}
	name_volume(w, &v->look);
	w->must_format = answer == VOLUME_POLICY_FORMAT;
	if (has_safe_parts(v,
		answer == VOLUME_POLICY_APPEND ? WRITER_VERIFY_READ
					       : WRITER_VERIFY_OVERWRITTEN,
		result) &&
	    answer == VOLUME_POLICY_APPEND)
		append(v, result);
}

void writer_inspect(struct writer *w, struct core_result *result,
    int64_t *done_ns)
{
	struct inspection v = { .w = w, .c = writer_cursor(w, *done_ns) };

	w->tape->ops->limits(w->tape, &v.limits);
	take(&v, result);
	*done_ns = v.c.now_ns;
}
