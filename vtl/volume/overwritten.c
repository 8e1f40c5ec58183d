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
 *  4. If rows are so small that a commit does not free the space for
 *     VOLUME_COMMIT_BYTES, the next transaction is shorter.
 */
#include "vtl/volume/impl.h"

#include <stdio.h>

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
	FREE_BYTES = VOLUME_COMMIT_BYTES + VOLUME_COMMIT_BYTES / 4,
	/* Most rows that a commit frees, so that it does not take long. */
	FREE_ROWS = 100000,
	COMMIT_MIN_BYTES = 1 << 20
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

/*
 * Gets how many bytes the blocks in a table of objects have, about.  They are of
 * all partitions of the medium.  The rows may be invalid: they come from a file.
 * Returns 0 or -1.
 */
static int get_bytes(struct volume *volume, const char *table, uint64_t *bytes)
{
	static const char sum[] =
	    "select total("
	    "(select at_byte from %s where first between low and high"
	    " order by first desc limit 1) - "
	    "(select at_byte from %s where first between low and high"
	    " order by first limit 1)) from "
	    "(select column1 << 60 as low, (column1 << 60) + (1 << 60) - 1"
	    " as high from (values (0), (1), (2), (3)))";
	char sql[sizeof sum + 64];

	_Static_assert(VOLUME_PARTITIONS_MAX == 4 && VOLUME_OBJECT_BITS == 60,
	    "the query has these numbers");
	snprintf(sql, sizeof sql, sum, table, table);
	return get_number(volume, sql, bytes);
}

/*
 * Moves all objects out of the table; `bytes` of them are not needed any more.
 * Returns 1, 0 if it is not worth it and nothing was done, or -1.
 */
static int set_aside(struct volume *volume, uint64_t bytes)
{
	uint64_t left;

	if (volume->spec.payload == VOLUME_PAYLOAD_NONE || volume->no_room ||
	    bytes < REMOVED_MIN_BYTES)
		return 0;
	if (get_bytes(volume, "overwritten", &left) != 0)
		return -1;
	if (left > bytes)
		return 0;
	volume_forget_statements(volume);
	volume->nothing_overwritten = false;
	return execute(volume, volume_schema_set_aside()) != 0 ? -1 : 1;
}

int volume_set_all_aside(struct volume *volume)
{
	uint64_t bytes;

	if (get_bytes(volume, "objects", &bytes) != 0 ||
	    set_aside(volume, bytes) < 0)
		return -1;
	return 0;
}

int volume_set_aside(struct volume *volume,
    const struct volume_position *position)
{
	sqlite3_stmt *stmt;
	int rc;

	if (volume->partition_count > 1 || position->byte > KEPT_MAX_BYTES ||
	    position->object > KEPT_MAX_OBJECTS)
		return 0;
	rc = set_aside(volume, volume->end.byte - position->byte);
	if (rc <= 0)
		return rc;
	if (volume_prepare(volume,
		"insert into objects select * from overwritten where first < ?",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, volume_object_key(0, position->object));
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

/*
 * Finds the first rows of `overwritten` that take this number of bytes of the
 * file, about.  Sets *last to the last of them, and *all to whether that are
 * all.  Returns 0 or -1.
 */
static int find_rows(struct volume *volume, uint64_t bytes, int64_t *last,
    bool *all)
{
	sqlite3_stmt *stmt;
	unsigned rows = 0;

	*all = true;
	*last = -1;
	if (volume_prepare(volume,
		"select first, length(data) + length(sums) from overwritten "
		"order by first",
		&stmt) != 0)
		return -1;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const uint64_t row = VOLUME_ROW_FIGURES_BYTES +
		    (uint64_t)sqlite3_column_int64(stmt, 1);

		*last = sqlite3_column_int64(stmt, 0);
		if (row >= bytes || ++rows == FREE_ROWS) {
			*all = false;
			break;
		}
		bytes -= row;
	}
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "read");
}

/* Deletes the rows up to `last`.  Returns 0 or -1. */
static int free_rows(struct volume *volume, int64_t last)
{
	sqlite3_stmt *stmt;

	if (volume_prepare(volume, "delete from overwritten where first <= ?",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, last);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

/* Gets how many bytes of the file are free.  Returns 0 or -1. */
static int get_free_bytes(struct volume *volume, uint64_t *bytes)
{
	return get_number(volume,
	    "select freelist_count * page_size from "
	    "pragma_freelist_count, pragma_page_size",
	    bytes);
}

/* Sets how long the next transaction may be with this many free bytes. */
static void limit_transaction(struct volume *volume, uint64_t free_bytes)
{
	volume->commit_bytes = free_bytes - free_bytes / 5;
	if (volume->commit_bytes < COMMIT_MIN_BYTES)
		volume->commit_bytes = COMMIT_MIN_BYTES;
	if (volume->commit_bytes > VOLUME_COMMIT_BYTES ||
	    volume->nothing_overwritten)
		volume->commit_bytes = VOLUME_COMMIT_BYTES;
}

int volume_free_overwritten(struct volume *volume)
{
	uint64_t bytes;
	int64_t last;
	bool all;

	if (volume->nothing_overwritten || volume->no_room)
		return 0;
	if (get_free_bytes(volume, &bytes) != 0)
		return -1;
	if (bytes < FREE_BYTES) {
		if (find_rows(volume, FREE_BYTES - bytes, &last, &all) != 0 ||
		    free_rows(volume, last) != 0 ||
		    get_free_bytes(volume, &bytes) != 0)
			return -1;
		volume->nothing_overwritten = all;
	}
	limit_transaction(volume, bytes);
	return 0;
}
