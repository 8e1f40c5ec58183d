/* check_report_units.c: sizes and times as people read them. */
#include <check.h>
#include <stdlib.h>

#include "reports/units.h"
#include "splitter/tests/run_suite.h"

static const struct {
	uint64_t bytes;
	const char *size, *exact;
} sizes[] = { { 0, "0 B", "0 B" }, { 1023, "1023 B", "1,023 B" },
	{ 1073741824, "1 GiB", "1,073,741,824 B" },
	{ 1073741823, "1 GiB", "1,073,741,823 B" },
	{ 1073217536, "1023.5 MiB", "1,073,217,536 B" },
	{ 1006108672, "959.5 MiB", "1,006,108,672 B" },
	{ UINT64_MAX, "16 EiB", "18,446,744,073,709,551,615 B" } };

START_TEST(sizes_are_readable_and_exact)
{
	char buf[UNITS_BYTES];

	ck_assert_str_eq(report_units_size(buf, sizes[_i].bytes),
	    sizes[_i].size);
	ck_assert_str_eq(report_units_exact(buf, sizes[_i].bytes),
	    sizes[_i].exact);
}
END_TEST

static const struct {
	double seconds;
	const char *text;
} times[] = { { 0, "0 s" }, { 1e-9, "1 ns" }, { 0.0173, "17.3 ms" },
	{ 0.99999, "1 s" }, { 119.4, "119.4 s" }, { 199.6, "3 min 20 s" },
	{ 7199.6, "2 h 00 min" }, { 25500, "7 h 05 min" } };

START_TEST(times_are_readable)
{
	char buf[UNITS_BYTES];

	ck_assert_str_eq(report_units_time(buf, times[_i].seconds),
	    times[_i].text);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("units");
	TCase *tcase = tcase_create("units");

	tcase_add_loop_test(tcase, sizes_are_readable_and_exact, 0,
	    ROWS(sizes));
	tcase_add_loop_test(tcase, times_are_readable, 0, ROWS(times));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
