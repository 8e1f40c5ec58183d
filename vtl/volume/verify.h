/*
 * verify.h: looks for faults in the file of a volume.
 */
#ifndef VTL_VOLUME_VERIFY_H
#define VTL_VOLUME_VERIFY_H

#include "vtl/volume/volume.h"

/* What was found to be there. */
struct volume_counts {
	uint64_t blocks, filemarks, bytes;
	uint64_t checked; /* blocks whose data was compared */
};

/*
 * Opens the volume and checks all of it: that SQLite finds no fault in the
 * file, that it has the tables of its format, that its rows follow one another
 * from BOT without a gap, number files and bytes as they should, and fit their
 * data, that every block stored is what its checksum says, and that defects
 * and history are possible ones.  Each fault is told to `fault` (a message of
 * one line, which it may not keep), and the search goes on behind it as far as
 * it can; but of like faults SQLite's own check tells the first hundred.
 * Returns how many faults there were.  A file that is not a volume, or cannot
 * be opened, is one.  `counts` is what could be looked at.
 *
 * The file is not changed, but as volume_open() does after a process died.
 */
uint64_t volume_verify(const char *path,
    void (*fault)(void *arg, const char *message), void *arg,
    struct volume_counts *counts);

#endif
