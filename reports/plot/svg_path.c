/* svg_path.c: see svg_path.h. */
#include "reports/plot/svg_path.h"

#include <stdlib.h>

/* A line of many points has them at every pixel, or at every second one. */
enum { DENSE_COUNT = 400, DENSEST_COUNT = 1200, PIXEL = 2 };

void svg_line_add(struct svg_line *line, int x, int y)
{
	size_t n = line->count;

	/* The room is the next power of two. */
	if ((n & (n - 1)) == 0) {
		struct svg_point *more =
		    realloc(line->points, (n > 0 ? 2 * n : 1) * sizeof *more);

		if (more == NULL) {
			line->failed = true;
			return;
		}
		line->points = more;
	}
	line->points[line->count++] = (struct svg_point){ x, y };
}

/*
 * Keeps of points[from .. to), which have one x, the first, the lowest, the
 * highest and the last, in order.  Writes them from `at` on.  Returns the place
 * after them.
 */
static size_t keep_extremes(struct svg_point *points, size_t from, size_t to,
    size_t at)
{
	size_t low = from, high = from;

	for (size_t i = from; i < to; i++) {
		if (points[i].y < points[low].y)
			low = i;
		if (points[i].y > points[high].y)
			high = i;
	}
	for (size_t i = from; i < to; i++)
		if (i == from || i == low || i == high || i + 1 == to)
			points[at++] = points[i];
	return at;
}

/* Keeps the extremes of the points with one x. */
static void drop_hidden(struct svg_line *line)
{
	struct svg_point *points = line->points;
	size_t at = 0, from = 0;
	int step = line->count > DENSEST_COUNT ? 2 * PIXEL
	    : line->count > DENSE_COUNT        ? PIXEL
					       : 1;

	if (line->count == 0)
		return;
	for (size_t i = 0; i < line->count; i++)
		points[i].x -= points[i].x % step;
	for (size_t i = 1; i <= line->count; i++) {
		if (i < line->count && points[i].x == points[from].x)
			continue;
		at = keep_extremes(points, from, i, at);
		from = i;
	}
	line->count = at;
}

/* Returns whether b is on the way from a to c, on a level or upright line. */
static bool is_between(struct svg_point a, struct svg_point b,
    struct svg_point c)
{
	return (a.y == b.y && b.y == c.y && (a.x <= b.x) == (b.x <= c.x)) ||
	    (a.x == b.x && b.x == c.x && (a.y <= b.y) == (b.y <= c.y));
}

static void join(struct svg_line *line)
{
	struct svg_point *points = line->points;
	size_t at = 0;

	for (size_t i = 0; i < line->count; i++) {
		while (at >= 2 &&
		    is_between(points[at - 2], points[at - 1], points[i]))
			at--;
		points[at++] = points[i];
	}
	line->count = at;
}

static void put_move(FILE *out, struct svg_point from, struct svg_point to)
{
	int dx = to.x - from.x, dy = to.y - from.y;

	if (dx != 0 && dy != 0)
		fprintf(out, dy < 0 ? "l%d%d" : "l%d %d", dx, dy);
	else if (dx != 0)
		fprintf(out, "h%d", dx);
	else if (dy != 0)
		fprintf(out, "v%d", dy);
}

bool svg_line_thin(struct svg_line *line, bool closed)
{
	drop_hidden(line);
	join(line);
	/* An area of three corners at right angles has no size. */
	if (line->count <= (closed ? 3 : 1))
		line->count = 0;
	return line->count > 0;
}

void svg_line_write(FILE *out, struct svg_line *line, bool closed)
{
	fprintf(out, line->points[0].y < 0 ? "M%d%d" : "M%d %d",
	    line->points[0].x, line->points[0].y);
	for (size_t i = 1; i < line->count; i++)
		put_move(out, line->points[i - 1], line->points[i]);
	if (closed)
		fputc('z', out);
	line->count = 0;
}

void svg_line_clear(struct svg_line *line)
{
	free(line->points);
	*line = (struct svg_line){ 0 };
}
