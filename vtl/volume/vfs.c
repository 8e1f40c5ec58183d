/*
 * vfs.c: see vfs.h for what it promises.
 *
 *     SQLite's thread             slots                 the file's thread
 *     xWrite: gather() --------> [ filled ] ----------> write_slot()
 *        waits if all are full      ...                   |
 *                              <-[ free   ] <-------------+
 *
 * Slots are used in turn.  `taken` counts the slots that SQLite's thread began,
 * `done` those that are written.  The last one taken is being filled until it
 * is `handed` over.  The mutex protects the fields below it.  Exceptions: the
 * slot that is being filled belongs to SQLite's thread, and the slots that were
 * handed over belong to the other.
 *
 * The thread starts when the first slot is full: small volumes need none.
 */
#include "vtl/volume/vfs.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/database/vfs.h"

enum {
	SLOTS = 4,
	SLOT_BYTES = 256 << 10,
	/* SQLite's own VFS takes less than 128 KiB in one call. */
	PIECE_BYTES = 64 << 10,
	EARLY_BYTES = 8 << 20, /* after this many, write-back is started */
	OP_WRITE_BEHIND = 0x54704c62 /* our own code of xFileControl */
};

/* A failed write: the code of SQLite (0: no failure) and that of the system. */
struct failure {
	int code, error;
};

struct slot {
	uint8_t *data;
	size_t bytes;
	sqlite3_int64 at;
};

struct file {
	sqlite3_file base; /* must be first: a sqlite3_file is cast to this */
	sqlite3_file *real;
	const char *path; /* NULL: everything passes through */
	bool behind;      /* gather, or pass writes through */
	bool has_thread;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct slot slots[SLOTS];
	uint64_t taken, handed, done;
	struct failure failed; /* a failure to be reported */
	bool ends;
	/* Only the thread that writes uses these fields. */
	int hint_fd;
	size_t early_bytes; /* bytes since write-back was started */
	sqlite3_int64 early_from, early_to; /* range of those bytes */
};

static sqlite3_vfs vfs;
static bool is_registered;

static struct file *file_of(sqlite3_file *file)
{
	return (struct file *)file;
}

static sqlite3_file *real(sqlite3_file *file)
{
	return file_of(file)->real;
}

static sqlite3_vfs *base_vfs(void)
{
	return sqlite3_vfs_find(NULL);
}

/*
 * Starts write-back of what was written.  The descriptor is opened after the
 * file is locked, and closed before it is unlocked: closing it releases all
 * locks of this process.
 */
