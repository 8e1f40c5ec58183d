/* check_scenario_units.c: values with units are read and printed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "splitter/base/units.h"
#include "splitter/base/text.h"
#include "splitter/tests/run_suite.h"

#define SIZES "B, kB, MB, GB, TB, KiB, MiB, GiB, TiB"
#define FORM  " is not a size; write a number and a unit, such as 64 MiB"

static const struct good {
	enum units_kind kind;
	const char *text;
	uint64_t value;
} goods[] = {
	{ UNITS_SIZE, "64 MiB", 67108864 },
	{ UNITS_SIZE, "64MiB", 67108864 },
	{ UNITS_SIZE, "  64   MiB ", 67108864 },
	{ UNITS_SIZE, "3250585 B", 3250585 },
	{ UNITS_SIZE, "1 kB", 1000 },
	{ UNITS_SIZE, "1 MB", 1000000 },
	{ UNITS_SIZE, "1 GB", 1000000000 },
	{ UNITS_SIZE, "1 TB", 1000000000000 },
	{ UNITS_SIZE, "1 KiB", 1024 },
	{ UNITS_SIZE, "1 MiB", 1048576 },
	{ UNITS_SIZE, "1 GiB", 1073741824 },
	{ UNITS_SIZE, "1 TiB", 1099511627776 },
	{ UNITS_SIZE, "1.5 GiB", 1610612736 },
	{ UNITS_SIZE, "1.50000000000000000000000 kB", 1500 },
	{ UNITS_SIZE, "0.0009765625 KiB", 1 },
	{ UNITS_SIZE, "0", 0 },
	{ UNITS_SIZE, "0.0", 0 },
	{ UNITS_SIZE, "0 TiB", 0 },
	{ UNITS_SIZE, "9223372036854775808 B", UINT64_C(1) << 63 },
	{ UNITS_SIZE, "8388608 TiB", UINT64_C(1) << 63 },
	{ UNITS_RATE, "300 MB/s", 300000000 },
	{ UNITS_RATE, "1.5KiB/s", 1536 },
	{ UNITS_RATE, "0", 0 },
	{ UNITS_TIME, "7 ns", 7 },
	{ UNITS_TIME, "7 us", 7000 },
	{ UNITS_TIME, "0.25 ms", 250000 },
	{ UNITS_TIME, "3 s", 3000000000 },
	{ UNITS_TIME, "1.5 min", 90000000000 },
	{ UNITS_TIME, "2 h", 7200000000000 },
	{ UNITS_PERCENT, "99.5 %", 99500000 },
	{ UNITS_PERCENT, "100%", 100000000 },
};

static const struct bad {
	enum units_kind kind;
	const char *text;
	const char *error;
} bads[] = {
	{ UNITS_SIZE, "64",
	    "a size needs a unit, such as 64 MiB; there are " SIZES },
	{ UNITS_SIZE, "0.5",
	    "a size needs a unit, such as 64 MiB; there are " SIZES },
	{ UNITS_RATE, "64",
	    "a rate needs a unit, such as 300 MB/s; there are "
	    "B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, MiB/s, GiB/s, TiB/s" },
	{ UNITS_TIME, "3",
	    "a time needs a unit, such as 3 s; there are ns, "
	    "us, ms, s, min, h" },
	{ UNITS_PERCENT, "3", "a percentage needs a unit, such as 90 %" },
	{ UNITS_SIZE, "", "a size is missing here; write one such as 64 MiB" },
	{ UNITS_SIZE, "MiB", "\"MiB\"" FORM },
	{ UNITS_SIZE, "+5 B", "\"+5 B\"" FORM },
	{ UNITS_SIZE, ".5 B", "\".5 B\"" FORM },
	{ UNITS_SIZE, "5. B", "\"5. B\"" FORM },
	{ UNITS_SIZE, "1_000 B", "\"1_000 B\"" FORM },
	{ UNITS_SIZE, "1 000 B", "\"1 000 B\"" FORM },
	{ UNITS_SIZE, "1.2.3 B", "\"1.2.3 B\"" FORM },
	{ UNITS_SIZE, "1,5 GiB",
	    "write the fraction with a point, such as "
	    "1.5, and no commas" },
	{ UNITS_SIZE, "-5 MB", "a size cannot be negative" },
	{ UNITS_TIME, "-5 s", "a time cannot be negative" },
	{ UNITS_SIZE, "1 mb", "no unit \"mb\"; did you mean MB?" },
	{ UNITS_SIZE, "1 Mb", "no unit \"Mb\"; did you mean MB?" },
	{ UNITS_SIZE, "1 kb", "no unit \"kb\"; did you mean kB?" },
	{ UNITS_SIZE, "1 KB", "no unit \"KB\"; did you mean kB?" },
	{ UNITS_SIZE, "1 GIB", "no unit \"GIB\"; did you mean GiB?" },
	{ UNITS_SIZE, "1 kiB", "no unit \"kiB\"; did you mean KiB?" },
	{ UNITS_SIZE, "1 b", "no unit \"b\"; did you mean B?" },
	{ UNITS_SIZE, "1 M", "no unit \"M\"; did you mean MB or MiB?" },
	{ UNITS_SIZE, "1 Gi", "no unit \"Gi\"; did you mean GiB?" },
	{ UNITS_SIZE, "1 bytes", "no unit \"bytes\"; did you mean B?" },
	{ UNITS_SIZE, "1 PB", "no unit \"PB\"; a size takes one of " SIZES },
	{ UNITS_SIZE, "1e9 B", "no unit \"e9 B\"; a size takes one of " SIZES },
	{ UNITS_SIZE, "1 MB/s",
	    "\"MB/s\" is the unit of a rate; this must be "
	    "a size, such as 64 MiB" },
	{ UNITS_RATE, "1 MB", "a rate needs \"/s\" in its unit: MB/s" },
	{ UNITS_RATE, "1 mib", "a rate needs \"/s\" in its unit: MiB/s" },
	{ UNITS_RATE, "1 mb/S", "no unit \"mb/S\"; did you mean MB/s?" },
	{ UNITS_RATE, "1 MBps", "no unit \"MBps\"; did you mean MB/s?" },
	{ UNITS_RATE, "1 MiB/sec", "no unit \"MiB/sec\"; did you mean MiB/s?" },
	{ UNITS_TIME, "1 S", "no unit \"S\"; did you mean s?" },
	{ UNITS_TIME, "1 sec", "no unit \"sec\"; did you mean s?" },
	{ UNITS_TIME, "1 m", "no unit \"m\"; did you mean min?" },
	{ UNITS_TIME, "1 %",
	    "\"%\" is the unit of a percentage; this must be "
	    "a time, such as 3 s" },
	{ UNITS_PERCENT, "5 percent", "no unit \"percent\"; did you mean %?" },
	{ UNITS_SIZE, "0.5 B", "\"0.5 B\" is not a whole number of bytes" },
	{ UNITS_SIZE, "1.0001 kB",
	    "\"1.0001 kB\" is not a whole number of bytes" },
	{ UNITS_RATE, "0.1 B/s",
	    "\"0.1 B/s\" is not a whole number of bytes per second" },
	{ UNITS_TIME, "0.5 ns",
	    "\"0.5 ns\" is not a whole number of nanoseconds" },
	{ UNITS_PERCENT, "0.0000001 %",
	    "\"0.0000001 %\" is not a percentage "
	    "of at most six decimals" },
	{ UNITS_SIZE, "0.0000000000000000001 TB",
	    "a number has at most 18 decimals" },
	{ UNITS_SIZE, "9223372036854775809 B",
	    "\"9223372036854775809 B\" is too large; a size is at most 2^63" },
	{ UNITS_SIZE, "8388608.5 TiB",
	    "\"8388608.5 TiB\" is too large; a size is at most 2^63" },
	{ UNITS_SIZE, "99999999999999999999 B",
	    "\"99999999999999999999 B\" is too large; a size is at most "
	    "2^63" },
	{ UNITS_SIZE, "18446744073709551615 TiB",
	    "\"18446744073709551615 TiB\" is too large; a size is at most "
	    "2^63" },
	{ UNITS_TIME, "9223372036854775808 ns",
	    "\"9223372036854775808 ns\" is too large; a time is less than "
	    "2^63 ns" },
	{ UNITS_SIZE,
	    "111111111111111111111111111111111111111111111111111111"
	    "111111111111111111111111111111111111 B",
	    "\"111111111111111111111111111111111111111111111111111111111111"
	    "...\"" FORM },
};

START_TEST(a_valid_value_is_exact)
{
	const struct good *row = &goods[_i];
	uint64_t value = 1;
	char err[256] = "";

	ck_assert_msg(units_parse(row->kind, row->text, &value, err,
			  sizeof(err)) == 0,
	    "%s: %s", row->text, err);
	ck_assert_msg(value == row->value, "%s: %llu", row->text,
	    (unsigned long long)value);
}
END_TEST

START_TEST(an_invalid_value_is_reported_with_the_valid_form)
{
	const struct bad *row = &bads[_i];
	uint64_t value = 77;
	char err[256] = "";

	ck_assert_msg(units_parse(row->kind, row->text, &value, err,
			  sizeof(err)) == -1,
	    "%s", row->text);
	ck_assert_str_eq(err, row->error);
	ck_assert_uint_eq(value, 77);
}
END_TEST

static const struct range {
	const char *text;
	uint64_t min, max;
	const char *error; /* NULL: valid */
} ranges[] = {
	{ "300..420 MB/s", 300000000, 420000000, NULL },
	{ "300 MB/s..420 MB/s", 300000000, 420000000, NULL },
	{ "300 .. 420 MB/s", 300000000, 420000000, NULL },
	{ "1.5..2.5 kB/s", 1500, 2500, NULL },
	{ "500 kB/s .. 1 MB/s", 500000, 1000000, NULL },
	{ "0..1 B/s", 0, 1, NULL },
	{ "5 B/s", 5, 5, NULL },
	{ "5..5 B/s", 5, 5, NULL },
	{ "420..300 MB/s", 0, 0,
	    "the range begins above its end; write the "
	    "smaller value first" },
	{ "300..420", 0, 0,
	    "a rate needs a unit, such as 300 MB/s; there are "
	    "B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, MiB/s, GiB/s, TiB/s" },
	{ "300 MB/s..420", 0, 0,
	    "a rate needs a unit, such as 300 MB/s; there "
	    "are B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, MiB/s, GiB/s, TiB/s" },
	{ "300..", 0, 0,
	    "a rate is missing here; write one such as "
	    "300 MB/s" },
	{ "..300 MB/s", 0, 0,
	    "a rate is missing here; write one such as "
	    "300 MB/s" },
	{ "1...2 MB/s", 0, 0,
	    "\".2 MB/s\" is not a rate; write a number and a "
	    "unit, such as 300 MB/s" },
	{ "1..2..3 MB/s", 0, 0,
	    "\"2..3 MB/s\" is not a rate; write a number "
	    "and a unit, such as 300 MB/s" },
	{ "0.1..5 B/s", 0, 0,
	    "\"0.1\" is not a whole number of bytes per "
	    "second" },
};

