/* check_replay.c: a replay that differs from the first attempt is detected. */
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

START_TEST(a_different_byte_is_detected_anywhere)
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

START_TEST(bytes_that_were_not_noted_are_not_the_same)
{
	begin();
	ck_assert(!same(0, B));
	note(0, 2 * B);
	ck_assert(!same(0, 3 * B));
	ck_assert(!same(2, B));
	replay_free(&r);
}
END_TEST

/* The checksums of the first attempt stay, whatever bytes a replay has. */
START_TEST(blocks_already_noted_are_skipped)
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

START_TEST(a_short_last_block_is_compared_with_its_length)
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

START_TEST(committed_blocks_are_forgotten)
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
	replay_forget(&r, 30 * B); /* an offset beyond the noted blocks */
	note(30, B + 1);
	ck_assert(same(30, B + 1));
	replay_forget(&r, 31 * B + 1); /* an offset at the end of the dump */
	replay_free(&r);
}
END_TEST

START_TEST(an_empty_replay_is_the_same)
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
	tcase_add_test(tc, a_different_byte_is_detected_anywhere);
	tcase_add_test(tc, bytes_that_were_not_noted_are_not_the_same);
	tcase_add_test(tc, blocks_already_noted_are_skipped);
	tcase_add_test(tc, a_short_last_block_is_compared_with_its_length);
	tcase_add_test(tc, committed_blocks_are_forgotten);
	tcase_add_test(tc, an_empty_replay_is_the_same);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
