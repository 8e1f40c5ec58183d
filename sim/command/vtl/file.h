/*
 * vtl_file.h: the file of a volume is moved, and nobody has it open meanwhile.
 *
 * What fails is complained about here.
 */
#ifndef SIM_VTL_FILE_H
#define SIM_VTL_FILE_H

#include "vtl/volume/volume.h"

/*
 * Locks the file: until file_lock_close() nobody has the volume open, so that
 * no journal comes to be beside it, and none is there.  NULL if that failed.
 */
struct file_lock *vtl_file_lock(const char *path);

/*
 * The same, and says what the volume is, once it has been told its type of
 * medium, where that is not NULL; and what had been said of that before.
 */
struct file_lock *vtl_file_lock_volume(const char *path, const char *medium,
    struct volume_spec *spec, char was[VOLUME_MEDIUM_BYTES]);

/*
 * Whether nothing that lies at `to` would be taken for the journal of a volume
 * that is moved there.  0 or -1.
 */
int vtl_file_check_journal(const char *from, const char *to);

/* Moves a file, but over no other.  0 or -1. */
int vtl_file_move(const char *from, const char *to);

#endif
