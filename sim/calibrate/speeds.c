/*
 * speeds.c: the speed at many feeds.
 *
 * Bytes S that come at a feed F, then a synchronised filemark: the tape starts
 * at the filemark, at the speed v that it chooses for the feed, and after the
 * backhitch h of the filemark before.  From answer to answer it takes
 * max(S / F, h) + S / v.  Two sizes S give v and h.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum { FEEDS_MAX = 160, REPEATS = 3 };

/* The feeds, downwards; the last feeds below the lowest speed are coarser. */
static const double fine = 0.98, coarse = 0.95, stop_share = 0.45;

struct probe {
	double feed, few, many; /* bytes */
};

/*
 * Samples: bytes and seconds from answer to answer, of few and of many; where
 * time is real, the median of three.  The last sample: half the range of many.
 */
static bool measure_feed(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct probe *p = arg;
	const double sizes[] = { p->few, p->many };
	int repeats = c->config->clock.now_ns != NULL ? REPEATS : 1;
	double flush_s, all_s[REPEATS], bytes = 0;

	if (!cal_make_room(c,
		repeats * (p->few + p->many) + 32 * (double)c->block) ||
	    !cal_prime(c, p->feed))
		return false;
	for (int i = 0; i < 2; i++) {
		const struct cal_cycle cycle = { p->feed, sizes[i] };

		for (int k = 0; k < repeats; k++)
			if (!cal_run_cycle(c, &cycle, &all_s[k], &flush_s,
				&bytes))
				return false;
		samples[(*count)++] = bytes;
		samples[(*count)++] = fit_median(all_s, (size_t)repeats);
	}
	samples[(*count)++] = fit_half_range(all_s, (size_t)repeats);
	return true;
}

/* Solves the equations above.  Returns false if no speed satisfies them. */
static bool solve(const struct calibration *c, const double *sample,
    struct cal_speed *to)
{
	double few = sample[0], few_s = sample[1];
	double many = sample[2], many_s = sample[3];
	double v, h, lasts = many / to->feed;

	/* All of it came during the backhitch. */
	if (many_s > few_s) {
		v = (many - few) / (many_s - few_s);
		h = few_s - few / v;
		if (h >= lasts * 0.999) {
			to->speed = v;
			to->hitch = h;
			return true;
		}
	}
	/* The backhitch was over before the filemark. */
	if (many_s <= lasts)
		return false;
	v = many / (many_s - lasts);
	h = few_s - few / v;
	to->speed = v;
	/* Without a backhitch nothing is left but the feed itself. */
	to->hitch = c->result->of[CALIBRATE_SYNC_HITCH].value != 0 ? 0 : h;
	return true;
}

static struct probe probe_of(const struct calibration *c, double feed)
{
	struct probe p = { .feed = feed };
	double most = 0.7 * c->threshold;

	if (c->delay > 0)
		most = fmin(most, 0.7 * c->delay * feed);
	p.many = fmin(most, fmax(1.25 * c->hitch, 0.5) * feed);
	p.few = fmin(p.many / 5, 0.05 * c->hitch * feed);
	return p;
}

void cal_speeds(struct calibration *c)
{
	struct cal_speed seen[FEEDS_MAX];
	double noise[FEEDS_MAX];
	double sample[CALIBRATE_SAMPLES_MAX], lowest = c->top, factor = fine;
	double fine_to = INFINITY;
	double feed = fmin(c->bus, 1.1 * c->top);
	size_t n = 0, count;

	if (c->threshold <= 0 || c->hitch <= 0 ||
	    !cal_is_found(c, CALIBRATE_TOP_SPEED)) {
		cal_without(c, CALIBRATE_RULE, CALIBRATE_CANNOT,
		    "the restart level, the highest speed or the backhitch was "
		    "not found");
		c->result->of[CALIBRATE_HITCH_STANDSTILL] =
		    c->result->of[CALIBRATE_RULE];
		return;
	}
	for (int i = 0; n < FEEDS_MAX && feed > stop_share * lowest;
	     i++, feed *= factor) {
		struct probe p = probe_of(c, feed);

		if (!cal_unit(c, measure_feed, &p, sample, &count, "speed %d",
			i))
			return;
		seen[n].feed = feed;
		if (!solve(c, sample, &seen[n]))
			continue;
		/* A coarse step may have passed a speed: back, in fine ones. */
		if (factor == coarse && seen[n].speed < 0.99 * lowest) {
			fine_to = feed;
			feed /= coarse;
			factor = fine;
			continue;
		}
		/* S / v took many / speed seconds. */
		noise[n] = sample[4] * seen[n].speed / sample[2];
		factor = fine;
		if (seen[n].speed < 0.99 * lowest)
			lowest = seen[n].speed;
		else if (feed < 0.9 * lowest && feed < fine_to)
			factor = coarse;
		n++;
	}
	c->speed_noise = fit_median(noise, n);
	cal_judge_speeds(c, seen, n);
}
