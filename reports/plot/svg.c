/*
 * svg.c: see svg.h.
 *
 * The reader knows the elements that gnuplot writes, one after the other:
 *
 *     <svg>  <rect> of the background
 *            <defs> with the shapes of points, and <pattern>
 *            <g> with stroke, width, place and font; within it
 *                <path>, <polygon>, <use>, <text>
 *
 * Paths and polygons that look alike and follow each other become one path.
 */
#include "reports/plot/svg.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "reports/plot/svg_path.h"
#include "reports/plot/svg_tag.h"

enum { DEPTH_MAX = 16, VALUE_BYTES = 128, PAINT_BYTES = 3 * VALUE_BYTES };

/* How something is drawn: the attributes of <g>, which inner ones inherit. */
struct look {
	char stroke[VALUE_BYTES], fill[VALUE_BYTES], anchor[VALUE_BYTES];
	double width_px, font_px;
	double x_px, y_px;
	bool upright; /* text is turned by 270 degrees */
};

struct reader {
	FILE *out;
	struct svg_tag tag;
	struct look looks[DEPTH_MAX];
	size_t depth;
	/* The line or area that is being collected, and its attributes. */
	struct svg_line line;
	char paint[PAINT_BYTES];
	bool area;
	int right, bottom;      /* of an area of rectangles */
	char open[PAINT_BYTES]; /* attributes of the open <path>; "": none */
};

static int half_px(double px)
{
	return (int)floor(px * 2 + 0.5);
}

/* Copies the value of an attribute; leaves `to` as it is without one. */
static void get(const struct reader *r, const char *name, char to[VALUE_BYTES])
{
	size_t length;
	const char *value = svg_tag_find(&r->tag, name, &length);

	if (value != NULL && length < VALUE_BYTES)
		snprintf(to, VALUE_BYTES, "%.*s", (int)length, value);
}

static double number(const struct reader *r, const char *name, double otherwise)
{
	char text[VALUE_BYTES] = "";

	get(r, name, text);
	return *text != '\0' ? strtod(text, NULL) : otherwise;
}

/* Copies a colour in its shortest form. */
static void colour(const struct reader *r, const char *name,
    char to[VALUE_BYTES])
{
	char text[VALUE_BYTES] = "";
	unsigned red, green, blue;

	get(r, name, text);
	if (strcmp(text, "black") == 0)
		strcpy(text, "#000000");
	if (sscanf(text, "rgb(%u,%u,%u)", &red, &green, &blue) != 3 &&
	    sscanf(text, "#%2x%2x%2x", &red, &green, &blue) != 3) {
		if (*text != '\0' && strcmp(text, "currentColor") != 0)
			strcpy(to, text);
		return;
	}
	if (red % 17 == 0 && green % 17 == 0 && blue % 17 == 0)
		snprintf(to, VALUE_BYTES, "#%x%x%x", red / 17 & 15,
		    green / 17 & 15, blue / 17 & 15);
	else
		snprintf(to, VALUE_BYTES, "#%02x%02x%02x", red & 255,
		    green & 255, blue & 255);
}

/* Writes the line or area that was collected, if it can be seen. */
static void end_line(struct reader *r)
{
	if (r->area && r->line.count > 0)
		svg_line_add(&r->line, r->right, r->bottom);
	if (!svg_line_thin(&r->line, r->area))
		return;
	if (strcmp(r->open, r->paint) != 0) {
		fprintf(r->out, "%s<path%s d=\"",
		    *r->open != '\0' ? "\"/>\n" : "", r->paint);
		snprintf(r->open, sizeof r->open, "%s", r->paint);
	}
	svg_line_write(r->out, &r->line, r->area);
}

/* Ends the line and its element. */
static void flush(struct reader *r)
{
	end_line(r);
	if (*r->open != '\0')
		fputs("\"/>\n", r->out);
	r->open[0] = '\0';
}

/* Begins a line or an area with these attributes, or continues the area. */
static void begin_path(struct reader *r, const char *paint, bool area)
{
	if (!area || !r->area || strcmp(paint, r->paint) != 0)
		end_line(r);
	snprintf(r->paint, sizeof r->paint, "%s", paint);
	r->area = area;
}

