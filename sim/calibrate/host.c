/* host.c: writes, filemarks, moves and waits, and where the tape is. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/calibrate/impl.h"

bool cal_fail(struct calibration *c, const char *format, ...)
{
	struct calibrate_result *r = c->result;
	va_list args;

	if (c->ended)
		return false;
	c->ended = true;
	r->end = CALIBRATE_FAILED;
	va_start(args, format);
	vsnprintf(r->message, sizeof r->message, format, args);
	va_end(args);
	return false;
}

static bool may_go_on(struct calibration *c)
{
	const struct calibrate_config *k = c->config;

	if (!c->ended && k->stopped != NULL && k->stopped(k->arg)) {
		c->ended = true;
		c->result->end = CALIBRATE_STOPPED;
	}
	return !c->ended;
}

/* Takes the time of an answer; a tape in real time has read the clock. */
static bool take(struct calibration *c, const struct tape_result *result)
{
	c->now_ns = result->done_ns;
	c->leom |= result->leom;
	if (result->cause == TAPE_OK)
		return true;
	c->lost = true;
	return cal_fail(c, "%s: %s", calibrate_recipe_name(c->recipe),
	    tape_result_text(result));
}

/* A tape that is too short for these recipes is no failure of the drive. */
static bool end_is_allowed(const struct calibration *c)
{
	return c->recipe == CALIBRATE_STREAM || c->recipe == CALIBRATE_FILL;
}

/* Says so once after each load, before anything is written. */
static bool tell_writing(struct calibration *c)
{
	const struct calibrate_config *k = c->config;
	char err[TAPE_MESSAGE_BYTES];

	return c->written || k->writing == NULL ||
	    k->writing(k->arg, err, sizeof err) == 0 || cal_fail(c, "%s", err);
}

/* Says so once after each load. */
static bool tell_written(struct calibration *c)
{
	const struct calibrate_config *k = c->config;
	char err[TAPE_MESSAGE_BYTES];

	if (c->written)
		return true;
	c->written = true;
	return k->written == NULL || k->written(k->arg, err, sizeof err) == 0 ||
	    cal_fail(c, "%s", err);
}

bool cal_write(struct calibration *c, uint64_t bytes, uint64_t block)
{
	const struct calibrate_config *k = c->config;
	struct tape_run run = { .bytes = bytes,
		.block_bytes = block,
		.dump_id = 1,
		.offset = c->sent };
	struct tape_result result;

	if (!may_go_on(c) || !tell_writing(c))
		return false;
	if (k->data != NULL)
		run.data = (const char *)k->data +
		    c->sent / block % (k->data_bytes / bytes) * bytes;
	tape_result_init(&result, c->now_ns);
	k->tape->ops->write(k->tape, &run, c->now_ns, &result);
	c->at += result.bytes;
	c->sent += result.bytes;
	c->result->written_bytes += result.bytes;
	if (result.cause == TAPE_PEOM && end_is_allowed(c)) {
		c->now_ns = result.done_ns;
		c->leom = c->peom = true;
		return true;
	}
	if (!take(c, &result) || !tell_written(c))
		return false;
	if (c->leom && !end_is_allowed(c))
		return cal_fail(c,
		    "%s: the early warning came %" PRIu64
		    " bytes after the label: the volume is too short to be "
		    "calibrated with",
		    calibrate_recipe_name(c->recipe), c->at);
	return true;
}

bool cal_filemark(struct calibration *c, bool sync)
{
	struct tape *tape = c->config->tape;
	struct tape_result result;

	if (!may_go_on(c))
		return false;
	tape_result_init(&result, c->now_ns);
	tape->ops->filemark(tape, sync, c->now_ns, &result);
	c->file++;
	return take(c, &result);
}

/* Asks for the position: a drive that is elsewhere must not write. */
static bool is_at(struct calibration *c, uint64_t file)
{
	struct tape *tape = c->config->tape;
	struct tape_position at = { .file = TAPE_POSITION_UNKNOWN,
		.object = TAPE_POSITION_UNKNOWN,
		.byte = TAPE_POSITION_UNKNOWN };

	tape->ops->position(tape, &at);
	if (at.file == TAPE_POSITION_UNKNOWN || at.file == file)
		return true;
	c->lost = true;
	return cal_fail(c,
	    "%s: the drive is at file %" PRIu64 " after a move to file %" PRIu64
	    "; nothing is written there",
	    calibrate_recipe_name(c->recipe), at.file, file);
}

bool cal_locate(struct calibration *c, uint64_t file)
{
	struct tape *tape = c->config->tape;
	struct tape_result result;

	if (!may_go_on(c))
		return false;
	tape_result_init(&result, c->now_ns);
	tape->ops->locate(tape, file, c->now_ns, &result);
	c->leom = c->peom = false;
	if (!take(c, &result) || !is_at(c, file))
		return false;
	c->file = file;
	c->lost = file != CAL_FIRST_FILE;
	if (!c->lost)
		c->at = 0;
	return true;
}

bool cal_rewind(struct calibration *c)
{
	struct tape *tape = c->config->tape;
	struct tape_result result;

	if (!may_go_on(c))
		return false;
	tape_result_init(&result, c->now_ns);
	tape->ops->rewind(tape, c->now_ns, &result);
	c->leom = c->peom = false;
	c->lost = true;
	return take(c, &result);
}

void cal_note_late(struct calibration *c, double late_s)
{
	c->unit_late = fmax(c->unit_late, late_s);
	c->unit_most = fmax(c->unit_most, late_s);
}

bool cal_wait_until(struct calibration *c, int64_t at_ns)
{
	const struct calibrate_clock *clock = &c->config->clock;
	bool slept = false;

	if (!may_go_on(c))
		return false;
	if (clock->now_ns == NULL) {
		c->now_ns = at_ns > c->now_ns ? at_ns : c->now_ns;
		return true;
	}
	/* A sleep in pieces, so that a signal ends it soon. */
	while ((c->now_ns = clock->now_ns(clock->arg)) < at_ns) {
		slept = true;
		clock->sleep_until(clock->arg, at_ns);
		if (!may_go_on(c))
			return false;
	}
	if (slept)
		cal_note_late(c, (double)(c->now_ns - at_ns) / CAL_SECOND);
	return true;
}

bool cal_make_room(struct calibration *c, double bytes)
{
	if (!c->lost && (double)c->at + bytes <= c->wrap * 0.95)
		return true;
	return cal_locate(c, CAL_FIRST_FILE);
}
