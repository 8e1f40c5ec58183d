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
static const double least_s = 0.02;

enum { PROBES_MAX = 40, REAL_TIMES = 2, WHOLE_TIMES = 3 };

struct probe {
	double pause_s, bytes;
};

/* Stores how long the filemark took after the pause. */
static bool pause_once(struct calibration *c, const struct probe *p,
    double *flush_s)
{
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
	*flush_s = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	return true;
}

/* Sample: how long the filemark took: a late host only adds to it. */
static bool measure_pause(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	double flush_s, shortest_s = INFINITY;

	for (int i = 0; i < (cal_is_real(c) ? REAL_TIMES : 1); i++) {
		if (!pause_once(c, arg, &flush_s))
			return false;
		shortest_s = fmin(shortest_s, flush_s);
	}
	samples[(*count)++] = shortest_s;
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

/*
 * Returns how much a filemark must be shorter if the tape had started: more than
 * the host may be wrong.  A late host may be wrong by more than its sleeps were;
 * but a tape that started long ago leaves nothing to write.
 */
static double shorter(const struct calibration *c, double whole_s)
{
	return fmax((cal_is_real(c) ? 0.5 : 0.1) * whole_s, 2 * cal_error(c));
}

/*
 * Finds what a filemark takes after no pause.  What a late host adds to it would
 * make each filemark after a pause look shorter: in real time the shortest of
 * three counts.
 */
static bool find_whole(struct calibration *c, double bytes, double *whole_s)
{
	double sample[CALIBRATE_SAMPLES_MAX];
	const struct probe p = { 0, bytes };
	size_t count;

	*whole_s = INFINITY;
	for (int i = 0; i < (cal_is_real(c) ? WHOLE_TIMES : 1); i++) {
		if (!cal_unit(c, measure_pause, &p, sample, &count,
			"delay whole %d", i))
			return false;
		*whole_s = fmin(*whole_s, sample[0]);
	}
	return true;
}

/* Returns false if no pause at all looks like one after which it has started. */
static bool is_sure(struct calibration *c, double bytes, double whole_s, int i)
{
	double flush_s;

	if (!cal_is_real(c))
		return true;
	if (!probe(c, 0, bytes, i, &flush_s))
		return false;
	if (flush_s >= whole_s - shorter(c, whole_s))
		return true;
	cal_too_late(c, CALIBRATE_WRITE_DELAY,
	    "a filemark after %.1f MB took %.3f s, and then %.3f s",
	    bytes / 1e6, whole_s, flush_s);
	return false;
}

/* Only an upper bound is known, which says nothing about the restart level. */
static void is_shorter(struct calibration *c, double most_s)
{
	cal_without(c, CALIBRATE_WRITE_DELAY, CALIBRATE_CANNOT,
	    "it is shorter than %.0f ms", most_s * 1e3);
	c->delay = 0;
}

/*
 * Finds a pause after which the tape has not started, `*low`, and one after which
 * it has, `*high`; `*rest_s` is what the filemark took then.  A filemark that
 * is not shorter says what a whole one takes: after a pause the speed is lower.
 * Returns false if the run has ended, or the delay cannot be found.
 */
static bool bracket(struct calibration *c, double bytes, double *whole_s,
    double *low, double *high, double *rest_s, int *i)
{
	double flush_s, pause = first_s;
	double least = fmax(least_s, 2 * cal_error(c));

	*low = *high = 0;
	while (*low == 0 || *high == 0) {
		if (!probe(c, pause, bytes, (*i)++, &flush_s))
			return false;
		if (flush_s < *whole_s - shorter(c, *whole_s)) {
			*high = pause;
			*rest_s = flush_s;
			pause /= step;
		} else {
			*low = pause;
			*whole_s = fmax(*whole_s, flush_s);
			pause *= step;
		}
		if (*high == 0 && pause > last_s) {
			c->delay = *low;
			cal_without(c, CALIBRATE_WRITE_DELAY, CALIBRATE_CANNOT,
			    "the tape did not start within %.0f s", *low);
			return false;
		}
		if (*low == 0 && pause < least) {
			if (!is_sure(c, bytes, *whole_s, *i))
				return false;
			is_shorter(c, *high);
			return false;
		}
	}
	return true;
}

void cal_delay(struct calibration *c)
{
	double low, high, whole_s, flush_s, bytes, late;
	double rest_s = 0; /* what the filemark took after `high` */
	int i = 1;

	if (c->top <= 0 || c->buffer <= 0) {
		cal_without(c, CALIBRATE_WRITE_DELAY, CALIBRATE_CANNOT,
		    "the buffer is not known, so nothing can be kept below its "
		    "restart level");
		return;
	}
	/* Far below any restart level; a late host needs a longer flush. */
	bytes = cal_is_real(c) ? fmin(0.2 * c->buffer, c->top)
			       : fmin(0.1 * c->buffer, c->top / 2);
	if (!find_whole(c, bytes, &whole_s))
		return;
	if (whole_s < 2 * shorter(c, whole_s)) {
		cal_too_late(c, CALIBRATE_WRITE_DELAY,
		    "a filemark after %.1f MB takes %.3f s, and that is not "
		    "enough to tell whether the tape had started",
		    bytes / 1e6, whole_s);
		return;
	}
	if (!bracket(c, bytes, &whole_s, &low, &high, &rest_s, &i))
		return;
	while (high - low > close_share * high && i < PROBES_MAX) {
		double middle = (low + high) / 2;

		if (!probe(c, middle, bytes, i++, &flush_s))
			return;
		if (flush_s < whole_s - shorter(c, whole_s)) {
			high = middle;
			rest_s = flush_s;
		} else {
			low = middle;
			whole_s = fmax(whole_s, flush_s);
		}
	}
	/* If it was still writing, that says when it began. */
	c->delay = rest_s > 0.05 * whole_s
	    ? fmin(fmax(high - (whole_s - rest_s), low - shorter(c, whole_s)),
		  high)
	    : (low + high) / 2;
	/*
	 * A tape that starts before the last block comes has then less to write
	 * after each pause: it looks as if it started with that block.
	 */
	if (c->delay <= 1.1 * bytes / c->bus + cal_error(c)) {
		is_shorter(c, high);
		return;
	}
	late = cal_is_real(c)
	    ? (high - low) / 2 + shorter(c, whole_s) + cal_error(c)
	    : 0;
	cal_found_late(c, CALIBRATE_WRITE_DELAY, c->delay, (high - low) / 2,
	    late, (size_t)i, "half the interval");
}
