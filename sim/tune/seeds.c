/* seeds.c: see seeds.h. */
#include "sim/tune/seeds.h"

#include <math.h>

/* Returns the record of a point with the seed of that number, or NULL. */
static const struct tune_record *record_of(const struct tune_study *study,
    const struct tune_settings *settings, uint64_t number)
{
	struct tune_task task = { .settings = *settings,
		.seed = study->seed + number };

	return tune_records_get(&study->records, &task);
}

static void add_value(struct tune_range *range, size_t count, double value)
{
	double before = range->mean;

	/* Welford's sums: `deviation` is the sum of squares until the end. */
	range->mean += (value - before) / (double)(count + 1);
	range->deviation += (value - before) * (value - range->mean);
	if (count == 0 || value < range->low)
		range->low = value;
	if (count == 0 || value > range->high)
		range->high = value;
}

static void end_range(struct tune_range *range, size_t count)
{
	range->deviation =
	    count > 1 ? sqrt(range->deviation / (double)(count - 1)) : 0;
}

static double an_hour(const struct tune_figures *f, double number)
{
	return number * 3600 / f->of[TUNE_DURATION];
}

void tune_seeds_gather(const struct tune_study *study,
    const struct tune_settings *settings, struct tune_sample *sample)
{
	size_t count = 0;

	*sample = (struct tune_sample){ .settings = *settings };
	for (uint64_t seed = 0; seed < study->seeds; seed++) {
		const struct tune_record *r = record_of(study, settings, seed);
		const struct tune_figures *f;

		if (r == NULL)
			continue;
		if (r->problem != NULL) {
			sample->problem = r->problem;
			continue;
		}
		f = &r->figures;
		for (size_t i = 0; i < TUNE_FIGURES; i++)
			add_value(&sample->of[i], count, f->of[i]);
		add_value(&sample->stops_data, count,
		    an_hour(f, f->of[TUNE_STOPS_DATA]));
		add_value(&sample->stops_mark, count,
		    an_hour(f, f->of[TUNE_STOPS_MARK]));
		add_value(&sample->stops_forced, count,
		    an_hour(f, f->of[TUNE_STOPS_FORCED]));
		count++;
	}
	for (size_t i = 0; i < TUNE_FIGURES; i++)
		end_range(&sample->of[i], count);
	end_range(&sample->stops_data, count);
	end_range(&sample->stops_mark, count);
	end_range(&sample->stops_forced, count);
}

double tune_seeds_pairs(const struct tune_study *study,
    const struct tune_settings *a, const struct tune_settings *b)
{
	struct tune_range ratio = { .mean = 0 };
	size_t count = 0;

	for (uint64_t seed = 0; seed < study->seeds; seed++) {
		const struct tune_record *x = record_of(study, a, seed),
					 *y = record_of(study, b, seed);
		double value;

		if (x == NULL || y == NULL || x->problem != NULL ||
		    y->problem != NULL)
			continue;
		value = x->figures.of[TUNE_RATE] / y->figures.of[TUNE_RATE];
		if (isfinite(value))
			add_value(&ratio, count++, value);
	}
	end_range(&ratio, count);
	return ratio.deviation;
}
