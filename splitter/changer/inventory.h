/*
 * inventory.h: the elements of a medium changer at one moment.
 *
 * Elements have the addresses of SMC.  A changer that is a command numbers its
 * drives from 0 and its slots from 1, as mtx does: these numbers are then the
 * addresses, and an address is unique only among elements of one kind, where
 * slots and import/export elements count as one kind.
 *
 * All texts come from a device or a program and were checked: a barcode is
 * valid, or "".
 */
#ifndef SPLITTER_CHANGER_INVENTORY_H
#define SPLITTER_CHANGER_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/tape/tape.h"

/* Element type codes of SMC-3. */
enum element_kind {
	ELEMENT_ROBOT = 1,
	ELEMENT_SLOT,
	ELEMENT_IE,
	ELEMENT_DRIVE
};

/* Medium type codes of SMC-3. */
enum element_medium {
	MEDIUM_UNKNOWN,
	MEDIUM_DATA,
	MEDIUM_CLEANING,
	MEDIUM_DIAGNOSTIC,
	MEDIUM_WORM,
	MEDIUM_MICROCODE
};

enum { ELEMENT_SERIAL_BYTES = 64, ELEMENT_TEXT_BYTES = 64 };

/* Before an NAA name. */
#define ELEMENT_NAA "naa."

struct element {
	enum element_kind kind;
	unsigned address;
	unsigned number; /* as mtx numbers it */
	bool full;
	/* The changer reports something unusual: asc and ascq say what. */
	bool exception;
	uint8_t asc, ascq;
	bool disabled;
	uint8_t medium;  /* enum element_medium, or an unknown code */
	bool has_source; /* full: the slot from which the cartridge came */
	unsigned source; /* address of that slot */
	char barcode[TAPE_BARCODE_BYTES]; /* "": unknown, or empty */
	/*
	 * Of a drive: its serial number, or "naa." and its name in hexadecimal
	 * where the changer reports that; "": unknown.
	 */
	char serial[ELEMENT_SERIAL_BYTES];
};

/* All zeros is an empty inventory. */
struct inventory {
	struct element *elements;
	size_t count;
};

/* Adds an element, which is copied.  0, or -1 with a message. */
int inventory_add(struct inventory *inventory, const struct element *element,
    char *err, size_t err_bytes);

/*
 * Sorts by kind and address, and numbers the elements as mtx does.  0; -1 with
 * a message if two elements have the same address.
 */
int inventory_number(struct inventory *inventory, char *err, size_t err_bytes);

/*
 * Each returns an element, or NULL.  A storage element is a slot or an
 * import/export element.  If no element or several have the barcode,
 * inventory_cartridge() returns NULL and writes a sentence about the cartridge.
 */
struct element *inventory_drive(const struct inventory *inventory,
    unsigned address);
struct element *inventory_storage(const struct inventory *inventory,
    unsigned address);
struct element *inventory_cartridge(const struct inventory *inventory,
    const char *barcode, char *err, size_t err_bytes);

/* Copies an inventory; `to` is all zeros.  0; -1 if there is no memory. */
int inventory_copy(struct inventory *to, const struct inventory *from);

/*
 * Returns whether the same cartridges are in the same elements.  Otherwise
 * writes a sentence about the first difference: "slot 3 (element 1026):
 * A00003L8 was expected, and nothing was found".
 */
bool inventory_equal(const struct inventory *before,
    const struct inventory *after, char *text, size_t text_bytes);

/* Writes "drive 0 (element 256)", and returns the text. */
const char *element_text(const struct element *element,
    char text[ELEMENT_TEXT_BYTES]);

/* Frees the elements.  The inventory is empty then. */
void inventory_clear(struct inventory *inventory);

#endif
