/* implied.c: see implied.h. */
#include "sim/run/measure/implied.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes the texts over; NULL: memory was short.  Returns 0 or -1. */
static int add(struct results_scenario *s, int line, char *text, char *actual)
{
	struct results_expectation *to =
	    &s->expectations[s->expectations_count++];

	*to = (struct results_expectation){ .line = line,
		.implied = true,
		.text = text,
		.actual = actual,
		.known = strdup("") };
	s->status = RESULTS_FAILED;
	return text != NULL && actual != NULL && to->known != NULL ? 0 : -1;
}

static int judge_fault(const struct results_fault *f, bool interrupted,
    struct results_scenario *s)
{
	const char *why = interrupted
	    ? "it was not reached: the run was interrupted"
	    : "it never struck; if the scenario is to show that, give the "
	      "fault `unreached: true`";
	char *text, *actual;

	if (results_fault_is_right(f))
		return 0;
	if (asprintf(&text, "%s %s", f->text,
		f->unreached ? "never strikes" : "strikes") < 0)
		text = NULL;
	if (f->unreached
		? asprintf(&actual,
		      "it struck %" PRIu64 " time%s: remove `unreached`",
		      f->strikes, f->strikes == 1 ? "" : "s") < 0
		: asprintf(&actual, "%s", why) < 0)
		actual = NULL;
	return add(s, f->line, text, actual);
}

/* Returns whether an expectation is about the outcome of this dump. */
static bool expects_outcome(const struct scenario *s, size_t dump)
{
	for (size_t i = 0; i < s->expects_count; i++)
		if (s->expects[i].fact == NULL &&
		    (s->expects[i].id == METRIC_OUTCOME ||
			s->expects[i].id == METRIC_RESULT) &&
		    (s->expects[i].dump == NULL || s->expects[i].place == dump))
			return true;
	return false;
}

static int judge_outcome(const struct results_dump *d,
    struct results_scenario *s)
{
	char *text, *actual;

	if (asprintf(&text,
		"%s%soutcome == DONE, because no expectation is about it",
		d->name, d->name[0] != '\0' ? "." : "") < 0)
		text = NULL;
	if (asprintf(&actual, "%s: %s", d->outcome, d->reason) < 0)
		actual = NULL;
	return add(s, 1, text, actual);
}

int implied_judge_step(const struct scenario *scenario, const char *result,
    const char *reason, struct results_scenario *s)
{
	char *text, *actual;

	if (strcmp(result, "done") == 0 ||
	    expects_outcome(scenario, scenario->dumps_count))
		return 0;
	text = strdup("result == done, because no expectation is about it");
	if (asprintf(&actual, "%s%s%s", result, reason[0] != '\0' ? ": " : "",
		reason) < 0)
		actual = NULL;
	return add(s, 1, text, actual);
}

int implied_judge(const struct scenario *scenario, bool interrupted,
    struct results_scenario *s)
{
	for (size_t i = 0; i < s->faults_count; i++)
		if (judge_fault(&s->faults[i], interrupted, s) != 0)
			return -1;
	/* The dumps of steps were judged with their steps. */
	for (size_t i = 0; scenario->steps_count == 0 && i < s->dumps_count;
	     i++)
		if (strcmp(s->dumps[i].outcome, "DONE") != 0 &&
		    !expects_outcome(scenario, i) &&
		    judge_outcome(&s->dumps[i], s) != 0)
			return -1;
	return 0;
}
