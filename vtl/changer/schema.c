/*
 * schema.c: defines the tables of library.db, and upgrades older versions.
 *
 * library.db is a SQLite database with application_id 0x54704c43 and
 * user_version 8.  The tables are public, and described in tapelab-library(5):
 *
 *     library       one row: the robot
 *     elements      one row per element; the identity of drives and changer
 *     cartridges    one row per cartridge in the library
 *     clients       one row per program that uses drives
 *     robot_faults  moves of the robot that fail
 *     behaviour     one row per property in which a drive differs from its
 *                   model
 *     drive_faults  operations of drives that fail
 *     volume_faults  defects of volumes, which the volumes store
 *
 * Version 1 had no drive_faults, no behaviour and no elements.loads; version 2
 * had no cartridges.medium; version 3 had no sessions.host.  Version 5 renamed
 * sessions, faults, and the columns and keys in VIEWS().  Version 6 has
 * elements.profile.  Version 7 has the identity in elements, the strikes of
 * faults, and numbers that no two faults of a library share.  Version 8 has
 * volume_faults.
 */
#include "vtl/changer/impl.h"

#define TABLE_LIBRARY(last_fault)                 \
	"create table library ("                  \
	" id integer primary key check (id = 1)," \
	" move_ns integer not null,"              \
	" moves integer not null default 0" last_fault ");"

#define TABLE_ELEMENTS(client, loads)                                 \
	"create table elements ("                                     \
	" address integer primary key,"                               \
	" kind text not null check (kind in ('robot', 'ie', "         \
	"'drive', 'slot')),"                                          \
	" number integer not null,"                                   \
	" model text,"                      /* drives only */         \
	" " client " integer,"              /* user of the drive */   \
	" open integer not null default 0," /* by that client, now */ \
	" by_hand integer not null default 0,"                        \
	" cleanings integer not null default 0" loads ");"

#define TABLE_CARTRIDGES(source_address, medium)                \
	"create table cartridges ("                             \
	" id integer primary key,"                              \
	" barcode text not null unique,"                        \
	" file text," /* null: a cleaning cartridge */          \
	" address integer not null unique references elements," \
	" " source_address " integer references elements,"      \
	" unreadable integer not null default 0,"               \
	" uses integer not null default 0" medium ");"

/* Table up to version 4; `start` and `boot` identified a process. */
#define TABLE_SESSIONS(host)                     \
	"create table sessions ("                \
	" id integer primary key autoincrement," \
	" pid integer not null,"                 \
	" start integer not null,"               \
	" boot text not null,"                   \
	" program text not null" host ");"

#define TABLE_CLIENTS                            \
	"create table clients ("                 \
	" id integer primary key autoincrement," \
	" pid integer not null,"                 \
	" program text not null,"                \
	" host text);" /* null: holds no lock */

#define TABLE_ROBOT_FAULTS(name, mode, strikes)                \
	"create table " name " ("                              \
	" id integer primary key,"                             \
	" " mode " text not null,"                             \
	" move integer not null," /* the first that it hits */ \
	" once integer not null" strikes ");"

#define TABLE_BEHAVIOUR            \
	"create table behaviour (" \
	" drive integer not null," \
	" key text not null,"      \
	" value integer not null," \
	" primary key (drive, key)) without rowid;"

#define TABLE_DRIVE_FAULTS(mode, after_bytes, slowdown, duration_ns, strikes) \
	"create table drive_faults ("                                         \
	" id integer primary key autoincrement,"                              \
	" drive integer," /* null: any */                                     \
	" barcode text,"  /* null: any volume */                              \
	" operation text not null,"                                           \
	" " mode " text not null,"                                            \
	" nth integer not null," /* 0, here and below: not given */           \
	" every integer not null,"                                            \
	" " after_bytes " integer not null,"                                  \
	" after_ns integer not null,"                                         \
	" one_in integer not null,"                                           \
	" begin_byte integer not null,"                                       \
	" end_byte integer not null,"                                         \
	" sense_key integer not null,"                                        \
	" sense_asc integer not null,"                                        \
	" sense_ascq integer not null,"                                       \
	" deferred integer not null,"                                         \
	" once integer not null,"                                             \
	" " slowdown " integer not null,"                                     \
	" " duration_ns " integer not null" strikes ");"

