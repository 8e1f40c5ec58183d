/* database.c: see database.h. */
#include "splitter/base/database/database.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/database/vfs.h"

/* The size of the header of a database file, and offsets in the header. */
enum {
	HEADER_BYTES = 100,
	/* value 1: the database uses a rollback journal */
	AT_FILE_VERSIONS = 18,
	AT_USER_VERSION = 60,
	AT_APPLICATION_ID = 68
};

enum {
	/* maximum length of a row; a block is the longest row */
	LENGTH_MAX_BYTES = 128 << 20,
	SCHEMA_MAX = 64 /* maximum number of tables, indices and views */
};

/* Returns why the path cannot be opened; NULL: it can. */
static const char *check_path(const char *path,
    const struct database_kind *kind)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? "there is no such file"
				       : strerror(errno);
	if (S_ISDIR(st.st_mode))
		return "it is a folder: give the path of a file";
	if (S_ISLNK(st.st_mode))
		return "it is a symbolic link: give the path of the file "
		       "itself";
	if (!S_ISREG(st.st_mode))
		return "it is not a regular file";
	/* SQLite would treat a file of one byte as an empty database. */
	return st.st_size == 1 ? kind->instead : NULL;
}

static const char *check_header(const uint8_t *h, bool whole,
    const struct database_kind *kind)
{
	static const char damaged[] = "it is damaged: put back a copy of it, "
				      "or make it again";

	if (memcmp(h, "SQLite format 3", 16) != 0 ||
	    get_be32(h + AT_APPLICATION_ID) != kind->application_id)
		return kind->instead;
	if (get_be32(h + AT_USER_VERSION) > kind->format)
		return "it was made by a newer tapelab: use that version";
	if (!whole || get_be32(h + AT_USER_VERSION) == 0)
		return damaged;
	if (h[AT_FILE_VERSIONS] == 2 && h[AT_FILE_VERSIONS + 1] == 2)
		return "it has a write-ahead log, which tapelab does not use: "
		       "switch to a rollback journal with \"pragma "
		       "journal_mode = delete\" in sqlite3";
	if (h[AT_FILE_VERSIONS] != 1 || h[AT_FILE_VERSIONS + 1] != 1)
		return damaged;
	return NULL;
}

/*
 * Reads the header of the file and returns why it is refused, or NULL.  Must be
 * called before SQLite locks the file or looks for its journal.  The function
 * reads with SQLite's own descriptor: closing another descriptor would drop the
 * locks of this process on the file.
 */
static const char *check_file(sqlite3 *db, const struct database_kind *kind,
    enum database_use use)
{
	uint8_t h[HEADER_BYTES] = { 0 };
	sqlite3_file *file = NULL;
	sqlite3_int64 bytes = 0;
	int rc;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	rc = file->pMethods->xFileSize(file, &bytes);
	if (rc == SQLITE_OK && bytes == 0)
		return use == DATABASE_FILL ? NULL
					    : "it is empty: remove it, "
					      "and make it again";
	if (rc == SQLITE_OK)
		rc = file->pMethods->xRead(file, h, sizeof h, 0);
	if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		return "it cannot be read: check the disk";
	return check_header(h, rc == SQLITE_OK, kind);
}

static const char *reason(sqlite3 *db)
{
	int error = sqlite3_system_errno(db);

	if (db == NULL || sqlite3_errcode(db) == SQLITE_NOMEM)
		return "out of memory";
	if (error == EACCES)
		return "it may not be read: check its permissions";
	return error != 0 ? strerror(error) : "SQLite cannot open it";
}

static const char *harden(sqlite3 *db)
{
	static const char settings[] = "pragma cell_size_check = on;"
				       "pragma temp_store = memory;";

	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MAX_BYTES);
	return sqlite3_exec(db, settings, NULL, NULL, NULL) == SQLITE_OK
	    ? NULL
	    : reason(db);
}

/*
 * Returns the URI with which SQLite reads a file without locks.  The caller
 * frees the URI.
 */
