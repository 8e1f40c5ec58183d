/*
 * schema.c: the tables of the catalogue, and its older version.
 *
 * The tables are public, and described in tapelab-catalogue(5).  Version 1 had
 * no dumps.volumes.  A table to which SQLite has added that column has another
 * text than one that was created with it.
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

static const char schema[] = SCHEMA(",\n\t" COLUMN_VOLUMES "\n");
static const char upgraded[] = SCHEMA("\n, " COLUMN_VOLUMES);

static const struct database_version versions[CATALOGUE_VERSION] = {
	{ .schema = SCHEMA("\n"),
	    .upgrade =
		"alter table dumps add column " COLUMN_VOLUMES ";"
		"update dumps set volumes = (select "
		"count(distinct volume) from attempts where dump = id);" },
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

	if (same == 0 && version == CATALOGUE_VERSION)
		same = database_has_schema(c->db, upgraded);
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
