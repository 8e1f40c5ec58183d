/*
 * check_motion_figures.c: the motion model, compared with figures of real
 * drives.
 */
#include <check.h>

#include "splitter/tests/run_suite.h"
#include "vtl/motion/motion.h"

#define SECOND INT64_C(1000000000)
#define MB     UINT64_C(1000000)
#define GB     UINT64_C(1000000000)

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

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

int main(void)
{
	Suite *s = suite_create("motion_figures");
	TCase *t = tcase_create("motion_figures");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_full_lto9_takes_749_minutes);
	tcase_add_test(t, a_feed_below_the_lowest_speed_stops_the_medium);
	tcase_add_test(t, a_feed_between_two_speeds_is_received_whole);
	tcase_add_loop_test(t, the_rule_decides_the_speed, 0, COUNT(rules));
	tcase_add_loop_test(t, a_synchronous_filemark_costs_a_backhitch, 0,
	    COUNT(files));
	return run_suite(s);
}
