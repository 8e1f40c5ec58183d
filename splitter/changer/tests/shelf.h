/*
 * shelf.h: a changer in memory, for tests of what is moved.
 *
 * Two drives (256, 257), an import/export slot (16), and five slots from 1024:
 *
 *     A00001L8  A00002L8  (empty)  CLN001CU  A00003L8
 *
 * A test may change `now` at any time, and choose the result of the next move.
 */
#ifndef SPLITTER_CHANGER_SHELF_H
#define SPLITTER_CHANGER_SHELF_H

#include "splitter/changer/autochanger.h"

enum { SHELF_IE = 16, SHELF_DRIVE = 256, SHELF_SLOT = 1024 };

/* The result of a move. */
enum shelf_move {
	SHELF_MOVES,
	SHELF_FAILS,           /* an error, and nothing is moved */
	SHELF_MOVES_AND_FAILS, /* moved, and the answer is lost */
	SHELF_ATTENTION,       /* a unit attention instead */
	SHELF_BRINGS_OTHER,    /* takes the cartridge of another slot */
	SHELF_LIES             /* GOOD, and nothing is moved */
};

struct shelf {
	struct autochanger changer;
	struct inventory now;
	enum shelf_move next[4]; /* of the next moves, in this order */
	unsigned moves;          /* that were sent */
	bool fails;              /* the inventory cannot be read */
	char log[512];           /* "1024>256 256>1024" */
	/* called before each move, if not NULL */
	void (*before_move)(struct shelf *shelf);
};

void shelf_make(struct shelf *shelf);
void shelf_free(struct shelf *shelf);

/* Returns the element with this address. */
struct element *shelf_at(struct shelf *shelf, unsigned address);

/* Puts a cartridge into an element; "": empties it. */
void shelf_put(struct shelf *shelf, unsigned address, const char *barcode);

#endif
