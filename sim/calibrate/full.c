/*
 * full.c: the size of the buffer.
 *
 * When the host waits, the buffer is full; a flush at that moment writes it
 * all, at the speed at which the host has just been served.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum { MIB = 1 << 20, REPEATS = 3, BLOCKS_LEAST = 128, BUFFERS_MOST = 12 };

/* Samples: the rate while the host waits (0: it never did), the flush. */
static bool measure_full(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	double most = BUFFERS_MOST * (double)c->config->base->buffer_bytes;
	int64_t begun_ns, flush_ns;
	double rate = 0;
	uint64_t begun_at;
	bool waits;

	(void)arg;
	if (!cal_make_room(c, most) || !cal_prime(c, 0) ||
	    !cal_write_until_waiting(c, most, &waits))
		return false;
	begun_ns = c->now_ns;
	begun_at = c->at;
	for (int i = 0; waits &&
	     (i < BLOCKS_LEAST || c->now_ns - begun_ns < (int64_t)CAL_SECOND);
	     i++)
		if (!cal_write(c, c->block, c->block))
			return false;
	/* It may have waited for the backhitch alone. */
	if (waits)
		rate = (double)(c->at - begun_at) /
		    ((double)(c->now_ns - begun_ns) / CAL_SECOND);
	samples[(*count)++] = rate < 0.95 * c->bus ? rate : 0;
	flush_ns = c->now_ns;
	if (!cal_filemark(c, true))
		return false;
	samples[(*count)++] = (double)(c->now_ns - flush_ns) / CAL_SECOND;
	return true;
}

/* A buffer has whole MiB, if the measurement does not contradict that. */
static double whole_mib(const struct calibration *c, double bytes)
{
	double whole = round(bytes / MIB) * MIB;

	return fabs(whole - bytes) <= (double)c->block / 2 ? whole : bytes;
}

void cal_buffer(struct calibration *c)
{
	double size[REPEATS], speed[REPEATS], pair[CALIBRATE_SAMPLES_MAX];
	double spread;
	size_t count, n = 0;

	for (int i = 0; i < REPEATS; i++) {
		if (!cal_unit(c, measure_full, NULL, pair, &count, "full %d",
			i))
			return;
		/* Half a block, on average, had no room yet. */
		size[n] = pair[0] * pair[1] + (double)c->block / 2;
		speed[n] = pair[0];
		n += pair[0] > 0;
	}
	if (n == 0) {
		cal_without(c, CALIBRATE_BUFFER_SIZE, CALIBRATE_CANNOT,
		    "the host never waited: its bus is not faster than the "
		    "tape");
		return;
	}
	spread = fit_half_range(size, n);
	c->buffer = fit_median(size, n);
	c->top = fit_median(speed, n);
	if (spread * 100 > CAL_PERCENT * c->buffer) {
		cal_contradict(c, CALIBRATE_BUFFER_SIZE, spread / c->top,
		    "a full buffer takes from %.1f to %.1f MB by its flush",
		    (c->buffer - spread) / 1e6, (c->buffer + spread) / 1e6);
		return;
	}
	cal_found(c, CALIBRATE_BUFFER_SIZE, whole_mib(c, c->buffer),
	    fmax(spread, (double)c->block / 2), n,
	    "half a block, or half the range");
}
