/*
 * cycle.c: bytes at a feed, then a synchronised filemark; and writing until the
 * host waits.
 */
#include "sim/calibrate/impl.h"

enum { PRIME_BLOCKS = 8 };

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

/*
 * A single write may take long for a reason of the host.  It waits for the tape
 * if its writes together are late, by the time that they take with room in the
 * buffer.
 */
bool cal_write_until_waiting(struct calibration *c, double most, bool *waits)
{
	static const double late_s = 0.3;
	double usual_s = (double)c->block / c->bus;
	int64_t begun_ns = c->now_ns;

	*waits = false;
	for (double i = 1; i * (double)c->block < most && !*waits; i++) {
		if (!cal_write(c, c->block, c->block))
			return false;
		*waits =
		    (double)(c->now_ns - begun_ns) / CAL_SECOND - i * usual_s >
		    late_s;
	}
	return true;
}
