/* motion.c: the panels of the plot that show what the drives did. */
#include "reports/plot/motion.h"

#include <math.h>
#include <string.h>

#include "reports/motion.h"
#include "reports/plot/place.h"

/* Places of the panels and their keys. */
enum {
	BAND_KEY_PX = 524,
	BAND_TOP_PX = 542,
	BAND_BOTTOM_PX = 642,
	STOPS_KEY_PX = 662,
	STOPS_TOP_PX = 680,
	STOPS_BOTTOM_PX = 760,
	SHARES_TOP_PX = 826,
	SHARES_BOTTOM_PX = 906
};

/* Columns of throughput.tsv. */
enum {
	COLUMN_SPEED = 5,
	COLUMN_MOTION = 7, /* the first of SERIES_MOTIONS */
	COLUMN_STOPS_FOR_DATA = COLUMN_MOTION + SERIES_MOTIONS,
	COLUMN_STOPS_FOR_FILEMARKS,
	COLUMN_STOPS_FORCED
};

#define SOLID(colour)  "fs solid 1 noborder lc '" colour "'"
#define OBJECT(colour) "fs solid 1 noborder fc rgb '" colour "'"

/* White is what stands still. */
#define WHITE "fs solid 1 border lc rgb '#999999' fc rgb '#ffffff'"

/*
 * What is drawn alike, from the bottom of the band to its top.  Streaming is
 * below, in a colour for each speed.
 */
static const struct look {
	enum series_motion first, last;
	const char *fill;   /* in a plot */
	const char *object; /* as a rectangle */
	const char *title;
} looks[] = {
	{ SERIES_TURNING, SERIES_TURNING, SOLID("#f0e442"), OBJECT("#f0e442"),
	    "turns" },
	{ SERIES_BACKHITCH, SERIES_BACKHITCH, SOLID("#8c0d0d"),
	    OBJECT("#8c0d0d"), "backhitch" },
	{ SERIES_STANDING, SERIES_STANDING, SOLID("#ffffff"), WHITE, "stands" },
	{ SERIES_LOCATING, SERIES_READING, "fs pattern 2 noborder lc '#5a5a5a'",
	    "fs pattern 2 noborder fc rgb '#5a5a5a'", "locates, reads" },
	{ SERIES_LOADING, SERIES_LOADING, "fs pattern 4 noborder lc '#5a5a5a'",
	    "fs pattern 4 noborder fc rgb '#5a5a5a'", "loads" },
	{ SERIES_REWINDING, SERIES_UNLOADING,
	    "fs pattern 5 noborder lc '#00578a'",
	    "fs pattern 5 noborder fc rgb '#00578a'", "rewinds, unloads" },
};

enum { LOOKS = sizeof(looks) / sizeof(*looks) };

/* The colours of streaming, from the slowest speed to the fastest. */
static const char *const shades[] = { SOLID("#c4def2"), SOLID("#a3c9e8"),
	SOLID("#82b5df"), SOLID("#62a1d6"), SOLID("#3f8bc8") };

enum { SHADES = sizeof(shades) / sizeof(*shades) };

/*
 * Writes an entry of the key of the band, which ends at `*right_px`, and sets
 * this to where the entry begins.
 */
static void put_entry(FILE *out, const char *fill, const char *title,
    int *right_px, int height_px)
{
	enum { CHAR_TENTHS_PX = 66, BOX_PX = 22, GAP_PX = 22 };
	int text_px = (int)strlen(title) * CHAR_TENTHS_PX / 10;
	int left_px = *right_px - text_px - BOX_PX - 6;

	fprintf(out,
	    "set object rectangle from screen %.4f, %.4f to screen %.4f, %.4f "
	    "%s\n",
	    (double)left_px / PLOT_WIDTH_PX,
	    plot_screen(BAND_KEY_PX + 5, height_px),
	    (double)(left_px + BOX_PX) / PLOT_WIDTH_PX,
	    plot_screen(BAND_KEY_PX - 5, height_px), fill);
	fprintf(out,
	    "set label '%s' at screen %.4f, screen %.4f left front "
	    "font ',12' tc '#333333'\n",
	    title, (double)(left_px + BOX_PX + 6) / PLOT_WIDTH_PX,
	    plot_screen(BAND_KEY_PX, height_px));
	*right_px = left_px - GAP_PX;
}

static void put_band_key(FILE *out, int height_px)
{
	int right_px = (int)(PLOT_WIDTH_PX * PLOT_RIGHT);

	for (size_t i = LOOKS; i-- > 0;)
		put_entry(out, looks[i].object, looks[i].title, &right_px,
		    height_px);
	put_entry(out, OBJECT("#3f8bc8"), "fastest", &right_px, height_px);
	put_entry(out, OBJECT("#c4def2"), "streams: slowest", &right_px,
	    height_px);
}

