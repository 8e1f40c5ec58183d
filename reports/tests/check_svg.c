/* check_svg.c: drawings of gnuplot are made smaller without a visible change. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/plot/svg.h"
#include "reports/plot/svg_path.h"
#include "splitter/tests/run_suite.h"

#define HEAD                                                               \
	"<?xml version=\"1.0\"?>\n<svg \n width=\"1120\" height=\"600\"\n" \
	" viewBox=\"0 0 1120 600\"\n>\n<title>Gnuplot</title>\n"           \
	"<g id=\"gnuplot_canvas\">\n"
#define STEP "<g stroke='none' shape-rendering='crispEdges'>\n"
#define BLUE "fill = 'rgb(  0, 114, 178)' "
#define TAIL "</g>\n</svg>\n"

/* The output of gnuplot, and the short form; NULL: it is refused. */
static const struct {
	const char *given, *made;
} rows[] = {
	/* a line, with its colour, width and dashes */
	{ "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" "
	  "stroke-width=\"1.40\">\n"
	  "<path stroke='rgb(192,   0,   0)' stroke-dasharray='4.2,2.8'  "
	  "d='M10.00,20.00 L10.50,20.00 L10.50,30.04  '/></g>",
	    "\n<path stroke=\"#c00000\" stroke-width=\"2.8\" "
	    "stroke-dasharray=\"8.4 5.6\" d=\"M20 40h1v20\"/>\n</svg>" },
	/* a border */
	{ "<path stroke='black' d='M1,1 L1,2 L3,2 L3,1 L1,1 Z  '/>",
	    "\n<path stroke=\"#000\" d=\"M2 2v2h4v-2h-4\"/>\n</svg>" },
	{ "<text></text>", "\">\n</svg>" },
	/* points on one straight line */
	{ "<path stroke='black' d='M1,1 L2,1 L3,1 L3,2 L3,4 '/>",
	    "\n<path stroke=\"#000\" d=\"M2 2h4v6\"/>\n</svg>" },
	/* the steps of an area, with the side that gnuplot draws first */
	{ "<path stroke='rgb( 0,114,178)'  d='M1,8 L1,4 '/>" STEP
	  "<polygon " BLUE "points = '1,8 2,8 2,4 1,4 '/></g>\n"
	  "<path stroke='rgb( 0,114,178)'  d='M2,4 L2,6 '/>" STEP
	  "<polygon " BLUE "points = '2,8 3,8 3,6 2,6 '/></g>\n",
	    "\n<path fill=\"#0072b2\" d=\"M2 16v-8h2v4h2v4z\"/>\n</svg>" },
	/* an area without height is not seen */
	{ STEP "<polygon " BLUE "points = '1,8 2,8 2,8 1,8 '/></g>\n",
	    "\">\n</svg>" },
	/* a text */
	{ "<g transform=\"translate(74.65,373.28)\" stroke=\"none\" "
	  "fill=\"rgb(51,51,51)\" font-size=\"11.00\" text-anchor=\"end\">\n"
	  "<text> a &lt;b&gt; </text>\n</g>",
	    "\n<text x=\"149\" y=\"747\" fill=\"#333\" font-size=\"22\" "
	    "text-anchor=\"end\">a &lt;b&gt;</text>\n</svg>" },
	/* the mark of a fault */
	{ "<use xlink:href='#gpPt10' transform='translate(50.00,60.00) "
	  "scale(3.00)' color='rgb(192,   0,   0)'/>",
	    "\n<path fill=\"#c00000\" d=\"M94 116h12l-6 12z\"/>\n</svg>" },
	{ "<circle cx='1' cy='2' r='3'/>", NULL },
	{ "<image width='1'/>", NULL },
	{ "<polygon points = '1,1 2,2 3,1 2,0 '/>", NULL },
	{ "<polygon points = '1,1 2,1 3,5 '/>", NULL },
	{ "<path stroke='black' d='M1,1 C2,2 3,3 4,4'/>", NULL },
	{ "<use xlink:href='#gpPt4' transform='translate(1,2) scale(3)'/>",
	    NULL },
	{ "<text><tspan>a</tspan></text>", NULL },
	{ "</g></g></g>", NULL },
};

