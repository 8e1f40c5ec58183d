/* map.c: the volumes as bars, with the attempts on them. */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text.h"
#include "reports/units.h"
#include "reports/words.h"

enum {
	VOLUMES_MAX = 24,   /* beyond these, only what is not closed well */
	ATTEMPTS_MANY = 200 /* from then on committed neighbours are joined */
};

static bool on_volume(const struct results_attempt *attempt,
    const struct results_volume *volume)
{
	return strcmp(report_words_or_empty(attempt->volume),
		   report_words_or_empty(volume->barcode)) == 0;
}

/* Returns whether the volume was loaded before: a volume is drawn only once. */
static bool seen_before(const struct results_dump *s, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (strcmp(report_words_or_empty(s->volumes[j].barcode),
			report_words_or_empty(s->volumes[i].barcode)) == 0)
			return true;
	}
	return false;
}

/* Returns the length of a bar in bytes: at least the data on the volume. */
static double length_of(const struct results_dump *s,
    const struct results_volume *volume)
{
	double bytes = 0;

	for (size_t i = 0; i < s->attempts_count; i++) {
		if (on_volume(&s->attempts[i], volume))
			bytes += (double)s->attempts[i].bytes;
	}
	if (bytes < (double)volume->written_bytes)
		bytes = (double)volume->written_bytes;
	if (bytes < (double)volume->capacity_bytes)
		bytes = (double)volume->capacity_bytes;
	return bytes;
}

/* Attempts [first, end) that are drawn as one piece. */
struct piece {
	size_t first, end;
	double bytes;
};

/*
 * Reads the next piece of a volume from attempt `from` on: one attempt, or
 * several committed ones where there are many.  Returns false after the last.
 */
static bool next_piece(const struct results_dump *s,
    const struct results_volume *volume, size_t from, bool join,
    struct piece *piece)
{
	while (from < s->attempts_count &&
	    !on_volume(&s->attempts[from], volume))
		from++;
	*piece = (struct piece){ .first = from, .end = from };
	while (piece->end < s->attempts_count) {
		const struct results_attempt *a = &s->attempts[piece->end];

		if (!on_volume(a, volume) ||
		    (piece->end > from &&
			(!join || !a->committed ||
			    !s->attempts[from].committed)))
			break;
		piece->bytes += (double)a->bytes;
		piece->end++;
	}
	return piece->end > from;
}

static void put_piece(FILE *out, const struct results_dump *s,
    const struct piece *piece, double share)
{
	const struct results_attempt *a = &s->attempts[piece->first];
	uint64_t last = s->attempts[piece->end - 1].part;
	char exact[UNITS_BYTES];

	fprintf(out, "<i class=\"%s%s\" style=\"width:%.4g%%\" title=\"",
	    a->committed ? "kept" : "lost",
	    a->committed && a->part % 2 == 0 ? " even" : "", share);
	if (last > a->part)
		fprintf(out, "parts %" PRIu64 " to %" PRIu64, a->part, last);
	else
		fprintf(out, "part %" PRIu64 ", attempt %" PRIu64 ": %s, ",
		    a->part, a->attempt,
		    units_size_grouped(exact, (uint64_t)piece->bytes));
	if (last == a->part)
		report_text_html(out, report_words_end(a));
	fputs("\">", out);
	if (last > a->part && share > 12)
		fprintf(out, "%" PRIu64 "\xe2\x80\x93%" PRIu64, a->part, last);
	else if (last == a->part && share > 4)
		fprintf(out, "%" PRIu64, a->part);
	fputs("</i>", out);
}

/* Returns whether a strike is on this volume, at a place that is known. */
static bool strikes_on(const struct results_strike *s,
    const struct results_volume *volume)
{
	return s->on_medium &&
	    strcmp(report_words_or_empty(s->volume),
		report_words_or_empty(volume->barcode)) == 0;
}

/* Marks where faults struck on a volume: the first strike of each. */
static void put_strikes(const struct html *html,
    const struct results_volume *volume, double length)
{
	const struct results_scenario *s = html->scenario;

	for (size_t i = 0; i < s->faults_count; i++)
		for (size_t j = 0; j < s->faults[i].places_count; j++) {
			const struct results_strike *at =
			    &s->faults[i].places[j];
			double share = 100 * (double)at->medium_byte / length;

			if (!strikes_on(at, volume))
				continue;
			fprintf(html->out,
			    "<b style=\"left:%.4g%%\" title=\"fault F%zu, line "
			    "%d\">F%zu</b>",
			    share < 100 ? share : 100, i + 1, s->faults[i].line,
			    i + 1);
			break;
		}
}

static void put_volume(const struct html *html, const struct results_dump *s,
    const struct results_volume *volume, double length, double longest)
{
	FILE *out = html->out;
	struct piece piece;
	bool join = s->attempts_count > ATTEMPTS_MANY;

	fputs("<div class=\"name\">", out);
	report_html_name(out, volume->barcode);
	fprintf(out,
	    "</div><div class=\"tape\" style=\"width:%.4g%%\">"
	    "<div class=\"bar\">",
	    100 * length / longest);
	for (size_t at = 0; next_piece(s, volume, at, join, &piece);
	     at = piece.end)
		put_piece(out, s, &piece, 100 * piece.bytes / length);
	fputs("</div>", out);
	put_strikes(html, volume, length);
	fputs("</div><div class=\"closed\">", out);
	report_text_html(out, volume->closed);
	fputs("</div>\n", out);
}

/* Returns the greatest length of a volume. */
static double longest_of(const struct results_dump *s)
{
	double longest = 0;

	for (size_t i = 0; i < s->volumes_count; i++) {
		double length = length_of(s, &s->volumes[i]);

		longest = length > longest ? length : longest;
	}
	return longest;
}

static void put_head(FILE *out, bool faults)
{
	fputs("<h3>Layout of the volumes</h3>\n<p class=\"key\">"
	      "<span><i class=\"kept\"></i><i class=\"kept even\"></i> "
	      "committed part</span> "
	      "<span><i class=\"lost\"></i> failed attempt</span> "
	      "<span><i class=\"rest\"></i> not written</span>",
	    out);
	fputs(faults ? " <span><b>F1</b> a fault struck here</span></p>\n"
		     : "</p>\n",
	    out);
}

void report_html_map(const struct html *html, const struct results_dump *s)
{
	double longest = longest_of(s);
	size_t drawn = 0, left_out = 0;
	FILE *out = html->out;

	if (longest == 0)
		return;
	put_head(out, html->scenario->faults_count > 0);
	fputs("<div class=\"map\">\n", out);
	for (size_t i = 0; i < s->volumes_count; i++) {
		const struct results_volume *v = &s->volumes[i];
		double length = length_of(s, v);

		if (length <= 0 || seen_before(s, i))
			continue;
		if (drawn >= VOLUMES_MAX && report_words_closed_well(v)) {
			left_out++;
			continue;
		}
		put_volume(html, s, v, length, longest);
		drawn++;
	}
	fputs("</div>\n", out);
	if (left_out > 0)
		fprintf(out,
		    "<p class=\"quiet\">%zu more volumes were closed as "
		    "good or full.</p>\n",
		    left_out);
}
