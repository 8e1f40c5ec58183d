/*
 * files.h: copies files, and removes folders.
 *
 * Functions return 0, or -1 with errno.  Any thread may call them.
 */
#ifndef VTL_FILES_H
#define VTL_FILES_H

/*
 * Copies a regular file, with its permissions and the time of its last change,
 * to a new file.  Where the file system can do so, the two share their blocks
 * until one changes.  After a failure there is no new file.
 */
int files_copy(const char *from, const char *to);

/*
 * Begins to write a file to the disk.  Many files that are then synchronised
 * one after another take little longer than one.
 */
int files_begin_sync(const char *path);

/* Waits until a file, or the list of files in a folder, is on the disk. */
int files_sync(const char *path);

/*
 * Removes a folder with all that is in it, or a file.  It is no error if there
 * is nothing of this name.
 */
int files_remove(const char *path);

/*
 * Calls `each` for the names in a folder, except "." and "..", until it returns
 * something other than 0, and returns that.  `each` may rename and remove files.
 */
int files_each(const char *folder, int (*each)(void *arg, const char *name),
    void *arg);

#endif
