/* late_host.c: see late_host.h. */
#include "sim/calibrate/tests/late_host.h"

#include <math.h>

const struct late_host late_hosts[LATE_HOSTS] = {
	[LATE_QUIET] = { .usual_s = 100e-6 },
	[LATE_BUSY] = { .usual_s = 300e-6, .rare_s = 5e-3, .share = 0.02 },
	[LATE_LOADED] = { .usual_s = 1e-3, .stop_s = 35e-3, .stop_every_s = 4 },
	{ .usual_s = 2e-3, .rare_s = 20e-3, .share = 0.05 },
	{ .usual_s = 1e-3, .rare_s = 150e-3, .share = 0.01 },
	{ .usual_s = 20e-3, .rare_s = 300e-3, .share = 0.05 },
};

static struct late_host *of(struct tape *tape)
{
	return (struct late_host *)tape;
}

static double drawn(struct late_host *h)
{
	h->seed ^= h->seed << 13;
	h->seed ^= h->seed >> 7;
	h->seed ^= h->seed << 17;
	return (double)(h->seed >> 11) / 9007199254740992.0;
}

static int64_t late_ns(struct late_host *h)
{
	double s = drawn(h) * h->usual_s;

	if (drawn(h) < h->share)
		s += drawn(h) * h->rare_s;
	return llround(s * 1e9);
}

/* Returns when the host sees what happens then. */
static int64_t after_stop_ns(struct late_host *h, int64_t at_ns)
{
	while (h->stop_every_s > 0 && h->stop_to_ns <= at_ns) {
		h->stop_from_ns = h->stop_to_ns +
		    llround(-log(1 - drawn(h)) * h->stop_every_s * 1e9);
		h->stop_to_ns =
		    h->stop_from_ns + llround(drawn(h) * h->stop_s * 1e9) + 1;
	}
	return h->stop_from_ns <= at_ns && at_ns < h->stop_to_ns ? h->stop_to_ns
								 : at_ns;
}

/* An answer that comes at once finds the host awake. */
static void see(struct late_host *h, int64_t now_ns, struct tape_result *result)
{
	if (result->done_ns - now_ns > 1000000)
		result->done_ns += late_ns(h);
	if (h->still_share > 0 && drawn(h) < h->still_share)
		result->done_ns += llround(drawn(h) * h->still_s * 1e9);
	result->done_ns = after_stop_ns(h, result->done_ns);
	h->now_ns = result->done_ns;
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct late_host *h = of(tape);

	h->drive->ops->write(h->drive, run, now_ns, result);
	see(h, now_ns, result);
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct late_host *h = of(tape);

	h->drive->ops->filemark(h->drive, sync, now_ns, result);
	see(h, now_ns, result);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	struct late_host *h = of(tape);

	h->drive->ops->locate(h->drive, file, now_ns, result);
	see(h, now_ns, result);
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct late_host *h = of(tape);

	h->drive->ops->rewind(h->drive, now_ns, result);
	see(h, now_ns, result);
}

static void limits(struct tape *tape, struct tape_limits *out)
{
	of(tape)->drive->ops->limits(of(tape)->drive, out);
}

static void position(struct tape *tape, struct tape_position *out)
{
	of(tape)->drive->ops->position(of(tape)->drive, out);
}

static const struct tape_ops ops = {
	.name = "late",
	.limits = limits,
	.position = position,
	.write = write_run,
	.filemark = filemark,
	.locate = locate,
	.rewind = rewind_tape,
};

static int64_t now(void *arg)
{
	return ((struct late_host *)arg)->now_ns;
}

static void sleep_until(void *arg, int64_t at_ns)
{
	struct late_host *h = arg;

	h->now_ns = after_stop_ns(h, at_ns + late_ns(h));
}

void late_host_between(struct late_host *h, struct calibrate_config *config)
{
	h->tape.ops = &ops;
	h->drive = config->tape;
	h->now_ns = config->now_ns;
	config->tape = &h->tape;
	config->clock = (struct calibrate_clock){ now, sleep_until, h };
}
