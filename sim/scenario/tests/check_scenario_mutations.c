/*
 * check_scenario_mutations.c: for any contents of a file there is a scenario or
 * an error, never both or neither, and no crash.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"

static const char good[] =
    "title: A dump over \"four\" volumes\n"
    "library:\n"
    "  drives: [lto8, instant]\n"
    "  volumes:\n"
    "    - {count: 4, capacity: 2 GiB, early_warning: 64 MiB}\n"
    "    - {barcode: A1, capacity: 1.5 GiB, early_warning: none}\n"
    "dump: {source: random, size: 5 GiB, rate: 300..420 MB/s}\n"
    "splitter: {block: 256 KiB, part: 1 GiB, cache: memory, "
    "start_fill: 50 %}\n"
    "faults:\n"
    "  - {volume: 2, at: 1 GiB, fail: write, sense: reset, once: true}\n"
    "  - {fail: stall, at: 1 GiB, duration: 3 s}\n"
    "expect:\n"
    "  - restored == source\n"
    "  - write_rate_mean >= 250 MB/s\n"
    "  - attempts == 1:1073741824 2:100F | 2:107\n";

enum { GOOD_BYTES = sizeof(good) - 1, RANDOM_RUNS = 4000 };

static struct scenario_text result;
static char text[GOOD_BYTES * 2];

/* The helper asserts that there is a scenario or an error. */
static void try(size_t bytes)
{
	scenario_text_read(&result, text, bytes);
	scenario_text_clear(&result);
}

START_TEST(a_text_may_be_cut_anywhere)
{
	memcpy(text, good, GOOD_BYTES);
	for (size_t bytes = 0; bytes <= GOOD_BYTES; bytes++)
		try(bytes);
}
END_TEST

START_TEST(any_byte_may_be_left_out_or_doubled)
{
	for (size_t i = 0; i < GOOD_BYTES; i++) {
		memcpy(text, good, i);
		memcpy(text + i, good + i + 1, GOOD_BYTES - i - 1);
		try(GOOD_BYTES - 1);
		memcpy(text, good, i + 1);
		memcpy(text + i + 1, good + i, GOOD_BYTES - i);
		try(GOOD_BYTES + 1);
	}
}
END_TEST

START_TEST(any_byte_may_be_replaced)
{
	static const char bytes[] = "\n\t :-{}[],#&*!|>'\"%@`?0\\\x80\xff";
	char with = bytes[_i];

	memcpy(text, good, GOOD_BYTES);
	for (size_t i = (size_t)_i % part_step(3); i < GOOD_BYTES;
	     i += part_step(3)) {
		text[i] = with;
		try(GOOD_BYTES);
		text[i] = good[i];
	}
}
END_TEST

/* A linear congruential generator: the same runs everywhere. */
static uint32_t draw(uint32_t *state, uint32_t below)
{
	*state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
	return (uint32_t)(((uint64_t)*state * below) >> 32);
}

START_TEST(pieces_may_be_moved)
{
	uint32_t state = 1;

	for (unsigned run = 0; run < RANDOM_RUNS / part_step(3); run++) {
		uint32_t count = 1 + draw(&state, 4);

		memcpy(text, good, GOOD_BYTES);
		while (count-- > 0) {
			uint32_t length = 1 + draw(&state, 24);
			uint32_t from = draw(&state, GOOD_BYTES - length);
			uint32_t to = draw(&state, GOOD_BYTES - length);

			memmove(text + to, text + from, length);
		}
		try(GOOD_BYTES);
	}
}
END_TEST

START_TEST(random_bytes_are_read)
{
	uint32_t state = 2;

	for (int run = 0; run < RANDOM_RUNS; run++) {
		uint32_t bytes = draw(&state, 200);

		for (uint32_t i = 0; i < bytes; i++)
			text[i] = (char)draw(&state, run % 2 == 0 ? 256 : 128);
		try(bytes);
	}
}
END_TEST

int main(void)
{
	enum { BYTES = 26, SECONDS = 120 };
	Suite *suite = suite_create("scenario mutations");
	TCase *tcase = tcase_create("mutations");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_test(tcase, a_text_may_be_cut_anywhere);
	tcase_add_test(tcase, any_byte_may_be_left_out_or_doubled);
	tcase_add_loop_test(tcase, any_byte_may_be_replaced, 0, BYTES);
	tcase_add_test(tcase, pieces_may_be_moved);
	tcase_add_test(tcase, random_bytes_are_read);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
