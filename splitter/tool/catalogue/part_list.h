/*
 * part_list.h: the parts of a dump that are safe, as a growing list.
 *
 * Parts are in order and without a gap: part i + 1 is at index i, and begins
 * where the part before it ends.  Zeros are an empty list.
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

/* Where the last part ends in the dump; 0 if there is none. */
uint64_t part_list_end_bytes(const struct part_list *list);

/* Makes the list empty, and frees its memory. */
void part_list_clear(struct part_list *list);

#endif
