/*
 * threshold.c: the restart level of the buffer.
 *
 * From standstill, at a feed x above the speed v of the tape, the host first
 * waits after H + (B - H) x / (x - v) bytes.  The speed is that at which the
 * host is served after that.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum { FEEDS = 4, LATE_BLOCKS = 48, BUFFERS_MOST = 24, PERMILLE_APART = 40 };

/* Blocks that came late: the number of the block, and how late. */
struct late {
	double block[LATE_BLOCKS], late_s[LATE_BLOCKS];
	size_t count;
};

/* A turn at the end of a wrap would make the host wait, too. */
static double most_bytes(const struct calibration *c)
{
	return fmin(BUFFERS_MOST * c->buffer, 0.9 * c->wrap);
}

/* Samples: bytes until the host waits (0: it does not), and the speed. */
static bool measure_first_wait(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	double feed = *(const double *)arg;
	double period_s = (double)c->block / feed, least_s;
	double most = most_bytes(c);
	struct late late = { .count = 0 };
	int64_t begun_ns;
	struct fit fit;

	if (!cal_make_room(c, most) || !cal_prime(c, 0) ||
	    !cal_wait_until(c,
		c->now_ns + (int64_t)(1.2 * c->hitch * CAL_SECOND)))
		return false;
	begun_ns = c->now_ns;
	least_s = (double)c->block / c->bus + period_s / 20;
	for (double i = 0;
	     late.count < LATE_BLOCKS && i * (double)c->block < most; i++) {
		double late_s;

		if (!cal_wait_until(c,
			begun_ns + (int64_t)(i * period_s * CAL_SECOND)) ||
		    !cal_write(c, c->block, c->block))
			return false;
		late_s =
		    (double)(c->now_ns - begun_ns) / CAL_SECOND - i * period_s;
		if (late_s <= least_s) {
			late.count = 0; /* that was no lasting wait */
			continue;
		}
		late.block[late.count] = i;
		late.late_s[late.count++] = late_s - (double)c->block / c->bus;
	}
	if (late.count < LATE_BLOCKS ||
	    !fit_line(late.block, late.late_s, late.count, &fit) ||
	    fit.term[1] <= 0) {
		samples[(*count)++] = 0;
		samples[(*count)++] = 0;
	} else {
		/* The block that comes in time, and those before it. */
		samples[(*count)++] =
		    (1 - fit.term[0] / fit.term[1]) * (double)c->block;
		samples[(*count)++] =
		    (double)c->block / (period_s + fit.term[1]);
	}
	return cal_filemark(c, true);
}

/*
 * Returns the level that explains the first wait.  The buffer takes whole
 * blocks, and the block that reaches the level is above it by half of it on
 * average.
 */
static double level_of(const struct calibration *c, double feed,
    const double *sample)
{
	double k = feed / (feed - sample[1]), half = (double)c->block / 2;

	return ((c->buffer - half) * k - sample[0]) / (k - 1) - half;
}

static void judge(struct calibration *c, const double *feed, double sample[][2],
    const double *level, size_t n)
{
	double spread = fit_half_range(level, n), sum = 0, weights = 0;
	double allowed = PERMILLE_APART * c->buffer / 1000;

	/* At a feed far above the speed, an error of the buffer counts more. */
	for (size_t i = 0; i < n; i++) {
		double k = feed[i] / (feed[i] - sample[i][1]);
		double weight = (k - 1) * (k - 1) / (k * k);

		sum += weight * level[i];
		weights += weight;
		allowed = fmax(allowed, 3 * (double)c->block * k / (k - 1));
	}
	c->threshold = sum / weights;
	for (size_t i = 0; i < n; i++) {
		double k = feed[i] / (feed[i] - sample[i][1]);

		cal_point(c, CALIBRATE_CURVE_THRESHOLD, feed[i], sample[i][0],
		    c->threshold + (c->buffer - c->threshold) * k);
	}
	if (spread > allowed) {
		cal_without(c, CALIBRATE_RESTART, CALIBRATE_NO_FIT,
		    "the level at which the tape starts depends on the feed: "
		    "%.1f MB at %.1f MB/s, %.1f MB at %.1f MB/s",
		    level[0] / 1e6, feed[0] / 1e6, level[n - 1] / 1e6,
		    feed[n - 1] / 1e6);
		return;
	}
	if (c->threshold > c->buffer)
		c->threshold = c->buffer;
	cal_found(c, CALIBRATE_RESTART, c->threshold / c->buffer,
	    spread / c->buffer, n, "half the range");
}

void cal_threshold(struct calibration *c)
{
	double feed[FEEDS], pair[FEEDS][2], level[FEEDS];
	double sample[CALIBRATE_SAMPLES_MAX];
	size_t count, n = 0;

	if (c->buffer <= 0 || c->bus < 1.5 * c->top) {
		cal_without(c, CALIBRATE_RESTART, CALIBRATE_CANNOT,
		    "the host brings %.1f MB/s, and 1.5 times the highest "
		    "speed of the tape are needed (%.1f MB/s)",
		    c->bus / 1e6, 1.5 * c->top / 1e6);
		return;
	}
	for (int i = 0; i < FEEDS; i++) {
		/* From the bus down to a little above the highest speed. */
		double x = c->bus *
		    pow(1.25 * c->top / c->bus, (double)i / (FEEDS - 1));

		if (!cal_unit(c, measure_first_wait, &x, sample, &count,
			"threshold %d", i))
			return;
		if (sample[1] <= 0)
			continue;
		feed[n] = x;
		pair[n][0] = sample[0];
		pair[n][1] = sample[1];
		level[n] = level_of(c, x, sample);
		/* The write delay may have been over before the level. */
		n += c->delay <= 0 || level[n] < 0.9 * c->delay * x;
	}
	if (n < 2) {
		cal_without(c, CALIBRATE_RESTART, CALIBRATE_CANNOT,
		    "fewer than two feeds showed it: the host did not wait "
		    "within %.0f MB, or the write delay was over before",
		    most_bytes(c) / 1e6);
		return;
	}
	judge(c, feed, pair, level, n);
}