static void begin_early(struct file *f, const struct slot *slot)
{
	sqlite3_int64 end = slot->at + (sqlite3_int64)slot->bytes;

	if (f->early_bytes == 0 || slot->at < f->early_from)
		f->early_from = slot->at;
	if (f->early_bytes == 0 || end > f->early_to)
		f->early_to = end;
	f->early_bytes += slot->bytes;
	if (f->early_bytes < EARLY_BYTES)
		return;
	f->early_bytes = 0;
	if (f->hint_fd == -1)
		f->hint_fd = open(f->path,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	/* A failure loses nothing: xSync() waits for everything. */
	if (f->hint_fd != -1)
		sync_file_range(f->hint_fd, f->early_from,
		    f->early_to - f->early_from, SYNC_FILE_RANGE_WRITE);
}

static void end_early(struct file *f)
{
	if (f->hint_fd != -1)
		close(f->hint_fd);
	f->hint_fd = -1;
}

static struct failure write_slot(struct file *f, const struct slot *slot)
{
	struct failure none = { SQLITE_OK, 0 };
	size_t n;
	int rc;

	for (size_t i = 0; i < slot->bytes; i += n) {
		n = slot->bytes - i;
		if (n > PIECE_BYTES)
			n = PIECE_BYTES;
		rc = f->real->pMethods->xWrite(f->real, slot->data + i, (int)n,
		    slot->at + (sqlite3_int64)i);
		if (rc != SQLITE_OK)
			return (struct failure){ rc, errno };
	}
	return none;
}

static void *write_behind(void *arg)
{
	struct file *f = arg;

	pthread_mutex_lock(&f->mutex);
	for (;;) {
		struct slot *slot = &f->slots[f->done % SLOTS];
		struct failure failed = f->failed;

		if (f->done == f->handed) {
			if (f->ends)
				break;
			pthread_cond_wait(&f->changed, &f->mutex);
			continue;
		}
		pthread_mutex_unlock(&f->mutex);
		if (failed.code == SQLITE_OK)
			failed = write_slot(f, slot);
		if (failed.code == SQLITE_OK)
			begin_early(f, slot);
		pthread_mutex_lock(&f->mutex);
		f->failed = failed;
		slot->bytes = 0;
		f->done++;
		pthread_cond_broadcast(&f->changed);
	}
	pthread_mutex_unlock(&f->mutex);
	return NULL;
}

/* Hands over the slot that is being filled, or writes it without a thread. */
static void hand_over(struct file *f)
{
	struct slot *slot = &f->slots[f->handed % SLOTS];

	assert(f->taken == f->handed + 1);
	f->handed++;
	if (!f->has_thread && slot->bytes == SLOT_BYTES)
		f->has_thread =
		    pthread_create(&f->thread, NULL, write_behind, f) == 0;
	if (f->has_thread) {
		pthread_cond_broadcast(&f->changed);
		return;
	}
	if (f->failed.code == SQLITE_OK)
		f->failed = write_slot(f, slot);
	slot->bytes = 0;
	f->done++;
}

static void drain(struct file *f)
{
	if (f->taken > f->handed)
		hand_over(f);
	while (f->done < f->taken)
		pthread_cond_wait(&f->changed, &f->mutex);
}

/*
 * Waits until all bytes are written, or dropped after a failure.  Returns the
 * failure and forgets it.
 */
static int report(struct file *f)
{
	int rc;

	drain(f);
	rc = f->failed.code;
	f->failed.code = SQLITE_OK;
	if (rc != SQLITE_OK)
		errno = f->failed.error; /* SQLite reads it */
	return rc;
}

/* Calls report(), for a method that can return an error. */
static int settle(struct file *f)
{
	int rc;

	if (f->path == NULL)
		return SQLITE_OK;
	pthread_mutex_lock(&f->mutex);
	rc = report(f);
	pthread_mutex_unlock(&f->mutex);
	return rc;
}

/*
 * Waits like settle(), for a method that cannot return an error: a later method
 * reports the failure.
 */
static void settle_quietly(struct file *f)
{
	if (f->path == NULL)
		return;
	pthread_mutex_lock(&f->mutex);
	drain(f);
	pthread_mutex_unlock(&f->mutex);
}

/* Returns the slot for bytes at `at`, or NULL without memory. */
static struct slot *slot_for(struct file *f, sqlite3_int64 at)
{
	struct slot *slot = &f->slots[f->handed % SLOTS];

	if (f->taken > f->handed) {
		if (slot->bytes < SLOT_BYTES &&
		    slot->at + (sqlite3_int64)slot->bytes == at)
			return slot;
		hand_over(f);
	}
	while (f->taken - f->done == SLOTS)
		pthread_cond_wait(&f->changed, &f->mutex);
	slot = &f->slots[f->taken % SLOTS];
	if (slot->data == NULL && (slot->data = malloc(SLOT_BYTES)) == NULL)
		return NULL;
	slot->at = at;
	f->taken++;
	return slot;
}

static int gather(struct file *f, const uint8_t *p, size_t bytes,
    sqlite3_int64 at)
{
	struct slot *slot = NULL;
	int rc = SQLITE_OK;
	size_t n;

	for (; bytes > 0; p += n, bytes -= n, at += (sqlite3_int64)n) {
		pthread_mutex_lock(&f->mutex);
		if (f->failed.code != SQLITE_OK)
			rc = report(f);
		else if ((slot = slot_for(f, at)) == NULL)
			rc = SQLITE_IOERR_NOMEM;
		pthread_mutex_unlock(&f->mutex);
		if (rc != SQLITE_OK)
			return rc;
		n = SLOT_BYTES - slot->bytes;
		if (n > bytes)
			n = bytes;
		memcpy(slot->data + slot->bytes, p, n);
		slot->bytes += n;
	}
	return SQLITE_OK;
}

static void end_thread(struct file *f)
{
	if (!f->has_thread)
		return;
	pthread_mutex_lock(&f->mutex);
	f->ends = true;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->mutex);
	pthread_join(f->thread, NULL);
}

static int file_close(sqlite3_file *file)
{
	struct file *f = file_of(file);
	int unwritten = settle(f), rc;

	end_thread(f);
	end_early(f);
	rc = real(file)->pMethods->xClose(real(file));
	pthread_mutex_destroy(&f->mutex);
	pthread_cond_destroy(&f->changed);
	for (int i = 0; i < SLOTS; i++)
		free(f->slots[i].data);
	free(f->real);
	return unwritten != SQLITE_OK ? unwritten : rc;
}

