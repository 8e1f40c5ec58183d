/*
 * annotations.c: workflow commands of GitHub, which mark lines of a file.
 *
 * GitHub does not show more than ten errors of a step, so the tenth
 * says how many more there are.
 */
#include "reports/ci/case.h"
#include "reports/ci/ci.h"
#include "reports/text.h"
#include "reports/words.h"

static void put_lines(FILE *out, const struct ci_case *c)
{
	for (size_t i = 0; i < c->reasons.count; i++) {
		if (c->reasons.list[i].known != (c->result == CASE_KNOWN))
			continue;
		report_text_command(out, c->reasons.list[i].title);
		fputs("%0A", out);
	}
	for (size_t i = 0; i < c->context.count; i++) {
		report_text_command(out, c->context.line[i]);
		fputs("%0A", out);
	}
}

static void put_case(FILE *out, const struct ci_case *c)
{
	fprintf(out,
	    "::%s file=", c->result == CASE_FAILED ? "error" : "notice");
	report_text_property(out, c->line_path);
	if (c->line > 0)
		fprintf(out, ",line=%d", c->line);
	fputs(",title=", out);
	report_text_property(out, c->scenario->name);
	fputs("::", out);
	put_lines(out, c);
	if (*report_words_or_empty(c->scenario->repeat) != '\0') {
		fputs("run again: ", out);
		report_text_command(out, c->scenario->repeat);
	}
	fputc('\n', out);
}

int ci_annotations(FILE *out, const struct results *results)
{
	size_t failed = report_words_count(results, RESULTS_FAILED);
	size_t errors = 0, notices = 0;
	size_t max = failed > CI_ANNOTATIONS_MAX ? CI_ANNOTATIONS_MAX - 1
						 : CI_ANNOTATIONS_MAX;
	struct ci_case c;

	for (size_t i = 0; i < results->count; i++) {
		if (case_make(results->scenarios[i], &c) != 0)
			return -1;
		if ((c.result == CASE_FAILED && errors++ < max) ||
		    (c.result == CASE_KNOWN && notices++ < CI_ANNOTATIONS_MAX))
			put_case(out, &c);
		case_clear(&c);
	}
	if (errors > max)
		fprintf(out,
		    "::error title=tapelab::%zu more cases failed: see the "
		    "summary, or %s\n",
		    errors - max, CI_JUNIT);
	return 0;
}
