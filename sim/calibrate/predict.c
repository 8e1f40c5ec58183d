/* predict.c: the model with the constants found, run like a recipe. */
#include "sim/calibrate/impl.h"
#include "vtl/motion/motion.h"

enum { PRIME_BLOCKS = 8, PRIMES = 2 };

struct prediction {
	struct motion *motion;
	struct motion_run run; /* one block */
	int64_t now_ns;
};

static bool write_block(struct prediction *p, int64_t due_ns)
{
	uint64_t taken;

	if (p->now_ns < due_ns)
		p->now_ns = due_ns;
	return motion_write(p->motion, &p->run, p->now_ns, &taken,
		   &p->now_ns) == 0;
}

static bool prime(struct prediction *p, uint64_t block, double period_ns)
{
	uint64_t flow = p->run.block_bytes;
	bool good = true;

	p->run.block_bytes = p->run.medium_bytes = block;
	for (int k = 0; k < PRIMES; k++) {
		int64_t begun_ns = p->now_ns;

		for (int i = 0; good && i < PRIME_BLOCKS; i++)
			good =
			    write_block(p, begun_ns + (int64_t)(i * period_ns));
		p->now_ns = motion_flush(p->motion, p->now_ns);
	}
	p->run.block_bytes = p->run.medium_bytes = flow;
	return good;
}

double cal_predict(const struct calibration *c, double feed, uint64_t block,
    double seconds)
{
	const struct model model = calibrate_model(c->config, c->result);
	struct prediction p = { .run = { 1, block, block, 1 } };
	double bytes = 0, rate = -1;
	struct motion_model motion;
	int64_t begun_ns, due_ns = 0;

	motion_model_of(&model, &model.media[0], model.buffer_bytes, &motion);
	motion.wrap_bytes = (uint64_t)c->wrap;
	p.motion = motion_new(&motion, 0);
	if (p.motion == NULL)
		return -1;
	if (prime(&p, c->block,
		feed > 0 ? (double)c->block / feed * CAL_SECOND : 0)) {
		begun_ns = p.now_ns;
		while ((double)(p.now_ns - begun_ns) < seconds * CAL_SECOND) {
			if (feed > 0)
				due_ns = begun_ns +
				    (int64_t)(bytes / feed * CAL_SECOND);
			if (!write_block(&p, due_ns))
				break;
			bytes += (double)block;
		}
		if (p.now_ns > begun_ns)
			rate = bytes /
			    ((double)(p.now_ns - begun_ns) / CAL_SECOND);
	}
	motion_free(p.motion);
	return rate;
}
