/*
 * verify.c: see verify.h.
 *
 * Rows are checked in the order of their numbers.  The rows before a row
 * determine where it must begin.  After a row that is not valid, counting
 * starts again with the next one, so that one fault is reported once.
 */
#include "vtl/volume/verify.h"
#include "vtl/volume/impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The highest ratio of zlib: 1032 equal bytes become one byte. */
enum { RATIO_MAX = 1032 };

struct search {
	struct volume *volume;
	void (*fault)(void *arg, const char *message);
	void *arg;
	uint64_t faults;
	struct volume_counts *counts;
	uint64_t bytes; /* of the active partition */
	uint8_t *block; /* has room for the longest block so far */
	uint64_t block_room;
};

/* Appends the number of a partition to a message, where there is room. */
static void add_partition(char message[VOLUME_MESSAGE_BYTES],
    unsigned partition)
{
	size_t n = strlen(message);

	snprintf(message + n, VOLUME_MESSAGE_BYTES - n, " (partition %u)",
	    partition);
}

__attribute__((format(printf, 2, 3))) static void report(struct search *s,
    const char *format, ...)
{
	char message[VOLUME_MESSAGE_BYTES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(message, sizeof message, format, ap);
	va_end(ap);
	if (s->volume != NULL && volume_get_active(s->volume) > 0)
		add_partition(message, volume_get_active(s->volume));
	for (char *p = message; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	s->faults++;
	s->fault(s->arg, message);
}

/* Reports the last message of the volume as a fault. */
static void report_message(struct search *s)
{
	volume_settle(s->volume);
	report(s, "%s", volume_message(s->volume));
}

static void check_database(struct search *s)
{
	const char *path = s->volume->path, *reported;
	sqlite3_stmt *stmt;
	int rc;

	if (volume_prepare(s->volume, "pragma integrity_check(100)", &stmt) !=
	    0) {
		report_message(s);
		return;
	}
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		reported = (const char *)sqlite3_column_text(stmt, 0);
		if (reported == NULL || strcmp(reported, "ok") != 0)
			report(s, "volume %s is damaged: SQLite reports: %s",
			    path, reported != NULL ? reported : "nothing");
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		report(s,
		    "volume %s is damaged: it cannot be read completely: %s",
		    path, sqlite3_errstr(rc));
}

/* Checks every block of a row before EOD. */
static void check_blocks(struct search *s, const struct volume_row *row)
{
	struct volume_object object;

	if (row->block_bytes > s->block_room) {
		free(s->block);
		s->block = malloc(row->block_bytes);
		s->block_room = s->block != NULL ? row->block_bytes : 0;
	}
	if (s->block == NULL) {
		report(s,
		    "volume %s: cannot check object %" PRIu64 ": out of memory",
		    s->volume->path, row->first);
		return;
	}
	/*
	 * Check the row itself first: if it cannot be read, its blocks cannot
	 * either.
	 */
	if (volume_cache_row(s->volume, row->first) != 0) {
		volume_settle(s->volume);
		report(s, "%s (objects from %" PRIu64 ")",
		    volume_message(s->volume), row->first);
		return;
	}
	if (!s->volume->cached.has_data)
		return;
	for (uint64_t i = 0; i < row->count; i++) {
		if (volume_read(s->volume, row->first + i, s->block,
			s->block_room, &object) == 0) {
			s->counts->checked++;
			continue;
		}
		report_message(s);
		if (s->volume->cached.count == 0)
			return; /* the file cannot be read */
	}
}

/* Checks one row, which must begin at `at`; then sets `at` to its end. */
static void check_row(struct search *s, const struct volume_row *row,
    struct volume_position *at)
{
	const char *path = s->volume->path;
	struct volume_position end;
	uint64_t bytes;

	if (!volume_figures_agree(row)) {
		report(s,
		    "volume %s is damaged: the row of object %" PRIu64
		    " has impossible values",
		    path, row->first);
		*at = (struct volume_position){ .object = UINT64_MAX };
		return;
	}
	if (at->object != UINT64_MAX &&
	    (row->first != at->object || row->at_byte != at->byte ||
		row->file != at->file))
		report(s,
		    "volume %s is damaged: object %" PRIu64 ", file %" PRIu64
		    ", byte %" PRIu64 " is where object %" PRIu64
		    ", file %" PRIu64 ", byte %" PRIu64 " should be",
		    path, row->first, row->file, row->at_byte, at->object,
		    at->file, at->byte);
	bytes = volume_row_bytes(row);
	*at = (struct volume_position){ .object = row->first + row->count,
		.byte = row->at_byte + bytes,
		.file = row->file + (row->block_bytes == 0 ? row->count : 0) };
	if (row->block_bytes == 0) {
		s->counts->filemarks += row->count;
		return;
	}
	s->counts->blocks += row->count;
	s->counts->bytes += bytes;
	s->bytes += bytes;
	volume_end(s->volume, &end);
	if (at->object <= end.object)
		check_blocks(s, row);
}

/*
 * Checks that the rows of the active partition fit its capacity at the highest
 * compression.
 */
static void check_fit(struct search *s)
{
	unsigned partition = volume_get_active(s->volume);
	uint64_t capacity =
	    volume_get_partition(s->volume, partition)->capacity_bytes;

	if (s->bytes / RATIO_MAX >= capacity)
		report(s,
		    "volume %s is damaged: its rows have %" PRIu64
		    " bytes, which do not fit into its capacity of %" PRIu64
		    " bytes",
		    s->volume->path, s->bytes, capacity);
}

static void check_rows(struct search *s)
{
	struct volume_position at = { .object = 0 };
	struct volume_row row;
	uint64_t last = 0;
	bool any = false;
	int rc;

	while ((rc = volume_next_row(s->volume, any ? last + 1 : 0, &row)) ==
	    1) {
		check_row(s, &row, &at);
		any = true;
		last = row.first;
		if (last >= VOLUME_OBJECT_MAX)
			break;
	}
	if (rc < 0)
		report_message(s);
}

/* Checks the rows of each partition. */
static void check_partitions(struct search *s)
{
	unsigned i, count = volume_partitions(s->volume);

	for (i = 0; i < count; i++) {
		if (volume_select(s->volume, i) != 0) {
			report_message(s);
			continue;
		}
		s->bytes = 0;
		check_rows(s);
		check_fit(s);
	}
	volume_select(s->volume, 0);
}

/* Reports a fault for each row that the query returns. */
static void check_table(struct search *s, const char *sql, const char *what)
{
	sqlite3_stmt *stmt;

	if (volume_prepare(s->volume, sql, &stmt) != 0) {
		report_message(s);
		return;
	}
	while (sqlite3_step(stmt) == SQLITE_ROW)
		report(s, "volume %s is damaged: %s %lld", s->volume->path,
		    what, (long long)sqlite3_column_int64(stmt, 0));
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		report(s, "volume %s is damaged: %s", s->volume->path,
		    sqlite3_errmsg(s->volume->db));
}

static void check_defects(struct search *s)
{
	static const char sql[] =
	    "select rowid from defects where at_byte < 0"
	    " or at_byte >= (select capacity_bytes from volume)"
	    " or block < 0 or file < 0 or length < 1"
	    " or typeof(at_byte) not in ('integer', 'null')"
	    " or typeof(block) not in ('integer', 'null')"
	    " or typeof(file) not in ('integer', 'null')"
	    " or typeof(length) <> 'integer' or typeof(tries) <> 'integer'"
	    " or typeof(one_in) <> 'integer' or typeof(factor) <> 'integer'"
	    " or (at_byte is null) = (block is null)"
	    " or (at_byte is not null and file is not null)"
	    " or fail not in ('write', 'read', 'slow', 'corrupt')"
	    " or (fail in ('write', 'read') and"
	    " (sense_key not between 1 and 15"
	    " or sense_asc not between 0 and 255"
	    " or sense_ascq not between 0 and 255))"
	    " or partition not in (0, 1, 2, 3)"
	    " or once not in (0, 1) or tries < 0 or one_in < 0 or factor < 1";

	check_table(s, sql, "a defect is not valid, in row");
}

static void check_attributes(struct search *s)
{
	check_table(s,
	    "select id from attributes where typeof(partition) <> 'integer'"
	    " or partition < 0 or partition >="
	    " (select max(1, count(*)) from partitions)"
	    " or typeof(id) <> 'integer' or id not between 0 and 65535"
	    " or format not in (0, 1, 2) or typeof(value) <> 'blob'"
	    " or length(value) not between 1 and 4096",
	    "an attribute is not valid:");
}

uint64_t volume_verify(const char *path,
    void (*fault)(void *arg, const char *message), void *arg,
    struct volume_counts *counts)
{
	struct search s = { .fault = fault, .arg = arg, .counts = counts };
	char message[VOLUME_MESSAGE_BYTES];

	memset(counts, 0, sizeof *counts);
	s.volume = volume_open(path, true, message);
	if (s.volume == NULL) {
		report(&s, "%s", message);
		return s.faults;
	}
	check_database(&s);
	check_partitions(&s);
	check_table(&s,
	    "select first from objects where first < 0 or first >> 60 >="
	    " (select max(1, count(*)) from partitions)",
	    "there is an object with number");
	check_table(&s,
	    "select first from objects where block_bytes = 0 and"
	    " (sums is not null or data is not null)",
	    "a filemark has data: object");
	check_table(&s, "select id from volume where id <> 1",
	    "its table volume has another row:");
	check_defects(&s);
	check_attributes(&s);
	check_table(&s,
	    "select id from history where id not between 1 and"
	    " (select count(*) from history) limit 1",
	    "rows of its history are missing, before row");
	check_table(&s,
	    "select id from history where typeof(event) <> 'text'"
	    " or typeof(text) <> 'text'",
	    "its history has a value that is not text, in row");
	free(s.block);
	if (volume_close(s.volume, message) != 0)
		report(&s, "%s", message);
	return s.faults;
}
