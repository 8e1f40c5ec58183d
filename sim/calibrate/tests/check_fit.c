/* check_fit.c: the two medians of fit.h. */
#include <check.h>
#include <string.h>

#include "sim/calibrate/fit.h"
#include "splitter/base/random.h"
#include "splitter/tests/run_suite.h"

enum { MOST = 70, ROUNDS = 40 };

START_TEST(median_is_the_middle_or_between_the_two_in_the_middle)
{
	double odd[] = { 5, 1, 4 }, even[] = { 8, 1, 2, 4 };

	ck_assert(fit_median(odd, 3) == 4);
	ck_assert(odd[0] == 1 && odd[1] == 4 && odd[2] == 5);
	ck_assert(fit_median(even, 4) == 3);
	ck_assert(fit_median(even, 0) == 0);
	ck_assert(fit_median_quickly(even, 0) == 0);
}
END_TEST

/* Few different values, so that many are equal; or all differ. */
START_TEST(quick_median_is_the_same)
{
	double values[MOST], sorted[MOST];
	uint64_t seed = 1;

	for (size_t count = 1; count <= MOST; count++)
		for (int round = 0; round < ROUNDS; round++) {
			uint64_t kinds =
			    round % 4 == 0 ? 1000000 : 1 + count / 4;

			for (size_t i = 0; i < count; i++)
				values[i] =
				    (double)(random_mix(seed += RANDOM_STEP) %
					kinds);
			memcpy(sorted, values, sizeof sorted);
			ck_assert(fit_median_quickly(values, count) ==
			    fit_median(sorted, count));
			/* The values are the same, in another order. */
			fit_median(values, count);
			ck_assert_mem_eq(values, sorted,
			    count * sizeof *values);
		}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fit");
	TCase *t = tcase_create("fit");

	suite_add_tcase(s, t);
	tcase_add_test(t,
	    median_is_the_middle_or_between_the_two_in_the_middle);
	tcase_add_test(t, quick_median_is_the_same);
	return run_suite(s);
}
