/*
 * check_motion_reference.c: the motion model, compared with a model of single
 * blocks; and repeated runs, compared with single ones.
 */
#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "vtl/motion/tests/motion_reference.h"
#include "vtl/tests/vtl_scratch.h"

#define SECOND INT64_C(1000000000)
#define MB     UINT64_C(1000000)
#define GB     UINT64_C(1000000000)

enum { SEEDS = 1200, REPEATED = 3000, CALLS = 150 };

/* Any model, small enough that the events of a tape come often. */
static struct motion_model draw_model(uint64_t *seed)
{
	struct motion_model k = { .speeds = 1 + scratch_random(seed) % 6 };
	uint64_t v = MB + scratch_random(seed) % (50 * MB);

	for (size_t i = 0; i < k.speeds; i++) {
		k.speeds_bytes_per_s[i] = v;
		v += 1 + scratch_random(seed) % (20 * MB);
	}
	k.rule = (enum model_rule)(scratch_random(seed) % 4);
	k.hitch_ns = scratch_random(seed) % 4 > 0
	    ? (int64_t)(scratch_random(seed) % (3 * GB))
	    : 0;
	k.hitch_permille = (unsigned)(scratch_random(seed) % 1000);
	k.sync_without_hitch = scratch_random(seed) % 4 == 0;
	k.turn_ns = scratch_random(seed) % 2 == 0
	    ? (int64_t)(scratch_random(seed) % (2 * GB))
	    : 0;
	k.wrap_bytes = scratch_random(seed) % 3 > 0
	    ? 50000 + scratch_random(seed) % (200 * MB)
	    : 0;
	k.buffer_bytes = 200000 + scratch_random(seed) % (60 * MB);
	k.restart_bytes = 1 + scratch_random(seed) % k.buffer_bytes;
	k.write_delay_ns = scratch_random(seed) % 2 == 0
	    ? (int64_t)(scratch_random(seed) % (5 * GB))
	    : 0;
	k.window_ns = scratch_random(seed) % 2 == 0
	    ? 1 + (int64_t)(scratch_random(seed) % GB)
	    : 0;
	k.forced_permille = (unsigned)(scratch_random(seed) % 300);
	k.command_ns = scratch_random(seed) % 3 > 0
	    ? (int64_t)(scratch_random(seed) % (2 * MB))
	    : 0;
	k.bus_bytes_per_s = scratch_random(seed) % 3 > 0
	    ? MB + scratch_random(seed) % (200 * MB)
	    : 0;
	return k;
}

/* The model and its reference, and a block at which something happens. */
struct pair {
	struct motion *motion;
	struct motion_reference *reference;
	int64_t motion_ns, reference_ns; /* the last answers */
	uint64_t marked;                 /* block number, 0: no mark */
	bool retries;
};

/* After each call: what happens at the mark.  Returns whether it was reached. */
static bool passes_mark(struct pair *p)
{
	if (p->marked == 0 || motion_written_blocks(p->motion) < p->marked)
		return false;
	if (p->retries)
		motion_retry(p->motion);
	motion_set_mark(p->motion, UINT64_MAX);
	p->marked = 0;
	return true;
}

static void pair_advance(struct pair *p)
{
	do
		motion_advance(p->motion, p->motion_ns);
	while (passes_mark(p));
	motion_reference_advance(p->reference, p->reference_ns);
}

static void pair_flush(struct pair *p)
{
	int64_t done_ns;

	do
		done_ns = motion_flush(p->motion, p->motion_ns);
	while (passes_mark(p));
	p->motion_ns = done_ns;
	p->reference_ns = motion_reference_flush(p->reference, p->reference_ns);
}

/* Writes the run in pieces of any length, the reference in one. */
static void pair_write(struct pair *p, const struct motion_run *run,
    uint64_t *seed)
{
	struct motion_run piece = *run;
	uint64_t left = run->blocks, taken;

	for (; left > 0; left -= taken) {
		piece.blocks =
		    scratch_random(seed) % 2 == 0 ? left : 1 + left / 3;
		ck_assert_int_eq(motion_write(p->motion, &piece, p->motion_ns,
				     &taken, &p->motion_ns),
		    0);
		ck_assert(passes_mark(p) || taken == piece.blocks);
	}
	p->reference_ns =
	    motion_reference_write(p->reference, run, p->reference_ns);
}

/* Marks one of the next blocks; at one of two it needs a second pass. */
static void pair_mark(struct pair *p, uint64_t *seed)
{
	uint64_t blocks = 1 + scratch_random(seed) % 300;

	if (p->marked != 0)
		return;
	pair_advance(p);
	p->marked = motion_written_blocks(p->motion) + blocks;
	p->retries = scratch_random(seed) % 2 == 0;
	motion_set_mark(p->motion, blocks);
	motion_reference_retry(p->reference, p->retries ? p->marked : 0);
}

static void pair_compare(struct pair *p, uint64_t seed)
{
	struct motion_counts counts, expected;
	int64_t sum = 0;

	pair_advance(p);
	ck_assert_msg(p->motion_ns == p->reference_ns,
	    "seed %" PRIu64 ": %" PRId64 ", not %" PRId64, seed, p->motion_ns,
	    p->reference_ns);
	ck_assert_uint_eq(motion_written_blocks(p->motion),
	    motion_reference_written(p->reference));
	memset(&counts, 0, sizeof counts);
	memset(&expected, 0, sizeof expected);
	motion_get_counts(p->motion, p->motion_ns, &counts);
	motion_reference_get_counts(p->reference, p->reference_ns, &expected);
	ck_assert_msg(memcmp(&counts, &expected, sizeof counts) == 0,
	    "seed %" PRIu64 ": the counts differ", seed);
	sum = counts.standing_ns + counts.hitch_ns + counts.turn_ns;
	for (size_t i = 0; i < MODEL_SPEEDS_MAX; i++)
		sum += counts.speed_ns[i];
	ck_assert_int_eq(sum, p->motion_ns);
}

