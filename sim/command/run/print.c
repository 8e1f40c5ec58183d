/* print.c: prints the result of a scenario. */
#include "sim/command/run/print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/summary.h"
#include "reports/published.h"
#include "reports/units.h"

/* Prints the place of a line: in an included file, if `file` has a name. */
static void print_place(const struct suite_entry *e, const char *file, int line)
{
	const char *path = suite_path(e->of);
	size_t root = strlen(path) - strlen(e->of->file);

	if (file == NULL || file[0] == '\0')
		printf("  %s:%d: ", path, line);
	else
		printf("  %.*s%s:%d: ",
		    strcmp(e->of->path, "-") == 0 ? 0 : (int)root, path, file,
		    line);
}

static void print_expectations(const struct suite_entry *e,
    const struct results_expectation *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct results_expectation *x = &list[i];

		if (x->known[0] == '\0' && x->passed)
			continue;
		print_place(e, x->file, x->line);
		if (x->known[0] == '\0')
			printf("%s\n    but it was: %s\n", x->text, x->actual);
		else
			printf("%s\n    %s: %s; it was: %s\n", x->text,
			    x->passed
				? "it now holds: remove `known`, which says"
				: "known not to hold",
			    x->known, x->actual);
	}
}

/* Prints the steps whose expectations are not met, with what was printed. */
static void print_steps(const struct suite_entry *e,
    const struct results_scenario *s)
{
	for (size_t i = 0; i < s->steps_count; i++) {
		const struct results_step *step = &s->steps[i];

		if (step->status == RESULTS_PASSED)
			continue;
		printf("  step %zu (%s): %s%s%s\n", i + 1, step->title,
		    step->result, step->reason[0] != '\0' ? ": " : "",
		    step->reason);
		for (size_t j = 0; j < step->messages_count; j++)
			printf("    %s\n", step->messages[j].text);
		print_expectations(e, step->expectations,
		    step->expectations_count);
	}
}

void run_print_published(const struct suite_entry *e,
    const struct results_published *v)
{
	char value[UNITS_BYTES], simulated[UNITS_BYTES], error[UNITS_BYTES],
	    tolerance[UNITS_BYTES];

	if (v->verdict == RESULTS_MET && report_published_is_right(v))
		return;
	print_place(e, v->file, v->line);
	printf("published %s%s%s (%s): %s%s%s%s%s\n", v->metric,
	    v->same ? "" : " ", report_published_value(value, v),
	    report_published_tolerance(tolerance, v), report_published_words(v),
	    v->series[0] != '\0' ? "; series " : "", v->series,
	    v->known[0] != '\0' ? "; known: " : "", v->known);
	if (v->defined)
		printf("    it was: %s%s%s\n",
		    report_published_simulated(simulated, v),
		    report_published_error_text(error, v)[0] != '\0' ? ", "
								     : "",
		    error);
}

static void print_all_published(const struct suite_entry *e,
    const struct results_scenario *s)
{
	/* Values of series are judged when all scenarios were run. */
	for (size_t i = 0; i < s->published_count; i++)
		if (!s->published[i].defined ||
		    !report_published_is_relative(&s->published[i]))
			run_print_published(e, &s->published[i]);
}

static void print_summary(const struct results_scenario *s)
{
	struct summary summary = report_summary(s);

	for (size_t i = 0; i < summary.count; i++)
		printf("  %s\n", summary.line[i]);
}

void run_print_result(const struct suite_entry *e,
    const struct results_scenario *s, bool is_reported, bool summary)
{
	char took[UNITS_BYTES];

	if (s->outcome[0] == '\0') {
		printf("%s  %s: %s\n",
		    s->status == RESULTS_SKIPPED ? "skipped" : "failed ",
		    s->name, is_reported ? "not completed" : s->problem);
		return;
	}
	units_time(took, (double)s->duration_ns / 1e9);
	printf("%s  %s: %s, %" PRIu64 " bytes safe, %zu attempt%s, %s\n",
	    s->status == RESULTS_PASSED ? "passed " : "failed ", s->name,
	    s->outcome, s->safe_bytes, results_attempts(s),
	    results_attempts(s) == 1 ? "" : "s", took);
	if (s->problem[0] != '\0')
		printf("  %s\n", s->problem);
	else if (s->reason[0] != '\0')
		printf("  %s\n", s->reason);
	if (summary && s->steps_count == 0 && strcmp(s->outcome, "DONE") == 0)
		print_summary(s);
	print_steps(e, s);
	print_expectations(e, s->expectations, s->expectations_count);
	if (s->expectations_count == 0 && s->published_count == 0 &&
	    s->steps_count == 0)
		printf("  it has no expectations: only the outcome, the "
		       "strikes of faults and the safe bytes were checked\n");
	print_all_published(e, s);
	fflush(stdout);
}
