/* speed.c: see speed.h. */
#include "sim/tune/speed.h"

#include <math.h>

double tune_mean_feed(const struct tune_sample *s)
{
	double rate = s->of[TUNE_FEED].mean;

	return isnan(rate) ? INFINITY : rate;
}

double tune_ratio(const struct tune_study *study)
{
	bool on = study->chosen.settings.value[TUNE_COMPRESSION] ==
	    TUNE_COMPRESSION_ON;
	uint64_t given =
	    study->base.scenario->behaviours[0].layout.ratio_permille;

	if (!on)
		return 1;
	if (study->base.settings.value[TUNE_COMPRESSION] ==
		TUNE_COMPRESSION_ON &&
	    given > 0)
		return (double)given / 1000;
	return (double)study->base.scenario->drives[0]->ratio_permille / 1000;
}

double tune_lowest_speed(const struct tune_study *study)
{
	const struct model_medium *m =
	    &study->base.scenario->drives[0]->media[0];

	return m->speeds > 0
	    ? (double)m->speeds_bytes_per_s[0] * tune_ratio(study)
	    : 0;
}

double tune_highest_speed(const struct tune_study *study)
{
	const struct model_medium *m =
	    &study->base.scenario->drives[0]->media[0];

	return m->speeds > 0
	    ? (double)m->speeds_bytes_per_s[m->speeds - 1] * tune_ratio(study)
	    : 0;
}
