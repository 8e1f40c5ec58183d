/*
 * check_partsum.c: the checksums of a part are the same whichever thread
 * computes them.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

#include "splitter/write/partsum.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 64 << 10, PIECE = 256 << 10, DUMP = 6 << 20 };

static unsigned char dump[DUMP];

static uint64_t number_state;

static uint64_t below(uint64_t n)
{
	number_state =
	    number_state * 6364136223846793005u + 1442695040888963407u;
	return (number_state >> 33) % n;
}

static void fill(void)
{
	size_t i;

	number_state = 1;
	for (i = 0; i < sizeof dump; i++)
		dump[i] = (unsigned char)below(256);
}

/* Adds the bytes [from, to) block by block, as the writer does. */
static void take(struct partsum *p, uint64_t from, uint64_t to)
{
	uint64_t n;

	partsum_catch_up(p, to);
	for (; from < to; from += n) {
		n = to - from < BLOCK ? to - from : BLOCK;
		partsum_add(p, from, dump + from, n);
	}
}

static void ck_text(const char *text, XXH128_hash_t h)
{
	char want[SUM_TEXT_BYTES];

	snprintf(want, sizeof want, "%016llx%016llx",
	    (unsigned long long)h.high64, (unsigned long long)h.low64);
	ck_assert_str_eq(text, want);
}

static void ck_sum(struct partsum *p, XXH128_hash_t h)
{
	char text[SUM_TEXT_BYTES];

	partsum_text(p, text);
	ck_text(text, h);
}

/*
 * The bytes are cleared after they were hashed ahead, so they cannot have been
 * read again.
 */
START_TEST(bytes_hashed_ahead_are_not_read_again)
{
	struct partsum *p = partsum_new(BLOCK, false, NULL);
	XXH128_hash_t want;

	fill();
	want = XXH3_128bits(dump, 2 * PIECE);
	partsum_begin(p, 0);
	partsum_ahead(p, 0, dump, PIECE);
	partsum_ahead(p, PIECE, dump + PIECE, PIECE);
	memset(dump, 0, 2 * PIECE);
	take(p, 0, 2 * PIECE);
	ck_sum(p, want);
	partsum_free(p);
}
END_TEST

/*
 * The tape or the part ends before the end of the bytes that were hashed ahead.
 */
START_TEST(bytes_hashed_too_far_are_not_used)
{
	struct partsum *p = partsum_new(BLOCK, false, NULL);

	fill();
	partsum_begin(p, 0);
	partsum_ahead(p, 0, dump, PIECE);
	partsum_ahead(p, PIECE, dump + PIECE, PIECE);
	take(p, 0, PIECE + BLOCK);
	ck_sum(p, XXH3_128bits(dump, PIECE + BLOCK));
	partsum_free(p);
}
END_TEST

/*
 * The stored checksum belongs to the attempt before; the new attempt begins at
 * the same or another offset.
 */
START_TEST(bytes_hashed_for_another_attempt_are_not_used)
{
	struct partsum *p = partsum_new(BLOCK, false, NULL);
	uint64_t begin = (uint64_t)_i * BLOCK;

	fill();
	partsum_begin(p, 0);
	partsum_ahead(p, 0, dump, PIECE);
	partsum_begin(p, begin);
	dump[begin]++;
	take(p, begin, PIECE);
	ck_sum(p, XXH3_128bits(dump + begin, PIECE - begin));
	partsum_free(p);
}
END_TEST

/* The checksum of the bytes before them is unknown. */
START_TEST(bytes_after_waiting_ones_are_hashed_by_the_writer)
{
	struct partsum *p = partsum_new(BLOCK, false, NULL);

	fill();
	partsum_ahead(p, 0, dump, PIECE); /* no attempt has begun yet */
	partsum_begin(p, 0);
	partsum_ahead(p, PIECE, dump + PIECE, PIECE);
	take(p, 0, 2 * PIECE);
	ck_sum(p, XXH3_128bits(dump, 2 * PIECE));
	partsum_free(p);
}
END_TEST

/*
 * Attempts end anywhere, are repeated, or continue; a dump is resumed after its
 * first bytes.
 */
START_TEST(any_course_has_the_checksums_of_attempt_and_dump)
{
	const uint64_t before = (uint64_t)(_i % 3) * BLOCK;
	uint64_t begin = before, taken = before, brought = before, n;
	struct sum *whole = sum_new();
	char text[SUM_TEXT_BYTES];
	struct partsum *p;
	int i;

	fill();
	sum_add(whole, dump, before);
	p = partsum_new(BLOCK, true, whole);
	sum_free(whole);
	number_state = (uint64_t)_i;
	partsum_begin(p, before);
	for (i = 0; i < 200; i++) {
		n = 1 + below(2 * PIECE);
		switch (below(8)) {
		case 0:
			if (below(2)) {
				partsum_commit(p);
				begin = taken;
			}
			taken = begin;
			partsum_begin(p, begin);
			partsum_whole_text(p, text);
			ck_text(text, XXH3_128bits(dump, begin));
			break;
		case 1:
		case 2:
		case 3:
			n -= n > brought - taken ? n - (brought - taken) : 0;
			take(p, taken, taken + n);
			taken += n;
			break;
		default:
			n -= n > DUMP - brought ? n - (DUMP - brought) : 0;
			partsum_ahead(p, brought, dump + brought, n);
			brought += n;
		}
		ck_sum(p, XXH3_128bits(dump + begin, taken - begin));
	}
	partsum_free(p);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("partsum");
	TCase *tc = tcase_create("partsum");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, bytes_hashed_ahead_are_not_read_again);
	tcase_add_test(tc, bytes_hashed_too_far_are_not_used);
	tcase_add_loop_test(tc, bytes_hashed_for_another_attempt_are_not_used,
	    0, 3);
	tcase_add_test(tc, bytes_after_waiting_ones_are_hashed_by_the_writer);
	tcase_add_loop_test(tc,
	    any_course_has_the_checksums_of_attempt_and_dump, 0, 20);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
