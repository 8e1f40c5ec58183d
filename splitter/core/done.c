/* done.c: results of steps; failure.c has the meaning of each failure. */
#include "splitter/core/impl.h"

#include <assert.h>

/* Closes a file that met LEOM before any data; the file is not an attempt. */
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

/* Records that safe parts are missing. */
static void lose(struct core *c, const struct core_result *r)
{
	assert(r->safe_bytes <= c->safe);
	c->safe = r->safe_bytes;
	c->lost = true;
}

/*
 * Ends the dump, because no more of it can be written: PARTIAL, or FAILED if
 * the dump was stopped.
 */
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
		/*
		 * LEOM has no meaning for a volume to be labelled: it is
		 * written from BOT.
		 */
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
	default: /* the load failed; the drive may be the reason */
		c->failed_volumes_in_row++;
		c->other_drive = r->cause == TAPE_HARDWARE_ERROR;
		break;
	}
}

static void done_label(struct core *c, const struct core_result *r)
{
	if (r->cause != TAPE_OK) {
		core_fail_volume(c, r->cause);
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
		core_fail_volume(c, r->cause);
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
		/*
		 * Success without bytes is an error: the same WRITE would be
		 * requested for ever.
		 */
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
	core_end_attempt(c);
	c->committed = c->safe = c->attempted;
	c->part++;
	c->failed_volumes_in_row = c->cuts = 0;
	c->productive = true;
	c->fresh = false;
	/* The cache starts again only if it holds no bytes of a replay. */
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
	 * The result of a filemark after a failed part can only make the close
	 * reason worse.  At the physical end some drives have no room for the
	 * filemark and report an unknown error; this error is ignored.
	 */
	if (c->cause != TAPE_PEOM || r->cause != TAPE_UNKNOWN_ERROR) {
		worse = core_close_reason(core_judge_unknown(c, r->cause),
		    c->written);
		if (worse > c->close)
			c->close = worse;
	}
	c->state = core_verify_first(c, c->listed ? S_REPORT : S_CLOSE);
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

/*
 * Counts a volume that is closed: as one that cut parts, or as a failed one if
 * nothing was committed on it.
 */
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
	/*
	 * LEOM does not matter after an error: an error ends the use of the
	 * volume.
	 */
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
		c->state = core_verify_first(c, S_CLOSE);
		break;
	default:
		done_close(c);
		break;
	}
	core_check(c);
}
