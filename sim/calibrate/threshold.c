/*
 * threshold.c: the restart level of the buffer.
 *
 * From standstill, at a feed x above the speed v of the tape, the host first
 * waits after H + (B - H) x / (x - v) bytes.  The speed is that at which the
 * host is served after that.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum {
	FEEDS = 4,
	LATE_BLOCKS = 200,
	LATE_LEAST = 3,
	BUFFERS_MOST = 24,
	PERMILLE_APART = 40,
	ERRORS = 4 /* a bound, in standard errors */
};

/* A wait that is no disturbance of the host. */
static const double least_late_s = 0.25;
/* A late host brings its highest feed in time, too. */
static const double real_share = 0.85;

/* A turn at the end of a wrap would make the host wait, too. */
static double most_bytes(const struct calibration *c)
{
	return fmin(BUFFERS_MOST * c->buffer, 0.9 * c->wrap);
}

static double long_late_s(const struct calibration *c)
{
	return fmax(least_late_s, cal_doubt(c));
}

/*
 * Writes blocks at this period until one is late enough.  Stores how late each
 * was, without its time on the bus.
 */
static bool feed_until_late(struct calibration *c, double period_s,
    double *late, size_t most, size_t *count)
{
	double bus_s = (double)c->block / c->bus, late_s = long_late_s(c);
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

/* Returns how late the blocks are while there is room in the buffer. */
static double usual_late(const double *late, size_t n)
{
	double some[LATE_BLOCKS];
	size_t step = n / LATE_BLOCKS + 1, count = 0;

	for (size_t i = 0; i < n && count < LATE_BLOCKS; i += step)
		some[count++] = late[i];
	return fit_median(some, count);
}

/*
 * Returns by how much most blocks are later than the one before.  A host that
 * stood still is late at once, and then less and less.
 */
static double usual_growth(const double *late, size_t from, size_t n)
{
	double some[LATE_BLOCKS];
	size_t step = (n - from) / LATE_BLOCKS + 1, count = 0;

	for (size_t i = from + 1; i < n && count < LATE_BLOCKS; i += step)
		some[count++] = late[i] - late[i - 1];
	return fit_median(some, count);
}

/*
 * While the host waits, each block is later than the one before it by the same
 * time: the line through the last blocks says where that began.
 */
static void judge_late(const double *late, size_t n, double period_s,
    double block, double late_s, bool is_real, double *samples)
{
	double x[LATE_BLOCKS], y[LATE_BLOCKS], usual;
	size_t from = n, step, count = 0;
	struct fit fit;

	samples[0] = samples[1] = samples[2] = 0;
	if (n == 0 || late[n - 1] < late_s)
		return;
	while (from > 0 && late[from - 1] > late_s / 5)
		from--;
	usual = usual_late(late, from);
	step = (n - from) / LATE_BLOCKS + 1;
	for (size_t i = from; i < n && count < LATE_BLOCKS; i += step) {
		/* A stop of the tape, for a higher speed. */
		if (late[i] > 1.5 * late_s)
			break;
		x[count] = (double)i;
		y[count++] = late[i] - usual;
	}
	if (count < LATE_LEAST || !fit_line(x, y, count, &fit) ||
	    fit.term[1] <= 0 ||
	    (is_real && usual_growth(late, from, n) < fit.term[1] / 4))
		return;
	/* The block that comes in time, and those before it. */
	samples[0] = (1 - fit.term[0] / fit.term[1]) * block;
	samples[1] = block / (period_s + fit.term[1]);
	samples[2] = ERRORS * fit.error[1] / (period_s + fit.term[1]);
}

/*
 * Samples: bytes until the host waits (0: it does not), the speed, and what it
 * may be wrong by, as a share.
 */
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
		judge_late(late, n, period_s, (double)c->block, long_late_s(c),
		    cal_is_real(c), samples);
		*count += 3;
	}
	free(late);
	return good && cal_filemark(c, true);
}

/* What a feed shows: bytes, and bytes per second. */
struct wait {
	double feed, speed, sent; /* until the host waits */
	double level;             /* that explains it */
	double error, doubt;      /* of the level: by a host as late as seen,
				     and as late as it may be */
};

