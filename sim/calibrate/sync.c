/*
 * sync.c: synchronised filemarks every S bytes.
 *
 * The backhitch of a filemark follows its answer.  Bytes that come meanwhile
 * wait in the buffer: from answer to answer it takes a backhitch and S bytes at
 * the highest speed.  A drive whose flush causes no backhitch has one when it
 * runs out of data.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum { SIZES = 5, REPEATS = 3 };

/* A drive that stops for a filemark needs longer than this. */
static const double stop_least_s = 0.05;

static bool measure_sync(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct cal_cycle cycle = { 0, *(const double *)arg };
	double flush_s, bytes;

	if (!cal_make_room(c, (REPEATS + 1) * cycle.bytes) || !cal_prime(c, 0))
		return false;
	for (int i = 0; i < REPEATS; i++)
		if (!cal_run_cycle(c, &cycle, &samples[(*count)++], &flush_s,
			&bytes))
			return false;
	samples[(*count)++] = bytes;
	return true;
}

/*
 * The drive runs out of a full buffer; a block and a filemark come just then.
 * Samples: from running out to the answer.
 */
static bool measure_starved(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	int64_t out_ns;
	bool waits;

	(void)arg;
	if (!cal_make_room(c, 8 * c->buffer) || !cal_prime(c, 0) ||
	    !cal_write_until_waiting(c, 8 * c->buffer, &waits))
		return false;
	out_ns = c->now_ns + (int64_t)(c->buffer / c->top * CAL_SECOND);
	if (!cal_wait_until(c, out_ns + (int64_t)(CAL_SECOND / 50)) ||
	    !cal_write(c, c->block, c->block) || !cal_filemark(c, true))
		return false;
	samples[(*count)++] = (double)(c->now_ns - out_ns) / CAL_SECOND -
	    (double)c->block / c->top;
	return true;
}

static void judge_top(struct calibration *c, const double *x, double *y)
{
	struct fit fit;

	if (!fit_line(x, y, SIZES, &fit) || fit.term[1] <= 0) {
		cal_contradict(c, CALIBRATE_HITCH, y[0],
		    "more bytes between filemarks take no longer");
		return;
	}
	for (int i = 0; i < SIZES; i++)
		cal_point(c, CALIBRATE_CURVE_SYNC, x[i], y[i],
		    fit.term[0] + fit.term[1] * x[i]);
	if (fit.worst_share * 100 > CAL_PERCENT) {
		cal_contradict(c, CALIBRATE_HITCH, fit.worst,
		    "filemarks every S bytes differ by %.1f %% from a backhitch "
		    "and S bytes at one speed",
		    fit.worst_share * 100);
		return;
	}
	c->top = 1 / fit.term[1];
	c->hitch = fit.term[0];
	cal_found(c, CALIBRATE_TOP_SPEED, c->top,
	    fit.error[1] * c->top * c->top, SIZES, "standard error");
	cal_found(c, CALIBRATE_HITCH, c->hitch, fit.error[0], SIZES,
	    "standard error");
}

static void without_stop(struct calibration *c)
{
	double sample[CALIBRATE_SAMPLES_MAX], hitch[REPEATS];
	size_t count;

	for (int i = 0; i < REPEATS; i++) {
		if (!cal_unit(c, measure_starved, NULL, sample, &count,
			"starved %d", i))
			return;
		hitch[i] = sample[0];
	}
	c->hitch = fit_median(hitch, REPEATS);
	cal_found(c, CALIBRATE_TOP_SPEED, c->top, 0, REPEATS, "half the range");
	if (c->hitch < stop_least_s)
		cal_without(c, CALIBRATE_HITCH, CALIBRATE_CANNOT,
		    "the drive starts at once after it ran out of data");
	else
		cal_found(c, CALIBRATE_HITCH, c->hitch,
		    fit_half_range(hitch, REPEATS), REPEATS, "half the range");
}

void cal_sync(struct calibration *c)
{
	double sample[CALIBRATE_SAMPLES_MAX], x[SIZES], y[SIZES], most;
	double bytes = (double)c->block;
	size_t count;

	if (c->top <= 0 || c->buffer <= 0) {
		cal_without(c, CALIBRATE_HITCH, CALIBRATE_CANNOT,
		    "the host never waited, so the highest speed of the tape "
		    "is not known");
		c->result->of[CALIBRATE_TOP_SPEED] =
		    c->result->of[CALIBRATE_HITCH];
		c->result->of[CALIBRATE_SYNC_HITCH] =
		    c->result->of[CALIBRATE_HITCH];
		return;
	}
	if (!cal_unit(c, measure_sync, &bytes, sample, &count, "sync first"))
		return;
	c->hitch = fit_median(sample, REPEATS) - bytes / c->top;
	cal_found(c, CALIBRATE_SYNC_HITCH, c->hitch < stop_least_s, 0, REPEATS,
	    "none: yes or no");
	if (c->hitch < stop_least_s) {
		without_stop(c);
		return;
	}
	/* Bytes that come during a backhitch, and have room. */
	most = fmin(c->hitch * c->bus * 0.6, c->buffer * 0.8);
	for (int i = 0; i < SIZES; i++) {
		bytes = most * (i + 1) / SIZES;
		if (!cal_unit(c, measure_sync, &bytes, sample, &count,
			"sync %d", i))
			return;
		y[i] = fit_median(sample, REPEATS);
		x[i] = sample[REPEATS];
	}
	judge_top(c, x, y);
}
