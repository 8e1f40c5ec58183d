/* check_set.c: overrides of values of a scenario. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

static const char text[] = "title: t\n"
			   "library:\n"
			   "  drives: [instant]\n"
			   "  volumes: [{capacity: 1 GiB}, {capacity: 2 GiB}]\n"
			   "dump: {size: 1 GiB, rate: 10 MB/s}\n"
			   "splitter:\n"
			   "faults:\n"
			   "- {volume: 1, at: 1 MiB, fail: write}\n"
			   "expect: [outcome == DONE]\n";

static struct scenario_text result;

static const struct scenario *set(const char *const *list, size_t count)
{
	const struct scenario_overrides overrides = { list, count };

	scenario_text_read_with(&result, text, sizeof text - 1, &overrides);
	ck_assert_str_eq(result.errors, "");
	return result.scenario;
}

START_TEST(values_are_replaced_and_added)
{
	static const char *const list[] = { "splitter.block=1MiB",
		"splitter.part=4 MiB", "splitter.cache=memory",
		"library.drives=[lto8, lto9]", "library.robot.move_time=8 s",
		"dump.rate=90..250 MB/s", "library.volumes.2.capacity=3 GiB",
		"library.volumes.3={capacity: 4 GiB}", "faults.1.at=2 MiB",
		"expect.1=parts == 256", "title=a = b" };
	const struct scenario *s = set(list, sizeof list / sizeof *list);

	ck_assert_uint_eq(s->dumps[0].splitter.block_bytes, 1 << 20);
	ck_assert_uint_eq(s->dumps[0].splitter.part_bytes, 4 << 20);
	ck_assert_int_eq(s->dumps[0].splitter.cache, SPLITTER_CACHE_MEMORY);
	ck_assert_uint_eq(s->drives_count, 2);
	ck_assert_str_eq(s->drives[1]->name, "lto9");
	ck_assert_int_eq(s->move_ns, INT64_C(8000000000));
	ck_assert_uint_eq(s->dumps[0].feed.rate_bytes_per_s.max, 250000000);
	ck_assert_uint_eq(s->volumes_count, 3);
	ck_assert_uint_eq(s->volumes[0].capacity_bytes, UINT64_C(1) << 30);
	ck_assert_uint_eq(s->volumes[1].capacity_bytes, UINT64_C(3) << 30);
	ck_assert_uint_eq(s->volumes[2].capacity_bytes, UINT64_C(4) << 30);
	ck_assert_uint_eq(s->faults[0].at_bytes, 2 << 20);
	ck_assert_int_eq(s->expects[0].id, METRIC_PARTS);
	ck_assert_str_eq(s->title, "a = b");
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_later_override_replaces_an_earlier_one)
{
	static const char *const list[] = { "splitter.block=1MiB",
		"splitter={buffer: 8 MiB}", "splitter.block=2MiB" };
	const struct scenario *s = set(list, 3);

	ck_assert_uint_eq(s->dumps[0].splitter.block_bytes, 2 << 20);
	ck_assert_uint_eq(s->dumps[0].splitter.buffer_bytes, 8 << 20);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(an_empty_value_leaves_a_key_empty)
{
	static const char *const list[] = { "expect=", "faults= " };
	const struct scenario *s = set(list, 2);

	ck_assert_uint_eq(s->expects_count, 0);
	ck_assert_uint_eq(s->faults_count, 0);
	scenario_text_clear(&result);
}
END_TEST

/* The argument begins each error. */
static const struct row {
	const char *argument, *error;
} rows[] = {
	{ "splitter.block=8 GB/s",
	    "block: \"GB/s\" is the unit of a rate; this must be a size, "
	    "such as 64 MiB" },
	{ "splitter.blok=1 MiB",
	    "unknown key \"blok\" in splitter; did you mean \"block\"?" },
	{ "dump.source=file.bin",
	    "source: cannot read the file \"file.bin\": No such file or "
	    "directory; paths begin at the scenario's folder" },
	{ "splitter.block", "write KEY=VALUE, such as splitter.block=1MiB" },
	{ "=1 MiB", "the name of a key is empty" },
	{ "splitter..block=1 MiB", "the name of a key is empty" },
	{ "title.block=1 MiB", "title is one value and has no key \"block\"" },
	{ "library.volumes.0.capacity=1 GiB",
	    "\"0\" is not an entry of this list, which has 2; entries count "
	    "from 1, and 3 adds one" },
	{ "library.volumes.4.capacity=1 GiB",
	    "\"4\" is not an entry of this list, which has 2; entries count "
	    "from 1, and 3 adds one" },
	{ "library.volumes.capacity=1 GiB",
	    "\"capacity\" is not an entry of this list, which has 2; entries "
	    "count from 1, and 3 adds one" },
	{ "library.drives=[lto8",
	    "not valid YAML: did not find expected ',' or ']' while parsing a "
	    "flow sequence that begins in line 1; see YAML NOTES in "
	    "tapelab-scenario(5)" },
	{ "library.drives=*x",
	    "aliases (*name) are not allowed; quote a value that begins with "
	    "*" },
	{ "expect.1=parts ~ 3",
	    "an operator is missing here; write one of ==, !=, <, <=, >, "
	    ">=, in, contains" },
};

START_TEST(an_error_names_the_argument)
{
	const struct row *row = &rows[_i];
	const struct scenario_overrides overrides = { &row->argument, 1 };
	char expected[512];

	snprintf(expected, sizeof expected, "--set %s: %s\n", row->argument,
	    row->error);
	scenario_text_read_with(&result, text, sizeof text - 1, &overrides);
	ck_assert_str_eq(result.errors, expected);
	ck_assert_ptr_null(result.scenario);
}
END_TEST

START_TEST(errors_of_the_file_keep_their_lines)
{
	static const char bad[] = "title: t\ndump: {size: 1 GiB}\nlibry: 1\n"
				  "library: {drives: [instant], volumes: "
				  "{capacity: 1 GiB}}\n";
	const char *argument = "splitter.buffer=x";
	const struct scenario_overrides overrides = { &argument, 1 };

	scenario_text_read_with(&result, bad, sizeof bad - 1, &overrides);
	ck_assert_ptr_nonnull(strstr(result.errors,
	    "3:1: unknown key \"libry\""));
	ck_assert_ptr_nonnull(strstr(result.errors,
	    "--set splitter.buffer=x: buffer: "));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("set");
	TCase *tc = tcase_create("set");

	tcase_add_test(tc, values_are_replaced_and_added);
	tcase_add_test(tc, a_later_override_replaces_an_earlier_one);
	tcase_add_test(tc, an_empty_value_leaves_a_key_empty);
	tcase_add_loop_test(tc, an_error_names_the_argument, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc, errors_of_the_file_keep_their_lines);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
