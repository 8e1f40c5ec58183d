/*
 * full.c: the size of the buffer.
 *
 * When the host waits, the buffer is full; a flush at that moment writes it
 * all, at the speed at which the host has just been served.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum {
	MIB = 1 << 20,
	REPEATS = 3,
	REAL_REPEATS = 6, /* of which those with the fullest buffer count */
	BLOCKS_FEW = 8,
	BLOCKS_LEAST = 128, /* if they are short */
	BUFFERS_MOST = 12
};

/* A host that is not this much faster than the tape does not keep it full. */
static const double faster = 1.25;
/* So much faster it must be for the recipes that follow. */
static const double fast_enough = 1.6;
/* Two rates of a host that waits for the tape. */
static const double same_rate = 0.02;
/* How long the host waits; in real time, that its lateness counts less. */
static const double waits_s = 1, real_waits_s = 3;
/*
 * How often it waits, and what it writes each time at most, as a share of a
 * wrap: at the end of a wrap it would wait for the turn, too.
 */
enum { WAITS_MOST = 4 };
static const double wait_share = 0.15;
/* A full buffer lacks less than this share of it. */
static const double lacks_share = 0.02;

/* What a full buffer shows. */
enum {
	RATE,    /* while the host waits; 0: it never did */
	FLUSHED, /* seconds */
	FILLED,  /* the rate of the host before that */
	DRAINED, /* bytes that the buffer may have lacked then */
	SAMPLES
};

static double most_waited_s(const struct calibration *c)
{
	return cal_is_real(c) ? real_waits_s : waits_s;
}

static double most_waited_bytes(const struct calibration *c)
{
	return wait_share * c->wrap;
}

/* Returns how long the host waits while the tape takes bytes at this rate. */
static double waited_s(const struct calibration *c, double rate)
{
	return fmin(most_waited_s(c), most_waited_bytes(c) / rate);
}

/* When the last writes ended; RECENT blocks are several buffers. */
enum { RECENT = 4096 };

struct ends {
	int64_t at_ns[RECENT];
	uint64_t count;
};

static void add_end(struct ends *e, int64_t now_ns)
{
	e->at_ns[e->count++ % RECENT] = now_ns;
}

/*
 * Returns what a buffer lacks that was full at one of these times, if the tape
 * took bytes at this rate since: no more than it brings, unless the host stood
 * still, and it has not filled the buffer again.
 */
static double find_drained(const struct ends *e, double rate, double block)
{
	uint64_t last = e->count - 1;
	double most = 0;

	for (uint64_t n = 0; n <= last && n < RECENT; n++) {
		double s = (double)(e->at_ns[last % RECENT] -
			       e->at_ns[(last - n) % RECENT]) /
		    CAL_SECOND;

		most = fmax(most, rate * s - (double)n * block);
	}
	return most;
}

/* Writes while the host waits for the tape. */
static bool wait_for_tape(struct calibration *c, struct cal_full *full)
{
	int64_t begun_ns = c->now_ns;
	uint64_t begun_at = c->at;
	struct ends ends = { .count = 0 };
	double took_s = 0, bytes = 0;

	add_end(&ends, c->now_ns);
	for (int i = 0; i < BLOCKS_FEW ||
	     ((i < BLOCKS_LEAST || took_s < most_waited_s(c)) &&
		 bytes < most_waited_bytes(c));
	     i++) {
		if (!cal_write(c, c->block, c->block))
			return false;
		add_end(&ends, c->now_ns);
		took_s = (double)(c->now_ns - begun_ns) / CAL_SECOND;
		bytes = (double)(c->at - begun_at);
	}
	full->rate = bytes / took_s;
	full->drained = find_drained(&ends, full->rate, (double)c->block);
	return true;
}

/*
 * A late host may wait for itself at first.  Then the rate is another one later:
 * it is right when it stays the same.
 */
static bool measure_rate(struct calibration *c, struct cal_full *full)
{
	double before, same;

	if (!wait_for_tape(c, full))
		return false;
	for (int i = 1; cal_is_real(c) && i < WAITS_MOST; i++) {
		before = full->rate;
		if (!wait_for_tape(c, full))
			return false;
		same = same_rate + 2 * cal_error(c) / waited_s(c, full->rate);
		if (fabs(full->rate - before) <= same * before)
			break;
	}
	return true;
}

bool cal_keep_full(struct calibration *c, double most, struct cal_full *full)
{
	double more = cal_is_real(c) ? WAITS_MOST : 1;
	double each = fmin(most_waited_s(c) * c->bus, most_waited_bytes(c));
	bool waits;

	*full = (struct cal_full){ .rate = 0 };
	if (!cal_make_room(c, most + more * each) || !cal_prime(c, 0) ||
	    !cal_write_until_waiting(c, most, &waits, &full->filled))
		return false;
	return !waits || measure_rate(c, full);
}

static bool measure_full(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	double most = BUFFERS_MOST * (double)c->config->base->buffer_bytes;
	struct cal_full full;
	int64_t flush_ns;

	(void)arg;
	if (!cal_keep_full(c, most, &full))
		return false;
	/* It may have waited for the backhitch alone. */
	samples[RATE] = full.rate < 0.95 * c->bus ? full.rate : 0;
	flush_ns = c->now_ns;
	if (!cal_filemark(c, true))
		return false;
	samples[FLUSHED] = (double)(c->now_ns - flush_ns) / CAL_SECOND;
	samples[FILLED] = full.filled;
	samples[DRAINED] = full.drained;
	*count = SAMPLES;
	return true;
}

