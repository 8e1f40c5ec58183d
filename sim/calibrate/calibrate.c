/* calibrate.c: the order of the recipes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/impl.h"

enum { BLOCK_LEAST = 16 << 10, BLOCK_MOST = 256 << 10, BLOCKS_A_BUFFER = 512 };

static void (*const recipes[CALIBRATE_RECIPES])(struct calibration *c) = {
	[CALIBRATE_BLOCKS] = cal_blocks,
	[CALIBRATE_BUFFER] = cal_buffer,
	[CALIBRATE_STREAM] = cal_stream,
	[CALIBRATE_FILL] = cal_fill,
	[CALIBRATE_PLACE] = cal_place,
	[CALIBRATE_SYNC] = cal_sync,
	[CALIBRATE_DELAY] = cal_delay,
	[CALIBRATE_THRESHOLD] = cal_threshold,
	[CALIBRATE_SPEEDS] = cal_speeds,
	[CALIBRATE_RATES] = cal_rates,
	[CALIBRATE_HOLD] = cal_hold,
	[CALIBRATE_MOUNT] = cal_mount,
};

/* A block small enough to measure a buffer, and large enough for the bus. */
static uint64_t usual_block(const struct calibrate_config *config,
    const struct tape_limits *limits)
{
	uint64_t block = BLOCK_LEAST;

	while (block < BLOCK_MOST &&
	    2 * block <= config->base->buffer_bytes / BLOCKS_A_BUFFER)
		block *= 2;
	while (block < limits->block_min_bytes)
		block *= 2;
	while (block > limits->block_max_bytes)
		block /= 2;
	return block;
}

void calibrate_run(const struct calibrate_config *config,
    struct calibrate_result *result)
{
	struct calibration *c = calloc(1, sizeof *c);

	memset(result, 0, sizeof *result);
	result->repositions = result->repositions_model = -1;
	if (c == NULL) {
		result->end = CALIBRATE_FAILED;
		snprintf(result->message, sizeof result->message,
		    "out of memory");
		return;
	}
	c->config = config;
	c->result = result;
	c->now_ns = config->now_ns;
	c->lost = true;
	c->wrap =
	    (double)(config->medium->capacity_bytes / config->medium->wraps);
	config->tape->ops->limits(config->tape, &c->limits);
	c->block = usual_block(config, &c->limits);
	cal_look_at_host(c);
	for (int i = 0; i < CALIBRATE_RECIPES && !c->ended; i++) {
		c->recipe = (enum calibrate_recipe)i;
		c->recipe_ns = c->now_ns;
		recipes[i](c);
	}
	cal_judge_again(c);
	free(c);
}

void calibrate_result_clear(struct calibrate_result *result)
{
	for (int i = 0; i < CALIBRATE_CURVES; i++) {
		free(result->curves[i].points);
		result->curves[i] = (struct calibrate_series){ NULL, 0 };
	}
}
