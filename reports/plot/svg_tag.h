/*
 * svg_tag.h: reads the tags of a drawing, one after the other.
 */
#ifndef REPORTS_PLOT_SVG_TAG_H
#define REPORTS_PLOT_SVG_TAG_H

#include <stdbool.h>
#include <stddef.h>

struct svg_tag {
	const char *begin; /* the "<" */
	const char *end;   /* the ">" */
	const char *after; /* where the next tag is looked for */
};

/*
 * Reads the next tag after `tag->after`, which is the text at first.  Returns
 * false at the end.
 */
bool svg_tag_next(struct svg_tag *tag);

/* Returns whether the tag has this name: "g", "/g". */
bool svg_tag_is(const struct svg_tag *tag, const char *name);

/* Returns the value of an attribute and its length, or NULL. */
const char *svg_tag_find(const struct svg_tag *tag, const char *name,
    size_t *length);

#endif
