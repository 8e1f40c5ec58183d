/*
 * filetape.h: a tape whose volumes are folders.  The tape files are files in
 * them: 0 is the label, then 1, 2, ...
 *
 * An example of a struct tape in a program: it needs only <tapelab/tape.h>.
 * Such a file does not show where blocks end, so all blocks have the size of
 * the dump, except the last one of a file.
 */
#ifndef FILETAPE_H
#define FILETAPE_H

#include <tapelab/tape.h>

#define FILETAPE_NO_WARNING UINT64_MAX

struct filetape;

/*
 * The volume in the folder `path`, which is created if it does not exist; its
 * barcode is the name of the folder.  It holds `capacity` bytes of blocks, and
 * warns `warning` bytes before its end, or never.  NULL: out of memory.
 */
struct filetape *filetape_new(const char *path, uint64_t block_bytes,
    uint64_t capacity, uint64_t warning);

struct tape *filetape_tape(struct filetape *t);

void filetape_free(struct tape *tape);

#endif
