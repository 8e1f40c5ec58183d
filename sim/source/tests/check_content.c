/* check_content.c: the bytes of a generated dump. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/source/content.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

enum { SIZE = 1 << 20, BLOCK = 32 << 10 };

static char bytes[SIZE], again[SIZE];

static struct content *open_ratio(uint64_t permille, uint64_t seed)
{
	const struct content_config config = { .source = CONTENT_RANDOM,
		.size_bytes = SIZE,
		.block_bytes = BLOCK,
		.compressible_permille = permille,
		.seed = seed };
	char err[200];
	struct content *c = content_open(&config, err, sizeof err);

	ck_assert_msg(c != NULL, "%s", err);
	return c;
}

/* Reads the whole dump, in pieces of up to `most` bytes. */
static void read_all(uint64_t permille, uint64_t seed, char *to, uint64_t most)
{
	struct content *c = open_ratio(permille, seed);
	char err[200];
	uint64_t at = 0;

	while (at < SIZE) {
		int64_t n = content_read(c, to + at, most, err, sizeof err);

		ck_assert_int_gt(n, 0);
		at += (uint64_t)n;
	}
	ck_assert_int_eq(content_read(c, to, 1, err, sizeof err), 0);
	content_close(c);
}

static const uint64_t ratios[] = { 0, 1000, 1100, 1500, 2000, 2500, 3000, 5000,
	7800, 10000 };
enum { RATIOS = sizeof ratios / sizeof ratios[0] };

/* Compresses the dump block by block, as a drive does.  Returns the ratio. */
static double ratio_by(uLong block, int level)
{
	static Bytef out[2 * SIZE];
	uLong stored = 0;

	for (uLong at = 0; at < SIZE; at += block) {
		uLongf n = sizeof out;
		uLong left = SIZE - at;

		ck_assert_int_eq(compress2(out, &n, (const Bytef *)bytes + at,
				     left < block ? left : block, level),
		    Z_OK);
		stored += n;
	}
	return (double)SIZE / (double)stored;
}

START_TEST(it_has_the_requested_compression_ratio)
{
	double want = ratios[_i] < 1000 ? 1 : (double)ratios[_i] / 1000;
	static const uLong blocks[] = { BLOCK, 256 << 10, SIZE };

	read_all(ratios[_i], 7, bytes, SIZE);
	for (int level = 1; level <= 6; level += 5)
		for (int b = 0; b < 3; b++) {
			double got = ratio_by(blocks[b], level);

			ck_assert_msg(got > want * 0.95 && got < want * 1.05,
			    "%g: level %d, block %lu: %g", want, level,
			    blocks[b], got);
		}
}
END_TEST

START_TEST(it_depends_only_on_seed_and_offset)
{
	read_all(ratios[_i], 7, bytes, SIZE);
	read_all(ratios[_i], 7, again, 4099);
	ck_assert_int_eq(memcmp(bytes, again, SIZE), 0);
	read_all(ratios[_i], 8, again, SIZE);
	ck_assert_int_ne(memcmp(bytes, again, SIZE), 0);
}
END_TEST

#define SCENARIO(dump)                                     \
	"title: t\nlibrary: {drives: [instant], volumes: " \
	"{capacity: 1 GiB}}\ndump: {size: 1 MiB, " dump "}\n"
#define A_RATIO                                                         \
	"compression_ratio: must be a ratio from 1:1 to 10:1, such as " \
	"2.5:1\n"

static const struct {
	const char *text, *errors;
	uint64_t permille;
} said[] = {
	{ SCENARIO("compression_ratio: 1:1"), "", 1000 },
	{ SCENARIO("compression_ratio: 2.125:1"), "", 2125 },
	{ SCENARIO("compression_ratio: 10:1"), "", 10000 },
	{ SCENARIO("compression_ratio: 2"), "3:40: " A_RATIO, 0 },
	{ SCENARIO("compression_ratio: 2:2"), "3:40: " A_RATIO, 0 },
	{ SCENARIO("compression_ratio: 0.9:1"), "3:40: " A_RATIO, 0 },
	{ SCENARIO("compression_ratio: 10.1:1"), "3:40: " A_RATIO, 0 },
	{ SCENARIO("compression_ratio: 2.0001:1"), "3:40: " A_RATIO, 0 },
	{ SCENARIO("source: zeros, compression_ratio: 2:1"),
	    "3:55: compression_ratio: only with source: random; remove this\n",
	    0 },
};

START_TEST(a_scenario_sets_the_ratio)
{
	static struct scenario_text result;

	scenario_text_read(&result, said[_i].text, strlen(said[_i].text));
	ck_assert_str_eq(result.errors, said[_i].errors);
	if (result.scenario != NULL)
		ck_assert_uint_eq(result.scenario->dumps[0]
				      .compressible_permille,
		    said[_i].permille);
	scenario_text_clear(&result);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("content");
	TCase *t = tcase_create("content");

	tcase_add_loop_test(t, it_has_the_requested_compression_ratio, 0,
	    RATIOS);
	tcase_add_loop_test(t, it_depends_only_on_seed_and_offset, 0, RATIOS);
	tcase_add_loop_test(t, a_scenario_sets_the_ratio, 0,
	    sizeof said / sizeof said[0]);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
