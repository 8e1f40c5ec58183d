/*
 * database_vfs.h: the layer between SQLite and the system that every database
 * of tapelab is opened through.
 *
 * A file that lies beside a database may be a stranger's, and SQLite believes
 * what it says.  This layer limits what SQLite does with such files:
 *
 *  1. A database and its journal are regular files.  A symbolic link is not
 *     followed, and a FIFO is not waited for.
 *  2. No file is deleted but the journal of the database itself.  A journal
 *     that names a super-journal is refused: SQLite would delete the file of
 *     that name, and no tapelab database is ever part of a transaction over
 *     several files.
 *  3. A journal that is neither empty nor begins as one of SQLite's is not
 *     written to.
 *  4. No write-ahead log is opened.
 *
 * All else goes to the VFS that is SQLite's default when the file is opened.
 */
#ifndef VTL_DATABASE_VFS_H
#define VTL_DATABASE_VFS_H

#include <sqlite3.h>
#include <stdint.h>

/*
 * The name by which sqlite3_open_v2() knows it; registers it when first called.
 * NULL if it cannot be.  Any thread.
 */
const char *database_vfs_name(void);

/*
 * The methods in which it differs, for another layer that stands on it.  Use
 * as those of a struct sqlite3_vfs; the room of `file` is that of the default
 * VFS.
 */
int database_vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
    int flags, int *out_flags);
int database_vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder);
int database_vfs_access(sqlite3_vfs *vfs, const char *name, int flags,
    int *out);
int database_vfs_full_path(sqlite3_vfs *vfs, const char *name, int bytes,
    char *out);

/*
 * Why SQLite may not use the files beside the database `path`, as a sentence
 * that begins with "beside it lies"; NULL if it may, or if they cannot be
 * looked at.
 */
const char *database_vfs_objection(const char *path);

#endif