#define TABLE_VOLUME_FAULTS                                       \
	"create table volume_faults ("                            \
	" id integer primary key," /* defects.fault */            \
	" barcode text not null,"                                 \
	" entry text not null," /* the fault, for people; JSON */ \
	" once integer not null,"                                 \
	" strikes integer not null default 0);"

/* ALTER TABLE produces the same text when it adds or renames these columns. */
#define LOADS  "loads integer not null default 0" /* since the last cleaning */
#define MEDIUM "medium text"                      /* null: see the barcode */
#define HOST   "host text"
/* the user's own profile of a drive; null: the model is compiled in */
#define PROFILE "profile text"
/* null: that of the model */
#define VENDOR   "vendor text"
#define PRODUCT  "product text"
#define REVISION "revision text"
/* drives and the robot, which stands for the changer */
#define SERIAL     "serial text"
#define NAA        "naa text"
#define LAST_FAULT "last_fault integer not null default 0"
#define STRIKES    "strikes integer not null default 0"

#define TABLES_UP_TO_4(loads, medium, host)   \
	TABLE_LIBRARY("")                     \
	TABLE_ELEMENTS("session", loads)      \
	TABLE_CARTRIDGES("came_from", medium) \
	TABLE_SESSIONS(host) TABLE_ROBOT_FAULTS("faults", "how", "")

#define TABLES_OF_DRIVES_UP_TO_4 \
	TABLE_BEHAVIOUR          \
	TABLE_DRIVE_FAULTS("how", "behind_bytes", "times", "hang_ns", "")

#define TABLES_SINCE_5(last_fault, more, strikes)                             \
	TABLE_LIBRARY(last_fault)                                             \
	TABLE_ELEMENTS("client", ", " LOADS more)                             \
	TABLE_CARTRIDGES("source_address", ", " MEDIUM)                       \
	TABLE_CLIENTS TABLE_ROBOT_FAULTS("\"robot_faults\"", "mode", strikes) \
	TABLE_BEHAVIOUR TABLE_DRIVE_FAULTS("mode", "after_bytes", "slowdown", \
	    "duration_ns", strikes)

#define TABLES_SINCE_7                                                      \
	TABLES_SINCE_5(", " LAST_FAULT,                                     \
	    ", " PROFILE ", " VENDOR ", " PRODUCT ", " REVISION ", " SERIAL \
	    ", " NAA,                                                       \
	    ", " STRIKES)

/* The keys of behaviour that version 5 renamed. */
#define NEW_KEY                                                 \
	"case key when 'no_warning' then 'no_early_warning' "   \
	"when 'late_blocks' then 'early_warning_delay_blocks' " \
	"when 'programmed_bytes' then 'pews_bytes' "            \
	"when 'count' then 'residual' "                         \
	"when 'first_load_ns' then 'media_initialization_ns' "  \
	"else key end"

#define NO_IDENTITY                                                             \
	", null as vendor, null as product, null as revision, null as serial, " \
	"null as naa"
#define NO_STRIKES ", 0 as strikes"
#define VIEW_OF_LIBRARY                                               \
	"create temp view library as select *, 0 as last_fault from " \
	"main.library;"

/* Views that show versions up to 4 with the names of the newest. */
#define VIEWS(loads, medium, host)                                            \
	VIEW_OF_VOLUME_FAULTS VIEW_OF_LIBRARY                                 \
	    "create temp view elements as select address, kind, number, "     \
	    "model, session as client, open, by_hand, cleanings, " loads      \
	    " as loads, null as profile" NO_IDENTITY " from main.elements;"   \
	    "create temp view cartridges as select id, barcode, file, "       \
	    "address, came_from as source_address, unreadable, uses, " medium \
	    " as medium from main.cartridges;"                                \
	    "create temp view clients as select id, pid, program, " host      \
	    " as host from main.sessions;"                                    \
	    "create temp view robot_faults as select id, how as mode, move, " \
	    "once" NO_STRIKES " from main.faults;"

#define VIEWS_SINCE_5(profile)                                          \
	VIEW_OF_VOLUME_FAULTS VIEW_OF_LIBRARY                           \
	    "create temp view elements as select *" profile NO_IDENTITY \
	    " from main.elements;"                                      \
	    "create temp view robot_faults as select *" NO_STRIKES      \
	    " from main.robot_faults;"                                  \
	    "create temp view drive_faults as select *" NO_STRIKES      \
	    " from main.drive_faults;"