/* Finds the least and the greatest mean speed of an interval. */
static void find_speeds(const struct series *series, double *least,
    double *greatest)
{
	*least = *greatest = NAN;
	for (size_t i = 0; i < series_intervals(series); i++) {
		double speed = report_motion(series, i).speed_bytes_per_s;

		*least = fmin(*least, speed);
		*greatest = fmax(*greatest, speed);
	}
	if (isnan(*least))
		*least = *greatest = 0;
}

/* The shade of a speed: the slower, the lighter. */
static void put_shade(FILE *out, const struct series *series)
{
	double least, greatest;

	find_speeds(series, &least, &greatest);
	fprintf(out, "slow = %.12g\nfast = %.12g\n", least, greatest);
	fprintf(out,
	    "shade(v) = v > slow ? int((v - slow) / (fast - slow) * %d + 0.5) "
	    ": slow < fast ? 0 : %d\n",
	    SHADES - 1, SHADES - 1);
}

/* The data, and the last interval, which has no end there (plot.c). */
static const char *const sources[] = { "'throughput.tsv'", "$last" };

enum { SOURCES = sizeof(sources) / sizeof(*sources) };

/* Writes the sum of the columns of all motions up to `last`. */
static void put_sum(FILE *out, enum series_motion last)
{
	for (int m = 0; m <= (int)last; m++)
		fprintf(out, "%s$%d", m == 0 ? "" : " + ", COLUMN_MOTION + m);
}

/*
 * An area from 0 to the sum of the shares up to that of the look.  The areas
 * are drawn from the highest to the lowest, each over the one before.  One that
 * is hatched lies on white.
 */
static void put_area(FILE *out, const struct look *look)
{
	static const char *const white = SOLID("#ffffff");

	for (int layer = strstr(look->fill, "pattern") == NULL; layer < 2;
	     layer++)
		for (int i = 0; i < SOURCES; i++) {
			fprintf(out, ", \\\n     %s using ($1 * second):(",
			    sources[i]);
			put_sum(out, look->last);
			fprintf(out, ") with fillsteps %s notitle",
			    layer == 0 ? white : look->fill);
		}
}

/* The areas of streaming: one for each shade. */
static void put_streaming(FILE *out)
{
	for (int i = 0; i < SHADES * SOURCES; i++)
		fprintf(out,
		    ", \\\n     %s using ($1 * second):"
		    "(shade($%d) == %d ? $%d : 0) with fillsteps %s "
		    "notitle",
		    sources[i % SOURCES], COLUMN_SPEED, i / SOURCES,
		    COLUMN_MOTION, shades[i / SOURCES]);
}

static void put_band(FILE *out, const struct series *series, int height_px)
{
	fputs("unset key\n", out);
	put_band_key(out, height_px);
	plot_put_margins(out, BAND_TOP_PX, BAND_BOTTOM_PX, height_px);
	put_shade(out, series);
	fputs("set ylabel 'motion, %'\n"
	      "set yrange [0:100]\n"
	      "set ytics 0, 50, 100\n"
	      "set format x ''\n"
	      "unset xlabel\n",
	    out);
	fputs("plot -1 notitle", out);
	for (size_t i = LOOKS; i-- > 0;)
		put_area(out, &looks[i]);
	put_streaming(out);
	fputs("\nunset object\nunset label\n\n", out);
}

/* Returns a round distance for at most four ticks up to `most`. */
static double tick(uint64_t most)
{
	static const double steps[] = { 1, 2, 5 };
	double unit = 1;

	for (size_t i = 0;; i = (i + 1) % 3) {
		if (steps[i] * unit * 4 >= (double)most)
			return steps[i] * unit;
		if (i == 2)
			unit *= 10;
	}
}

static void put_stops(FILE *out, const struct series_drive *end, int height_px,
    const char *time_unit)
{
	uint64_t most = end->stops_for_data;

	if (end->stops_for_filemarks > most)
		most = end->stops_for_filemarks;
	if (end->stops_forced > most)
		most = end->stops_forced;

	plot_put_margins(out, STOPS_TOP_PX, STOPS_BOTTOM_PX, height_px);
	fprintf(out,
	    "set key at graph 1, screen %.4f top right horizontal samplen 2.5\n"
	    "set ylabel 'stops so far'\n"
	    "set yrange [0:%.12g]\n"
	    "set ytics 0, %.12g\n"
	    "set format x '%%g'\n"
	    "set xlabel 'time, %s' offset 0, 0.3\n"
	    "plot 'throughput.tsv' using ($1 * second):%d with steps "
	    "lw 1.6 lc '#8c0d0d' title 'for lack of data', \\\n"
	    "     'throughput.tsv' using ($1 * second):%d with steps "
	    "lw 1.6 dt (5,3) lc '#0072b2' title 'for filemarks', \\\n"
	    "     'throughput.tsv' using ($1 * second):%d with steps "
	    "lw 1.6 dt (2,2) lc '#000000' title 'to change speed'\n\n",
	    plot_screen(STOPS_KEY_PX, height_px),
	    most > 0 ? 1.05 * (double)most : 1, tick(most), time_unit,
	    COLUMN_STOPS_FOR_DATA, COLUMN_STOPS_FOR_FILEMARKS,
	    COLUMN_STOPS_FORCED);
}

