/*
 * schema.c: the format of the state of a library.
 *
 * A SQLite database with application_id 0x54704c43 and user_version 4, in the
 * file library.db.  Version 1 has no drive_faults, no behaviour, and counts no
 * loads; up to version 2 a cartridge could not say its type of medium, and the
 * sessions of version 3 have no host, and hold no locks.  They are brought to
 * version 4 where they are opened to be changed.  The tables are
 * public:
 *
 *     library     one row: the robot's times
 *     elements    a row an element
 *     cartridges  a row a cartridge that is in the library
 *     sessions    a row a process that uses drives
 *     faults      moves of the robot that are to fail
 *     behaviour   a row for each thing that a drive differs in from its model
 *     drive_faults  operations of drives that are to fail
 */
#include "vtl/changer/impl.h"

#include <stdio.h>

#define TABLE_ELEMENTS(more)                                                    \
	"create table elements ("                                               \
	" address integer primary key,"                                         \
	" kind text not null check (kind in ('robot', 'ie', 'drive', 'slot'))," \
	" number integer not null,"                                             \
	" model text,"                      /* of a drive */                    \
	" session integer,"                 /* that uses the drive */           \
	" open integer not null default 0," /* by it, at this moment */         \
	" by_hand integer not null default 0,"                                  \
	" cleanings integer not null default 0" more ");"

/* Adding a column to a table that is there makes the same text of it. */
#define COLUMN_LOADS  "loads integer not null default 0" /* since cleaned */
#define COLUMN_MEDIUM "medium text" /* null: as the barcode tells */
#define COLUMN_HOST   "host text"   /* null: it holds no lock */

/* What version 1 has. */
#define TABLES_1(elements, more, more_of_sessions)                \
	"create table library ("                                  \
	" id integer primary key check (id = 1),"                 \
	" move_ns integer not null,"                              \
	" moves integer not null default 0);" elements            \
	"create table cartridges ("                               \
	" id integer primary key,"                                \
	" barcode text not null unique,"                          \
	" file text," /* null: a cleaning cartridge */            \
	" address integer not null unique references elements,"   \
	" came_from integer references elements,"                 \
	" unreadable integer not null default 0,"                 \
	" uses integer not null default 0" more ");"              \
	"create table sessions ("                                 \
	" id integer primary key autoincrement,"                  \
	" pid integer not null,"                                  \
	" start integer not null,"                                \
	" boot text not null,"                                    \
	" program text not null" more_of_sessions ");"            \
	"create table faults ("                                   \
	" id integer primary key,"                                \
	" how text not null,"                                     \
	" move integer not null," /* the first that it strikes */ \
	" once integer not null);"

/* What version 2 has besides, and a column. */
#define TABLES_2                                               \
	"create table behaviour ("                             \
	" drive integer not null,"                             \
	" key text not null,"                                  \
	" value integer not null,"                             \
	" primary key (drive, key)) without rowid;"            \
	"create table drive_faults ("                          \
	" id integer primary key autoincrement,"               \
	" drive integer," /* null: any */                      \
	" barcode text,"  /* null: whatever volume */          \
	" operation text not null,"                            \
	" how text not null,"                                  \
	" nth integer not null," /* what is not 0 says when */ \
	" every integer not null,"                             \
	" behind_bytes integer not null,"                      \
	" after_ns integer not null,"                          \
	" one_in integer not null,"                            \
	" begin_byte integer not null,"                        \
	" end_byte integer not null,"                          \
	" sense_key integer not null,"                         \
	" sense_asc integer not null,"                         \
	" sense_ascq integer not null,"                        \
	" deferred integer not null,"                          \
	" once integer not null,"                              \
	" times integer not null,"                             \
	" hang_ns integer not null);"

static const char schema_1[] = TABLES_1(TABLE_ELEMENTS(""), "", "");

static const char schema_2[] =
    TABLES_1(TABLE_ELEMENTS(", " COLUMN_LOADS), "", "") TABLES_2;

static const char schema_3[] = TABLES_1(TABLE_ELEMENTS(", " COLUMN_LOADS),
    ", " COLUMN_MEDIUM, "") TABLES_2;

static const char schema[] = TABLES_1(TABLE_ELEMENTS(", " COLUMN_LOADS),
    ", " COLUMN_MEDIUM, ", " COLUMN_HOST) TABLES_2;

static const char *const schemas[CHANGER_FORMAT] = { schema_1, schema_2,
	schema_3, schema };

static const char from_1[] =
    "alter table elements add column " COLUMN_LOADS ";" TABLES_2;

static const char from_2[] =
    "alter table cartridges add column " COLUMN_MEDIUM ";";

