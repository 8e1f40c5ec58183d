/*
 * struct.h: structs that a program and this library may know in two versions.
 *
 * A struct grows at its end only.  A program passes the size that it was
 * compiled with, so no byte of it beyond that is read or written.  A config
 * begins with that size and with the version of the interface (SPLITTER_API).
 */
#ifndef SPLITTER_API_STRUCT_H
#define SPLITTER_API_STRUCT_H

#include <stddef.h>

/* Fills in a program's config: the defaults, its size and the version. */
void struct_init(void *config, size_t config_bytes, unsigned api,
    const void *defaults, size_t defaults_bytes);

/*
 * Copies a program's config into `to`, of `to_bytes`, which holds the defaults:
 * members that the program does not know keep them.  0, or -1 with a message
 * if the library does not know the program's version.
 */
int struct_read(const void *config, void *to, size_t to_bytes, char *err,
    size_t err_bytes);

/* Copies a result into a program's struct; what only that has becomes 0. */
void struct_write(const void *from, size_t from_bytes, void *to,
    size_t to_bytes);

#endif