START_TEST(a_range_has_its_unit_at_the_end_or_twice)
{
	const struct range *row = &ranges[_i];
	uint64_t min = 0, max = 0;
	char err[256] = "";
	int status = units_parse_range(UNITS_RATE, row->text, &min, &max, err,
	    sizeof(err));

	ck_assert_str_eq(err, row->error == NULL ? "" : row->error);
	ck_assert_int_eq(status, row->error == NULL ? 0 : -1);
	ck_assert_uint_eq(min, row->min);
	ck_assert_uint_eq(max, row->max);
}
END_TEST

START_TEST(a_size_is_printed_exactly_and_can_be_read_again)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0 B" },
		{ 1, "1 B" },
		{ 1000, "1 kB" },
		{ 1024, "1 KiB" },
		{ 1500, "1500 B" },
		{ 3250585, "3250585 B" },
		{ 67108864, "64 MiB" },
		{ 5000000000, "5 GB" },
		{ 1006108672, "982528 KiB" },
		{ UINT64_C(1) << 63, "8388608 TiB" },
		{ UINT64_MAX, "18446744073709551615 B" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[UNITS_BYTES], err[256];
		uint64_t bytes;

		units_size_exact(text, rows[i].bytes);
		ck_assert_str_eq(text, rows[i].text);
		if (rows[i].bytes > UINT64_C(1) << 63)
			continue;
		ck_assert_int_eq(units_parse(UNITS_SIZE, text, &bytes, err,
				     sizeof(err)),
		    0);
		ck_assert_uint_eq(bytes, rows[i].bytes);
	}
}
END_TEST

