/*
 * impl.h: what the files of the catalogue share.
 *
 *   catalogue.c   opens the file, and claims dumps
 *   schema.c      the tables, and the older version
 *   dump.c        dumps that begin, are resumed, and end
 *   write.c       attempts and volumes, and what is lost of them
 *   scan.c        takes over what a scan has found
 *   read.c        queries
 *   sql.c         statements; all others call it
 *   log.c         what could not be entered, in order
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
	CATALOGUE_VERSION = 2               /* user_version of the newest */
};

/*
 * Fills an empty file with the tables of a catalogue.  Checks those of any other
 * file, and upgrades an older version.  0, or -1 with a message.
 */
int catalogue_check_version(struct catalogue *c);

/* Says why SQLite has failed; -1. */
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

/* A header may say more than a column takes; that is as good as the most. */
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
 * message.  Strings are to live until it is finalized.
 */
sqlite3_stmt *catalogue_prepare(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/* Runs one that gives no rows.  0 or -1. */
int catalogue_run(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/*
 * The next row: 1; 0 behind the last, -1 on an error.  But for 1 the
 * statement is finalized.
 */
int catalogue_step(struct catalogue *c, sqlite3_stmt *statement);

/* What a query of one number gives; -1 on an error, and where there is none. */
int64_t catalogue_number(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count);

/* A change that is made as a whole. */
int catalogue_begin_change(struct catalogue *c);

/* All since its beginning is on disk, or, where `rc` is not 0, none of it. */
int catalogue_end_change(struct catalogue *c, int rc);

/*
 * Enters a dump; one that is known is changed, where `condition` allows, over
 * the columns of `dumps` and of `excluded`, the new ones.
 */
int catalogue_put_dump(struct catalogue *c, const char *condition,
    const struct catalogue_dump *d);

/* What becomes of a dump of which a part is lost, but for its safe bytes. */
#define CATALOGUE_NOT_WHOLE                                                 \
	"update dumps set xxh128 = '', outcome = case outcome when 'DONE' " \
	"then 'PARTIAL' else outcome end, "

/*
 * Takes outcome, safe bytes and sum from the first columns of the row that the
 * statement stands on, and finalizes it.  0, or -1 where they cannot be.
 */
int catalogue_read_end(struct catalogue *c, sqlite3_stmt *statement,
    struct catalogue_dump *d);

/*
 * Of dumps whose parts are not all known any more: what is safe ends before the
 * first that is missing, and they are not DONE.  NULL: all dumps.
 */
int catalogue_settle(struct catalogue *c, const char *id);

#endif
