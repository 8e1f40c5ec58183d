/*
 * volume.c: opening and closing a volume, its transactions, and what becomes
 * of it when something cannot be stored.
 *
 *  1. A transaction is begun by the first change behind a commit, and ended
 *     by volume_sync() or after VOLUME_COMMIT_BYTES of payload.
 *  2. Whatever fails is rolled back as a whole; then what is in memory is
 *     read anew from the file.  A volume that cannot even do that is broken,
 *     and fails every call from then on.
 *  3. The lock on the file is taken at open and given back at close.  SQLite's
 *     own locks keep out who does not know of it, such as sqlite3(1), until
 *     this process closes any other descriptor of the file.
 */
#include "vtl/base/file_lock.h"
#include "vtl/volume/impl.h"
#include "vtl/volume/vfs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *volume_lost(const struct volume *volume)
{
	return volume->lost;
}

bool volume_machine_failed(const struct volume *volume)
{
	return volume->broken || volume->machine_failed;
}

const char *volume_message(const struct volume *volume)
{
	return volume->message;
}

const struct volume_spec *volume_spec(const struct volume *volume)
{
	return &volume->spec;
}

bool volume_is_protected(const struct volume *volume)
{
	return volume->is_protected;
}

void volume_end(const struct volume *volume, struct volume_place *place)
{
	*place = volume->end;
}

bool volume_is_unfinished(const struct volume *volume)
{
	return volume->ends_in_block;
}

int volume_exec(struct volume *volume, const char *sql)
{
	return sqlite3_exec(volume->db, sql, NULL, NULL, NULL) == SQLITE_OK
	    ? 0
	    : -1;
}

int volume_prepare(struct volume *volume, const char *sql, sqlite3_stmt **stmt)
{
	if (sqlite3_prepare_v2(volume->db, sql, -1, stmt, NULL) == SQLITE_OK)
		return 0;
	return volume_fail(volume, "read");
}

/* What the system said; SQLite does not pass it on where a commit failed. */
static const char *io_reason(sqlite3 *db)
{
	int error = sqlite3_system_errno(db);

	if (error == 0)
		sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO,
		    &error);
	return error != 0 ? file_lock_reason(error) : sqlite3_errmsg(db);
}

const char *volume_reason(sqlite3 *db)
{
	const char *objection = database_objection(db);

	if (objection != NULL)
		return objection;
	switch (sqlite3_errcode(db)) {
	case SQLITE_OK: /* what else fails is an allocation */
	case SQLITE_ROW:
	case SQLITE_DONE:
		return "out of memory";
	case SQLITE_FULL:
		return "the disk is full: make room and write again";
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return io_reason(db);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR: /* a table is not there */
		return "the file is damaged: take a copy of it, or make it "
		       "again";
	case SQLITE_BUSY:
		return "it is in use by another program: wait until that has "
		       "ended";
	case SQLITE_READONLY:
		return "it was left in the middle of a write and is "
		       "write-protected: permit writing, so that it can be "
		       "put right";
	default:
		return sqlite3_errmsg(db);
	}
}

void volume_forget_statements(struct volume *volume)
{
	sqlite3_finalize(volume->insert);
	sqlite3_finalize(volume->find);
	volume->insert = volume->find = NULL;
}

static int reload(struct volume *volume)
{
	volume->pending_bytes = 0;
	volume_forget_statements(volume);
	if (volume_load_format(volume) != 0 || volume_load_end(volume) != 0)
		return -1;
	return volume_load_defects(volume);
}

/* Whether what failed is not to be blamed on what is in the file. */
static bool is_of_machine(sqlite3 *db)
{
	switch (sqlite3_errcode(db)) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR:
		return false;
	default:
		return database_objection(db) == NULL;
	}
}

int volume_fail(struct volume *volume, const char *doing)
{
	char message[VOLUME_MESSAGE_BYTES];
	bool of_machine = is_of_machine(volume->db);

	snprintf(message, sizeof message, "volume %s: cannot %s: %s",
	    volume->path, doing, volume_reason(volume->db));
	if (!volume->broken) {
		volume->broken = true; /* whatever fails from here on */
		volume_drop_rows(volume);
		volume_unsee(volume);
		if (!sqlite3_get_autocommit(volume->db))
			volume_exec(volume, "rollback");
		volume->broken =
		    !sqlite3_get_autocommit(volume->db) || reload(volume) != 0;
	}
	volume->machine_failed = of_machine;
	memcpy(volume->message, message, sizeof message);
	if (volume->lost[0] == '\0')
		memcpy(volume->lost, message, sizeof message);
	return -1;
}

