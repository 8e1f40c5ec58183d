/*
 * curves_sweep.c: throughput and stops over the varied settings, as lines and
 * as colours.
 *
 * Values of a setting are at equal distances, because they are steps of a
 * geometric row.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/tune/answer/curves_impl.h"

static const char *const colours[CURVE_LINES_MAX] = { "#0072b2", "#e69f00",
	"#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#b2a300",
	"#5e3c99" };

void tune_curve_begin(FILE *out, const char *name, int height_px)
{
	fprintf(out,
	    "# In this folder: gnuplot %s.gp\n\n"
	    "if (!exists('file')) file = '%s.svg'\n"
	    "set encoding utf8\n"
	    "set terminal svg size %d,%d noenhanced font 'sans-serif,13' "
	    "background '#ffffff'\n"
	    "set output file\n"
	    "set datafile missing 'NaN'\n"
	    "set border 3 lc '#555555'\n"
	    "set tics nomirror out scale 0.6 tc '#333333'\n"
	    "set grid ytics lt 1 lw 0.5 lc '#e4e4e4'\n"
	    "set key outside right top Left reverse samplen 1.5 "
	    "tc '#333333'\n",
	    name, name, CURVE_WIDTH_PX, height_px);
}

size_t tune_curve_axes(const struct tune_study *study, enum tune_axis axes[2])
{
	static const enum tune_axis order[] = { TUNE_BUFFER, TUNE_PART,
		TUNE_BLOCK, TUNE_START_FILL, TUNE_DRIVES };
	size_t count = 0;

	for (size_t i = 0; i < sizeof order / sizeof *order && count < 2; i++)
		if (study->sweep.values[order[i]].count > 1)
			axes[count++] = order[i];
	return count;
}

void tune_curve_tics(FILE *out, const char *of, const struct tune_study *study,
    enum tune_axis axis)
{
	const struct tune_values *v = &study->sweep.values[axis];
	size_t step = (v->count + 11) / 12;
	char text[TUNE_TEXT_BYTES];

	fprintf(out, "set %stics (", of);
	for (size_t i = 0; i < v->count; i += step)
		fprintf(out, "%s'%s' %zu", i > 0 ? ", " : "",
		    tune_axis_text(axis, v->list[i], text), i);
	fprintf(out, ")%s\nset %slabel '%s'\n",
	    *of == 'x' ? " rotate by -40" : "", of, tune_axis_title(axis));
}

size_t tune_curve_chosen(const struct tune_study *study, enum tune_axis axis)
{
	const struct tune_values *v = &study->sweep.values[axis];
	size_t i = 0;

	while (i + 1 < v->count &&
	    v->list[i] != study->chosen.settings.value[axis])
		i++;
	return i;
}

const struct tune_candidate *tune_curve_point(const struct tune_study *study,
    const enum tune_axis axes[2], const uint64_t values[2])
{
	struct tune_settings settings = study->chosen.settings;

	settings.value[axes[0]] = values[0];
	settings.value[axes[1]] = values[1];
	for (size_t i = 0; i < study->points_count; i++)
		if (tune_settings_same(&study->points[i].settings, &settings))
			return study->points[i].problem == NULL
			    ? &study->points[i]
			    : NULL;
	return NULL;
}

static double rate_of(const struct tune_candidate *c)
{
	return c == NULL ? NAN : c->figures.of[TUNE_RATE] / 1e6;
}

static double stops_of(const struct tune_candidate *c)
{
	if (c == NULL || isnan(c->figures.of[TUNE_STOPS_DATA]))
		return NAN;
	return tune_stops(&c->figures) * 3600 / c->figures.of[TUNE_DURATION];
}

/* What a plot shows. */
struct show {
	const struct tune_study *study;
	double (*value)(const struct tune_candidate *c);
	const char *label;
	bool has_knees;
};

static void put_number(FILE *out, double value)
{
	if (isnan(value))
		fputs("NaN", out);
	else
		fprintf(out, "%.6g", value);
}

/* Returns the place in the list of the Nth line; the chosen one is drawn. */
static size_t line_at(const struct show *show, enum tune_axis axis, size_t n,
    size_t lines)
{
	size_t count = show->study->sweep.values[axis].count;
	size_t chosen = tune_curve_chosen(show->study, axis);
	size_t place = lines < 2 ? chosen : n * (count - 1) / (lines - 1);
	size_t next =
	    n + 1 < lines ? (n + 1) * (count - 1) / (lines - 1) : count;

	return lines > 1 && place < chosen && chosen < next ? chosen : place;
}

