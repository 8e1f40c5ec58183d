/*
 * check_motion.c: the motion model, compared with a model of single blocks and
 * with figures of real drives; and its rules, one by one.
 */
#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "splitter/base/later.h"
#include "splitter/tests/run_suite.h"
#include "vtl/drive/tests/motion_reference.h"
#include "vtl/tests/vtl_scratch.h"

#define SECOND INT64_C(1000000000)
#define MB     UINT64_C(1000000)
#define GB     UINT64_C(1000000000)

enum { SEEDS = 1500, CALLS = 150 };

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
	for (uint64_t seed = 1; seed <= SEEDS; seed += SANITIZED)
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

	for (uint64_t seed = 1; seed <= SEEDS; seed += SANITIZED)
		leapt += repeat_some(seed);
	ck_assert_uint_gt(leapt, SEEDS / SANITIZED);
}
END_TEST

/* An LTO-9 drive with L9 media. */
static struct motion_model lto9(void)
{
	return (struct motion_model){
		.speeds_bytes_per_s = { 177 * MB, 203 * MB, 223 * MB, 244 * MB,
		    263 * MB, 284 * MB, 305 * MB, 325 * MB, 347 * MB, 366 * MB,
		    385 * MB, 408 * MB },
		.speeds = 12,
		.hitch_ns = 3 * SECOND,
		.hitch_permille = 300,
		.turn_ns = 3 * SECOND,
		.wrap_bytes = 18000 * GB / 280,
		.buffer_bytes = UINT64_C(1) << 30,
		.restart_bytes = (UINT64_C(1) << 30) / 10 * 9,
		.write_delay_ns = 20 * SECOND,
		.window_ns = 4 * SECOND,
		.forced_permille = 100,
		.command_ns = 60000,
		.bus_bytes_per_s = 800 * MB,
	};
}

/* The result of a dump: its time, with the flush at its end. */
struct outcome {
	struct motion_counts counts;
	int64_t ns;
};

/*
 * Writes `bytes` in blocks of 512 KiB, in runs of 8 MiB, with a flush after
 * each `part_bytes`; small parts in runs of a block.  The feed is open: a run
 * is not ready before its time.
 */
static struct outcome write_tape(const struct motion_model *model,
    uint64_t bytes, uint64_t feed_bytes_per_s, uint64_t part_bytes)
{
	const struct motion_run run = { part_bytes < 100 * GB ? 1 : 16, 1 << 19,
		1 << 19, 1 };
	struct motion *m = motion_new(model, 0);
	struct outcome o = { .ns = 0 };
	uint64_t done = 0, part = 0, taken;
	int64_t ready;

	ck_assert_ptr_nonnull(m);
	while (done < bytes) {
		done += run.blocks << 19;
		part += run.blocks << 19;
		ready = feed_bytes_per_s == 0
		    ? 0
		    : (int64_t)((unsigned __int128)done * 1000000000 /
			  feed_bytes_per_s);
		motion_write(m, &run, ready > o.ns ? ready : o.ns, &taken,
		    &o.ns);
		if (part >= part_bytes) {
			o.ns = motion_flush(m, o.ns);
			part = 0;
		}
	}
	o.ns = motion_flush(m, o.ns);
	motion_get_counts(m, o.ns, &o.counts);
	motion_free(m);
	return o;
}

static double mb_per_s(uint64_t bytes, const struct outcome *o)
{
	return (double)bytes * 1000 / (double)o->ns;
}

static void expect_near(double is, double expected, double percent)
{
	ck_assert_msg(is > expected * (1 - percent / 100) &&
		is < expected * (1 + percent / 100),
	    "%f, not %f", is, expected);
}

START_TEST(a_full_lto9_takes_749_minutes)
{
	const struct motion_model model = lto9();
	const struct outcome o = write_tape(&model, 18000 * GB, 0, UINT64_MAX);

	expect_near((double)o.ns / 60e9, 749.3, 0.1);
	ck_assert_uint_eq(o.counts.turns, 280);
	ck_assert_uint_eq(o.counts.stops_for_data, 0);
}
END_TEST

