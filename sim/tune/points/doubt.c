/* doubt.c: see doubt.h. */
#include "sim/tune/points/doubt.h"

#include <assert.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

/* The names of facts (facts.h). */
static const char stop[] = "motion.backhitch", turn[] = "motion.wrap_turn",
		  restart[] = "buffer.restart", rule[] = "motion.rule",
		  buffer[] = "buffer.size", command[] = "host.command",
		  bus[] = "host.bus", forced[] = "motion.window", feed[] = "";

static const struct tune_doubt doubts[] = {
	{ TUNE_DOUBT_NONE, 0, "", "" },
	{ TUNE_DOUBT_STOP, SECOND, "a stop takes 1 s", stop },
	{ TUNE_DOUBT_STOP, SECOND * 3 / 2, "a stop takes 1.5 s", stop },
	{ TUNE_DOUBT_STOP, 3 * SECOND, "a stop takes 3 s", stop },
	{ TUNE_DOUBT_STOP, 6 * SECOND, "a stop takes 6 s", stop },
	{ TUNE_DOUBT_TURN, SECOND, "a turn takes 1 s", turn },
	{ TUNE_DOUBT_TURN, 5 * SECOND, "a turn takes 5 s", turn },
	{ TUNE_DOUBT_RESTART, 500,
	    "the drive starts again with half of its buffer full", restart },
	{ TUNE_DOUBT_RESTART, 1000,
	    "the drive starts again with all of its buffer full", restart },
	{ TUNE_DOUBT_RULE, MODEL_BELOW,
	    "the drive picks the speed below the rate of the source", rule },
	{ TUNE_DOUBT_RULE, MODEL_BEST,
	    "the drive picks the speed at which it receives most", rule },
	{ TUNE_DOUBT_BUFFER, 500, "the buffer of the drive is half as large",
	    buffer },
	{ TUNE_DOUBT_BUFFER, 2000, "the buffer of the drive is twice as large",
	    buffer },
	{ TUNE_DOUBT_COMMAND, 2000, "a command takes the host twice as long",
	    command },
	{ TUNE_DOUBT_BUS, 500, "the bus is half as fast", bus },
	{ TUNE_DOUBT_FORCED, 0,
	    "the drive changes its speed only when it starts", forced },
	{ TUNE_DOUBT_FEED, 800, "the source is 20 % slower", feed },
};

size_t tune_doubt_count(void)
{
	return sizeof doubts / sizeof *doubts;
}

const struct tune_doubt *tune_doubt_get(size_t number)
{
	assert(number < tune_doubt_count());
	return &doubts[number];
}

size_t tune_doubt_find(const char *name)
{
	for (size_t i = 1; i < tune_doubt_count(); i++)
		if (strcmp(doubts[i].name, name) == 0)
			return i;
	return 0;
}

void tune_doubt_apply(const struct tune_doubt *doubt, struct model *model)
{
	switch (doubt->kind) {
	case TUNE_DOUBT_STOP:
		model->hitch_ns = doubt->value;
		break;
	case TUNE_DOUBT_TURN:
		model->turn_ns = doubt->value;
		break;
	case TUNE_DOUBT_RESTART:
		model->restart_permille = (uint32_t)doubt->value;
		break;
	case TUNE_DOUBT_RULE:
		model->rule = (enum model_rule)doubt->value;
		break;
	case TUNE_DOUBT_BUFFER:
		model->buffer_bytes =
		    model->buffer_bytes / 1000 * (uint64_t)doubt->value;
		break;
	case TUNE_DOUBT_COMMAND:
		model->command_ns = model->command_ns / 1000 * doubt->value;
		break;
	case TUNE_DOUBT_BUS:
		model->bus_bytes_per_s =
		    model->bus_bytes_per_s / 1000 * (uint64_t)doubt->value;
		break;
	case TUNE_DOUBT_FORCED:
		model->window_ns = doubt->value;
		break;
	case TUNE_DOUBT_NONE:
	case TUNE_DOUBT_FEED:
		break;
	}
}

bool tune_doubt_applies(const struct tune_doubt *doubt,
    const struct model *model)
{
	struct model other = *model;

	if (doubt->kind == TUNE_DOUBT_FEED)
		return true;
	/* A drive without speeds has no motion. */
	if (model->media[0].speeds == 0)
		return false;
	tune_doubt_apply(doubt, &other);
	return other.hitch_ns != model->hitch_ns ||
	    other.turn_ns != model->turn_ns ||
	    other.restart_permille != model->restart_permille ||
	    other.rule != model->rule ||
	    other.buffer_bytes != model->buffer_bytes ||
	    other.command_ns != model->command_ns ||
	    other.bus_bytes_per_s != model->bus_bytes_per_s ||
	    other.window_ns != model->window_ns;
}
