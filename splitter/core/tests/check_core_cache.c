/* check_core_cache.c: what each part cache releases, and what it replays. */
#include <check.h>

#include "splitter/core/tests/core_play.h"
#include "splitter/tests/run_suite.h"

enum { B = 4096 };

static struct core_config with(uint32_t cache)
{
	return (struct core_config){ .block_bytes = B,
		.part_bytes = 6 * B,
		.buffer_bytes = 4 * B,
		.cache = cache,
		.max_failed_volumes = 3 };
}

/* The tape takes the requested run, which must begin at this block. */
static void take(struct core_play *p, uint64_t block, enum core_source source,
    bool replay)
{
	core_play_asks(p, CORE_WRITE);
	ck_assert_uint_eq(p->s.offset, block * B);
	ck_assert_uint_eq(p->s.bytes, B);
	ck_assert_int_eq(p->s.source, source);
	ck_assert_int_eq(p->s.replay, replay);
	core_play_succeed(p);
}

/* Makes the requested run fail, and runs the core until it reports the part. */
static void break_run(struct core_play *p, uint64_t taken_blocks,
    bool can_retry)
{
	core_play_asks(p, CORE_WRITE);
	core_play_result(p, TAPE_MEDIUM_ERROR, false, 0);
	core_play_asks(p, CORE_FINISH);
	ck_assert(!p->s.commits);
	core_play_succeed(p);
	core_play_asks(p, CORE_REPORT);
	ck_assert_uint_eq(p->s.report.bytes, taken_blocks * B);
	ck_assert_int_eq(p->s.report.can_retry, can_retry);
	core_play_succeed(p);
}

static void ck_released(const struct core_play *p, uint64_t block)
{
	ck_assert_uint_eq(core_released(&p->c), block * B);
}

START_TEST(without_a_cache_written_bytes_are_released)
{
	struct core_config k = with(SPLITTER_CACHE_NONE);
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 4 * B);
	ck_assert(core_can_retry(&p.c));
	core_play_until(&p, CORE_WRITE);
	ck_released(&p, 0);
	core_progress(&p.c, B);
	ck_released(&p, 1);
	ck_assert(!core_can_retry(&p.c));
	core_play_succeed(&p);
	ck_released(&p, 1);
	break_run(&p, 1, false);
	ck_assert(core_play_on(&p));
	ck_assert_int_eq(p.s.outcome, SPLITTER_PARTIAL);
	ck_assert_int_eq(p.s.cause, TAPE_MEDIUM_ERROR);
}
END_TEST

START_TEST(memory_releases_committed_bytes)
{
	struct core_config k = with(SPLITTER_CACHE_MEMORY);
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 10 * B);
	/* the buffer and the cached part are full */
	ck_assert_uint_eq(core_room(&p.c), 0);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	take(&p, 1, CORE_RING, false);
	break_run(&p, 2, true);
	ck_released(&p, 0);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, true);
	take(&p, 1, CORE_RING, true);
	take(&p, 2, CORE_RING, false);
	core_play_until(&p, CORE_REPORT);
	ck_assert_uint_eq(p.s.report.attempt, 2);
	ck_released(&p, 6);
	ck_assert_uint_eq(core_room(&p.c), 6 * B);
}
END_TEST

START_TEST(spool_releases_blocks_that_it_holds_and_that_are_written)
{
	struct core_config k = with(SPLITTER_CACHE_SPOOL);
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 4 * B);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	take(&p, 1, CORE_RING, false);
	ck_released(&p, 0);
	core_cached(&p.c, B - 1);
	ck_released(&p, 0);
	core_cached(&p.c, 2 * B - 1);
	ck_released(&p, 1);
	core_cached(&p.c, 4 * B);
	ck_released(&p, 2);
	ck_assert(core_can_retry(&p.c));
	break_run(&p, 2, true);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_FROM_CACHE, true);
	take(&p, 1, CORE_FROM_CACHE, true);
	take(&p, 2, CORE_RING, false);
}
END_TEST

