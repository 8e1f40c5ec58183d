/*
 * attempts.c: the tables of attempts and of volumes.
 *
 * A dump of 300 parts has 300 rows that say the same.  Neighbours that are
 * alike are one row; all of them follow below, closed at first, if they are not
 * too many for a page.
 */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text.h"
#include "reports/words.h"

enum {
	ALIKE_LEAST = 4,  /* fewer rows that are alike stay apart */
	GROUPS_MAX = 120, /* rows of a table */
	LISTED_MAX = 400  /* attempts that are listed one by one besides */
};

static bool same(const char *a, const char *b)
{
	return strcmp(report_words_or_empty(a), report_words_or_empty(b)) == 0;
}

/* Returns whether `b` follows `a` and differs from it only in its place. */
static bool is_alike(const struct results_attempt *a,
    const struct results_attempt *b)
{
	return a->committed && b->committed && a->bytes == b->bytes &&
	    a->part + 1 == b->part && a->attempt == 1 && b->attempt == 1 &&
	    same(a->end, b->end);
}

/* Returns the end of the group of attempts that begins at `first`. */
static size_t end_of_group(const struct results_dump *d, size_t first)
{
	size_t end = first + 1;

	while (end < d->attempts_count &&
	    is_alike(&d->attempts[end - 1], &d->attempts[end]))
		end++;
	return end - first < ALIKE_LEAST ? first + 1 : end;
}

static size_t count_groups(const struct results_dump *d)
{
	size_t count = 0;

	for (size_t i = 0; i < d->attempts_count; i = end_of_group(d, i))
		count++;
	return count;
}

/* Writes "TL0001" or "TL0001 to TL0004" as a cell. */
static void put_range(FILE *out, const char *first, const char *last)
{
	fputs("<td class=\"name\">", out);
	report_html_name(out, first);
	if (!same(first, last)) {
		fputs(" to ", out);
		report_html_name(out, last);
	}
	fputs("</td>", out);
}

static void put_part(FILE *out, const struct results_attempt *a, size_t count)
{
	fprintf(out, "<tr%s><th scope=\"row\" class=\"part\">%" PRIu64,
	    a->committed ? "" : " class=\"failed\"", a->part);
	if (count > 1)
		fprintf(out, "\xe2\x80\x93%" PRIu64, a->part + count - 1);
	if (a->attempt > 1)
		fprintf(out, " <small>attempt&#160;%" PRIu64 "</small>",
		    a->attempt);
	fputs("</th>", out);
}

/* Writes why attempts ended; those that failed say what was reported. */
static void put_end(FILE *out, const struct results_attempt *a)
{
	const char *message = report_words_or_empty(a->message);

	fputs("<td class=\"why\">", out);
	report_text_html(out, a->end);
	fputs(" <small>", out);
	report_html_name(out, *message != '\0' ? message : report_words_end(a));
	fputs("</small></td>", out);
}

/* Writes the attempts [first, end), which are alike, as a row. */
static void put_group(const struct html *html, const struct results_dump *d,
    size_t first, size_t end)
{
	const struct results_attempt *a = &d->attempts[first];
	FILE *out = html->out;
	char text[UNITS_BYTES], most[UNITS_BYTES];
	double least_s = a->seconds, most_s = a->seconds, all_s = 0, bytes = 0;

	for (size_t i = first; i < end; i++) {
		double s = d->attempts[i].seconds;

		least_s = s < least_s ? s : least_s;
		most_s = s > most_s ? s : most_s;
		all_s += s;
		bytes += (double)d->attempts[i].bytes;
	}
	put_part(out, a, end - first);
	put_range(out, a->volume, d->attempts[end - 1].volume);
	report_html_size_cell(html, a->bytes);
	put_end(out, a);
	units_time(text, least_s);
	units_time(most, most_s);
	fprintf(out, "<td class=\"num\">%s", text);
	if (strcmp(text, most) != 0)
		fprintf(out, "<br>to %s", most);
	fputs("</td>", out);
	report_html_cell(out, "num",
	    all_s > 0 ? units_rate(text, bytes / all_s) : "");
	fputs("</tr>\n", out);
}

