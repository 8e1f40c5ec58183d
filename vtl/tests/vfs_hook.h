/*
 * vfs_hook.h: a layer below the volumes' own (vtl/volume/vfs.h) that shows a
 * test every operation on the disk and can make it fail.
 */
#ifndef VTL_TESTS_VFS_HOOK_H
#define VTL_TESTS_VFS_HOOK_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum vfs_hook_operation {
	VFS_HOOK_WRITE,
	VFS_HOOK_TRUNCATE,
	VFS_HOOK_SYNC,
	VFS_HOOK_DELETE
};

/* The operation that is about to be done. */
struct vfs_hook_event {
	enum vfs_hook_operation operation;
	bool journal;     /* true: on the journal; false: on the database */
	const void *data; /* the bytes of a write */
	int bytes;
	sqlite3_int64 at;   /* place of a write; length of a truncate */
	sqlite3_file *real; /* the file; NULL for a delete */
};

/*
 * Puts the layer below all databases that are opened from now on.  `hook` is
 * called before each operation; a result other than SQLITE_OK becomes the
 * result of the operation.  It may be called by the thread that writes
 * asynchronously, but never by two threads at once.  A sync is never really
 * done.
 */
void vfs_hook_install(int (*hook)(const struct vfs_hook_event *event));

/* Removes the layer; no database may be open. */
void vfs_hook_remove(void);

#endif
