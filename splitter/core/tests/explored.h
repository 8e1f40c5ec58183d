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

/* The block size in bytes: small, so that short last blocks occur. */
enum { EXPLORED_BLOCK = 2 };

/* The state of the witness. */
struct witness {
	/* where the attempt begins, and how far it has come */
	uint64_t start, pos;
	uint64_t committed; /* end of the last part with its filemark */
	uint64_t safe;      /* equal to `committed` until parts are lost */
	uint64_t consumed;  /* furthest byte that was written */
	uint64_t ring_lo;   /* below this the buffer may be overwritten */
	uint64_t parts;
	uint64_t limit; /* maximum size of a part when the volume was loaded */
	uint32_t
	    failed_volumes_in_row; /* volumes in a row with nothing committed */
	uint8_t tried, productive; /* state of the loaded volume */
	/* what the step in progress has requested */
	uint8_t commits, source, replay, can_retry;
	uint8_t good;       /* a volume is loaded, without failure and LEOM */
	uint8_t no_storage; /* the storage of the volumes has failed */
	uint8_t
	    /*
	     * 1: the parts on the volume are in doubt; 2: the position is in
	     * doubt too
	     */
	    tape_moved;
};

struct node {
	struct core core;
	struct witness w;
};

struct explored;

/* Creates an empty set of nodes, whose cores all have this configuration. */
struct explored *explored_new(const struct core_config *config);

/* Returns the number of the node, which is added if it is new. */
uint32_t explored_add(struct explored *explored, const struct node *node);

void explored_get(const struct explored *explored, uint32_t number,
    struct node *node);
uint32_t explored_count(const struct explored *explored);

/* Stores with a node the next node if no failure occurs. */
void explored_set_next(struct explored *explored, uint32_t number,
    uint32_t next);
uint32_t explored_next(const struct explored *explored, uint32_t number);

void explored_free(struct explored *explored);

#endif
