/*
 * faults.c: the faults of a scenario, where they struck, and what went wrong.
 *
 * A fault has the name F1, F2, ... in the order of the scenario, also in the
 * map of the volumes.  An event of a dump has the number of the plot.
 */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text.h"
#include "reports/words.h"

enum { STRIKES_SHOWN = 4, EVENTS_MAX = 40 };

/* Writes where a fault struck: "12.3 s, part 3, TL0002 at 1 GiB". */
static void put_strike(const struct html *html, const struct results_strike *s)
{
	FILE *out = html->out;
	char text[UNITS_BYTES];

	fputs(s->reading_back ? "while reading back"
			      : units_time(text, (double)s->at_ns / 1e9),
	    out);
	if (s->dump > 0 && s->dump <= html->scenario->dumps_count) {
		const struct results_dump *d =
		    &html->scenario->dumps[s->dump - 1];

		if (html->scenario->dumps_count > 1) {
			fputs(", dump ", out);
			report_html_name(out, d->name);
		}
		if (s->attempt > 0 && s->attempt <= d->attempts_count)
			fprintf(out, ", part %" PRIu64 ", attempt %" PRIu64,
			    d->attempts[s->attempt - 1].part,
			    d->attempts[s->attempt - 1].attempt);
	}
	if (*report_words_or_empty(s->volume) != '\0') {
		fputs(", volume ", out);
		report_html_name(out, s->volume);
	}
	if (s->on_medium)
		fprintf(out, " at %s",
		    report_html_size(html, text, s->medium_byte));
	if (s->drive > 0)
		fprintf(out, ", drive %" PRIu64, s->drive);
	if (s->in_dump)
		fprintf(out, ", byte %s of the dump",
		    report_html_size(html, text, s->dump_byte));
}

static void put_places(const struct html *html, const struct results_fault *f)
{
	FILE *out = html->out;

	for (size_t i = 0; i < f->places_count && i < STRIKES_SHOWN; i++) {
		fputs(i > 0 ? "<br>" : "", out);
		put_strike(html, &f->places[i]);
	}
	if (f->strikes > STRIKES_SHOWN)
		fprintf(out, "<br>and %" PRIu64 " more",
		    f->strikes - STRIKES_SHOWN);
}

static void put_fault(const struct html *html, size_t i)
{
	const struct results_fault *f = &html->scenario->faults[i];
	bool right = results_fault_is_right(f);
	FILE *out = html->out;

	fprintf(out, "<tr class=\"%s\"><td class=\"mark\">%s&#160;F%zu</td>",
	    right ? "passed" : "failed",
	    right ? "\xe2\x9c\x93" : "\xe2\x9c\x97", i + 1);
	fputs("<th scope=\"row\"><code>", out);
	report_html_name(out, f->text);
	fputs("</code></th>", out);
	if (f->strikes == 0)
		fprintf(out, "<td>never%s</td><td></td>",
		    f->unreached ? ", as expected" : "");
	else
		fprintf(out, "<td>%" PRIu64 "&#160;time%s%s</td><td>",
		    f->strikes, f->strikes == 1 ? "" : "s",
		    f->unreached ? ", but <code>unreached</code>" : "");
	if (f->strikes > 0) {
		put_places(html, f);
		fputs("</td>", out);
	}
	fprintf(out, "<td class=\"num\">%d</td></tr>\n", f->line);
}

void report_html_faults(const struct html *html)
{
	FILE *out = html->out;

	if (html->scenario->faults_count == 0)
		return;
	report_html_begin_table(out, "Faults", html->scenario->faults_count,
	    "<th scope=\"col\">Name</th><th scope=\"col\">Fault</th>"
	    "<th scope=\"col\">Struck</th><th scope=\"col\">Where</th>"
	    "<th scope=\"col\" class=\"num\">Line</th>");
	for (size_t i = 0; i < html->scenario->faults_count; i++)
		put_fault(html, i);
	report_html_end_table(out);
}

/* Writes a row for the events [first, last], which have one text. */
static void put_event(FILE *out, const struct results_mark *mark, size_t first,
    size_t last)
{
	char time[UNITS_BYTES];

	fprintf(out, "<tr><td class=\"num\">%zu", first);
	if (last > first)
		fprintf(out, "\xe2\x80\x93%zu", last);
	fprintf(out, "</td><td class=\"num\">%s</td><td class=\"why\">",
	    units_time(time, (double)mark->at_ns / 1e9));
	report_html_name(out, mark->label);
	fputs("</td></tr>\n", out);
}

static size_t next_fault(const struct results_dump *d, size_t from)
{
	while (from < d->marks_count &&
	    d->marks[from].kind != RESULTS_MARK_FAULT)
		from++;
	return from;
}

static bool same_label(const struct results_mark *a,
    const struct results_mark *b)
{
	return strcmp(report_words_or_empty(a->label),
		   report_words_or_empty(b->label)) == 0;
}

void report_html_events(const struct html *html, const struct results_dump *d)
{
	FILE *out = html->out;
	size_t count = 0, number = 1, rows = 0, at = next_fault(d, 0);

	for (size_t i = at; i < d->marks_count; i = next_fault(d, i + 1))
		count++;
	if (count == 0)
		return;
	report_html_begin_table(out, "What went wrong", count,
	    "<th scope=\"col\" class=\"num\">Number</th>"
	    "<th scope=\"col\" class=\"num\">Time</th>"
	    "<th scope=\"col\">Event</th>");
	while (at < d->marks_count && rows < EVENTS_MAX) {
		const struct results_mark *mark = &d->marks[at];
		size_t first = number;

		do {
			at = next_fault(d, at + 1);
			number++;
		} while (at < d->marks_count &&
		    same_label(mark, &d->marks[at]));
		put_event(out, mark, first, number - 1);
		rows++;
	}
	if (number <= count)
		fprintf(out,
		    "<tr><td></td><td></td><td>and %zu more</td></tr>\n",
		    count - number + 1);
	report_html_end_table(out);
}
