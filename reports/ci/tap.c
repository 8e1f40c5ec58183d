/* tap.c: TAP version 13, with YAML diagnostics. */
#include "reports/ci/case.h"
#include "reports/ci/ci.h"
#include "reports/text.h"
#include "reports/words.h"

static void put_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, "  %s: ", key);
	report_text_json(out, text);
	fputc('\n', out);
}

static void put_item(FILE *out, const char *text)
{
	fputs("    - ", out);
	report_text_json(out, text);
	fputc('\n', out);
}

static void put_diagnostics(FILE *out, const struct ci_case *c)
{
	fputs("  ---\n", out);
	put_text(out, "message", c->first->title);
	put_text(out, "severity", c->result == CASE_KNOWN ? "todo" : "fail");
	put_text(out, "file", c->line_path);
	if (c->line > 0)
		fprintf(out, "  line: %d\n", c->line);
	fprintf(out, "  seconds: %.3f\n",
	    (double)c->scenario->duration_ns / 1e9);
	fputs("  reasons:\n", out);
	for (size_t i = 0; i < c->reasons.count; i++)
		put_item(out, c->reasons.list[i].title);
	if (c->context.count > 0)
		fputs("  context:\n", out);
	for (size_t i = 0; i < c->context.count; i++)
		put_item(out, c->context.line[i]);
	if (*report_words_or_empty(c->scenario->repeat) != '\0')
		put_text(out, "repeat", c->scenario->repeat);
	fputs("  ...\n", out);
}

static void put_case(FILE *out, const struct ci_case *c, size_t number)
{
	bool ok = c->result == CASE_PASSED || c->result == CASE_SKIPPED;

	fprintf(out, "%sok %zu - ", ok ? "" : "not ", number);
	report_text_tap(out, c->scenario->name);
	if (c->result == CASE_SKIPPED) {
		fputs(" # SKIP ", out);
		report_text_tap(out, c->scenario->problem);
	} else if (c->result == CASE_KNOWN) {
		fputs(" # TODO ", out);
		report_text_tap(out, c->first->title);
	}
	fputc('\n', out);
	if (!ok)
		put_diagnostics(out, c);
}

int ci_tap(FILE *out, const struct results *results)
{
	struct ci_case c;

	fprintf(out, "TAP version 13\n1..%zu\n", results->count);
	for (size_t i = 0; i < results->count; i++) {
		if (case_make(results->scenarios[i], &c) != 0)
			return -1;
		put_case(out, &c, i + 1);
		case_clear(&c);
	}
	return 0;
}
