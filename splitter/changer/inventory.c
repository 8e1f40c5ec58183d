/* inventory.c: see inventory.h. */
#include "splitter/changer/inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"

/* Import/export elements share the addresses of slots. */
static enum element_kind space_of(const struct element *element)
{
	return element->kind == ELEMENT_IE ? ELEMENT_SLOT : element->kind;
}

static struct element *find(const struct inventory *inventory,
    enum element_kind space, unsigned address)
{
	for (size_t i = 0; i < inventory->count; i++) {
		struct element *e = &inventory->elements[i];

		if (space_of(e) == space && e->address == address)
			return e;
	}
	return NULL;
}

int inventory_add(struct inventory *inventory, const struct element *element,
    char *err, size_t err_bytes)
{
	struct element *more;

	more = grow_by_one(inventory->elements, inventory->count, sizeof *more);
	if (more == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	inventory->elements = more;
	inventory->elements[inventory->count++] = *element;
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct element *one = a, *other = b;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	return one->address < other->address ? -1
					     : one->address > other->address;
}

int inventory_number(struct inventory *inventory, char *err, size_t err_bytes)
{
	unsigned drives = 0, slots = 0;
	struct element *e = inventory->elements;

	if (inventory->count > 0)
		qsort(e, inventory->count, sizeof *e, by_address);
	for (size_t i = 0; i < inventory->count; i++) {
		if (i > 0 && by_address(&e[i - 1], &e[i]) == 0) {
			snprintf(err, err_bytes,
			    "the changer reports element %u twice",
			    e[i].address);
			return -1;
		}
		if (e[i].kind == ELEMENT_DRIVE)
			e[i].number = drives++;
		else if (e[i].kind != ELEMENT_ROBOT)
			e[i].number = ++slots;
	}
	return 0;
}

struct element *inventory_drive(const struct inventory *inventory,
    unsigned address)
{
	return find(inventory, ELEMENT_DRIVE, address);
}

struct element *inventory_storage(const struct inventory *inventory,
    unsigned address)
{
	return find(inventory, ELEMENT_SLOT, address);
}

struct element *inventory_cartridge(const struct inventory *inventory,
    const char *barcode, char *err, size_t err_bytes)
{
	struct element *found = NULL;

	for (size_t i = 0; i < inventory->count; i++) {
		struct element *e = &inventory->elements[i];
		char one[ELEMENT_TEXT_BYTES], other[ELEMENT_TEXT_BYTES];

		if (!e->full || strcmp(e->barcode, barcode) != 0)
			continue;
		if (found != NULL) {
			snprintf(err, err_bytes,
			    "two cartridges have the barcode %s: %s and %s",
			    barcode, element_text(found, one),
			    element_text(e, other));
			return NULL;
		}
		found = e;
	}
	if (found == NULL)
		snprintf(err, err_bytes,
		    "the changer has no cartridge with the barcode %s",
		    barcode);
	return found;
}

int inventory_copy(struct inventory *to, const struct inventory *from)
{
	size_t bytes = from->count * sizeof *from->elements;

	if (from->count == 0)
		return 0;
	to->elements = malloc(bytes);
	if (to->elements == NULL)
		return -1;
	memcpy(to->elements, from->elements, bytes);
	to->count = from->count;
	return 0;
}

/* Describes the contents of an element. */
static const char *contents(const struct element *e)
{
	if (!e->full)
		return "nothing";
	return e->barcode[0] != '\0' ? e->barcode
				     : "a cartridge without barcode";
}

bool inventory_equal(const struct inventory *before,
    const struct inventory *after, char *text, size_t text_bytes)
{
	char name[ELEMENT_TEXT_BYTES];

	if (before->count != after->count) {
		snprintf(text, text_bytes,
		    "the changer had %zu elements, and has %zu", before->count,
		    after->count);
		return false;
	}
	for (size_t i = 0; i < before->count; i++) {
		const struct element *one = &before->elements[i];
		const struct element *other = &after->elements[i];

		if (by_address(one, other) != 0) {
			snprintf(text, text_bytes, "%s is missing",
			    element_text(one, name));
			return false;
		}
		if (one->full != other->full ||
		    strcmp(one->barcode, other->barcode) != 0) {
			snprintf(text, text_bytes,
			    "%s: %s was expected, and %s was found",
			    element_text(one, name), contents(one),
			    contents(other));
			return false;
		}
	}
	return true;
}

const char *element_text(const struct element *element,
    char text[ELEMENT_TEXT_BYTES])
{
	static const char *const names[] = {
		[ELEMENT_ROBOT] = "robot",
		[ELEMENT_SLOT] = "slot",
		[ELEMENT_IE] = "import/export slot",
		[ELEMENT_DRIVE] = "drive",
	};

	if (element->kind == ELEMENT_ROBOT ||
	    element->address == element->number)
		snprintf(text, ELEMENT_TEXT_BYTES, "%s %u",
		    names[element->kind], element->address);
	else
		snprintf(text, ELEMENT_TEXT_BYTES, "%s %u (element %u)",
		    names[element->kind], element->number, element->address);
	return text;
}

void inventory_clear(struct inventory *inventory)
{
	free(inventory->elements);
	memset(inventory, 0, sizeof *inventory);
}
