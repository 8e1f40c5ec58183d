/*
 * plot.c: the gnuplot script of a dump.
 *
 * The plot has two panels with one time axis: rates above, buffer fill below.
 * The lines of marks.c cross both.
 *
 * Text of users is in single quotes, and the terminal has no enhanced text, so
 * that gnuplot expands nothing.  All ranges are set: without data gnuplot
 * cannot find them and fails.
 */
#include "reports/plot/plot.h"

#include <math.h>

#include "reports/motion.h"
#include "reports/output.h"
#include "reports/plot/marks.h"
#include "reports/plot/motion.h"
#include "reports/plot/place.h"
#include "reports/rates.h"
#include "reports/text.h"

enum {
	STEPS_MANY = 300, /* more bins have thinner lines */
	TITLE_CHARS_MAX = 90
};

struct scale {
	double divisor;
	const char *unit;
};

/* The ranges and units of the plot. */
struct frame {
	double end_s;    /* end of the time axis; > 0 */
	double rate_max; /* end of the rate axis, in its unit; > 0 */
	struct scale time, rate;
	int height_px;
	bool rates_known;
	bool fill_known;
};

static struct scale scale_of_time(double end_s)
{
	if (end_s < 1e-3)
		return (struct scale){ 1e-6, "\xc2\xb5s" };
	if (end_s < 1)
		return (struct scale){ 1e-3, "ms" };
	if (end_s < 600)
		return (struct scale){ 1, "s" };
	if (end_s < 4 * 3600)
		return (struct scale){ 60, "min" };
	return (struct scale){ 3600, "h" };
}

static struct scale scale_of_rate(double max_bytes_per_s)
{
	if (max_bytes_per_s < 1e6)
		return (struct scale){ 1e3, "kB/s" };
	if (max_bytes_per_s < 1e9)
		return (struct scale){ 1e6, "MB/s" };
	return (struct scale){ 1e9, "GB/s" };
}

static struct frame frame_of(const struct results_dump *dump)
{
	struct frame frame = { .end_s = (double)dump->ended_ns / 1e9,
		.height_px = plot_height_px(dump) };
	double max = 0;

	for (size_t i = 0; i < series_intervals(&dump->series); i++) {
		struct rates rates = report_rates(dump, i);

		frame.rates_known |= !isnan(rates.tape_bytes_per_s);
		frame.fill_known |= !isnan(rates.fill_percent);
		max = fmax(max,
		    fmax(rates.feed_bytes_per_s, rates.tape_bytes_per_s));
		if (dump->series.has_drive)
			max = fmax(max,
			    report_motion(&dump->series, i).speed_bytes_per_s);
	}
	if (!(frame.end_s > 0))
		frame.end_s = 1;
	frame.time = scale_of_time(frame.end_s);
	frame.rate = scale_of_rate(max);
	frame.rate_max = max > 0 ? max * 1.12 / frame.rate.divisor : 1;
	return frame;
}

static void put_head(FILE *out, const struct results_scenario *scenario,
    const struct results_dump *dump, const struct frame *frame)
{
	char title[512];

	fputs("# throughput.gp: draws throughput.svg from throughput.tsv.\n"
	      "# In this folder: gnuplot throughput.gp\n\n"
	      "if (!exists('file')) file = 'throughput.svg'\n"
	      "set encoding utf8\n",
	    out);
	fprintf(out,
	    "set terminal svg size %d,%d noenhanced "
	    "font 'sans-serif,13' background '#ffffff'\n",
	    PLOT_WIDTH_PX, frame->height_px);
	fputs("set output file\n"
	      "set datafile separator \"\\t\"\n\n",
	    out);
	fprintf(out, "second = 1.0 / %g\t# unit of the time axis: %s\n",
	    frame->time.divisor, frame->time.unit);
	fprintf(out, "byte_per_s = 1.0 / %g\t# unit of the rate axis: %s\n",
	    frame->rate.divisor, frame->rate.unit);
	fprintf(out, "end = %.12g * second\n", frame->end_s);
	fprintf(out, "rate_max = %.6g\n\n", frame->rate_max);
	snprintf(title, sizeof(title), "%s%s%.200s", dump->name,
	    dump->name[0] != '\0' ? ": " : "",
	    report_text_chars(scenario->title) > 0 ? scenario->title
						   : scenario->name);
	fprintf(out, "set label 1 at screen 0.018, screen %.4f font ',16' ",
	    plot_screen(21, frame->height_px));
	report_text_gnuplot(out, title, TITLE_CHARS_MAX);
	fputs("\n\n", out);
}

/* Writes a plot element with a step for each bin; $last ends the last step. */
static void put_steps(FILE *out, const char *value, const char *style,
    const char *title)
{
	static const char *const sources[] = { "'throughput.tsv'", "$last" };

	for (size_t i = 0; i < 2; i++) {
		fprintf(out,
		    ", \\\n     %s using ($1 * second):(%s) "
		    "with %s ",
		    sources[i], value, style);
		if (i == 0 && title != NULL)
			fprintf(out, "title '%s'", title);
		else
			fputs("notitle", out);
	}
}

static void put_fill(FILE *out, bool many, bool of_drive)
{
	put_steps(out, "$4", "fillsteps fs solid 0.4 noborder lc '#009e73'",
	    NULL);
	put_steps(out, "$4",
	    many ? "steps lw 0.7 lc '#009e73'" : "steps lw 1.4 lc '#009e73'",
	    of_drive ? "host" : NULL);
	if (of_drive)
		put_steps(out, "$6", "steps lw 0.7 lc '#7b2d8e'", "drive");
}