/* Writes all attempts as lines of text. */
static void put_list(const struct html *html, const struct results_dump *d)
{
	FILE *out = html->out;
	char size[UNITS_BYTES], time[UNITS_BYTES];

	fprintf(out,
	    "<details class=\"list\">\n<summary>Each of the %zu "
	    "attempts</summary>\n<pre>",
	    d->attempts_count);
	for (size_t i = 0; i < d->attempts_count; i++) {
		const struct results_attempt *a = &d->attempts[i];

		fprintf(out, "%5" PRIu64 "  ", a->part);
		report_text_html(out, a->volume);
		fprintf(out, "  file %" PRIu64 "  %s  ", a->file,
		    report_html_size(html, size, a->bytes));
		report_text_html(out, report_words_end(a));
		fprintf(out, "  %s\n", units_time(time, a->seconds));
	}
	fputs("</pre>\n</details>\n", out);
}

void report_html_attempts(const struct html *html, const struct results_dump *d)
{
	FILE *out = html->out;
	size_t groups = count_groups(d), written = 0, next;

	if (d->attempts_count == 0)
		return;
	fprintf(out,
	    "<h3>Attempts <small>%zu</small></h3>\n"
	    "<div class=\"wide\"><table>\n<thead><tr>"
	    "<th scope=\"col\">Part</th><th scope=\"col\">Volume</th>"
	    "<th scope=\"col\" class=\"num\">Size</th>"
	    "<th scope=\"col\">End</th>"
	    "<th scope=\"col\" class=\"num\">Duration</th>"
	    "<th scope=\"col\" class=\"num\">Rate</th></tr></thead>\n<tbody>\n",
	    d->attempts_count);
	for (size_t i = 0; i < d->attempts_count; i = next) {
		next = end_of_group(d, i);
		/* Failed ones are listed in any case, within reason. */
		if (written < GROUPS_MAX ||
		    (!d->attempts[i].committed && written < 2 * GROUPS_MAX)) {
			put_group(html, d, i, next);
			written++;
		}
	}
	fputs("</tbody>\n</table></div>\n", out);
	if (written < groups)
		fprintf(out,
		    "<p class=\"note\">%zu more rows are in "
		    "attempts.tsv.</p>\n",
		    groups - written);
	if (groups < d->attempts_count && d->attempts_count <= LISTED_MAX)
		put_list(html, d);
}

static bool is_alike_volume(const struct results_volume *a,
    const struct results_volume *b)
{
	return report_words_closed_well(a) && report_words_closed_well(b) &&
	    same(a->closed, b->closed) && same(a->reason, b->reason) &&
	    a->capacity_bytes == b->capacity_bytes;
}

static size_t end_of_volumes(const struct results_dump *d, size_t first)
{
	size_t end = first + 1;

	while (end < d->volumes_count &&
	    is_alike_volume(&d->volumes[first], &d->volumes[end]))
		end++;
	return end - first < ALIKE_LEAST ? first + 1 : end;
}

/* Writes the volumes [first, end), which are alike, as a row. */
static void put_volume(const struct html *html, const struct results_dump *d,
    size_t first, size_t end)
{
	const struct results_volume *v = &d->volumes[first];
	FILE *out = html->out;
	uint64_t written = 0;

	for (size_t i = first; i < end; i++)
		written += d->volumes[i].written_bytes;
	fprintf(out, "<tr%s>",
	    report_words_closed_well(v) ? "" : " class=\"failed\"");
	put_range(out, v->barcode, d->volumes[end - 1].barcode);
	fprintf(out, "<td class=\"num\">%zu</td>", end - first);
	if (v->capacity_bytes == 0)
		fputs("<td class=\"num\">unknown</td>", out);
	else
		report_html_size_cell(html, v->capacity_bytes);
	report_html_size_cell(html, written);
	report_html_cell(out, "", v->closed);
	fputs("<td class=\"why\">", out);
	report_html_name(out, v->reason);
	fputs("</td></tr>\n", out);
}

void report_html_volumes(const struct html *html, const struct results_dump *d)
{
	FILE *out = html->out;
	size_t rows = 0, next;

	if (d->volumes_count == 0)
		return;
	for (size_t i = 0; i < d->volumes_count; i = end_of_volumes(d, i))
		rows++;
	report_html_begin_table(out, "Volumes", rows,
	    "<th scope=\"col\">Volume</th>"
	    "<th scope=\"col\" class=\"num\">Loads</th>"
	    "<th scope=\"col\" class=\"num\">Capacity</th>"
	    "<th scope=\"col\" class=\"num\">Written</th>"
	    "<th scope=\"col\">State</th><th scope=\"col\">Reason</th>");
	rows = 0;
	for (size_t i = 0; i < d->volumes_count && rows < GROUPS_MAX;
	     i = next) {
		next = end_of_volumes(d, i);
		put_volume(html, d, i, next);
		rows++;
	}
	report_html_end_table(out);
}