/* Versions up to 7 do not know the defects of volumes. */
#define VIEW_OF_VOLUME_FAULTS                                               \
	"create temp view volume_faults as select 0 as id, '' as barcode, " \
	"'' as entry, 0 as once, 0 as strikes where false;"

#define VIEWS_OF_DRIVES                                                     \
	"create temp view behaviour as select drive, " NEW_KEY              \
	" as key, value from main.behaviour;"                               \
	"create temp view drive_faults as select id, drive, barcode, "      \
	"operation, how as mode, nth, every, behind_bytes as after_bytes, " \
	"after_ns, one_in, begin_byte, end_byte, sense_key, sense_asc, "    \
	"sense_ascq, deferred, once, times as slowdown, hang_ns as "        \
	"duration_ns" NO_STRIKES " from main.drive_faults;"

/* Views for version 1, which stores nothing about drives. */
#define VIEWS_WITHOUT_DRIVES                                               \
	"create temp view behaviour as select 0 as drive, '' as key, "     \
	"0 as value where false;"                                          \
	"create temp view drive_faults as select 0 as id, 0 as drive, "    \
	"'' as barcode, '' as operation, '' as mode, 0 as nth, 0 as "      \
	"every, 0 as after_bytes, 0 as after_ns, 0 as one_in, 0 as "       \
	"begin_byte, 0 as end_byte, 0 as sense_key, 0 as sense_asc, 0 as " \
	"sense_ascq, 0 as deferred, 0 as once, 0 as slowdown, 0 as "       \
	"duration_ns" NO_STRIKES " where false;"

/* A client number is never used twice, so the sequence is kept. */
static const char upgrade_4[] =
    "alter table elements rename column session to client;"
    "alter table cartridges rename column came_from to source_address;"
    "alter table faults rename to robot_faults;"
    "alter table robot_faults rename column how to mode;"
    "alter table drive_faults rename column how to mode;"
    "alter table drive_faults rename column behind_bytes to after_bytes;"
    "alter table drive_faults rename column times to slowdown;"
    "alter table drive_faults rename column hang_ns to duration_ns;"
    "update behaviour set key = " NEW_KEY ";" TABLE_CLIENTS
    "insert into clients select id, pid, program, host from sessions;"
    "delete from sqlite_sequence where name = 'clients';"
    "insert into sqlite_sequence select 'clients', seq from sqlite_sequence "
    "where name = 'sessions';"
    "drop table sessions;";

/* The faults of the robot get numbers after those of the drives. */
static const char upgrade_6[] =
    "alter table library add column " LAST_FAULT ";"
    "alter table elements add column " VENDOR ";"
    "alter table elements add column " PRODUCT ";"
    "alter table elements add column " REVISION ";"
    "alter table elements add column " SERIAL ";"
    "alter table elements add column " NAA ";"
    "alter table robot_faults add column " STRIKES ";"
    "alter table drive_faults add column " STRIKES ";"
    "update library set last_fault = ifnull((select seq from sqlite_sequence "
    "where name = 'drive_faults'), 0);"
    "update robot_faults set id = -id;"
    "update robot_faults set id = (select last_fault from library) - id;"
    "update library set last_fault = max(last_fault, "
    "ifnull((select max(id) from robot_faults), 0));";

const struct database_version changer_versions[CHANGER_VERSION] = {
	{ .schema = TABLES_UP_TO_4("", "", ""),
	    .upgrade = "alter table elements add column " LOADS
		       ";" TABLES_OF_DRIVES_UP_TO_4,
	    .views = VIEWS("0", "null", "null") VIEWS_WITHOUT_DRIVES },
	{ .schema = TABLES_UP_TO_4(", " LOADS, "", "") TABLES_OF_DRIVES_UP_TO_4,
	    .upgrade = "alter table cartridges add column " MEDIUM ";",
	    .views = VIEWS("loads", "null", "null") VIEWS_OF_DRIVES },
	{ .schema = TABLES_UP_TO_4(", " LOADS, ", " MEDIUM, "")
		TABLES_OF_DRIVES_UP_TO_4,
	    .upgrade = "alter table sessions add column " HOST ";",
	    .views = VIEWS("loads", "medium", "null") VIEWS_OF_DRIVES },
	{ .schema = TABLES_UP_TO_4(", " LOADS, ", " MEDIUM, ", " HOST)
		TABLES_OF_DRIVES_UP_TO_4,
	    .upgrade = upgrade_4,
	    .views = VIEWS("loads", "medium", "host") VIEWS_OF_DRIVES },
	{ .schema = TABLES_SINCE_5("", "", ""),
	    .upgrade = "alter table elements add column " PROFILE ";",
	    .views = VIEWS_SINCE_5(", null as profile") },
	{ .schema = TABLES_SINCE_5("", ", " PROFILE, ""),
	    .upgrade = upgrade_6,
	    .views = VIEWS_SINCE_5("") },
	{ .schema = TABLES_SINCE_7,
	    .upgrade = TABLE_VOLUME_FAULTS,
	    .views = VIEW_OF_VOLUME_FAULTS },
	{ .schema = TABLES_SINCE_7 TABLE_VOLUME_FAULTS },
};