START_TEST(a_feed_below_the_lowest_speed_stops_the_medium)
{
	const struct motion_model model = lto9();
	const struct outcome o =
	    write_tape(&model, 3000 * GB, 120 * MB, UINT64_MAX);

	/*
	 * Between two stops the medium writes the restart level and what
	 * arrives meanwhile.
	 */
	expect_near((double)o.counts.stops_for_data, 980, 3);
	expect_near(mb_per_s(3000 * GB, &o), 120, 0.2);
}
END_TEST

START_TEST(a_feed_between_two_speeds_is_received_whole)
{
	const struct motion_model model = lto9();
	const struct outcome o =
	    write_tape(&model, 3000 * GB, 190 * MB, UINT64_MAX);

	expect_near(mb_per_s(3000 * GB, &o), 189.9, 0.1);
	ck_assert_uint_lt(o.counts.stops_for_data, 400);
}
END_TEST

/* LTO-9, fed 190 MB/s: the lowest speeds are 177 and 203 MB/s. */
static const struct {
	enum model_rule rule;
	double mb_per_s;
	bool stops;
} rules[] = {
	{ MODEL_BEST, 190, true },
	{ MODEL_BELOW, 176.8, false },
	{ MODEL_ABOVE, 190, true },
	{ MODEL_TOP, 190, true },
};

START_TEST(the_rule_decides_the_speed)
{
	struct motion_model model = lto9();
	struct outcome o;

	/* A wrap without end: the speed is chosen at starts only. */
	model.wrap_bytes = 0;
	model.rule = rules[_i].rule;
	o = write_tape(&model, 1000 * GB, 190 * MB, UINT64_MAX);
	expect_near(mb_per_s(1000 * GB, &o), rules[_i].mb_per_s, 0.3);
	ck_assert((o.counts.stops_for_data > 0) == rules[_i].stops);
	if (rules[_i].rule == MODEL_TOP)
		ck_assert_int_gt(o.counts.speed_ns[11], 0);
	else
		ck_assert_int_eq(o.counts.speed_ns[11], 0);
}
END_TEST

/*
 * A site's figure: files of S bytes with a synchronous filemark each, at a rate
 * R, are written at S / (S / R + 3 s).
 */
static const struct {
	uint64_t file_bytes;
	double mb_per_s;
} files[] = { { 100 * MB, 26 }, { GB, 88 }, { 10 * GB, 116 } };

START_TEST(a_synchronous_filemark_costs_a_backhitch)
{
	const struct motion_model model = {
		.speeds_bytes_per_s = { 30 * MB, 48 * MB, 66 * MB, 84 * MB,
		    103 * MB, 120 * MB },
		.speeds = 6,
		.rule = MODEL_TOP,
		.hitch_ns = 3 * SECOND,
		.hitch_permille = 300,
		.turn_ns = 2 * SECOND,
		.wrap_bytes = 800 * GB / 56,
		.buffer_bytes = 128 << 20,
		.restart_bytes = (128 << 20) / 10 * 9,
		.command_ns = 60000,
		.bus_bytes_per_s = 2400 * MB,
	};
	const struct outcome o = write_tape(&model, 200 * files[_i].file_bytes,
	    0, files[_i].file_bytes);

	expect_near(mb_per_s(200 * files[_i].file_bytes, &o),
	    files[_i].mb_per_s, 2);
	ck_assert_uint_ge(o.counts.stops_for_flush, 199);
	ck_assert_uint_eq(o.counts.stops_for_data, 0);
}
END_TEST

/*
 * The rules.  A simple drive: a byte takes a millisecond (1000 bytes per
 * second), a backhitch 10 s, blocks have 100 bytes, the buffer 10 blocks; it
 * starts at 5 blocks.
 */
static struct motion_model simple(void)
{
	return (struct motion_model){
		.speeds_bytes_per_s = { 1000 },
		.speeds = 1,
		.hitch_ns = 10 * SECOND,
		.hitch_permille = 1000,
		.buffer_bytes = 1000,
		.restart_bytes = 500,
	};
}

static const int64_t BLOCK_NS = SECOND / 10;

/* Writes blocks of 100 bytes; returns when the last had arrived. */
static int64_t put(struct motion *m, uint64_t blocks, int64_t now_ns)
{
	const struct motion_run run = { blocks, 100, 100, 1 };
	uint64_t taken;

	ck_assert_int_eq(motion_write(m, &run, now_ns, &taken, &now_ns), 0);
	ck_assert_uint_eq(taken, blocks);
	return now_ns;
}