/*
 * Returns whether the path is the side of a step of `with fillsteps`, which
 * gnuplot draws before the step itself, in its colour.
 */
static bool is_side_of_step(const struct reader *r)
{
	static const char step[] =
	    "<g stroke='none' shape-rendering='crispEdges'>";

	return strncmp(r->tag.after + strspn(r->tag.after, " \t"), step,
		   strlen(step)) == 0;
}

/* Returns false if the path has more than straight lines. */
static bool read_path(struct reader *r)
{
	const struct look *look = &r->looks[r->depth];
	char stroke[VALUE_BYTES], dash[VALUE_BYTES] = "", paint[PAINT_BYTES];
	size_t length;
	const char *d = svg_tag_find(&r->tag, "d", &length), *end;
	char *after;

	if (d == NULL || is_side_of_step(r))
		return d != NULL;
	end = d + length;
	strcpy(stroke, look->stroke);
	colour(r, "stroke", stroke);
	get(r, "stroke-dasharray", dash);
	snprintf(paint, sizeof paint, " stroke=\"%s\"", stroke);
	if (half_px(look->width_px) != 2)
		snprintf(paint + strlen(paint), sizeof paint - strlen(paint),
		    " stroke-width=\"%.3g\"", look->width_px * 2);
	if (*dash != '\0') {
		double on = strtod(dash, &after),
		       off = *after == ',' ? strtod(after + 1, NULL) : on;

		snprintf(paint + strlen(paint), sizeof paint - strlen(paint),
		    " stroke-dasharray=\"%.3g %.3g\"", on * 2, off * 2);
	}
	begin_path(r, paint, false);
	while (d < end) {
		double x, y;

		/* gnuplot repeats the first point before "Z". */
		d += strspn(d, " Z\n\t");
		if (d >= end)
			break;
		if (*d == 'M')
			end_line(r);
		if (*d == 'M' || *d == 'L')
			d++;
		x = strtod(d, &after);
		if (after == d || *after != ',')
			return false;
		y = strtod(after + 1, &after);
		svg_line_add(&r->line, half_px(x), half_px(y));
		d = after;
	}
	end_line(r);
	return true;
}

/* Adds a rectangle to an area: one next to it on the same level continues it. */
static void add_rectangle(struct reader *r, int left, int right, int top,
    int bottom)
{
	if (r->line.count == 0 || left != r->right || bottom != r->bottom) {
		end_line(r);
		svg_line_add(&r->line, left, bottom);
	}
	svg_line_add(&r->line, left, top);
	svg_line_add(&r->line, right, top);
	r->right = right;
	r->bottom = bottom;
}

/* Reads up to four points.  Returns their number; 0: there are more. */
static size_t read_corners(const char *text, const char *end,
    struct svg_point points[4])
{
	size_t count = 0;
	char *after;