/*
 * Returns the place of the knee of a line: the first value that is within the
 * tolerance of the highest.  SIZE_MAX if the line has none.
 */
static size_t knee_of(const double *line, size_t count, double tolerance)
{
	double best = 0;

	for (size_t i = 0; i < count; i++)
		if (line[i] > best)
			best = line[i];
	for (size_t i = 0; i < count && best > 0; i++)
		if (line[i] >= best * (1 - tolerance))
			return i;
	return SIZE_MAX;
}

/* Writes a panel: `x` along the axis, a line for each value of `by`. */
static void put_panel(FILE *out, const struct show *show, enum tune_axis x,
    enum tune_axis by, size_t panel)
{
	const struct tune_values *xs = &show->study->sweep.values[x],
				 *bys = &show->study->sweep.values[by];
	size_t lines =
	    bys->count < CURVE_LINES_MAX ? bys->count : CURVE_LINES_MAX;
	const enum tune_axis axes[2] = { x, by };
	uint64_t values[2];
	char text[TUNE_TEXT_BYTES];

	if (lines == 0 || x == by)
		lines = 1;
	for (size_t l = 0; l < lines; l++) {
		double line[TUNE_AXIS_VALUES_MAX];
		size_t knee;

		fprintf(out, "$p%zu_%zu << END\n", panel, l);
		for (size_t i = 0; i < xs->count; i++) {
			values[0] = xs->list[i];
			values[1] = x == by
			    ? xs->list[i]
			    : bys->list[line_at(show, by, l, lines)];
			line[i] = show->value(tune_curve_point(show->study,
			    axes, values));
		}
		/* The third column is the knee. */
		knee = show->has_knees
		    ? knee_of(line, xs->count, show->study->tolerance)
		    : SIZE_MAX;
		for (size_t i = 0; i < xs->count; i++) {
			fprintf(out, "%zu ", i);
			put_number(out, line[i]);
			fputc(' ', out);
			put_number(out, i == knee ? line[i] : NAN);
			fputc('\n', out);
		}
		fputs("END\n", out);
	}
	tune_curve_tics(out, "x", show->study, x);
	if (x != by)
		fprintf(out, "set key title '%s'\n", tune_axis_title(by));
	fprintf(out,
	    "set ylabel '%s'\n"
	    "set xrange [-0.3:%.1f]\n"
	    "set yrange [0:*]\n"
	    "plot ",
	    show->label, (double)xs->count - 0.7);
	for (size_t l = 0; l < lines; l++)
		fprintf(out,
		    "$p%zu_%zu using 1:2 with linespoints pt 7 ps 0.5 lw 1.6 lc '%s' "
		    "title '%s', \\\n     ",
		    panel, l, colours[l],
		    x == by
			? ""
			: tune_axis_text(by,
			      bys->list[line_at(show, by, l, lines)], text));
	for (size_t l = 0; show->has_knees && l < lines; l++)
		fprintf(out,
		    "$p%zu_%zu using 1:3 with points pt 12 ps 1.1 lw 1.4 lc "
		    "'%s' %s, \\\n     ",
		    panel, l, colours[l], l == 0 ? "title 'knee'" : "notitle");
	fprintf(out,
	    "'-' with points pt 6 ps 1.8 lw 2 lc '#000000' "
	    "title 'recommended'\n%zu ",
	    tune_curve_chosen(show->study, x));
	values[0] = show->study->chosen.settings.value[x];
	values[1] = show->study->chosen.settings.value[by];
	put_number(out,
	    show->value(tune_curve_point(show->study, axes, values)));
	fputs("\ne\n", out);
}

static bool put_lines(FILE *out, const struct show *show, const char *name)
{
	enum tune_axis axes[2];
	size_t count = tune_curve_axes(show->study, axes);

	if (count == 0)
		return false;
	tune_curve_begin(out, name, CURVE_HEIGHT_PX);
	if (count == 1) {
		put_panel(out, show, axes[0], axes[0], 0);
	} else {
		fputs("set multiplot layout 1,2\n", out);
		put_panel(out, show, axes[0], axes[1], 0);
		put_panel(out, show, axes[1], axes[0], 1);
		fputs("unset multiplot\n", out);
	}
	fputs("set output\n", out);
	return true;
}

bool tune_curve_throughput(FILE *out, const struct tune_study *study)
{
	const struct show show = { study, rate_of, "throughput, MB/s", true };

	return put_lines(out, &show, "throughput");
}

