/* place.c: where the panels of a plot are. */
#include "reports/plot/place.h"

enum { HEIGHT_PX = 600, HEIGHT_WITH_MOTION_PX = 940 };

int plot_height_px(const struct results_dump *dump)
{
	return dump->series.has_drive && series_intervals(&dump->series) > 0
	    ? HEIGHT_WITH_MOTION_PX
	    : HEIGHT_PX;
}

double plot_screen(int from_top_px, int height_px)
{
	return 1 - (double)from_top_px / height_px;
}

void plot_put_margins(FILE *out, int top_px, int bottom_px, int height_px)
{
	fprintf(out,
	    "set tmargin at screen %.4f\n"
	    "set bmargin at screen %.4f\n",
	    plot_screen(top_px, height_px), plot_screen(bottom_px, height_px));
}