static struct motion_counts counts_of(struct motion *m, int64_t now_ns)
{
	struct motion_counts counts;

	motion_get_counts(m, now_ns, &counts);
	return counts;
}

static enum motion_state state_of(struct motion *m, int64_t now_ns)
{
	size_t speed;

	return motion_get_state(m, now_ns, &speed);
}

START_TEST(a_block_arrives_after_its_time_on_the_bus)
{
	struct motion_model model = simple();
	struct motion *m;

	model.command_ns = 7;
	model.bus_bytes_per_s = 300; /* 333333333.3 ns a block */
	m = motion_new(&model, 0);
	ck_assert_int_eq(put(m, 3, 0), INT64_C(3) * (7 + 333333334));
	motion_free(m);
}
END_TEST

START_TEST(a_medium_starts_at_the_restart_level)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);

	put(m, 4, 0);
	ck_assert_int_eq(state_of(m, 60 * SECOND), MOTION_STANDING);
	put(m, 1, 60 * SECOND);
	ck_assert_int_eq(state_of(m, 60 * SECOND + 1), MOTION_STREAMING);
	ck_assert_uint_eq(motion_buffered_bytes(m, 60 * SECOND + BLOCK_NS + 1),
	    400);
	motion_free(m);
}
END_TEST

START_TEST(a_medium_starts_after_the_write_delay)
{
	struct motion_model model = simple();
	struct motion *m;

	model.write_delay_ns = 20 * SECOND;
	m = motion_new(&model, 0);
	put(m, 1, SECOND);
	put(m, 1, 2 * SECOND);
	ck_assert_int_eq(state_of(m, 21 * SECOND), MOTION_STANDING);
	ck_assert_int_eq(state_of(m, 21 * SECOND + 1), MOTION_STREAMING);
	motion_free(m);
}
END_TEST

START_TEST(a_medium_starts_when_the_host_waits_for_room)
{
	struct motion_model model = simple();
	struct motion *m;

	model.restart_bytes = 1000;
	model.buffer_bytes = 1050;
	m = motion_new(&model, 0);
	/* The level is reached; the 11th block waits for the first. */
	ck_assert_int_eq(put(m, 10, 0), 0);
	ck_assert_int_eq(put(m, 1, 0), BLOCK_NS);
	ck_assert_int_eq(counts_of(m, BLOCK_NS).waited_ns, BLOCK_NS);
	motion_free(m);
	model.restart_bytes = 1050;
	m = motion_new(&model, 0);
	ck_assert_int_eq(put(m, 10, 0), 0);
	ck_assert_int_eq(state_of(m, SECOND), MOTION_STANDING);
	ck_assert_int_eq(put(m, 1, SECOND), SECOND + BLOCK_NS);
	motion_free(m);
}
END_TEST

START_TEST(a_block_that_arrives_at_the_last_instant_is_in_time)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);

	put(m, 5, 0);
	put(m, 1, 5 * BLOCK_NS);
	ck_assert_uint_eq(counts_of(m, 6 * BLOCK_NS).stops_for_data, 0);
	/* A nanosecond later is too late: a backhitch, then the level. */
	put(m, 5, 6 * BLOCK_NS + 1);
	ck_assert_uint_eq(counts_of(m, 7 * BLOCK_NS).stops_for_data, 1);
	ck_assert_int_eq(state_of(m, 6 * BLOCK_NS + 10 * SECOND),
	    MOTION_BACKHITCH);
	ck_assert_int_eq(state_of(m, 6 * BLOCK_NS + 10 * SECOND + 1),
	    MOTION_STREAMING);
	motion_free(m);
}
END_TEST

START_TEST(a_backhitch_is_shorter_at_a_lower_speed)
{
	struct motion_model model = simple();
	struct motion *m;

	model.speeds = 2;
	model.speeds_bytes_per_s[0] = 500;
	model.speeds_bytes_per_s[1] = 1000;
	model.hitch_permille = 200;
	model.rule = MODEL_BELOW;
	m = motion_new(&model, 0);
	/* 500 bytes in 2 s are below the lowest speed: 2 + (10 - 2) / 2 s. */
	put(m, 1, 2 * SECOND);
	put(m, 4, 2 * SECOND);
	ck_assert_int_eq(counts_of(m, 60 * SECOND).hitch_ns, 6 * SECOND);
	motion_free(m);
}
END_TEST

