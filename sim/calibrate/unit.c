/* unit.c: units, values and curves. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"
#include "splitter/base/grow.h"

enum { UNIT_BYTES = 64, TIMES_MOST = 4 };

/* A sleep of a unit that ended so late shows that the host stood still. */
static const double still_least_s = 0.005, times_later = 2;

static void show(const struct calibration *c)
{
	const struct calibrate_config *k = c->config;

	if (k->progress != NULL)
		k->progress(k->arg, c->recipe,
		    (double)(c->now_ns - c->recipe_ns) / CAL_SECOND);
}

/*
 * In real time, the last samples are how late sleeps of the unit ended, of the
 * measurement that counts, and of all.
 */
static void take_late(struct calibration *c, const double *samples,
    size_t *count)
{
	double late;

	if (!cal_is_real(c) || *count < 2)
		return;
	c->late_ever = fmax(c->late_ever, samples[--*count]);
	late = samples[--*count];
	c->late = fmax(c->late, late);
	if (late > 0 && c->unit_lates_count < CALIBRATE_SAMPLES_MAX)
		c->unit_lates[c->unit_lates_count++] = late;
}

/* Returns how late a unit is at most that is no worse than others. */
static double late_enough_s(const struct calibration *c)
{
	double copy[CALIBRATE_SAMPLES_MAX];

	memcpy(copy, c->unit_lates, c->unit_lates_count * sizeof *copy);
	return fmax(still_least_s,
	    times_later * fit_median(copy, c->unit_lates_count));
}

/*
 * A host that stood still for once makes a unit worth nothing, and all values
 * doubtful: the unit is measured again, and the measurement with the least late
 * sleeps counts.  On a host that is always so late, no unit is measured again.
 */
static bool measure_in_peace(struct calibration *c, cal_measure *measure,
    const void *arg, double *samples, size_t *count)
{
	double again[CALIBRATE_SAMPLES_MAX], least = INFINITY, most = 0;
	double enough = late_enough_s(c);
	size_t again_count;

	for (int i = 0; i < TIMES_MOST && least > enough; i++) {
		again_count = 0;
		c->unit_late = c->unit_most = 0;
		if (!measure(c, arg, again, &again_count))
			return false;
		most = fmax(most, c->unit_most);
		if (c->unit_late >= least)
			continue;
		least = c->unit_late;
		*count = again_count;
		memcpy(samples, again, again_count * sizeof *samples);
	}
	if (cal_is_real(c)) {
		samples[(*count)++] = least;
		samples[(*count)++] = most;
	}
	return true;
}

bool cal_unit(struct calibration *c, cal_measure *measure, const void *arg,
    double *samples, size_t *count, const char *format, ...)
{
	const struct calibrate_config *k = c->config;
	char name[UNIT_BYTES], err[TAPE_MESSAGE_BYTES];
	va_list args;

	if (c->ended)
		return false;
	va_start(args, format);
	vsnprintf(name, sizeof name, format, args);
	va_end(args);
	if (k->recall != NULL && k->recall(k->arg, name, samples, count)) {
		take_late(c, samples, count);
		return true;
	}
	if (!measure_in_peace(c, measure, arg, samples, count))
		return false;
	show(c);
	if (k->record != NULL &&
	    k->record(k->arg, name, samples, *count, err, sizeof err) != 0)
		return cal_fail(c, "%s", err);
	take_late(c, samples, count);
	return true;
}

void cal_found(struct calibration *c, enum calibrate_constant which,
    double value, double spread, size_t samples, const char *statistic)
{
	c->result->of[which] = (struct calibrate_value){
		.found = CALIBRATE_FOUND,
		.value = value,
		.spread = spread,
		.samples = samples,
		.statistic = statistic,
	};
}

void cal_without(struct calibration *c, enum calibrate_constant which,
    enum calibrate_found found, const char *format, ...)
{
	struct calibrate_value *v = &c->result->of[which];
	va_list args;

	*v = (struct calibrate_value){ .found = found };
	va_start(args, format);
	vsnprintf(v->why, sizeof v->why, format, args);
	va_end(args);
}

bool cal_is_found(const struct calibration *c, enum calibrate_constant which)
{
	return c->result->of[which].found == CALIBRATE_FOUND;
}

void cal_point(struct calibration *c, enum calibrate_curve curve, double x,
    double measured, double model)
{
	struct calibrate_series *s = &c->result->curves[curve];
	struct calibrate_point *points =
	    grow_by_one(s->points, s->count, sizeof *points);

	if (points == NULL) {
		cal_fail(c, "out of memory");
		return;
	}
	s->points = points;
	points[s->count++] = (struct calibrate_point){ x, measured, model };
}
