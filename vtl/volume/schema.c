/*
 * schema.c: defines the format of the file of a volume.
 *
 * The file is a SQLite database with application_id 0x54704c62 and user_version
 * 7.  The tables are public, so that `sqlite3 VOLUME.tape` answers questions:
 *
 *     volume      one row: what it is
 *     objects     a row for each run of similar objects; block_bytes 0:
 *                 filemarks
 *     defects     what is wrong with the medium, and where
 *     history     what was done to it
 *     partitions  a row for each partition; empty if there is only one
 *     attributes  what hosts wrote into the medium auxiliary memory
 *     overwritten rows that were cut off; their space will be used again
 *     files, extents, spots, state    views
 *
 * An object of partition p has the number p * 2^60 + its number from BOP, and
 * its file the number p * 2^32 + its number from BOP.  So a medium with one
 * partition is stored as it was before there were partitions, and the objects
 * of one partition are contiguous in the table and in its index.
 *
 * 64-bit values above 2^63 - 1 (dump_id, offset) are stored as negative
 * numbers.  A sum is the XXH3-64 of a block, most significant byte first, as
 * xxhsum prints it.  Data shorter than the blocks of its row continues with
 * zeros.
 *
 * Versions (splitter/base/database/version.h):
 *
 *     1  payload none or raw; of the views, only `files`, with fewer columns
 *     2  payload zlib, and all views
 *     3  defects of reading, slow and corrupting ones, also by block or file
 *     4  the type of the medium
 *     5  partitions and attributes
 *     6  the number of a defect among the faults of a library
 *     7  the table overwritten
 *
 * An older volume is upgraded in the first transaction that writes to it.
 * Until then temporary views show its tables as those of version 7.
 */
#include "splitter/base/database/version.h"
#include "vtl/volume/impl.h"

#define TABLE_VOLUME(payloads, more)                           \
	"create table volume ("                                \
	" id integer primary key check (id = 1),"              \
	" barcode text not null,"                              \
	" capacity_bytes integer not null,"                    \
	" early_warning_bytes integer," /* null: no warning */ \
	" payload text not null check (payload in (" payloads "))" more ");"

#define COLUMN_MEDIUM    "medium text"
#define COLUMN_REFERENCE "change_reference integer not null default 0"
#define COLUMN_USABLE    "usable_bytes integer" /* null: all of the medium */

/* The text stays the same when a column is added to an existing table. */
#define COLUMNS_OBJECTS(more)                                                \
	" ("                                                                 \
	" first integer primary key," /* object number, from 0 at BOT */     \
	" count integer not null,"                                           \
	" block_bytes integer not null," /* 0: filemarks */                  \
	" last_bytes integer not null,"  /* length of the last block */      \
	" at_byte integer not null,"     /* bytes of the medium before it */ \
	" file integer not null,"        /* filemarks before it */           \
	" dump_id integer not null,"                                         \
	" offset integer not null,"                                          \
	" sums blob," /* null: no payload is stored */                       \
	" data blob" more ");"

#define TABLE_OBJECTS(more)                     \
	"create table objects" COLUMNS_OBJECTS( \
	    more) "create index filemarks on objects (file) where block_bytes = 0;"

#define COLUMN_ZLIB "zlib integer not null default 0"

/* As SQLite writes it when it renames the table `objects`. */
#define TABLE_OVERWRITTEN \
	"create table \"overwritten\"" COLUMNS_OBJECTS(", " COLUMN_ZLIB)

#define TABLE_DEFECTS_2                 \
	"create table defects ("        \
	" at_byte integer not null,"    \
	" sense_key integer not null,"  \
	" sense_asc integer not null,"  \
	" sense_ascq integer not null," \
	" once integer not null);"

#define TABLE_DEFECTS(more)                                  \
	"create table defects ("                             \
	" fail text not null default 'write' check (fail in" \
	" ('write', 'read', 'slow', 'corrupt')),"            \
	" at_byte integer," /* null: by block */             \
	" file integer,"    /* null: blocks of the volume */ \
	" block integer,"                                    \
	" length integer not null default 1,"                \
	" sense_key integer not null default 0,"             \
	" sense_asc integer not null default 0,"             \
	" sense_ascq integer not null default 0,"            \
	" once integer not null default 0,"                  \
	" tries integer not null default 0,"                 \
	" one_in integer not null default 0,"                \
	" factor integer not null default 1" more ","        \
	" check ((at_byte is null) <> (block is null)));"

#define COLUMN_PARTITION "partition integer not null default 0"
#define COLUMN_FAULT     "fault integer not null default 0" /* 0: none */

