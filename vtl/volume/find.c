/*
 * find.c: finds the position of an object: counts the bytes and filemarks
 * before it.
 */
#include "vtl/volume/impl.h"

enum { COLUMNS = 4 };

static bool are_numbers(sqlite3_stmt *stmt)
{
	int i = 0;

	while (i < COLUMNS && sqlite3_column_type(stmt, i) == SQLITE_INTEGER)
		i++;
	return i == COLUMNS;
}

/*
 * Counts from the first object of a row.  The row may be invalid: it comes from
 * a file.
 */
static int count_from(struct volume *volume, sqlite3_stmt *stmt,
    uint64_t object, struct volume_position *position)
{
	struct volume_row row = { .first =
				      (uint64_t)sqlite3_column_int64(stmt, 0),
		.file = (uint64_t)sqlite3_column_int64(stmt, 3) };
	uint64_t block_bytes = (uint64_t)sqlite3_column_int64(stmt, 1);
	bool agree = volume_row_from_keys(&row);
	uint64_t before = object - row.first;

	position->object = object;
	position->byte = (uint64_t)sqlite3_column_int64(stmt, 2);
	position->file = row.file;
	if (!agree || !are_numbers(stmt) || row.first > object ||
	    block_bytes > VOLUME_BLOCK_MAX_BYTES ||
	    (block_bytes > 0 && before > volume->end.byte / block_bytes) ||
	    position->byte > volume->end.byte ||
	    position->file > volume->end.file)
		return volume_damaged(volume, "a row is not valid");
	position->byte += before * block_bytes;
	position->file += block_bytes == 0 ? before : 0;
	if (position->byte > volume->end.byte ||
	    position->file > volume->end.file)
		return volume_damaged(volume, "a row is not valid");
	return 0;
}

int volume_rows_find_object(struct volume *volume, uint64_t object,
    struct volume_position *position)
{
	sqlite3_stmt *stmt;
	int rc, found;

	if (volume_prepare(volume,
		"select first, block_bytes, at_byte, file "
		"from objects where first between ? and ? "
		"order by first desc limit 1",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, volume_object_key(volume->partition, 0));
	sqlite3_bind_int64(stmt, 2,
	    volume_object_key(volume->partition, object));
	found = sqlite3_step(stmt);
	rc = found == SQLITE_ROW ? count_from(volume, stmt, object, position)
				 : 0;
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	if (found != SQLITE_ROW)
		return volume_damaged(volume, "its first row is missing");
	return rc;
}
