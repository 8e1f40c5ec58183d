/* marks.c: the events of a dump, as bars, names and lines. */
#include "reports/plot/marks.h"

#include <inttypes.h>
#include <string.h>

#include "reports/plot/place.h"
#include "reports/text.h"
#include "reports/words.h"

enum {
	LINES_MAX = 500,  /* maximum of lines of a kind; more look the same */
	TICKS_ABOVE = 60, /* with more lines of a kind, draw ticks */
	BARS_MAX = 120,   /* attempts with bars of their own; all volumes */
	LABEL_CHARS_MAX = 32,
	BAR_PX = 14,
	BAR_MIN_PX = 1,
	WORD_PX = 52, /* a bar that has room for "part 10" */
	GAP_PX = 7,   /* between two names of a row */
	FAULT_ROWS = 3,
	FAULT_ROW_PX = 13,
	NUMBER_CHARS = 3 /* of most numbers */
};

/* Places of the rows, from the top of the plot. */
enum { VOLUMES_TOP_PX = 58, FAULTS_TOP_PX = 81, PARTS_TOP_PX = 115 };

/* Mean widths of a character. */
#define FAULT_CHAR_PX 6.6
#define BAR_CHAR_PX   7.2

static const char *const block_names[] = { [RESULTS_MARK_PART] = "parts",
	[RESULTS_MARK_VOLUME] = "volumes",
	[RESULTS_MARK_FAULT] = "faults" };

/* Writes the times of one kind as a datablock.  Returns their number. */
static size_t put_marks(FILE *out, const struct results_dump *dump,
    enum results_mark_kind kind, double end_s)
{
	double step_s = end_s / LINES_MAX, next_s = 0;
	size_t count = 0;

	fprintf(out, "$%s << END\n", block_names[kind]);
	for (size_t i = 0; i < dump->marks_count; i++) {
		const struct results_mark *mark = &dump->marks[i];
		double at_s = (double)mark->at_ns / 1e9;

		if (mark->kind != kind || (count > 0 && at_s < next_s))
			continue;
		fprintf(out, "%.12g\n", at_s);
		next_s = at_s + step_s;
		count++;
	}
	fputs("END\n", out);
	return count;
}

void report_plot_marks_data(FILE *out, const struct results_dump *dump,
    double end_s, struct plot_marks *marks)
{
	marks->parts = put_marks(out, dump, RESULTS_MARK_PART, end_s);
	marks->volumes = put_marks(out, dump, RESULTS_MARK_VOLUME, end_s);
	marks->faults = put_marks(out, dump, RESULTS_MARK_FAULT, end_s);
}

/* How the time axis is drawn. */
struct axis {
	double px_per_s, panel_px;
	double divisor; /* seconds of its unit */
	int height_px;
};

/* A bar of a row, and its name. */
struct bar {
	int64_t begin_ns, end_ns;
	const char *name;
	bool failed;
};

/* Returns a time in the unit of the axis. */
static double on_axis(const struct axis *axis, double px)
{
	return px / axis->px_per_s / axis->divisor;
}

static double px_of(const struct axis *axis, int64_t ns)
{
	double px = (double)ns / 1e9 * axis->px_per_s;

	return px < axis->panel_px ? px : axis->panel_px;
}

/*
 * Draws a bar with its top at `top_px`.  A name that has no room within it is
 * written after it, up to `room_px` from its beginning, or omitted.
 */
static void put_bar(FILE *out, const struct axis *axis, const struct bar *bar,
    int top_px, double room_px)
{
	double begin_px = px_of(axis, bar->begin_ns);
	double end_px = px_of(axis, bar->end_ns);
	size_t chars = report_text_chars(bar->name);
	double name_px = (double)chars * BAR_CHAR_PX + 4;
	bool within;

	if (end_px - begin_px < BAR_MIN_PX)
		end_px = begin_px + BAR_MIN_PX;
	within = name_px <= end_px - begin_px;
	fprintf(out,
	    "set object rectangle from first %.6g, screen %.4f "
	    "to first %.6g, screen %.4f %s\n",
	    on_axis(axis, begin_px),
	    plot_screen(top_px + BAR_PX, axis->height_px),
	    on_axis(axis, end_px), plot_screen(top_px, axis->height_px),
	    bar->failed
		? "fs solid 1 border lc rgb '#c00000' fc rgb '#f4b6b0'"
		: "fs solid 1 border lc rgb '#8096a8' fc rgb '#dfe8f0'");
	if (chars == 0 ||
	    (!within && end_px - begin_px + name_px + 4 > room_px))
		return;
	fprintf(out,
	    "set label at first %.6g, screen %.4f %s front font ',11' "
	    "tc '%s' ",
	    on_axis(axis, within ? (begin_px + end_px) / 2 : end_px + 4),
	    plot_screen(top_px + BAR_PX / 2 + 1, axis->height_px),
	    within ? "center" : "left",
	    !within           ? "#333333"
		: bar->failed ? "#7a0000"
			      : "#222233");
	report_text_gnuplot(out, bar->name, LABEL_CHARS_MAX);
	fputc('\n', out);
}

