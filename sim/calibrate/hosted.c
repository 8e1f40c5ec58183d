/*
 * hosted.c: what the host sees of a drive that has room in its buffer: the time
 * of a block of each size, and of filemarks.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum {
	SIZES_MAX = 10,
	BLOCK_LEAST = 16 << 10,
	BLOCK_MOST = 4 << 20,
	BATCH_MOST_BYTES = 8 << 20,
	BUFFER_PARTS = 3, /* a batch has room in the buffer */
	BATCH_LEAST = 2,
	BATCH_MOST = 64,
	BATCHES = 3,
	USUAL_MOST = 256 << 10
};

/*
 * The usual block must reach this share of the rate of the largest block; a long
 * one, for a host that is not fast enough so, must reach nearly all of it.
 */
static const double usual_share = 0.6, long_share = 0.95;

static uint64_t batch_bytes(const struct calibration *c)
{
	uint64_t most = c->config->base->buffer_bytes / BUFFER_PARTS;

	return most < BATCH_MOST_BYTES ? most : BATCH_MOST_BYTES;
}

/* An answer that took longer than most equal ones was late. */
static void note_late(struct calibration *c, double *took_s, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, took_s[i]);
	if (cal_is_real(c))
		cal_note_late(c, most - fit_median(took_s, n));
}

/* Samples: the mean time of a write, of several batches. */
static bool measure_block(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	uint64_t block = *(const uint64_t *)arg;
	uint64_t n = batch_bytes(c) / block;
	double took_s[BATCH_MOST];
	int64_t begun_ns, write_ns;

	if (n < BATCH_LEAST)
		n = BATCH_LEAST;
	if (n > BATCH_MOST)
		n = BATCH_MOST;
	if (!cal_make_room(c, (BATCHES + 1.0) * (double)(n * block)) ||
	    !cal_prime(c, 0))
		return false;
	for (int k = 0; k < BATCHES; k++) {
		begun_ns = c->now_ns;
		for (uint64_t i = 0; i < n; i++) {
			write_ns = c->now_ns;
			if (!cal_write(c, block, block))
				return false;
			took_s[i] = (double)(c->now_ns - write_ns) / CAL_SECOND;
		}
		note_late(c, took_s, n);
		samples[(*count)++] =
		    (double)(c->now_ns - begun_ns) / CAL_SECOND / (double)n;
		if (!cal_filemark(c, true))
			return false;
	}
	return true;
}

/* An immediate filemark after a block; a synchronised one after nothing. */
static bool measure_filemarks(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	int64_t begun_ns;

	(void)arg;
	if (!cal_make_room(c, 32.0 * (double)c->block) || !cal_prime(c, 0) ||
	    !cal_write(c, c->block, c->block))
		return false;
	begun_ns = c->now_ns;
	if (!cal_filemark(c, false))
		return false;
	samples[(*count)++] = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	if (!cal_filemark(c, true) || !cal_wait_until(c, c->now_ns + 1))
		return false;
	begun_ns = c->now_ns;
	if (!cal_filemark(c, true))
		return false;
	samples[(*count)++] = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	return true;
}

/*
 * The host sees the answer of a long write late, and that of a short one at
 * once: the line through them is off by that time.
 */
static void judge(struct calibration *c, const double *block,
    const double *took, size_t n)
{
	double late = cal_error(c);
	struct fit fit;
	double command, bus;

	if (n < 3 || !fit_line(block, took, n, &fit)) {
		cal_without(c, CALIBRATE_COMMAND, CALIBRATE_CANNOT,
		    "the drive takes blocks of fewer than three sizes");
		c->result->of[CALIBRATE_BUS] = c->result->of[CALIBRATE_COMMAND];
		return;
	}
	command = fit.term[0] > 0 ? fit.term[0] : 0;
	for (size_t i = 0; i < n; i++)
		cal_point(c, CALIBRATE_CURVE_BLOCKS, block[i], took[i],
		    command + fit.term[1] * block[i]);
	if (fit.worst_share * 100 > CAL_PERCENT) {
		if (fit.worst > fmax(late, cal_doubt(c) / BATCH_LEAST)) {
			cal_without(c, CALIBRATE_COMMAND, CALIBRATE_NO_FIT,
			    "the time of a write is no constant plus its bytes "
			    "by a rate: a block size differs by %.1f %%",
			    fit.worst_share * 100);
			c->result->of[CALIBRATE_BUS] =
			    c->result->of[CALIBRATE_COMMAND];
			return;
		}
	}
	cal_found_late(c, CALIBRATE_COMMAND, command, fit.error[0], late, n,
	    "standard error");
	if (fit.term[1] * BLOCK_MOST < 1e-6) {
		cal_without(c, CALIBRATE_BUS, CALIBRATE_CANNOT,
		    "a larger block takes no longer: the bus is too fast to be "
		    "measured");
		return;
	}
	bus = 1 / fit.term[1];
	cal_found_late(c, CALIBRATE_BUS, bus, fit.error[1] * bus * bus,
	    2 * late / (block[n - 1] - block[0]) * bus * bus, n,
	    "standard error");
}

/*
 * A small block measures the buffer more exactly; one that is too small makes
 * the host slower than the tape.
 */
static void choose_block(struct calibration *c, const double *block,
    const double *took, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, block[i] / took[i]);
	for (size_t i = 0; i < n && block[i] <= USUAL_MOST; i++) {
		if (block[i] < (double)c->block)
			continue;
		c->block = (uint64_t)block[i];
		c->bus = block[i] / took[i];
		if (c->bus >= usual_share * most)
			break;
	}
	for (size_t i = 0; i < n && c->long_bus < long_share * most; i++) {
		c->long_block = (uint64_t)block[i];
		c->long_bus = block[i] / took[i];
	}
}

void cal_blocks(struct calibration *c)
{
	double block[SIZES_MAX], least[SIZES_MAX], usual[SIZES_MAX];
	double pair[CALIBRATE_SAMPLES_MAX];
	uint64_t most = c->limits.block_max_bytes;
	size_t n = 0, count;

	if (most > BLOCK_MOST)
		most = BLOCK_MOST;
	if (most > batch_bytes(c) / BATCH_LEAST)
		most = batch_bytes(c) / BATCH_LEAST;
	for (uint64_t size = BLOCK_LEAST; size <= most; size *= 2) {
		if (size < c->limits.block_min_bytes)
			continue;
		if (!cal_unit(c, measure_block, &size, pair, &count, "block %d",
			(int)size))
			return;
		block[n] = (double)size;
		/* A disturbance of the host only adds to a time. */
		usual[n] = fit_median(pair, count);
		least[n++] = pair[0];
	}
	choose_block(c, block, usual, n);
	judge(c, block, least, n);
	if (!cal_unit(c, measure_filemarks, NULL, pair, &count, "filemarks"))
		return;
	c->result->filemark_s = pair[0];
	c->result->empty_sync_s = pair[1];
}
