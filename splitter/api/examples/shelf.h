/*
 * shelf.h: a library with one drive, whose volumes are folders (filetape.h).
 *
 * An example of a struct tape_library from outside.
 */
#ifndef SHELF_H
#define SHELF_H

#include "filetape.h"

struct shelf {
	struct tape_library library; /* first: cast to this */
	uint64_t block, size, warning;
	char **volumes; /* paths of the folders; the last is NULL */
	size_t next;    /* the one to load next */
};

/* Volumes that have no end and do not warn. */
void shelf_init(struct shelf *shelf, char **volumes, uint64_t block);

#endif
