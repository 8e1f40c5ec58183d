/*
 * null.h: a library of one volume without end, in a drive that forgets.
 *
 * To measure everything but the tape.  It takes all that is written, at once,
 * and keeps nothing; reading finds a blank volume.
 */
#ifndef SPLITTER_NULL_H
#define SPLITTER_NULL_H

#include "splitter/tape/tape.h"

struct null_tape {
	struct tape_library library; /* give this to the splitter */
	struct tape tape;
	struct tape_position at;
	bool given; /* the one volume was handed out */
};

/* Allocates nothing, and cannot fail. */
void null_tape_init(struct null_tape *null);

#endif
