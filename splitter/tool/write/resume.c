/* resume.c: finds, verifies and skips the safe parts of a dump. */
#include "splitter/base/signals.h"
#include "splitter/tool/write/impl.h"
#include "splitter/base/sentence.h"

#include <inttypes.h>
#include <stdio.h>

int write_open_tapes(struct write *w, const char *only)
{
	const struct write_options *o = w->options;
	const struct catalogue_dump *d = &w->safe.dump;
	bool known = d->block_bytes != 0,
	     fixed = known ? d->fixed : o->config.fixed_blocks;
	uint64_t block_bytes = known ? d->block_bytes : o->config.block_bytes;
	const struct tapes_use use = { .block_bytes = block_bytes,
		.fixed_block_bytes = fixed ? block_bytes : 0,
		.unnamed = o->overwrite_unnamed,
		.only = only };

	w->tapes = o->tapes.open(o->tapes.arg, &use, w->err, w->err_bytes);
	return w->tapes == NULL ? -1 : 0;
}

/*
 * Checks that the options agree with the block size and mode of the resumed
 * dump.
 */
static int check_same(struct write *w)
{
	const struct write_options *o = w->options;
	const struct catalogue_dump *d = &w->safe.dump;
	const struct catalogue_attempts *a = &w->safe.attempts;
	uint64_t attempts = a->next > a->later ? a->next : a->later;

	if (o->block_given && o->config.block_bytes != d->block_bytes) {
		sentence(w->err, w->err_bytes,
		    "the dump %s was begun with "
		    "blocks of %" PRIu64 " bytes: omit --block",
		    o->config.dump, d->block_bytes);
		return -1;
	}
	if (o->config.fixed_blocks && !d->fixed) {
		sentence(w->err, w->err_bytes,
		    "the dump %s was not begun "
		    "in fixed-block mode: leave --fixed out",
		    o->config.dump);
		return -1;
	}
	if (attempts < UINT32_MAX)
		return 0;
	sentence(w->err, w->err_bytes,
	    "attempt %" PRIu64 " at part %zu of "
	    "the dump %s, or at a later part, is impossible: write the dump again",
	    attempts, w->safe.parts.count + 1, o->config.dump);
	return -1;
}

/*
 * Finds out whether the input has more bytes.  Only the last block of a dump
 * may be short, so no data can follow a short block.
 */
static enum resume_skip_result find_end(struct write *w)
{
	uint64_t end = part_list_end_bytes(&w->safe.parts);
	int ended = input_ended(w->source, w->err, w->err_bytes);

	if (ended < 0)
		return RESUME_SKIP_READ_FAILED;
	w->complete = ended == 1 && w->safe.parts.count > 0;
	if (ended == 1 || end % w->safe.dump.block_bytes == 0)
		return RESUME_SKIP_SAME;
	snprintf(w->err, w->err_bytes,
	    "this is not the dump that is on tape: "
	    "the dump ends after %" PRIu64
	    " bytes, and this stream is longer; give the "
	    "same stream again, or write it as a new dump",
	    end);
	return RESUME_SKIP_DIFFERS;
}

/*
 * Finds the safe parts on the volumes.  The volumes are opened in any block
 * mode and without the filters, which are only for writing.  In a library all
 * volumes are scanned, even if only some may be written.
 */
static int find(struct write *w)
{
	struct resume_point_where where = { .name = w->options->config.dump,
		.catalogue = w->catalogue,
		.assumed = &w->options->assumed };
	const struct write_options *o = w->options;
	const struct tapes_use use = { .reading = true, .inspecting = true };
	int rc;

	where.library = o->tapes.library != NULL;
	if (o->executor != NULL)
		where.attempt = o->executor->attempt;
	where.tapes = o->tapes.open(o->tapes.arg, &use, w->err, w->err_bytes);
	if (where.tapes == NULL)
		return -1;
	rc = resume_point_find(&w->safe, &where, w->err, w->err_bytes);
	if (where.library)
		w->looked = where.tapes;
	else
		tapes_close(where.tapes);
	return rc;
}

int write_find_safe(struct write *w)
{
	struct write_result *r = w->result;
	enum resume_skip_result end;

	/*
	 * The tapes for writing may need another block mode, and are opened
	 * again later.
	 */
	tapes_close(w->tapes);
	w->tapes = NULL;
	if (find(w) != 0 || check_same(w) != 0 ||
	    write_open_tapes(w, NULL) != 0)
		return -1;
	if (w->looked != NULL && tapes_inherit(w->tapes, w->looked) != 0) {
		snprintf(w->err, w->err_bytes, "out of memory");
		return -1;
	}
	tapes_close(w->looked);
	w->looked = NULL;
	end = resume_point_skip(&w->safe, w->source, w->err, w->err_bytes);
	if (end == RESUME_SKIP_SAME)
		end = find_end(w);
	switch (end) {
	case RESUME_SKIP_SAME:
		return 0;
	case RESUME_SKIP_READ_FAILED:
		w->cut_short = true;
		snprintf(r->input_error, sizeof r->input_error, "%s", w->err);
		return -1;
	default:
		return -1;
	}
}

void write_cut_short(struct write *w)
{
	struct write_result *r = w->result;

	r->outcome = SPLITTER_FAILED;
	r->cause =
	    signals_signal() != 0 ? TAPE_CANCELLED : TAPE_PRODUCER_FAILED;
	r->safe_bytes = part_list_end_bytes(&w->safe.parts);
	r->resumed_bytes = r->safe_bytes;
}
