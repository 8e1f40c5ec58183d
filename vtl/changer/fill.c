/* fill.c: makes the tables and the elements of a new library. */
#include "vtl/changer/impl.h"

#include <stdio.h>

static enum changer_status add_element(sqlite3_stmt *stmt, unsigned address,
    const char *kind, unsigned number, const struct model *model)
{
	sqlite3_bind_int64(stmt, 1, address);
	sqlite3_bind_text(stmt, 2, kind, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, number);
	sqlite3_bind_text(stmt, 4, model != NULL ? model->name : NULL, -1,
	    SQLITE_STATIC);
	sqlite3_bind_text(stmt, 5, model != NULL ? model->profile : NULL, -1,
	    SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK : CHANGER_ERROR;
}

static enum changer_status add_elements(struct changer *changer,
    const struct changer_spec *spec)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "insert into elements (address, kind, number, model, profile) "
	    "values (?, ?, ?, ?, ?)",
	    "");
	enum changer_status status;
	unsigned i;

	if (stmt == NULL)
		return CHANGER_ERROR;
	status = add_element(stmt, CHANGER_ROBOT_ADDRESS, "robot", 0, NULL);
	for (i = 0; i < spec->ie_count && status == CHANGER_OK; i++)
		status = add_element(stmt, CHANGER_IE_ADDRESS + i, "ie", i + 1,
		    NULL);
	for (i = 0; i < spec->drive_count && status == CHANGER_OK; i++)
		status = add_element(stmt, CHANGER_DRIVE_ADDRESS + i, "drive",
		    i, spec->drives[i]);
	for (i = 0; i < spec->slot_count && status == CHANGER_OK; i++)
		status = add_element(stmt, CHANGER_SLOT_ADDRESS + i, "slot",
		    i + 1, NULL);
	if (status != CHANGER_OK)
		changer_sqlite_error(changer);
	sqlite3_reset(stmt);
	for (i = 0; i < spec->drive_count && status == CHANGER_OK &&
	     spec->behaviour != NULL;
	     i++)
		status = changer_write_behaviour(changer, i, spec->behaviour);
	return status;
}

static enum changer_status identify(struct changer *changer,
    const struct changer_spec *spec)
{
	enum changer_status status = changer_draw_identities(changer);
	unsigned i;

	for (i = 0; i < spec->drive_count && status == CHANGER_OK &&
	     spec->drive_identity != NULL;
	     i++)
		status = changer_write_identity(changer,
		    CHANGER_DRIVE_ADDRESS + i, spec->drive_identity);
	if (status == CHANGER_OK && spec->changer_identity != NULL)
		status = changer_write_identity(changer, CHANGER_ROBOT_ADDRESS,
		    spec->changer_identity);
	return status;
}

/* All is one transaction: if it fails, the database stays empty. */
enum changer_status changer_fill_new(struct changer *changer,
    const struct changer_spec *spec)
{
	enum changer_status status;
	const char *schema = changer_versions[CHANGER_VERSION - 1].schema;
	char pragmas[128];

	snprintf(pragmas, sizeof pragmas,
	    "begin exclusive;pragma application_id = %d; pragma user_version = "
	    "%d;",
	    CHANGER_APPLICATION_ID, CHANGER_VERSION);
	if (sqlite3_exec(changer->db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(changer->db, schema, NULL, NULL, NULL) != SQLITE_OK)
		return changer_sqlite_error(changer);
	changer->move_ns = spec->move_ns;
	status = changer_run(changer,
	    "insert into library (id, move_ns) values (1, ?)", "i",
	    spec->move_ns);
	if (status == CHANGER_OK)
		status = add_elements(changer, spec);
	/* No initiator sees a library in memory. */
	if (status == CHANGER_OK && !changer->in_memory)
		status = identify(changer, spec);
	return changer_end(changer, status, false);
}