/* A part of a bar. */
struct share {
	const char *name;
	int64_t ns;
	const char *fill;
	bool dark; /* the name is written in white */
};

enum { SHARES_MAX = 8 };

#define NAME_CHAR_PERCENT 0.65 /* width of a character of a name */

/* Writes a bar; `y` is its place.  Names that do not fit are omitted. */
static void put_bar(FILE *out, const struct share *shares, size_t count,
    double y)
{
	double all_ns = 0, at = 0;
	size_t i;

	for (i = 0; i < count; i++)
		all_ns += (double)shares[i].ns;
	for (i = 0; i < count && all_ns > 0; i++) {
		double percent = 100 * (double)shares[i].ns / all_ns;

		if (percent <= 0)
			continue;
		fprintf(out,
		    "set object rectangle from first %.4f, %.2f "
		    "to first %.4f, %.2f %s\n",
		    at, y - 0.36, at + percent, y + 0.36, shares[i].fill);
		/* with its share, such as " 12 %" */
		if (percent >
		    ((double)strlen(shares[i].name) + 6) * NAME_CHAR_PERCENT)
			fprintf(out,
			    "set label '%s %.0f %%' at first %.4f, %.2f center "
			    "front font ',11' tc '%s'\n",
			    shares[i].name, percent, at + percent / 2, y,
			    shares[i].dark ? "#ffffff" : "#111111");
		at += percent;
	}
}

static void put_host(FILE *out, const int64_t *ns)
{
	const struct share shares[SHARES_MAX] = {
		{ "writes", ns[RESULTS_HOST_WRITING], OBJECT("#4a94d0"),
		    false },
		{ "waits for data", ns[RESULTS_HOST_IDLE], WHITE, false },
		{ "filemarks", ns[RESULTS_HOST_FILEMARKS], OBJECT("#8c0d0d"),
		    true },
		{ "headers", ns[RESULTS_HOST_HEADERS], OBJECT("#f0e442"),
		    false },
		{ "verifies", ns[RESULTS_HOST_VERIFYING], OBJECT("#cc79a7"),
		    false },
		{ "loads", ns[RESULTS_HOST_LOADING], OBJECT("#8a8a8a"), true },
		{ "unloads", ns[RESULTS_HOST_UNLOADING], OBJECT("#6a6a6a"),
		    true },
	};

	put_bar(out, shares, SHARES_MAX, 2);
}

static void put_drives(FILE *out, const int64_t *ns)
{
	const struct share shares[SHARES_MAX] = {
		{ "streams", ns[SERIES_STREAMING], OBJECT("#4a94d0"), false },
		{ "stands", ns[SERIES_STANDING], WHITE, false },
		{ "backhitch", ns[SERIES_BACKHITCH], OBJECT("#8c0d0d"), true },
		{ "turns", ns[SERIES_TURNING], OBJECT("#f0e442"), false },
		{ "locates, reads", ns[SERIES_LOCATING] + ns[SERIES_READING],
		    OBJECT("#cc79a7"), false },
		{ "loads", ns[SERIES_LOADING], OBJECT("#8a8a8a"), true },
		{ "rewinds, unloads",
		    ns[SERIES_REWINDING] + ns[SERIES_UNLOADING],
		    OBJECT("#6a6a6a"), true },
	};

	put_bar(out, shares, SHARES_MAX, 1);
}

static void put_shares(FILE *out, const struct results_dump *dump,
    int height_px)
{
	fputs("unset key\n"
	      "unset xlabel\n"
	      "unset ylabel\n"
	      "unset grid\n"
	      "set border 0\n"
	      "set xrange [0:100]\n"
	      "set yrange [0.5:2.5]\n"
	      "unset xtics\n"
	      "set ytics ('host' 2, 'drive' 1) scale 0\n",
	    out);
	plot_put_margins(out, SHARES_TOP_PX, SHARES_BOTTOM_PX, height_px);
	fprintf(out,
	    "set label 'Share of the time' at screen %.4f, screen %.4f "
	    "font ',12' tc '#222222'\n",
	    PLOT_LEFT, plot_screen(SHARES_TOP_PX - 8, height_px));
	put_host(out, dump->host_ns);
	put_drives(out, dump->series.end.drive.motion_ns);
	fputs("plot -1 notitle\n\n", out);
}

void plot_put_motion(FILE *out, const struct results_dump *dump,
    const char *time_unit)
{
	int height_px = plot_height_px(dump);

	put_band(out, &dump->series, height_px);
	put_stops(out, &dump->series.end.drive, height_px, time_unit);
	put_shares(out, dump, height_px);
}