/* Writes the last bin as two points, which give it a width. */
static void put_last(FILE *out, const struct results_dump *dump,
    const struct frame *frame)
{
	size_t last;

	if (!frame->rates_known)
		return;
	last = series_intervals(&dump->series) - 1;
	fputs("$last << END\n", out);
	report_rates_row(out, dump, last, report_rates(dump, last).begin_s);
	report_rates_row(out, dump, last, report_rates(dump, last).end_s);
	fputs("END\n", out);
}

static void put_rates_panel(FILE *out, const struct results_dump *dump,
    const struct frame *frame, const struct plot_marks *marks)
{
	bool many = series_intervals(&dump->series) > STEPS_MANY;

	report_plot_marks_names(out, dump, frame->end_s, frame->time.divisor,
	    frame->height_px);
	if (!frame->rates_known)
		fprintf(out,
		    "set label center at graph 0.5, graph 0.5 "
		    "font ',15' tc '#555555' '%s'\n",
		    series_intervals(&dump->series) == 0
			? "Nothing was written"
			: "No time passed: no rates");
	fprintf(out, "set ylabel '%s'\n", frame->rate.unit);
	fputs(frame->rates_known ? "set ytics autofreq\n" : "unset ytics\n",
	    out);
	plot_put_margins(out, 134, 369, frame->height_px);
	fputs("set format x ''\n"
	      "set yrange [0:rate_max]\n"
	      "top = rate_max\n"
	      "plot -1 notitle",
	    out);
	if (frame->rates_known) {
		put_steps(out, "$3 * byte_per_s",
		    "fillsteps fs solid 0.2 noborder lc '#0072b2'", NULL);
		put_steps(out, "$3 * byte_per_s",
		    many ? "steps lw 1.1 lc '#0072b2'"
			 : "steps lw 1.8 lc '#0072b2'",
		    "tape");
		put_steps(out, "$2 * byte_per_s",
		    many ? "steps lw 0.9 lc '#e69f00'"
			 : "steps lw 1.4 lc '#e69f00'",
		    "feed");
		if (dump->series.has_drive)
			put_steps(out, "$5 * byte_per_s",
			    "steps lw 1.2 dt (2,2) lc '#222222'", "medium");
	}
	report_plot_marks_lines(out, marks, true);
}

static void put_fill_panel(FILE *out, const struct results_dump *dump,
    const struct frame *frame, const struct plot_marks *marks)
{
	fputs("unset label\nunset object\n", out);
	fprintf(out, "set key at screen %g, screen %.4f top right horizontal\n",
	    PLOT_RIGHT, plot_screen(379, frame->height_px));
	if (!frame->fill_known)
		fputs("set label center at graph 0.5, graph 0.5 font ',13' "
		      "tc '#555555' 'unknown'\n",
		    out);
	plot_put_margins(out, 395, dump->series.has_drive ? 500 : 537,
	    frame->height_px);
	fputs("set ylabel 'buffer fill, %'\n"
	      "set yrange [0:112]\n"
	      "top = 112\n",
	    out);
	fputs(frame->fill_known ? "set ytics 0, 25, 100\n" : "unset ytics\n",
	    out);
	if (dump->ended_ns > 0 && !dump->series.has_drive)
		fprintf(out,
		    "set format x '%%g'\n"
		    "set xlabel 'time, %s' offset 0, 0.3\n",
		    frame->time.unit);
	fputs("plot -1 notitle", out);
	if (frame->fill_known)
		put_fill(out, series_intervals(&dump->series) > STEPS_MANY,
		    dump->series.drive_buffer_bytes > 0);
	report_plot_marks_lines(out, marks, false);
}

int report_plot_script(const struct results_scenario *scenario,
    const struct results_dump *dump, const char *dir, char *err,
    size_t err_bytes)
{
	struct frame frame = frame_of(dump);
	struct plot_marks marks;
	struct output output;
	FILE *out;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	out = output.text;
	put_head(out, scenario, dump, &frame);
	report_plot_marks_data(out, dump, frame.end_s, &marks);
	put_last(out, dump, &frame);
	fprintf(out,
	    "\nset multiplot\n"
	    "set lmargin at screen %g\n"
	    "set rmargin at screen %g\n"
	    "set xrange [0:end]\n"
	    "set border 3 lc '#555555'\n"
	    "set tics nomirror out scale 0.6 tc '#333333'\n"
	    "set grid ytics lt 1 lw 0.5 lc '#e4e4e4'\n"
	    "set key at screen %g, screen %.4f top right horizontal "
	    "Left reverse samplen 2.5 tc '#333333'\n",
	    PLOT_LEFT, PLOT_RIGHT, PLOT_RIGHT,
	    plot_screen(30, frame.height_px));
	put_rates_panel(out, dump, &frame, &marks);
	put_fill_panel(out, dump, &frame, &marks);
	if (dump->series.has_drive && series_intervals(&dump->series) > 0)
		plot_put_motion(out, dump, frame.time.unit);
	fputs("unset multiplot\n"
	      "set output\n",
	    out);
	return report_output_commit(&output, dir, "throughput.gp", err,
	    err_bytes);
}
