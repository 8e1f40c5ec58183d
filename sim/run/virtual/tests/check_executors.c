/*
 * check_executors.c: both executors follow the rules, whatever happens.
 *
 *   CASES_SEED=N   another seed
 *   CASES=N        the number of cases, from
 *   CASES_FROM=N   this one on
 *   CASE=N         only this one
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/run/virtual/tests/random_case.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"

enum { CASES = 4000 * 3 / (2 + SANITIZED) };

static uint64_t seed;

static void make_random(struct reference_case *c, uint64_t number)
{
	random_case_draw(c, seed, number);
}

START_TEST(random_cases_follow_the_rules)
{
	const char *text = getenv("CASES_SEED");
	uint64_t from, to;
	char name[64];

	seed = text == NULL ? 1 : strtoull(text, NULL, 10);
	reference_range(CASES / part_step(3), &from, &to);
	snprintf(name, sizeof name, "executors: CASES_SEED=%" PRIu64, seed);
	reference_run(name, make_random, from, to);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("executors");
	TCase *tc = tcase_create("random");

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, random_cases_follow_the_rules);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
