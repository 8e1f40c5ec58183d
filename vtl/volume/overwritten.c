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
 *  4. A transaction that deletes rows has at most DELETED_LEAF_BYTES of their
 *     pages in the journal, so a full disk needs room for little more.  If a
 *     commit does not free the space for VOLUME_COMMIT_BYTES, the next
 *     transaction is shorter (volume_begin_row()).
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
	 * a row does not fill its pages; and more than that of any row.
	 */
	FREE_BYTES = VOLUME_COMMIT_BYTES + VOLUME_COMMIT_BYTES / 4,
	/* It also limits how long a commit takes. */
	DELETED_LEAF_BYTES = 8 << 20,
	/* For pages of other tables, and those above the rows. */
	SPARE_BYTES = 4 * VOLUME_PAGE_BYTES
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

	if (volume->spec.payload == VOLUME_PAYLOAD_NONE ||
	    volume->deletes_at_once || bytes < REMOVED_MIN_BYTES)
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
 * Finds rows to delete: of those that the query gets, with their bytes, the
 * first ones that take `bytes` of the file, about, or DELETED_LEAF_BYTES.  Sets
 * *last to the last of them, and *all to whether that are all.  Finalizes the
 * query.  Returns 0 or -1.
 */
static int find_rows(struct volume *volume, sqlite3_stmt *query, uint64_t bytes,
    int64_t *last, bool *all)
{
	uint64_t leaves = DELETED_LEAF_BYTES;

	*all = true;
	*last = -1;
	while (sqlite3_step(query) == SQLITE_ROW) {
		const uint64_t row = VOLUME_ROW_FIGURES_BYTES +
		    (uint64_t)sqlite3_column_int64(query, 1);
		const uint64_t leaf = volume_row_leaf_bytes(row);

		*last = sqlite3_column_int64(query, 0);
		if (row >= bytes || leaf >= leaves) {
			*all = false;
			break;
		}
		bytes -= row;
		leaves -= leaf;
	}
	return sqlite3_finalize(query) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "read");
}

/* Runs a statement with two parameters, and finalizes it.  Returns 0 or -1. */
static int run_between(struct volume *volume, const char *sql, int64_t first,
    int64_t last)
{
	sqlite3_stmt *stmt;

	if (volume_prepare(volume, sql, &stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, first);
	sqlite3_bind_int64(stmt, 2, last);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

int volume_delete_last(struct volume *volume, uint64_t object)
{
	const int64_t begin = volume_object_key(volume->partition, object),
		      end = volume_object_key(volume->partition,
			  VOLUME_OBJECT_MAX);
	sqlite3_stmt *query;
	int64_t last;
	bool all;

	if (volume_prepare(volume,
		"select first, length(data) + length(sums) from objects "
		"where first between ? and ? order by first desc",
		&query) != 0)
		return -1;
	sqlite3_bind_int64(query, 1, begin);
	sqlite3_bind_int64(query, 2, end);
	if (find_rows(volume, query, UINT64_MAX, &last, &all) != 0 ||
	    run_between(volume,
		"delete from objects where first between ? and ?",
		all ? begin : last, end) != 0)
		return -1;
	return all ? 0 : 1;
}

/* Frees the first rows that take this many bytes, about.  Returns 0 or -1. */
static int free_rows(struct volume *volume, uint64_t bytes)
{
	sqlite3_stmt *query;
	int64_t last;
	bool all;

	if (volume_prepare(volume,
		"select first, length(data) + length(sums) from overwritten "
		"order by first",
		&query) != 0 ||
	    find_rows(volume, query, bytes, &last, &all) != 0 ||
	    run_between(volume,
		"delete from overwritten where first between ? and ?",
		INT64_MIN, last) != 0)
		return -1;
	volume->nothing_overwritten = all;
	return 0;
}

/* Sets how much the next transaction may take of the file.  Returns 0 or -1. */
static int get_free_bytes(struct volume *volume)
{
	uint64_t bytes;

	if (get_number(volume,
		"select freelist_count * page_size from "
		"pragma_freelist_count, pragma_page_size",
		&bytes) != 0)
		return -1;
	volume->free_bytes = bytes > SPARE_BYTES ? bytes - SPARE_BYTES : 0;
	return 0;
}

int volume_measure_free(struct volume *volume)
{
	uint64_t rows;

	volume->nothing_overwritten = true;
	if (volume->format < VOLUME_FORMAT) /* it has no such table */
		return 0;
	if (get_number(volume, "select exists (select 1 from overwritten)",
		&rows) != 0)
		return -1;
	volume->nothing_overwritten = rows == 0;
	return get_free_bytes(volume);
}

int volume_free_overwritten(struct volume *volume)
{
	if (volume->nothing_overwritten || volume->deletes_at_once)
		return 0;
	if (get_free_bytes(volume) != 0)
		return -1;
	return volume->free_bytes < FREE_BYTES &&
		(free_rows(volume, FREE_BYTES - volume->free_bytes) != 0 ||
		    get_free_bytes(volume) != 0)
	    ? -1
	    : 0;
}