START_TEST(the_nearest_word_is_suggested)
{
	static const char *const words[] = { "block", "buffer", "part", "cache",
		NULL };
	static const struct {
		const char *text, *near;
	} rows[] = {
		{ "blok", "block" },
		{ "BLOCK", "block" },
		{ "bufer", "buffer" },
		{ "prat", "part" },
		{ "caches", "cache" },
		{ "zzz", NULL },
		{ "", NULL },
		{ "b", NULL },
		{ "a_word_that_is_very_much_longer_than_any_that_is_known",
		    NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *near = text_nearest(rows[i].text, words);

		ck_assert_msg(near == rows[i].near ||
			(near != NULL && rows[i].near != NULL &&
			    strcmp(near, rows[i].near) == 0),
		    "%s: %s", rows[i].text, near != NULL ? near : "none");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("units");
	TCase *tcase = tcase_create("units");

	tcase_add_loop_test(tcase, a_valid_value_is_exact, 0,
	    sizeof(goods) / sizeof(goods[0]));
	tcase_add_loop_test(tcase,
	    an_invalid_value_is_reported_with_the_valid_form, 0,
	    sizeof(bads) / sizeof(bads[0]));
	tcase_add_loop_test(tcase, a_range_has_its_unit_at_the_end_or_twice, 0,
	    sizeof(ranges) / sizeof(ranges[0]));
	tcase_add_test(tcase, a_size_is_printed_exactly_and_can_be_read_again);
	tcase_add_test(tcase, the_nearest_word_is_suggested);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
