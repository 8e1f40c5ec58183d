/*
 * library_on_disk.h: what the suites of libraries on disk share: one in the
 * folder "lib", with four volumes, VTA001L8 and on, and a cleaning cartridge
 * behind them, in six slots, and two drives.
 */
#ifndef VTL_TESTS_LIBRARY_ON_DISK_H
#define VTL_TESTS_LIBRARY_ON_DISK_H

#include "vtl/library/library.h"

enum { ON_DISK_VOLUMES = 4, ON_DISK_DRIVES = 2 };

/* Makes it, drives and all; `behaviour` is that of both, or NULL. */
void on_disk_make(const struct drive_options *behaviour);

/* Uses it; the test fails if that does.  `options` NULL: any drive. */
struct library *on_disk_open(const struct library_options *options);

#endif
