/*
 * file.h: moves the file of a volume while no process has it open.
 *
 * Errors are printed.
 */
#ifndef SIM_VTL_FILE_H
#define SIM_VTL_FILE_H

#include "vtl/volume/volume.h"

/*
 * Locks the file: until file_lock_close(), no process has the volume open, and
 * the volume has no journal.  Returns NULL on an error.
 */
struct file_lock *vtl_file_lock(const char *path);

/*
 * Locks the file like vtl_file_lock(), and sets the media type of the volume if
 * `medium` is not NULL.  Gets the spec of the volume, and in `was` the previous
 * media type.
 */
struct file_lock *vtl_file_lock_volume(const char *path, const char *medium,
    struct volume_spec *spec, char was[VOLUME_MEDIUM_BYTES]);

/*
 * Checks that there is no file `to`, and none that would become the journal of a
 * volume moved there.  Returns 0 or -1.
 */
int vtl_file_check_target(const char *from, const char *to);

/* Moves a file without replacing another.  Returns 0 or -1. */
int vtl_file_move(const char *from, const char *to);

#endif