static void compare(uint64_t seed)
{
	uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15), bytes = 1;
	const struct motion_model model = draw_model(&random);
	struct pair p = { .motion = motion_new(&model, 0),
		.reference = motion_reference_new(&model) };
	struct motion_run run = { .factor = 1 };
	int64_t pause;

	for (int i = 0; i < CALLS; i++) {
		switch (scratch_random(&random) % 12) {
		case 0:
			bytes = 1 + scratch_random(&random) % 500000;
			break;
		case 1:
			pair_flush(&p);
			break;
		case 2:
			pause = (int64_t)(scratch_random(&random) % (9 * GB));
			p.motion_ns += pause;
			p.reference_ns += pause;
			break;
		case 3:
			pair_compare(&p, seed);
			break;
		case 4:
			run.factor = scratch_random(&random) % 4 > 0
			    ? 1
			    : 1 + scratch_random(&random) % 5;
			break;
		case 5:
			pair_mark(&p, &random);
			break;
		default:
			run.blocks = 1 + scratch_random(&random) % 300;
			run.block_bytes = bytes;
			run.medium_bytes =
			    1 + bytes * (1 + scratch_random(&random) % 3) / 3;
			pair_write(&p, &run, &random);
		}
	}
	pair_compare(&p, seed);
	motion_free(p.motion);
	motion_reference_free(p.reference);
}

START_TEST(times_and_counts_are_those_of_single_blocks)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed += SANITIZED * part_step(3))
		compare(seed);
}
END_TEST

/* Advances to the next run, as a host with a rhythm of its own would. */
static void write_repeated(struct motion *m, const struct motion_run *run,
    struct motion_repeat r, uint64_t *leapt)
{
	uint64_t n, taken;
	int64_t done_ns;

	while (r.times > 0) {
		n = motion_repeat(m, run, &r);
		ck_assert_uint_le(n, r.times);
		*leapt += n;
		if (n == 0) {
			motion_write(m, run, r.begin_ns, &taken, &done_ns);
			n = 1;
			/* From here on the runs would begin elsewhere. */
			if (done_ns != r.begin_ns + r.take_ns)
				return;
		}
		r.times -= n;
		r.begin_ns += (int64_t)n * r.every_ns;
	}
}

/* Two drives with the same history; one of them repeats. */
static uint64_t repeat_some(uint64_t seed)
{
	uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15), leapt = 0;
	const struct motion_model model = draw_model(&random);
	struct motion *plain = motion_new(&model, 0);
	struct motion *fast = motion_new(&model, 0);
	struct motion_counts a, b;
	int64_t now_ns = 0, done_ns, other_ns;
	uint64_t taken, times;

	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
	for (int i = 0; i < 40; i++) {
		uint64_t bytes = 1 + scratch_random(&random) % 100000;
		const struct motion_run run = { 1 + scratch_random(&random) % 8,
			bytes, bytes, 1 + (scratch_random(&random) % 8 == 0) };
		struct motion_repeat r = { .times = 1 +
			    scratch_random(&random) % 200 };

		/* A first run says how long the others take. */
		ck_assert_int_eq(motion_write(plain, &run, now_ns, &taken,
				     &done_ns),
		    0);
		ck_assert_int_eq(motion_write(fast, &run, now_ns, &taken,
				     &other_ns),
		    0);
		ck_assert_int_eq(done_ns, other_ns);
		r.take_ns = done_ns - now_ns;
		r.every_ns = r.take_ns;
		if (scratch_random(&random) % 2 == 0)
			r.every_ns += (int64_t)(scratch_random(&random) %
			    (2 * (uint64_t)r.take_ns + 2));
		r.begin_ns = now_ns + r.every_ns;
		write_repeated(fast, &run, r, &leapt);
		for (times = r.times; times > 0; times--) {
			motion_write(plain, &run, r.begin_ns, &taken, &done_ns);
			if (done_ns != r.begin_ns + r.take_ns)
				break;
			r.begin_ns += r.every_ns;
		}
		now_ns = done_ns +
		    (int64_t)(scratch_random(&random) % (times == 0 ? 99 : GB));
		motion_get_counts(plain, now_ns, &a);
		motion_get_counts(fast, now_ns, &b);
		ck_assert_msg(memcmp(&a, &b, sizeof a) == 0 &&
			motion_written_blocks(plain) ==
			    motion_written_blocks(fast),
		    "seed %" PRIu64 ", %d: the counts differ", seed, i);
		if (scratch_random(&random) % 8 == 0) {
			other_ns = motion_flush(fast, now_ns);
			now_ns = motion_flush(plain, now_ns);
			ck_assert_int_eq(other_ns, now_ns);
		}
	}
	ck_assert_int_eq(motion_flush(plain, now_ns),
	    motion_flush(fast, now_ns));
	motion_free(plain);
	motion_free(fast);
	return leapt;
}

START_TEST(repeated_runs_are_those_of_single_writes)
{
	uint64_t leapt = 0;

	for (uint64_t seed = 1; seed <= REPEATED;
	     seed += SANITIZED * part_step(3))
		leapt += repeat_some(seed);
	ck_assert_uint_gt(leapt, REPEATED / SANITIZED / part_step(3));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("motion_reference");
	TCase *t = tcase_create("motion_reference");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, times_and_counts_are_those_of_single_blocks);
	tcase_add_test(t, repeated_runs_are_those_of_single_writes);
	return run_suite(s);
}