/*
 * Returns what the level may be wrong by.  It was reached before the buffer was
 * full by the time that the tape then took: what is wrong of that time, of the
 * speed and of the buffer counts with the feed.
 */
static double error_of(const struct calibration *c, const struct wait *w,
    double speed_error, double time_s)
{
	double streamed_s = fmax(w->sent - c->buffer, 0) / w->speed;

	return w->feed *
	    (time_s + streamed_s * speed_error / w->speed +
		c->buffer_error / w->speed);
}

/*
 * Computes the level.  The buffer takes whole blocks, and the block that reaches
 * the level is above it by half of it on average.  The highest speed was measured
 * better, if it is that one.
 */
static void compute_level(const struct calibration *c, struct wait *w,
    double speed_share)
{
	double half = (double)c->block / 2, late = cal_error(c), k;
	double speed_error = w->speed * speed_share;

	if (cal_is_real(c) && c->top_error < speed_error &&
	    fabs(w->speed - c->top) <= speed_error + c->top_error) {
		w->speed = c->top;
		speed_error = c->top_error;
	}
	k = w->feed / (w->feed - w->speed);
	w->level = ((c->buffer - half) * k - w->sent) / (k - 1) - half;
	w->error = error_of(c, w, speed_error, late);
	w->doubt = error_of(c, w, speed_error, cal_doubt(c));
}

/* Returns whether the host was late for itself, and did not wait for a tape. */
static bool is_disturbed(const struct calibration *c, const struct wait *w)
{
	return cal_is_real(c) &&
	    (w->sent <= 0 || w->speed >= w->feed || w->level < -w->error ||
		w->level > c->buffer + w->error);
}

/*
 * Without the write delay, a tape that was started by it looks as if its level
 * were lower: the same time after each first byte.  A feed proves a level only
 * if another one took surely longer; a feed with the same level agrees with it.
 * A level is known to a block.
 * Keeps these, and returns how many there are.
 */
static size_t keep_proven(struct wait *w, size_t n, double block)
{
	double longest_s = 0, low = INFINITY, high = -INFINITY, error;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		longest_s = fmax(longest_s,
		    (w[i].level - w[i].error - block) / w[i].feed);
	for (size_t i = 0; i < n; i++) {
		error = w[i].error + block;
		if ((w[i].level + error) / w[i].feed >= longest_s)
			continue;
		low = fmin(low, w[i].level - error);
		high = fmax(high, w[i].level + error);
	}
	for (size_t i = 0; i < n; i++)
		if (w[i].level >= low && w[i].level <= high)
			w[kept++] = w[i];
	return kept;
}

/* Returns whether one level explains all but one feed, as far as is known. */
static bool agree_without(const struct wait *w, size_t n, size_t left_out)
{
	double low = -INFINITY, high = INFINITY;

	for (size_t i = 0; i < n; i++) {
		if (i == left_out)
			continue;
		low = fmax(low, w[i].level - w[i].error);
		high = fmin(high, w[i].level + w[i].error);
	}
	return low <= high;
}

/*
 * In real time one feed may be disturbed: it is left out if the others agree, and
 * do not without it.  Returns how many are left.
 */
static size_t leave_stray_out(const struct calibration *c, struct wait *w,
    size_t n)
{
	if (!cal_is_real(c) || n < FEEDS || agree_without(w, n, n))
		return n;
	for (size_t i = 0; i < n; i++) {
		if (!agree_without(w, n, i))
			continue;
		memmove(w + i, w + i + 1, (n - i - 1) * sizeof *w);
		return n - 1;
	}
	return n;
}

static void show(struct calibration *c, const struct wait *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double k = w[i].feed / (w[i].feed - w[i].speed);

		cal_point(c, CALIBRATE_CURVE_THRESHOLD, w[i].feed, w[i].sent,
		    c->threshold + (c->buffer - c->threshold) * k);
	}
}

