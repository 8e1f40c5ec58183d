/*
 * check_sum.c: checksums are those of xxHash, with any of its implementations.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

#include "splitter/format/sum.h"
#include "splitter/tests/run_suite.h"

enum { BYTES = 300000 };

static unsigned char data[BYTES + 1];

static void fill(void)
{
	uint64_t x = 1;
	size_t i;

	for (i = 0; i < sizeof data; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		data[i] = (unsigned char)(x >> 56);
	}
}

/* Lengths at which xxHash changes its algorithm. */
static const size_t lengths[] = { 0, 1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241,
	255, 256, 257, 1023, 1024, 1025, 4096, 65537, 262144, BYTES };

START_TEST(a_checksum_equals_that_of_the_plain_library)
{
	size_t bytes = lengths[_i], piece, at, n, unaligned;
	char text[SUM_TEXT_BYTES], want[SUM_TEXT_BYTES];
	struct sum *sum = sum_new();
	XXH128_hash_t h;

	ck_assert_ptr_nonnull(sum);
	fill();
	for (unaligned = 0; unaligned < 2; unaligned++) {
		const unsigned char *p = data + unaligned;

		h = XXH3_128bits(p, bytes);
		snprintf(want, sizeof want, "%016llx%016llx",
		    (unsigned long long)h.high64, (unsigned long long)h.low64);
		for (piece = 1000; piece < 2 * BYTES; piece *= 7) {
			sum_reset(sum);
			for (at = 0; at < bytes; at += n) {
				n = bytes - at < piece ? bytes - at : piece;
				sum_add(sum, p + at, n);
			}
			sum_text(sum, text);
			ck_assert_str_eq(text, want);
		}
		ck_assert_uint_eq(sum_block(p, bytes), XXH3_64bits(p, bytes));
	}
	sum_free(sum);
}
END_TEST

/* The first checksum is the output of xxhsum -H2 for an empty file. */
START_TEST(an_empty_input_has_a_checksum)
{
	char text[SUM_TEXT_BYTES];
	struct sum *sum = sum_new();

	ck_assert_ptr_nonnull(sum);
	sum_text(sum, text);
	ck_assert_str_eq(text, "99aa06d3014798d86001c324468d497f");
	ck_assert_uint_eq(sum_block("", 0), 0x2d06800538d394c2u);
	sum_free(sum);
	sum_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sum");
	TCase *tc = tcase_create("sum");

	tcase_add_loop_test(tc, a_checksum_equals_that_of_the_plain_library, 0,
	    sizeof lengths / sizeof *lengths);
	tcase_add_test(tc, an_empty_input_has_a_checksum);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
