/* case.c: compares a case that both results have. */
#include <stdio.h>

#include "reports/compare/impl.h"
#include "reports/words.h"

static void compare_status(struct compare *compare,
    const struct results_scenario *a, const struct results_scenario *b)
{
	comparison_add_text(compare, COMPARISON_OUTCOME, "result",
	    report_words_status(a->status), report_words_status(b->status));
	comparison_add_text(compare, COMPARISON_OUTCOME, "outcome", a->outcome,
	    b->outcome);
	comparison_add_count(compare, COMPARISON_OUTCOME, "safe bytes",
	    a->safe_bytes, b->safe_bytes);
}

/* Compares dumps of one name; the metrics of an only dump are the case's. */
static void compare_one_dump(struct compare *compare,
    const struct results_dump *a, const struct results_dump *b, bool only)
{
	compare->dump = only ? "" : report_words_or_empty(b->name);
	if (!only) {
		comparison_add_text(compare, COMPARISON_OUTCOME, "outcome",
		    a->outcome, b->outcome);
		comparison_add_count(compare, COMPARISON_OUTCOME, "safe bytes",
		    a->safe_bytes, b->safe_bytes);
		comparison_add_text(compare, COMPARISON_WORDING, "reason",
		    a->reason, b->reason);
		comparison_add_metrics(compare, a->metrics, a->metrics_count,
		    b->metrics, b->metrics_count);
	}
	comparison_add_dump(compare, a, b);
	compare->dump = "";
}

static void compare_dumps(struct compare *compare,
    const struct results_scenario *a, const struct results_scenario *b)
{
	size_t count =
	    a->dumps_count < b->dumps_count ? a->dumps_count : b->dumps_count;

	comparison_add_count(compare, COMPARISON_OUTCOME, "number of dumps",
	    a->dumps_count, b->dumps_count);
	for (size_t i = 0; i < count; i++)
		compare_one_dump(compare, &a->dumps[i], &b->dumps[i],
		    b->dumps_count == 1);
}

static void compare_steps(struct compare *compare,
    const struct results_scenario *a, const struct results_scenario *b)
{
	char what[64];

	comparison_add_count(compare, COMPARISON_OUTCOME, "number of steps",
	    a->steps_count, b->steps_count);
	for (size_t i = 0; i < a->steps_count && i < b->steps_count; i++) {
		const struct results_step *s = &a->steps[i], *t = &b->steps[i];

		snprintf(what, sizeof what, "step %zu", i + 1);
		comparison_add_text(compare, COMPARISON_OUTCOME, what,
		    s->result, t->result);
		snprintf(what, sizeof what, "step %zu, title", i + 1);
		comparison_add_text(compare, COMPARISON_WORDING, what, s->title,
		    t->title);
		snprintf(what, sizeof what, "step %zu, reason", i + 1);
		comparison_add_text(compare, COMPARISON_WORDING, what,
		    s->reason, t->reason);
		comparison_add_metrics(compare, s->metrics, s->metrics_count,
		    t->metrics, t->metrics_count);
	}
}

static void compare_faults(struct compare *compare,
    const struct results_scenario *a, const struct results_scenario *b)
{
	char what[64];

	comparison_add_count(compare, COMPARISON_ATTEMPTS, "number of faults",
	    a->faults_count, b->faults_count);
	for (size_t i = 0; i < a->faults_count && i < b->faults_count; i++) {
		snprintf(what, sizeof what, "fault %zu, strikes", i + 1);
		comparison_add_count(compare, COMPARISON_ATTEMPTS, what,
		    a->faults[i].strikes, b->faults[i].strikes);
		snprintf(what, sizeof what, "fault %zu", i + 1);
		comparison_add_text(compare, COMPARISON_WORDING, what,
		    a->faults[i].text, b->faults[i].text);
	}
}

static void compare_expectations(struct compare *compare,
    const struct results_scenario *a, const struct results_scenario *b)
{
	char what[64];

	comparison_add_count(compare, COMPARISON_WORDING,
	    "number of expectations", a->expectations_count,
	    b->expectations_count);
	for (size_t i = 0;
	     i < a->expectations_count && i < b->expectations_count; i++) {
		snprintf(what, sizeof what, "expectation %zu", i + 1);
		comparison_add_text(compare, COMPARISON_WORDING, what,
		    a->expectations[i].text, b->expectations[i].text);
		snprintf(what, sizeof what, "expectation %zu, known", i + 1);
		comparison_add_text(compare, COMPARISON_WORDING, what,
		    a->expectations[i].known, b->expectations[i].known);
	}
}

void comparison_add_case(struct compare *compare)
{
	const struct results_scenario *a = compare->c->before,
				      *b = compare->c->after;

	compare_status(compare, a, b);
	comparison_add_metrics(compare, a->metrics, a->metrics_count,
	    b->metrics, b->metrics_count);
	compare_dumps(compare, a, b);
	compare_steps(compare, a, b);
	compare_faults(compare, a, b);
	comparison_add_text(compare, COMPARISON_FIGURES, "drives", a->drives,
	    b->drives);
	comparison_add_text(compare, COMPARISON_WORDING, "title", a->title,
	    b->title);
	comparison_add_text(compare, COMPARISON_WORDING, "reason", a->reason,
	    b->reason);
	comparison_add_text(compare, COMPARISON_WORDING, "problem", a->problem,
	    b->problem);
	comparison_add_text(compare, COMPARISON_WORDING, "clock", a->clock,
	    b->clock);
	comparison_add_count(compare, COMPARISON_WORDING, "seed", a->seed,
	    b->seed);
	compare_expectations(compare, a, b);
}
