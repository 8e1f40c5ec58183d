/* verify.c: whether volumes hold what was written on them. */
#include "vtl/library/impl.h"

#include <stdlib.h>
#include <string.h>

int library_inherit(struct library *library, const struct library *from)
{
	const struct held *held = from->held;
	const struct held *end = held + from->held_count;
	struct held *own;

	for (; held < end; held++) {
		if (!held->mark.known)
			continue;
		own = library_add_held(library, held->id, held->barcode,
		    strrchr(held->path, '/') + 1);
		if (own == NULL)
			return -1;
		own->mark = held->mark;
	}
	return 0;
}

enum volume_held library_volume_held(struct library *library, size_t i,
    char why[VOLUME_MESSAGE_BYTES])
{
	const struct held *held = &library->held[i];
	struct changer_element element;
	enum volume_held is = VOLUME_HELD;
	char *path = NULL;

	if (held->tape != NULL || !held->mark.known)
		return VOLUME_HELD;
	if (changer_hold(library->changer, held->barcode, &element, &path) !=
	    CHANGER_OK) {
		memcpy(why, changer_message(library->changer),
		    VOLUME_MESSAGE_BYTES);
		return VOLUME_NOT_SEEN;
	}
	changer_let_go(library->changer);
	if (path != NULL)
		is = volume_look_for_mark(path, &held->mark, why);
	free(path);
	return is;
}
