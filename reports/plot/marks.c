/* marks.c: the events of a dump, as lines across the panels. */
#include "reports/plot/marks.h"

#include "reports/plot/place.h"
#include "reports/text.h"

enum {
	LINES_MAX = 2000, /* maximum of lines of a kind; more look the same */
	TICKS_ABOVE = 60, /* with more lines of a kind, draw ticks */
	LABEL_CHARS_MAX = 32,
	GAP_PX = 7 /* between two names of a row */
};

/* The place and the size of the names of a kind of mark. */
struct row {
	enum results_mark_kind kind;
	int at_px;      /* from the top of the plot */
	double char_px; /* least width of a character */
	const char *look;
};

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

/*
 * Writes the names of one kind in a row.  Each name is at its line; a name
 * without room is omitted.
 */
static void put_labels(FILE *out, const struct results_dump *dump,
    const struct row *row, double end_s, double divisor, int height_px)
{
	double panel_px = PLOT_WIDTH_PX * (PLOT_RIGHT - PLOT_LEFT);
	double px_per_s = panel_px / end_s, free_px = 0;

	for (size_t i = 0; i < dump->marks_count; i++) {
		const struct results_mark *mark = &dump->marks[i];
		double at_px = (double)mark->at_ns / 1e9 * px_per_s;
		size_t chars = report_text_chars(mark->label);
		double width_px;

		if (mark->kind != row->kind || chars == 0)
			continue;
		if (chars > LABEL_CHARS_MAX)
			chars = LABEL_CHARS_MAX + 1;
		width_px = (double)chars * row->char_px;
		if (at_px + width_px > panel_px + GAP_PX)
			at_px = panel_px - width_px;
		if (at_px < free_px)
			continue;
		fprintf(out, "set label at first %.6g, screen %.4f %s ",
		    at_px / px_per_s / divisor,
		    plot_screen(row->at_px, height_px), row->look);
		report_text_gnuplot(out, mark->label, LABEL_CHARS_MAX);
		fputc('\n', out);
		free_px = at_px + width_px + GAP_PX;
	}
}

void report_plot_marks_names(FILE *out, const struct results_dump *dump,
    double end_s, double divisor, int height_px)
{
	static const struct row rows[] = {
		{ RESULTS_MARK_VOLUME, 70, 7.6, "font ',12' tc '#222222'" },
		{ RESULTS_MARK_FAULT, 87, 6.6, "font ',11' tc '#c00000'" },
		{ RESULTS_MARK_PART, 103, 6.4, "font ',10' tc '#666666'" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		put_labels(out, dump, &rows[i], end_s, divisor, height_px);
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
