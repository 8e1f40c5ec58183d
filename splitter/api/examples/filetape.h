/*
 * filetape.h: a tape whose volumes are folders, and whose tape files are files
 * in them: 0 is the label, then 1, 2, ...
 *
 * An example of a struct tape from outside: it needs <tapelab/tape.h> alone.
 * A block has no trace in such a file, so all blocks but the last of a file
 * are of one size, that of the dump.
 */
#ifndef FILETAPE_H
#define FILETAPE_H

#include <tapelab/tape.h>

#define FILETAPE_NO_WARNING UINT64_MAX

struct filetape;

/*
 * The volume in the folder `path`, which is made if it is not there; its
 * barcode is the folder's name.  It holds `capacity` bytes of blocks, and warns
 * `warning` bytes before its end, or not at all.  NULL: out of memory.
 */
struct filetape *filetape_new(const char *path, uint64_t block_bytes,
    uint64_t capacity, uint64_t warning);

struct tape *filetape_tape(struct filetape *t);

void filetape_free(struct tape *tape);

#endif
