/* files.c: see files.h. */
#include "sim/tune/answer/files.h"
#include "sim/tune/answer/impl.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "reports/html/page.h"
#include "reports/output.h"
#include "reports/text.h"
#include "reports/write/folder.h"
#include "sim/tune/points/journal.h"
#include "sim/tune/points/json.h"

static int write_answer(const struct tune_doc *doc, const char *folder,
    char *err, size_t err_bytes)
{
	struct output output;

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	tune_doc_print(doc, output.text);
	return report_output_commit(&output, folder, "answer.txt", err,
	    err_bytes);
}

static int write_page(const struct tune_plan *plan, const struct tune_doc *doc,
    const char *folder, char *err, size_t err_bytes)
{
	const char *title = plan->scenario->title;
	struct output output;

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	report_html_page_begin(output.text, title);
	fputs("<header>\n<h1>", output.text);
	report_text_html(output.text, title);
	fputs("</h1>\n<p><a href=\"answer.txt\">as text</a>, all points: "
	      "<a href=\"points.tsv\">TSV</a>, "
	      "<a href=\"points.json\">JSON</a></p>\n</header>\n<main>\n",
	    output.text);
	tune_doc_html(doc, output.text);
	fputs("</main>\n", output.text);
	report_html_page_end(output.text);
	return report_output_commit(&output, folder, "index.html", err,
	    err_bytes);
}

static void put_point(FILE *out, const struct tune_candidate *c)
{
	char value[TUNE_TEXT_BYTES];

	for (size_t i = 0; i < TUNE_AXES; i++)
		if (i == TUNE_CACHE || i == TUNE_COMPRESSION)
			fprintf(out, "%s%s", i > 0 ? "\t" : "",
			    tune_axis_text((enum tune_axis)i,
				c->settings.value[i], value));
		else
			fprintf(out, "%s%" PRIu64, i > 0 ? "\t" : "",
			    c->settings.value[i]);
	for (size_t i = 0; i < TUNE_FIGURES; i++)
		if (c->problem != NULL || isnan(c->figures.of[i]))
			fputc('\t', out);
		else
			fprintf(out, "\t%.10g", c->figures.of[i]);
	fputc('\t', out);
	report_text_tsv(out, c->problem);
	fputc('\n', out);
}

static int write_tsv(const struct tune_study *study, const char *folder,
    char *err, size_t err_bytes)
{
	struct output output;

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	for (size_t i = 0; i < TUNE_AXES; i++)
		fprintf(output.text, "%s%s", i > 0 ? "\t" : "",
		    tune_axis_name((enum tune_axis)i));
	for (size_t i = 0; i < TUNE_FIGURES; i++)
		fprintf(output.text, "\t%s",
		    tune_figure_name((enum tune_figure)i));
	fputs("\tproblem\n", output.text);
	for (size_t i = 0; i < study->points_count; i++)
		put_point(output.text, &study->points[i]);
	return report_output_commit(&output, folder, "points.tsv", err,
	    err_bytes);
}

static json_t *settings_json(const struct tune_settings *settings, bool *failed)
{
	json_t *map = json_object();
	char value[TUNE_TEXT_BYTES];

	for (size_t i = 0; i < TUNE_AXES; i++)
		tune_json_put(map, tune_axis_name((enum tune_axis)i),
		    i == TUNE_CACHE || i == TUNE_COMPRESSION
			? json_string(tune_axis_text((enum tune_axis)i,
			      settings->value[i], value))
			: json_integer((json_int_t)settings->value[i]),
		    failed);
	return map;
}

static json_t *point_json(const struct tune_candidate *c, bool *failed)
{
	json_t *map = settings_json(&c->settings, failed), *figures;

	if (c->problem != NULL) {
		tune_json_put(map, "problem", json_string(c->problem), failed);
		return map;
	}
	figures = json_object();
	for (size_t i = 0; i < TUNE_FIGURES; i++)
		tune_json_put(figures, tune_figure_name((enum tune_figure)i),
		    isnan(c->figures.of[i]) ? json_null()
					    : json_real(c->figures.of[i]),
		    failed);
	tune_json_put(map, "figures", figures, failed);
	return map;
}

/* Returns the text of points.json, which the caller frees, or NULL. */
static char *points_text(const struct tune_plan *plan)
{
	const struct tune_study *study = &plan->study;
	json_t *root = json_object(), *points = json_array();
	bool failed = false;
	char *text = NULL;

	tune_json_put(root, "format", json_integer(TUNE_JOURNAL_FORMAT),
	    &failed);
	tune_json_put(root, "digest", json_string(plan->digest), &failed);
	if (study->choice.chosen != TUNE_NO_POINT)
		tune_json_put(root, "recommended",
		    settings_json(&study->chosen.settings, &failed), &failed);
	for (size_t i = 0; i < study->points_count; i++)
		tune_json_append(points, point_json(&study->points[i], &failed),
		    &failed);
	tune_json_put(root, "points", points, &failed);
	if (!failed)
		text = tune_json_text(root, JSON_INDENT(1));
	json_decref(root);
	return text;
}

static int write_json(const struct tune_plan *plan, const char *folder,
    char *err, size_t err_bytes)
{
	struct output output;
	char *text = points_text(plan);

	if (text == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	if (report_output_open(&output, err, err_bytes) != 0) {
		free(text);
		return -1;
	}
	fprintf(output.text, "%s\n", text);
	free(text);
	return report_output_commit(&output, folder, "points.json", err,
	    err_bytes);
}

int tune_files_prepare(const char *folder, char *err, size_t err_bytes)
{
	static const struct report_sign signs[] = {
		{ TUNE_JOURNAL_NAME, "{\"tune\":\"" },
		{ "points.json", "{\n \"format\": " },
		{ NULL, NULL },
	};
	static const char *const names[] = { "answer.txt", "answer.yaml",
		"index.html", "points.tsv", "points.json", "throughput.gp",
		"throughput.svg", "stops.gp", "stops.svg", "map.gp", "map.svg",
		"feed.gp", "feed.svg", "hour", NULL };

	return report_output_folder(folder, err, err_bytes) != 0
	    ? -1
	    : report_check_files(folder, folder, signs, names, err, err_bytes);
}

int tune_files_write(const struct tune_plan *plan, const struct tune_doc *doc,
    const char *folder, char *missing, size_t missing_bytes, char *err,
    size_t err_bytes)
{
	return write_answer(doc, folder, err, err_bytes) == 0 &&
		write_page(plan, doc, folder, err, err_bytes) == 0 &&
		write_tsv(&plan->study, folder, err, err_bytes) == 0 &&
		write_json(plan, folder, err, err_bytes) == 0 &&
		tune_scenario_write(plan, folder, missing, missing_bytes, err,
		    err_bytes) == 0
	    ? 0
	    : -1;
}