/* The levels do not fit if they differ by more than they may be wrong by. */
static void judge(struct calibration *c, const struct wait *w, size_t n)
{
	double sum = 0, weights = 0, errors = 0, low = -INFINITY;
	double high = INFINITY, least = INFINITY, most = -INFINITY;
	double allowed = PERMILLE_APART * c->buffer / 1000, spread;

	for (size_t i = 0; i < n; i++) {
		double k = w[i].feed / (w[i].feed - w[i].speed);
		double weight = (k - 1) * (k - 1) / (k * k);

		/*
		 * At a feed far above the speed, an error of the buffer counts
		 * more; at one near to it, an error of the speed.
		 */
		if (cal_is_real(c))
			weight = 1 / (w[i].error * w[i].error);
		sum += weight * w[i].level;
		weights += weight;
		errors += weight * w[i].error;
		least = fmin(least, w[i].level);
		most = fmax(most, w[i].level);
		low = fmax(low, w[i].level - w[i].doubt);
		high = fmin(high, w[i].level + w[i].doubt);
		allowed = fmax(allowed, 3 * (double)c->block * k / (k - 1));
	}
	spread = (most - least) / 2;
	c->threshold = sum / weights;
	show(c, w, n);
	if (spread > allowed && low > high) {
		cal_without(c, CALIBRATE_RESTART, CALIBRATE_NO_FIT,
		    "the level at which the tape starts depends on the feed: "
		    "%.1f MB at %.1f MB/s, %.1f MB at %.1f MB/s",
		    w[0].level / 1e6, w[0].feed / 1e6, w[n - 1].level / 1e6,
		    w[n - 1].feed / 1e6);
		return;
	}
	if (cal_is_real(c))
		spread = fmax(spread, errors / weights + (double)c->block);
	if (c->threshold > c->buffer)
		c->threshold = c->buffer;
	cal_found_late(c, CALIBRATE_RESTART, c->threshold / c->buffer,
	    spread / c->buffer, cal_is_real(c) ? spread / c->buffer : 0, n,
	    "half the range");
	/* A level that is not known says nothing of the speeds. */
	if (!cal_is_found(c, CALIBRATE_RESTART))
		c->threshold = 0;
}

void cal_threshold(struct calibration *c)
{
	double sample[CALIBRATE_SAMPLES_MAX];
	double most = c->bus * (cal_is_real(c) ? real_share : 1);
	struct wait w[FEEDS];
	size_t count, n = 0;

	if (c->buffer <= 0) {
		cal_without(c, CALIBRATE_RESTART, CALIBRATE_CANNOT,
		    "the buffer was not found, so its level is not known");
		return;
	}
	if (c->bus < 1.5 * c->top) {
		cal_without(c, CALIBRATE_RESTART, CALIBRATE_CANNOT,
		    "the host brings %.1f MB/s, and 1.5 times the highest "
		    "speed of the tape are needed (%.1f MB/s)",
		    c->bus / 1e6, 1.5 * c->top / 1e6);
		return;
	}
	for (int i = 0; i < FEEDS; i++) {
		/* From the bus down to a little above the highest speed. */
		double x =
		    most * pow(1.25 * c->top / most, (double)i / (FEEDS - 1));

		if (!cal_unit(c, measure_first_wait, &x, sample, &count,
			"threshold %d", i))
			return;
		if (sample[1] <= 0)
			continue;
		w[n] = (struct wait){ x, sample[1], sample[0], 0, 0, 0 };
		compute_level(c, &w[n], sample[2]);
		/* The write delay may have been over before the level. */
		n += !is_disturbed(c, &w[n]) &&
		    (c->delay <= 0 || w[n].level < 0.9 * c->delay * x);
	}
	if (c->delay <= 0 && n >= 2) {
		n = keep_proven(w, n, (double)c->block);
		if (n < 2) {
			cal_without(c, CALIBRATE_RESTART, CALIBRATE_CANNOT,
			    "the write delay was not found, and the tape may "
			    "have started by it");
			return;
		}
	}
	if (n < 2) {
		cal_without(c, CALIBRATE_RESTART, CALIBRATE_CANNOT,
		    "fewer than two feeds showed it: the host did not wait "
		    "within %.0f MB, or the write delay was over before",
		    most_bytes(c) / 1e6);
		return;
	}
	judge(c, w, leave_stray_out(c, w, n));
}
