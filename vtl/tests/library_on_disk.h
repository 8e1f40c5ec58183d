/*
 * library_on_disk.h: makes a library on disk for tests, in the folder "lib".
 * The library has two drives, six slots, four volumes from VTA001L8 on, and a
 * cleaning cartridge in the slot after the volumes.
 */
#ifndef VTL_TESTS_LIBRARY_ON_DISK_H
#define VTL_TESTS_LIBRARY_ON_DISK_H

#include "vtl/library/library.h"

enum { ON_DISK_VOLUMES = 4, ON_DISK_DRIVES = 2 };

/*
 * Creates the library.  Both drives get `behaviour`; NULL: that of their model.
 */
void on_disk_make(const struct drive_options *behaviour);

/* Opens the library; the test fails on an error.  `options` NULL: any drive. */
struct library *on_disk_open(const struct library_options *options);

#endif
