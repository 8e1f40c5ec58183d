/* page.c: see page.h. */
#include "sim/calibrate/files/page.h"

#include <inttypes.h>
#include <string.h>

#include "reports/html/page.h"
#include "reports/output.h"
#include "reports/text.h"
#include "reports/units.h"
#include "reports/write/folder.h"
#include "sim/calibrate/files/curves.h"
#include "sim/calibrate/files/journal.h"
#include "sim/calibrate/files/profile.h"
#include "sim/tune/answer/doc.h"

enum { CELL_BYTES = 64 };

/* What the page is written from. */
struct page {
	const struct calibrate_config *config;
	const struct calibrate_result *result;
	const struct calibrate_about *about;
	const struct calibrate_plots *plots; /* NULL: none */
	struct tune_doc *doc;
};

static size_t count(const struct page *p, enum calibrate_found found)
{
	size_t n = 0;

	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		n += p->result->of[i].found == found;
	return n;
}

static void add_head(const struct page *p)
{
	const struct calibrate_about *a = p->about;
	size_t bad = count(p, CALIBRATE_NO_FIT);

	tune_doc_add(p->doc, TUNE_DOC_HEADING, "Result");
	if (a->virtual_drive)
		tune_doc_add(p->doc, TUNE_DOC_STRONG,
		    "VIRTUAL DRIVE: these are the times of a program, not of a "
		    "drive.");
	if (bad > 0)
		tune_doc_add(p->doc, TUNE_DOC_STRONG,
		    "The drive does not fit the model in %zu of its constants: "
		    "see below.",
		    bad);
	tune_doc_add(p->doc, TUNE_DOC_TEXT,
	    "%s %s, firmware %s, with volume %s: %zu constants were found, %zu "
	    "cannot be found on this drive, %zu do not fit the model, and %zu "
	    "were not measured.",
	    a->maker, a->product, a->firmware, a->volume,
	    count(p, CALIBRATE_FOUND), count(p, CALIBRATE_CANNOT), bad,
	    count(p, CALIBRATE_NOT_ASKED));
}

static void add_found(const struct page *p)
{
	const struct calibrate_result *r = p->result;
	char value[CELL_BYTES], spread[CELL_BYTES], expected[CELL_BYTES];
	char samples[CELL_BYTES];

	tune_doc_add(p->doc, TUNE_DOC_HEADING, "Constants");
	tune_doc_cells(p->doc, TUNE_DOC_HEADER,
	    (const char *[]){ "constant", "value", "spread", "samples",
		p->about->base_name, NULL });
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++) {
		const struct calibrate_value *v = &r->of[i];
		enum calibrate_unit unit = calibrate_unit_of(i);
		bool word = unit == CALIBRATE_RULES || unit == CALIBRATE_YES_NO;

		if (v->found != CALIBRATE_FOUND)
			continue;
		calibrate_format(value, sizeof value, unit, v->value);
		calibrate_format(spread, sizeof spread, unit, v->spread);
		calibrate_format(expected, sizeof expected, unit,
		    calibrate_expected(p->config->base, p->config->medium, i));
		snprintf(samples, sizeof samples, "%zu", v->samples);
		tune_doc_cells(p->doc, TUNE_DOC_ROW,
		    (const char *[]){ calibrate_title(i), value,
			word ? "-" : spread, samples, expected, NULL });
	}
	tune_doc_add(p->doc, TUNE_DOC_TEXT,
	    "The spread is the standard error of a line through the samples, "
	    "half the range of the samples, or half the interval that is left; "
	    "the profile says which for each constant. The last column is what "
	    "was expected.");
	if (r->of[CALIBRATE_RULE].why[0] != '\0' &&
	    r->of[CALIBRATE_RULE].found == CALIBRATE_FOUND)
		tune_doc_add(p->doc, TUNE_DOC_TEXT, "The rule %s: %s.",
		    calibrate_rule_name((enum model_rule)r->of[CALIBRATE_RULE]
					    .value),
		    r->of[CALIBRATE_RULE].why);
}

static void add_reasons(const struct page *p, enum calibrate_found found,
    const char *heading)
{
	if (count(p, found) == 0)
		return;
	tune_doc_add(p->doc, TUNE_DOC_HEADING, "%s", heading);
	tune_doc_cells(p->doc, TUNE_DOC_HEADER,
	    (const char *[]){ "constant", "why", NULL });
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		if (p->result->of[i].found == found)
			tune_doc_cells(p->doc, TUNE_DOC_ROW,
			    (const char *[]){ calibrate_title(i),
				p->result->of[i].why[0] != '\0'
				    ? p->result->of[i].why
				    : "its recipe was not run",
				NULL });
}

