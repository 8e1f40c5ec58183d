/* drives.c: the table of drives of a scenario. */
#include "reports/html/impl.h"

#include <inttypes.h>

#include "reports/text.h"
#include "reports/units.h"

static void put_time(FILE *out, int64_t ns)
{
	char text[UNITS_BYTES];

	report_html_cell(out, "num",
	    ns > 0 ? units_time(text, (double)ns / 1e9) : "");
}

static void put_drive(FILE *out, const struct results_drive *d)
{
	const int64_t *ns = d->sums.motion_ns;
	char text[UNITS_BYTES];

	fputs("<tr class=\"drive\"><th scope=\"row\" class=\"name\">", out);
	report_text_html(out, d->model);
	fprintf(out,
	    "</th><td class=\"num\">%" PRIu64 "</td>"
	    "<td class=\"num\">%" PRIu64 "</td>"
	    "<td class=\"num\">%" PRIu64 "</td>",
	    d->sums.stops_for_data, d->sums.stops_for_filemarks,
	    d->sums.stops_forced);
	put_time(out, ns[SERIES_STREAMING]);
	put_time(out, ns[SERIES_BACKHITCH]);
	put_time(out, ns[SERIES_STANDING]);
	put_time(out, ns[SERIES_TURNING]);
	put_time(out, ns[SERIES_LOCATING] + ns[SERIES_READING]);
	put_time(out,
	    ns[SERIES_LOADING] + ns[SERIES_REWINDING] + ns[SERIES_UNLOADING]);
	fputs("</tr>\n", out);
	if (d->speeds_count == 0)
		return;
	fputs("<tr class=\"speeds\"><td></td><td colspan=\"9\">At each speed: ",
	    out);
	for (size_t i = 0; i < d->speeds_count; i++) {
		fprintf(out, "%s<span>%s ", i > 0 ? ", " : "",
		    units_rate(text, (double)d->speeds[i].bytes_per_s));
		fprintf(out, "<small>%s</small></span>",
		    units_time(text, (double)d->speeds[i].ns / 1e9));
	}
	fputs("</td></tr>\n", out);
}

/* Returns whether a drive did something: one that takes no time did not. */
static bool has_moved(const struct results_scenario *s)
{
	for (size_t i = 0; i < s->motions_count; i++)
		for (int m = 0; m < SERIES_MOTIONS; m++)
			if (s->motions[i].sums.motion_ns[m] > 0)
				return true;
	return false;
}

void report_html_drives(FILE *out, const struct results_scenario *s)
{
	if (!has_moved(s))
		return;
	report_html_begin_table(out, "Drives", s->motions_count,
	    "<th scope=\"col\">Model</th>"
	    "<th scope=\"col\" class=\"num\">Stops for data</th>"
	    "<th scope=\"col\" class=\"num\">For filemarks</th>"
	    "<th scope=\"col\" class=\"num\">To change speed</th>"
	    "<th scope=\"col\" class=\"num\">Streams</th>"
	    "<th scope=\"col\" class=\"num\">Backhitch</th>"
	    "<th scope=\"col\" class=\"num\">Stands</th>"
	    "<th scope=\"col\" class=\"num\">Turns</th>"
	    "<th scope=\"col\" class=\"num\">Locates, reads</th>"
	    "<th scope=\"col\" class=\"num\">Loads, rewinds, unloads</th>");
	for (size_t i = 0; i < s->motions_count; i++)
		put_drive(out, &s->motions[i]);
	report_html_end_table(out);
}
