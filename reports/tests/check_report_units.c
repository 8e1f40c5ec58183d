/* check_report_units.c: sizes and times as people read them. */
#include <check.h>
#include <stdlib.h>

#include "reports/units.h"
#include "splitter/tests/run_suite.h"

static const struct {
	uint64_t bytes;
	const char *size, *exact;
} sizes[] = {
	{ 0, "0 B", "0 B" },
	{ 1023, "1023 B", "1,023 B" },
	{ 1073741824, "1 GiB", "1,073,741,824 B" },
	{ 1073741823, "1 GiB", "1,073,741,823 B" },
	{ 1073217536, "1023.5 MiB", "1,073,217,536 B" },
	{ 1006108672, "959.5 MiB", "1,006,108,672 B" },
	{ UINT64_MAX, "16 EiB", "18,446,744,073,709,551,615 B" },
};

START_TEST(a_size_is_rounded_or_grouped)
{
	char buf[UNITS_BYTES];

	ck_assert_str_eq(units_size(buf, sizes[_i].bytes), sizes[_i].size);
	ck_assert_str_eq(units_size_grouped(buf, sizes[_i].bytes),
	    sizes[_i].exact);
}
END_TEST

static const struct {
	double seconds;
	const char *text;
} times[] = {
	{ 0, "0 s" },
	{ 1e-9, "1 ns" },
	{ 0.0173, "17.3 ms" },
	{ 0.99999, "1 s" },
	{ 2e-6, "2 us" },
	{ 0.0125, "12.5 ms" },
	{ 3, "3 s" },
	{ 255, "4 min 15 s" },
	{ 9000, "2 h 30 min" },
	{ 119.4, "119.4 s" },
	{ 199.6, "3 min 20 s" },
	{ 7199.6, "2 h 00 min" },
	{ 25500, "7 h 05 min" },
};

START_TEST(a_time_has_one_or_two_units)
{
	char buf[UNITS_BYTES];

	ck_assert_str_eq(units_time(buf, times[_i].seconds), times[_i].text);
}
END_TEST

static const struct {
	char *(*format)(char buf[UNITS_BYTES], double value);
	double value;
	const char *text;
} values[] = {
	{ units_rate, 0, "0 B/s" },
	{ units_rate, 12, "12 B/s" },
	{ units_rate, 412345678, "412.3 MB/s" },
	{ units_rate, 3e8, "300 MB/s" },
	{ units_rate, 1.25e9, "1.25 GB/s" },
	{ units_percent, 99.5, "99.5 %" },
	{ units_percent, 100, "100 %" },
};

START_TEST(a_rate_or_a_percentage_has_four_digits)
{
	char buf[UNITS_BYTES];

	ck_assert_str_eq(values[_i].format(buf, values[_i].value),
	    values[_i].text);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("units");
	TCase *tcase = tcase_create("units");

	tcase_add_loop_test(tcase, a_size_is_rounded_or_grouped, 0,
	    ROWS(sizes));
	tcase_add_loop_test(tcase, a_time_has_one_or_two_units, 0, ROWS(times));
	tcase_add_loop_test(tcase, a_rate_or_a_percentage_has_four_digits, 0,
	    ROWS(values));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
