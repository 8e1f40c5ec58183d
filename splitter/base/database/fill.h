/*
 * fill.h: makes the tables of a new database.
 *
 * SQLite takes longer to read a schema of twenty statements than to write its
 * few pages.  So the pages are made once for each schema, in memory, and copied
 * into each new database.
 */
#ifndef SPLITTER_DATABASE_FILL_H
#define SPLITTER_DATABASE_FILL_H

#include <sqlite3.h>
#include <stdbool.h>

struct database_layout {
	int page_bytes; /* a power of 2 from 512 to 65536 */
	/* SQLite frees the pages of a large row without reading them. */
	bool auto_vacuum;
	int application_id;
	int version;        /* user_version */
	const char *schema; /* statements; static */
};

/*
 * Makes the tables in an empty database outside of a transaction.  It syncs
 * nothing by itself: the transaction after it does that, if `synchronous` is
 * set for it.  Returns 0; or -1, and then `db` has the reason, and its contents
 * are undefined.  Any thread may call it, each with its own database.
 */
int database_fill(sqlite3 *db, const struct database_layout *layout);

#endif
