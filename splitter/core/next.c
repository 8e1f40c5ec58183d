/* next.c: the steps that the core requests; the states are in core.h. */
#include "splitter/core/impl.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { RUN_MAX_BYTES = 8 << 20, RUN_SHARE = 8 };

uint64_t core_run_bytes(const struct core *c)
{
	return core_max(c->config.block_bytes,
	    core_round_down(c,
		core_min(c->config.buffer_bytes / RUN_SHARE, RUN_MAX_BYTES)));
}

/* Returns whether a byte waits for a tape or the dump is empty. */
static bool dump_waits(const struct core *c)
{
	return c->accepted > c->committed || c->eof;
}

/*
 * Returns whether there are enough bytes to continue.  Detects underruns: if
 * streaming is required, the buffer is filled before the tape starts again.
 */
static bool may_go(struct core *c)
{
	uint64_t ready = core_round_down(c, c->accepted - c->attempted);

	if (c->eof || ready >= core_part_left(c)) {
		c->filling = false;
		return true;
	}
	if (ready == 0) {
		if (c->config.streaming == SPLITTER_STREAMING_REQUIRED)
			c->filling = true;
		return false;
	}
	/*
	 * In every known state the buffer has room or the fill is reached:
	 * bytes that prevent both are released, or end the part.  If a state
	 * has neither, the tape starts before the fill is reached, so that the
	 * dump does not hang.
	 */
	if (c->filling && ready < c->config.start_fill_bytes &&
	    core_room(c) > 0)
		return false;
	c->filling = false;
	return true;
}

/*
 * Returns how the part ends if it ends here.  The order of the tests matters.
 */
static enum splitter_end part_end(const struct core *c)
{
	if (c->eof && c->attempted == c->accepted)
		return SPLITTER_END_EOF;
	if (core_part_left(c) == 0)
		return SPLITTER_END_EOP;
	if (c->attempted == c->committed)
		return SPLITTER_END_NONE;
	if (c->leom)
		return SPLITTER_END_LEOM;
	if (c->cache_failed && c->attempted == c->consumed)
		return SPLITTER_END_CUT;
	return SPLITTER_END_NONE;
}

/* Plans the run that begins at `attempted` and has at least one byte. */
static void plan_run(const struct core *c, struct core_step *s)
{
	uint64_t most = core_run_bytes(c);
	uint64_t end = c->accepted;

	s->kind = CORE_WRITE;
	s->offset = c->attempted;
	s->replay = c->attempted < c->consumed;
	s->source = CORE_RING;
	if (s->replay)
		end = c->consumed;
	if (c->attempted < core_unneeded(c)) {
		s->source = CORE_FROM_CACHE;
		end = core_min(end, core_unneeded(c));
	}
	s->bytes =
	    core_min(end - c->attempted, core_min(most, core_part_left(c)));
	if (!core_whole(c, s->offset + s->bytes))
		s->bytes = core_round_down(c, s->bytes);
	assert(s->bytes > 0);
}

static bool next_volume(struct core *c, struct core_step *s)
{
	if (c->stop != TAPE_OK) {
		core_conclude(c, SPLITTER_FAILED, c->stop);
		return false;
	}
	if (!dump_waits(c))
		return false;
	if (c->committed == c->accepted && c->part > 1) {
		core_conclude(c, SPLITTER_DONE, TAPE_OK);
		return false;
	}
	if (c->no_storage) {
		core_conclude(c, SPLITTER_PARTIAL, TAPE_STORAGE_FAILED);
		return false;
	}
	if (c->failed_volumes_in_row >= c->config.max_failed_volumes ||
	    (c->config.max_volumes > 0 &&
		c->volumes >= c->config.max_volumes)) {
		core_conclude(c, SPLITTER_PARTIAL, TAPE_NO_VOLUME);
		return false;
	}
	s->kind = CORE_LOAD;
	s->other_drive = c->other_drive;
	return true;
}

static void try_volume(struct core *c)
{
	if (!c->tried)
		c->volumes++;
	c->tried = true;
}

static bool next_label(struct core *c, struct core_step *s)
{
	if (c->stop != TAPE_OK) {
		core_conclude(c, SPLITTER_FAILED, c->stop);
		return false;
	}
	try_volume(c);
	s->kind = CORE_LABEL;
	return true;
}

