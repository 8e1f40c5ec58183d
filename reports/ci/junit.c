/*
 * junit.c: JUnit XML, as GitLab, Jenkins and actions of GitHub read it.
 *
 * There is no standard; junit.xsd has the elements and attributes that all of
 * them read.  GitLab shows the text of an element and not its message, Jenkins
 * shows both: the text begins with the message.
 */
#include <limits.h>
#include <string.h>

#include "reports/ci/case.h"
#include "reports/ci/ci.h"
#include "reports/text.h"
#include "reports/words.h"

/*
 * Returns the length of the folder in a name, without the slash after it.  The
 * label of a case, "[rate=300 MB/s]", may have slashes.
 */
static size_t folder_bytes(const char *name)
{
	size_t end = strcspn(name, "[");

	while (end > 0 && name[end - 1] != '/')
		end--;
	return end > 0 ? end - 1 : 0;
}

/* Writes the folder with dots, as a class of Java has them. */
static void put_class(FILE *out, const char *name, size_t bytes)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof folder, "%.*s", (int)bytes, name);
	for (char *c = folder; *c != '\0'; c++)
		*c = *c == '/' ? '.' : *c == '.' ? '_' : *c;
	report_text_html(out, bytes > 0 ? folder : "scenarios");
}

static void put_line(FILE *out, const char *text)
{
	report_text_html(out, text);
	fputc('\n', out);
}

/* Writes all reasons with their lines, what may be the cause, the command. */
static void put_body(FILE *out, const struct ci_case *c)
{
	for (size_t i = 0; i < c->reasons.count; i++) {
		const struct reason *r = &c->reasons.list[i];

		report_text_html(out, r->path);
		if (r->line > 0)
			fprintf(out, ":%d", r->line);
		fputs(r->known ? ": known: " : ": ", out);
		put_line(out, r->title);
	}
	for (size_t i = 0; i < c->context.count; i++)
		put_line(out, c->context.line[i]);
	if (*report_words_or_empty(c->scenario->repeat) == '\0')
		return;
	fputs("run again: ", out);
	put_line(out, c->scenario->repeat);
}

static void put_result(FILE *out, const struct ci_case *c)
{
	const char *element = c->result == CASE_FAILED ? "failure" : "skipped";

	fprintf(out, "      <%s type=\"%s\" message=\"", element,
	    c->result == CASE_FAILED      ? "failed"
		: c->result == CASE_KNOWN ? "known"
					  : "skipped");
	report_text_html(out,
	    c->first != NULL ? c->first->title : c->scenario->problem);
	if (c->result == CASE_FAILED && c->reasons.failures > 1)
		fprintf(out, " (and %zu more)", c->reasons.failures - 1);
	fputs("\">", out);
	if (c->result == CASE_SKIPPED)
		report_text_html(out, c->scenario->problem);
	else
		put_body(out, c);
	fprintf(out, "</%s>\n", element);
}

static void put_case(FILE *out, const struct ci_case *c)
{
	const struct results_scenario *s = c->scenario;
	size_t folder = folder_bytes(s->name);

	fputs("    <testcase classname=\"", out);
	put_class(out, s->name, folder);
	fputs("\" name=\"", out);
	report_text_html(out, s->name + folder + (folder > 0));
	fputs("\" file=\"", out);
	report_text_html(out, c->line_path);
	if (c->line > 0)
		fprintf(out, "\" line=\"%d", c->line);
	fprintf(out, "\" time=\"%.3f\"", (double)s->duration_ns / 1e9);
	if (c->result == CASE_PASSED) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n", out);
	put_result(out, c);
	fputs("    </testcase>\n", out);
}

/* What the head of a suite counts. */
struct sums {
	size_t failures, skipped;
	double seconds;
};

static int sum(const struct results *results, struct sums *sums)
{
	struct ci_case c;

	for (size_t i = 0; i < results->count; i++) {
		if (case_make(results->scenarios[i], &c) != 0)
			return -1;
		sums->failures += c.result == CASE_FAILED;
		sums->skipped +=
		    c.result == CASE_SKIPPED || c.result == CASE_KNOWN;
		sums->seconds +=
		    (double)results->scenarios[i]->duration_ns / 1e9;
		case_clear(&c);
	}
	return 0;
}

static void put_head(FILE *out, const char *indent, const char *element,
    const struct results *results, const struct sums *sums)
{
	fprintf(out,
	    "%s<%s name=\"tapelab\" tests=\"%zu\" failures=\"%zu\" "
	    "errors=\"0\" skipped=\"%zu\" time=\"%.3f\">\n",
	    indent, element, results->count, sums->failures, sums->skipped,
	    sums->seconds);
}

int ci_junit(FILE *out, const struct results *results)
{
	struct sums sums = { 0 };
	struct ci_case c;

	if (sum(results, &sums) != 0)
		return -1;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	put_head(out, "", "testsuites", results, &sums);
	put_head(out, "  ", "testsuite", results, &sums);
	for (size_t i = 0; i < results->count; i++) {
		if (case_make(results->scenarios[i], &c) != 0)
			return -1;
		put_case(out, &c);
		case_clear(&c);
	}
	fputs("  </testsuite>\n</testsuites>\n", out);
	return 0;
}
