/*
 * readings.c: what drives and cartridges reported of the volumes of a dump.
 *
 * A table has the numbers that tell whether something went wrong.  All others
 * are in a second table, which is closed at first.
 */
#include "reports/html/impl.h"

#include <inttypes.h>

#include "reports/words.h"

enum {
	VOLUMES_MAX = 100, /* rows of the first table */
	ROWS_MAX = 400     /* of the second */
};

/* Log pages: errors of writing and of reading; corrected, uncorrected. */
static const char *const corrected[] = { "02h/0003", "03h/0003" };
static const char *const uncorrected[] = { "02h/0006", "03h/0006" };

static size_t count_reported(const struct results_dump *d)
{
	size_t reported = 0;

	for (size_t i = 0; i < d->volumes_count; i++)
		reported += d->volumes[i].reported;
	return reported;
}

/* Returns by how much a number has grown; one that was cleared counts from 0. */
static uint64_t growth(const struct results_volume *v, const char *source)
{
	const struct results_reading *r = results_find_reading(v, source);

	if (r == NULL)
		return 0;
	return r->has_before && r->before <= r->after ? r->after - r->before
						      : r->after;
}

static void put_growth(FILE *out, const struct results_volume *v,
    const char *const sources[2])
{
	fprintf(out, "<td class=\"num\">%" PRIu64 " + %" PRIu64 "</td>",
	    growth(v, sources[0]), growth(v, sources[1]));
}

static void put_volume(const struct html *html, const struct results_volume *v)
{
	const struct results_reading *loads =
	    results_find_reading(v, "MAM 0003");
	bool wrong = *report_words_or_empty(v->errors) != '\0';
	FILE *out = html->out;

	fprintf(out, "<tr%s><th scope=\"row\" class=\"name\">",
	    wrong ? " class=\"failed\"" : "");
	report_html_name(out, v->barcode);
	fputs("</th><td>", out);
	report_html_name(out, v->serial);
	fputs("</td>", out);
	if (loads != NULL)
		fprintf(out, "<td class=\"num\">%" PRIu64 "</td>",
		    loads->after);
	else
		fputs("<td class=\"num\">unknown</td>", out);
	report_html_size_cell(html, growth(v, "0Ch/0000"));
	put_growth(out, v, corrected);
	put_growth(out, v, uncorrected);
	fputs("<td class=\"why\">", out);
	report_html_name(out,
	    *report_words_or_empty(v->alerts_after) != '\0' ? v->alerts_after
							    : "none");
	fputs("</td></tr>\n", out);
}

static void put_reading(FILE *out, const struct results_volume *v,
    const struct results_reading *r)
{
	const char *unit = report_words_or_empty(r->unit);

	fputs("<tr><th scope=\"row\" class=\"name\">", out);
	report_html_name(out, v->barcode);
	fputs("</th><td>", out);
	report_html_name(out, r->source);
	fputs("</td><td class=\"why\">", out);
	report_html_name(out, r->name);
	if (*unit != '\0') {
		fputs(", ", out);
		report_html_name(out, unit);
	}
	if (r->has_before)
		fprintf(out, "</td><td class=\"num\">%" PRIu64, r->before);
	else
		fputs("</td><td class=\"num\">unknown", out);
	fprintf(out, "</td><td class=\"num\">%" PRIu64 "</td></tr>\n",
	    r->after);
}

static void put_all(FILE *out, const struct results_dump *d)
{
	size_t rows = 0, written = 0;

	for (size_t i = 0; i < d->volumes_count; i++)
		rows += d->volumes[i].readings_count;
	fprintf(out,
	    "<details>\n<summary><h3>All counters <small>%zu</small></h3>"
	    "</summary>\n<div class=\"wide\"><table>\n<thead><tr>"
	    "<th scope=\"col\">Volume</th><th scope=\"col\">Source</th>"
	    "<th scope=\"col\">What</th>"
	    "<th scope=\"col\" class=\"num\">After the load</th>"
	    "<th scope=\"col\" class=\"num\">Before the unload</th>"
	    "</tr></thead>\n<tbody>\n",
	    rows);
	for (size_t i = 0; i < d->volumes_count; i++)
		for (size_t j = 0; j < d->volumes[i].readings_count; j++)
			if (written < ROWS_MAX) {
				put_reading(out, &d->volumes[i],
				    &d->volumes[i].readings[j]);
				written++;
			}
	fputs("</tbody>\n</table></div>\n", out);
	if (written < rows)
		fprintf(out,
		    "<p class=\"note\">%zu more rows are in "
		    "results.json.</p>\n",
		    rows - written);
	fputs("</details>\n", out);
}

void report_html_readings(const struct html *html, const struct results_dump *d)
{
	size_t reported = count_reported(d), rows = 0;
	FILE *out = html->out;

	if (reported == 0)
		return;
	report_html_begin_table(out, "Drive and cartridges", reported,
	    "<th scope=\"col\">Volume</th>"
	    "<th scope=\"col\">Serial number</th>"
	    "<th scope=\"col\" class=\"num\">Loads in life</th>"
	    "<th scope=\"col\" class=\"num\">Received</th>"
	    "<th scope=\"col\" class=\"num\">Corrected errors</th>"
	    "<th scope=\"col\" class=\"num\">Uncorrected errors</th>"
	    "<th scope=\"col\">TapeAlert flags</th>");
	for (size_t i = 0; i < d->volumes_count && rows < VOLUMES_MAX; i++)
		if (d->volumes[i].reported) {
			put_volume(html, &d->volumes[i]);
			rows++;
		}
	report_html_end_table(out);
	fputs("<p class=\"note\">Bytes and errors from the load to the unload; "
	      "errors of writing + of reading.</p>\n",
	    out);
	for (size_t i = 0; i < d->volumes_count; i++)
		if (*report_words_or_empty(d->volumes[i].errors) != '\0') {
			fputs("<p class=\"note\">Warning: ", out);
			report_html_name(out, d->volumes[i].errors);
			fputs(".</p>\n", out);
		}
	put_all(out, d);
}