/* Returns when the last attempt on a loaded volume ended. */
static int64_t end_of_volume(const struct results_dump *dump, size_t volume)
{
	const struct results_volume *v = &dump->volumes[volume];
	int64_t end_ns = v->loaded_ns;

	for (size_t i = 0; i < dump->attempts_count; i++) {
		const struct results_attempt *a = &dump->attempts[i];

		if (strcmp(report_words_or_empty(a->volume),
			report_words_or_empty(v->barcode)) == 0 &&
		    a->begun_ns >= v->loaded_ns && a->ended_ns > end_ns &&
		    (volume + 1 == dump->volumes_count ||
			a->begun_ns <= dump->volumes[volume + 1].loaded_ns))
			end_ns = a->ended_ns;
	}
	return end_ns;
}

static void put_volumes(FILE *out, const struct results_dump *dump,
    const struct axis *axis)
{
	if (dump->volumes_count > BARS_MAX)
		return;
	for (size_t i = 0; i < dump->volumes_count; i++) {
		const struct results_volume *v = &dump->volumes[i];
		const struct bar bar = { .begin_ns = v->loaded_ns,
			.end_ns = end_of_volume(dump, i),
			.name = report_words_or_empty(v->barcode),
			.failed = !report_words_closed_well(v) };

		double next_px = i + 1 < dump->volumes_count
		    ? px_of(axis, v[1].loaded_ns)
		    : axis->panel_px + GAP_PX;

		put_bar(out, axis, &bar, VOLUMES_TOP_PX,
		    next_px - px_of(axis, bar.begin_ns));
	}
}

/*
 * Returns the end of the attempts from `first` on that are drawn as one bar:
 * one, or all that were committed on a volume where there are many.
 */
static size_t end_of_bar(const struct results_dump *dump, size_t first)
{
	const struct results_attempt *a = &dump->attempts[first];
	size_t end = first + 1;

	if (dump->attempts_count <= BARS_MAX)
		return end;
	while (end < dump->attempts_count && a->committed &&
	    dump->attempts[end].committed &&
	    strcmp(report_words_or_empty(a->volume),
		report_words_or_empty(dump->attempts[end].volume)) == 0)
		end++;
	return end;
}

static void put_attempts(FILE *out, const struct results_dump *dump,
    const struct axis *axis)
{
	char name[64];
	size_t end, bars = 0;

	for (size_t i = 0; i < dump->attempts_count; i = end) {
		const struct results_attempt *a = &dump->attempts[i];
		struct bar bar = { .begin_ns = a->begun_ns,
			.name = name,
			.failed = !a->committed };
		double px;

		end = end_of_bar(dump, i);
		bar.end_ns = dump->attempts[end - 1].ended_ns;
		px = px_of(axis, bar.end_ns) - px_of(axis, bar.begin_ns);
		if (end > i + 1)
			snprintf(name, sizeof name,
			    "parts %" PRIu64 "-%" PRIu64, a->part,
			    dump->attempts[end - 1].part);
		else
			snprintf(name, sizeof name, "%s%" PRIu64,
			    px > WORD_PX ? "part " : "", a->part);
		if (bars++ < 2 * BARS_MAX)
			put_bar(out, axis, &bar, PARTS_TOP_PX, 0);
	}
}

/* Writes a label of a fault into a row; the last one is next to the panel. */
static void put_label(FILE *out, const struct axis *axis, const char *text,
    double at_px, size_t row)
{
	fprintf(out,
	    "set label at first %.6g, screen %.4f front font ',11' "
	    "tc '#c00000' ",
	    on_axis(axis, at_px),
	    plot_screen(FAULTS_TOP_PX + (int)row * FAULT_ROW_PX,
		axis->height_px));
	report_text_gnuplot(out, text, 0);
	fputc('\n', out);
}

/* Returns the next fault from `from` on, or the number of marks. */
static size_t next_fault(const struct results_dump *dump, size_t from)
{
	while (from < dump->marks_count &&
	    dump->marks[from].kind != RESULTS_MARK_FAULT)
		from++;
	return from;
}

/* Faults that share a label, for they are close to each other. */
struct cluster {
	size_t first, last; /* their numbers */
	double at_px;
	char text[LABEL_CHARS_MAX * 4 + 64]; /* numbers, then the first name */
	size_t number_chars;
};

static double width_px(size_t chars)
{
	return (double)chars * FAULT_CHAR_PX + GAP_PX;
}

/* Appends a text, of LABEL_CHARS_MAX characters at most. */
static void append_name(char *to, size_t to_bytes, const char *name)
{
	size_t used = strlen(to), chars = 0;

	for (; *name != '\0' && used + 4 < to_bytes; name++) {
		if ((*name & 0xc0) != 0x80 && ++chars > LABEL_CHARS_MAX) {
			strcpy(to + used, "\xe2\x80\xa6");
			return;
		}
		to[used++] = *name;
	}
	to[used] = '\0';
}

