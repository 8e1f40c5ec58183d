/*
 * schema.c: the tables of the catalogue, and its older versions.
 *
 * The tables are public, and described in tapelab-catalogue(5).  Version 1 had
 * no dumps.volumes, version 2 no volume_uses and no counters.  A table to which
 * SQLite has added a column has another text than one that was created with it.
 */
#include "splitter/tool/catalogue/impl.h"

#include <stdio.h>

#include "splitter/base/database/version.h"
#include "splitter/base/sentence.h"

#define SCHEMA(volumes)                                                  \
	"create table dumps (\n"                                         \
	"	id text primary key,\n"                                        \
	"	name text not null,\n"                                         \
	"	begun text not null,\n"                                        \
	"	block_bytes integer not null,\n"                               \
	"	mode text not null check (mode in ('variable', 'fixed')),\n"   \
	"	outcome text not null\n"                                       \
	"		check (outcome in ('', 'DONE', 'PARTIAL', 'FAILED')),\n"      \
	"	safe_bytes integer not null,\n"                                \
	"	xxh128 text not null" volumes ") without rowid;\n"       \
	"create index dumps_by_name on dumps (name);\n"                  \
	"create table attempts (\n"                                      \
	"	dump text not null references dumps,\n"                        \
	"	part integer not null,\n"                                      \
	"	attempt integer not null,\n"                                   \
	"	volume text not null,\n"                                       \
	"	file integer not null,\n"                                      \
	"	offset_bytes integer not null,\n"                              \
	"	bytes integer,\n"                                              \
	"	ended text not null,\n"                                        \
	"	cause text not null,\n"                                        \
	"	safe integer not null check (safe in (0, 1)),\n"               \
	"	xxh128 text not null,\n"                                       \
	"	primary key (dump, part, attempt)\n"                           \
	") without rowid;\n"                                             \
	"create index attempts_by_volume on attempts (volume, file);\n"  \
	"create table volumes (\n"                                       \
	"	barcode text primary key,\n"                                   \
	"	closed text not null,\n"                                       \
	"	at text not null\n"                                            \
	") without rowid;\n"                                             \
	"create view parts as\n"                                         \
	"	select name, dump, part, volume, file, offset_bytes, bytes,\n" \
	"	    attempts.xxh128 as xxh128\n"                               \
	"	from attempts join dumps on id = dump where safe\n"            \
	"	order by name, dump, part;\n"

#define COLUMN_VOLUMES "volumes integer not null default 0"

#define CREATED  ",\n\t" COLUMN_VOLUMES "\n"
#define UPGRADED "\n, " COLUMN_VOLUMES

#define USES                                                            \
	"create table volume_uses (\n"                                  \
	"	id integer primary key,\n"                                    \
	"	dump text not null references dumps,\n"                       \
	"	volume text not null,\n"                                      \
	"	at text not null,\n"                                          \
	"	serial text not null,\n"                                      \
	"	maker text not null,\n"                                       \
	"	stored_barcode text not null,\n"                              \
	"	capacity_bytes integer,\n"                                    \
	"	loads_before integer,\n"                                      \
	"	loads_after integer,\n"                                       \
	"	remaining_bytes_before integer,\n"                            \
	"	remaining_bytes_after integer,\n"                             \
	"	written_bytes_before integer,\n"                              \
	"	written_bytes_after integer,\n"                               \
	"	read_bytes_before integer,\n"                                 \
	"	read_bytes_after integer,\n"                                  \
	"	alerts_before text,\n"                                        \
	"	alerts_after text,\n"                                         \
	"	errors text not null\n"                                       \
	");\n"                                                          \
	"create index volume_uses_by_dump on volume_uses (dump);\n"     \
	"create index volume_uses_by_volume on volume_uses (volume);\n" \
	"create table counters (\n"                                     \
	"	volume_use integer not null references volume_uses,\n"        \
	"	page integer not null,\n"                                     \
	"	code integer not null,\n"                                     \
	"	name text not null,\n"                                        \
	"	unit text not null,\n"                                        \
	"	before integer,\n"                                            \
	"	after integer not null,\n"                                    \
	"	primary key (volume_use, page, code)\n"                       \
	") without rowid;\n"

static const char schema[] = SCHEMA(CREATED) USES;

/* Texts of tables that were upgraded from version 1. */
static const char *const upgraded[CATALOGUE_VERSION] = {
	NULL,
	SCHEMA(UPGRADED),
	SCHEMA(UPGRADED) USES,
};

static const struct database_version versions[CATALOGUE_VERSION] = {
	{ .schema = SCHEMA("\n"),
	    .upgrade =
		"alter table dumps add column " COLUMN_VOLUMES ";"
		"update dumps set volumes = (select "
		"count(distinct volume) from attempts where dump = id);" },
	{ .schema = SCHEMA(CREATED), .upgrade = USES },
	{ .schema = schema },
};

static int make_tables(struct catalogue *c)
{
	char pragmas[96];

	snprintf(pragmas, sizeof pragmas,
	    "pragma application_id = %d; pragma user_version = %d",
	    CATALOGUE_APPLICATION, CATALOGUE_VERSION);
	return sqlite3_exec(c->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_exec(c->db, pragmas, NULL, NULL, NULL) == SQLITE_OK
	    ? 0
	    : catalogue_fail(c);
}

/* Checks the tables of this version.  Returns 0, or -1 with a message. */
static int check_schema(struct catalogue *c, int version)
{
	int same = database_has_schema(c->db, versions[version - 1].schema);

	if (same == 0 && upgraded[version - 1] != NULL)
		same = database_has_schema(c->db, upgraded[version - 1]);
	if (same < 0)
		return catalogue_fail(c);
	if (same == 0)
		sentence(c->message, sizeof c->message,
		    "the catalogue %s "
		    "has other tables, indices, views or triggers than a "
		    "catalogue: move it away and rebuild it from the tapes with "
		    "tapelab scan --rebuild, or use another file with "
		    "--catalogue",
		    sqlite3_db_filename(c->db, "main"));
	return same == 1 ? 0 : -1;
}

static int refuse(struct catalogue *c)
{
	sentence(c->message, sizeof c->message,
	    "%s is not a catalogue of tapelab: use another file with "
	    "--catalogue",
	    sqlite3_db_filename(c->db, "main"));
	return -1;
}

/* Creates, checks or upgrades the tables.  Called within a transaction. */
static int check_version(struct catalogue *c)
{
	int version = database_version(c->db);

	if (version < 0)
		return catalogue_fail(c);
	if (catalogue_number(c, "pragma application_id", NULL, 0) !=
		CATALOGUE_APPLICATION ||
	    version == 0 || version > CATALOGUE_VERSION)
		return refuse(c);
	if (check_schema(c, version) != 0)
		return -1;
	return database_upgrade(c->db, versions, CATALOGUE_VERSION) == 0
	    ? 0
	    : catalogue_fail(c);
}

int catalogue_check_version(struct catalogue *c)
{
	int64_t tables;

	/*
	 * A transaction is needed, because two processes may fill an empty file
	 * at the same time.
	 */
	if (catalogue_begin_change(c) != 0)
		return -1;
	tables =
	    catalogue_number(c, "select count(*) from sqlite_schema", NULL, 0);
	if (tables < 0)
		return catalogue_end_change(c, -1);
	return catalogue_end_change(c,
	    tables == 0 && database_version(c->db) == 0 ? make_tables(c)
							: check_version(c));
}
