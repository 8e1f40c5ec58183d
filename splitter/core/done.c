/* done.c: results of steps, and the meaning of each failure. */
#include "splitter/core/impl.h"

#include <assert.h>

/* The effect of a failure on the volume: the table of causes. */
static const struct failure {
	bool filemark; /* write one after the failed part? */
	enum tape_close close;
} failures[] = {
	[TAPE_OK] = { true, TAPE_CLOSE_GOOD },
	[TAPE_PEOM] = { true, TAPE_CLOSE_FULL },
	[TAPE_MEDIUM_ERROR] = { true, TAPE_CLOSE_SUSPECT },
	[TAPE_DEFERRED_ERROR] = { true, TAPE_CLOSE_SUSPECT },
	[TAPE_HARDWARE_ERROR] = { false, TAPE_CLOSE_AVOID_DRIVE },
	[TAPE_POSITION_LOST] = { false, TAPE_CLOSE_SUSPECT },
	[TAPE_UNKNOWN_ERROR] = { true, TAPE_CLOSE_SUSPECT },
	[TAPE_WRITE_PROTECTED] = { false, TAPE_CLOSE_REFUSED },
	/* Causes that only a read can have mean nothing for a write. */
	[TAPE_BLANK] = { true, TAPE_CLOSE_SUSPECT },
	[TAPE_FILEMARK] = { true, TAPE_CLOSE_SUSPECT },
	[TAPE_EOD] = { true, TAPE_CLOSE_SUSPECT },
	[TAPE_INVALID] = { true, TAPE_CLOSE_REFUSED },
	[TAPE_REFUSED] = { false, TAPE_CLOSE_REFUSED },
	[TAPE_CACHE_ERROR] = { true, TAPE_CLOSE_GOOD },
	[TAPE_CANCELLED] = { true, TAPE_CLOSE_GOOD },
	[TAPE_PRODUCER_FAILED] = { true, TAPE_CLOSE_GOOD },
	[TAPE_NO_VOLUME] = { false, TAPE_CLOSE_REFUSED },
	[TAPE_STORAGE_FAILED] = { false, TAPE_CLOSE_GOOD },
};

enum tape_close core_close_reason(enum tape_cause cause, bool written)
{
	enum tape_close close = failures[cause].close;

	return close == TAPE_CLOSE_REFUSED && written ? TAPE_CLOSE_SUSPECT
						      : close;
}

/* The loaded volume must be closed, for this cause. */
void core_close_for(struct core *c, enum tape_cause cause)
{
	c->close = core_close_reason(cause, c->written);
	c->state = S_CLOSE;
}

/* The dump ends: write the end record if there is a good tape. */
void core_conclude(struct core *c, enum splitter_outcome outcome,
    enum tape_cause why)
{
	c->outcome = outcome;
	c->why = why;
	c->state = c->config.end_record && c->labelled && !c->no_storage &&
		c->close == TAPE_CLOSE_GOOD
	    ? S_END_RECORD
	    : S_CLOSE;
}

/* The same unknown error on two volumes in a row counts against the drive. */
static enum tape_cause known(struct core *c, enum tape_cause cause)
{
	if (cause != TAPE_UNKNOWN_ERROR)
		return cause;
	c->unknown_now = true;
	return c->unknown_before ? TAPE_HARDWARE_ERROR : TAPE_UNKNOWN_ERROR;
}

/* 1/16 less, at least one block less, but at least one block remains. */
static uint64_t with_margin(const struct core *c, uint64_t fitted)
{
	uint64_t block = c->config.block_bytes;
	uint64_t margin = core_max(core_round_down(c, fitted / 16), block);

	return fitted > margin ? fitted - margin : block;
}

/*
 * A part did not fit on an empty volume: from now on parts are not longer than
 * what fitted.  If only its filemark did not fit, one block less may fit.  If
 * the volume before was too small as well, the next one may be even smaller:
 * then a margin is added.  Returns whether parts are shorter than before.
 */
static bool cut_parts(struct core *c, bool at_filemark)
{
	uint64_t fitted = core_round_up(c, c->attempted - c->committed);

	if (fitted == 0)
		return false;
	if (at_filemark && fitted > c->config.block_bytes)
		fitted -= c->config.block_bytes;
	if (c->cuts > 0)
		fitted = with_margin(c, fitted);
	if (c->limit_bytes > 0 && fitted >= c->limit_bytes)
		return false;
	c->limit_bytes = fitted;
	return true;
}

/* The next state after the volume was verified, if it must be. */
static enum state verified(const struct core *c, enum state next)
{
	return c->tape_moved ? S_VERIFY : next;
}

static void end_attempt(struct core *c)
{
	c->ended_offset = c->committed;
	c->ended_bytes = c->attempted - c->committed;
}