static const char from_3[] = "alter table sessions add column " COLUMN_HOST ";";

static enum changer_status add_element(sqlite3_stmt *stmt, unsigned address,
    const char *kind, unsigned number, const char *model)
{
	sqlite3_bind_int64(stmt, 1, address);
	sqlite3_bind_text(stmt, 2, kind, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, number);
	sqlite3_bind_text(stmt, 4, model, -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK : CHANGER_ERROR;
}

static enum changer_status add_elements(struct changer *changer,
    const struct changer_spec *spec)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "insert into elements "
	    "(address, kind, number, model) values (?, ?, ?, ?)",
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
		    i, spec->drives[i]->name);
	for (i = 0; i < spec->slot_count && status == CHANGER_OK; i++)
		status = add_element(stmt, CHANGER_SLOT_ADDRESS + i, "slot",
		    i + 1, NULL);
	if (status != CHANGER_OK)
		changer_fail(changer);
	sqlite3_reset(stmt);
	for (i = 0; i < spec->drive_count && status == CHANGER_OK &&
	     spec->behaviour != NULL;
	     i++)
		status = changer_put_behaviour(changer, i, spec->behaviour);
	return status;
}

/* All in one transaction: a library that was half made stays empty. */
enum changer_status changer_fill_new(struct changer *changer,
    const struct changer_spec *spec)
{
	enum changer_status status;
	char pragmas[128];

	snprintf(pragmas, sizeof pragmas,
	    "begin exclusive;"
	    "pragma application_id = %d; pragma user_version = %d;",
	    CHANGER_APPLICATION_ID, CHANGER_FORMAT);
	if (sqlite3_exec(changer->db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(changer->db, schema, NULL, NULL, NULL) != SQLITE_OK)
		return changer_fail(changer);
	changer->move_ns = spec->move_ns;
	changer->format = CHANGER_FORMAT;
	status = changer_run(changer,
	    "insert into library (id, move_ns) "
	    "values (1, ?)",
	    "i", spec->move_ns);
	if (status == CHANGER_OK)
		status = add_elements(changer, spec);
	return changer_end(changer, status, false);
}

/* Whether it is a library, and one that this program knows. */
enum changer_status changer_check_format(struct changer *changer)
{
	enum changer_status status;
	int same;

	status = changer_number(changer, &changer->format, 0,
	    "pragma user_version", "");
	if (status != CHANGER_OK)
		return status;
	if (changer->format < 1 || changer->format > CHANGER_FORMAT)
		return changer_say(changer, CHANGER_ERROR,
		    "library %s was "
		    "made by a newer tapelab: use that one, or a newer",
		    changer->folder);
	same = database_has_schema(changer->db, schemas[changer->format - 1]);
	if (same < 0)
		return changer_fail(changer);
	if (same == 0)
		return changer_say(changer, CHANGER_ERROR,
		    "library %s: its "
		    "library.db is damaged: it has other tables, indices, "
		    "views or triggers than a library: put back a copy of "
		    "it, or make the library again and import the volumes",
		    changer->folder);
	status = changer_check(changer);
	return status != CHANGER_OK ? status
				    : changer_number(changer, &changer->move_ns,
					  0, "select move_ns from library", "");
}

/* Brings a library of an older version to this one, if nobody else has. */
enum changer_status changer_upgrade(struct changer *changer)
{
	enum changer_status status;
	char pragma[64];

	if (changer->format == CHANGER_FORMAT)
		return CHANGER_OK;
	status = changer_run(changer, "begin exclusive", "");
	if (status != CHANGER_OK)
		return status;
	snprintf(pragma, sizeof pragma, "pragma user_version = %d",
	    CHANGER_FORMAT);
	status = changer_number(changer, &changer->format, 0,
	    "pragma user_version", "");
	if (status == CHANGER_OK && changer->format < CHANGER_FORMAT &&
	    ((changer->format < CHANGER_FORMAT_DRIVES &&
		 sqlite3_exec(changer->db, from_1, NULL, NULL, NULL) !=
		     SQLITE_OK) ||
		(changer->format < CHANGER_FORMAT_MEDIUM &&
		    sqlite3_exec(changer->db, from_2, NULL, NULL, NULL) !=
			SQLITE_OK) ||
		sqlite3_exec(changer->db, from_3, NULL, NULL, NULL) !=
		    SQLITE_OK ||
		sqlite3_exec(changer->db, pragma, NULL, NULL, NULL) !=
		    SQLITE_OK))
		status = changer_fail(changer);
	status = changer_end(changer, status, false);
	if (status == CHANGER_OK)
		status = changer_check_format(changer);
	return status;
}
