/*
 * vfs.h: the layer between SQLite and the system's own VFS, for the
 * files of volumes only.
 *
 * SQLite hands pages over one by one and waits for each.  This layer gathers
 * adjacent ones, and a thread of the file's own writes them while the next are
 * made.  Nothing else is different:
 *
 *  1. Bytes are written in the order in which they were handed over.
 *  2. Whatever else is asked of the file (to read, sync, cut, tell its size,
 *     change the lock, close) finds all of them written.  SQLite says before
 *     the end of each transaction, synchronous or not, that it has handed over
 *     all its pages: they are written then, too.
 *  3. A write that failed is reported by the next call that can report it, and
 *     what was gathered behind it is dropped.  So the caller must roll back
 *     whatever failed, as the pages of one transaction are of no use without
 *     each other.
 *  4. Journals, and files that are only read, pass through.
 *
 * It stands on the layer that limits what SQLite does (splitter/base/database_vfs.h), and
 * with that on the VFS that is SQLite's default when a file is opened, so that
 * a test can put another one under it.
 */
#ifndef VTL_VOLUME_VFS_H
#define VTL_VOLUME_VFS_H

#include <sqlite3.h>
#include <stdbool.h>

/*
 * The name by which sqlite3_open_v2() knows it; registers it when first called.
 * NULL if it cannot be.  Any thread.
 */
const char *volume_vfs_name(void);

/*
 * Whether the disk is to begin with what was written at once, so that a sync
 * has little to wait for.  At first it is not.
 */
void volume_vfs_write_early(sqlite3 *db, bool early);

#endif
