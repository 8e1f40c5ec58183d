/* vfs.c: see vfs.h. */
#include "splitter/base/database/vfs.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC_BYTES = 8, SUPER_BYTES = 16 }; /* minimum size of a record */

/*
 * Each header of a journal begins with these bytes, and a record that names a
 * super-journal ends with them ("The Rollback Journal" in the description of
 * SQLite's file format).
 */
static const uint8_t magic[MAGIC_BYTES] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1,
	0x63, 0xd7 };
static const uint8_t zeros[MAGIC_BYTES];

static const char journal_suffix[] = "-journal";

static sqlite3_vfs vfs;
static bool is_registered;
static int (*system_open)(const char *path, int flags, int mode);

static sqlite3_vfs *base_vfs(void)
{
	return sqlite3_vfs_find(NULL);
}

/* Returns true for a regular file, and also if the file does not exist. */
static bool is_regular(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 ? errno == ENOENT : S_ISREG(st.st_mode);
}

/*
 * Returns whether a journal may begin with these bytes.  SQLite writes the first
 * bytes over zeros, and a failed write may leave only some of them: SQLite
 * takes such a journal for empty.
 */
static bool is_head(const uint8_t *head, size_t bytes)
{
	size_t i = 0;

	while (i < bytes && head[i] == magic[i])
		i++;
	return memcmp(head + i, zeros, bytes - i) == 0;
}

static const char *journal_objection(const uint8_t *head, size_t head_bytes,
    const uint8_t *tail, sqlite3_int64 bytes)
{
	if (!is_head(head, head_bytes))
		return "the file next to it whose name ends with \"-journal\" "
		       "is not a journal of SQLite: move that file away";
	if (bytes >= SUPER_BYTES && memcmp(tail, magic, MAGIC_BYTES) == 0)
		return "its journal names a super-journal, which tapelab never "
		       "writes and which would delete other files: move the "
		       "journal away, and verify the database";
	return NULL;
}

/*
 * Checks a journal that SQLite has opened.  Returns SQLITE_OK if SQLite may use
 * it.
 */
static int check_journal(sqlite3_file *file)
{
	uint8_t head[MAGIC_BYTES] = { 0 }, tail[MAGIC_BYTES] = { 0 };
	sqlite3_int64 bytes;
	size_t n;
	int rc = file->pMethods->xFileSize(file, &bytes);

	if (rc != SQLITE_OK || bytes == 0)
		return rc;
	n = bytes < MAGIC_BYTES ? (size_t)bytes : MAGIC_BYTES;
	rc = file->pMethods->xRead(file, head, (int)n, 0);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xRead(file, tail, (int)n,
		    bytes - (sqlite3_int64)n);
	if (rc != SQLITE_OK)
		return rc;
	return journal_objection(head, n, tail, bytes) == NULL
	    ? SQLITE_OK
	    : SQLITE_CANTOPEN;
}

int database_vfs_open(sqlite3_vfs *v, const char *name, sqlite3_file *file,
    int flags, int *out_flags)
{
	sqlite3_vfs *base = base_vfs();
	int rc;

	/*
	 * base->szOsFile can be larger only if the default VFS was replaced
	 * after this layer was registered.
	 */
	assert(v != &vfs || base->szOsFile <= vfs.szOsFile);
	file->pMethods = NULL;
	if ((flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0 ||
	    (name != NULL && !is_regular(name)))
		return SQLITE_CANTOPEN;
	rc = base->xOpen(base, name, file, flags, out_flags);
	if (rc != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_JOURNAL) == 0)
		return rc;
	rc = check_journal(file);
	if (rc == SQLITE_OK)
		return SQLITE_OK;
	file->pMethods->xClose(file);
	file->pMethods = NULL;
	return rc;
}

int database_vfs_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
	size_t n = strlen(name), m = sizeof journal_suffix - 1;

	(void)v;
	if (n <= m || strcmp(name + n - m, journal_suffix) != 0)
		return SQLITE_IOERR_DELETE;
	return base_vfs()->xDelete(base_vfs(), name, sync_folder);
}

int database_vfs_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	(void)v;
	return base_vfs()->xAccess(base_vfs(), name, flags, out);
}

/*
 * Resolves links in the path of the folder only: the last name must not be a
 * link.
 */
