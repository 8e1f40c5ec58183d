/*
 * database.h: opens the databases of tapelab: volumes, libraries, catalogues.
 *
 * A database may come from a stranger.  The reader checks its content; this
 * file makes sure that opening it does no harm:
 *
 *  1. A file that is not a database of the expected kind is neither locked nor
 *     changed, and neither are the files next to it.
 *  2. The database, its journal and its write-ahead log must be regular files
 *     (splitter/base/database/vfs.h).
 *  3. Nothing in a database acts by itself: no trigger runs, functions in a
 *     schema are not trusted, no other database is attached, and temporary
 *     tables are in memory.
 */
#ifndef SPLITTER_DATABASE_H
#define SPLITTER_DATABASE_H

#include <sqlite3.h>
#include <stdint.h>

struct database_kind {
	/* message for a file of another kind: why, what to do */
	const char *instead;
	uint32_t application_id;
	uint32_t format; /* the newest known version; the first one is 1 */
	const char *vfs; /* NULL: database_vfs_name() */
};

enum database_use {
	DATABASE_READ,
	DATABASE_WRITE,
	DATABASE_FILL, /* like DATABASE_WRITE; the file may be empty */
	/*
	 * Reads the file as it is now, without locks and without its journal.
	 * The result is inconsistent if another process writes meanwhile.
	 */
	DATABASE_PEEK,
};

/*
 * Opens the database at `path`, which must exist.  If `path` is NULL, creates a
 * database in memory.  Returns NULL on success.  Otherwise returns why the
 * database was not opened and what to do, as a part of a sentence that names
 * the file; the text is static.  The caller closes *db in any case.
 */
const char *database_open(sqlite3 **db, const char *path,
    const struct database_kind *kind, enum database_use use);

/*
 * If SQLite failed with SQLITE_CANTOPEN because of a file next to the database,
 * returns why, in the form of database_open().  Returns NULL if the failure has
 * another reason.
 */
const char *database_objection(sqlite3 *db);

/*
 * Returns 1 if the database has exactly the tables, indices and views of
 * `schema`, 0 if it has not, -1 for an error of SQLite.  `schema` is a list of
 * statements that end with ';', whose text SQLite stores.
 */
int database_has_schema(sqlite3 *db, const char *schema);

#endif
