/* element.c: reads the contents of one element. */
#include "vtl/changer/impl.h"

#include <stdio.h>
#include <string.h>

void changer_copy_text(char *to, size_t bytes, sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	snprintf(to, bytes, "%s", text != NULL ? text : "");
}

void changer_read_medium(sqlite3_stmt *stmt, int column,
    char medium[VOLUME_MEDIUM_BYTES])
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	medium[0] = '\0';
	if (text != NULL && strlen(text) < VOLUME_MEDIUM_BYTES)
		strcpy(medium, text);
}

enum changer_status changer_inspect(struct changer *changer, unsigned address,
    struct changer_contents *contents)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select c.id, c.source_address, c.barcode, c.file, c.medium from "
	    "elements e left join cartridges c on c.address = e.address where "
	    "e.address = ?",
	    "i", (int64_t)address);
	int rc;

	memset(contents, 0, sizeof *contents);
	contents->address = address;
	if (stmt == NULL)
		return CHANGER_ERROR;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
		contents->id = sqlite3_column_int64(stmt, 0);
		contents->source_address =
		    (unsigned)sqlite3_column_int64(stmt, 1);
		changer_copy_text(contents->barcode, sizeof contents->barcode,
		    stmt, 2);
		contents->cleaning =
		    sqlite3_column_type(stmt, 3) == SQLITE_NULL;
		changer_read_medium(stmt, 4, contents->medium);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	if (rc != SQLITE_ROW)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_NO_ELEMENT,
		    "the library has no such element; \"tapelab vtl status\" "
		    "lists its elements");
	return CHANGER_OK;
}