START_TEST(a_flush_is_complete_before_the_backhitch)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);
	struct motion_counts counts;

	put(m, 3, 0);
	ck_assert_int_eq(motion_flush(m, SECOND), SECOND + 3 * BLOCK_NS);
	ck_assert_int_eq(state_of(m, 2 * SECOND), MOTION_BACKHITCH);
	counts = counts_of(m, 20 * SECOND);
	ck_assert_uint_eq(counts.stops_for_flush, 1);
	ck_assert_uint_eq(counts.stops_for_data, 0);
	/* Nothing is left to flush. */
	ck_assert_int_eq(motion_flush(m, 20 * SECOND), 20 * SECOND);
	motion_free(m);
}
END_TEST

START_TEST(a_flush_without_backhitch_does_not_stop_the_medium)
{
	struct motion_model model = simple();
	struct motion *m;

	model.sync_without_hitch = true;
	m = motion_new(&model, 0);
	put(m, 3, 0);
	ck_assert_int_eq(motion_flush(m, 0), 3 * BLOCK_NS);
	put(m, 5, 3 * BLOCK_NS);
	ck_assert_int_eq(state_of(m, 4 * BLOCK_NS), MOTION_STREAMING);
	ck_assert_int_eq(counts_of(m, 4 * BLOCK_NS).hitch_ns, 0);
	motion_free(m);
}
END_TEST

START_TEST(the_host_waits_while_a_medium_that_was_flushed_restarts)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);
	int64_t now;

	put(m, 3, 0);
	now = motion_flush(m, 0);
	/* Ten blocks fit in the buffer; the next waits for the backhitch. */
	ck_assert_int_eq(put(m, 10, now), now);
	ck_assert_int_eq(put(m, 1, now), now + 10 * SECOND + BLOCK_NS);
	motion_free(m);
}
END_TEST

START_TEST(the_end_of_a_wrap_is_a_turn)
{
	struct motion_model model = simple();
	struct motion *m;

	model.wrap_bytes = 300;
	model.turn_ns = 2 * SECOND;
	m = motion_new(&model, 0);
	put(m, 7, 0);
	ck_assert_int_eq(motion_flush(m, 0), 7 * BLOCK_NS + 4 * SECOND);
	ck_assert_uint_eq(counts_of(m, 60 * SECOND).turns, 2);
	motion_free(m);
	m = motion_new(&model, 0);
	put(m, 7, 0);
	ck_assert_int_eq(state_of(m, 4 * BLOCK_NS), MOTION_TURNING);
	ck_assert_int_eq(counts_of(m, 4 * BLOCK_NS).turn_ns, BLOCK_NS);
	motion_free(m);
}
END_TEST

START_TEST(a_waiting_host_forces_a_higher_speed)
{
	struct motion_model model = simple();
	struct motion *m;
	struct motion_counts counts;
	int64_t now;
	size_t speed;

	model.speeds = 4;
	for (size_t i = 0; i < 4; i++)
		model.speeds_bytes_per_s[i] = 1000 * (i + 1);
	model.rule = MODEL_BELOW;
	model.wrap_bytes = 1000000;
	model.window_ns = 4 * SECOND;
	model.forced_permille = 100;
	m = motion_new(&model, 0);
	/* The first second brings 1000 bytes; from then on all that fits. */
	put(m, 4, SECOND);
	now = put(m, 100, SECOND);
	counts = counts_of(m, now);
	ck_assert_uint_eq(counts.stops_forced, 1);
	ck_assert_int_eq(counts.hitch_ns, 10 * SECOND);
	ck_assert_int_eq(motion_get_state(m, now, &speed), MOTION_STREAMING);
	ck_assert_uint_eq(speed, 2);
	motion_free(m);
	/* The rest of a short wrap is not worth it. */
	model.wrap_bytes = 20000;
	m = motion_new(&model, 0);
	put(m, 4, SECOND);
	now = put(m, 100, SECOND);
	ck_assert_uint_eq(counts_of(m, now).stops_forced, 0);
	motion_free(m);
}
END_TEST