static char *name_to_peek(const char *path)
{
	static const char rest[] = "?immutable=1";
	char *name = malloc(strlen("file://") + 3 * strlen(path) + sizeof rest);
	char *to;

	if (name == NULL)
		return NULL;
	/* In a URI the name of a host follows two slashes; here it is empty. */
	to = stpcpy(name, *path == '/' ? "file://" : "file:");
	for (; *path != '\0'; path++)
		if (strchr("%?#", *path) != NULL)
			to += sprintf(to, "%%%02X", (unsigned char)*path);
		else
			*to++ = *path;
	strcpy(to, rest);
	return name;
}

static int open_at(sqlite3 **db, const char *path, enum database_use use,
    const char *vfs)
{
	char *name;
	int rc;

	if (path == NULL)
		return sqlite3_open_v2(":memory:", db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			SQLITE_OPEN_NOMUTEX,
		    vfs);
	if (use != DATABASE_PEEK)
		return sqlite3_open_v2(path, db,
		    (use == DATABASE_READ ? SQLITE_OPEN_READONLY
					  : SQLITE_OPEN_READWRITE) |
			SQLITE_OPEN_NOMUTEX,
		    vfs);
	name = name_to_peek(path);
	if (name == NULL)
		return SQLITE_NOMEM;
	rc = sqlite3_open_v2(name, db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, vfs);
	free(name);
	return rc;
}

const char *database_open(sqlite3 **db, const char *path,
    const struct database_kind *kind, enum database_use use)
{
	const char *vfs = kind->vfs != NULL ? kind->vfs : database_vfs_name();
	const char *why;

	*db = NULL;
	if (vfs == NULL)
		return "out of memory";
	if (path != NULL &&
	    ((why = check_path(path, kind)) != NULL ||
		(use != DATABASE_PEEK &&
		    (why = database_vfs_objection(path)) != NULL)))
		return why;
	if (open_at(db, path, use, vfs) != SQLITE_OK)
		return reason(*db);
	why = path != NULL ? check_file(*db, kind, use) : NULL;
	/* SQLite opens a file read-only if the process may not write to it. */
	if (why == NULL && use != DATABASE_READ && use != DATABASE_PEEK &&
	    sqlite3_db_readonly(*db, "main") == 1)
		why = "it is write-protected: check its permissions";
	return why != NULL ? why : harden(*db);
}

const char *database_objection(sqlite3 *db)
{
	const char *path = sqlite3_db_filename(db, "main");

	return path == NULL || sqlite3_errcode(db) != SQLITE_CANTOPEN
	    ? NULL
	    : database_vfs_objection(path);
}

/* SQLite stores a statement unchanged, except the case of its first words. */
static bool is_same(const char *kept, const char *made, size_t n)
{
	return strlen(kept) == n && strncasecmp(kept, made, n) == 0 &&
	    memcmp(kept + strcspn(kept, "("), made + strcspn(kept, "("),
		n - strcspn(kept, "(")) == 0;
}

/* Returns the index of a stored statement in the schema, or -1. */
static int find(const char *schema, const char *kept)
{
	size_t n;
	int i = 0;

	for (; *schema != '\0'; schema += n + (schema[n] == ';'), i++) {
		schema += strspn(schema, "\n");
		n = strcspn(schema, ";");
		if (n > 0 && is_same(kept, schema, n))
			return i;
	}
	return -1;
}

static int count(const char *schema)
{
	int n = 0;

	for (; *schema != '\0'; schema++)
		n += *schema == ';';
	return n;
}

int database_has_schema(sqlite3 *db, const char *schema)
{
	bool seen[SCHEMA_MAX] = { false }, good = true;
	int found = 0, at, wanted = count(schema);
	sqlite3_stmt *stmt;
	const char *kept;

	/*
	 * The query omits what SQLite itself makes: indices without a text, and
	 * the table sqlite_sequence.
	 */
	if (sqlite3_prepare_v2(db,
		"select sql from sqlite_schema where sql is "
		"not null and sql <> 'CREATE TABLE sqlite_sequence(name,seq)'",
		-1, &stmt, NULL) != SQLITE_OK)
		return -1;
	while (good && sqlite3_step(stmt) == SQLITE_ROW) {
		kept = (const char *)sqlite3_column_text(stmt, 0);
		at = kept != NULL ? find(schema, kept) : -1;
		good = at >= 0 && at < SCHEMA_MAX && !seen[at];
		if (good) {
			seen[at] = true;
			found++;
		}
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return -1;
	return good && found == wanted;
}
