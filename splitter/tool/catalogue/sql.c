/* sql.c: statements, changes, and errors of SQLite. */
#include "splitter/tool/catalogue/impl.h"

#include <inttypes.h>
#include <stdio.h>

#include "splitter/base/sentence.h"

void catalogue_id(uint64_t id, char text[CATALOGUE_ID_BYTES])
{
	snprintf(text, CATALOGUE_ID_BYTES, "%016" PRIx64, id);
}

int catalogue_fail(struct catalogue *c)
{
	const char *why = database_objection(c->db);

	sentence(c->message, sizeof c->message, "the catalogue %s: %s",
	    sqlite3_db_filename(c->db, "main"),
	    why != NULL ? why : sqlite3_errmsg(c->db));
	return -1;
}

sqlite3_stmt *catalogue_prepare(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count)
{
	sqlite3_stmt *statement = NULL;
	int i, rc;

	rc = sqlite3_prepare_v2(c->db, sql, -1, &statement, NULL);
	for (i = 0; i < count && rc == SQLITE_OK; i++)
		rc = values[i].text != NULL
		    ? sqlite3_bind_text(statement, i + 1, values[i].text, -1,
			  SQLITE_STATIC)
		    : values[i].number == CATALOGUE_NULL
		    ? sqlite3_bind_null(statement, i + 1)
		    : sqlite3_bind_int64(statement, i + 1, values[i].number);
	if (rc == SQLITE_OK)
		return statement;
	catalogue_fail(c);
	sqlite3_finalize(statement);
	return NULL;
}

int catalogue_step(struct catalogue *c, sqlite3_stmt *statement)
{
	int rc = sqlite3_step(statement);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		catalogue_fail(c);
	sqlite3_finalize(statement);
	return rc == SQLITE_DONE ? 0 : -1;
}

int catalogue_run(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count)
{
	sqlite3_stmt *statement = catalogue_prepare(c, sql, values, count);

	return statement == NULL ? -1 : catalogue_step(c, statement);
}

int64_t catalogue_number(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count)
{
	sqlite3_stmt *statement = catalogue_prepare(c, sql, values, count);
	int64_t number;

	if (statement == NULL || catalogue_step(c, statement) != 1)
		return -1;
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

int catalogue_begin_change(struct catalogue *c)
{
	return catalogue_run(c, "begin immediate", NULL, 0);
}

int catalogue_end_change(struct catalogue *c, int rc)
{
	if (rc == 0)
		rc = catalogue_run(c, "commit", NULL, 0);
	if (rc != 0)
		sqlite3_exec(c->db, "rollback", NULL, NULL, NULL);
	return rc;
}
