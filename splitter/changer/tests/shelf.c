/* shelf.c: see shelf.h. */
#include "splitter/changer/tests/shelf.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct element *shelf_at(struct shelf *shelf, unsigned address)
{
	for (size_t i = 0; i < shelf->now.count; i++)
		if (shelf->now.elements[i].address == address)
			return &shelf->now.elements[i];
	ck_abort_msg("no element %u", address);
	return NULL;
}

void shelf_put(struct shelf *shelf, unsigned address, const char *barcode)
{
	struct element *e = shelf_at(shelf, address);

	e->full = barcode[0] != '\0';
	e->has_source = false;
	snprintf(e->barcode, sizeof e->barcode, "%s", barcode);
}

static int read_all(struct autochanger *changer, struct inventory *inventory,
    char *err, size_t err_bytes)
{
	struct shelf *s = (struct shelf *)changer;

	snprintf(err, err_bytes, "the shelf cannot be seen");
	return s->fails ? -1 : inventory_copy(inventory, &s->now);
}

static void carry(struct shelf *s, unsigned from, unsigned to)
{
	char barcode[TAPE_BARCODE_BYTES];

	memcpy(barcode, shelf_at(s, from)->barcode, sizeof barcode);
	ck_assert(shelf_at(s, from)->full);
	ck_assert(!shelf_at(s, to)->full);
	shelf_put(s, from, "");
	shelf_put(s, to, barcode);
	if (shelf_at(s, to)->kind == ELEMENT_DRIVE) {
		shelf_at(s, to)->has_source = true;
		shelf_at(s, to)->source = from;
	}
}

static enum autochanger_move move(struct autochanger *changer,
    const struct element *from, const struct element *to, char *err,
    size_t err_bytes)
{
	struct shelf *s = (struct shelf *)changer;
	enum shelf_move next = s->next[0];
	unsigned taken = from->address;

	snprintf(s->log + strlen(s->log), sizeof s->log - strlen(s->log),
	    "%s%u>%u", s->log[0] != '\0' ? " " : "", from->address,
	    to->address);
	s->moves++;
	memmove(s->next, s->next + 1, sizeof s->next - sizeof *s->next);
	if (s->before_move != NULL)
		s->before_move(s);
	if (next == SHELF_BRINGS_OTHER)
		taken = SHELF_SLOT + 4;
	if (next == SHELF_MOVES || next == SHELF_MOVES_AND_FAILS ||
	    next == SHELF_BRINGS_OTHER)
		carry(s, taken, to->address);
	snprintf(err, err_bytes, "the hand is stuck");
	if (next == SHELF_ATTENTION)
		return AUTOCHANGER_ATTENTION;
	return next == SHELF_FAILS || next == SHELF_MOVES_AND_FAILS
	    ? AUTOCHANGER_FAILED
	    : AUTOCHANGER_MOVED;
}

static void close_shelf(struct autochanger *changer)
{
	(void)changer;
}

static const struct autochanger_ops ops = { read_all, move, close_shelf };

void shelf_make(struct shelf *s)
{
	static const struct {
		enum element_kind kind;
		unsigned address;
		const char *barcode;
	} elements[] = {
		{ ELEMENT_ROBOT, 1, "" },
		{ ELEMENT_IE, SHELF_IE, "" },
		{ ELEMENT_DRIVE, SHELF_DRIVE, "" },
		{ ELEMENT_DRIVE, SHELF_DRIVE + 1, "" },
		{ ELEMENT_SLOT, SHELF_SLOT, "A00001L8" },
		{ ELEMENT_SLOT, SHELF_SLOT + 1, "A00002L8" },
		{ ELEMENT_SLOT, SHELF_SLOT + 2, "" },
		{ ELEMENT_SLOT, SHELF_SLOT + 3, "CLN001CU" },
		{ ELEMENT_SLOT, SHELF_SLOT + 4, "A00003L8" },
	};
	char err[128];

	memset(s, 0, sizeof *s);
	s->changer.ops = &ops;
	strcpy(s->changer.name, "/dev/sg9");
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
		struct element e = { .kind = elements[i].kind,
			.address = elements[i].address,
			.full = elements[i].barcode[0] != '\0' };

		strcpy(e.barcode, elements[i].barcode);
		ck_assert_int_eq(inventory_add(&s->now, &e, err, sizeof err),
		    0);
	}
	ck_assert_int_eq(inventory_number(&s->now, err, sizeof err), 0);
}

void shelf_free(struct shelf *s)
{
	inventory_clear(&s->now);
}
