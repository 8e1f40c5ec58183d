/* curves_feed.c: the recommended settings with sources of other rates. */
#include <math.h>

#include "sim/tune/answer/curves_impl.h"
#include "sim/tune/speed.h"

/* Writes the lines for the speeds of the drive, as data after compression. */
static void put_speeds(FILE *out, const struct tune_study *study)
{
	const struct model_medium *m =
	    &study->base.scenario->drives[0]->media[0];
	double ratio =
	    tune_lowest_speed(study) / (double)m->speeds_bytes_per_s[0];

	for (size_t i = 0; i < m->speeds; i++) {
		double x = (double)m->speeds_bytes_per_s[i] * ratio / 1e6;

		fprintf(out,
		    "set arrow from first %.6g, graph 0 to first %.6g, graph 1 "
		    "nohead lw 0.6 lc '#cccccc' back\n",
		    x, x);
	}
}

static void put_data(FILE *out, const struct tune_study *study)
{
	fputs("$feeds << END\n", out);
	for (size_t i = 0; i < study->feeds_count; i++) {
		const struct tune_feed *f = &study->feeds[i];
		const double *of = f->record->figures.of;
		double hours = of[TUNE_DURATION] / 3600;

		if (f->record->problem != NULL)
			continue;
		fprintf(out, "%.6g %.6g ", (double)f->bytes_per_s / 1e6,
		    of[TUNE_RATE] / 1e6);
		if (isnan(of[TUNE_STOPS_DATA]))
			fputs("NaN NaN NaN\n", out);
		else
			fprintf(out, "%.6g %.6g %.6g\n",
			    of[TUNE_STOPS_DATA] / hours,
			    of[TUNE_STOPS_MARK] / hours,
			    of[TUNE_STOPS_FORCED] / hours);
	}
	fputs("END\n", out);
}

bool tune_curve_feed(FILE *out, const struct tune_study *study)
{
	double feed = tune_mean_feed(&study->chosen) / 1e6;
	bool stops = !isnan(study->chosen.of[TUNE_STOPS_DATA].mean);

	if (study->feeds_count == 0)
		return false;
	tune_curve_begin(out, "feed", CURVE_HEIGHT_PX);
	fputs("set tmargin 2.5\n", out); /* for the name of the source */
	put_data(out, study);
	put_speeds(out, study);
	fprintf(out,
	    "set xrange [0:%.6g]\nset yrange [0:*]\n"
	    "set xlabel 'rate of the source, MB/s'\n",
	    tune_highest_speed(study) * TUNE_FEED_TOP / 100e6);
	if (isfinite(feed))
		fprintf(out,
		    "set arrow from first %.6g, graph 0 to first %.6g, graph 1 "
		    "nohead lw 1.4 dt 2 lc '#d55e00'\n"
		    "set label 'this source' at first %.6g, graph 1.04 center "
		    "tc '#d55e00'\n",
		    feed, feed, feed);
	fputs("set key off\n", out);
	if (stops)
		fputs("set multiplot layout 1,2\n", out);
	fputs("set ylabel 'throughput, MB/s'\n"
	      "plot $feeds using 1:2 with linespoints pt 7 ps 0.5 lw 1.6 "
	      "lc '#0072b2'\n",
	    out);
	if (stops)
		fputs("set ylabel 'stops an hour'\n"
		      "set key at graph 0.98, graph 0.96 right top\n"
		      "plot $feeds using 1:3 with linespoints pt 7 ps 0.5 "
		      "lw 1.6 lc '#0072b2' title 'for lack of data', "
		      "$feeds using 1:4 with linespoints pt 5 ps 0.5 lw 1.6 "
		      "lc '#e69f00' title 'for filemarks', "
		      "$feeds using 1:5 with linespoints pt 9 ps 0.5 lw 1.6 "
		      "lc '#000000' title 'to change speed'\n"
		      "unset multiplot\n",
		    out);
	fputs("set output\n", out);
	return true;
}