#define TABLES_5                                                    \
	"create table partitions ("                                 \
	" partition integer primary key,"                           \
	" capacity_bytes integer not null,"                         \
	" early_warning_bytes integer);"                            \
	"create table attributes ("                                 \
	" partition integer not null,"                              \
	" id integer not null,"                                     \
	" format integer not null," /* 0 binary, 1 ASCII, 2 text */ \
	" value blob not null,"                                     \
	" primary key (partition, id)) without rowid;"

#define TABLE_HISTORY              \
	"create table history ("   \
	" id integer primary key," \
	" event text not null,"    \
	" text text not null);"

#define VIEW_SPOTS_2                                                     \
	"create view spots as select at_byte, (select file from extents" \
	" where extents.at_byte <= defects.at_byte and defects.at_byte"  \
	" < extents.at_byte + extents.bytes) as file,"                   \
	" printf('%X/%02X/%02X', sense_key, sense_asc, sense_ascq)"      \
	" as sense, once from defects;"

#define VIEW_SPOTS_3                                                       \
	"create view spots as select fail, at_byte, block, length,"        \
	" case when defects.file is not null then defects.file else"       \
	" (select extents.file from extents where case when"               \
	" defects.at_byte is null then extents.first <= defects.block and" \
	" defects.block < extents.first + extents.blocks else"             \
	" extents.at_byte <= defects.at_byte and defects.at_byte"          \
	" < extents.at_byte + extents.bytes end) end as file,"             \
	" case when fail in ('write', 'read') then"                        \
	" printf('%X/%02X/%02X', sense_key, sense_asc, sense_ascq) end"    \
	" as sense, once, factor from defects;"

#define VIEWS_2                                                              \
	"create view extents as select file, first, count as blocks,"        \
	" block_bytes, (count - 1) * block_bytes + last_bytes as bytes,"     \
	" at_byte, case when dump_id <> 0 then printf('%016x', dump_id) end" \
	" as dump, case when dump_id <> 0 then offset end as from_offset,"   \
	" case when dump_id <> 0 then"                                       \
	" offset + (count - 1) * block_bytes + last_bytes end as to_offset"  \
	" from objects where block_bytes > 0;"                               \
	"create view files as select file, min(first) as first,"             \
	" sum(blocks) as blocks, max(block_bytes) as block_bytes,"           \
	" sum(bytes) as bytes, min(at_byte) as at_byte, max(dump) as dump,"  \
	" min(from_offset) as from_offset, max(to_offset) as to_offset,"     \
	" file < (select max(file + count) from objects"                     \
	" where block_bytes = 0) as finished from extents group by file;"

#define VIEW_STATE_2                                                              \
	"create view state as select barcode, payload, capacity_bytes,"           \
	" used_bytes, capacity_bytes - early_warning_bytes - used_bytes"          \
	" as free_bytes, blocks, filemarks from volume, (select"                  \
	" coalesce(sum((count - 1) * block_bytes + last_bytes), 0)"               \
	" as used_bytes, coalesce(sum(case when block_bytes > 0 then count end)," \
	" 0) as blocks, coalesce(sum(case when block_bytes = 0 then count end),"  \
	" 0) as filemarks from objects);"

#define VIEW_SPOTS                                                      \
	"create view spots as select defects.partition, fail, at_byte," \
	" block, length,"                                               \
	" case when defects.file is not null then defects.file else"    \
	" (select extents.file from extents where"                      \
	" extents.partition = defects.partition and case when"          \
	" defects.at_byte is null then extents.first <="                \
	" defects.block + (defects.partition << 60) and"                \
	" defects.block + (defects.partition << 60) <"                  \
	" extents.first + extents.blocks else"                          \
	" extents.at_byte <= defects.at_byte and defects.at_byte"       \
	" < extents.at_byte + extents.bytes end) end as file,"          \
	" case when fail in ('write', 'read') then"                     \
	" printf('%X/%02X/%02X', sense_key, sense_asc, sense_ascq) end" \
	" as sense, once, factor from defects;"

#define VIEWS                                                                \
	"create view extents as select first >> 60 as partition,"            \
	" file & 4294967295 as file, first, count as blocks,"                \
	" block_bytes, (count - 1) * block_bytes + last_bytes as bytes,"     \
	" at_byte, case when dump_id <> 0 then printf('%016x', dump_id) end" \
	" as dump, case when dump_id <> 0 then offset end as from_offset,"   \
	" case when dump_id <> 0 then"                                       \
	" offset + (count - 1) * block_bytes + last_bytes end as to_offset"  \
	" from objects where block_bytes > 0;"                               \
	"create view files as select partition, file, min(first) as first,"  \
	" sum(blocks) as blocks, max(block_bytes) as block_bytes,"           \
	" sum(bytes) as bytes, min(at_byte) as at_byte, max(dump) as dump,"  \
	" min(from_offset) as from_offset, max(to_offset) as to_offset,"     \
	" file < (select max(file + count) & 4294967295 from objects"        \
	" where block_bytes = 0 and"                                         \
	" first >> 60 = partition) as finished"                              \
	" from extents group by partition, file;"

