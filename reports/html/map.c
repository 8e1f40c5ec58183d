/* map.c: the volumes as bars, with the attempts on them. */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text.h"
#include "reports/units.h"
#include "reports/words.h"

/* More volumes than this are drawn side by side. */
enum { VOLUMES_DENSE = 24 };

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

static void put_attempt(FILE *out, const struct results_attempt *a,
    double share)
{
	char exact[UNITS_BYTES];

	fprintf(out,
	    "<i class=\"%s%s\" style=\"width:%.3f%%\" "
	    "title=\"part %" PRIu64 ", attempt %" PRIu64 ": %s, ",
	    a->committed ? "kept" : "lost",
	    a->committed && a->part % 2 == 0 ? " even" : "", share, a->part,
	    a->attempt, units_size_grouped(exact, a->bytes));
	report_text_html(out, report_words_end(a));
	fputs("\">", out);
	if (share > 4)
		fprintf(out, "%" PRIu64, a->part);
	fputs("</i>", out);
}

static void put_volume(FILE *out, const struct results_dump *s,
    const struct results_volume *volume, double length, double longest)
{
	fputs("<div class=\"name\">", out);
	report_text_html(out, volume->barcode);
	fprintf(out, "</div><div><div class=\"bar\" style=\"width:%.3f%%\">",
	    100 * length / longest);
	for (size_t i = 0; i < s->attempts_count; i++) {
		const struct results_attempt *a = &s->attempts[i];

		if (on_volume(a, volume))
			put_attempt(out, a, 100 * (double)a->bytes / length);
	}
	fputs("</div></div><div class=\"closed\">", out);
	report_text_html(out, volume->closed);
	fputs("</div>\n", out);
}

void report_html_map(FILE *out, const struct results_dump *s)
{
	double longest = 0;

	for (size_t i = 0; i < s->volumes_count; i++) {
		double length = length_of(s, &s->volumes[i]);

		longest = length > longest ? length : longest;
	}
	if (longest == 0)
		return;
	fprintf(out,
	    "<h3>Layout of the volumes</h3>\n<p class=\"key\">"
	    "<i class=\"kept\"></i><i class=\"kept even\"></i>"
	    "&#160;committed&#160;part "
	    "<i class=\"lost\"></i>&#160;failed&#160;attempt "
	    "<i class=\"rest\"></i>&#160;not&#160;written</p>\n"
	    "<div class=\"map%s\" tabindex=\"0\" role=\"group\" "
	    "aria-label=\"Volumes and the parts on them; "
	    "the tables below have the same data\">\n",
	    s->volumes_count > VOLUMES_DENSE ? " dense" : "");
	for (size_t i = 0; i < s->volumes_count; i++) {
		double length = length_of(s, &s->volumes[i]);

		if (!seen_before(s, i) && length > 0)
			put_volume(out, s, &s->volumes[i], length, longest);
	}
	fputs("</div>\n", out);
}
