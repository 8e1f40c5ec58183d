/*
 * null.h: a library with one endless volume that stores nothing.
 *
 * It serves to measure everything except the tape.  Writes take no time; a read
 * finds a blank volume.
 */
#ifndef SPLITTER_NULL_H
#define SPLITTER_NULL_H

#include "splitter/tape/tape.h"

struct null_tape {
	struct tape_library library; /* give this to the splitter */
	struct tape tape;
	struct tape_position at;
	bool given; /* the volume was loaded */
};

/* Initialises the library.  Allocates nothing and cannot fail. */
void null_tape_init(struct null_tape *null);

#endif
