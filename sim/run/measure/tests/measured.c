/* measured.c: see measured.h. */
#include "sim/run/measure/tests/measured.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/tests/scenario_text.h"

struct results_scenario *measured;

void measured_teardown(void)
{
	if (measured != NULL)
		results_scenario_free(measured);
	measured = NULL;
}

/* Runs a scenario with pieces of this size; 0: chosen. */
struct results_scenario *measured_run(const char *text, uint64_t piece_bytes)
{
	struct run_options options = { .seed = 1, .piece_bytes = piece_bytes };
	struct results_scenario *r = NULL;
	struct scenario_text s;
	char err[1024] = "";

	scenario_text_read(&s, text, strlen(text));
	ck_assert_msg(s.scenario != NULL, "%s", s.errors);
	ck_assert_msg(run_scenario(s.scenario, "test", "test.yaml", &options,
			  &r, err, sizeof err) == RUN_JUDGED,
	    "%s", err);
	ck_assert_str_eq(r->problem, "");
	scenario_text_clear(&s);
	return r;
}

const struct results_metric *measured_metric(const struct results_scenario *r,
    const char *name)
{
	for (size_t i = 0; i < r->metrics_count; i++)
		if (strcmp(r->metrics[i].name, name) == 0)
			return &r->metrics[i];
	ck_abort_msg("there is no metric %s", name);
}

double measured_value(const struct results_metric *m)
{
	ck_assert_msg(m->kind != RESULTS_NULL, "%s is undefined", m->name);
	return m->kind == RESULTS_NUMBER ? (double)m->number : m->real;
}

void measured_check(const char *text, const struct measured_must *must)
{
	measured = measured_run(text, 0);
	for (; must->name != NULL; must++) {
		double is =
		    measured_value(measured_metric(measured, must->name));

		ck_assert_msg(fabs(is - must->value) <= must->within,
		    "%s is %.12g, must be %.12g", must->name, is, must->value);
	}
}
