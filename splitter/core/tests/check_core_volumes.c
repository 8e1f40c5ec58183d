/*
 * check_core_volumes.c: which volumes the core uses, how it closes them, and
 * how it treats errors on them.
 */
#include <check.h>

#include "splitter/core/tests/core_play.h"
#include "splitter/tests/run_suite.h"

enum { B = 4096 };

static struct core_config plain(void)
{
	return (struct core_config){ .block_bytes = B,
		.part_bytes = 20 * B,
		.buffer_bytes = 8 * B,
		.start_fill_bytes = 6 * B,
		.max_failed_volumes = 3 };
}

/*
 * Expected: a volume that could not be loaded has no effect on the next one.
 * Bug: its LEOM was kept, and a good volume was returned unused.
 */
START_TEST(leom_of_a_failed_load_does_not_close_the_next_volume)
{
	static const enum tape_cause causes[] = { TAPE_MEDIUM_ERROR,
		TAPE_HARDWARE_ERROR, TAPE_POSITION_LOST, TAPE_UNKNOWN_ERROR,
		TAPE_REFUSED };
	struct core_config k = plain();
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 2 * B);
	core_play_asks(&p, CORE_LOAD);
	core_play_result(&p, causes[_i], true, 0);
	core_play_until(&p, CORE_LOAD);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_LABEL);
	core_play_until(&p, CORE_WRITE);
}
END_TEST

/*
 * A volume to be labelled is written from BOT, wherever it is after the load.
 */
START_TEST(leom_of_a_load_does_not_close_a_volume_to_be_labelled)
{
	struct core_config k = plain();
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 2 * B);
	core_play_asks(&p, CORE_LOAD);
	core_play_result(&p, TAPE_OK, true, 0);
	core_play_asks(&p, CORE_LABEL);
	core_play_until(&p, CORE_WRITE);
}
END_TEST

/*
 * Expected: a volume whose end record fails because the volume is
 * write-protected was written before, and is suspect.  Bug: the volume was
 * closed as untouched.
 */
START_TEST(a_written_volume_is_never_called_untouched)
{
	static const enum tape_cause causes[] = { TAPE_REFUSED,
		TAPE_NO_VOLUME };
	struct core_config k = plain();
	struct core_play p;

	k.end_record = 1;
	core_play_init(&p, &k);
	core_accept(&p.c, B);
	core_eof(&p.c);
	core_play_until(&p, CORE_END_RECORD);
	core_play_result(&p, causes[_i], false, 0);
	core_play_asks(&p, CORE_CLOSE);
	ck_assert_int_eq(p.s.close, TAPE_CLOSE_SUSPECT);
}
END_TEST

/*
 * Plays a first part that meets PEOM after `blocks` blocks, up to the next
 * step.
 */
static void reach_peom(struct core_play *p, uint64_t blocks)
{
	core_play_until(p, CORE_WRITE);
	core_play_result(p, TAPE_PEOM, false, blocks * B);
	core_play_until(p, CORE_CLOSE);
	core_play_succeed(p);
}

static void begin_cached(struct core_play *p, uint64_t part_blocks)
{
	struct core_config k = plain();

	k.cache = SPLITTER_CACHE_MEMORY;
	k.part_bytes = part_blocks * B;
	k.buffer_bytes = 8 * 128 * B;
	core_play_init(p, &k);
	core_accept(&p->c, 200 * B);
}

/* How many blocks fit on a volume, and the size to which parts are cut. */
static const struct margin {
	uint64_t before, fits, limit;
} margins[] = {
	{ 80, 79, 75 },
	{ 80, 64, 60 },
	{ 80, 32, 30 },
	{ 40, 31, 30 },
	{ 40, 16, 15 },
	{ 40, 15, 14 },
	{ 40, 2, 1 },
	{ 40, 1, 1 },
};

START_TEST(a_second_volume_that_is_too_small_adds_a_margin)
{
	const struct margin *m = &margins[_i];
	struct core_play p;

	begin_cached(&p, 100);
	reach_peom(&p, m->before);
	ck_assert_uint_eq(p.c.limit_bytes, m->before * B);
	reach_peom(&p, m->fits);
	ck_assert_uint_eq(p.c.limit_bytes, m->limit * B);
	core_play_until(&p, CORE_FINISH);
	ck_assert_uint_eq(p.c.attempted, m->limit * B);
}
END_TEST

START_TEST(at_most_sixteen_volumes_may_cut_parts)
{
	struct core_play p;
	unsigned i;

	begin_cached(&p, 100);
	for (i = 0; i < 16; i++) {
		reach_peom(&p, 99 - 5 * i);
		core_play_asks(&p, CORE_LOAD);
		ck_assert_uint_eq(p.c.failed_volumes_in_row, 0);
	}
	for (; i < 16 + 3; i++) {
		core_play_asks(&p, CORE_LOAD);
		reach_peom(&p, 99 - 5 * i);
	}
	core_play_asks(&p, CORE_DONE);
	ck_assert_int_eq(p.s.outcome, SPLITTER_PARTIAL);
	ck_assert_int_eq(p.s.cause, TAPE_NO_VOLUME);
}
END_TEST

/*
 * A volume does not cut parts if it takes no data, or if parts already have one
 * block.
 */
START_TEST(a_volume_that_cuts_no_part_counts_as_failed)
{
	struct core_play p;

	begin_cached(&p, 100);
	if (_i == 0) {
		reach_peom(&p, 0);
	} else {
		reach_peom(&p, 1);
		core_play_until(&p, CORE_FINISH);
		core_play_result(&p, TAPE_PEOM, false, 0);
		core_play_until(&p, CORE_CLOSE);
		core_play_succeed(&p);
	}
	ck_assert_uint_eq(p.c.failed_volumes_in_row, 1);
}
END_TEST

