/* check_replay.c: a replay that differs from the first time is noticed. */
#include <check.h>
#include <string.h>

#include "splitter/write/replay.h"
#include "splitter/tests/run_suite.h"

enum { B = 64, BLOCKS = 600 };

static unsigned char data[BLOCKS * B];
static struct replay r;

static void begin(void)
{
	size_t i;

	for (i = 0; i < sizeof data; i++)
		data[i] = (unsigned char)(i * 7 + i / B);
	replay_init(&r, B);
}

static void note(uint64_t block, uint64_t bytes)
{
	replay_note(&r, block * B, data + block * B, bytes);
}

static bool same(uint64_t block, uint64_t bytes)
{
	return replay_same(&r, block * B, data + block * B, bytes);
}

START_TEST(the_same_bytes_are_the_same_in_any_runs)
{
	begin();
	note(0, 3 * B);
	note(3, B);
	note(4, 300 * B);
	ck_assert(same(0, 304 * B));
	ck_assert(same(0, B));
	ck_assert(same(303, B));
	ck_assert(same(17, 200 * B));
	replay_free(&r);
}
END_TEST

START_TEST(a_byte_that_differs_is_noticed_wherever_it_is)
{
	size_t i;

	begin();
	note(0, 5 * B);
	for (i = 0; i < 5 * B; i++) {
		data[i] ^= 1;
		ck_assert(!same(0, 5 * B));
		ck_assert(!same(i / B, B));
		data[i] ^= 1;
	}
	ck_assert(same(0, 5 * B));
	replay_free(&r);
}
END_TEST

START_TEST(what_was_not_noted_is_not_the_same)
{
	begin();
	ck_assert(!same(0, B));
	note(0, 2 * B);
	ck_assert(!same(0, 3 * B));
	ck_assert(!same(2, B));
	replay_free(&r);
}
END_TEST

/* The first time counts, whatever a replay brings. */
START_TEST(blocks_already_noted_are_passed_over)
{
	begin();
	note(0, 2 * B);
	data[0] ^= 1;
	note(0, 4 * B);
	ck_assert(!same(0, B));
	data[0] ^= 1;
	ck_assert(same(0, 4 * B));
	replay_free(&r);
}
END_TEST

START_TEST(a_short_last_block_is_compared_as_it_is)
{
	begin();
	note(0, 2 * B + 9);
	ck_assert(same(0, 2 * B + 9));
	ck_assert(same(2, 9));
	ck_assert(!same(2, 8));
	ck_assert(!same(2, 10));
	replay_free(&r);
}
END_TEST

START_TEST(what_is_committed_is_forgotten)
{
	begin();
	note(0, 10 * B);
	replay_forget(&r, 4 * B);
	ck_assert(same(4, 6 * B));
	data[5 * B] ^= 1;
	ck_assert(!same(4, 6 * B));
	data[5 * B] ^= 1;
	note(4, 20 * B);
	ck_assert(same(4, 20 * B));
	replay_forget(&r, 24 * B);
	ck_assert(!same(24, B));
	note(24, 3 * B);
	ck_assert(same(24, 3 * B));
	replay_forget(&r, 30 * B); /* further than what was noted */
	note(30, B + 1);
	ck_assert(same(30, B + 1));
	replay_forget(&r, 31 * B + 1); /* the dump's end */
	replay_free(&r);
}
END_TEST

START_TEST(nothing_is_the_same_as_nothing)
{
	begin();
	ck_assert(same(0, 0));
	replay_forget(&r, 0);
	replay_free(&r);
	begin();
	replay_free(&r);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replay");
	TCase *tc = tcase_create("replay");

	tcase_add_test(tc, the_same_bytes_are_the_same_in_any_runs);
	tcase_add_test(tc, a_byte_that_differs_is_noticed_wherever_it_is);
	tcase_add_test(tc, what_was_not_noted_is_not_the_same);
	tcase_add_test(tc, blocks_already_noted_are_passed_over);
	tcase_add_test(tc, a_short_last_block_is_compared_as_it_is);
	tcase_add_test(tc, what_is_committed_is_forgotten);
	tcase_add_test(tc, nothing_is_the_same_as_nothing);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
