/*
 * vfs.h: the layer between SQLite and the system for all databases of
 * tapelab.
 *
 * A file next to a database may come from a stranger, and SQLite trusts it.
 * This layer limits what SQLite does with such files:
 *
 *  1. A database and its journal must be regular files.  No symbolic link is
 *     followed, and no FIFO is waited for.
 *  2. Only the journal of the database is deleted.  A journal that names a
 *     super-journal is refused: SQLite would delete the file of that name, and
 *     tapelab has no transactions over several files.
 *  3. A journal is written to only if it is empty, or begins like a journal of
 *     SQLite, also one whose first bytes were not written completely.
 *  4. No write-ahead log is opened.
 *
 * Everything else goes to the default VFS of SQLite.
 */
#ifndef SPLITTER_DATABASE_VFS_H
#define SPLITTER_DATABASE_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Returns the name of the layer for sqlite3_open_v2().  The first call
 * registers the layer; NULL if the registration fails.  Any thread may call
 * this function.
 */
const char *database_vfs_name(void);

/*
 * The methods in which this layer differs from the default VFS, for another
 * layer above this one.  `file` needs as much room as in the default VFS.
 */
int database_vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
    int flags, int *out_flags);
int database_vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder);
int database_vfs_access(sqlite3_vfs *vfs, const char *name, int flags,
    int *out);
int database_vfs_full_path(sqlite3_vfs *vfs, const char *name, int bytes,
    char *out);

/*
 * Returns whether a file with these first 16 bytes is a database or a journal.
 */
bool database_vfs_is_database(const void *beginning);

/*
 * Returns why SQLite must not use the files next to the database `path`, as a
 * part of a sentence that names the database.  Returns NULL if SQLite may use
 * the files, or if they cannot be inspected.
 */
const char *database_vfs_objection(const char *path);

#endif
