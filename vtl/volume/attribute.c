/*
 * attribute.c: the attributes that hosts wrote into the auxiliary memory of the
 * medium: the table `attributes`.
 */
#include "vtl/volume/impl.h"

#include <assert.h>

enum { FORMATS = 3 };

/* Reads a row.  Returns whether it is valid. */
static bool read_row(sqlite3_stmt *stmt, struct volume_attribute *a)
{
	sqlite3_int64 id = sqlite3_column_int64(stmt, 0);
	sqlite3_int64 format = sqlite3_column_int64(stmt, 1);
	int bytes = sqlite3_column_bytes(stmt, 2);

	if (id < 0 || id > UINT16_MAX || format < 0 || format >= FORMATS ||
	    bytes < 1 || bytes > VOLUME_ATTRIBUTE_BYTES_MAX)
		return false;
	*a = (struct volume_attribute){ .id = (uint16_t)id,
		.format = (uint8_t)format,
		.bytes = (uint16_t)bytes,
		.value = sqlite3_column_blob(stmt, 2) };
	return a->value != NULL;
}

int volume_attributes_read(struct volume *volume, unsigned partition,
    uint16_t from, volume_each_attribute *each, void *arg)
{
	struct volume_attribute a;
	sqlite3_stmt *stmt;
	bool valid = true;

	if (volume->broken)
		return -1;
	if (volume_prepare(volume,
		"select id, format, value from attributes"
		" where partition = ? and id >= ? order by id",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, partition);
	sqlite3_bind_int64(stmt, 2, from);
	while (valid && sqlite3_step(stmt) == SQLITE_ROW) {
		valid = read_row(stmt, &a);
		if (valid)
			each(arg, &a);
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	return valid ? 0 : volume_damaged(volume, "an attribute is not valid");
}

/* Stores or removes one attribute.  Returns 0 or -1. */
static int store(struct volume *volume, unsigned partition,
    const struct volume_attribute *a)
{
	sqlite3_stmt *stmt;

	assert(a->bytes <= VOLUME_ATTRIBUTE_BYTES_MAX && a->format < FORMATS);
	if (volume_prepare(volume,
		a->bytes > 0
		    ? "insert or replace into attributes values (?, ?, ?, ?)"
		    : "delete from attributes where partition = ? and id = ?",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, partition);
	sqlite3_bind_int64(stmt, 2, a->id);
	if (a->bytes > 0) {
		sqlite3_bind_int64(stmt, 3, a->format);
		sqlite3_bind_blob(stmt, 4, a->value, a->bytes, SQLITE_STATIC);
	}
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

int volume_attributes_store(struct volume *volume, unsigned partition,
    const struct volume_attribute *attributes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (store(volume, partition, &attributes[i]) != 0)
			return -1;
	return 0;
}