START_TEST(a_commit_resets_the_count_of_cuts)
{
	struct core_play p;

	begin_cached(&p, 100);
	reach_peom(&p, 80);
	reach_peom(&p, 79);
	core_play_until(&p, CORE_REPORT);
	core_play_succeed(&p); /* 75 blocks are committed */
	core_play_until(&p, CORE_WRITE);
	core_play_result(&p, TAPE_MEDIUM_ERROR, false, 0);
	core_play_until(&p, CORE_CLOSE);
	core_play_succeed(&p);
	reach_peom(&p, 4); /* four of five replayed blocks fit */
	ck_assert_uint_eq(p.c.limit_bytes, 4 * B);
}
END_TEST

/*
 * Expected: an error of the machine that stores the volumes ends the dump, and
 * the volume is good.  Bug: the error was treated as a medium error.
 */
START_TEST(a_storage_failure_ends_the_dump)
{
	static const enum core_kind kinds[] = { CORE_LOAD, CORE_LABEL,
		CORE_HEADER, CORE_WRITE, CORE_FINISH };
	struct core_config k = plain();
	struct core_play p;

	k.cache = SPLITTER_CACHE_MEMORY;
	k.end_record = 1;
	core_play_init(&p, &k);
	core_accept(&p.c, 10 * B);
	core_eof(&p.c);
	core_play_until(&p, kinds[_i]);
	core_play_result(&p, TAPE_STORAGE_FAILED, false, 0);
	if (kinds[_i] >= CORE_WRITE) {
		core_play_asks(&p, CORE_REPORT);
		ck_assert(!p.s.report.can_retry);
		core_play_succeed(&p);
	}
	if (kinds[_i] > CORE_LOAD) {
		core_play_asks(&p, CORE_CLOSE);
		ck_assert_int_eq(p.s.close, TAPE_CLOSE_GOOD);
		core_play_succeed(&p);
	}
	core_play_asks(&p, CORE_DONE);
	ck_assert_int_eq(p.s.outcome, SPLITTER_PARTIAL);
	ck_assert_int_eq(p.s.cause, TAPE_STORAGE_FAILED);
}
END_TEST

/*
 * A tape at a wrong position is verified before any other request, except the
 * filemark of a failed part.
 */
START_TEST(a_tape_at_a_wrong_position_is_verified)
{
	static const enum core_kind kinds[] = { CORE_HEADER, CORE_WRITE,
		CORE_FINISH, CORE_END_RECORD };
	struct core_config k = plain();
	struct core_result r = { .cause = TAPE_OK };
	bool lost = _i >= 4;
	struct core_play p;

	k.cache = SPLITTER_CACHE_MEMORY;
	k.part_bytes = 5 * B;
	k.end_record = 1;
	core_play_init(&p, &k);
	core_accept(&p.c, 10 * B);
	core_eof(&p.c);
	core_play_until(&p, CORE_REPORT); /* the report of part 1 */
	core_play_succeed(&p);
	core_play_until(&p, kinds[_i % 4]);
	core_play_result(&p, TAPE_POSITION_LOST, false, 0);
	core_play_asks(&p, CORE_VERIFY);
	ck_assert(p.s.read_parts);
	r.lost = lost;
	r.safe_bytes = 0;
	p.out = false;
	core_done(&p.c, &r);
	ck_assert_uint_eq(p.c.safe, lost ? 0 : p.c.committed);
	core_play_until(&p, CORE_CLOSE);
	ck_assert_int_eq(p.s.close, TAPE_CLOSE_SUSPECT);
	ck_assert(core_play_on(&p));
	ck_assert_int_eq(p.s.outcome, lost ? SPLITTER_PARTIAL : SPLITTER_DONE);
	ck_assert_int_eq(p.s.cause, lost ? TAPE_POSITION_LOST : TAPE_OK);
}
END_TEST

START_TEST(a_stopped_dump_is_not_verified)
{
	struct core_config k = plain();
	struct core_play p;

	k.part_bytes = 5 * B;
	core_play_init(&p, &k);
	core_accept(&p.c, 8 * B);
	core_play_until(&p, CORE_REPORT);
	core_play_succeed(&p);
	core_play_until(&p, CORE_WRITE);
	core_stop(&p.c, TAPE_CANCELLED);
	core_play_result(&p, TAPE_POSITION_LOST, false, 0);
	core_play_asks(&p, CORE_VERIFY);
	ck_assert(!p.s.read_parts);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core, volumes");
	TCase *tc = tcase_create("core");

	tcase_add_loop_test(tc,
	    leom_of_a_failed_load_does_not_close_the_next_volume, 0, 5);
	tcase_add_test(tc,
	    leom_of_a_load_does_not_close_a_volume_to_be_labelled);
	tcase_add_loop_test(tc, a_written_volume_is_never_called_untouched, 0,
	    2);
	tcase_add_loop_test(tc, a_second_volume_that_is_too_small_adds_a_margin,
	    0, sizeof margins / sizeof *margins);
	tcase_add_test(tc, at_most_sixteen_volumes_may_cut_parts);
	tcase_add_loop_test(tc, a_volume_that_cuts_no_part_counts_as_failed, 0,
	    2);
	tcase_add_test(tc, a_commit_resets_the_count_of_cuts);
	tcase_add_loop_test(tc, a_storage_failure_ends_the_dump, 0, 5);
	tcase_add_loop_test(tc, a_tape_at_a_wrong_position_is_verified, 0, 8);
	tcase_add_test(tc, a_stopped_dump_is_not_verified);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
