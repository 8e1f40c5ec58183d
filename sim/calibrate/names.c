/* names.c: the names of recipes. */
#include "sim/calibrate/calibrate.h"

const char *calibrate_recipe_name(enum calibrate_recipe recipe)
{
	static const char *const names[CALIBRATE_RECIPES] = {
		[CALIBRATE_BLOCKS] = "blocks",
		[CALIBRATE_BUFFER] = "buffer",
		[CALIBRATE_STREAM] = "stream",
		[CALIBRATE_FILL] = "fill",
		[CALIBRATE_PLACE] = "place",
		[CALIBRATE_SYNC] = "sync",
		[CALIBRATE_THRESHOLD] = "threshold",
		[CALIBRATE_DELAY] = "delay",
		[CALIBRATE_SPEEDS] = "speeds",
		[CALIBRATE_RATES] = "rates",
		[CALIBRATE_HOLD] = "hold",
		[CALIBRATE_MOUNT] = "mount",
	};

	return names[recipe];
}
