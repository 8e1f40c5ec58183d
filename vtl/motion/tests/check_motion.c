/* check_motion.c: the rules of the motion model, one by one. */
#include <check.h>

#include "splitter/base/later.h"
#include "splitter/tests/run_suite.h"
#include "vtl/motion/motion.h"

#define SECOND INT64_C(1000000000)

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

int main(void)
{
	Suite *s = suite_create("motion");
	TCase *t = tcase_create("motion");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
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
