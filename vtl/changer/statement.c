/* statement.c: runs statements on library.db, and reports their errors. */
#include "vtl/changer/impl.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct database_kind changer_kind = {
	.instead = "it is not a library of tapelab: name the folder of one",
	.application_id = CHANGER_APPLICATION_ID,
	.format = CHANGER_VERSION,
};

const char *changer_error_reason(int error)
{
	return error == ENOSPC ? "the disk is full: make room and try again"
			       : strerror(error);
}

const char *changer_message(const struct changer *changer)
{
	return changer->message;
}

int64_t changer_client_id(const struct changer *changer)
{
	return changer->client;
}

const char *changer_folder(const struct changer *changer)
{
	return changer->folder;
}

int64_t changer_move_ns(const struct changer *changer)
{
	return changer->move_ns;
}

enum changer_reason changer_reason(const struct changer *changer)
{
	return changer->reason;
}

void changer_forget_error(struct changer *changer)
{
	changer->message[0] = '\0';
	changer->reason = CHANGER_REASON_NONE;
}

enum changer_status changer_error(struct changer *changer,
    enum changer_status status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(changer->message, sizeof changer->message, format, ap);
	va_end(ap);
	changer->reason = status == CHANGER_ERROR ? CHANGER_REASON_STATE
						  : CHANGER_REASON_OTHER;
	return status;
}

enum changer_status changer_refuse(struct changer *changer,
    enum changer_status status, enum changer_reason reason, const char *format,
    ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(changer->message, sizeof changer->message, format, ap);
	va_end(ap);
	changer->reason = reason;
	return status;
}

static const char *reason(sqlite3 *db)
{
	const char *objection = database_objection(db);

	if (objection != NULL)
		return objection;
	switch (sqlite3_errcode(db)) {
	case SQLITE_BUSY:
		return "another program keeps it locked: wait until that has "
		       "ended";
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return "no permission to write: check the permissions of the "
		       "folder and of library.db";
	case SQLITE_FULL:
		return "the disk is full: free some space";
	case SQLITE_IOERR:
		return sqlite3_system_errno(db) != 0
		    ? file_lock_reason(sqlite3_system_errno(db))
		    : sqlite3_errmsg(db);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR:
		return "its library.db is damaged: put back a copy of it, or "
		       "make the library again and import the volumes";
	default:
		return sqlite3_errmsg(db);
	}
}

enum changer_status changer_sqlite_error(struct changer *changer)
{
	return changer_error(changer, CHANGER_ERROR, "library %s: %s",
	    changer->folder, reason(changer->db));
}

enum changer_status changer_no_memory(struct changer *changer)
{
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: out of memory", changer->folder);
}

static int bind(sqlite3_stmt *stmt, const char *types, va_list ap)
{
	int i, rc = SQLITE_OK;

	for (i = 1; types[i - 1] != '\0' && rc == SQLITE_OK; i++) {
		if (types[i - 1] == 'i')
			rc = sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t));
		else
			rc = sqlite3_bind_text(stmt, i,
			    va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
	}
	return rc;
}

/* Returns the place of a statement in the hash table. */
static struct changer_stmt *place_of(struct changer *changer, const char *sql)
{
	size_t at = (uintptr_t)sql / sizeof(void *) % CHANGER_STMTS, n;

	for (n = 0; n < CHANGER_STMTS; n++, at = (at + 1) % CHANGER_STMTS)
		if (changer->stmts[at].sql == sql ||
		    changer->stmts[at].sql == NULL)
			break;
	assert(n < CHANGER_STMTS); /* the code has fewer SQL texts */
	return &changer->stmts[at];
}

static sqlite3_stmt *prepare(struct changer *changer, const char *sql,
    const char *types, va_list ap)
{
	struct changer_stmt *place = place_of(changer, sql);

	if (place->sql == NULL) {
		if (sqlite3_prepare_v3(changer->db, sql, -1,
			SQLITE_PREPARE_PERSISTENT, &place->stmt,
			NULL) != SQLITE_OK) {
			changer_sqlite_error(changer);
			return NULL;
		}
		place->sql = sql;
	}
	assert(!sqlite3_stmt_busy(place->stmt));
	if (bind(place->stmt, types, ap) != SQLITE_OK) {
		changer_sqlite_error(changer);
		return NULL;
	}
	return place->stmt;
}

sqlite3_stmt *changer_prepare(struct changer *changer, const char *sql,
    const char *types, ...)
{
	sqlite3_stmt *stmt;
	va_list ap;

	va_start(ap, types);
	stmt = prepare(changer, sql, types, ap);
	va_end(ap);
	return stmt;
}

enum changer_status changer_run(struct changer *changer, const char *sql,
    const char *types, ...)
{
	sqlite3_stmt *stmt;
	va_list ap;

	va_start(ap, types);
	stmt = prepare(changer, sql, types, ap);
	va_end(ap);
	if (stmt == NULL)
		return CHANGER_ERROR;
	sqlite3_step(stmt);
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK
						: changer_sqlite_error(changer);
}

enum changer_status changer_number(struct changer *changer, int64_t *number,
    int64_t otherwise, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt;
	va_list ap;

	va_start(ap, types);
	stmt = prepare(changer, sql, types, ap);
	va_end(ap);
	if (stmt == NULL)
		return CHANGER_ERROR;
	*number = sqlite3_step(stmt) == SQLITE_ROW
	    ? sqlite3_column_int64(stmt, 0)
	    : otherwise;
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK
						: changer_sqlite_error(changer);
}

enum changer_status changer_end(struct changer *changer,
    enum changer_status status, bool keep)
{
	if (status == CHANGER_OK || keep) {
		if (sqlite3_exec(changer->db, "commit", NULL, NULL, NULL) ==
		    SQLITE_OK)
			return status;
		status = changer_sqlite_error(changer);
	}
	sqlite3_exec(changer->db, "rollback", NULL, NULL, NULL);
	return status;
}

void changer_element_name(unsigned address, char *buf, size_t buf_bytes)
{
	if (address >= CHANGER_SLOT_ADDRESS)
		snprintf(buf, buf_bytes, "slot %u",
		    address - CHANGER_SLOT_ADDRESS + 1);
	else if (address >= CHANGER_DRIVE_ADDRESS)
		snprintf(buf, buf_bytes, "drive %u",
		    address - CHANGER_DRIVE_ADDRESS);
	else if (address >= CHANGER_IE_ADDRESS)
		snprintf(buf, buf_bytes, "import/export slot %u",
		    address - CHANGER_IE_ADDRESS + 1);
	else
		snprintf(buf, buf_bytes, "the robot");
}

enum changer_status changer_data_version(struct changer *changer,
    int64_t *version)
{
	return changer_number(changer, version, 0, "pragma data_version", "");
}
