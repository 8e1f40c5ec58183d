/* plan.c: what a run will take, by the base. */
#include <math.h>

#include "sim/calibrate/impl.h"

/* How many samples a recipe takes is written in its file. */
struct expected {
	double top, low, hitch, buffer, bus, wrap, move;
};

static void add(struct calibrate_plan *plan, enum calibrate_recipe recipe,
    double seconds, double bytes, double stops)
{
	plan->seconds[recipe] = seconds;
	plan->all_s += seconds;
	plan->bytes += (uint64_t)bytes;
	plan->repositions += (uint64_t)stops;
}

static void add_mount(const struct calibrate_config *k,
    const struct expected *e, struct calibrate_plan *plan)
{
	const struct model *m = k->base;
	double once = (double)(m->load_ns + m->unload_ns) / CAL_SECOND;
	bool winds = m->unload_rewind_ns[0] > 0;
	double bytes = winds ? 66e9 : 1e9, rewinds = 0;

	for (int i = 0; i < 3; i++)
		rewinds += (double)m->unload_rewind_ns[i] / CAL_SECOND;
	if (k->load != NULL && k->unload != NULL)
		add(plan, CALIBRATE_MOUNT,
		    (winds ? 6 : 4) * once + rewinds + bytes / e->top, bytes,
		    20);
}

static void add_speeds(const struct expected *e, bool real,
    struct calibrate_plan *plan)
{
	double fine = log(1.1 * e->top / (0.9 * e->low)) / 0.02;
	double feeds = fine + log(2) / 0.05, one = (real ? 14 : 8) * e->hitch;

	add(plan, CALIBRATE_SPEEDS, feeds * one,
	    feeds * (real ? 5.2 : 2.6) * e->hitch * sqrt(e->top * e->low),
	    feeds * (real ? 8 : 5));
}

void calibrate_plan(const struct calibrate_config *config,
    struct calibrate_plan *plan)
{
	const struct model *m = config->base;
	const struct model_medium *d = config->medium;
	double capacity = (double)d->capacity_bytes;
	double hold = 120, delays = 16;
	const struct expected e = {
		.top = (double)d->speeds_bytes_per_s[d->speeds - 1],
		.low = (double)d->speeds_bytes_per_s[0],
		.hitch = (double)m->hitch_ns / CAL_SECOND,
		.buffer = (double)m->buffer_bytes,
		.bus = (double)m->bus_bytes_per_s,
		.wrap = capacity / d->wraps,
		.move = (double)(d->locate_start_ns + d->locate_turn_ns +
			    d->locate_wrap_ns + d->locate_length_ns / 3) /
		    CAL_SECOND,
	};

	*plan = (struct calibrate_plan){ .bytes = 0 };
	add(plan, CALIBRATE_BLOCKS, 10 * (4.2 * e.hitch + 1), 3e8, 40);
	add(plan, CALIBRATE_BUFFER,
	    3 * (2 * e.hitch + 1 + 2 * e.buffer / e.top), 6 * e.buffer, 9);
	add(plan, CALIBRATE_STREAM,
	    3.1 * e.wrap / e.top + 3 * (double)m->turn_ns / CAL_SECOND,
	    3.1 * e.wrap, 3);
	if (config->fill)
		add(plan, CALIBRATE_FILL,
		    (capacity - 3 * e.wrap) / e.top +
			d->wraps * (double)m->turn_ns / CAL_SECOND,
		    capacity - 3 * e.wrap, 100);
	add(plan, CALIBRATE_PLACE,
	    (config->fill ? 46 : 24) * e.move +
		6 * (double)d->rewind_ns / 2 / CAL_SECOND,
	    0, 0);
	add(plan, CALIBRATE_SYNC, 6 * 5 * 1.5 * e.hitch,
	    12 * fmin(e.hitch * e.bus * 0.6, e.buffer), 30);
	add(plan, CALIBRATE_THRESHOLD, 4 * (4 * e.hitch + 3 * e.buffer / e.top),
	    10 * e.buffer, 12);
	add(plan, CALIBRATE_DELAY, delays * 4 * e.hitch + 160,
	    delays * e.top / 2, delays * 3);
	add_speeds(&e, config->clock.now_ns != NULL, plan);
	add(plan, CALIBRATE_RATES, 7 * (8 + 3 * e.hitch + e.move),
	    7 * 8 * e.top, 21);
	hold = fmin(hold, 3 * e.wrap / e.top);
	add(plan, CALIBRATE_HOLD, 3 * (hold + 3 * e.hitch + e.move),
	    3 * hold * (e.low + e.top) / 2, 3 * hold / 10);
	add_mount(config, &e, plan);
	plan->passes = (double)plan->bytes / e.wrap;
}