bool tune_curve_stops(FILE *out, const struct tune_study *study)
{
	const struct show show = { study, stops_of, "all stops an hour",
		false };

	return !isnan(study->chosen.of[TUNE_STOPS_DATA].mean) &&
	    put_lines(out, &show, "stops");
}

static void put_map(FILE *out, const struct tune_study *study,
    const enum tune_axis axes[2])
{
	const struct tune_values *xs = &study->sweep.values[axes[0]],
				 *ys = &study->sweep.values[axes[1]];

	fputs("$map << END\n", out);
	for (size_t y = 0; y < ys->count; y++)
		for (size_t x = 0; x < xs->count; x++) {
			const uint64_t values[2] = { xs->list[x], ys->list[y] };

			fprintf(out, "%zu %zu ", x, y);
			put_number(out,
			    rate_of(tune_curve_point(study, axes, values)));
			fputc('\n', out);
		}
	fputs("END\n", out);
	tune_curve_tics(out, "x", study, axes[0]);
	tune_curve_tics(out, "y", study, axes[1]);
	fprintf(out,
	    "set xrange [-0.5:%.1f]\nset yrange [-0.5:%.1f]\n"
	    "set palette defined (0 '#f7f7f7', 1 '#0072b2')\n"
	    "set cblabel 'throughput, MB/s'\n"
	    "unset grid\nunset key\n"
	    "plot $map with image pixels, '-' with points pt 6 ps 2 lw 2 lc "
	    "'#000000'\n%zu %zu\ne\n",
	    (double)xs->count - 0.5, (double)ys->count - 0.5,
	    tune_curve_chosen(study, axes[0]),
	    tune_curve_chosen(study, axes[1]));
}

static int by_memory(const void *a, const void *b)
{
	const struct tune_candidate *const *x = a, *const *y = b;
	uint64_t m = tune_memory(&(*x)->settings),
		 n = tune_memory(&(*y)->settings);
	double r = rate_of(*x), s = rate_of(*y);

	return m != n ? (m > n) - (m < n) : (r < s) - (r > s);
}

/* Lists the points that were run, by memory.  NULL without memory. */
static const struct tune_candidate **sorted(const struct tune_study *study,
    size_t *count)
{
	const struct tune_candidate **list =
	    calloc(study->points_count + 1, sizeof(struct tune_candidate *));

	*count = 0;
	for (size_t i = 0; list != NULL && i < study->points_count; i++)
		if (study->points[i].problem == NULL)
			list[(*count)++] = &study->points[i];
	if (list != NULL)
		qsort(list, *count, sizeof(struct tune_candidate *), by_memory);
	return list;
}

static void put_front(FILE *out, const struct tune_study *study)
{
	size_t count;
	const struct tune_candidate **list = sorted(study, &count);
	double best = -1;

	if (list == NULL)
		return;
	fputs("$all << END\n", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%.9g %.6g\n",
		    (double)tune_memory(&list[i]->settings) / 1048576,
		    rate_of(list[i]));
	fputs("END\n$front << END\n", out);
	for (size_t i = 0; i < count; i++) {
		if (rate_of(list[i]) <= best)
			continue;
		best = rate_of(list[i]);
		fprintf(out, "%.9g %.6g\n",
		    (double)tune_memory(&list[i]->settings) / 1048576, best);
	}
	fprintf(out,
	    "END\n"
	    "set xtics norotate autofreq\n"
	    "set ytics autofreq\n"
	    "set logscale x 2\n"
	    "set xrange [*:*]\nset yrange [0:*]\n"
	    "set xlabel 'memory, MiB'\nset ylabel 'throughput, MB/s'\n"
	    "set grid ytics lt 1 lw 0.5 lc '#e4e4e4'\n"
	    "plot $all with points pt 7 ps 0.4 lc '#999999', "
	    "$front with steps lw 1.8 lc '#0072b2', "
	    "'-' with points pt 6 ps 1.8 lw 2 lc '#000000'\n%.9g %.6g\ne\n",
	    (double)tune_memory(&study->chosen.settings) / 1048576,
	    study->chosen.of[TUNE_RATE].mean / 1e6);
	free(list);
}

bool tune_curve_map(FILE *out, const struct tune_study *study)
{
	enum tune_axis axes[2];

	if (tune_curve_axes(study, axes) < 2)
		return false;
	tune_curve_begin(out, "map", CURVE_HEIGHT_PX);
	fputs("set multiplot layout 1,2\n", out);
	put_map(out, study, axes);
	put_front(out, study);
	fputs("unset multiplot\nset output\n", out);
	return true;
}
