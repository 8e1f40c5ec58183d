/*
 * cycle.c: bytes at a feed, then a synchronised filemark; and writing until the
 * host waits.
 */
#include <math.h>
#include <string.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

/* The rate is that of this part of the expected buffer, or of more. */
enum { PRIME_BLOCKS = 8, RECENT_WRITES = 64, RATE_PARTS = 2 };

/* A write that waits takes longer than one on the bus by this factor. */
static const double longer = 1.25;

bool cal_run_cycle(struct calibration *c, const struct cal_cycle *cycle,
    double *all_s, double *flush_s, double *bytes)
{
	uint64_t blocks = (uint64_t)(cycle->bytes / (double)c->block + 0.5);
	int64_t begun_ns = c->now_ns, flush_ns;
	double period_ns = 0;

	if (blocks == 0)
		blocks = 1;
	if (cycle->feed > 0)
		period_ns = (double)c->block / cycle->feed * CAL_SECOND;
	for (uint64_t i = 0; i <= blocks; i++) {
		if (cycle->feed > 0 &&
		    !cal_wait_until(c,
			begun_ns + (int64_t)((double)i * period_ns)))
			return false;
		if (i < blocks && !cal_write(c, c->block, c->block))
			return false;
	}
	flush_ns = c->now_ns;
	if (!cal_filemark(c, true))
		return false;
	*all_s = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	*flush_s = (double)(c->now_ns - flush_ns) / CAL_SECOND;
	*bytes = (double)(blocks * c->block);
	return true;
}

bool cal_prime(struct calibration *c, double feed)
{
	const struct cal_cycle cycle = { feed,
		PRIME_BLOCKS * (double)c->block };
	double all_s, flush_s, bytes;

	return cal_run_cycle(c, &cycle, &all_s, &flush_s, &bytes) &&
	    cal_run_cycle(c, &cycle, &all_s, &flush_s, &bytes);
}

/* The last writes, in seconds. */
struct recent {
	double took_s[RECENT_WRITES];
	size_t count;
};

/* Most writes wait; in virtual time no other cause makes them late. */
static bool most_wait(const struct calibration *c, const struct recent *recent)
{
	double copy[RECENT_WRITES];

	if (!cal_is_real(c))
		return true;
	if (recent->count < RECENT_WRITES)
		return false;
	memcpy(copy, recent->took_s, sizeof copy);
	return fit_median_quickly(copy, RECENT_WRITES) >
	    longer * (double)c->block / c->bus;
}

/*
 * A single write may take long for a reason of the host.  It waits for the tape
 * if its writes together are late, by the time that they take with room in the
 * buffer; and, where time is real, if most of them are.  Until that is sure it
 * may have waited for long: the highest rate so far is that of the host.
 */
bool cal_write_until_waiting(struct calibration *c, double most, bool *waits,
    double *rate)
{
	double late_s = fmax(0.3, cal_doubt(c)),
	       usual_s = (double)c->block / c->bus;
	struct recent recent = { .count = 0 };
	int64_t begun_ns = c->now_ns, write_ns;
	double least = (double)c->config->base->buffer_bytes / RATE_PARTS;
	bool late = false;

	*waits = false;
	*rate = 0;
	for (double i = 1; i * (double)c->block < most && !*waits; i++) {
		double passed_s = (double)(c->now_ns - begun_ns) / CAL_SECOND;
		double passed = (i - 1) * (double)c->block;

		if (passed >= least && passed_s > 0)
			*rate = fmax(*rate, passed / passed_s);
		write_ns = c->now_ns;
		if (!cal_write(c, c->block, c->block))
			return false;
		recent.took_s[recent.count++ % RECENT_WRITES] =
		    (double)(c->now_ns - write_ns) / CAL_SECOND;
		passed_s = (double)(c->now_ns - begun_ns) / CAL_SECOND;
		late |= passed_s - i * usual_s > late_s;
		*waits = late && most_wait(c, &recent);
	}
	return true;
}
