/*
 * overwritten.c: keeps the rows that a cut took off the medium until their
 * space is needed.
 *
 * SQLite finds the next page to use by a search in the list of free pages, and
 * in a list of a gigabyte that takes as long as everything else.  So a cut that
 * removes most of the medium renames the table, and rows are freed in small
 * amounts later.
 *
 *  1. The rows in `overwritten` are not on the medium: nothing reads them.
 *  2. Pages are freed in a transaction before the one that uses them.  So
 *     SQLite need not save their old content in the journal.
 *  3. A cut deletes the rows that are fewer: those it removes, or those that are
 *     left in `overwritten`.
 */
#include "vtl/volume/impl.h"

enum {
	/*
	 * What a cut must remove, and may keep, so that the table is renamed:
	 * what it keeps is copied.
	 */
	REMOVED_MIN_BYTES = 64 << 10,
	KEPT_MAX_BYTES = 1 << 20,
	KEPT_MAX_OBJECTS = 1024,
	/*
	 * Free space after a commit: more than the data of a transaction, since
	 * a row does not fill its pages.
	 */
	FREE_BYTES = VOLUME_COMMIT_BYTES + VOLUME_COMMIT_BYTES / 4
};

/* Gets the only number of the only row of a query.  Returns 0 or -1. */
static int get_number(struct volume *volume, const char *sql, uint64_t *number)
{
	sqlite3_stmt *stmt;

	*number = 0;
	if (volume_prepare(volume, sql, &stmt) != 0)
		return -1;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		*number = (uint64_t)sqlite3_column_int64(stmt, 0);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "read");
}

static int execute(struct volume *volume, const char *sql)
{
	return volume_exec(volume, sql) == 0 ? 0
					     : volume_failed(volume, "write");
}

/* Gets how many bytes the blocks in `overwritten` had, about.  Returns 0 or
 * -1. */
static int get_left_bytes(struct volume *volume, uint64_t *bytes)
{
	return get_number(volume,
	    "select (select at_byte from overwritten order by first desc "
	    "limit 1) - (select at_byte from overwritten order by first "
	    "limit 1)",
	    bytes);
}

int volume_set_aside(struct volume *volume,
    const struct volume_position *position)
{
	const uint64_t removed = volume->end.byte - position->byte;
	uint64_t left;
	sqlite3_stmt *stmt;

	if (volume->spec.payload == VOLUME_PAYLOAD_NONE ||
	    volume->partition_count > 1 || removed < REMOVED_MIN_BYTES ||
	    position->byte > KEPT_MAX_BYTES ||
	    position->object > KEPT_MAX_OBJECTS)
		return 0;
	if (get_left_bytes(volume, &left) != 0)
		return -1;
	if (left > removed)
		return 0;
	volume_forget_statements(volume);
	volume->nothing_overwritten = false;
	if (execute(volume, volume_schema_set_aside()) != 0 ||
	    volume_prepare(volume,
		"insert into objects select * from overwritten where first < ?",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, volume_object_key(0, position->object));
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

int volume_free_overwritten(struct volume *volume)
{
	uint64_t bytes;

	while (!volume->nothing_overwritten) {
		if (get_number(volume,
			"select freelist_count * page_size from "
			"pragma_freelist_count, pragma_page_size",
			&bytes) != 0)
			return -1;
		if (bytes >= FREE_BYTES)
			break;
		if (execute(volume,
			"delete from overwritten where first in (select first "
			"from overwritten order by first limit 16)") != 0)
			return -1;
		volume->nothing_overwritten = sqlite3_changes(volume->db) == 0;
	}
	return 0;
}