static bool next_header(struct core *c, struct core_step *s)
{
	if (c->stop != TAPE_OK) {
		core_conclude(c, SPLITTER_FAILED, c->stop);
		return false;
	}
	if (!may_go(c))
		return false;
	try_volume(c);
	s->kind = CORE_HEADER;
	s->part = c->part;
	s->attempt = c->attempts + 1;
	s->offset = c->committed;
	return true;
}

static bool next_data(struct core *c, struct core_step *s)
{
	if (c->stop != TAPE_OK) {
		core_fail_attempt(c, c->stop);
		return false;
	}
	c->end = part_end(c);
	if (c->end != SPLITTER_END_NONE) {
		c->cause = TAPE_OK;
		c->listed = true;
		c->state = S_FINISH;
		return false;
	}
	if (!may_go(c))
		return false;
	plan_run(c, s);
	return true;
}

static bool next_report(struct core *c, struct core_step *s)
{
	bool failed = c->end == SPLITTER_END_FAILED;

	if (!failed && c->stop == TAPE_OK && !dump_waits(c))
		return false;
	s->kind = CORE_REPORT;
	s->report.part = failed ? c->part : c->part - 1;
	s->report.attempt = c->attempts + 1;
	s->report.cause = c->cause;
	s->report.committed = !failed;
	s->report.last = !failed && c->eof && c->committed == c->accepted;
	s->report.end = s->report.last ? SPLITTER_END_EOF : c->end;
	s->report.offset = c->ended_offset;
	s->report.bytes = c->ended_bytes;
	s->report.can_retry = failed && c->cause != TAPE_CACHE_ERROR &&
	    !c->lost && !c->no_storage && core_can_retry(c);
	s->report.failed_volumes = c->failed_volumes_in_row;
	return true;
}

/*
 * Fills in the step.  Returns false if only the state changed, or if no step is
 * possible yet.
 */
static bool next_step(struct core *c, struct core_step *s)
{
	switch (c->state) {
	case S_VOLUME:
		return next_volume(c, s);
	case S_LABEL:
		return next_label(c, s);
	case S_HEADER:
		return next_header(c, s);
	case S_DATA:
		return next_data(c, s);
	case S_FINISH:
		s->kind = CORE_FINISH;
		s->commits = c->end != SPLITTER_END_FAILED;
		return true;
	case S_VERIFY:
		s->kind = CORE_VERIFY;
		s->read_parts = c->stop == TAPE_OK;
		return true;
	case S_REPORT:
		return next_report(c, s);
	case S_END_RECORD:
		s->kind = CORE_END_RECORD;
		s->outcome = c->outcome;
		return true;
	case S_CLOSE:
		if (!c->loaded) {
			c->state = c->outcome == SPLITTER_NO_OUTCOME ? S_VOLUME
								     : S_ENDED;
			return false;
		}
		s->kind = CORE_CLOSE;
		s->close = c->close;
		return true;
	default:
		s->kind = CORE_DONE;
		s->outcome = c->outcome;
		s->sealed = c->sealed;
		s->cause = c->why;
		return true;
	}
}

/*
 * Zeroes a step in parts: for the whole, compilers use an instruction that
 * takes longer than the rest of core_next().
 */
static void clear(struct core_step *step)
{
	const size_t report = offsetof(struct core_step, report);
	const size_t after = report + sizeof step->report;

	memset(step, 0, report);
	memset(&step->report, 0, sizeof step->report);
	memset((char *)step + after, 0, sizeof *step - after);
}

bool core_next(struct core *c, struct core_step *step)
{
	uint8_t before;

	assert(c->out == CORE_NOTHING);
	do {
		clear(step);
		before = c->state;
		if (next_step(c, step)) {
			if (step->kind == CORE_DONE)
				return true;
			c->out = step->kind;
			if (step->kind == CORE_WRITE) {
				c->out_offset = step->offset;
				c->out_bytes = step->bytes;
				c->out_source = step->source;
			}
			core_check(c);
			return true;
		}
	} while (c->state != before);
	return false;
}
