/* vfs_hook.c: see vfs_hook.h. */
#include "vtl/tests/vfs_hook.h"

#include <check.h>
#include <string.h>

/* A SQLite file; the file of the layer below follows it in memory. */
struct layer {
	sqlite3_file base;
	sqlite3_file *real;
	bool journal;
};

static sqlite3_vfs vfs, *real_vfs;
static int (*hook)(const struct vfs_hook_event *event);

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct layer *)file)->real;
}

/* Calls the hook before an operation; `data` are the bytes of a write. */
static int ask(sqlite3_file *f, enum vfs_hook_operation deed, const void *data,
    int bytes, sqlite3_int64 at)
{
	const struct vfs_hook_event event = { deed,
		((struct layer *)f)->journal, data, bytes, at, real(f) };

	return hook(&event);
}

static int layer_close(sqlite3_file *f)
{
	return real(f)->pMethods->xClose(real(f));
}

static int layer_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int layer_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	int rc = ask(f, VFS_HOOK_WRITE, p, n, at);

	return rc != SQLITE_OK ? rc
			       : real(f)->pMethods->xWrite(real(f), p, n, at);
}

static int layer_truncate(sqlite3_file *f, sqlite3_int64 bytes)
{
	int rc = ask(f, VFS_HOOK_TRUNCATE, NULL, 0, bytes);

	return rc != SQLITE_OK ? rc
			       : real(f)->pMethods->xTruncate(real(f), bytes);
}

static int layer_sync(sqlite3_file *f, int flags)
{
	(void)flags;
	return ask(f, VFS_HOOK_SYNC, NULL, 0, 0);
}

static int layer_size(sqlite3_file *f, sqlite3_int64 *bytes)
{
	return real(f)->pMethods->xFileSize(real(f), bytes);
}

static int layer_lock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xLock(real(f), level);
}

static int layer_unlock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int layer_check_lock(sqlite3_file *f, int *out)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int layer_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int layer_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int layer_traits(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int layer_open(sqlite3_vfs *v, const char *name, sqlite3_file *f,
    int flags, int *out_flags)
{
	static const sqlite3_io_methods methods = { 1, layer_close, layer_read,
		layer_write, layer_truncate, layer_sync, layer_size, layer_lock,
		layer_unlock, layer_check_lock, layer_control, layer_sector,
		layer_traits, NULL, NULL, NULL, NULL, NULL, NULL };
	struct layer *layer = (struct layer *)f;
	int rc;

	(void)v;
	layer->real = (sqlite3_file *)(layer + 1);
	layer->journal = (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
	rc = real_vfs->xOpen(real_vfs, name, layer->real, flags, out_flags);
	f->pMethods = rc == SQLITE_OK ? &methods : NULL;
	return rc;
}

static int layer_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
	const struct vfs_hook_event event = { .operation = VFS_HOOK_DELETE,
		.journal = true };
	int rc = hook(&event);

	(void)v;
	return rc != SQLITE_OK ? rc
			       : real_vfs->xDelete(real_vfs, name, sync_folder);
}

void vfs_hook_install(int (*the_hook)(const struct vfs_hook_event *event))
{
	hook = the_hook;
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "layer";
	vfs.szOsFile += (int)sizeof(struct layer);
	vfs.xOpen = layer_open;
	vfs.xDelete = layer_delete;
	ck_assert_int_eq(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

void vfs_hook_remove(void)
{
	sqlite3_vfs_unregister(&vfs);
	sqlite3_vfs_register(real_vfs, 1);
}