enum { ROWS = sizeof rows / sizeof *rows };

/* Returns the drawing that was made, which the caller frees, or NULL. */
static char *shrink(const char *svg)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	int status = report_plot_svg(out, svg);

	fclose(out);
	if (status == 0)
		return text;
	free(text);
	return NULL;
}

START_TEST(each_element_has_a_short_form)
{
	char given[1024], *made;

	snprintf(given, sizeof given, HEAD "%s" TAIL, rows[_i].given);
	made = shrink(given);
	if (rows[_i].made == NULL)
		ck_assert_msg(made == NULL, "%s: %s", given, made);
	else
		ck_assert_msg(made != NULL && strstr(made, rows[_i].made),
		    "%s became %s", given, made);
	free(made);
}
END_TEST

START_TEST(a_drawing_that_is_cut_off_is_refused)
{
	static const char whole[] =
	    HEAD "<path stroke='black' d='M1,1 L2,1'/>\n<text>a</text>\n" TAIL;

	for (size_t i = 0; i < strlen(whole) - strlen("/svg>\n"); i++) {
		char given[sizeof whole] = "";

		memcpy(given, whole, i);
		ck_assert_msg(shrink(given) == NULL, "cut at %zu", i);
	}
}
END_TEST

START_TEST(a_dense_line_keeps_its_extremes)
{
	struct svg_line line = { 0 };
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	/* 8 points for each pixel, one of which is far above the others */
	for (int i = 0; i < 8000; i++)
		svg_line_add(&line, i / 4, i == 4001 ? 5 : 500 + i % 2);
	ck_assert(svg_line_thin(&line, false));
	ck_assert_uint_lt(line.count, 4000);
	svg_line_write(out, &line, false);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "v-495"));
	svg_line_clear(&line);
	free(text);
}
END_TEST

#define XMLNS "<svg xmlns=\"http://www.w3.org/2000/svg\">"

static const char *const hostile[] = { "<script>alert(1)</script>",
	"<path onclick=\"alert(1)\"/>", "<text\tOnLoad='alert(1)'>a</text>",
	"<g href=\"http://example.com/\"></g>", "<image/>",
	"<foreignObject></foreignObject>", "<path d=\"" };

START_TEST(drawings_of_a_page_have_identifiers_of_their_own)
{
	static const char pattern[] =
	    HEAD "<defs>\n<pattern id='gpPat1' width='8'>\n<path d='M0,0'/>\n"
		 "</pattern>\n</defs>\n"
		 "<polygon fill = 'url(#gpPat1)' "
		 "points = '1,8 2,8 2,4 1,4 '/>\n"
		 "<text>gp-1</text>" TAIL;
	char *made = shrink(pattern), *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	ck_assert_ptr_nonnull(made);
	ck_assert(report_plot_svg_embed(out, made, 12, "rates & \"faults\""));
	ck_assert(!report_plot_svg_embed(out, "<svg >", 12, ""));
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		char other[256];

		snprintf(other, sizeof other, "%s%s</svg>", XMLNS, hostile[i]);
		ck_assert_msg(!report_plot_svg_embed(out, other, 1, ""), "%s",
		    other);
	}
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "<pattern id=\"g12-1\""));
	ck_assert_ptr_nonnull(strstr(text, "fill=\"url(#g12-1)\""));
	ck_assert_ptr_nonnull(strstr(text, ">gp-1</text>"));
	ck_assert_ptr_nonnull(strstr(text,
	    "aria-label=\"rates &amp; &quot;faults&quot;\""));
	free(made);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("svg");
	TCase *tcase = tcase_create("svg");

	tcase_add_loop_test(tcase, each_element_has_a_short_form, 0, ROWS);
	tcase_add_test(tcase, a_drawing_that_is_cut_off_is_refused);
	tcase_add_test(tcase, a_dense_line_keeps_its_extremes);
	tcase_add_test(tcase, drawings_of_a_page_have_identifiers_of_their_own);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
