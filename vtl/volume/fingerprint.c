/* fingerprint.c: see fingerprint.h. */
#include "vtl/volume/fingerprint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/database/database.h"
#include "vtl/volume/impl.h"

/* Continues the checksum `sum` with `count` bytes. */
static void add(uint64_t *sum, const void *bytes, uint64_t count)
{
	uint8_t of[VOLUME_SUM_BYTES], text[2 * VOLUME_SUM_BYTES];

	volume_sum(bytes, count, of);
	memcpy(text, sum, sizeof *sum);
	memcpy(text + sizeof *sum, of, sizeof of);
	volume_sum(text, sizeof text, of);
	memcpy(sum, of, sizeof of);
}

/*
 * Adds the fields of a row, up to object `end`, and the checksums of its
 * blocks.
 */
static void add_row(uint64_t *sum, sqlite3_stmt *stmt, uint64_t end)
{
	enum {
		FIRST,
		COUNT,
		BLOCK,
		LAST,
		AT,
		FILE_NUMBER,
		DUMP,
		OFFSET,
		SUMS,
		NUMBERS = SUMS
	};
	uint64_t numbers[NUMBERS], sums_bytes, most;
	int i;

	for (i = 0; i < NUMBERS; i++)
		numbers[i] = (uint64_t)sqlite3_column_int64(stmt, i);
	sums_bytes = (uint64_t)sqlite3_column_bytes(stmt, SUMS);
	if (numbers[COUNT] > end - numbers[FIRST]) {
		numbers[COUNT] = end - numbers[FIRST];
		numbers[LAST] = numbers[BLOCK];
	}
	most = numbers[COUNT] * VOLUME_SUM_BYTES;
	add(sum, numbers, sizeof numbers);
	if (sums_bytes > 0)
		add(sum, sqlite3_column_blob(stmt, SUMS),
		    sums_bytes < most ? sums_bytes : most);
}

#define COLUMNS                                                  \
	"first, count, block_bytes, last_bytes, at_byte, file, " \
	"dump_id, offset, sums"

/* Returns the number in the file of EOD of a partition. */
static uint64_t end_key(const struct volume_fingerprint *fingerprint,
    uint64_t partition)
{
	return (uint64_t)volume_object_key((unsigned)partition,
	    fingerprint->end[partition].object);
}

/*
 * Adds the first and last rows of each file of a partition, and all rows of
 * filemarks.  Returns 0, or -1 if SQLite cannot read them.
 */
static int add_partition(sqlite3 *db, unsigned partition,
    struct volume_fingerprint *fingerprint)
{
	static const char sql[] =
	    "with marks (first, next) as materialized "
	    "(select first, first + count from main.objects indexed by filemarks "
	    "where block_bytes = 0 and first >= ?2 and first < ?1) "
	    "select " COLUMNS
	    " from main.objects where first >= ?2 and first < ?1 and first in "
	    "(select ?2 union select first from marks union select next from "
	    "marks union select (select max(o.first) from main.objects o where "
	    "o.first < marks.first) from marks union select max(first) from "
	    "main.objects where first < ?1) order by first";
	const uint64_t end = end_key(fingerprint, partition);
	struct volume_fingerprint_row *row;
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_int64(stmt, 1, (int64_t)end);
	sqlite3_bind_int64(stmt, 2, volume_object_key(partition, 0));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		add_row(&fingerprint->sum, stmt, end);
		if (fingerprint->head_count == VOLUME_FINGERPRINT_HEAD)
			continue;
		row = &fingerprint->head[fingerprint->head_count++];
		row->first = (uint64_t)sqlite3_column_int64(stmt, 0);
		row->sum = 0;
		add_row(&row->sum, stmt, end);
	}
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 : -1;
}

/*
 * Takes the fingerprint of the objects before `partitions` and `end`, which are
 * set.  Returns 0, or -1 if SQLite cannot read them.
 */
static int take_fingerprint(sqlite3 *db, struct volume_fingerprint *fingerprint)
{
	unsigned i;

	fingerprint->sum = fingerprint->head_count = 0;
	for (i = 0; i < fingerprint->partitions; i++)
		if (add_partition(db, i, fingerprint) != 0)
			return -1;
	return 0;
}

/* Sets `partitions` and `end`.  Returns 0 or -1. */
static int take_ends(struct volume *volume,
    struct volume_fingerprint *fingerprint)
{
	unsigned i;

