/* read.c: queries of the catalogue. */
#include "splitter/tool/catalogue/impl.h"
#include "splitter/base/sentence.h"
#include "splitter/base/hex.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Copies a column of text.  Fails if the text does not fit, because tapelab did
 * not write such a text.
 */
static int get_text(sqlite3_stmt *s, int column, char *to, size_t bytes)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	if (text == NULL || strlen(text) >= bytes)
		return -1;
	strcpy(to, text);
	return 0;
}

/* Reads a column that must be a number up to `max`. */
static bool get_number(sqlite3_stmt *s, int column, uint64_t max,
    uint64_t *number)
{
	sqlite3_int64 n = sqlite3_column_int64(s, column);

	if (sqlite3_column_type(s, column) != SQLITE_INTEGER || n < 0 ||
	    (uint64_t)n > max)
		return false;
	*number = (uint64_t)n;
	return true;
}

/* Reads a column that must be a checksum or "". */
static bool get_sum(sqlite3_stmt *s, int column,
    char sum[SPLITTER_DIGEST_BYTES])
{
	size_t n;

	if (get_text(s, column, sum, SPLITTER_DIGEST_BYTES) != 0)
		return false;
	n = strlen(sum);
	return (n == 0 || n == SPLITTER_DIGEST_BYTES - 1) && hex_is(sum, n);
}

static bool is_outcome(const char *outcome)
{
	return outcome[0] == '\0' || strcmp(outcome, "DONE") == 0 ||
	    strcmp(outcome, "PARTIAL") == 0 || strcmp(outcome, "FAILED") == 0;
}

static int damaged(struct catalogue *c, sqlite3_stmt *statement)
{
	sentence(c->message, sizeof c->message,
	    "the catalogue %s is "
	    "damaged: rebuild it from the tapes with "
	    "tapelab scan --rebuild",
	    sqlite3_db_filename(c->db, "main"));
	sqlite3_finalize(statement);
	return -1;
}

static int read_dump(struct catalogue *c, sqlite3_stmt *s,
    struct catalogue_dump *d)
{
	char id[CATALOGUE_ID_BYTES], mode[16];

	memset(d, 0, sizeof *d);
	if (get_text(s, 0, id, sizeof id) != 0 || !hex_is(id, sizeof id - 1) ||
	    get_text(s, 1, d->name, sizeof d->name) != 0 ||
	    !splitter_name_valid(d->name) ||
	    get_text(s, 2, d->begun, sizeof d->begun) != 0 ||
	    strspn(d->begun, "0123456789-T:Z") != strlen(d->begun) ||
	    !get_number(s, 3, TAPE_BLOCK_MAX_BYTES, &d->block_bytes) ||
	    d->block_bytes < TAPE_BLOCK_MIN_BYTES ||
	    get_text(s, 4, mode, sizeof mode) != 0 ||
	    (strcmp(mode, "fixed") != 0 && strcmp(mode, "variable") != 0) ||
	    get_text(s, 5, d->outcome, sizeof d->outcome) != 0 ||
	    !is_outcome(d->outcome) ||
	    !get_number(s, 6, INT64_MAX, &d->safe_bytes) ||
	    !get_sum(s, 7, d->xxh128) ||
	    !get_number(s, 8, INT64_MAX, &d->volumes))
		return damaged(c, s);
	d->id = strtoull(id, NULL, 16);
	d->fixed = strcmp(mode, "fixed") == 0;
	return 0;
}

int catalogue_read_end(struct catalogue *c, sqlite3_stmt *s,
    struct catalogue_dump *d)
{
	if (get_text(s, 0, d->outcome, sizeof d->outcome) != 0 ||
	    !is_outcome(d->outcome) ||
	    !get_number(s, 1, INT64_MAX, &d->safe_bytes) ||
	    !get_sum(s, 2, d->xxh128))
		return damaged(c, s);
	sqlite3_finalize(s);
	return 0;
}

/*
 * Finds the next row with a matching dump.  Returns 1 if found, 0 after the
 * last row, and -1 on an error.
 */
static int next_match(struct catalogue *c, sqlite3_stmt *s, const char *meant,
    struct catalogue_dump *dump)
{
	int rc;

	while ((rc = catalogue_step(c, s)) == 1) {
		if (read_dump(c, s, dump) != 0)
			return -1;
		if (splitter_name_matches(meant, dump->name, dump->id))
			break;
	}
	return rc;
}

int catalogue_find(struct catalogue *c, const char *name,
    struct catalogue_dump *dump)
{
	const struct catalogue_value value = CATALOGUE_TEXT(name);
	struct catalogue_dump other;
	sqlite3_stmt *s = catalogue_prepare(c,
	    "select id, name, begun, "
	    "block_bytes, mode, outcome, safe_bytes, xxh128, volumes from "
	    "dumps where substr(?1, 1, length(name)) = name order by begun, id",
	    &value, 1);
	int rc = s == NULL ? -1 : next_match(c, s, name, dump);

	if (rc != 1)
		return rc;
	rc = next_match(c, s, name, &other);
	if (rc != 1)
		return rc == 0 ? 1 : -1;
	sqlite3_finalize(s);
	snprintf(c->message, sizeof c->message,
	    "there are several dumps of "
	    "the name %s: name one as %s@%016" PRIx64 " or %s@%016" PRIx64,
	    name, dump->name, dump->id, other.name, other.id);
	return -1;
}

