/*
 * check_engine_sweep.c: each call of a dump on the engine fails in turn.
 *
 * For each of them, the engine refuses with a message, or the dump has an
 * outcome. The safe bytes can be read back, and the dump is DONE only if they
 * are complete.
 */
#include <check.h>

#include "splitter/tests/run_suite.h"
#include "splitter/tests/failing/sweep.h"
#include "splitter/tests/failing/sweep_trial.h"

static void on_engine(void *arg, struct sweep_run *run)
{
	static struct trial_result r;

	trial_engine(arg, &r);
	sweep_trial_judge(arg, &r, run);
}

START_TEST(no_failing_call_loses_a_byte)
{
	struct trial t = sweep_trial(_i);
	const struct sweep s = {
		.name = sweep_trial_name(_i),
		.body = on_engine,
		.arg = &t,
		.reported_min = 5,
	};

	sweep(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine_sweep");
	TCase *tc = tcase_create("engine");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, no_failing_call_loses_a_byte, 0, SWEEP_TRIALS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
