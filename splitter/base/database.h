/*
 * database.h: opens the databases of tapelab: volumes, libraries, catalogues.
 *
 * A database may come from a stranger.  What it holds is for its reader to
 * check; this file sees to it that opening one does no harm:
 *
 *  1. A file that is not a database of the kind that is asked for is not
 *     locked and not changed, nor is what lies beside it.
 *  2. The database, its journal, and what SQLite would take for its write-ahead
 *     log are regular files, or refused (splitter/base/database_vfs.h).
 *  3. Nothing in it acts by itself: no trigger runs, no function that a schema
 *     names is trusted, nothing else is attached, and what is temporary stays
 *     in memory.
 */
#ifndef VTL_DATABASE_H
#define VTL_DATABASE_H

#include <sqlite3.h>
#include <stdint.h>

struct database_kind {
	const char *instead; /* what to do where it is none */
	uint32_t application_id;
	uint32_t format; /* the newest that is known; they begin at 1 */
	const char *vfs; /* NULL: database_vfs_name() */
};

enum database_use {
	DATABASE_READ,
	DATABASE_WRITE,
	DATABASE_FILL, /* also one that is empty yet */
	/*
	 * To read it as its file is now: nothing is locked, and no journal is
	 * looked at.  Another may write it meanwhile: what is read may be
	 * inconsistent.
	 */
	DATABASE_PEEK,
};

/*
 * Opens the database at `path`, which must be there; NULL: a new one in memory.
 * Returns NULL, or why it was not opened, as a part of a sentence about the
 * file, with what can be done about it; it lives as long as the program.  The
 * caller closes *db in any case.
 */
const char *database_open(sqlite3 **db, const char *path,
    const struct database_kind *kind, enum database_use use);

/*
 * Why SQLite refused a call with SQLITE_CANTOPEN, where it is for a file
 * beside the database: as database_open().  NULL: it is for something else.
 */
const char *database_objection(sqlite3 *db);

/*
 * Whether the tables, indices and views are those of `schema`, no less and no
 * more: statements, each ended by ';', whose text SQLite keeps.  1, 0, or -1 on
 * an error of SQLite.
 */
int database_has_schema(sqlite3 *db, const char *schema);

#endif
