/*
 * sql.c: calls SQLite, and records its failures.
 *
 * A failure is recorded here, and rolled back at the end of the public function
 * (volume.c).  After a failure every function in between only returns -1.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vtl/base/file_lock.h"
#include "vtl/volume/impl.h"
#include "vtl/volume/vfs.h"

const char *volume_open_database(const char *path, enum database_use use,
    sqlite3 **db)
{
	const struct database_kind kind = {
		.instead = "it is not a volume of tapelab: give the path of "
			   "a volume",
		.application_id = VOLUME_APPLICATION_ID,
		.format = VOLUME_FORMAT,
		.vfs = volume_vfs_name()
	};

	return kind.vfs == NULL ? "out of memory"
				: database_open(db, path, &kind, use);
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
	return volume_failed(volume, "read");
}

/* Returns the system's error, which SQLite does not report for a commit. */
static int system_error(sqlite3 *db)
{
	int error = sqlite3_system_errno(db);

	if (error == 0)
		sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO,
		    &error);
	return error;
}

static const char *io_reason(sqlite3 *db)
{
	const int error = system_error(db);

	return error != 0 ? file_lock_reason(error) : sqlite3_errmsg(db);
}

const char *volume_error_reason(sqlite3 *db)
{
	const char *objection = database_objection(db);

	if (objection != NULL)
		return objection;
	switch (sqlite3_errcode(db)) {
	case SQLITE_OK: /* SQLite is fine: an allocation failed */
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
	case SQLITE_ERROR: /* a table is missing */
		return "the file is damaged: restore a copy of it, or create "
		       "it again";
	case SQLITE_BUSY:
		return "it is in use by another program: wait until it has "
		       "ended";
	case SQLITE_READONLY:
		return "it was not closed after a write and is write-protected: "
		       "permit writing, so that it can be recovered";
	default:
		return sqlite3_errmsg(db);
	}
}

/* Returns whether this machine failed, so that the file is not to blame. */
static bool is_storage_error(sqlite3 *db)
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

/* Returns whether the file may not grow; of these, SQLite knows a full disk. */
static bool may_not_grow(sqlite3 *db)
{
	const int code = sqlite3_errcode(db);
	int error;

	if (code != SQLITE_IOERR)
		return code == SQLITE_FULL;
	error = system_error(db);
	return error == EFBIG || error == EDQUOT;
}

static void keep_first(struct volume *volume)
{
	if (volume->storage_error[0] == '\0')
		memcpy(volume->storage_error, volume->message,
		    sizeof volume->storage_error);
}

int volume_failed(struct volume *volume, const char *doing)
{
	snprintf(volume->message, sizeof volume->message,
	    "volume %s: cannot %s: %s", volume->path, doing,
	    volume_error_reason(volume->db));
	volume->failed = true;
	volume->may_not_grow = may_not_grow(volume->db);
	volume->storage_failed = is_storage_error(volume->db);
	keep_first(volume);
	return -1;
}

int volume_read_no_memory(struct volume *volume)
{
	snprintf(volume->message, sizeof volume->message,
	    "volume %s: cannot read: out of memory", volume->path);
	volume->storage_failed = true;
	keep_first(volume);
	return -1;
}

int volume_refuse(struct volume *volume, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(volume->message, sizeof volume->message, format, args);
	va_end(args);
	volume->storage_failed = false;
	return -1;
}

int volume_damaged(struct volume *volume, const char *what)
{
	return volume_refuse(volume,
	    "volume %s is damaged: %s: restore a copy of it, or create it again",
	    volume->path, what);
}

void volume_forget_statements(struct volume *volume)
{
	sqlite3_finalize(volume->insert);
	sqlite3_finalize(volume->find);
	volume->insert = volume->find = NULL;
}