/* Fails because the part before the current row is missing. */
static int part_missing(struct catalogue *c, sqlite3_stmt *statement,
    const struct part_list *table)
{
	snprintf(c->message, sizeof c->message,
	    "part %zu of the dump is not "
	    "in the catalogue, but later ones are: it was overwritten, or "
	    "could not be recorded; run tapelab scan --rebuild, "
	    "then resume again, or write the dump again",
	    table->count + 1);
	sqlite3_finalize(statement);
	return -1;
}

/*
 * Reads the row of a part.  Returns false if the part does not follow the parts
 * in the table.
 */
static bool read_row(sqlite3_stmt *s, const struct part_list *table,
    struct splitter_part *row)
{
	memset(row, 0, sizeof *row);
	return get_number(s, 0, INT64_MAX, &row->part) &&
	    get_number(s, 1, INT64_MAX, &row->attempt) &&
	    get_number(s, 2, INT64_MAX, &row->file) &&
	    get_number(s, 3, INT64_MAX, &row->offset_bytes) &&
	    get_number(s, 4, INT64_MAX, &row->bytes) &&
	    get_sum(s, 5, row->xxh128) &&
	    get_text(s, 6, row->volume, sizeof row->volume) == 0 &&
	    splitter_barcode_valid(row->volume) &&
	    row->part == table->count + 1 &&
	    row->offset_bytes == part_list_end_bytes(table) &&
	    row->bytes <= INT64_MAX - row->offset_bytes;
}

static int out_of_memory(struct catalogue *c, sqlite3_stmt *s)
{
	snprintf(c->message, sizeof c->message,
	    "out of memory for the table of parts");
	sqlite3_finalize(s);
	return -1;
}

/* Finds the highest attempt numbers after a table.  Returns 0 or -1. */
static int find_attempts(struct catalogue *c, const char *id,
    uint64_t next_part, struct catalogue_attempts *attempts)
{
	const struct catalogue_value values[] = { CATALOGUE_TEXT(id),
		CATALOGUE_NUMBER(next_part) };
	int64_t next = catalogue_number(c,
	    "select max(0, ifnull(max("
	    "attempt), 0)) from attempts where dump = ? and part = ?",
	    values, 2);
	int64_t later = catalogue_number(c,
	    "select max(0, ifnull(max("
	    "attempt), 0)) from attempts where dump = ? and part > ?",
	    values, 2);

	attempts->next = (uint64_t)next;
	attempts->later = (uint64_t)later;
	return next < 0 || later < 0 ? -1 : 0;
}

int catalogue_get_parts(struct catalogue *c, uint64_t dump_id,
    struct part_list *table, struct catalogue_attempts *attempts)
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value value = CATALOGUE_TEXT(id);
	struct splitter_part row;
	sqlite3_stmt *s;
	int rc;

	catalogue_id(dump_id, id);
	s = catalogue_prepare(c,
	    "select part, attempt, file, offset_bytes, "
	    "bytes, xxh128, volume from attempts where dump = ? and safe "
	    "order by part",
	    &value, 1);
	rc = s == NULL ? -1 : 0;
	while (rc == 0 && (rc = catalogue_step(c, s)) == 1) {
		if (!read_row(s, table, &row))
			rc = row.part > table->count + 1
			    ? part_missing(c, s, table)
			    : damaged(c, s);
		else if (part_list_add(table, &row) != 0)
			rc = out_of_memory(c, s);
		else
			rc = 0;
	}
	return rc == 0 ? find_attempts(c, id, table->count + 1, attempts) : -1;
}

int catalogue_each_volume(struct catalogue *c, uint64_t dump_id,
    bool (*each)(void *arg, const char *volume), void *arg)
{
	char id[CATALOGUE_ID_BYTES], volume[TAPE_BARCODE_BYTES];
	const struct catalogue_value value = CATALOGUE_TEXT(id);
	sqlite3_stmt *s;
	int rc;

	catalogue_id(dump_id, id);
	s = catalogue_prepare(c,
	    "select distinct volume from attempts where "
	    "dump = ? order by 1",
	    &value, 1);
	if (s == NULL)
		return -1;
	while ((rc = catalogue_step(c, s)) == 1) {
		if (get_text(s, 0, volume, sizeof volume) != 0)
			return damaged(c, s);
		if (!each(arg, volume))
			break;
	}
	if (rc == 1)
		sqlite3_finalize(s);
	return rc < 0 ? -1 : 0;
}

int catalogue_last_volume(struct catalogue *c, uint64_t dump_id,
    char barcode[TAPE_BARCODE_BYTES])
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value value = CATALOGUE_TEXT(id);
	sqlite3_stmt *s;
	int rc;

	catalogue_id(dump_id, id);
	s = catalogue_prepare(c,
	    "select volume from attempts join volumes on "
	    "barcode = volume where dump = ? and closed in ('', 'good') and "
	    "volume = (select volume from attempts where dump = ?1 order by "
	    "part desc, attempt desc limit 1) limit 1",
	    &value, 1);
	rc = s == NULL ? -1 : catalogue_step(c, s);
	if (rc != 1)
		return rc;
	if (get_text(s, 0, barcode, TAPE_BARCODE_BYTES) != 0 ||
	    !splitter_barcode_valid(barcode))
		return damaged(c, s);
	sqlite3_finalize(s);
	return 1;
}
