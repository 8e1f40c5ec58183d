/*
 * svg_path.h: writes lines and areas as short SVG paths.
 *
 * A series has a thousand samples, about one for each pixel.  Points that
 * cannot be seen are left out: of those with one x, only the first, the lowest,
 * the highest and the last are kept, and those within a straight line are not.
 *
 * Coordinates are whole numbers of half pixels.
 */
#ifndef REPORTS_PLOT_SVG_PATH_H
#define REPORTS_PLOT_SVG_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct svg_point {
	int x, y;
};

/* Points of a line, in order. */
struct svg_line {
	struct svg_point *points; /* owned */
	size_t count;
	bool failed; /* memory was short: points are missing */
};

/* Adds a point. */
void svg_line_add(struct svg_line *line, int x, int y);

/*
 * Leaves points out that cannot be seen.  Returns false, with an empty line, if
 * nothing can be seen: a line of one point, or an area without size.
 * `closed`: it is an area.
 */
bool svg_line_thin(struct svg_line *line, bool closed);

/* Writes a line that is not empty as commands of a path, and empties it. */
void svg_line_write(FILE *out, struct svg_line *line, bool closed);

/* Frees the points. */
void svg_line_clear(struct svg_line *line);

#endif
