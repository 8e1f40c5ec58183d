/*
 * explored.h: the nodes that a walk over the states of the core has reached.
 *
 * A node is the core and what a witness saw who knows nothing of the core's
 * reasons.  Each is kept once, packed, and has a number from 0 in the order in
 * which it was reached.  Without memory for another the program ends.
 */
#ifndef SPLITTER_TESTS_EXPLORED_H
#define SPLITTER_TESTS_EXPLORED_H

#include <stddef.h>

#include "splitter/core/core.h"

/* Bytes: so small that short last blocks occur. */
enum { EXPLORED_BLOCK = 2 };

/* What the witness knows. */
struct witness {
	uint64_t start, pos; /* of the attempt: begun at, taken up to */
	uint64_t committed;  /* end of the last part with its filemark */
	uint64_t safe;       /* the same, until parts are lost */
	uint64_t consumed;   /* furthest byte that a tape took */
	uint64_t ring_lo;    /* below this the buffer may be overwritten */
	uint64_t parts;
	uint64_t limit;            /* of a part, as the volume was loaded */
	uint32_t barren;           /* volumes in a row with nothing committed */
	uint8_t tried, productive; /* of the volume that is loaded */
	uint8_t commits, source, replay, can_retry; /* step that is out */
	uint8_t good;       /* one is loaded, nothing failed, no LEOM */
	uint8_t no_storage; /* what stores volumes has failed */
	uint8_t astray;     /* what is on it is in doubt; 2: and where it
				 * stands */
};

struct node {
	struct core core;
	struct witness w;
};

struct explored;

/* The configuration is that of every node's core. */
struct explored *explored_new(const struct core_config *config);

/* The number of the node, which is added if it is new. */
uint32_t explored_add(struct explored *explored, const struct node *node);

void explored_get(const struct explored *explored, uint32_t number,
    struct node *node);
uint32_t explored_count(const struct explored *explored);

/* Where a node goes when all goes well; a note that is kept with it. */
void explored_set_next(struct explored *explored, uint32_t number,
    uint32_t next);
uint32_t explored_next(const struct explored *explored, uint32_t number);

void explored_free(struct explored *explored);

#endif
