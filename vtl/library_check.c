/* library_check.c: whether volumes hold what was written on them. */
#include "vtl/library_impl.h"

#include <stdlib.h>
#include <string.h>

enum library_held library_volume_held(struct library *library, size_t i,
    char why[VOLUME_MESSAGE_BYTES])
{
	const struct held *held = &library->held[i];
	struct changer_element element;
	enum library_held is;
	char *path = NULL;

	if (!held->written || held->tape != NULL || !held->mark.known)
		return LIBRARY_HELD;
	if (changer_hold(library->changer, held->barcode, &element, &path) !=
	    CHANGER_OK) {
		memcpy(why, changer_message(library->changer),
		    VOLUME_MESSAGE_BYTES);
		return LIBRARY_NOT_SEEN;
	}
	changer_let_go(library->changer);
	is = path == NULL || volume_has_mark(path, &held->mark, why) ?
	    LIBRARY_HELD : LIBRARY_LOST;
	free(path);
	return is;
}