static void add_speeds(const struct page *p)
{
	const struct calibrate_result *r = p->result;
	char number[CELL_BYTES], speed[CELL_BYTES], spread[CELL_BYTES];

	if (r->speeds_count == 0)
		return;
	tune_doc_add(p->doc, TUNE_DOC_HEADING, "Speeds");
	tune_doc_cells(p->doc, TUNE_DOC_HEADER,
	    (const char *[]){ "no.", "speed", "half the range", NULL });
	for (size_t i = 0; i < r->speeds_count; i++) {
		snprintf(number, sizeof number, "%zu", i + 1);
		calibrate_format(speed, sizeof speed, CALIBRATE_BYTES_PER_S,
		    r->speeds[i]);
		calibrate_format(spread, sizeof spread, CALIBRATE_BYTES_PER_S,
		    r->speeds_spread[i]);
		tune_doc_cells(p->doc, TUNE_DOC_ROW,
		    (const char *[]){ number, speed, spread, NULL });
	}
}

static void add_rates(const struct page *p)
{
	const struct calibrate_result *r = p->result;
	const struct calibrate_series *s = &r->curves[CALIBRATE_CURVE_RATES];
	char block[UNITS_BYTES], measured[UNITS_BYTES], model[UNITS_BYTES];
	char forward[UNITS_BYTES], reverse[UNITS_BYTES];

	if (s->count == 0)
		return;
	tune_doc_add(p->doc, TUNE_DOC_HEADING, "Rates");
	tune_doc_cells(p->doc, TUNE_DOC_HEADER,
	    (const char *[]){ "block", "measured", "model", NULL });
	for (size_t i = 0; i < s->count; i++)
		tune_doc_cells(p->doc, TUNE_DOC_ROW,
		    (const char *[]){
			units_size(block, (uint64_t)s->points[i].x),
			units_rate(measured, s->points[i].measured),
			units_rate(model, s->points[i].model), NULL });
	if (r->forward_bytes_per_s > 0 && r->reverse_bytes_per_s > 0)
		tune_doc_add(p->doc, TUNE_DOC_TEXT,
		    "A whole wrap away from the beginning, with its turn: %s; "
		    "a wrap back: %s.",
		    units_rate(forward, r->forward_bytes_per_s),
		    units_rate(reverse, r->reverse_bytes_per_s));
	tune_doc_add(p->doc, TUNE_DOC_TEXT,
	    "An immediate filemark takes %s, a synchronised one with nothing "
	    "buffered %s; with data it takes their time and a backhitch, which "
	    "follows.",
	    units_time(measured, r->filemark_s),
	    units_time(model, r->empty_sync_s));
	if (r->repositions >= 0)
		tune_doc_add(p->doc, TUNE_DOC_TEXT,
		    "The drive counted %.0f repositions during the steady "
		    "feeds.",
		    r->repositions);
}

static void add_plots(const struct page *p)
{
	char file[32];

	if (p->plots == NULL)
		return;
	tune_doc_add(p->doc, TUNE_DOC_HEADING, "Model and measurement");
	if (p->plots->why[0] != '\0')
		tune_doc_add(p->doc, TUNE_DOC_TEXT, "A plot is missing: %s.",
		    p->plots->why);
	for (int i = 0; i < CALIBRATE_CURVES; i++) {
		if (!p->plots->drawn[i])
			continue;
		snprintf(file, sizeof file, "%s.svg", calibrate_curve_name(i));
		tune_doc_cells(p->doc, TUNE_DOC_PLOT,
		    (const char *[]){ file, calibrate_curve_caption(i), NULL });
	}
}

static void add_about(const struct page *p)
{
	const struct calibrate_about *a = p->about;
	const char *rows[][2] = { { "drive", a->where }, { "maker", a->maker },
		{ "product", a->product }, { "firmware", a->firmware },
		{ "serial number", a->serial }, { "volume", a->volume },
		{ "cartridge", a->cartridge },
		{ "medium", p->config->medium->medium },
		{ "expected", a->base_name }, { "tapelab", a->version },
		{ "command", a->command } };
	char bytes[UNITS_BYTES];

	tune_doc_add(p->doc, TUNE_DOC_HEADING, "What was measured");
	tune_doc_cells(p->doc, TUNE_DOC_HEADER,
	    (const char *[]){ "what", "value", NULL });
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i][1][0] != '\0')
			tune_doc_cells(p->doc, TUNE_DOC_ROW,
			    (const char *[]){ rows[i][0], rows[i][1], NULL });
	tune_doc_cells(p->doc, TUNE_DOC_ROW,
	    (const char *[]){ "written by this run",
		units_size_decimal(bytes, p->result->written_bytes), NULL });
}