int database_vfs_full_path(sqlite3_vfs *v, const char *name, int bytes,
    char *out)
{
	const char *slash = strrchr(name, '/');
	char folder[PATH_MAX] = ".";
	size_t n = 0;
	int rc;

	(void)v;
	if (slash != NULL) {
		n = slash == name ? 1 : (size_t)(slash - name);
		if (n >= sizeof folder)
			return SQLITE_CANTOPEN;
		memcpy(folder, name, n);
		folder[n] = '\0';
		name = slash + 1;
	}
	rc = base_vfs()->xFullPathname(base_vfs(), folder, bytes, out);
	if ((rc & 0xff) != SQLITE_OK)
		return rc;
	n = strlen(out);
	if (n + strlen(name) + 2 > (size_t)bytes)
		return SQLITE_CANTOPEN;
	sprintf(out + n, "%s%s", n > 0 && out[n - 1] == '/' ? "" : "/", name);
	return SQLITE_OK;
}

/*
 * Opens a file for SQLite.  SQLite passes O_NOFOLLOW for databases and the
 * files next to them, but not for other files (a folder that is synchronised,
 * /dev/urandom).  A FIFO may have replaced a file after the file was checked,
 * so O_NONBLOCK prevents that the open waits for the FIFO.
 */
static int open_regular(const char *path, int flags, int mode)
{
	struct stat st;
	int fd;

	if ((flags & O_NOFOLLOW) == 0)
		return system_open(path, flags, mode);
	fd = system_open(path, flags | O_NONBLOCK, mode);
	/*
	 * If fstat() fails, the caller relies on is_regular() before this call.
	 */
	if (fd == -1 || fstat(fd, &st) != 0 || S_ISREG(st.st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static void register_vfs(void)
{
	sqlite3_vfs *base = base_vfs();

	system_open =
	    (int (*)(const char *, int, int))base->xGetSystemCall(base, "open");
	if (system_open == NULL ||
	    base->xSetSystemCall(base, "open",
		(sqlite3_syscall_ptr)open_regular) != SQLITE_OK)
		return;
	vfs = *base;
	vfs.pNext = NULL;
	vfs.zName = "tapelab";
	vfs.xOpen = database_vfs_open;
	vfs.xDelete = database_vfs_delete;
	vfs.xAccess = database_vfs_access;
	vfs.xFullPathname = database_vfs_full_path;
	is_registered = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

const char *database_vfs_name(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (sqlite3_initialize() != SQLITE_OK)
		return NULL;
	pthread_once(&once, register_vfs);
	return is_registered ? vfs.zName : NULL;
}

/* Returns whether the file path + suffix exists. */
static bool is_there(const char *path, const char *suffix, struct stat *st)
{
	char name[PATH_MAX];

	return snprintf(name, sizeof name, "%s%s", path, suffix) <
	    (int)sizeof name &&
	    lstat(name, st) == 0;
}

static const char *inspect_journal(const char *path)
{
	uint8_t head[MAGIC_BYTES] = { 0 }, tail[MAGIC_BYTES] = { 0 };
	const char *objection = NULL;
	char name[PATH_MAX];
	struct stat st;
	size_t n;
	int fd;

	if (snprintf(name, sizeof name, "%s%s", path, journal_suffix) >=
	    (int)sizeof name)
		return NULL;
	fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		n = st.st_size < MAGIC_BYTES ? (size_t)st.st_size : MAGIC_BYTES;
		if (pread(fd, head, n, 0) == (ssize_t)n &&
		    pread(fd, tail, n, st.st_size - (off_t)n) == (ssize_t)n)
			objection =
			    journal_objection(head, n, tail, st.st_size);
	}
	close(fd);
	return objection;
}

bool database_vfs_is_database(const void *beginning)
{
	return memcmp(beginning, "SQLite format 3", 16) == 0 ||
	    memcmp(beginning, magic, MAGIC_BYTES) == 0;
}

const char *database_vfs_objection(const char *path)
{
	struct stat st;

	if (is_there(path, "-wal", &st))
		return "next to it is a write-ahead log (a name that ends with "
		       "\"-wal\"), which tapelab does not use: switch to a "
		       "rollback journal with \"pragma journal_mode = delete\" "
		       "in sqlite3, or move the log away";
	if ((is_there(path, journal_suffix, &st) && !S_ISREG(st.st_mode)) ||
	    (is_there(path, "-shm", &st) && !S_ISREG(st.st_mode)))
		return "next to it is a \"-journal\" or \"-shm\" that is not "
		       "a regular file: move it away";
	return inspect_journal(path);
}
