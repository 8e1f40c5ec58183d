/* curves.c: see curves.h. */
#include "sim/calibrate/files/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/output.h"
#include "reports/plot/gnuplot.h"

/* How a curve is drawn. */
static const struct look {
	const char *name, *x, *y, *caption;
	double x_scale, y_scale; /* what the numbers are divided by */
	bool log_x, log_y;
	/* The model at each x is a line; otherwise a mark for each point. */
	bool line;
} looks[CALIBRATE_CURVES] = {
	[CALIBRATE_CURVE_BLOCKS] = { "blocks", "block, KiB", "ms",
	    "Time of a write while the buffer has room: a constant (the "
	    "command) and the bytes by the rate of the bus.",
	    1024, 1e-3, true, true, true },
	[CALIBRATE_CURVE_SYNC] = { "sync", "MB between two filemarks", "s",
	    "From filemark to filemark: at 0 the backhitch, and the slope is "
	    "the highest speed.",
	    1e6, 1, false, false, true },
	[CALIBRATE_CURVE_THRESHOLD] = { "threshold", "feed, MB/s",
	    "MB until the host waits",
	    "Bytes from standstill until the host first waits: they give the "
	    "level at which the tape starts.",
	    1e6, 1e6, false, false, false },
	[CALIBRATE_CURVE_SPEEDS] = { "speeds", "feed, MB/s", "speed, MB/s",
	    "The speed of the tape by the feed: steps are the speeds of the "
	    "drive, and their places the rule.",
	    1e6, 1e6, false, false, true },
	[CALIBRATE_CURVE_HITCH] = { "hitch", "speed, MB/s", "backhitch, s",
	    "The backhitch at each speed: a constant and a part in proportion "
	    "to the speed.",
	    1e6, 1, false, false, true },
	[CALIBRATE_CURVE_LOCATE] = { "locate",
	    "distance along the tape, of its length", "s",
	    "Locates between files: the lines of points are moves within a "
	    "wrap, to other wraps and to another direction.",
	    1, 1, false, false, false },
	[CALIBRATE_CURVE_REWIND] = { "rewind",
	    "distance from the beginning, of the length", "s",
	    "Rewinds from several places.", 1, 1, false, false, true },
	[CALIBRATE_CURVE_RATES] = { "rates", "block, KiB", "MB/s",
	    "Rate by block size, as fast as the drive takes it; the beginning, "
	    "which fills the buffer, is part of it.",
	    1024, 1e6, true, false, true },
	[CALIBRATE_CURVE_HOLD] = { "hold", "feed, MB/s", "accepted, MB/s",
	    "What the drive accepts of a steady feed between two speeds.", 1e6,
	    1e6, false, false, false },
};

const char *calibrate_curve_name(enum calibrate_curve curve)
{
	return looks[curve].name;
}

const char *calibrate_curve_caption(enum calibrate_curve curve)
{
	return looks[curve].caption;
}

static int by_x(const void *a, const void *b)
{
	const struct calibrate_point *p = a, *q = b;

	return p->x < q->x ? -1 : p->x > q->x;
}

static void put_number(FILE *out, double value, double scale)
{
	if (isnan(value) || value < 0)
		fputs(" NaN", out);
	else
		fprintf(out, " %.6g", value / scale);
}

/* Returns 0, or -1 without memory. */
static int put_data(FILE *out, const struct look *look,
    const struct calibrate_series *s)
{
	struct calibrate_point *sorted = calloc(s->count, sizeof *sorted);

	if (sorted == NULL)
		return -1;
	memcpy(sorted, s->points, s->count * sizeof *sorted);
	qsort(sorted, s->count, sizeof *sorted, by_x);
	fputs("$points << END\n", out);
	for (size_t i = 0; i < s->count; i++) {
		put_number(out, sorted[i].x, look->x_scale);
		put_number(out, sorted[i].measured, look->y_scale);
		put_number(out, sorted[i].model, look->y_scale);
		fputc('\n', out);
	}
	fputs("END\n", out);
	free(sorted);
	return 0;
}

static int put_script(FILE *out, const struct look *look,
    const struct calibrate_series *s)
{
	fprintf(out,
	    "# In this folder: gnuplot %s.gp\n\n"
	    "if (!exists('file')) file = '%s.svg'\n"
	    "set encoding utf8\n"
	    "set terminal svg size 720,420 noenhanced font 'sans-serif,15' "
	    "background '#ffffff'\n"
	    "set output file\n"
	    "set datafile missing 'NaN'\n"
	    "set border 3 lc '#555555'\n"
	    "set tics nomirror out scale 0.6 tc '#333333'\n"
	    "set grid ytics lt 1 lw 0.5 lc '#e4e4e4'\n"
	    "set key outside top horizontal Left reverse samplen 1.5 "
	    "tc '#333333'\n"
	    "set xlabel '%s'\nset ylabel '%s'\n",
	    look->name, look->name, look->x, look->y);
	if (look->log_x)
		fputs("set logscale x 2\n", out);
	else
		fputs("set xrange [0:*]\n", out);
	if (look->log_y)
		fputs("set logscale y\n", out);
	else
		fputs("set yrange [0:*]\n", out);
	if (put_data(out, look, s) != 0)
		return -1;
	fprintf(out,
	    "plot $points using 1:3 with %s title 'model', "
	    "$points using 1:2 with points pt 7 ps 0.6 lc '#d55e00' "
	    "title 'measured'\n"
	    "set output\n",
	    look->line ? "lines lw 1.8 lc '#0072b2'"
		       : "points pt 6 ps 1.3 lw 1.6 lc '#0072b2'");
	return 0;
}

static int draw(const struct calibrate_series *s, enum calibrate_curve curve,
    const char *folder, struct calibrate_plots *plots, char *err,
    size_t err_bytes)
{
	const struct look *look = &looks[curve];
	struct gnuplot_plot plot;
	struct output output;
	char name[32];

	if (s->count < 2) {
		report_gnuplot_leave(folder, look->name, "no data", &plot);
		return 0;
	}
	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	snprintf(name, sizeof name, "%s.gp", look->name);
	fprintf(output.text, "# %s: draws %s.svg.\n", name, look->name);
	if (put_script(output.text, look, s) != 0) {
		report_output_drop(&output);
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	if (report_output_commit(&output, folder, name, err, err_bytes) != 0)
		return -1;
	report_gnuplot_draw(folder, look->name, &plot);
	plots->drawn[curve] = plot.drawn;
	if (!plot.drawn)
		snprintf(plots->why, sizeof plots->why, "%.*s",
		    (int)sizeof plots->why - 1, plot.why);
	return 0;
}

int calibrate_curves_draw(const struct calibrate_result *result,
    const char *folder, struct calibrate_plots *plots, char *err,
    size_t err_bytes)
{
	memset(plots, 0, sizeof *plots);
	for (int i = 0; i < CALIBRATE_CURVES; i++)
		if (draw(&result->curves[i], (enum calibrate_curve)i, folder,
			plots, err, err_bytes) != 0)
			return -1;
	return 0;
}