static int file_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
	int rc = settle(file_of(file));

	return rc != SQLITE_OK
	    ? rc
	    : real(file)->pMethods->xRead(real(file), p, n, at);
}

static int file_write(sqlite3_file *file, const void *p, int n,
    sqlite3_int64 at)
{
	struct file *f = file_of(file);

	return f->path != NULL && f->behind
	    ? gather(f, p, (size_t)n, at)
	    : real(file)->pMethods->xWrite(real(file), p, n, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 bytes)
{
	int rc = settle(file_of(file));

	return rc != SQLITE_OK
	    ? rc
	    : real(file)->pMethods->xTruncate(real(file), bytes);
}

static int file_sync(sqlite3_file *file, int flags)
{
	int rc = settle(file_of(file));

	return rc != SQLITE_OK ? rc
			       : real(file)->pMethods->xSync(real(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *bytes)
{
	int rc = settle(file_of(file));

	return rc != SQLITE_OK
	    ? rc
	    : real(file)->pMethods->xFileSize(real(file), bytes);
}

static int file_lock(sqlite3_file *file, int level)
{
	settle_quietly(file_of(file));
	return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	settle_quietly(file_of(file));
	if (level == SQLITE_LOCK_NONE)
		end_early(file_of(file));
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_check_lock(sqlite3_file *file, int *out)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	struct file *f = file_of(file);
	int rc = SQLITE_OK;

	switch (op) {
	case OP_WRITE_BEHIND:
		rc = settle(f);
		f->behind = *(bool *)arg;
		return rc;
	case SQLITE_FCNTL_SIZE_HINT: /* SQLite calls this every few pages */
		if (f->path != NULL)
			return SQLITE_OK;
		break;
	case SQLITE_FCNTL_SYNC:
	case SQLITE_FCNTL_COMMIT_PHASETWO:
		rc = settle(f);
		break;
	default:
		settle_quietly(f);
	}
	return rc != SQLITE_OK
	    ? rc
	    : real(file)->pMethods->xFileControl(real(file), op, arg);
}

static int file_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int file_traits(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

/* Version 1: there is no shared memory (WAL), and nothing is mapped. */
static const sqlite3_io_methods methods = { 1, file_close, file_read,
	file_write, file_truncate, file_sync, file_size, file_lock, file_unlock,
	file_check_lock, file_control, file_sector, file_traits, NULL, NULL,
	NULL, NULL, NULL, NULL };

static int vfs_open(sqlite3_vfs *v, const char *name, sqlite3_file *file,
    int flags, int *out_flags)
{
	sqlite3_vfs *base = base_vfs();
	struct file *f = file_of(file);
	int got = 0, rc;

	memset(f, 0, sizeof *f);
	f->hint_fd = -1;
	f->real = calloc(1, (size_t)base->szOsFile);
	if (f->real == NULL)
		return SQLITE_NOMEM;
	rc = database_vfs_open(v, name, f->real, flags, &got);
	if (out_flags != NULL)
		*out_flags = got;
	if (rc != SQLITE_OK) {
		if (f->real->pMethods != NULL)
			f->real->pMethods->xClose(f->real);
		free(f->real);
		return rc;
	}
	pthread_mutex_init(&f->mutex, NULL);
	pthread_cond_init(&f->changed, NULL);
	/* SQLite keeps the name of a database until it is closed. */
	if ((flags & SQLITE_OPEN_MAIN_DB) != 0 &&
	    (got & SQLITE_OPEN_READONLY) == 0)
		f->path = name;
	file->pMethods = &methods;
	return SQLITE_OK;
}

static void register_vfs(void)
{
	vfs = *base_vfs();
	vfs.pNext = NULL;
	vfs.zName = "tapelab-volume";
	vfs.szOsFile = sizeof(struct file);
	vfs.xOpen = vfs_open;
	vfs.xDelete = database_vfs_delete;
	vfs.xAccess = database_vfs_access;
	vfs.xFullPathname = database_vfs_full_path;
	is_registered = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

const char *volume_vfs_name(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (database_vfs_name() == NULL)
		return NULL;
	pthread_once(&once, register_vfs);
	return is_registered ? vfs.zName : NULL;
}

void volume_vfs_write_behind(sqlite3 *db, bool behind)
{
	sqlite3_file_control(db, "main", OP_WRITE_BEHIND, &behind);
}
