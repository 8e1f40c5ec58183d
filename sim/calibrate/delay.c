/*
 * delay.c: the write delay.
 *
 * A few blocks, far below the restart level, and a pause; then a synchronised
 * filemark.  If the tape started during the pause, the filemark takes less.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

static const double first_s = 1, last_s = 90, step = 1.35, close_share = 0.01;

enum { PROBES_MAX = 40 };

struct probe {
	double pause_s, bytes;
};

/* Sample: how long the filemark took after the pause. */
static bool measure_pause(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct probe *p = arg;
	uint64_t blocks = (uint64_t)(p->bytes / (double)c->block) + 1;
	int64_t first_ns = 0, begun_ns;

	if (!cal_make_room(c, 2 * p->bytes + 32.0 * (double)c->block) ||
	    !cal_prime(c, 0) ||
	    !cal_wait_until(c,
		c->now_ns + (int64_t)(1.2 * c->hitch * CAL_SECOND)))
		return false;
	for (uint64_t i = 0; i < blocks; i++) {
		if (!cal_write(c, c->block, c->block))
			return false;
		if (i == 0)
			first_ns = c->now_ns;
	}
	if (!cal_wait_until(c, first_ns + (int64_t)(p->pause_s * CAL_SECOND)))
		return false;
	begun_ns = c->now_ns;
	if (!cal_filemark(c, true))
		return false;
	samples[(*count)++] = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	return true;
}

/* Stores how long the filemark took; returns false if the run has ended. */
static bool probe(struct calibration *c, double pause_s, double bytes, int i,
    double *flush_s)
{
	const struct probe p = { pause_s, bytes };
	double sample[CALIBRATE_SAMPLES_MAX];
	size_t count;

	if (!cal_unit(c, measure_pause, &p, sample, &count, "delay %d", i))
		return false;
	*flush_s = sample[0];
	return true;
}

void cal_delay(struct calibration *c)
{
	double low = 0, high = first_s, whole_s = 0, flush_s, bytes;
	double rest_s = 0; /* what the filemark took after `high` */
	int i = 0;

	if (c->top <= 0 || c->buffer <= 0) {
		cal_without(c, CALIBRATE_WRITE_DELAY, CALIBRATE_CANNOT,
		    "the buffer is not known, so nothing can be kept below its "
		    "restart level");
		return;
	}
	/* Far below any restart level. */
	bytes = fmin(0.1 * c->buffer, c->top / 2);
	/* A slower feed is not written faster: a filemark that is, started. */
	for (;; high *= step) {
		if (!probe(c, high, bytes, i++, &flush_s))
			return;
		rest_s = flush_s;
		if (flush_s < whole_s * 0.9)
			break;
		whole_s = flush_s;
		low = high;
		if (high * step > last_s) {
			cal_without(c, CALIBRATE_WRITE_DELAY, CALIBRATE_CANNOT,
			    "the tape did not start within %.0f s", high);
			return;
		}
	}
	if (low == 0) {
		cal_without(c, CALIBRATE_WRITE_DELAY, CALIBRATE_CANNOT,
		    "it is shorter than %.0f s", first_s);
		return;
	}
	while (high - low > close_share * high && i < PROBES_MAX) {
		double middle = (low + high) / 2;

		if (!probe(c, middle, bytes, i++, &flush_s))
			return;
		if (flush_s < whole_s * 0.9) {
			high = middle;
			rest_s = flush_s;
		} else {
			low = middle;
		}
	}
	/* If it was still writing, that says when it began. */
	c->delay = rest_s > 0.05 * whole_s
	    ? fmin(fmax(high - (whole_s - rest_s), low - 0.1 * whole_s), high)
	    : (low + high) / 2;
	cal_found(c, CALIBRATE_WRITE_DELAY, c->delay, (high - low) / 2,
	    (size_t)i, "half the interval");
}
