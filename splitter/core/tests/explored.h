/*
 * explored.h: the nodes that a walk over the states of the core has reached.
 *
 * A node is the core and the state of a witness that does not know the core's
 * reasons.  Each node is stored once, packed, and has a number from 0 in the
 * order in which it was reached.  The program ends if there is no memory for
 * another.
 */
#ifndef SPLITTER_TESTS_EXPLORED_H
#define SPLITTER_TESTS_EXPLORED_H

#include <stddef.h>

#include "splitter/core/core.h"

/* In bytes: small, so that short last blocks occur. */
enum { EXPLORED_BLOCK = 2 };

/* The state of the witness. */
struct witness {
	uint64_t start, pos; /* of the attempt: begin, and end so far */
	uint64_t committed;  /* end of the last part with its filemark */
	uint64_t safe;       /* the same, until parts are lost */
	uint64_t consumed;   /* furthest byte that was written */
	uint64_t ring_lo;    /* below this the buffer may be overwritten */
	uint64_t parts;
	uint64_t limit; /* of a part, when the volume was loaded */
	uint32_t
	    failed_volumes_in_row; /* volumes in a row with nothing committed */
	uint8_t tried, productive; /* of the loaded volume */
	uint8_t commits, source, replay, can_retry; /* step in progress */
	uint8_t good;       /* one is loaded, nothing failed, no LEOM */
	uint8_t no_storage; /* the storage of the volumes has failed */
	uint8_t
	    tape_moved; /* the parts on the volume are in doubt; 2: and the position */
};

struct node {
	struct core core;
	struct witness w;
};

struct explored;

/* The configuration is that of every node's core. */
struct explored *explored_new(const struct core_config *config);

/* Returns the number of the node, which is added if it is new. */
uint32_t explored_add(struct explored *explored, const struct node *node);

void explored_get(const struct explored *explored, uint32_t number,
    struct node *node);
uint32_t explored_count(const struct explored *explored);

/* The next node if no failure occurs; and a note stored with it. */
void explored_set_next(struct explored *explored, uint32_t number,
    uint32_t next);
uint32_t explored_next(const struct explored *explored, uint32_t number);

void explored_free(struct explored *explored);

#endif
