/*
 * catalogue_impl.h: what the files of the catalogue share.
 *
 *   catalogue.c         the file: opening, making, statements
 *   catalogue_write.c   what is added
 *   catalogue_read.c    what is asked
 */
#ifndef SIM_CATALOGUE_IMPL_H
#define SIM_CATALOGUE_IMPL_H

#include <sqlite3.h>

#include "sim/catalogue.h"

struct catalogue {
	sqlite3 *db;
	int fd;			/* of the same file, for claims; -1: none yet */
	char message[512];
};

/* A value of a statement, in the order of its parameters. */
struct catalogue_value {
	const char *text;	/* NULL: `number` */
	int64_t number;
};

#define CATALOGUE_TEXT(value)	{ (value), 0 }
#define CATALOGUE_NUMBER(value)	{ NULL, (int64_t)(value) }

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

#endif
