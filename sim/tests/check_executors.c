/*
 * check_executors.c: both executors do what the rules say, whatever happens.
 *
 *   CASES_SEED=N   another seed
 *   CASES=N        how many, from
 *   CASES_FROM=N   this one on
 *   CASE=N         this one alone
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/tests/random_case.h"

enum { CASES = 12000 };

static uint64_t seed;

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void make_random(struct reference_case *c, uint64_t number)
{
	random_case_draw(c, seed, number);
}

START_TEST(random_cases_come_to_what_the_rules_say)
{
	bool one = getenv("CASE") != NULL;
	uint64_t from = number_of(one ? "CASE" : "CASES_FROM", 0);
	char name[64];

	seed = number_of("CASES_SEED", 1);
	snprintf(name, sizeof name, "executors: CASES_SEED=%" PRIu64, seed);
	reference_run(name, make_random, from,
	    from + (one ? 1 : number_of("CASES", CASES)));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("executors");
	TCase *tc = tcase_create("random");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, random_cases_come_to_what_the_rules_say);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