START_TEST(a_block_larger_than_the_buffer_waits_until_it_is_empty)
{
	const struct motion_model model = simple();
	const struct motion_run large = { 2, 5000, 5000, 1 };
	struct motion *m = motion_new(&model, 0);
	uint64_t taken;
	int64_t done;

	put(m, 1, 0);
	ck_assert_int_eq(motion_write(m, &large, 0, &taken, &done), 0);
	ck_assert_uint_eq(taken, 2);
	/* The first waits for the small block, the second for the first. */
	ck_assert_int_eq(done, BLOCK_NS + 5 * SECOND);
	ck_assert_int_eq(motion_flush(m, done), done + 5 * SECOND);
	motion_free(m);
}
END_TEST

START_TEST(a_retry_takes_a_backhitch)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);

	put(m, 5, 0);
	motion_set_mark(m, 2);
	motion_advance(m, 60 * SECOND);
	ck_assert_uint_eq(motion_written_blocks(m), 2);
	ck_assert_int_eq(motion_written_ns(m), 2 * BLOCK_NS);
	motion_retry(m);
	motion_set_mark(m, UINT64_MAX);
	ck_assert_int_eq(motion_flush(m, 60 * SECOND), 60 * SECOND);
	ck_assert_int_eq(motion_written_ns(m), 5 * BLOCK_NS + 10 * SECOND);
	ck_assert_uint_eq(counts_of(m, 60 * SECOND).retries, 1);
	motion_free(m);
}
END_TEST

START_TEST(no_block_is_taken_after_the_mark)
{
	const struct motion_model model = simple();
	const struct motion_run run = { 20, 100, 100, 1 };
	struct motion *m = motion_new(&model, 0);
	uint64_t taken;
	int64_t done;

	motion_set_mark(m, 3);
	ck_assert_int_eq(motion_write(m, &run, 0, &taken, &done), 0);
	/* 10 fit, two more when the first two are written. */
	ck_assert_uint_eq(taken, 12);
	ck_assert_int_eq(done, 2 * BLOCK_NS);
	ck_assert_int_eq(motion_written_ns(m), 3 * BLOCK_NS);
	ck_assert_int_eq(motion_flush(m, done), 3 * BLOCK_NS);
	ck_assert_uint_eq(motion_written_blocks(m), 3);
	motion_free(m);
}
END_TEST

START_TEST(a_dropped_buffer_is_empty_and_the_medium_stands)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);

	put(m, 8, 0);
	motion_drop(m, 3 * BLOCK_NS + 1);
	ck_assert_uint_eq(motion_written_blocks(m), 3);
	ck_assert_uint_eq(motion_buffered_bytes(m, SECOND), 0);
	ck_assert_int_eq(state_of(m, SECOND), MOTION_STANDING);
	ck_assert_int_eq(motion_flush(m, SECOND), SECOND);
	/* It is as new. */
	put(m, 5, SECOND);
	ck_assert_int_eq(motion_flush(m, SECOND), SECOND + 5 * BLOCK_NS);
	motion_free(m);
}
END_TEST

START_TEST(a_moved_medium_continues_where_it_is)
{
	struct motion_model model = simple();
	struct motion *m;
	struct motion_counts counts;

	model.wrap_bytes = 1000;
	model.turn_ns = 2 * SECOND;
	m = motion_new(&model, 0);
	/* The move takes no time of the counts; it ends within the wrap. */
	motion_place(m, 5800, 3 * SECOND, 8 * SECOND);
	put(m, 3, 8 * SECOND);
	ck_assert_int_eq(motion_flush(m, 8 * SECOND),
	    10 * SECOND + 3 * BLOCK_NS);
	counts = counts_of(m, 10 * SECOND + 3 * BLOCK_NS);
	ck_assert_int_eq(counts.standing_ns, 3 * SECOND);
	ck_assert_int_eq(counts.turn_ns, 2 * SECOND);
	motion_free(m);
}
END_TEST

