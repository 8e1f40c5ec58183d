/*
 * defect_table.c: the table of the defects of a medium.
 *
 * The table and the array in memory hold the same defects.  Only the number of
 * readings of a defect is not in the table.
 */
#include "vtl/volume/impl.h"

#include <stdio.h>
#include <string.h>

enum { FACTOR_MAX = 1000000 };

static const char *const fail_names[VOLUME_FAILS + 1] = { [VOLUME_FAIL_WRITE] =
							      "write",
	[VOLUME_FAIL_READ] = "read",
	[VOLUME_FAIL_SLOW] = "slow",
	[VOLUME_FAIL_CORRUPT] = "corrupt",
	NULL };

const char *const *volume_fail_names(void)
{
	return fail_names;
}

/* Returns VOLUME_FAILS if no kind has this name. */
static enum volume_fail fail_named(const unsigned char *name)
{
	int i = VOLUME_FAIL_WRITE;

	while (i < VOLUME_FAILS &&
	    (name == NULL || strcmp(fail_names[i], (const char *)name) != 0))
		i++;
	return (enum volume_fail)i;
}

/* Returns the number in a column, or 0 if it is negative. */
static uint64_t number(sqlite3_stmt *stmt, int column)
{
	sqlite3_int64 n = sqlite3_column_int64(stmt, column);

	return n < 0 ? 0 : (uint64_t)n;
}

static bool is_null(sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt, column) == SQLITE_NULL;
}

static void read_row(sqlite3_stmt *stmt, struct volume_defect *d)
{
	bool by_byte = !is_null(stmt, 2), by_file = !is_null(stmt, 3);

	*d = (struct volume_defect){
		.row = sqlite3_column_int64(stmt, 0),
		.fail = fail_named(sqlite3_column_text(stmt, 1)),
		.at = number(stmt, by_byte ? 2 : 4),
		.file = by_byte ? 0 : number(stmt, 3),
		.unit = by_byte ? VOLUME_BYTES
		    : by_file   ? VOLUME_FILE_BLOCKS
				: VOLUME_OBJECTS,
		.length = number(stmt, 5),
		.sense.key = (uint8_t)sqlite3_column_int(stmt, 6),
		.sense.asc = (uint8_t)sqlite3_column_int(stmt, 7),
		.sense.ascq = (uint8_t)sqlite3_column_int(stmt, 8),
		.once = sqlite3_column_int(stmt, 9) != 0,
		.recover_after = number(stmt, 10),
		.one_in = number(stmt, 11),
		.slowdown = number(stmt, 12),
		.partition = number(stmt, 13) < VOLUME_PARTITIONS_MAX
		    ? (unsigned)number(stmt, 13)
		    : VOLUME_PARTITIONS_MAX,
		.fault = (int64_t)number(stmt, 14),
	};
	if (d->slowdown == 0)
		d->slowdown = 1;
}

/*
 * Returns the capacity of a partition; that of the medium if the partition is
 * not there: the medium may be formatted with another number of them.
 */
static uint64_t capacity(const struct volume *volume, unsigned partition)
{
	return partition < volume->partition_count
	    ? volume->partitions[partition].capacity_bytes
	    : volume->spec.capacity_bytes;
}

/* Returns why the defect is not valid, or NULL if it is valid. */
static const char *objection(const struct volume *volume,
    const struct volume_defect *d)
{
	bool fails =
	    d->fail == VOLUME_FAIL_WRITE || d->fail == VOLUME_FAIL_READ;

	if (d->partition >= VOLUME_PARTITIONS_MAX)
		return "its partition must be 0 to 3";
	if (d->unit == VOLUME_BYTES && d->at >= capacity(volume, d->partition))
		return "its byte must be below the capacity";
	if (d->at > INT64_MAX || d->length > INT64_MAX - d->at ||
	    d->file > INT64_MAX || d->recover_after >= INT64_MAX ||
	    d->one_in > INT64_MAX)
		return "its numbers must be below 2^63";
	if (fails && (d->sense.key == SENSE_NO_SENSE || d->sense.key > 0xf))
		return "its sense data must be an error";
	if (d->fail == VOLUME_FAIL_SLOW
		? d->slowdown < 2 || d->once || d->slowdown > FACTOR_MAX
		: d->slowdown > 1)
		return "only a slow one has a slowdown, 2 to 1000000, and it is never once";
	if ((d->recover_after > 0) + (d->one_in > 0) + d->once > 1 ||
	    (d->fail != VOLUME_FAIL_READ && d->recover_after + d->one_in > 0))
		return "only one of once, recover_after and one_in is possible, the last two for reading";
	return NULL;
}

