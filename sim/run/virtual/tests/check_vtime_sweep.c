/*
 * check_vtime_sweep.c: each call of a dump in virtual time fails in turn, as in
 * check_engine_sweep.c for the engine.
 */
#include <check.h>

#include "sim/run/virtual/tests/trial_vtime.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/failing/sweep.h"
#include "splitter/tests/failing/sweep_trial.h"

static void in_virtual_time(void *arg, struct sweep_run *run)
{
	static struct trial_result r;
	const struct trial_virtual how = { .payload = true };

	trial_vtime(arg, &how, &r);
	sweep_trial_judge(arg, &r, run);
}

START_TEST(no_failing_call_loses_a_byte)
{
	struct trial t = sweep_trial(_i);
	const struct sweep s = {
		.name = sweep_trial_name(_i),
		.body = in_virtual_time,
		.arg = &t,
		.reported_min = 5,
	};

	sweep(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vtime_sweep");
	TCase *tc = tcase_create("vtime");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, no_failing_call_loses_a_byte, 0, SWEEP_TRIALS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
