/*
 * partition.c: the partitions of a medium: the table `partitions`, and the
 * columns of the table `volume` that concern the whole medium.
 *
 * A medium with one partition, of all its capacity, has no row in the table.
 */
#include "vtl/volume/impl.h"

#include <assert.h>
#include <string.h>

unsigned volume_partitions(const struct volume *volume)
{
	return volume->partition_count;
}

unsigned volume_get_active(const struct volume *volume)
{
	return volume->partition;
}

const struct volume_partition *volume_get_partition(const struct volume *volume,
    unsigned partition)
{
	assert(partition < volume->partition_count);
	return &volume->partitions[partition];
}

uint64_t volume_usable_bytes(const struct volume *volume)
{
	return volume->usable_bytes;
}

uint32_t volume_change_reference(const struct volume *volume)
{
	return volume->change_reference;
}

/* Reads a number of a column that is not null; 0 if it is not valid. */
static uint64_t number(sqlite3_stmt *stmt, int column)
{
	sqlite3_int64 n = sqlite3_column_int64(stmt, column);

	return sqlite3_column_type(stmt, column) == SQLITE_INTEGER && n > 0
	    ? (uint64_t)n
	    : 0;
}

/* Reads the columns of the only row of the table `volume`. */
static int load_medium(struct volume *volume)
{
	uint64_t capacity = volume->spec.capacity_bytes, reference = 0;
	sqlite3_stmt *stmt;
	bool valid = true;

	volume->usable_bytes = capacity;
	if (volume_prepare(volume,
		"select change_reference, usable_bytes from volume",
		&stmt) != 0)
		return -1;
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		reference = number(stmt, 0);
		if (sqlite3_column_type(stmt, 1) != SQLITE_NULL)
			volume->usable_bytes = number(stmt, 1);
		valid = reference <= UINT32_MAX && volume->usable_bytes > 0 &&
		    volume->usable_bytes <= capacity;
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	volume->change_reference = (uint32_t)reference;
	return valid
	    ? 0
	    : volume_damaged(volume, "its usable capacity is not valid");
}

/* Reads one row of the table.  Returns whether it is valid. */
static bool load_row(struct volume *volume, sqlite3_stmt *stmt)
{
	struct volume_partition *p;
	unsigned i = volume->partition_count;

	if (i == VOLUME_PARTITIONS_MAX ||
	    sqlite3_column_int64(stmt, 0) != (sqlite3_int64)i)
		return false;
	p = &volume->partitions[i];
	p->capacity_bytes = number(stmt, 1);
	p->early_warning_bytes = number(stmt, 2);
	volume->partition_count++;
	return p->capacity_bytes > 0 &&
	    p->early_warning_bytes <= p->capacity_bytes;
}

int volume_load_partitions(struct volume *volume)
{
	sqlite3_stmt *stmt;
	uint64_t left;
	bool valid = true;

	if (load_medium(volume) != 0 ||
	    volume_prepare(volume,
		"select partition, capacity_bytes, early_warning_bytes"
		" from partitions order by partition",
		&stmt) != 0)
		return -1;
	volume->partition_count = 0;
	left = volume->usable_bytes;
	while (valid && sqlite3_step(stmt) == SQLITE_ROW) {
		valid = load_row(volume, stmt);
		if (valid) {
			uint64_t bytes =
			    volume->partitions[volume->partition_count - 1]
				.capacity_bytes;

			valid = bytes <= left;
			left -= bytes;
		}
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	if (!valid)
		return volume_damaged(volume, "its partitions are not valid");
	if (volume->partition_count == 0)
		volume->partitions[volume->partition_count++] =
		    (struct volume_partition){ volume->usable_bytes,
			    volume->spec.early_warning_bytes };
	if (volume->partition >= volume->partition_count)
		volume->partition = 0;
	return 0;
}

/* Runs and finalizes a statement.  Returns 0 or -1. */
static int run(struct volume *volume, sqlite3_stmt *stmt)
{
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

int volume_count_change(struct volume *volume)
{
	/* 0 means that the medium was never written, also after 2^32 loads. */
	uint32_t next = volume->change_reference + 1;
	sqlite3_stmt *stmt;

	if (next == 0)
		next = 1;
	if (volume_prepare(volume, "update volume set change_reference = ?",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, next);
	if (run(volume, stmt) != 0)
		return -1;
	volume->change_reference = next;
	volume->is_changed = true;
	return 0;
}

static int insert(struct volume *volume, unsigned partition,
    const struct volume_partition *p)
{
	sqlite3_stmt *stmt;

	if (volume_prepare(volume, "insert into partitions values (?, ?, ?)",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, partition);
	sqlite3_bind_int64(stmt, 2, (int64_t)p->capacity_bytes);
	if (volume->spec.has_early_warning)
		sqlite3_bind_int64(stmt, 3, (int64_t)p->early_warning_bytes);
	return run(volume, stmt);
}

/* Returns whether the partition is what a new medium has. */
static bool is_whole(const struct volume *volume,
    const struct volume_partition *p)
{
	return p->capacity_bytes == volume->spec.capacity_bytes &&
	    (!volume->spec.has_early_warning ||
		p->early_warning_bytes == volume->spec.early_warning_bytes);
}

int volume_make_partitions(struct volume *volume, uint64_t usable_bytes,
    const struct volume_partition *partitions, unsigned count)
{
	sqlite3_stmt *stmt;

	assert(count > 0 && count <= VOLUME_PARTITIONS_MAX);
	assert(usable_bytes > 0 && usable_bytes <= volume->spec.capacity_bytes);
	if (volume_set_all_aside(volume) != 0)
		return -1;
	if (volume_exec(volume,
		"delete from objects; delete from partitions") != 0)
		return volume_failed(volume, "write");
	if (volume_prepare(volume,
		"delete from attributes where partition >= ?", &stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, count);
	if (run(volume, stmt) != 0 ||
	    volume_prepare(volume, "update volume set usable_bytes = ?",
		&stmt) != 0)
		return -1;
	if (usable_bytes < volume->spec.capacity_bytes)
		sqlite3_bind_int64(stmt, 1, (int64_t)usable_bytes);
	if (run(volume, stmt) != 0)
		return -1;
	if (count == 1 && is_whole(volume, &partitions[0]))
		return 0;
	for (unsigned i = 0; i < count; i++)
		if (insert(volume, i, &partitions[i]) != 0)
			return -1;
	return 0;
}
