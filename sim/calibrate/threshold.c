/*
 * threshold.c: the restart level of the buffer.
 *
 * From standstill, at a feed x above the speed v of the tape, the host first
 * waits after H + (B - H) x / (x - v) bytes.  The speed is that at which the
 * host is served after that.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum {
	FEEDS = 4,
	LATE_BLOCKS = 200,
	LATE_LEAST = 3,
	BUFFERS_MOST = 24,
	PERMILLE_APART = 40
};

/* A wait that is no disturbance of the host. */
static const double late_s = 0.25;
/* How exactly a host in real time sees when it first waits. */
static const double host_s = 0.01;

/* A turn at the end of a wrap would make the host wait, too. */
static double most_bytes(const struct calibration *c)
{
	return fmin(BUFFERS_MOST * c->buffer, 0.9 * c->wrap);
}

/*
 * Writes blocks at this period until one is late enough.  Stores how late each
 * was, without its time on the bus.
 */
static bool feed_until_late(struct calibration *c, double period_s,
    double *late, size_t most, size_t *count)
{
	double bus_s = (double)c->block / c->bus;
	int64_t begun_ns = c->now_ns;
	size_t i;

	for (i = 0; i < most && (i == 0 || late[i - 1] < late_s); i++) {
		double due_s = (double)i * period_s;

		if (!cal_wait_until(c,
			begun_ns + (int64_t)(due_s * CAL_SECOND)) ||
		    !cal_write(c, c->block, c->block))
			return false;
		late[i] =
		    (double)(c->now_ns - begun_ns) / CAL_SECOND - due_s - bus_s;
	}
	*count = i;
	return true;
}

/*
 * While the host waits, each block is later than the one before it by the same
 * time: the line through the last blocks says where that began.
 */
static void judge_late(const double *late, size_t n, double period_s,
    double block, double *samples)
{
	double x[LATE_BLOCKS], y[LATE_BLOCKS];
	size_t from = n, step, count = 0;
	struct fit fit;

	samples[0] = samples[1] = 0;
	if (n == 0 || late[n - 1] < late_s)
		return;
	while (from > 0 && late[from - 1] > late_s / 5)
		from--;
	step = (n - from) / LATE_BLOCKS + 1;
	for (size_t i = from; i < n && count < LATE_BLOCKS; i += step) {
		/* A stop of the tape, for a higher speed. */
		if (late[i] > 1.5 * late_s)
			break;
		x[count] = (double)i;
		y[count++] = late[i];
	}
	if (count < LATE_LEAST || !fit_line(x, y, count, &fit) ||
	    fit.term[1] <= 0)
		return;
	/* The block that comes in time, and those before it. */
	samples[0] = (1 - fit.term[0] / fit.term[1]) * block;
	samples[1] = block / (period_s + fit.term[1]);
}

/* Samples: bytes until the host waits (0: it does not), and the speed. */
static bool measure_first_wait(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	double feed = *(const double *)arg, period_s = (double)c->block / feed;
	size_t most = (size_t)(most_bytes(c) / (double)c->block), n = 0;
	double *late = calloc(most + 1, sizeof *late);
	bool good;

	if (late == NULL)
		return cal_fail(c, "out of memory");
	good = cal_make_room(c, most_bytes(c)) && cal_prime(c, 0) &&
	    cal_wait_until(c,
		c->now_ns + (int64_t)(1.2 * c->hitch * CAL_SECOND)) &&
	    feed_until_late(c, period_s, late, most, &n);
	if (good) {
		judge_late(late, n, period_s, (double)c->block, samples);
		*count += 2;
	}
	free(late);
	return good && cal_filemark(c, true);
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
	double allowed = PERMILLE_APART * c->buffer / 1000, doubt = 0;

	/* At a feed far above the speed, an error of the buffer counts more. */
	for (size_t i = 0; i < n; i++) {
		double k = feed[i] / (feed[i] - sample[i][1]);
		double weight = (k - 1) * (k - 1) / (k * k);

		sum += weight * level[i];
		weights += weight;
		/* What an error of time is in bytes. */
		if (cal_is_real(c))
			allowed = fmax(allowed, host_s * feed[i] / (k - 1));
		doubt = fmax(doubt, cal_doubt(c) * feed[i] / (k - 1));
		allowed = fmax(allowed, 3 * (double)c->block * k / (k - 1));
	}
	c->threshold = sum / weights;
	for (size_t i = 0; i < n; i++) {
		double k = feed[i] / (feed[i] - sample[i][1]);

		cal_point(c, CALIBRATE_CURVE_THRESHOLD, feed[i], sample[i][0],
		    c->threshold + (c->buffer - c->threshold) * k);
	}
	if (spread > allowed) {
		cal_without(c, CALIBRATE_RESTART,
		    spread > doubt ? CALIBRATE_NO_FIT : CALIBRATE_CANNOT,
		    "%sthe level at which the tape starts depends on the feed: "
		    "%.1f MB at %.1f MB/s, %.1f MB at %.1f MB/s",
		    spread > doubt ? "" : "the host was disturbed; else: ",
		    level[0] / 1e6, feed[0] / 1e6, level[n - 1] / 1e6,
		    feed[n - 1] / 1e6);
		/* A level that is not known says nothing of the speeds. */
		if (spread <= doubt)
			c->threshold = 0;
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
