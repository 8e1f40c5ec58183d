/*
 * version.h: the versions of the format of a database.
 *
 * The version is its user_version, and begins at 1.  Invariants:
 *
 *  1. A database of an older version is upgraded in one transaction, when it
 *     is opened for writing.
 *  2. A database of an older version that is only read is not changed.
 *     Temporary views show its tables with the names and columns of the newest
 *     version, so that a query is written for the newest version alone.
 *  3. A database of a newer version is refused (database_open()).
 */
#ifndef SPLITTER_DATABASE_VERSION_H
#define SPLITTER_DATABASE_VERSION_H

#include <sqlite3.h>

/* One version of the format.  All statements end with ';'. */
struct database_version {
	/*
	 * The statements that create the tables, indices and views of this
	 * version.
	 */
	const char *schema;
	/*
	 * The statements that upgrade the database to the next version; NULL:
	 * this version is the newest.
	 */
	const char *upgrade;
	/*
	 * The statements that show the tables as in the newest version: "create
	 * temp view T as select ... from main.T" hides the table T.  NULL: no
	 * view is needed.
	 */
	const char *views;
};

/* Returns the version of the database; -1 on an error of SQLite. */
int database_version(sqlite3 *db);

/* Shows a database of an older version as the newest.  Returns 0, or -1. */
int database_show_as_newest(sqlite3 *db,
    const struct database_version *version);

/*
 * Upgrades the database to the version `newest`, if no other process has done
 * so.  versions[i] is version i + 1.  The caller has begun an exclusive
 * transaction.  Returns 0; or -1, and then SQLite has the reason and the caller
 * rolls the transaction back.
 */
int database_upgrade(sqlite3 *db, const struct database_version *versions,
    int newest);

#endif
