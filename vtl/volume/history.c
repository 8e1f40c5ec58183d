/* history.c: reads and writes the table `history` of a volume. */
#include "vtl/volume/impl.h"

int volume_history_add(struct volume *volume, const char *event,
    const char *text)
{
	sqlite3_stmt *stmt;

	if (volume_prepare(volume,
		"insert into history (event, text) values (?, ?)", &stmt) != 0)
		return -1;
	sqlite3_bind_text(stmt, 1, event, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, text, -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

int volume_history_each(struct volume *volume, const char *event,
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
	    : volume_failed(volume, "read");
}

int volume_history_count(struct volume *volume, const char *event,
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
	    : volume_failed(volume, "read");
}
