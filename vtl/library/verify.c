/* verify.c: checks the fingerprints of volumes. */
#include "vtl/library/impl.h"

#include <stdlib.h>
#include <string.h>

int library_copy_fingerprints(struct library *library,
    const struct library *from)
{
	const struct known_volume *known = from->known;
	const struct known_volume *end = known + from->known_count;
	struct known_volume *own;

	for (; known < end; known++) {
		if (!known->fingerprint.known)
			continue;
		own = library_add_known(library, known->id, known->barcode,
		    strrchr(known->path, '/') + 1);
		if (own == NULL)
			return -1;
		own->fingerprint = known->fingerprint;
	}
	return 0;
}

enum volume_match library_verify_volume(struct library *library, size_t i,
    char why[VOLUME_MESSAGE_BYTES])
{
	const struct known_volume *known = &library->known[i];
	struct changer_element element;
	enum volume_match is = VOLUME_UNCHANGED;
	char *path = NULL;

	if (known->tape != NULL || !known->fingerprint.known)
		return VOLUME_UNCHANGED;
	if (changer_lock(library->changer, known->barcode, &element, &path) !=
	    CHANGER_OK) {
		memcpy(why, changer_message(library->changer),
		    VOLUME_MESSAGE_BYTES);
		return VOLUME_UNREADABLE;
	}
	changer_unlock(library->changer);
	if (path != NULL)
		is = volume_check_fingerprint(path, &known->fingerprint, why);
	free(path);
	return is;
}
