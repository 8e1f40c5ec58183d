/*
 * rates.c: how much the drive accepts: by block size as fast as it can, and of
 * constant feeds between two of its speeds; and what the model says
 * with the constants that were found.
 */
#include <math.h>

#include "sim/calibrate/impl.h"

enum {
	BLOCK_LEAST = 64 << 10,
	BLOCK_MOST = 4 << 20,
	HOLDS = 3,
	HITCHES = 10, /* a steady feed lasts as long as these */
	RATE_BUFFERS = 4
};

static const double rate_s = 8, hold_s = 120;

struct flow {
	double feed; /* 0: as fast as the drive can */
	uint64_t block;
	double seconds, bytes_max;
};

/* Samples: bytes that were accepted, seconds, and repositions (< 0: none). */
static bool measure_flow(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct calibrate_config *k = c->config;
	const struct flow *f = arg;
	struct calibrate_counters before = { 0 }, after = { 0 };
	double period_s = f->feed > 0 ? (double)f->block / f->feed : 0, sent;
	bool counts;
	int64_t begun_ns;

	if (!cal_locate(c, CAL_FIRST_FILE) || !cal_prime(c, f->feed))
		return false;
	counts = k->counters != NULL && k->counters(k->arg, c->now_ns, &before);
	begun_ns = c->now_ns;
	for (sent = 0; sent < f->bytes_max &&
	     (double)(c->now_ns - begun_ns) < f->seconds * CAL_SECOND;
	     sent += (double)f->block) {
		double due_s = sent / (double)f->block * period_s;

		if (period_s > 0 &&
		    !cal_wait_until(c,
			begun_ns + (int64_t)(due_s * CAL_SECOND)))
			return false;
		if (!cal_write(c, f->block, f->block))
			return false;
	}
	samples[(*count)++] = sent;
	samples[(*count)++] = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	/* In so long a time, a sleep that ended late does not count. */
	c->unit_late = 0;
	counts = counts && k->counters(k->arg, c->now_ns, &after);
	samples[(*count)++] =
	    counts ? (double)(after.repositions - before.repositions) : -1;
	return cal_filemark(c, true);
}

/* Returns what surely fits before the early warning, and before a turn. */
static double room(const struct calibration *c)
{
	double most = 0.9 * c->wrap;

	return c->files_count > 0
	    ? fmin(most, c->files[c->files_count - 1].byte)
	    : most / 2;
}

void cal_rates(struct calibration *c)
{
	double sample[CALIBRATE_SAMPLES_MAX];
	size_t count;

	for (uint64_t size = BLOCK_LEAST;
	     size <= BLOCK_MOST && size <= c->limits.block_max_bytes;
	     size *= 2) {
		/* The buffer hides the tape at first. */
		struct flow f = { 0, size,
			fmax(rate_s, RATE_BUFFERS * c->buffer / c->bus),
			room(c) };

		if (size < c->limits.block_min_bytes)
			continue;
		if (!cal_unit(c, measure_flow, &f, sample, &count, "rate %d",
			(int)size))
			return;
		if (sample[1] > 0)
			cal_point(c, CALIBRATE_CURVE_RATES, (double)size,
			    sample[0] / sample[1],
			    cal_predict(c, 0, size, sample[1]));
	}
}

/* A steady feed, and what the drive accepted of it. */
struct held {
	double feed, rate, seconds;
};

/* Returns the first feed of which the model accepts something else, or n. */
static size_t first_miss(struct calibration *c, const struct held *held,
    size_t n, double *model)
{
	for (size_t i = 0; i < n; i++) {
		model[i] =
		    cal_predict(c, held[i].feed, c->block, held[i].seconds);
		if (model[i] >= 0 &&
		    fabs(held[i].rate - model[i]) * 100 >
			CAL_PERCENT * held[i].rate)
			return i;
	}
	return n;
}

/*
 * The drive must do with a steady feed what its rule says; perhaps it never
 * forces a higher speed.
 */
static void judge(struct calibration *c, const struct held *held, size_t n)
{
	double model[HOLDS];
	size_t miss = first_miss(c, held, n, model), again;

	cal_without(c, CALIBRATE_WINDOW, CALIBRATE_NOT_ASKED,
	    "no recipe measures it");
	if (miss < n) {
		cal_found(c, CALIBRATE_WINDOW, 0, 0, n,
		    "none: a higher speed was never forced");
		again = first_miss(c, held, n, model);
		if (again < n) {
			double off_s =
			    fabs(1 - model[again] / held[again].rate) *
			    held[again].seconds;

			cal_contradict(c, CALIBRATE_RULE, off_s,
			    "of a steady feed of %.1f MB/s the drive accepts "
			    "%.1f MB/s, and the rule that fits its filemarks "
			    "says %.1f",
			    held[again].feed / 1e6, held[again].rate / 1e6,
			    model[again] / 1e6);
			cal_without(c, CALIBRATE_WINDOW, CALIBRATE_NOT_ASKED,
			    "no recipe measures it");
			c->result->speeds_count = 0;
			n = again + 1;
		}
	}
	for (size_t i = 0; i < n; i++)
		cal_point(c, CALIBRATE_CURVE_HOLD, held[i].feed, held[i].rate,
		    model[i]);
}

void cal_hold(struct calibration *c)
{
	double sample[CALIBRATE_SAMPLES_MAX];
	size_t n = c->result->speeds_count, count, held_count = 0;
	struct held held[HOLDS] = { { 0 } };

	if (!cal_is_found(c, CALIBRATE_RULE))
		return;
	for (size_t i = 0; i < HOLDS && i + 1 < n; i++) {
		/* The lowest two speeds, the middle, the highest two. */
		size_t k = i * (n - 2) / (HOLDS - 1);
		struct flow f = {
			(c->result->speeds[k] + c->result->speeds[k + 1]) / 2,
			c->block, hold_s, room(c)
		};

		/* A short run depends on how it begins. */
		if (fmin(hold_s, f.bytes_max / f.feed) < HITCHES * c->hitch)
			continue;
		if (!cal_unit(c, measure_flow, &f, sample, &count, "hold %d",
			(int)i))
			return;
		if (sample[1] > 0)
			held[held_count++] = (struct held){ f.feed,
				sample[0] / sample[1], sample[1] };
		if (sample[2] >= 0)
			c->result->repositions =
			    fmax(c->result->repositions, 0) + sample[2];
	}
	judge(c, held, held_count);
}