/*
 * The buffer still has the bytes that the spool lacks, so the replay ends with
 * them.
 */
START_TEST(a_spool_that_lags_is_replayed_to_its_end)
{
	struct core_config k = with(SPLITTER_CACHE_SPOOL);
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 4 * B);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	take(&p, 1, CORE_RING, false);
	take(&p, 2, CORE_RING, false);
	core_cached(&p.c, B);
	break_run(&p, 3, true);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_FROM_CACHE, true);
	take(&p, 1, CORE_RING, true);
	take(&p, 2, CORE_RING, true);
	take(&p, 3, CORE_RING, false);
}
END_TEST

/* Replayed bytes in the buffer are not released while the tape uses them. */
START_TEST(bytes_of_the_step_in_progress_are_not_released)
{
	struct core_config k = with(SPLITTER_CACHE_SPOOL);
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 2 * B);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	break_run(&p, 1, true);
	core_play_until(&p, CORE_WRITE);
	ck_assert(p.s.replay);
	core_cached(&p.c, 2 * B);
	ck_released(&p, 0);
	core_play_succeed(&p);
	ck_released(&p, 1);
}
END_TEST

START_TEST(a_full_spool_cuts_the_part_and_starts_again)
{
	struct core_config k = with(SPLITTER_CACHE_SPOOL);
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 4 * B);
	core_cached(&p.c, B + 17);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	core_cache_failed(&p.c);
	core_play_asks(&p, CORE_FINISH);
	ck_assert(p.s.commits);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_REPORT);
	ck_assert_int_eq(p.s.report.end, SPLITTER_END_CUT);
	ck_assert_uint_eq(p.s.report.bytes, B);
	core_play_succeed(&p);
	/* the next part is on the same volume */
	core_play_asks(&p, CORE_HEADER);
	ck_assert_uint_eq(p.s.part, 2);
	core_play_succeed(&p);
	take(&p, 1, CORE_RING, false);
	core_cached(&p.c, 2 * B);
	take(&p, 2, CORE_RING, false); /* the part is not cut again */
}
END_TEST

/* The spool becomes full when the tape is at block 1 of a replay of 3. */
START_TEST(a_full_spool_during_a_replay_cuts_after_the_consumed_bytes)
{
	struct core_config k = with(SPLITTER_CACHE_SPOOL);
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 4 * B);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	take(&p, 1, CORE_RING, false);
	take(&p, 2, CORE_RING, false);
	core_cached(&p.c, B);
	break_run(&p, 3, true);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_FROM_CACHE, true);
	core_cache_failed(&p.c);
	core_play_asks(&p, CORE_WRITE);
	core_play_until(&p, CORE_REPORT);
	ck_assert_int_eq(p.s.report.end, SPLITTER_END_CUT);
	ck_assert_uint_eq(p.s.report.bytes, 3 * B);
	core_play_succeed(&p);
	core_eof(&p.c);
	ck_assert(core_play_on(&p));
	ck_assert_int_eq(p.s.outcome, SPLITTER_DONE);
}
END_TEST

/*
 * With a spool that takes no byte, each part is one block, and the whole dump
 * is written.
 */
START_TEST(a_spool_without_room_never_hangs)
{
	struct core_config k = with(SPLITTER_CACHE_SPOOL);
	uint64_t left = 15 * B + 1, n;
	struct core_play p;

	core_play_init(&p, &k);
	while (!core_play_on(&p)) {
		n = core_room(&p.c) < left ? core_room(&p.c) : left;
		core_cache_failed(&p.c);
		if (n > 0) {
			core_accept(&p.c, n);
			left -= n;
		} else {
			ck_assert(!p.c.eof || core_play_on(&p));
		}
		if (left == 0 && !p.c.eof)
			core_eof(&p.c);
	}
	ck_assert_int_eq(p.s.outcome, SPLITTER_DONE);
	ck_assert_uint_eq(p.c.committed, 15 * B + 1);
}
END_TEST