#define VIEW_STATE                                                          \
	"create view state as select barcode, payload, partition,"          \
	" partition_bytes as capacity_bytes,"                               \
	" coalesce(used, 0) as used_bytes, partition_bytes - warning"       \
	" - coalesce(used, 0) as free_bytes, coalesce(block_count, 0)"      \
	" as blocks, coalesce(filemark_count, 0) as filemarks from volume," \
	" (select partition, capacity_bytes as partition_bytes,"            \
	" early_warning_bytes as warning from partitions union all"         \
	" select 0, capacity_bytes, early_warning_bytes from volume"        \
	" where not exists (select 1 from partitions))"                     \
	" left join (select first >> 60 as of_partition,"                   \
	" sum((count - 1) * block_bytes + last_bytes) as used,"             \
	" sum(case when block_bytes > 0 then count else 0 end)"             \
	" as block_count,"                                                  \
	" sum(case when block_bytes = 0 then count else 0 end)"             \
	" as filemark_count from objects group by 1)"                       \
	" on of_partition = partition;"

#define SCHEMA_SINCE_5(fault, more)                                      \
	TABLE_VOLUME("'none', 'raw', 'zlib'",                            \
	    ", " COLUMN_MEDIUM ", " COLUMN_REFERENCE ", " COLUMN_USABLE) \
	TABLE_OBJECTS(", " COLUMN_ZLIB)                                  \
	TABLE_DEFECTS(", " COLUMN_PARTITION fault)                       \
	TABLE_HISTORY TABLES_5 VIEWS VIEW_SPOTS VIEW_STATE more

static const char schema[] =
    SCHEMA_SINCE_5(", " COLUMN_FAULT, TABLE_OVERWRITTEN);

static const char schema_6[] = SCHEMA_SINCE_5(", " COLUMN_FAULT, "");

static const char schema_5[] = SCHEMA_SINCE_5("", "");

static const char schema_4[] =
    TABLE_VOLUME("'none', 'raw', 'zlib'", ", " COLUMN_MEDIUM)
	TABLE_OBJECTS(", " COLUMN_ZLIB) TABLE_DEFECTS("")
	    TABLE_HISTORY VIEWS_2 VIEW_SPOTS_3 VIEW_STATE_2;

static const char schema_3[] =
    TABLE_VOLUME("'none', 'raw', 'zlib'", "") TABLE_OBJECTS(", " COLUMN_ZLIB)
	TABLE_DEFECTS("") TABLE_HISTORY VIEWS_2 VIEW_SPOTS_3 VIEW_STATE_2;

static const char schema_2[] =
    TABLE_VOLUME("'none', 'raw', 'zlib'", "") TABLE_OBJECTS(", " COLUMN_ZLIB)
	TABLE_DEFECTS_2 TABLE_HISTORY VIEWS_2 VIEW_SPOTS_2 VIEW_STATE_2;

static const char schema_1[] = TABLE_VOLUME("'none', 'raw'", "") TABLE_OBJECTS(
    "") "create view files as select file, min(first) as first,"
	" sum(count) as blocks, max(block_bytes) as block_bytes,"
	" sum((count - 1) * block_bytes + last_bytes) as bytes"
	" from objects where block_bytes > 0 group by file;" TABLE_DEFECTS_2
	    TABLE_HISTORY;

static const char from_1[] =
    "alter table objects add column " COLUMN_ZLIB ";"
    "drop view files;"
    "alter table volume rename to volume_1;" TABLE_VOLUME(
	"'none', 'raw', 'zlib'",
	"") "insert into volume select * from volume_1;"
	    "drop table volume_1;" VIEWS_2 VIEW_SPOTS_2 VIEW_STATE_2;

static const char from_2[] =
    "drop view spots;"
    "alter table defects rename to defects_2;" TABLE_DEFECTS(
	"") "insert into defects (rowid, at_byte, sense_key, sense_asc, sense_ascq,"
	    " once) select rowid, at_byte, sense_key, sense_asc, sense_ascq, once"
	    " from defects_2;"
	    "drop table defects_2;" VIEW_SPOTS_3;

static const char from_3[] = "alter table volume add column " COLUMN_MEDIUM ";";

static const char from_4[] =
    "drop view files; drop view spots; drop view state; drop view extents;"
    "alter table volume add column " COLUMN_REFERENCE ";"
    "alter table volume add column " COLUMN_USABLE ";"
    "alter table defects add column " COLUMN_PARTITION
    ";" TABLES_5 VIEWS VIEW_SPOTS VIEW_STATE;

