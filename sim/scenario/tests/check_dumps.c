/* check_dumps.c: the keys `dump` and `dumps` of a scenario. */
#include <check.h>
#include <string.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define LIBRARY \
	"title: t\nlibrary: {drives: [lto8], volumes: {capacity: 1 GiB}}\n"
#define TWO LIBRARY "dumps: [{name: a, size: 1 MiB}, {name: b, size: 2 MiB}]\n"

static const struct {
	const char *text, *errors;
} bads[] = {
	{ LIBRARY "dump: {size: 1 B}\ndumps: [{name: a, size: 1 B}]\n",
	    "4:8: dumps: the scenario has a dump already; put it in the "
	    "list\n" },
	{ LIBRARY,
	    "1:1: a scenario needs the key \"dump\", or \"dumps\" for "
	    "several dumps\n" },
	{ LIBRARY "dumps: []\n",
	    "3:8: dumps: must be a list with at least one dump, such as - "
	    "{name: a, size: 5 GiB}\n" },
	{ LIBRARY "dumps: {name: a, size: 1 B}\n",
	    "3:8: dumps: must be a list with at least one dump, such as - "
	    "{name: a, size: 5 GiB}\n" },
	{ LIBRARY "dumps: [{size: 1 B}]\n",
	    "3:9: a dump of a list needs the key \"name\"\n" },
	{ LIBRARY "dumps: [{name: a, size: 1 B}, {name: a, size: 1 B}]\n",
	    "3:38: name: another dump is called a, too; use another name\n" },
	{ LIBRARY "dumps: [{name: a b, size: 1 B}]\n",
	    "3:16: name: \"a b\" is not a name of a dump; use 1 to 63 letters, "
	    "digits and the characters . _ -, the first a letter or a "
	    "digit\n" },
	{ LIBRARY "dumps: [{name: ../x, size: 1 B}]\n",
	    "3:16: name: \"../x\" is not a name of a dump; use 1 to 63 "
	    "letters, digits and the characters . _ -, the first a letter or a "
	    "digit\n" },
	{ TWO "faults: [{fail: stall, dump: c, at: 1 B, duration: 1 s}]\n",
	    "4:30: dump: no dump is called \"c\"; use one of a, b\n" },
	{ TWO "faults: [{fail: stall, at: 1 B, duration: 1 s}]\n",
	    "4:10: a stall fault needs the key \"dump\" if there are several "
	    "dumps: the name of the dump that it strikes\n" },
	{ TWO "faults: [{fail: header, nth: 1}]\n",
	    "4:10: a header fault needs the key \"dump\" if there are several "
	    "dumps: the name of the dump that it strikes\n" },
	{ TWO "faults: [{fail: stall, dump: a, at: 2 MiB, duration: 1 s}]\n",
	    "4:37: at: never reached; the dump ends at 1 MiB\n" },
	{ LIBRARY "dump: {size: 1 B}\nfaults: [{fail: cancel, dump: a, at: 1 "
		  "B}]\n",
	    "4:31: dump: no dump is called \"a\"\n" },
	{ LIBRARY "dumps: [{name: a, size: 1 B, splitter: {cache: memory}}]\n",
	    "3:48: cache: memory keeps a whole part and needs its size; add "
	    "\"part\", such as part: 1 GiB\n" },
	{ LIBRARY "splitter: {part: 1 MiB, cache: spool}\ndumps: [{name: a, "
		  "size: 1 B, splitter: {part: 0}}]\n",
	    "4:40: cache: spool keeps a whole part and needs its size; add "
	    "\"part\", such as part: 1 GiB\n" },
	{ LIBRARY "dumps: [{name: a, size: 1 B, splitter: {block: 16 MiB}}]\n",
	    "3:48: block: too large for the drive lto8, which takes at most "
	    "8 MiB\n" },
	{ "title: t\nlibrary: {drives: [lto8], volumes: {capacity: 1 MiB}}\n"
	  "dumps: [{name: a, size: 1 B, splitter: {block: 1 MiB}}]\n",
	    "3:48: block: too large; a volume has room for at least two "
	    "blocks, and volume TL0001 has 1 MiB\n" },
	{ LIBRARY "dumps: [{name: a, source: stdin}, {name: b, source: "
		  "stdin}]\n",
	    "3:53: source: only one dump can read the standard input\n" },
	{ TWO "splitter: {cache: none}\nfaults: [{fail: spool_write, dump: b, "
	      "at: 1 B}]\n",
	    "5:17: fail: spool_write needs cache: spool in the splitter\n" },
};

START_TEST(every_error_is_reported_with_its_place)
{
	scenario_text_says(bads[_i].text, bads[_i].errors);
}
END_TEST

START_TEST(dumps_have_a_splitter_of_their_own)
{
	static const char text[] = LIBRARY
	    "splitter: {block: 64 KiB, part: 1 MiB, cache: slices, slices: [1 "
	    "MiB]}\n"
	    "dumps:\n"
	    "  - {name: a, size: 2 MiB, rate: 5 MB/s}\n"
	    "  - {name: b.1, source: zeros, size: 3 MiB,\n"
	    "     splitter: {block: 128 KiB, cache: memory}}\n"
	    "faults:\n"
	    "  - {fail: stall, dump: b.1, at: 3 MiB, duration: 1 s}\n";
	struct scenario_text result;
	const struct scenario *s;

	scenario_text_read(&result, text, strlen(text));
	s = result.scenario;
	ck_assert_msg(s != NULL, "%s", result.errors);
	ck_assert_uint_eq(s->dumps_count, 2);
	ck_assert(s->has_names);
	ck_assert_str_eq(s->dumps[0].name, "a");
	ck_assert_uint_eq(s->dumps[0].splitter.block_bytes, 64 << 10);
	ck_assert_uint_eq(s->dumps[0].splitter.slices_count, 1);
	ck_assert_uint_eq(s->dumps[0].feed.rate_bytes_per_s.min, 5000000);
	ck_assert_str_eq(s->dumps[1].name, "b.1");
	ck_assert_int_eq(s->dumps[1].source, SOURCE_ZEROS);
	ck_assert_int_eq(s->dumps[1].feed.kind, FEED_UNLIMITED);
	ck_assert_uint_eq(s->dumps[1].splitter.block_bytes, 128 << 10);
	ck_assert_uint_eq(s->dumps[1].splitter.part_bytes, 1 << 20);
	ck_assert_int_eq(s->dumps[1].splitter.cache, SPLITTER_CACHE_MEMORY);
	ck_assert_uint_eq(s->dumps[1].splitter.slices_count, 0);
	ck_assert_uint_eq(s->faults[0].dump, 1);
	scenario_text_clear(&result);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dumps");
	TCase *tc = tcase_create("dumps");

	tcase_add_loop_test(tc, every_error_is_reported_with_its_place, 0,
	    sizeof bads / sizeof *bads);
	tcase_add_test(tc, dumps_have_a_splitter_of_their_own);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
