/*
 * changer_schema.c: the format of the state of a library.
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

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

static char *state_path(const char *folder)
{
	char *path;

	return asprintf(&path, "%s/library.db", folder) < 0 ? NULL : path;
}

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
static enum changer_status fill(struct changer *changer,
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

static struct changer *allocate(const char *folder, const char *program,
    char *message)
{
	struct changer *changer = calloc(1, sizeof *changer);
	char *at;

	if (changer == NULL || (changer->folder = strdup(folder)) == NULL) {
		free(changer);
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open library %s: out of memory", folder);
		return NULL;
	}
	snprintf(changer->program, sizeof changer->program, "%s", program);
	/* It is shown to others, on their terminals. */
	for (at = changer->program; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return changer;
}

static void release(struct changer *changer)
{
	size_t i;

	for (i = 0; i < CHANGER_STMTS; i++)
		sqlite3_finalize(changer->stmts[i].stmt);
	sqlite3_close(changer->db);
	file_lock_close(changer->lock);
	free(changer->folder);
	free(changer);
}

/*
 * Another is at it, which never takes long.  SQLite's own handler sleeps ever
 * longer, and whoever waited longest would come last.
 */
static int be_patient(void *arg, int tries)
{
	const struct timespec nap = { .tv_nsec = 1000000 };

	(void)arg;
	nanosleep(&nap, NULL);
	return tries < CHANGER_PATIENCE_MS;
}

/* The file at `path`; NULL: in memory. */
static enum changer_status connect_db(struct changer *changer, const char *path,
    enum database_use use, bool durable)
{
	static const struct database_kind kind = {
		.instead = "it is not a library of tapelab: name the folder "
			   "of one",
		.application_id = CHANGER_APPLICATION_ID,
		.format = CHANGER_FORMAT
	};
	const char *why = database_open(&changer->db, path, &kind, use);

	if (why != NULL)
		return changer_say(changer, CHANGER_ERROR,
		    "cannot open "
		    "%s: %s",
		    path != NULL ? path : "a library", why);
	sqlite3_busy_handler(changer->db, be_patient, NULL);
	if (sqlite3_exec(changer->db,
		durable ? "pragma synchronous = full"
			: "pragma synchronous = off",
		NULL, NULL, NULL) != SQLITE_OK)
		return changer_fail(changer);
	return CHANGER_OK;
}

struct changer *changer_new(const struct changer_spec *spec,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer = allocate("", "", message);

	if (changer == NULL)
		return NULL;
	changer->in_memory = true;
	if (connect_db(changer, NULL, DATABASE_FILL, false) == CHANGER_OK &&
	    fill(changer, spec) == CHANGER_OK)
		return changer;
	memcpy(message, changer->message, VOLUME_MESSAGE_BYTES);
	release(changer);
	return NULL;
}

struct changer *changer_connect_new(const char *folder, const char *path,
    const struct changer_spec *spec, bool durable,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer = allocate(folder, "", message);

	if (changer == NULL)
		return NULL;
	if (connect_db(changer, path, DATABASE_FILL, durable) == CHANGER_OK &&
	    fill(changer, spec) == CHANGER_OK)
		return changer;
	memcpy(message, changer->message, VOLUME_MESSAGE_BYTES);
	release(changer);
	return NULL;
}

/* Whether it is a library, and one that this program knows. */
static enum changer_status check_format(struct changer *changer)
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
static enum changer_status upgrade(struct changer *changer)
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
		status = check_format(changer);
	return status;
}

/*
 * SQLite needs a journal beside the file.  Who may write does so also to look:
 * a process that died may have left something to be undone.
 */
static bool may_write(struct changer *changer, const char *path)
{
	if (access(path, W_OK) == 0 && access(changer->folder, W_OK) == 0)
		return true;
	changer_say(changer, CHANGER_ERROR,
	    "library %s may not be written "
	    "to: see to the permissions of the folder and of library.db",
	    changer->folder);
	return false;
}

struct changer *changer_open(const char *folder, const char *program,
    bool read_only, bool durable, char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer = allocate(folder, program, message);
	char *path = state_path(folder);
	bool good = false;

	if (changer == NULL || path == NULL) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open library %s: out of memory", folder);
	} else if (access(path, F_OK) != 0) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "%s is no library: "
		    "%s; \"tapelab vtl create\" makes one",
		    folder,
		    errno == ENOENT ? "there is no library.db in it"
				    : strerror(errno));
	} else {
		changer->read_only = !may_write(changer, path);
		good = (read_only || !changer->read_only) &&
		    changer_open_lock(changer, read_only) == CHANGER_OK &&
		    connect_db(changer, path,
			changer->read_only ? DATABASE_READ : DATABASE_WRITE,
			durable) == CHANGER_OK &&
		    check_format(changer) == CHANGER_OK &&
		    (read_only ||
			(upgrade(changer) == CHANGER_OK &&
			    changer_make_lock(changer) == CHANGER_OK));
		if (!good)
			memcpy(message, changer->message, VOLUME_MESSAGE_BYTES);
	}
	free(path);
	/* What cannot be put away now will be tried to be again. */
	if (good && !read_only && changer_begin(changer) == CHANGER_OK)
		changer_end(changer, CHANGER_OK, false);
	if (good || changer == NULL)
		return changer;
	release(changer);
	return NULL;
}

void changer_close(struct changer *changer)
{
	if (changer == NULL)
		return;
	/* In a child of its process it is the parent's session. */
	if (changer->session != 0 && !changer->in_memory &&
	    file_lock_is_open(changer->lock) &&
	    changer_begin(changer) == CHANGER_OK)
		changer_end(changer, changer_leave(changer), false);
	release(changer);
}