START_TEST(a_move_cuts_a_backhitch_short)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);

	put(m, 1, 0);
	motion_flush(m, 0);
	motion_place(m, 0, SECOND, 2 * SECOND);
	ck_assert_int_eq(counts_of(m, 2 * SECOND).hitch_ns, SECOND - BLOCK_NS);
	motion_free(m);
}
END_TEST

START_TEST(the_fill_of_the_buffer_is_summed_over_time)
{
	const struct motion_model model = simple();
	struct motion *m = motion_new(&model, 0);
	uint64_t sum;

	put(m, 4, SECOND);
	put(m, 1, 3 * SECOND);
	sum = (uint64_t)counts_of(m, 3 * SECOND).fill_byte_ns;
	ck_assert_uint_eq(sum, 2 * 400 * UINT64_C(1000000000));
	/* 5, 4, 3, 2 and 1 blocks, each for the time of a block */
	sum = (uint64_t)counts_of(m, 60 * SECOND).fill_byte_ns - sum;
	ck_assert_uint_eq(sum, 15 * 100 * (uint64_t)BLOCK_NS);
	motion_free(m);
}
END_TEST

START_TEST(no_time_overflows)
{
	struct motion_model model = simple();
	const struct motion_run slow = { 1000, 8 << 20, 8 << 20, UINT64_MAX };
	struct motion *m;
	uint64_t taken;
	int64_t done;

	model.speeds_bytes_per_s[0] = 1;
	model.hitch_ns = model.turn_ns = model.write_delay_ns =
	    model.command_ns = model.window_ns = LATER_MOST_NS;
	model.wrap_bytes = 1;
	m = motion_new(&model, 0);
	ck_assert_int_eq(motion_write(m, &slow, 0, &taken, &done), 0);
	ck_assert_uint_eq(taken, 1000);
	ck_assert_int_eq(done, LATER_MOST_NS);
	ck_assert_int_eq(motion_flush(m, done), LATER_MOST_NS);
	counts_of(m, LATER_MOST_NS);
	motion_free(m);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

int main(void)
{
	Suite *s = suite_create("motion");
	TCase *t = tcase_create("motion");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, times_and_counts_are_those_of_single_blocks);
	tcase_add_test(t, repeated_runs_are_those_of_single_writes);
	tcase_add_test(t, a_full_lto9_takes_749_minutes);
	tcase_add_test(t, a_feed_below_the_lowest_speed_stops_the_medium);
	tcase_add_test(t, a_feed_between_two_speeds_is_received_whole);
	tcase_add_loop_test(t, the_rule_decides_the_speed, 0, COUNT(rules));
	tcase_add_loop_test(t, a_synchronous_filemark_costs_a_backhitch, 0,
	    COUNT(files));
	tcase_add_test(t, a_block_arrives_after_its_time_on_the_bus);
	tcase_add_test(t, a_medium_starts_at_the_restart_level);
	tcase_add_test(t, a_medium_starts_after_the_write_delay);
	tcase_add_test(t, a_medium_starts_when_the_host_waits_for_room);
	tcase_add_test(t, a_block_that_arrives_at_the_last_instant_is_in_time);
	tcase_add_test(t, a_backhitch_is_shorter_at_a_lower_speed);
	tcase_add_test(t, a_flush_is_complete_before_the_backhitch);
	tcase_add_test(t, a_flush_without_backhitch_does_not_stop_the_medium);
	tcase_add_test(t,
	    the_host_waits_while_a_medium_that_was_flushed_restarts);
	tcase_add_test(t, the_end_of_a_wrap_is_a_turn);
	tcase_add_test(t, a_waiting_host_forces_a_higher_speed);
	tcase_add_test(t,
	    a_block_larger_than_the_buffer_waits_until_it_is_empty);
	tcase_add_test(t, a_retry_takes_a_backhitch);
	tcase_add_test(t, no_block_is_taken_after_the_mark);
	tcase_add_test(t, a_dropped_buffer_is_empty_and_the_medium_stands);
	tcase_add_test(t, a_moved_medium_continues_where_it_is);
	tcase_add_test(t, a_move_cuts_a_backhitch_short);
	tcase_add_test(t, the_fill_of_the_buffer_is_summed_over_time);
	tcase_add_test(t, no_time_overflows);
	return run_suite(s);
}
