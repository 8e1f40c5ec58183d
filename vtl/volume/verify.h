/*
 * verify.h: finds faults in the file of a volume.
 */
#ifndef VTL_VOLUME_VERIFY_H
#define VTL_VOLUME_VERIFY_H

#include "vtl/volume/volume.h"

/* The result of a verification. */
struct volume_counts {
	uint64_t blocks, filemarks, bytes;
	uint64_t checked; /* blocks whose data was compared */
};

/*
 * Opens the volume and checks all of it:
 *
 *  - SQLite finds no fault in the file, and its tables are those of its
 *  version;
 *  - the rows of each partition are contiguous from BOP, count files and bytes
 *    correctly, and match their data;
 *  - every stored block matches its checksum;
 *  - the rows of defects, attributes and history are valid.
 *
 * `fault` is called for each fault, with a message of one line that it must not
 * keep; then the check continues as far as it can.  Of SQLite's own check the
 * first hundred faults are reported.  Returns the number of faults.  A file
 * that is not a volume, or cannot be opened, is one fault.  `counts` is what
 * could be checked.
 *
 * The file is not changed, except that volume_open() recovers it after a
 * process died.
 */
uint64_t volume_verify(const char *path,
    void (*fault)(void *arg, const char *message), void *arg,
    struct volume_counts *counts);

#endif
