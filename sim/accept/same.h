/*
 * same.h: whether the cartridge in the drive is the one that was seen before,
 * and no other program wrote on it, by what its memory says.
 */
#ifndef SIM_ACCEPT_SAME_H
#define SIM_ACCEPT_SAME_H

#include <stdbool.h>
#include <stddef.h>

#include "splitter/tape/tape.h"

enum { SAME_CHANGE_BYTES = 17 };

/* What was known of it; "": nothing. */
struct same_cartridge {
	const char *name;   /* for people */
	const char *serial; /* of the medium */
	const char *change; /* the volume change reference */
};

/* Writes the volume change reference as text; "" if it is not known. */
void same_change_text(const struct tape_identity *now,
    char text[SAME_CHANGE_BYTES]);

/* What two looks at a cartridge show. */
enum same {
	SAME_UNCHANGED,
	SAME_EXCHANGED, /* it is another one: the first can be put in again */
	SAME_WRITTEN,   /* by another program: it is not as it was */
	SAME_UNKNOWN    /* it had a serial number, and none can be read now */
};

/*
 * Returns what the drive says now, with a sentence unless it is unchanged.  A
 * number that was not known then, or a change reference that is not known now,
 * does not differ.
 */
enum same same_cartridge(const struct same_cartridge *before,
    const struct tape_identity *now, char *why, size_t why_bytes);

#endif
