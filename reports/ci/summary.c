/*
 * summary.c: the results as Markdown for a page of a job, or a merge request.
 *
 * The failures come first, each with its reasons; then what is known to fail
 * and what was skipped; then all cases.  Cases that do not fit are counted.
 */
#include <inttypes.h>

#include "reports/bounded.h"
#include "reports/ci/case.h"
#include "reports/ci/ci.h"
#include "reports/text.h"
#include "reports/units.h"
#include "reports/words.h"

/* For what is written after a list that did not fit. */
enum { RESERVE_BYTES = 4096 };

static void put_counts(FILE *out, const struct results *results, size_t known)
{
	fprintf(out, "## tapelab: %zu failed, %zu passed, %zu skipped\n\n",
	    report_words_count(results, RESULTS_FAILED),
	    report_words_count(results, RESULTS_PASSED),
	    report_words_count(results, RESULTS_SKIPPED));
	if (known > 0)
		fprintf(out,
		    "%zu of the passed cases fail in part, as known.\n\n",
		    known);
}

static void put_failed(FILE *out, const struct ci_case *c)
{
	fputs("### ", out);
	report_text_markdown(out, c->scenario->name);
	fputs("\n\n", out);
	for (size_t i = 0; i < c->reasons.count; i++) {
		const struct reason *r = &c->reasons.list[i];

		if (r->known)
			continue;
		fputs("- ", out);
		report_text_markdown(out, r->path);
		if (r->line > 0)
			fprintf(out, ":%d", r->line);
		fputs(": ", out);
		report_text_markdown_code(out, r->title);
		fputc('\n', out);
	}
	for (size_t i = 0; i < c->context.count; i++) {
		fputs("- ", out);
		report_text_markdown(out, c->context.line[i]);
		fputc('\n', out);
	}
	if (*report_words_or_empty(c->scenario->repeat) != '\0') {
		fputs("- run again: ", out);
		report_text_markdown_code(out, c->scenario->repeat);
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void put_line(FILE *out, const struct ci_case *c)
{
	fputs("- ", out);
	report_text_markdown(out, c->scenario->name);
	fputs(": ", out);
	report_text_markdown(out,
	    c->first != NULL ? c->first->title : c->scenario->problem);
	fputc('\n', out);
}

static void put_row(FILE *out, const struct ci_case *c)
{
	static const char *const words[] = { "passed", "passed, as known",
		"**failed**", "skipped" };
	const struct results_scenario *s = c->scenario;
	char size[UNITS_BYTES], time[UNITS_BYTES];

	fputs("| ", out);
	report_text_markdown(out, s->name);
	fprintf(out, " | %s | ", words[c->result]);
	report_text_markdown(out, s->outcome);
	fprintf(out, " | %s | %s |\n", units_size(size, s->safe_bytes),
	    units_time(time, (double)s->duration_ns / 1e9));
}

/* Writes all cases of some results, a block for each. */
static int put_list(struct bounded *b, const struct results *results,
    unsigned which, void (*put)(FILE *out, const struct ci_case *c),
    size_t reserve)
{
	struct ci_case c;

	for (size_t i = 0; i < results->count; i++) {
		if (case_make(results->scenarios[i], &c) != 0)
			return -1;
		if ((which & 1u << c.result) != 0 && bounded_begin(b) != NULL) {
			put(b->block, &c);
			bounded_end(b, reserve);
		}
		case_clear(&c);
		if (b->failed)
			return -1;
	}
	return 0;
}

/* Writes how many blocks did not fit, if some did not. */
static int put_omitted(struct bounded *b, const char *what)
{
	char text[120];
	size_t omitted = bounded_omitted(b);

	if (omitted == 0)
		return 0;
	snprintf(text, sizeof text,
	    "\n%zu more %s are not listed here: see junit.xml\n\n", omitted,
	    what);
	return bounded_text(b, text);
}

static int count_known(const struct results *results, size_t counts[4])
{
	struct ci_case c;

	for (size_t i = 0; i < results->count; i++) {
		if (case_make(results->scenarios[i], &c) != 0)
			return -1;
		counts[c.result]++;
		case_clear(&c);
	}
	return 0;
}

/* Writes a heading and a list below it, if there are such cases. */
static int put_section(struct bounded *b, const struct results *results,
    const size_t counts[4], enum case_result which, const char *heading,
    const char *what)
{
	if (counts[which] == 0)
		return 0;
	if (bounded_text(b, heading) != 0 ||
	    put_list(b, results, 1u << which, put_line, RESERVE_BYTES) != 0 ||
	    put_omitted(b, what) != 0)
		return -1;
	return bounded_text(b, "\n");
}

static int put_all(struct bounded *b, const struct results *results)
{
	if (bounded_text(b,
		"<details><summary>All cases</summary>\n\n"
		"| case | result | outcome | safe | duration |\n"
		"| --- | --- | --- | ---: | ---: |\n") != 0 ||
	    put_list(b, results, ~0u, put_row, RESERVE_BYTES) != 0 ||
	    put_omitted(b, "cases") != 0)
		return -1;
	return bounded_text(b, "\n</details>\n");
}

int ci_summary(FILE *out, const struct results *results)
{
	size_t counts[4] = { 0 };
	struct bounded b;

	if (count_known(results, counts) != 0)
		return -1;
	bounded_init(&b, out, CI_SUMMARY_BYTES_MAX);
	if (bounded_begin(&b) == NULL)
		return -1;
	put_counts(b.block, results, counts[CASE_KNOWN]);
	bounded_end(&b, 0);
	if (put_list(&b, results, 1u << CASE_FAILED, put_failed,
		2 * RESERVE_BYTES) != 0 ||
	    put_omitted(&b, "failed cases") != 0 ||
	    put_section(&b, results, counts, CASE_KNOWN,
		"### Known to fail\n\n", "cases that fail as known") != 0 ||
	    put_section(&b, results, counts, CASE_SKIPPED, "### Skipped\n\n",
		"skipped cases") != 0)
		return -1;
	return put_all(&b, results);
}
