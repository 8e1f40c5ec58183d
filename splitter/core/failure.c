/*
 * failure.c: the meaning of each failure, for the volume and for later parts.
 *
 * The table `failures` has a row for each cause: whether a filemark follows the
 * failed part, and how the volume is closed.  After PEOM on an empty volume
 * cut_parts() makes the later parts shorter.  Whether the part is written again
 * is decided by the policy (policy.c), after the attempt was reported.
 */
#include "splitter/core/impl.h"

/* The table of causes: the effect of each failure on the volume. */
static const struct failure {
	bool filemark; /* whether a filemark follows the failed part */
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

void core_close_for(struct core *c, enum tape_cause cause)
{
	c->close = core_close_reason(cause, c->written);
	c->state = S_CLOSE;
}

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

enum tape_cause core_judge_unknown(struct core *c, enum tape_cause cause)
{
	if (cause != TAPE_UNKNOWN_ERROR)
		return cause;
	c->unknown_now = true;
	return c->unknown_before ? TAPE_HARDWARE_ERROR : TAPE_UNKNOWN_ERROR;
}

/*
 * Returns `fitted` reduced by 1/16 and by at least one block; at least one
 * block remains.
 */
static uint64_t with_margin(const struct core *c, uint64_t fitted)
{
	uint64_t block = c->config.block_bytes;
	uint64_t margin = core_max(core_round_down(c, fitted / 16), block);

	return fitted > margin ? fitted - margin : block;
}

/*
 * Called when a part did not fit on an empty volume.  Limits later parts to
 * what fitted.  If only the filemark did not fit, the limit is one block
 * smaller.  If the volume before was too small as well, the next volume may be
 * even smaller, so a margin is subtracted.  Returns whether the limit is
 * smaller than before.
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

enum state core_verify_first(const struct core *c, enum state next)
{
	return c->tape_moved ? S_VERIFY : next;
}

void core_end_attempt(struct core *c)
{
	c->ended_offset = c->committed;
	c->ended_bytes = c->attempted - c->committed;
}

void core_fail_attempt(struct core *c, enum tape_cause cause)
{
	bool at_filemark = c->state == S_FINISH;
	enum tape_cause meaning = core_judge_unknown(c, cause);

	c->end = SPLITTER_END_FAILED;
	c->cause = cause;
	c->listed = true;
	c->close = core_close_reason(meaning, c->written);
	if (cause == TAPE_PEOM && c->fresh)
		c->cut = cut_parts(c, at_filemark);
	core_end_attempt(c);
	c->attempted = c->committed;
	c->state = !at_filemark && failures[meaning].filemark
	    ? S_FINISH
	    : core_verify_first(c, S_REPORT);
}

void core_fail_volume(struct core *c, enum tape_cause cause)
{
	if (cause == TAPE_REFUSED && !c->written) {
		c->tried = false;
		c->volumes--;
	}
	c->close = core_close_reason(core_judge_unknown(c, cause), c->written);
	c->state = core_verify_first(c, S_CLOSE);
}
