/* check_total.c: the metrics of several dumps together. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/total.h"
#include "splitter/tests/run_suite.h"

static struct metrics_value values[2 * METRIC_COUNT], total[METRIC_COUNT];

/* Two dumps: 300 MB in 3 s, and 100 MB in 4 s. */
static void set_up(void)
{
	static char done[] = "DONE", partial[] = "PARTIAL", a[] = "1:300",
		    b[] = "1:60 2:40F", source[] = "source";

	memset(values, 0, sizeof values);
	for (size_t i = 0; i < 2; i++) {
		struct metrics_value *v = values + i * METRIC_COUNT;

		for (size_t j = 0; j < METRIC_COUNT; j++)
			v[j].defined = true;
		v[METRIC_OUTCOME].text = i == 0 ? partial : done;
		v[METRIC_ATTEMPTS].text = i == 0 ? a : b;
		v[METRIC_RESTORED].text = source;
		v[METRIC_SEALED].text = strdup(i == 0 ? "yes" : "no");
		v[METRIC_PARTS].number = 1 + i;
		v[METRIC_DUMP_BYTES].number = i == 0 ? 300000000 : 100000000;
		v[METRIC_TAPE_BYTES].number = v[METRIC_DUMP_BYTES].number;
		v[METRIC_DURATION].real = i == 0 ? 3 : 4;
		v[METRIC_PRODUCER_BLOCKED].real = i == 0 ? 1 : 2;
		v[METRIC_WRITE_RATE_MEAN].real = i == 0 ? 300e6 : 50e6;
		v[METRIC_BUFFER_FILL_MEAN].real = i == 0 ? 10 : 80;
		v[METRIC_BUFFER_FILL_MIN].real = i == 0 ? 5 : 7;
		v[METRIC_BUFFER_FILL_MAX].real = i == 0 ? 20 : 90;
		v[METRIC_LATE_MAX].real = i == 0 ? 6 : 2;
	}
}

static void tear_down(void)
{
	free(values[METRIC_SEALED].text);
	free(values[METRIC_COUNT + METRIC_SEALED].text);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		free(total[i].text);
}

START_TEST(each_metric_is_put_together_by_its_rule)
{
	ck_assert_int_eq(metrics_total(values, 2, 8, total), 0);
	ck_assert_str_eq(total[METRIC_OUTCOME].text, "PARTIAL");
	ck_assert_str_eq(total[METRIC_SEALED].text, "no");
	ck_assert_str_eq(total[METRIC_RESTORED].text, "source");
	ck_assert_str_eq(total[METRIC_ATTEMPTS].text, "1:300 | 1:60 2:40F");
	ck_assert_uint_eq(total[METRIC_PARTS].number, 3);
	ck_assert(total[METRIC_PRODUCER_BLOCKED].real == 3);
	ck_assert(total[METRIC_DURATION].real == 8);
	/* 400 MB in 8 s */
	ck_assert(total[METRIC_THROUGHPUT_MEAN].real == 50e6);
	/* 400 MB in 1 s and 2 s */
	ck_assert_double_eq_tol(total[METRIC_WRITE_RATE_MEAN].real, 400e6 / 3,
	    1);
	/* 10 % for 3 s, and 80 % for 4 s */
	ck_assert_double_eq_tol(total[METRIC_BUFFER_FILL_MEAN].real, 50, 1e-9);
	ck_assert(total[METRIC_BUFFER_FILL_MIN].real == 5);
	ck_assert(total[METRIC_BUFFER_FILL_MAX].real == 90);
	ck_assert(total[METRIC_LATE_MAX].real == 6);
	ck_assert(!total[METRIC_BUFFER_FILL_P50].defined);
}
END_TEST

START_TEST(a_value_that_one_dump_lacks_is_undefined)
{
	values[METRIC_COUNT + METRIC_RESTORED].defined = false;
	values[METRIC_WRITE_RATE_MEAN].defined = false;
	ck_assert_int_eq(metrics_total(values, 2, 8, total), 0);
	ck_assert(!total[METRIC_RESTORED].defined);
	ck_assert(!total[METRIC_WRITE_RATE_MEAN].defined);
}
END_TEST

START_TEST(a_single_dump_keeps_its_values)
{
	ck_assert_int_eq(metrics_total(values, 1, 3, total), 0);
	ck_assert_str_eq(total[METRIC_ATTEMPTS].text, "1:300");
	ck_assert(total[METRIC_BUFFER_FILL_P50].defined);
	ck_assert(total[METRIC_DURATION].real == 3);
}
END_TEST

START_TEST(a_single_dump_that_begins_late_takes_longer_in_all)
{
	ck_assert_int_eq(metrics_total(values, 1, 6, total), 0);
	ck_assert(total[METRIC_DURATION].real == 6);
	ck_assert(total[METRIC_THROUGHPUT_MEAN].real == 50e6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("total");
	TCase *tc = tcase_create("total");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, each_metric_is_put_together_by_its_rule);
	tcase_add_test(tc, a_value_that_one_dump_lacks_is_undefined);
	tcase_add_test(tc, a_single_dump_keeps_its_values);
	tcase_add_test(tc, a_single_dump_that_begins_late_takes_longer_in_all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