/* The attempt has failed, in S_DATA or S_FINISH. */
void core_fail_attempt(struct core *c, enum tape_cause cause)
{
	bool at_filemark = c->state == S_FINISH;
	enum tape_cause meaning = known(c, cause);

	c->end = SPLITTER_END_FAILED;
	c->cause = cause;
	c->listed = true;
	c->close = core_close_reason(meaning, c->written);
	if (cause == TAPE_PEOM && c->fresh)
		c->cut = cut_parts(c, at_filemark);
	end_attempt(c);
	c->attempted = c->committed;
	c->state = !at_filemark && failures[meaning].filemark
	    ? S_FINISH
	    : verified(c, S_REPORT);
}

/* A label or header could not be written: a fault of the volume. */
static void fail_volume(struct core *c, enum tape_cause cause)
{
	if (cause == TAPE_REFUSED && !c->written) {
		c->tried = false;
		c->volumes--;
	}
	c->close = core_close_reason(known(c, cause), c->written);
	c->state = verified(c, S_CLOSE);
}

/* LEOM was met before any data: the file is closed and is not an attempt. */
static void close_empty_file(struct core *c)
{
	c->end = SPLITTER_END_FAILED;
	c->listed = false;
	c->close = TAPE_CLOSE_GOOD;
	c->state = S_FINISH;
}

static void begin_part(struct core *c)
{
	c->filling = c->config.streaming != SPLITTER_STREAMING_NONE;
	c->state = S_HEADER;
}

/* Some of the safe parts are missing. */
static void lose(struct core *c, const struct core_result *r)
{
	assert(r->safe_bytes <= c->safe);
	c->safe = r->safe_bytes;
	c->lost = true;
}

/* No more of the dump can be written; a dump that was stopped is FAILED. */
static void give_up(struct core *c, enum tape_cause why)
{
	if (c->stop != TAPE_OK)
		core_conclude(c, SPLITTER_FAILED, c->stop);
	else
		core_conclude(c, SPLITTER_PARTIAL, why);
}

static void done_load(struct core *c, const struct core_result *r)
{
	c->close = TAPE_CLOSE_GOOD;
	switch (r->cause) {
	case TAPE_OK:
		c->loaded = true;
		c->labelled = r->append;
		c->fresh = !r->append;
		/* A volume to be labelled is written from BOT. */
		c->leom = r->append && r->leom;
		if (c->leom)
			core_close_for(c, TAPE_OK);
		else if (r->append)
			begin_part(c);
		else
			c->state = S_LABEL;
		break;
	case TAPE_REFUSED:
		c->loaded = true;
		core_close_for(c, TAPE_REFUSED);
		break;
	case TAPE_NO_VOLUME:
		if (r->lost)
			lose(c, r);
		give_up(c, TAPE_NO_VOLUME);
		break;
	default: /* it could not be loaded; the drive may be the reason */
		c->failed_volumes_in_row++;
		c->other_drive = r->cause == TAPE_HARDWARE_ERROR;
		break;
	}
}

static void done_label(struct core *c, const struct core_result *r)
{
	if (r->cause != TAPE_OK) {
		fail_volume(c, r->cause);
		return;
	}
	c->labelled = c->written = true;
	if (c->leom)
		core_close_for(c, TAPE_OK);
	else
		begin_part(c);
}

static void done_header(struct core *c, const struct core_result *r)
{
	if (r->cause != TAPE_OK) {
		fail_volume(c, r->cause);
		return;
	}
	c->written = true;
	if (c->leom)
		close_empty_file(c);
	else
		c->state = S_DATA;
}

static void done_write(struct core *c, const struct core_result *r)
{
	assert(r->bytes >= c->out_progress && r->bytes <= c->out_bytes);
	core_take(c, r->bytes - c->out_progress);
	c->out_offset = c->out_bytes = c->out_progress = 0;
	c->out_source = 0;
	if (r->cause != TAPE_OK || (r->bytes == 0 && !r->leom)) {
		/* A success without bytes would never end. */
		core_fail_attempt(c,
		    r->cause != TAPE_OK ? r->cause : TAPE_UNKNOWN_ERROR);
		return;
	}
	if (c->attempted == c->committed)
		close_empty_file(c);
}

static void commit(struct core *c)
{
	assert(c->attempted > c->committed ||
	    (c->eof && c->accepted == 0 && c->part == 1));
	end_attempt(c);
	c->committed = c->safe = c->attempted;
	c->part++;
	c->failed_volumes_in_row = c->cuts = 0;
	c->productive = true;
	c->fresh = false;
	/* The cache starts again, but not over bytes that it still holds. */
	if (c->cache_failed && c->committed == c->consumed) {
		c->cache_failed = false;
		c->cached = c->committed;
	}
	c->state = S_REPORT;
}

