/*
 * impl.h: shared by the files of the catalogue only.
 *
 *   catalogue.c   opens the file, and claims dumps
 *   schema.c      the tables, and the older version
 *   dump.c        dumps that begin, are resumed, and end
 *   write.c       attempts and volumes, and what is lost of them
 *   use.c         what drives and cartridges reported of the use of volumes
 *   scan.c        enters the result of a scan
 *   read.c        queries
 *   sql.c         statements; all others call it
 *   log.c         entries that could not be made yet, in order
 */
#ifndef SPLITTER_TOOL_CATALOGUE_IMPL_H
#define SPLITTER_TOOL_CATALOGUE_IMPL_H

#include <sqlite3.h>

#include "splitter/base/database/database.h"
#include "splitter/tape/condition.h"
#include "splitter/tool/catalogue/catalogue.h"

struct catalogue {
	sqlite3 *db;
	int fd; /* descriptor of the same file, for claims; -1: not open */
	char message[512];
};

enum {
	CATALOGUE_APPLICATION = 0x544c6361, /* "TLca" */
	CATALOGUE_VERSION = 3 /* user_version of the newest version */
};

/*
 * Creates the tables of a catalogue in an empty file.  In any other file,
 * checks the tables, and upgrades an older version.  Returns 0, or -1 with a
 * message.
 */
int catalogue_check_version(struct catalogue *c);

/* Sets the message of a SQLite error; returns -1. */
int catalogue_fail(struct catalogue *c);

/* A value of a statement, in the order of its parameters. */
struct catalogue_value {
	const char *text; /* NULL: `number` */
	int64_t number;   /* CATALOGUE_NULL: null */
};

#define CATALOGUE_TEXT(value) \
	{                     \
		(value), 0    \
	}
#define CATALOGUE_NUMBER(value)             \
	{                                   \
		NULL, catalogue_kept(value) \
	}

/* Limits a number in a header to the maximum of a column. */
static inline int64_t catalogue_kept(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

/* A number, or null. */
#define CATALOGUE_NUMBER_OR_NULL(value)                           \
	{                                                         \
		NULL,                                             \
		    (value) == UINT64_MAX ? CATALOGUE_NULL        \
					  : catalogue_kept(value) \
	}
#define CATALOGUE_NULL INT64_MIN

#define CATALOGUE_COUNT(values) ((int)(sizeof(values) / sizeof *(values)))

/* Size of a dump's id as text. */
enum { CATALOGUE_ID_BYTES = 17 };
void catalogue_id(uint64_t id, char text[CATALOGUE_ID_BYTES]);

/*
 * Prepares a statement and binds its values.  Returns NULL with a message on an
 * error.  Strings must stay valid until the statement is finalized.
 */
sqlite3_stmt *catalogue_prepare(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/* Runs a statement without rows.  Returns 0 or -1. */
int catalogue_run(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/*
 * Steps to the next row.  Returns 1 if there is a row, 0 after the last row,
 * and -1 on an error.  For 0 and -1 the statement is finalized.
 */
int catalogue_step(struct catalogue *c, sqlite3_stmt *statement);

/*
 * Returns the number that a query selects; -1 on an error, or if there is no
 * row.
 */
int64_t catalogue_number(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/* Begins a transaction. */
int catalogue_begin_change(struct catalogue *c);

/*
 * Ends the transaction.  If `rc` is 0, all changes are on disk afterwards;
 * otherwise they are undone.
 */
int catalogue_end_change(struct catalogue *c, int rc);

/*
 * Enters what drive and cartridge reported of a volume that a dump has used;
 * nothing if they did not.  Called within a change.
 */
int catalogue_put_use(struct catalogue *c, const char *id,
    const struct splitter_volume *v, const char *date);

/*
 * Enters a dump.  A known dump is changed only if `condition` holds.  The
 * condition may use the columns of `dumps`, and the new values in `excluded`.
 */
int catalogue_put_dump(struct catalogue *c, const char *condition,
    const struct catalogue_dump *d);

/*
 * SQL: begins an update of dumps that have lost a part.  The caller adds their
 * new safe bytes.
 */
#define CATALOGUE_NOT_WHOLE                                                 \
	"update dumps set xxh128 = '', outcome = case outcome when 'DONE' " \
	"then 'PARTIAL' else outcome end, "

/*
 * Reads outcome, safe bytes and checksum from the first columns of the current
 * row, and finalizes the statement.  Returns 0, or -1 if the values are
 * invalid.
 */
int catalogue_read_end(struct catalogue *c, sqlite3_stmt *statement,
    struct catalogue_dump *d);

/*
 * Updates the dump `id` if parts of it are missing: its safe bytes end before
 * the first missing part, and it is not DONE.  NULL: updates all dumps.
 */
int catalogue_update_ends(struct catalogue *c, const char *id);

#endif
