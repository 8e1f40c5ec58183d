/* sweep.c: see sweep.h. */
#include "sim/tune/points/sweep.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

int tune_sweep_add(struct tune_sweep *sweep, const char *argument, char *err,
    size_t err_bytes)
{
	enum tune_axis axis;
	const char *text;

	if (tune_axis_find(argument, &axis, &text, err, err_bytes) != 0)
		return -1;
	if (sweep->values[axis].count > 0) {
		snprintf(err, err_bytes, "%s is varied twice",
		    tune_axis_name(axis));
		return -1;
	}
	return tune_axis_parse(axis, text, &sweep->values[axis], err,
	    err_bytes);
}

bool tune_sweep_is_empty(const struct tune_sweep *sweep)
{
	for (size_t i = 0; i < TUNE_AXES; i++)
		if (sweep->values[i].count > 1)
			return false;
	return true;
}

uint64_t tune_sweep_points(const struct tune_sweep *sweep)
{
	uint64_t points = 1;

	for (size_t i = 0; i < TUNE_AXES; i++) {
		size_t count = sweep->values[i].count;

		if (count > 1 && __builtin_mul_overflow(points, count, &points))
			return UINT64_MAX;
	}
	return points;
}

void tune_sweep_at(const struct tune_sweep *sweep, uint64_t point,
    struct tune_settings *settings)
{
	assert(point < tune_sweep_points(sweep));
	*settings = sweep->base;
	for (size_t i = TUNE_AXES; i-- > 0;) {
		const struct tune_values *v = &sweep->values[i];

		if (v->count == 0)
			continue;
		settings->value[i] = v->list[point % v->count];
		point /= v->count;
	}
}

void tune_sweep_clear(struct tune_sweep *sweep)
{
	for (size_t i = 0; i < TUNE_AXES; i++)
		free(sweep->values[i].list);
	*sweep = (struct tune_sweep){ .base = { { 0 } } };
}