static void make_doc(const struct page *p)
{
	add_head(p);
	add_found(p);
	add_reasons(p, CALIBRATE_NO_FIT, "Does not fit the model");
	add_reasons(p, CALIBRATE_CANNOT, "Cannot be found");
	add_reasons(p, CALIBRATE_NOT_ASKED, "Not measured");
	add_speeds(p);
	add_rates(p);
	add_plots(p);
	add_about(p);
}

void calibrate_print(const struct calibrate_config *config,
    const struct calibrate_result *result, const struct calibrate_about *about,
    FILE *out)
{
	struct tune_doc doc = { .blocks = NULL };
	const struct page p = { config, result, about, NULL, &doc };

	make_doc(&p);
	tune_doc_print(&doc, out);
	tune_doc_clear(&doc);
}

static int write_page(const struct page *p, const char *folder, char *err,
    size_t err_bytes)
{
	struct output output;

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	report_html_page_begin(output.text, "Calibration of a drive");
	fputs("<header>\n<h1>Calibration: ", output.text);
	report_text_html(output.text, p->about->product);
	fputs("</h1>\n<p>The drive profile: <a href=\"profile.yaml\">YAML</a>; "
	      "all samples: <a href=\"calibrate.jsonl\">JSON lines</a>; this "
	      "page <a href=\"calibration.txt\">as text</a></p>\n</header>\n"
	      "<main>\n",
	    output.text);
	tune_doc_html(p->doc, output.text);
	fputs("</main>\n", output.text);
	report_html_page_end(output.text);
	return report_output_commit(&output, folder, "index.html", err,
	    err_bytes);
}

static int write_text(const struct page *p, const char *folder, char *err,
    size_t err_bytes)
{
	struct output output;

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	tune_doc_print(p->doc, output.text);
	return report_output_commit(&output, folder, "calibration.txt", err,
	    err_bytes);
}

static int write_profile(const struct page *p, const char *folder, char *err,
    size_t err_bytes)
{
	struct output output;

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	calibrate_profile_write(output.text, p->config, p->result, p->about);
	return report_output_commit(&output, folder, CALIBRATE_PROFILE_NAME,
	    err, err_bytes);
}

int calibrate_files_prepare(const char *folder, char *err, size_t err_bytes)
{
	static const struct report_sign signs[] = {
		{ CALIBRATE_JOURNAL_NAME, "{\"calibrate\":" },
		{ NULL, NULL },
	};
	static const char *const names[] = { CALIBRATE_PROFILE_NAME,
		"index.html", "calibration.txt", "blocks.gp", "blocks.svg",
		"sync.gp", "sync.svg", "threshold.gp", "threshold.svg",
		"speeds.gp", "speeds.svg", "hitch.gp", "hitch.svg", "locate.gp",
		"locate.svg", "rewind.gp", "rewind.svg", "rates.gp",
		"rates.svg", "hold.gp", "hold.svg", NULL };

	return report_output_folder(folder, err, err_bytes) != 0
	    ? -1
	    : report_check_files(folder, folder, signs, names, err, err_bytes);
}

int calibrate_files_write(const struct calibrate_config *config,
    const struct calibrate_result *result, const struct calibrate_about *about,
    const char *folder, char *err, size_t err_bytes)
{
	struct tune_doc doc = { .blocks = NULL };
	struct calibrate_plots plots;
	const struct page p = { config, result, about, &plots, &doc };
	int rc = -1;

	if (calibrate_curves_draw(result, folder, &plots, err, err_bytes) != 0)
		return -1;
	make_doc(&p);
	if (tune_doc_failed(&doc))
		snprintf(err, err_bytes, "out of memory");
	else if (write_profile(&p, folder, err, err_bytes) == 0 &&
	    write_text(&p, folder, err, err_bytes) == 0 &&
	    write_page(&p, folder, err, err_bytes) == 0)
		rc = 0;
	tune_doc_clear(&doc);
	return rc;
}
