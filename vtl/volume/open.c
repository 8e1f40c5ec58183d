/*
 * open.c: opens and closes volumes.
 *
 * The lock on the file is taken at open and given back at close.  SQLite's own
 * locks keep out programs that do not know of it, such as sqlite3(1), until
 * this process closes any other descriptor of the file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtl/base/file_lock.h"
#include "vtl/volume/impl.h"
#include "vtl/volume/vfs.h"

/*
 * Like the switch of a cartridge, write protection also holds for the
 * superuser.
 */
static bool is_write_protected(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 &&
	    ((st.st_mode & 0222) == 0 || access(path, W_OK) != 0);
}

/* Locks the database; recovers it if a process died during a write. */
static int lock(struct volume *volume, bool durable)
{
	static const char settings[] = "pragma locking_mode = exclusive;"
				       "pragma cache_size = -768;" /* KiB */
				       "pragma secure_delete = off;";

	_Static_assert(VOLUME_CACHE_BYTES == 768 << 10, "the pragma");
	if (volume_exec(volume, settings) != 0 ||
	    volume_exec(volume,
		durable ? "pragma synchronous = full"
			: "pragma synchronous = off") != 0 ||
	    volume_exec(volume,
		volume->is_protected
		    ? "begin; select count(*) from volume; commit"
		    : "begin exclusive; commit") != 0 ||
	    volume_exec(volume, "pragma journal_mode = persist") != 0) {
		if (sqlite3_errcode(volume->db) == SQLITE_BUSY)
			volume_report_holder(volume->path, volume->message);
		else
			snprintf(volume->message, sizeof volume->message,
			    "cannot open volume %s: %s", volume->path,
			    volume_error_reason(volume->db));
		return -1;
	}
	return 0;
}

static void free_volume(struct volume *volume)
{
	volume_rows_drop(volume);
	volume_drop_cached_row(volume);
	volume_forget_statements(volume);
	sqlite3_close(volume->db);
	file_lock_close(volume->lock); /* SQLite's locks end with it */
	free(volume->open_store.data);
	free(volume->open_store.sums);
	free(volume->cached_store.data);
	free(volume->cached_store.sums);
	free(volume->defects);
	free(volume->path);
	free(volume);
}

static int open_rows(struct volume *volume)
{
	volume->broken = true; /* there is no earlier state to roll back to */
	if (volume_load_format(volume) != 0 ||
	    volume_check_schema(volume) != 0 || volume_load_spec(volume) != 0 ||
	    volume_reload(volume) != 0)
		return -1;
	volume->broken = false;
	return 0;
}

struct volume *volume_open(const char *path, bool durable,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct volume *volume;
	const char *why;
	bool busy;

	errno = 0;
	volume = calloc(1, sizeof *volume);
	if (volume == NULL || (volume->path = strdup(path)) == NULL) {
		free(volume);
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open volume %s: out of memory", path);
		return NULL;
	}
	volume->is_protected = is_write_protected(path);
	volume->lock = volume_lock(path, volume->is_protected, message);
	if (volume->lock == NULL) {
		busy = errno == EBUSY;
		goto free;
	}
	why = volume_open_database(path,
	    volume->is_protected ? DATABASE_READ : DATABASE_WRITE, &volume->db);
	if (why != NULL) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open volume %s: %s", path, why);
		goto fail;
	}
	volume_vfs_write_behind(volume->db, durable);
	if (lock(volume, durable) != 0 || open_rows(volume) != 0) {
		memcpy(message, volume->message, VOLUME_MESSAGE_BYTES);
		goto fail;
	}
	return volume;
fail:
	busy = volume->db != NULL && sqlite3_errcode(volume->db) == SQLITE_BUSY;
free:
	free_volume(volume);
	errno = busy ? EBUSY : 0;
	return NULL;
}

struct file_lock *volume_lock_file(const char *path,
    char message[VOLUME_MESSAGE_BYTES])
{
	return volume_lock(path, is_write_protected(path), message);
}

struct file_lock *volume_close_locked(struct volume *volume,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct file_lock *lock = volume->lock;

	volume->lock = NULL;
	if (volume_close(volume, message) == 0)
		return lock;
	file_lock_close(lock);
	return NULL;
}

int volume_close(struct volume *volume, char message[VOLUME_MESSAGE_BYTES])
{
	int rc = 0;

	if (!volume->is_protected)
		rc = volume_sync(volume);
	if (rc != 0)
		memcpy(message, volume->message, VOLUME_MESSAGE_BYTES);
	/* Deletes the journal, which SQLite kept between transactions. */
	if (!volume->broken && !volume->is_protected)
		volume_exec(volume,
		    "pragma locking_mode = normal;"
		    "pragma journal_mode = delete");
	free_volume(volume);
	return rc;
}
