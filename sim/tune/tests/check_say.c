/* check_say.c: figures are not finer than their spread. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/tune/answer/doc.h"
#include "sim/tune/answer/say.h"
#include "splitter/tests/run_suite.h"

static const struct {
	double value, spread;
	const char *says;
} numbers[] = {
	{ 167.3456, 0, "167" },
	{ 167.3456, 0.4, "167" },
	{ 167.3456, 1.2, "168" },
	{ 167.3456, 3, "165" },
	{ 167.3456, 11, "160" },
	{ 12.3456, 0, "12.3" },
	{ 12.3456, 0.03, "12.3" },
	{ 12.3456, 0.2, "12.4" },
	{ 0.123456, 0, "0.123" },
	{ 0.123456, 0.01, "0.12" },
	{ 0, 0, "0" },
	{ -0.0001, 0.01, "0" },
	{ 1234567, 0, "1230000" },
	{ 99.96, 0, "100.0" },
	{ NAN, 0, "unknown" },
	{ INFINITY, 0, "unknown" },
};

START_TEST(a_number_is_rounded_by_its_spread)
{
	char buf[TUNE_SAY_BYTES];

	ck_assert_str_eq(tune_say_number(buf, numbers[_i].value,
			     numbers[_i].spread),
	    numbers[_i].says);
}
END_TEST

static const struct {
	struct tune_range from, to;
	double spread;
	const char *says;
} changes[] = {
	{ { .mean = 100 }, { .mean = 105 }, 0, "5 % more" },
	{ { .mean = 100 }, { .mean = 101.5 }, 0, "1.5 % more" },
	{ { .mean = 100 }, { .mean = 80 }, 0, "20 % less" },
	{ { .mean = 100 }, { .mean = 100.05 }, 0, "the same" },
	{ { .mean = 100 }, { .mean = 105 }, 0.02, "the same" },
	{ { .mean = 100 }, { .mean = 107 }, 0.02, "7 % more" },
	{ { .mean = 100, .deviation = 30 }, { .mean = 107, .deviation = 32 },
	    0.02, "7 % more" },
};

START_TEST(a_change_within_the_spread_is_none)
{
	char buf[TUNE_SAY_BYTES];

	ck_assert_str_eq(tune_say_change(buf, &changes[_i].from,
			     &changes[_i].to, changes[_i].spread),
	    changes[_i].says);
}
END_TEST

static void add_blocks(struct tune_doc *doc)
{
	tune_doc_add(doc, TUNE_DOC_HEADING, "A <heading>");
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "A text of more than one line, which is broken at a blank before "
	    "the eightieth column");
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){ "One", "Number", NULL });
	tune_doc_cells(doc, TUNE_DOC_ROW,
	    (const char *[]){ "longer", "1", NULL });
	tune_doc_add(doc, TUNE_DOC_ITEM, "first");
	tune_doc_add(doc, TUNE_DOC_ITEM, "second");
	tune_doc_add(doc, TUNE_DOC_CODE, "a = 1\nb = 2");
	tune_doc_cells(doc, TUNE_DOC_PLOT,
	    (const char *[]){ "x.svg", "A plot", NULL });
	ck_assert(!tune_doc_failed(doc));
}

static void renders(void (*render)(const struct tune_doc *, FILE *),
    const char *expected)
{
	struct tune_doc doc = { .blocks = NULL };
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	add_blocks(&doc);
	render(&doc, out);
	fclose(out);
	ck_assert_str_eq(text, expected);
	free(text);
	tune_doc_clear(&doc);
}

START_TEST(a_document_is_printed_as_text)
{
	renders(tune_doc_print,
	    "A <heading>\n"
	    "-----------\n"
	    "A text of more than one line, which is broken at a blank before "
	    "the\n"
	    "eightieth column\n"
	    "\n"
	    "  One     Number\n"
	    "  longer  1\n"
	    "\n"
	    "- first\n"
	    "- second\n"
	    "\n"
	    "    a = 1\n"
	    "    b = 2\n");
}
END_TEST

START_TEST(a_document_is_printed_as_html)
{
	renders(tune_doc_html,
	    "<section>\n"
	    "<h2>A &lt;heading&gt;</h2>\n"
	    "<p>A text of more than one line, which is broken at a blank "
	    "before the eightieth column</p>\n"
	    "<div class=\"wide\"><table class=\"answer\">\n"
	    "<thead><tr><th scope=\"col\">One</th><th "
	    "scope=\"col\">Number</th></tr></thead>\n"
	    "<tbody>\n"
	    "<tr><th scope=\"row\">longer</th><td>1</td></tr>\n"
	    "</tbody></table></div>\n"
	    "<ul>\n"
	    "<li>first</li>\n"
	    "<li>second</li>\n"
	    "</ul>\n"
	    "<pre class=\"wide\"><code>a = 1\nb = 2</code></pre>\n"
	    "<figure><a class=\"plot\" href=\"x.svg\"><img "
	    "src=\"x.svg\" alt=\"A "
	    "plot\"></a><figcaption>A plot</figcaption></figure>\n"
	    "</section>\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("say");
	TCase *tc = tcase_create("say");

	tcase_add_loop_test(tc, a_number_is_rounded_by_its_spread, 0,
	    sizeof numbers / sizeof *numbers);
	tcase_add_loop_test(tc, a_change_within_the_spread_is_none, 0,
	    sizeof changes / sizeof *changes);
	tcase_add_test(tc, a_document_is_printed_as_text);
	tcase_add_test(tc, a_document_is_printed_as_html);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
