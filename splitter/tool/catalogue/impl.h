/*
 * impl.h: shared by the files of the catalogue only.
 *
 *   catalogue.c   opens the file, and claims dumps
 *   schema.c      the tables, and the older version
 *   dump.c        dumps that begin, are resumed, and end
 *   write.c       attempts and volumes, and what is lost of them
 *   scan.c        enters the result of a scan
 *   read.c        queries
 *   sql.c         statements; all others call it
 *   log.c         entries that could not be made yet, in order
 */
#ifndef SPLITTER_TOOL_CATALOGUE_IMPL_H
#define SPLITTER_TOOL_CATALOGUE_IMPL_H

#include <sqlite3.h>

#include "splitter/base/database.h"
#include "splitter/tool/catalogue/catalogue.h"

struct catalogue {
	sqlite3 *db;
	int fd; /* of the same file, for claims; -1: none yet */
	char message[512];
};

enum {
	CATALOGUE_APPLICATION = 0x544c6361, /* "TLca" */
	CATALOGUE_VERSION = 2 /* user_version of the newest version */
};

/*
 * Fills an empty file with the tables of a catalogue.  Checks those of any other
 * file, and upgrades an older version.  0, or -1 with a message.
 */
int catalogue_check_version(struct catalogue *c);

/* Sets the message of a SQLite error; returns -1. */
int catalogue_fail(struct catalogue *c);

/* A value of a statement, in the order of its parameters. */
struct catalogue_value {
	const char *text; /* NULL: `number` */
	int64_t number;
};

#define CATALOGUE_TEXT(value) \
	{                     \
		(value), 0    \
	}
#define CATALOGUE_NUMBER(value)             \
	{                                   \
		NULL, catalogue_kept(value) \
	}

/*
 * A header may have a larger number than a column; the maximum is stored then.
 */
static inline int64_t catalogue_kept(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

#define CATALOGUE_COUNT(values) ((int)(sizeof(values) / sizeof *(values)))

/* The id of a dump as text. */
enum { CATALOGUE_ID_BYTES = 17 };
void catalogue_id(uint64_t id, char text[CATALOGUE_ID_BYTES]);

/*
 * Prepares a statement and binds its values.  NULL with the reason in the
 * message.  Strings must stay valid until it is finalized.
 */
sqlite3_stmt *catalogue_prepare(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/* Runs a statement without rows.  Returns 0 or -1. */
int catalogue_run(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/*
 * Returns 1 for the next row; 0 after the last, -1 on an error.  Except for 1
 * the statement is finalized.
 */
int catalogue_step(struct catalogue *c, sqlite3_stmt *statement);

/* Returns the number of a query; -1 on an error, and if there is none. */
int64_t catalogue_number(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/* A transaction. */
int catalogue_begin_change(struct catalogue *c);

/* Ends it: all its changes are on disk, or, if `rc` is not 0, none of them. */
int catalogue_end_change(struct catalogue *c, int rc);

/*
 * Enters a dump; a known one is changed if `condition` holds, over the columns
 * of `dumps` and of `excluded`, the new ones.
 */
int catalogue_put_dump(struct catalogue *c, const char *condition,
    const struct catalogue_dump *d);

/*
 * The new state of a dump of which a part is lost, except for its safe bytes.
 */
#define CATALOGUE_NOT_WHOLE                                                 \
	"update dumps set xxh128 = '', outcome = case outcome when 'DONE' " \
	"then 'PARTIAL' else outcome end, "

/*
 * Reads outcome, safe bytes and checksum from the first columns of the current
 * row, and finalizes the statement.  0, or -1 if they are invalid.
 */
int catalogue_read_end(struct catalogue *c, sqlite3_stmt *statement,
    struct catalogue_dump *d);

/*
 * For dumps with missing parts: the safe bytes end before the first missing
 * part, and they are not DONE.  NULL: all dumps.
 */
int catalogue_update_ends(struct catalogue *c, const char *id);

#endif
