/* part_list.c: the safe parts of a dump, as a growing list. */
#include "splitter/tool/catalogue/part_list.h"

#include <stdlib.h>
#include <string.h>

int part_list_add(struct part_list *list, const struct splitter_part *part)
{
	struct splitter_part *more;
	size_t room = 2 * list->room + 16;

	if (list->count == list->room) {
		more = reallocarray(list->parts, room, sizeof *more);
		if (more == NULL)
			return -1;
		list->parts = more;
		list->room = room;
	}
	list->parts[list->count++] = *part;
	return 0;
}

uint64_t part_list_end_bytes(const struct part_list *list)
{
	const struct splitter_part *last;

	if (list->count == 0)
		return 0;
	last = &list->parts[list->count - 1];
	return last->offset_bytes + last->bytes;
}

void part_list_clear(struct part_list *list)
{
	free(list->parts);
	memset(list, 0, sizeof *list);
}