	while (text < end && count < 4) {
		double x = strtod(text, &after);

		if (after == text || *after != ',')
			return count;
		points[count++] = (struct svg_point){
			half_px(x),
			half_px(strtod(after + 1, &after)),
		};
		text = after + strspn(after, " ");
	}
	return text < end ? 0 : count;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/* Returns false if the polygon is no upright rectangle. */
static bool read_polygon(struct reader *r)
{
	char fill[VALUE_BYTES] = "#000", pattern[VALUE_BYTES] = "";
	char paint[PAINT_BYTES];
	double opacity = number(r, "fill-opacity", 1);
	size_t length;
	const char *points = svg_tag_find(&r->tag, "points", &length);
	struct svg_point p[4];

	if (points == NULL || read_corners(points, points + length, p) != 4 ||
	    p[0].x + p[2].x != p[1].x + p[3].x ||
	    (p[0].x != p[1].x && p[0].y != p[1].y) ||
	    (p[1].x != p[2].x && p[1].y != p[2].y))
		return false;
	colour(r, "fill", fill);
	if (sscanf(fill, "url(#gpPat%100[0-9])", pattern) == 1)
		snprintf(fill, sizeof fill, "url(#gp-%.20s)", pattern);
	snprintf(paint, sizeof paint, " fill=\"%s\"", fill);
	if (opacity < 1)
		snprintf(paint + strlen(paint), sizeof paint - strlen(paint),
		    " fill-opacity=\"%.2g\"", opacity);
	begin_path(r, paint, true);
	add_rectangle(r, least(p[0].x, p[2].x), most(p[0].x, p[2].x),
	    least(p[0].y, p[2].y), most(p[0].y, p[2].y));
	return true;
}

/* Writes the text of an element, whose markup gnuplot has escaped. */
static void put_text(FILE *out, const char *text, const char *end)
{
	while (text < end && *text == ' ')
		text++;
	while (end > text && strchr(" \n\t", end[-1]) != NULL)
		end--;
	fwrite(text, 1, (size_t)(end - text), out);
}

static bool read_text(struct reader *r)
{
	const struct look *look = &r->looks[r->depth];
	const char *text = r->tag.after, *end = strchr(text, '<');
	int x = half_px(look->x_px), y = half_px(look->y_px);

	flush(r);
	if (end == NULL || strncmp(end, "</text>", 7) != 0)
		return false; /* text with a style of its own */
	r->tag.after = end + 7;
	if (text + strspn(text, " ") == end)
		return true;
	fputs("<text", r->out);
	if (look->upright)
		fprintf(r->out, " transform=\"translate(%d %d)rotate(-90)\"", x,
		    y);
	else
		fprintf(r->out, " x=\"%d\" y=\"%d\"", x, y);
	fprintf(r->out, " fill=\"%s\"", look->fill);
	if (half_px(look->font_px) != 26)
		fprintf(r->out, " font-size=\"%d\"", half_px(look->font_px));
	if (strcmp(look->anchor, "middle") == 0 ||
	    strcmp(look->anchor, "end") == 0)
		fprintf(r->out, " text-anchor=\"%s\"", look->anchor);
	fputc('>', r->out);
	put_text(r->out, text, end);
	fputs("</text>\n", r->out);
	return true;
}

/* The mark of a point: only filled triangles that point down are known. */
static bool read_use(struct reader *r)
{
	char stroke[VALUE_BYTES], place[VALUE_BYTES] = "";
	char shape[VALUE_BYTES] = "";
	double x, y, scale;

	strcpy(stroke, r->looks[r->depth].stroke);
	get(r, "xlink:href", shape);
	get(r, "transform", place);
	colour(r, "color", stroke);
	flush(r);
	if (strcmp(shape, "#gpPt10") != 0 ||
	    sscanf(place, "translate(%lf,%lf) scale(%lf)", &x, &y, &scale) != 3)
		return false;
	fprintf(r->out, "<path fill=\"%s\" d=\"M%d %dh%dl%d %dz\"/>\n", stroke,
	    half_px(x - scale), half_px(y - scale * 0.67), half_px(2 * scale),
	    -half_px(scale), half_px(2 * scale));
	return true;
}

/* Copies <pattern> ... </pattern> with an identifier of its own. */
static bool read_pattern(struct reader *r)
{
	const char *end = strstr(r->tag.after, "</pattern>");
	char name[VALUE_BYTES] = "";

	get(r, "id", name);
	if (end == NULL || strncmp(name, "gpPat", 5) != 0)
		return false;
	flush(r);
	fprintf(r->out,
	    "<pattern id=\"gp-%s\" patternUnits=\"userSpaceOnUse\" "
	    "width=\"16\" height=\"16\"><g transform=\"scale(2)\">",
	    name + 5);
	put_text(r->out, r->tag.after + strspn(r->tag.after, " \n\t"), end);
	fputs("</g></pattern>\n", r->out);
	r->tag.after = end + strlen("</pattern>");
	return true;
}

static bool read_group(struct reader *r)
{
	char place[VALUE_BYTES] = "", fill[VALUE_BYTES];
	struct look *look;
	double x, y;

	if (r->depth + 1 == DEPTH_MAX)
		return false;
	r->looks[r->depth + 1] = r->looks[r->depth];
	look = &r->looks[++r->depth];
	colour(r, "color", look->stroke);
	colour(r, "stroke", look->stroke);
	strcpy(fill, look->fill);
	colour(r, "fill", fill);
	if (strcmp(fill, "none") != 0)
		strcpy(look->fill, fill);
	get(r, "text-anchor", look->anchor);
	look->width_px = number(r, "stroke-width", look->width_px);
	look->font_px = number(r, "font-size", look->font_px);
	get(r, "transform", place);
	if (sscanf(place, "translate(%lf,%lf)", &x, &y) == 2) {
		look->x_px = x;
		look->y_px = y;
		look->upright = strstr(place, "rotate(270)") != NULL;
		if (!look->upright && strstr(place, "rotate") != NULL)
			return false;
	}
	return true;
}

static bool skip_to(struct reader *r, const char *end)
{
	const char *found = strstr(r->tag.after, end);

	if (found != NULL)
		r->tag.after = found + strlen(end);
	return found != NULL;
}

/* Reads an element within <svg>.  Returns false if it is unknown. */
static bool read_element(struct reader *r)
{
	if (svg_tag_is(&r->tag, "g"))
		return read_group(r);
	if (svg_tag_is(&r->tag, "/g"))
		return r->depth-- > 0;
	if (svg_tag_is(&r->tag, "path"))
		return read_path(r);
	if (svg_tag_is(&r->tag, "polygon"))
		return read_polygon(r);
	if (svg_tag_is(&r->tag, "use"))
		return read_use(r);
	if (svg_tag_is(&r->tag, "text"))
		return read_text(r);
	if (svg_tag_is(&r->tag, "title"))
		return skip_to(r, "</title>");
	if (svg_tag_is(&r->tag, "desc"))
		return skip_to(r, "</desc>");
	if (svg_tag_is(&r->tag, "pattern"))
		return read_pattern(r);
	/* Patterns are defined where they are used, points at the beginning. */
	if (svg_tag_is(&r->tag, "defs"))
		return strncmp(r->tag.after + strspn(r->tag.after, " \n\t"),
			   "<pattern", 8) == 0 ||
		    skip_to(r, "</defs>");
	return svg_tag_is(&r->tag, "rect") || svg_tag_is(&r->tag, "/defs") ||
	    svg_tag_is(&r->tag, "/svg");
}

static bool read_all(struct reader *r)
{
	do {
		if (!svg_tag_next(&r->tag))
			return false;
		if (!svg_tag_is(&r->tag, "svg") &&
		    strncmp(r->tag.begin, "<?", 2) != 0)
			return false;
	} while (!svg_tag_is(&r->tag, "svg"));
	while (svg_tag_next(&r->tag)) {
		if (!read_element(r))
			return false;
		if (svg_tag_is(&r->tag, "/svg"))
			return true;
	}
	return false;
}

int report_plot_svg(FILE *out, const char *svg)
{
	const char *view = strstr(svg, "viewBox=\"0 0 ");
	struct reader *r;
	int width, height;
	bool good;

	if (view == NULL ||
	    sscanf(view, "viewBox=\"0 0 %d %d\"", &width, &height) != 2)
		return -1;
	r = calloc(1, sizeof *r);
	if (r == NULL)
		return -1;
	*r = (struct reader){ .out = out, .tag = { .after = svg } };
	r->looks[0] = (struct look){
		.stroke = "#000", .fill = "#000", .width_px = 1, .font_px = 13
	};
	fprintf(out,
	    SVG_BEGIN " viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
		      "fill=\"none\" stroke-width=\"2\" font-size=\"26\" "
		      "font-family=\"sans-serif\" style=\"background:#fff\">\n",
	    2 * width, 2 * height, width, height);
	good = read_all(r);
	flush(r);
	fputs("</svg>\n", out);
	good = good && !r->line.failed;
	svg_line_clear(&r->line);
	free(r);
	return good ? 0 : -1;
}
