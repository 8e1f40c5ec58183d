/*
 * database_version.h: the versions of the format of a database.
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

/* All statements end with ';'. */
struct database_version {
	/* The statements that make its tables, indices and views. */
	const char *schema;
	/* What turns it into the next version; NULL: it is the newest. */
	const char *upgrade;
	/*
	 * What shows it as the newest version: "create temp view T as select
	 * ... from main.T", which hides the table T.  NULL: nothing is needed.
	 */
	const char *views;
};

/* The version of the database; -1 on an error of SQLite. */
int database_version(sqlite3 *db);

/* Shows a database of an older version as the newest.  0, or -1. */
int database_show_as_newest(sqlite3 *db,
    const struct database_version *version);

/*
 * Upgrades the database to the version `newest`, if no other process has done
 * so.  versions[i] is version i + 1.  The caller has begun an exclusive
 * transaction, and rolls it back if this fails: -1, and SQLite says why.
 */
int database_upgrade(sqlite3 *db, const struct database_version *versions,
    int newest);

#endif
