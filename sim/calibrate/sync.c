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

enum { SIZES = 5, REPEATS = 3, REAL_REPEATS = 5 };

/* A drive that stops for a filemark needs longer than this. */
static const double stop_least_s = 0.05;

/*
 * The first cycle follows a backhitch of another speed; the others are equal.  A
 * late answer makes its cycle longer, and the next one as much shorter.  After a
 * single block, the speed may be another each time.
 */
static void note_late(struct calibration *c, const double *cycle_s,
    double bytes)
{
	if (cal_is_real(c) && bytes > (double)c->block)
		cal_note_late(c,
		    fabs(cycle_s[REAL_REPEATS - 1] -
			cycle_s[REAL_REPEATS - 2]) /
			2);
}

/* The usual cycle of a late host must be more than half of them. */
static size_t repeats(const struct calibration *c)
{
	return cal_is_real(c) ? REAL_REPEATS : REPEATS;
}

static bool measure_sync(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct cal_cycle cycle = { 0, *(const double *)arg };
	double flush_s, bytes;

	size_t times = repeats(c);

	if (!cal_make_room(c, (double)(times + 1) * cycle.bytes) ||
	    !cal_prime(c, 0))
		return false;
	for (size_t i = 0; i < times; i++)
		if (!cal_run_cycle(c, &cycle, &samples[(*count)++], &flush_s,
			&bytes))
			return false;
	note_late(c, samples, bytes);
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
	struct cal_full full;

	(void)arg;
	if (!cal_keep_full(c, 8 * c->buffer, &full))
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
	double error, top;

	if (!fit_line(x, y, SIZES, &fit) || fit.term[1] <= 0) {
		cal_contradict(c, CALIBRATE_HITCH, y[0] - y[SIZES - 1],
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
	/* The full buffer may have shown the same speed more exactly. */
	top = 1 / fit.term[1];
	error = 2 * cal_error(c) / (x[SIZES - 1] - x[0]) * top * top;
	if (fabs(top - c->top) <= c->top_error)
		error = fmin(error, c->top_error);
	c->top = top;
	c->top_error = error;
	c->hitch = fit.term[0];
	cal_found_late(c, CALIBRATE_TOP_SPEED, c->top,
	    fit.error[1] * c->top * c->top, c->top_error, SIZES,
	    "standard error");
	cal_found_late(c, CALIBRATE_HITCH, c->hitch, fit.error[0], cal_error(c),
	    SIZES, "standard error");
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
	cal_found_late(c, CALIBRATE_TOP_SPEED, c->top, 0, c->top_error, REPEATS,
	    "half the range");
	if (c->hitch < stop_least_s)
		cal_without(c, CALIBRATE_HITCH, CALIBRATE_CANNOT,
		    "the drive starts at once after it ran out of data");
	else
		cal_found_late(c, CALIBRATE_HITCH, c->hitch,
		    fit_half_range(hitch, REPEATS),
		    cal_error(c) + c->buffer_error / c->top, REPEATS,
		    "half the range");
}

/*
 * Cycles of one block, at a speed that is not known: they show whether there is
 * a backhitch, and not what it takes at the highest speed.
 */
static void judge_first(struct calibration *c, double *sample, double bytes)
{
	const struct model_medium *m = c->config->medium;
	double low = (double)m->speeds_bytes_per_s[0] / 2;
	double took_s = fit_median(sample, repeats(c));

	if (took_s - bytes / low < stop_least_s + cal_error(c)) {
		cal_too_late(c, CALIBRATE_HITCH,
		    "a filemark after a block takes %.3f s, and that is too "
		    "short to tell a backhitch",
		    took_s);
		c->result->of[CALIBRATE_SYNC_HITCH] =
		    c->result->of[CALIBRATE_HITCH];
		return;
	}
	cal_found(c, CALIBRATE_SYNC_HITCH, 0, 0, repeats(c), "none: yes or no");
	cal_without(c, CALIBRATE_HITCH, CALIBRATE_CANNOT,
	    "the host never waited, so the speed is not known at which a "
	    "backhitch and a block take %.3f s",
	    took_s);
}

void cal_sync(struct calibration *c)
{
	double sample[CALIBRATE_SAMPLES_MAX], x[SIZES], y[SIZES], most;
	double bytes = (double)c->block;
	size_t count;

	if (c->top <= 0 || c->buffer <= 0) {
		cal_without(c, CALIBRATE_TOP_SPEED, CALIBRATE_CANNOT,
		    "the host never waited, so the highest speed of the tape "
		    "is not known");
		if (cal_unit(c, measure_sync, &bytes, sample, &count,
			"sync first"))
			judge_first(c, sample, sample[repeats(c)]);
		return;
	}
	if (!cal_unit(c, measure_sync, &bytes, sample, &count, "sync first"))
		return;
	c->hitch = fit_median(sample, repeats(c)) - bytes / c->top;
	if (cal_error(c) > stop_least_s && c->hitch < 2 * cal_error(c)) {
		cal_too_late(c, CALIBRATE_HITCH,
		    "a filemark after a block takes %.3f s, and that is too "
		    "short to tell a backhitch",
		    fit_median(sample, repeats(c)));
		c->result->of[CALIBRATE_SYNC_HITCH] =
		    c->result->of[CALIBRATE_HITCH];
		c->hitch = 0;
		return;
	}
	cal_found(c, CALIBRATE_SYNC_HITCH, c->hitch < stop_least_s, 0,
	    repeats(c), "none: yes or no");
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
		y[i] = fit_median(sample, repeats(c));
		x[i] = sample[repeats(c)];
	}
	judge_top(c, x, y);
}