START_TEST(slices_release_written_bytes)
{
	struct core_config k = with(SPLITTER_CACHE_SLICES);
	struct core_play p;

	core_play_init(&p, &k);
	core_cached(&p.c, 100 * B + 7); /* announced before the bytes arrive */
	core_accept(&p.c, 4 * B);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	take(&p, 1, CORE_RING, false);
	ck_released(&p, 2);
	ck_assert(core_can_retry(&p.c));
	break_run(&p, 2, true);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_FROM_CACHE, true);
	take(&p, 1, CORE_FROM_CACHE, true);
	take(&p, 2, CORE_RING, false);
}
END_TEST

/*
 * A part without a retry does not need its slices.  If a retry needs them, the
 * part fails with the reason.
 */
START_TEST(missing_slices_matter_only_for_a_retry)
{
	struct core_config k = with(SPLITTER_CACHE_SLICES);
	struct core_play p;

	core_play_init(&p, &k);
	core_cached(&p.c, B + 1);
	core_accept(&p.c, 4 * B);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	take(&p, 1, CORE_RING, false);
	ck_assert(!core_can_retry(&p.c));
	if (_i == 0) {
		core_eof(&p.c);
		ck_assert(core_play_on(&p));
		ck_assert_int_eq(p.s.outcome, SPLITTER_DONE);
		return;
	}
	break_run(&p, 2, false);
	ck_assert(core_play_on(&p));
	ck_assert_int_eq(p.s.outcome, SPLITTER_PARTIAL);
}
END_TEST

START_TEST(a_slice_that_cannot_be_read_ends_the_dump_partial)
{
	struct core_config k = with(SPLITTER_CACHE_SLICES);
	struct core_play p;

	core_play_init(&p, &k);
	core_cached(&p.c, 4 * B);
	core_accept(&p.c, 4 * B);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_RING, false);
	take(&p, 1, CORE_RING, false);
	break_run(&p, 2, true);
	core_play_until(&p, CORE_WRITE);
	take(&p, 0, CORE_FROM_CACHE, true);
	core_play_asks(&p, CORE_WRITE);
	core_play_result(&p, TAPE_CACHE_ERROR, false, 0);
	core_play_until(&p, CORE_REPORT);
	ck_assert_int_eq(p.s.report.cause, TAPE_CACHE_ERROR);
	ck_assert(!p.s.report.can_retry);
	/* the policy answers RETRY, which is impossible */
	core_play_succeed(&p);
	core_play_asks(&p, CORE_CLOSE);
	/* the volume has no fault */
	ck_assert_int_eq(p.s.close, TAPE_CLOSE_GOOD);
	ck_assert(core_play_on(&p));
	ck_assert_int_eq(p.s.outcome, SPLITTER_PARTIAL);
	ck_assert_int_eq(p.s.cause, TAPE_CACHE_ERROR);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core, part caches");
	TCase *tc = tcase_create("caches");

	tcase_add_test(tc, without_a_cache_written_bytes_are_released);
	tcase_add_test(tc, memory_releases_committed_bytes);
	tcase_add_test(tc,
	    spool_releases_blocks_that_it_holds_and_that_are_written);
	tcase_add_test(tc, a_spool_that_lags_is_replayed_to_its_end);
	tcase_add_test(tc, bytes_of_the_step_in_progress_are_not_released);
	tcase_add_test(tc, a_full_spool_cuts_the_part_and_starts_again);
	tcase_add_test(tc,
	    a_full_spool_during_a_replay_cuts_after_the_consumed_bytes);
	tcase_add_test(tc, a_spool_without_room_never_hangs);
	tcase_add_test(tc, slices_release_written_bytes);
	tcase_add_loop_test(tc, missing_slices_matter_only_for_a_retry, 0, 2);
	tcase_add_test(tc, a_slice_that_cannot_be_read_ends_the_dump_partial);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
