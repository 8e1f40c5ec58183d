/*
 * disk_drives.h: the drives of a library on disk (vtl/tests/library_on_disk.h),
 * as tests set them up and write with them.
 */
#ifndef VTL_LIBRARY_TESTS_DISK_DRIVES_H
#define VTL_LIBRARY_TESTS_DISK_DRIVES_H

#include "vtl/changer/drive_settings.h"
#include "vtl/tests/library_on_disk.h"

enum { DISK_BLOCK = 4096 };

extern const struct sense disk_medium_error; /* 3/0C/00 */

/* Of the last load. */
extern struct tape_result disk_result;

/* Makes the library in a scratch folder. */
void disk_setup(void);

struct changer *disk_changer(bool read_only);

/* Stores the behaviour of a drive, or a fault; -1: of each drive. */
void disk_behave(unsigned drive, const struct drive_options *options);
void disk_add_fault(int drive, const struct drive_fault *fault);

/* Returns how many faults of drives are not spent. */
size_t disk_count_faults(void);

/* Loads the next volume. */
struct drive *disk_load(struct library *library);

/* Writes this number of blocks, at most 16. */
struct drive_result disk_write(struct drive *drive, unsigned blocks);

/* Writes a block. */
bool disk_write_fails(struct drive *drive);

#endif