/* A buffer has whole MiB, if the measurement does not contradict that. */
static double whole_mib(const struct calibration *c, double bytes)
{
	double whole = round(bytes / MIB) * MIB;

	return fabs(whole - bytes) <= (double)c->block / 2 ? whole : bytes;
}

/* What full buffers show. */
struct full {
	double size[REPEATS], speed[REPEATS];
	size_t n;
	double drained; /* the most in one of them */
	bool slow;      /* the host does not keep it full */
};

/* A full buffer, as a unit measured it. */
struct filled {
	double rate, size, drained,
	    lacks; /* drained, and INFINITY: worthless */
	bool slow;
};

static bool fill_one(struct calibration *c, int i, struct filled *one)
{
	double pair[CALIBRATE_SAMPLES_MAX];
	size_t count;

	if (!cal_unit(c, measure_full, NULL, pair, &count, "full %d, block %d",
		i, (int)c->block))
		return false;
	*one = (struct filled){ .rate = pair[RATE],
		/* Half a block, on average, had no room yet. */
		.size = pair[RATE] * pair[FLUSHED] + (double)c->block / 2,
		.drained = pair[DRAINED],
		.slow = pair[FILLED] < faster * pair[RATE] };
	one->lacks = one->rate <= 0 || one->slow ? INFINITY : one->drained;
	return true;
}

static struct filled *find_worst(struct filled best[REPEATS])
{
	struct filled *worst = best;

	for (int i = 1; i < REPEATS; i++)
		if (best[i].lacks > worst->lacks)
			worst = &best[i];
	return worst;
}

/*
 * A late host measures again instead of a buffer that lacks something, or that
 * the host did not keep full; those that lack least count.  A host that never
 * keeps it full is not late but slow.
 */
static bool fill_some(struct calibration *c, struct full *f)
{
	struct filled best[REPEATS], *to, one;
	bool slow = true;

	*f = (struct full){ .n = 0 };
	for (int i = 0; i < (cal_is_real(c) ? REAL_REPEATS : REPEATS); i++) {
		to = i < REPEATS ? &best[i] : find_worst(best);
		if (i >= REPEATS &&
		    (slow || to->lacks <= lacks_share * to->size))
			break;
		if (!fill_one(c, i, &one))
			return false;
		slow &= isinf(one.lacks);
		if (i < REPEATS || one.lacks < to->lacks)
			*to = one;
	}
	for (int i = 0; i < REPEATS; i++) {
		f->size[f->n] = best[i].size;
		f->speed[f->n] = best[i].rate;
		f->n += best[i].rate > 0;
		f->drained = fmax(f->drained, best[i].drained);
		f->slow |= best[i].slow;
	}
	return true;
}

/*
 * A small block measures the buffer more exactly, but costs more commands: if
 * the host is too slow so, a long one is taken, for all recipes that follow.
 */
static bool fill_all(struct calibration *c, struct full *f)
{
	if (!fill_some(c, f))
		return false;
	if (c->long_block <= c->block ||
	    (f->n == REPEATS && !f->slow &&
		c->bus >= fast_enough * fit_median(f->speed, f->n)))
		return true;
	c->block = c->long_block;
	c->bus = c->long_bus;
	return fill_some(c, f);
}

void cal_buffer(struct calibration *c)
{
	double spread, rate_error, lasts, drained;
	struct full f;

	if (!fill_all(c, &f))
		return;
	if (f.n == 0) {
		cal_without(c, CALIBRATE_BUFFER_SIZE, CALIBRATE_CANNOT,
		    "the host never waited: it does not bring more than the "
		    "tape takes");
		return;
	}
	if (cal_is_real(c) && (f.n < REPEATS || f.slow)) {
		cal_too_late(c, CALIBRATE_BUFFER_SIZE,
		    "it does not bring more than the tape takes, %.1f MB/s",
		    fit_median(f.speed, f.n) / 1e6);
		return;
	}
	spread = fit_half_range(f.size, f.n);
	c->buffer = fit_median(f.size, f.n);
	c->top = fit_median(f.speed, f.n);
	drained = cal_is_real(c) ? f.drained : 0;
	/* What the buffer lacked at an end of the wait counts in the rate, too. */
	rate_error = (cal_error(c) + drained / c->top) / waited_s(c, c->top);
	lasts = c->buffer / c->top;
	c->top_error = fmax(rate_error * c->top, fit_half_range(f.speed, f.n));
	/*
	 * Half a block for a full one, and as much for whole MiB; and what was
	 * missing because the host stood still shortly before the flush.
	 */
	c->buffer_error = c->top * (cal_error(c) + lasts * rate_error) +
	    (cal_is_real(c) ? (double)c->block + drained : 0);
	if (spread * 100 > CAL_PERCENT * c->buffer &&
	    spread > c->buffer_error) {
		/* An error of the speed counts in the whole flush. */
		cal_contradict(c, CALIBRATE_BUFFER_SIZE,
		    spread / c->top / (1 + lasts / waited_s(c, c->top)),
		    "a full buffer takes from %.1f to %.1f MB by its flush",
		    (c->buffer - spread) / 1e6, (c->buffer + spread) / 1e6);
		return;
	}
	cal_found_late(c, CALIBRATE_BUFFER_SIZE, whole_mib(c, c->buffer),
	    fmax(spread, (double)c->block / 2), c->buffer_error, f.n,
	    "half a block, or half the range");
}