static const char from_5[] = "alter table defects add column " COLUMN_FAULT ";";

static const char from_6[] = TABLE_OVERWRITTEN;

/* SQLite does not rename the table in the views. */
static const char set_aside[] =
    "drop table overwritten; drop index filemarks;"
    "pragma legacy_alter_table = on;"
    "alter table objects rename to overwritten;"
    "pragma legacy_alter_table = off;" TABLE_OBJECTS(", " COLUMN_ZLIB);

#define SHOW_OBJECTS                                 \
	"create temp view if not exists objects as " \
	"select *, 0 as zlib from main.objects;"

#define SHOW_DEFECTS_2                                                   \
	"create temp view if not exists defects as "                     \
	"select rowid as rowid, 'write' as fail, at_byte, null as file," \
	" null as block, 1 as length, sense_key, sense_asc, sense_ascq," \
	" once, 0 as tries, 0 as one_in, 1 as factor, 0 as partition,"   \
	" 0 as fault"                                                    \
	" from main.defects;"

#define SHOW_DEFECTS                                 \
	"create temp view if not exists defects as " \
	"select rowid as rowid, *, 0 as partition, 0 as fault from main.defects;"

#define SHOW_DEFECTS_5                               \
	"create temp view if not exists defects as " \
	"select rowid as rowid, *, 0 as fault from main.defects;"

#define SHOW_VOLUME_3                                              \
	"create temp view if not exists volume as "                \
	"select *, null as medium, 0 as change_reference, null as" \
	" usable_bytes from main.volume;"

#define SHOW_VOLUME                                             \
	"create temp view if not exists volume as "             \
	"select *, 0 as change_reference, null as usable_bytes" \
	" from main.volume;"

#define SHOW_TABLES_5                                                  \
	"create temp view if not exists partitions as select 0 as"     \
	" partition, 0 as capacity_bytes, null as early_warning_bytes" \
	" where 0;"                                                    \
	"create temp view if not exists attributes as select 0 as"     \
	" partition, 0 as id, 0 as format, x'' as value where 0;"

static const struct database_version versions[VOLUME_FORMAT] = {
	{ .schema = schema_1,
	    .upgrade = from_1,
	    .views = SHOW_OBJECTS SHOW_DEFECTS_2 SHOW_VOLUME_3 SHOW_TABLES_5 },
	{ .schema = schema_2,
	    .upgrade = from_2,
	    .views = SHOW_DEFECTS_2 SHOW_VOLUME_3 SHOW_TABLES_5 },
	{ .schema = schema_3,
	    .upgrade = from_3,
	    .views = SHOW_DEFECTS SHOW_VOLUME_3 SHOW_TABLES_5 },
	{ .schema = schema_4,
	    .upgrade = from_4,
	    .views = SHOW_DEFECTS SHOW_VOLUME SHOW_TABLES_5 },
	{ .schema = schema_5, .upgrade = from_5, .views = SHOW_DEFECTS_5 },
	{ .schema = schema_6, .upgrade = from_6 },
	{ .schema = schema },
};

static const char hide_views[] = "drop view if exists temp.objects;"
				 "drop view if exists temp.defects;"
				 "drop view if exists temp.partitions;"
				 "drop view if exists temp.attributes;"
				 "drop view if exists temp.volume;";

const char *volume_schema(void)
{
	return schema;
}

const char *volume_schema_set_aside(void)
{
	return set_aside;
}

int volume_load_format(struct volume *volume)
{
	int version = database_version(volume->db);

	if (version < 0)
		return volume_failed(volume, "read");
	if (version < 1 || version > VOLUME_FORMAT)
		return volume_damaged(volume, "its version is unknown");
	volume->format = version;
	return database_show_as_newest(volume->db, &versions[version - 1]) == 0
	    ? 0
	    : volume_failed(volume, "read");
}

int volume_upgrade(struct volume *volume)
{
	if (volume->format == VOLUME_FORMAT)
		return 0;
	volume_forget_statements(volume);
	if (volume_exec(volume, hide_views) != 0 ||
	    database_upgrade(volume->db, versions, VOLUME_FORMAT) != 0)
		return volume_failed(volume, "upgrade the format");
	volume->format = VOLUME_FORMAT;
	return 0;
}

int volume_check_schema(struct volume *volume)
{
	int rc = database_has_schema(volume->db,
	    versions[volume->format - 1].schema);

	if (rc < 0)
		return volume_failed(volume, "read");
	return rc == 1 ? 0
		       : volume_damaged(volume,
			     "its tables, indices and "
			     "views are not those of a volume");
}
