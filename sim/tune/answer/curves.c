/* curves.c: see curves.h. */
#include "sim/tune/answer/curves.h"

#include <math.h>
#include <string.h>

#include "reports/output.h"
#include "reports/plot/gnuplot.h"
#include "sim/tune/answer/curves_impl.h"

static const struct curve {
	const char *name, *caption;
	/* Writes the script.  Returns false if there is nothing to draw. */
	bool (*put)(FILE *out, const struct tune_study *study);
} curves[] = {
	[TUNE_CURVE_THROUGHPUT] = { "throughput",
	    "Throughput over each varied setting, with a line for each value "
	    "of another one. The ring is the recommendation, a diamond the "
	    "first value that is as good as the best of its line; settings "
	    "that are not shown are as recommended.",
	    tune_curve_throughput },
	[TUNE_CURVE_STOPS] = { "stops",
	    "All stops of the tape in an hour (for lack of data, for filemarks and "
	    "to change speed), over the same settings: wear, which the "
	    "throughput does not show.",
	    tune_curve_stops },
	[TUNE_CURVE_MAP] = { "map",
	    "Left: throughput of each pair of settings. Right: memory and "
	    "throughput of all points; the line joins those that no point with "
	    "less memory beats.",
	    tune_curve_map },
	[TUNE_CURVE_FEED] = { "feed",
	    "The recommended settings with sources of constant rates. The "
	    "vertical lines are the speeds of the drive.",
	    tune_curve_feed },
};

/*
 * Writes one script and runs it.  Returns 0, or -1 with a message if the script
 * cannot be written.
 */
static int draw(const struct tune_study *study, enum tune_curve id,
    const char *folder, struct tune_plots *plots, char *err, size_t err_bytes)
{
	const struct curve *curve = &curves[id];
	struct gnuplot_plot plot;
	struct output output;
	char name[32];

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	snprintf(name, sizeof name, "%s.gp", curve->name);
	fprintf(output.text, "# %s: draws %s.svg.\n", name, curve->name);
	if (!curve->put(output.text, study)) {
		report_output_drop(&output);
		report_gnuplot_leave(folder, curve->name, "no data", &plot);
		return 0;
	}
	if (report_output_commit(&output, folder, name, err, err_bytes) != 0)
		return -1;
	report_gnuplot_draw(folder, curve->name, &plot);
	plots->drawn[id] = plot.drawn;
	if (!plot.drawn)
		snprintf(plots->why, sizeof plots->why, "%.*s",
		    (int)sizeof plots->why - 1, plot.why);
	return 0;
}

int tune_curves_draw(const struct tune_study *study, const char *folder,
    struct tune_plots *plots, char *err, size_t err_bytes)
{
	for (size_t i = 0; i < TUNE_CURVES; i++)
		if (draw(study, (enum tune_curve)i, folder, plots, err,
			err_bytes) != 0)
			return -1;
	return 0;
}

void tune_curves_add(const struct tune_plots *plots, enum tune_curve curve,
    struct tune_doc *doc)
{
	char file[32];

	if (!plots->drawn[curve])
		return;
	snprintf(file, sizeof file, "%s.svg", curves[curve].name);
	tune_doc_cells(doc, TUNE_DOC_PLOT,
	    (const char *[]){ file, curves[curve].caption, NULL });
}
