/* version.c: see version.h. */
#include "splitter/base/database/version.h"

#include <stdio.h>

int database_version(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int version = -1;

	if (sqlite3_prepare_v2(db, "pragma user_version", -1, &stmt, NULL) !=
	    SQLITE_OK)
		return -1;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		version = sqlite3_column_int(stmt, 0);
	return sqlite3_finalize(stmt) == SQLITE_OK ? version : -1;
}

static int execute(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

int database_show_as_newest(sqlite3 *db, const struct database_version *version)
{
	return version->views != NULL ? execute(db, version->views) : 0;
}

int database_upgrade(sqlite3 *db, const struct database_version *versions,
    int newest)
{
	int version = database_version(db);
	char pragma[64];

	if (version == newest)
		return 0;
	if (version < 1 || version > newest)
		return -1;
	for (; version < newest; version++)
		if (execute(db, versions[version - 1].upgrade) != 0)
			return -1;
	snprintf(pragma, sizeof pragma, "pragma user_version = %d", newest);
	return execute(db, pragma);
}