/*
 * Reads the faults whose numbers have no room of their own after that of the
 * mark `*at`, and sets `*at` to the next mark.
 */
static struct cluster read_cluster(const struct results_dump *dump,
    const struct axis *axis, size_t number, size_t *at)
{
	struct cluster c = { .first = number, .last = number };
	const struct results_mark *mark = &dump->marks[*at];
	double most_px = axis->panel_px - width_px(NUMBER_CHARS);

	c.at_px = px_of(axis, mark->at_ns);
	do {
		c.number_chars = (size_t)snprintf(c.text, sizeof c.text,
		    c.last > c.first ? "%zu-%zu" : "%zu", c.first, c.last);
		*at = next_fault(dump, *at + 1);
		if (*at == dump->marks_count ||
		    px_of(axis, dump->marks[*at].at_ns) >=
			c.at_px + width_px(c.number_chars))
			break;
		c.last++;
	} while (true);
	if (c.at_px > most_px)
		c.at_px = most_px;
	strcat(c.text, " ");
	append_name(c.text, sizeof c.text, report_words_or_empty(mark->label));
	return c;
}

static void put_faults(FILE *out, const struct results_dump *dump,
    const struct axis *axis)
{
	double free_px[FAULT_ROWS] = { 0 }, next_px;
	size_t at = next_fault(dump, 0);

	for (size_t number = 1; at < dump->marks_count;) {
		struct cluster c = read_cluster(dump, axis, number, &at);
		double whole_px = width_px(report_text_chars(c.text));
		double begin_px = c.at_px;
		size_t row = FAULT_ROWS - 1;

		number = c.last + 1;
		next_px = at < dump->marks_count
		    ? px_of(axis, dump->marks[at].at_ns)
		    : axis->panel_px + GAP_PX;
		/* The name is after the number, or in a row above. */
		while (begin_px + whole_px > next_px && row > 0) {
			next_px = axis->panel_px + GAP_PX;
			begin_px = c.at_px + whole_px > next_px
			    ? next_px - whole_px
			    : c.at_px;
			row--;
			if (begin_px < free_px[row])
				next_px = 0;
		}
		if (begin_px + whole_px <= next_px) {
			put_label(out, axis, c.text, begin_px, row);
			free_px[row] = begin_px + whole_px;
		}
		if (row < FAULT_ROWS - 1 || begin_px + whole_px > next_px) {
			c.text[c.number_chars] = '\0';
			put_label(out, axis, c.text, c.at_px, FAULT_ROWS - 1);
		}
	}
}

void report_plot_marks_names(FILE *out, const struct results_dump *dump,
    double end_s, double divisor, int height_px)
{
	double panel_px = PLOT_WIDTH_PX * (PLOT_RIGHT - PLOT_LEFT);
	const struct axis axis = { .px_per_s = panel_px / end_s,
		.panel_px = panel_px,
		.divisor = divisor,
		.height_px = height_px };

	put_volumes(out, dump, &axis);
	put_faults(out, dump, &axis);
	put_attempts(out, dump, &axis);
}

/* Draws the lines of one kind over `share` of the panel, from the top. */
static void put_lines(FILE *out, enum results_mark_kind kind, size_t count,
    double share, const char *look, const char *title)
{
	if (count == 0)
		return;
	fprintf(out,
	    ", \\\n     $%s using ($1 * second):(top):(0):"
	    "(-%g * top) with vectors nohead %s ",
	    block_names[kind], share, look);
	if (title != NULL)
		fprintf(out, "title '%s'", title);
	else
		fputs("notitle", out);
}

void report_plot_marks_lines(FILE *out, const struct plot_marks *marks,
    bool keys)
{
	put_lines(out, RESULTS_MARK_PART, marks->parts,
	    marks->parts > TICKS_ABOVE ? 0.06 : 1, "lw 0.6 lc '#9a9a9a'",
	    keys ? "part" : NULL);
	put_lines(out, RESULTS_MARK_VOLUME, marks->volumes,
	    marks->volumes > TICKS_ABOVE ? 0.1 : 1,
	    marks->volumes > TICKS_ABOVE ? "lw 0.8 lc '#333333'"
					 : "lw 1.6 lc '#333333'",
	    keys ? "volume" : NULL);
	put_lines(out, RESULTS_MARK_FAULT, marks->faults, 1,
	    "lw 1.4 dt (6,4) lc '#c00000'", keys ? "fault" : NULL);
	if (marks->faults > 0)
		fputs(", \\\n     $faults using ($1 * second):(top) "
		      "with points pt 11 ps 0.9 lc '#c00000' notitle",
		    out);
	fputs("\n\n", out);
}