	fingerprint->partitions = volume->partition_count;
	for (i = 0; i < volume->partition_count; i++)
		if (volume_end_of(volume, i, &fingerprint->end[i]) != 0)
			return -1;
	return 0;
}

int volume_close_with_fingerprint(struct volume *volume,
    struct volume_fingerprint *fingerprint, char message[VOLUME_MESSAGE_BYTES])
{
	fingerprint->known = false;
	/* If the flush fails, volume_close() reports the error. */
	if (volume_rows_flush(volume) == 0)
		fingerprint->known = take_ends(volume, fingerprint) == 0 &&
		    take_fingerprint(volume->db, fingerprint) == 0;
	volume_settle(volume);
	if (volume_close(volume, message) == 0)
		return 0;
	fingerprint->known = false;
	return -1;
}

/* Returns whether `objects` is a table, and not a view. */
static bool has_table(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	bool has;

	if (sqlite3_prepare_v2(db,
		"select 1 from sqlite_schema where name = "
		"'objects' and type = 'table'",
		-1, &stmt, NULL) != SQLITE_OK)
		return false;
	has = sqlite3_step(stmt) == SQLITE_ROW;
	return sqlite3_finalize(stmt) == SQLITE_OK && has;
}

static bool is_same(sqlite3 *db, const struct volume_fingerprint *fingerprint)
{
	struct volume_fingerprint now = *fingerprint;

	return has_table(db) && take_fingerprint(db, &now) == 0 &&
	    now.sum == fingerprint->sum;
}

/*
 * Returns whether this row of the beginning exists and differs.  The last row
 * of the partition is not compared: it grows when something is appended.
 */
static bool has_other_row(sqlite3 *db,
    const struct volume_fingerprint *fingerprint,
    const struct volume_fingerprint_row *row)
{
	const uint64_t end =
	    end_key(fingerprint, row->first >> VOLUME_OBJECT_BITS);
	sqlite3_stmt *stmt;
	uint64_t sum = 0;
	bool other = false;

	if (sqlite3_prepare_v2(db,
		"select " COLUMNS " from main.objects where "
		"first = ?1 and first + count < ?2",
		-1, &stmt, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_int64(stmt, 1, (int64_t)row->first);
	sqlite3_bind_int64(stmt, 2, (int64_t)end);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		add_row(&sum, stmt, end);
		other = sum != row->sum;
	}
	return sqlite3_finalize(stmt) == SQLITE_OK && other;
}

/* Returns whether the beginning differs.  Another process may be writing. */
static bool has_other_beginning(sqlite3 *db,
    const struct volume_fingerprint *fingerprint)
{
	size_t i = 0;

	while (i < fingerprint->head_count &&
	    !has_other_row(db, fingerprint, &fingerprint->head[i]))
		i++;
	return i < fingerprint->head_count;
}

/*
 * Called when a part of the old contents was not found.  Another process may be
 * writing, or died while it wrote and left a journal.  Opening the volume shows
 * which, and recovers it.
 */
static enum volume_match check_again(const char *path, sqlite3 *db,
    const struct volume_fingerprint *fingerprint, char *why)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, false, message);
	bool same;

	if (volume != NULL) {
		same = is_same(volume->db, fingerprint);
		volume_close(volume, message);
		if (same)
			return VOLUME_UNCHANGED;
	} else if (errno == EBUSY && !has_other_beginning(db, fingerprint)) {
		snprintf(why, VOLUME_MESSAGE_BYTES, "%s", message);
		return VOLUME_UNREADABLE;
	}
	snprintf(why, VOLUME_MESSAGE_BYTES,
	    "it was written over, or another "
	    "file is in its place");
	return VOLUME_REPLACED;
}

enum volume_match volume_check_fingerprint(const char *path,
    const struct volume_fingerprint *fingerprint,
    char why[VOLUME_MESSAGE_BYTES])
{
	const struct database_kind kind = { .instead =
						"it is not a volume any more",
		.application_id = VOLUME_APPLICATION_ID,
		.format = VOLUME_FORMAT };
	enum volume_match is = VOLUME_UNCHANGED;
	const char *bad;
	sqlite3 *db;

	if (!fingerprint->known)
		return VOLUME_UNCHANGED;
	bad = database_open(&db, path, &kind, DATABASE_PEEK);
	if (bad != NULL) {
		snprintf(why, VOLUME_MESSAGE_BYTES, "%s", bad);
		is = VOLUME_REPLACED;
	} else if (!is_same(db, fingerprint)) {
		is = check_again(path, db, fingerprint, why);
	}
	sqlite3_close(db);
	return is;
}