static void done_finish(struct core *c, const struct core_result *r)
{
	enum tape_close worse;

	if (c->end != SPLITTER_END_FAILED) {
		if (r->cause == TAPE_OK)
			commit(c);
		else
			core_fail_attempt(c, r->cause);
		return;
	}
	/*
	 * A filemark after a failed part: it can only make things worse.  At
	 * the physical end some drives have no room for it and report an
	 * unknown error: that adds nothing.
	 */
	if (c->cause != TAPE_PEOM || r->cause != TAPE_UNKNOWN_ERROR) {
		worse = core_close_reason(known(c, r->cause), c->written);
		if (worse > c->close)
			c->close = worse;
	}
	c->state = verified(c, c->listed ? S_REPORT : S_CLOSE);
	if (!c->listed)
		c->end = SPLITTER_END_NONE;
}

static void done_verify(struct core *c, const struct core_result *r)
{
	c->tape_moved = false;
	if (c->close < TAPE_CLOSE_SUSPECT)
		c->close = TAPE_CLOSE_SUSPECT;
	if (r->lost)
		lose(c, r);
	if (c->listed) {
		c->state = S_REPORT;
	} else if (c->outcome == SPLITTER_NO_OUTCOME && c->lost) {
		give_up(c, TAPE_POSITION_LOST);
	} else {
		c->state = S_CLOSE;
		if (c->outcome == SPLITTER_DONE && c->lost) {
			c->outcome = SPLITTER_PARTIAL;
			c->why = TAPE_POSITION_LOST;
		}
	}
}

static void done_report(struct core *c, const struct core_result *r)
{
	bool failed = c->end == SPLITTER_END_FAILED;
	bool last = !failed && c->eof && c->committed == c->accepted;
	enum tape_cause cause = c->cause;

	c->attempts = failed ? c->attempts + 1 : c->config.later_attempts;
	c->ended_offset = c->ended_bytes = 0;
	c->end = SPLITTER_END_NONE;
	c->cause = TAPE_OK;
	c->listed = false;
	if (last)
		core_conclude(c, SPLITTER_DONE, TAPE_OK);
	else if (c->stop != TAPE_OK || c->lost)
		give_up(c, TAPE_POSITION_LOST);
	else if (c->no_storage)
		give_up(c, TAPE_STORAGE_FAILED);
	else if (failed && r->decision == SPLITTER_RETRY &&
	    cause != TAPE_CACHE_ERROR && core_can_retry(c))
		c->state = S_CLOSE;
	else if (failed || r->decision == SPLITTER_GIVE_UP)
		give_up(c, cause);
	else if (c->leom)
		core_close_for(c, TAPE_OK);
	else
		begin_part(c);
}

/* A volume is closed: was anything committed on it? */
static void count_volume(struct core *c)
{
	if (c->cut && c->cuts < CORE_CUTS_MAX)
		c->cuts++;
	else
		c->failed_volumes_in_row += !c->productive;
}

static void done_close(struct core *c)
{
	if (c->tried) {
		count_volume(c);
		c->unknown_before = c->unknown_now;
		c->other_drive = c->close == TAPE_CLOSE_AVOID_DRIVE;
	}
	c->loaded = c->labelled = c->leom = c->fresh = c->tape_moved = false;
	c->tried = c->written = c->productive = c->unknown_now = c->cut = false;
	c->close = 0;
	c->state = c->outcome == SPLITTER_NO_OUTCOME ? S_VOLUME : S_ENDED;
}

void core_done(struct core *c, const struct core_result *result)
{
	uint8_t kind = c->out;
	bool writes = kind >= CORE_LABEL && kind <= CORE_FINISH;

	assert(kind != CORE_NOTHING);
	c->out = CORE_NOTHING;
	/* An error ends the use of the volume, whatever else it met. */
	if (result->leom && result->cause == TAPE_OK && writes)
		c->leom = true;
	if ((writes || kind == CORE_LOAD) &&
	    result->cause == TAPE_STORAGE_FAILED)
		c->no_storage = true;
	if ((writes || kind == CORE_END_RECORD) && result->cause != TAPE_OK &&
	    (result->tape_moved || result->cause == TAPE_POSITION_LOST))
		c->tape_moved = true;
	switch (kind) {
	case CORE_LOAD:
		done_load(c, result);
		break;
	case CORE_LABEL:
		done_label(c, result);
		break;
	case CORE_HEADER:
		done_header(c, result);
		break;
	case CORE_WRITE:
		done_write(c, result);
		break;
	case CORE_FINISH:
		done_finish(c, result);
		break;
	case CORE_VERIFY:
		done_verify(c, result);
		break;
	case CORE_REPORT:
		done_report(c, result);
		break;
	case CORE_END_RECORD:
		c->sealed = result->cause == TAPE_OK;
		core_close_for(c, result->cause);
		c->state = verified(c, S_CLOSE);
		break;
	default:
		done_close(c);
		break;
	}
	core_check(c);
}