int volume_load_defects(struct volume *volume)
{
	/*
	 * The rows come in the order of the array, so each is appended to it.
	 */
	static const char sql[] =
	    "select rowid, fail, at_byte, file, block, length, sense_key, "
	    "sense_asc, sense_ascq, once, tries, one_in, factor, partition, "
	    "fault from defects order by partition, at_byte is null, at_byte, file is not null, file, "
	    "block, rowid";
	struct volume_defect d;
	sqlite3_stmt *stmt;
	int rc = 0;

	volume->defect_count = 0;
	if (volume_prepare(volume, sql, &stmt) != 0)
		return -1;
	while (rc == 0 && sqlite3_step(stmt) == SQLITE_ROW) {
		read_row(stmt, &d);
		if (d.fail != VOLUME_FAILS && objection(volume, &d) == NULL)
			rc = volume_defect_remember(volume, &d);
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	return rc;
}

/* Binds a number if `given` is set, else null. */
static void bind(sqlite3_stmt *stmt, int place, bool given, uint64_t n)
{
	if (given)
		sqlite3_bind_int64(stmt, place, (int64_t)n);
	else
		sqlite3_bind_null(stmt, place);
}

static void bind_row(sqlite3_stmt *stmt, const struct volume_defect *d)
{
	bool by_byte = d->unit == VOLUME_BYTES;

	sqlite3_bind_text(stmt, 1, fail_names[d->fail], -1, SQLITE_STATIC);
	bind(stmt, 2, by_byte, d->at);
	bind(stmt, 3, d->unit == VOLUME_FILE_BLOCKS, d->file);
	bind(stmt, 4, !by_byte, d->at);
	bind(stmt, 5, true, d->length);
	sqlite3_bind_int(stmt, 6, d->sense.key);
	sqlite3_bind_int(stmt, 7, d->sense.asc);
	sqlite3_bind_int(stmt, 8, d->sense.ascq);
	sqlite3_bind_int(stmt, 9, d->once);
	bind(stmt, 10, true, d->recover_after);
	bind(stmt, 11, true, d->one_in);
	bind(stmt, 12, true, d->slowdown);
	bind(stmt, 13, true, d->partition);
	sqlite3_bind_int64(stmt, 14, d->fault);
}

/* Runs and finalizes a statement that changes the table.  Returns 0 or -1. */
static int change(struct volume *volume, sqlite3_stmt *stmt)
{
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

int volume_defect_insert(struct volume *volume,
    const struct volume_defect *defect)
{
	struct volume_defect d = *defect;
	const char *why = objection(volume, defect);
	sqlite3_stmt *stmt;

	if (why != NULL)
		return volume_refuse(volume,
		    "volume %s: a defect is not valid: %s", volume->path, why);
	if (d.length == 0)
		d.length = 1;
	if (d.slowdown == 0)
		d.slowdown = 1;
	if (volume_begin(volume) != 0 ||
	    volume_prepare(volume,
		"insert into "
		"defects values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		&stmt) != 0)
		return -1;
	bind_row(stmt, &d);
	if (change(volume, stmt) != 0)
		return -1;
	d.row = sqlite3_last_insert_rowid(volume->db);
	d.readings = 0;
	return volume_defect_remember(volume, &d);
}

int volume_defect_delete(struct volume *volume,
    const struct volume_defect *defect)
{
	int64_t row = defect->row;
	sqlite3_stmt *stmt;

	if (volume_begin(volume) != 0 ||
	    volume_prepare(volume, "delete from defects where rowid = ?",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, row);
	return change(volume, stmt);
}