int volume_damaged(struct volume *volume, const char *what)
{
	snprintf(volume->message, sizeof volume->message,
	    "volume %s is damaged: %s: take a copy of it, or make it again",
	    volume->path, what);
	return -1;
}

int volume_begin(struct volume *volume)
{
	if (volume->broken)
		return -1;
	if (volume->is_protected) {
		snprintf(volume->message, sizeof volume->message,
		    "volume %s is write-protected: permit writing to the file",
		    volume->path);
		return -1;
	}
	volume_unsee(volume);
	if (!sqlite3_get_autocommit(volume->db))
		return 0;
	return volume_exec(volume, "begin") == 0 ? volume_migrate(volume)
						 : volume_fail(volume, "write");
}

int volume_commit(struct volume *volume)
{
	volume->pending_bytes = 0;
	if (sqlite3_get_autocommit(volume->db))
		return 0;
	return volume_exec(volume, "commit") == 0
	    ? 0
	    : volume_fail(volume, "synchronise");
}

int volume_sync(struct volume *volume)
{
	if (volume->broken)
		return -1;
	if (volume_flush(volume) != 0)
		return -1;
	return volume_commit(volume);
}

int volume_note(struct volume *volume, const char *event, const char *text)
{
	sqlite3_stmt *stmt;

	if (volume_begin(volume) != 0 ||
	    volume_prepare(volume,
		"insert into history (event, text) values (?, ?)", &stmt) != 0)
		return -1;
	sqlite3_bind_text(stmt, 1, event, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, text, -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_fail(volume, "write");
}

int volume_each_note(struct volume *volume, const char *event,
    void (*each)(void *arg, const char *text), void *arg)
{
	sqlite3_stmt *stmt;

	if (volume_prepare(volume,
		"select text from history where event = ? "
		"order by id",
		&stmt) != 0)
		return -1;
	sqlite3_bind_text(stmt, 1, event, -1, SQLITE_STATIC);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		each(arg, (const char *)sqlite3_column_text(stmt, 0));
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_fail(volume, "read");
}

int volume_count_notes(struct volume *volume, const char *event,
    uint64_t *count)
{
	sqlite3_stmt *stmt;

	*count = 0;
	if (volume_prepare(volume,
		"select count(*) from history "
		"where event = ?",
		&stmt) != 0)
		return -1;
	sqlite3_bind_text(stmt, 1, event, -1, SQLITE_STATIC);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		*count = (uint64_t)sqlite3_column_int64(stmt, 0);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_fail(volume, "read");
}

/* As on a cartridge, the switch counts for the superuser too. */
static bool is_switched(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 &&
	    ((st.st_mode & 0222) == 0 || access(path, W_OK) != 0);
}

/* Locks the volume; puts it right if a process died while it wrote. */
static int lock(struct volume *volume, bool durable)
{
	static const char settings[] = "pragma locking_mode = exclusive;"
				       "pragma cache_size = -1536;" /* KiB */
				       "pragma secure_delete = off;";

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
			volume_say_who(volume->path, volume->message);
		else
			snprintf(volume->message, sizeof volume->message,
			    "cannot open volume %s: %s", volume->path,
			    volume_reason(volume->db));
		return -1;
	}
	return 0;
}

static void free_volume(struct volume *volume)
{
	volume_drop_rows(volume);
	volume_unsee(volume);
	volume_forget_statements(volume);
	sqlite3_close(volume->db);
	file_lock_close(volume->lock); /* SQLite's locks end with it */
	free(volume->open_store.data);
	free(volume->open_store.sums);
	free(volume->seen_store.data);
	free(volume->seen_store.sums);
	free(volume->defects);
	free(volume->path);
	free(volume);
}

static int open_rows(struct volume *volume)
{
	volume->broken = true; /* nothing to roll back to yet */
	if (volume_load_format(volume) != 0 ||
	    volume_check_schema(volume) != 0 || volume_load_spec(volume) != 0 ||
	    reload(volume) != 0)
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
	volume->is_protected = is_switched(path);
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
	volume_vfs_write_early(volume->db, durable);
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
	return volume_lock(path, is_switched(path), message);
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
	/* Takes away the journal, which was kept from commit to commit. */
	if (!volume->broken && !volume->is_protected)
		volume_exec(volume,
		    "pragma locking_mode = normal;"
		    "pragma journal_mode = delete");
	free_volume(volume);
	return rc;
}
