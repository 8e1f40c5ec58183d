/*
 * volume_defect.c: the bad spots of a medium.
 *
 * They are kept in memory in the order of their places, so that a write finds
 * the first one in its way by halving; the table follows.
 */
#include "vtl/volume_impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct volume_defect *volume_defects(const struct volume *volume,
    size_t *count)
{
	*count = volume->defect_count;
	return volume->defects;
}

/* The place in the array of the first defect at or behind `byte`. */
static size_t place_of(const struct volume *volume, uint64_t byte)
{
	size_t low = 0, high = volume->defect_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (volume->defects[middle].at_byte < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct volume_defect *volume_defect_in(const struct volume *volume,
    uint64_t begin_byte, uint64_t end_byte)
{
	size_t i = place_of(volume, begin_byte);

	return i < volume->defect_count &&
	    volume->defects[i].at_byte < end_byte ?
	    &volume->defects[i] : NULL;
}

/* Puts it into the array, behind others at the same place.  0 or -1. */
static int remember(struct volume *volume, const struct volume_defect *defect)
{
	size_t i = place_of(volume, defect->at_byte + 1);
	struct volume_defect *p;

	p = reallocarray(volume->defects, volume->defect_count + 1,
	    sizeof *p);
	if (p == NULL) {
		snprintf(volume->message, sizeof volume->message,
		    "volume %s: too many defects: out of memory",
		    volume->path);
		return -1;
	}
	volume->defects = p;
	memmove(p + i + 1, p + i, (volume->defect_count - i) * sizeof *p);
	p[i] = *defect;
	volume->defect_count++;
	return 0;
}

int volume_load_defects(struct volume *volume)
{
	sqlite3_stmt *stmt;
	int rc = 0;

	volume->defect_count = 0;
	if (volume_prepare(volume, "select at_byte, sense_key, sense_asc, "
	    "sense_ascq, once from defects order by at_byte, rowid",
	    &stmt) != 0)
		return -1;
	while (rc == 0 && sqlite3_step(stmt) == SQLITE_ROW) {
		struct volume_defect d = {
			.at_byte = (uint64_t)sqlite3_column_int64(stmt, 0),
			.sense.key = (uint8_t)sqlite3_column_int(stmt, 1),
			.sense.asc = (uint8_t)sqlite3_column_int(stmt, 2),
			.sense.ascq = (uint8_t)sqlite3_column_int(stmt, 3),
			.once = sqlite3_column_int(stmt, 4) != 0,
		};

		rc = remember(volume, &d);
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_fail(volume, "read");
	return rc;
}

/* Runs a statement whose parameters are the columns of a defect.  0 or -1. */
static int change(struct volume *volume, const char *sql,
    const struct volume_defect *d)
{
	sqlite3_stmt *stmt;

	if (volume_begin(volume) != 0 ||
	    volume_prepare(volume, sql, &stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, (int64_t)d->at_byte);
	sqlite3_bind_int(stmt, 2, d->sense.key);
	sqlite3_bind_int(stmt, 3, d->sense.asc);
	sqlite3_bind_int(stmt, 4, d->sense.ascq);
	sqlite3_bind_int(stmt, 5, d->once);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 :
	    volume_fail(volume, "write");
}

int volume_defect_add(struct volume *volume, const struct volume_defect *defect)
{
	if (defect->sense.key <= SENSE_RECOVERED || defect->sense.key > 0xf ||
	    defect->at_byte >= volume->spec.capacity_bytes) {
		snprintf(volume->message, sizeof volume->message,
		    "volume %s: a defect lies within the capacity and has "
		    "sense data that makes a write fail", volume->path);
		return -1;
	}
	if (change(volume, "insert into defects values (?, ?, ?, ?, ?)",
	    defect) != 0)
		return -1;
	return remember(volume, defect);
}

int volume_defect_spend(struct volume *volume,
    const struct volume_defect *defect)
{
	struct volume_defect *mine = volume->defects +
	    (defect - volume->defects);

	assert(mine < volume->defects + volume->defect_count);
	if (!mine->once)
		return 0;
	if (change(volume, "delete from defects where rowid = (select rowid "
	    "from defects where at_byte = ? and sense_key = ? and "
	    "sense_asc = ? and sense_ascq = ? and once = ? limit 1)",
	    mine) != 0)
		return -1;
	volume->defect_count--;
	memmove(mine, mine + 1, sizeof *mine *
	    (size_t)(volume->defects + volume->defect_count - mine));
	return 0;
}
