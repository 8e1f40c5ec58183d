/*
 * part_list.h: the safe parts of a dump, as a growing list.
 *
 * Parts are in order and without a gap: part i + 1 is at index i, and begins
 * where the part before it ends.  An empty list is all zeros.
 */
#ifndef SPLITTER_TOOL_CATALOGUE_PART_LIST_H
#define SPLITTER_TOOL_CATALOGUE_PART_LIST_H

#include "splitter/api/splitter.h"

struct part_list {
	struct splitter_part *parts;
	size_t count, room;
};

/* Appends a part.  Returns 0, or -1 if there is no memory. */
int part_list_add(struct part_list *list, const struct splitter_part *part);

/*
 * Returns the offset in the dump at which the last part ends; 0 if the list is
 * empty.
 */
uint64_t part_list_end_bytes(const struct part_list *list);

/* Empties the list and frees its memory. */
void part_list_clear(struct part_list *list);

#endif