static enum changer_status check_schema(struct changer *changer, int version)
{
	int same = database_has_schema(changer->db,
	    changer_versions[version - 1].schema);

	if (same < 0)
		return changer_sqlite_error(changer);
	if (same > 0)
		return CHANGER_OK;
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: its library.db is damaged: it has other tables, "
	    "indices, views or triggers than a library: put back a copy of it, "
	    "or make the library again and import the volumes",
	    changer->folder);
}

/*
 * Refuses to upgrade a library while an older tapelab uses it: that program
 * would no longer find its tables.  Only clients since version 4 hold a lock
 * that shows whether they live, so only those are checked.
 */
static enum changer_status check_no_client(struct changer *changer)
{
	enum changer_status status = CHANGER_OK;
	struct changer_client client;
	char name[CHANGER_CLIENT_BYTES];
	sqlite3_stmt *stmt;

	stmt = changer_prepare(changer,
	    "select " CHANGER_CLIENT_COLUMNS
	    " from sessions as clients where host is not null",
	    "");
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		changer_read_client(changer, stmt, 0, &client);
		if (!client.has_lock)
			continue;
		changer_client_describe(&client, name, sizeof name);
		status = changer_error(changer, CHANGER_ERROR,
		    "library %s is of an older version, and cannot be upgraded "
		    "while it is in use by %s: wait until that has ended",
		    changer->folder, name);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	return status;
}

static enum changer_status check_tables(struct changer *changer, int version)
{
	enum changer_status status = check_schema(changer, version);

	if (status == CHANGER_OK &&
	    database_show_as_newest(changer->db,
		&changer_versions[version - 1]) != 0)
		status = changer_sqlite_error(changer);
	if (status == CHANGER_OK)
		status = changer_check_rows(changer);
	return status == CHANGER_OK ? changer_number(changer, &changer->move_ns,
					  0, "select move_ns from library", "")
				    : status;
}

/* Upgrades the library, within a transaction. */
static enum changer_status upgrade(struct changer *changer, int version)
{
	enum changer_status status = check_schema(changer, version);

	if (status == CHANGER_OK && version == 4)
		status = check_no_client(changer);
	if (status == CHANGER_OK &&
	    database_upgrade(changer->db, changer_versions, CHANGER_VERSION) !=
		0)
		status = changer_sqlite_error(changer);
	if (status == CHANGER_OK && version < CHANGER_VERSION)
		status = changer_draw_identities(changer);
	return status == CHANGER_OK ? check_tables(changer, CHANGER_VERSION)
				    : status;
}

static enum changer_status begin(struct changer *changer, const char *sql,
    int *version)
{
	enum changer_status status = changer_run(changer, sql, "");

	if (status != CHANGER_OK)
		return status;
	*version = database_version(changer->db);
	if (*version >= 1 && *version <= CHANGER_VERSION)
		return CHANGER_OK;
	status = *version < 0 ? changer_sqlite_error(changer)
			      : changer_error(changer, CHANGER_ERROR,
				    "library %s was made by a newer tapelab: "
				    "use that version, or a newer one",
				    changer->folder);
	return changer_end(changer, status, false);
}

enum changer_status changer_check_version(struct changer *changer,
    bool read_only)
{
	enum changer_status status;
	int version;

	status = begin(changer, "begin", &version);
	if (status != CHANGER_OK)
		return status;
	if (version == CHANGER_VERSION || read_only)
		return changer_end(changer, check_tables(changer, version),
		    false);
	changer_end(changer, CHANGER_ERROR, false);
	status = begin(changer, "begin exclusive", &version);
	return status == CHANGER_OK
	    ? changer_end(changer, upgrade(changer, version), false)
	    : status;
}
