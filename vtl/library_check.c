/* library_check.c: whether volumes hold what was written on them. */
#include "vtl/library_impl.h"

#include <stdlib.h>

bool library_volume_is_lost(struct library *library, size_t i,
    char why[VOLUME_MESSAGE_BYTES])
{
	const struct held *held = &library->held[i];
	struct changer_element element;
	char *path = NULL;
	bool lost;

	if (!held->written || held->tape != NULL || !held->mark.known ||
	    changer_hold(library->changer, held->barcode, &element, &path) !=
	    CHANGER_OK)
		return false;
	changer_let_go(library->changer);
	lost = path != NULL && !volume_has_mark(path, &held->mark, why);
	free(path);
	return lost;
}
