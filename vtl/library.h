/*
 * library.h: a virtual tape library: volumes in slots, drives, and the hand
 * that carries one to the other.
 *
 * Invariants:
 *
 *  1. Volumes are handed out in the order of their slots, each once.
 *  2. A volume is open only while it lies in a drive.
 *  3. A drive that was given back with TAPE_CLOSE_DRIVE gets no other volume.
 *  4. A volume that was given back with TAPE_CLOSE_REFUSED, or on which
 *     nothing was written, is as it was, to the byte.
 *
 * The hand takes no time.  A library is used by one thread at a time.
 */
#ifndef VTL_LIBRARY_H
#define VTL_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/tape.h"
#include "vtl/model.h"
#include "vtl/volume.h"

struct library;

struct library_spec {
	const char *const *paths;	/* of the volumes, in slot order */
	size_t volume_count;
	const struct model *const *drives;	/* kept by the caller */
	size_t drive_count;
	bool durable;			/* see volume_open() */
};

/* What is known of the volume in a slot. */
struct library_volume {
	const char *path;		/* until library_free() */
	const char *barcode;		/* as in its path, until it is loaded */
	bool loaded;			/* it lies in a drive */
	bool labelled;			/* through this library */
	bool written;			/* anything at all, likewise */
	struct volume_place end;	/* EOD, if it was ever loaded */
	const char *lost;		/* see volume_lost(); until it is
					 * loaded again */
};

/*
 * The path of a volume in a folder, FOLDER/BARCODE.tape; the caller frees it.
 * NULL if there is no memory.
 */
char *library_volume_path(const char *folder, const char *barcode);

/*
 * Makes volumes in a folder, which is made if it is not there.  Returns 0, or
 * -1 and a message; then none of them is there.
 */
int library_create_volumes(const char *folder,
    const struct volume_spec *specs, size_t count, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

/* Opens no volume yet.  NULL if there is no memory. */
struct library *library_new(const struct library_spec *spec);

/* Unloads what is loaded, as with TAPE_CLOSE_GOOD.  NULL is allowed. */
void library_free(struct library *library);

/*
 * The library as the splitter sees it.  A volume that cannot be opened is
 * answered with TAPE_MEDIUM, and is not changed.  A volume that lies in a
 * drive cannot be loaded by its name: TAPE_INVALID.
 */
struct tape_library *library_tapes(struct library *library);

size_t library_volume_count(const struct library *library);

/* About the volume in slot `i`, from 0. */
void library_volume_get(const struct library *library, size_t i,
    struct library_volume *out);

#endif
