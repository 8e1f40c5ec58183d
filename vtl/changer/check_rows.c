/*
 * check_rows.c: checks the rows of library.db.
 *
 * A library may come from a stranger.  Its numbers are used as indices and
 * times, and its names as paths.  So every row is checked when a library is
 * opened: `columns` has the type and range of each column, `rules` has the
 * conditions on more than one column.
 */
#include "vtl/changer/impl.h"
#include "vtl/model/profile.h"

#include <stdio.h>
#include <string.h>

enum column_kind {
	COLUMN_NUMBER,      /* an integer from `low` to `high` */
	COLUMN_ASCII,       /* printable ASCII of `low` to `high` bytes */
	COLUMN_NO_CONTROLS, /* text without control characters */
	COLUMN_NUMBER_OR_NULL,
	COLUMN_ASCII_OR_NULL,
	COLUMN_NO_CONTROLS_OR_NULL,
	COLUMN_TEXT_OR_NULL /* any text of `low` to `high` bytes */
};

#define MAX_COUNT INT64_MAX

/* All columns of a table are adjacent in this list. */
static const struct column {
	const char *table, *name;
	enum column_kind kind;
	int64_t low, high;
} columns[] = {
	{ "library", "move_ns", COLUMN_NUMBER, 0, CHANGER_NS_MAX },
	{ "library", "moves", COLUMN_NUMBER, 0, INT64_C(1) << 60 },
	{ "library", "last_fault", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "elements", "number", COLUMN_NUMBER, 0, CHANGER_SLOTS_MAX },
	{ "elements", "model", COLUMN_ASCII_OR_NULL, 0, 32 },
	{ "elements", "profile", COLUMN_TEXT_OR_NULL, 1, PROFILE_BYTES_MAX },
	{ "elements", "client", COLUMN_NUMBER_OR_NULL, INT64_MIN, INT64_MAX },
	{ "elements", "open", COLUMN_NUMBER, 0, 1 },
	{ "elements", "by_hand", COLUMN_NUMBER, 0, 1 },
	{ "elements", "cleanings", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "elements", "loads", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "elements", "vendor", COLUMN_ASCII_OR_NULL, 1,
	    CHANGER_VENDOR_BYTES - 1 },
	{ "elements", "product", COLUMN_ASCII_OR_NULL, 1,
	    CHANGER_PRODUCT_BYTES - 1 },
	{ "elements", "revision", COLUMN_ASCII_OR_NULL, 1,
	    CHANGER_REVISION_BYTES - 1 },
	{ "elements", "serial", COLUMN_ASCII_OR_NULL, 1,
	    CHANGER_SERIAL_BYTES - 1 },
	{ "elements", "naa", COLUMN_ASCII_OR_NULL, 16, 16 },
	{ "cartridges", "id", COLUMN_NUMBER, 1, MAX_COUNT },
	{ "cartridges", "barcode", COLUMN_ASCII, 1, 32 },
	{ "cartridges", "unreadable", COLUMN_NUMBER, 0, 1 },
	{ "cartridges", "uses", COLUMN_NUMBER, 0, 1000000 },
	{ "cartridges", "medium", COLUMN_ASCII_OR_NULL, 1, 7 },
	{ "clients", "id", COLUMN_NUMBER, 1, MAX_COUNT },
	{ "clients", "pid", COLUMN_NUMBER, 0, INT32_MAX },
	{ "clients", "program", COLUMN_NO_CONTROLS, 0, 0 },
	{ "clients", "host", COLUMN_NO_CONTROLS_OR_NULL, 0, 0 },
	{ "robot_faults", "id", COLUMN_NUMBER, 1, MAX_COUNT },
	{ "robot_faults", "mode", COLUMN_ASCII, 1, 32 },
	{ "robot_faults", "move", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "robot_faults", "once", COLUMN_NUMBER, 0, 1 },
	{ "robot_faults", "strikes", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "behaviour", "drive", COLUMN_NUMBER, 0, CHANGER_DRIVES_MAX - 1 },
	{ "behaviour", "key", COLUMN_ASCII, 1, 32 },
	{ "behaviour", "value", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "drive_faults", "id", COLUMN_NUMBER, 1, MAX_COUNT },
	{ "drive_faults", "drive", COLUMN_NUMBER_OR_NULL, 0,
	    CHANGER_DRIVES_MAX - 1 },
	{ "drive_faults", "barcode", COLUMN_ASCII_OR_NULL, 1, 32 },
	{ "drive_faults", "operation", COLUMN_ASCII, 1, 32 },
	{ "drive_faults", "mode", COLUMN_ASCII, 1, 32 },
	{ "drive_faults", "nth", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "drive_faults", "every", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "drive_faults", "after_bytes", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "drive_faults", "after_ns", COLUMN_NUMBER, 0, CHANGER_NS_MAX },
	{ "drive_faults", "one_in", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "drive_faults", "begin_byte", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "drive_faults", "end_byte", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "drive_faults", "sense_key", COLUMN_NUMBER, 0, 15 },
	{ "drive_faults", "sense_asc", COLUMN_NUMBER, 0, 255 },
	{ "drive_faults", "sense_ascq", COLUMN_NUMBER, 0, 255 },
	{ "drive_faults", "deferred", COLUMN_NUMBER, 0, 1 },
	{ "drive_faults", "once", COLUMN_NUMBER, 0, 1 },
	{ "drive_faults", "slowdown", COLUMN_NUMBER, 0, 1000000 },
	{ "drive_faults", "duration_ns", COLUMN_NUMBER, 0, CHANGER_NS_MAX },
	{ "drive_faults", "strikes", COLUMN_NUMBER, 0, MAX_COUNT },
	{ "volume_faults", "id", COLUMN_NUMBER, 1, MAX_COUNT },
	{ "volume_faults", "barcode", COLUMN_ASCII, 1, 32 },
	{ "volume_faults", "entry", COLUMN_NO_CONTROLS, 0, 0 },
	{ "volume_faults", "once", COLUMN_NUMBER, 0, 1 },
	{ "volume_faults", "strikes", COLUMN_NUMBER, 0, MAX_COUNT },
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct rule {
	const char *what;
	const char *wrong; /* a query for the rows that break the rule */
} rules[] = {
	/* The indices must find the same rows as the tables. */
	{ "its indices do not agree with its tables",
	    "select 1 from pragma_integrity_check(1) where integrity_check <> "
	    "'ok'" },
	{ "its table library has not exactly one row",
	    "select 1 from (select count(*) as n from library) where n <> 1" },
	{ "the address of an element does not match its kind and number",
	    "select 1 from elements where not ifnull(case kind when 'robot' "
	    "then address = :robot when 'ie' then number between 1 and :ies "
	    "and address = :ie + number - 1 when 'drive' then number between 0 "
	    "and :drives - 1 and address = :drive + number when 'slot' then "
	    "number between 1 and :slots and address = :slot + number - 1 end, "
	    "0)" },
	{ "its drives are not numbered from 0 without a gap",
	    "select 1 from (select count(*) as n, max(number) as last from "
	    "elements where kind = 'drive') where n = 0 or last <> n - 1" },
	{ "the barcode of a volume is not letters, digits, \"-\" and \"_\"",
	    "select 1 from cartridges where file is not null and barcode glob "
	    "'*[^A-Za-z0-9_-]*'" },
	{ "the file name of a volume does not match its barcode",
	    "select 1 from cartridges where file is not null and (typeof(file) "
	    "<> 'text' or file <> barcode || '.tape')" },
	/*
	 * A source address of 0, which older programs wrote, means the same as
	 * null.
	 */
	{ "a cartridge has an address that is no element",
	    "select 1 from cartridges c where not exists (select 1 from "
	    "elements where address = c.address and kind <> 'robot') or "
	    "(source_address is not 0 and source_address is not null and not "
	    "exists (select 1 from elements where address = c.source_address "
	    "and kind <> 'robot'))" },
	/* Older versions store no identity. */
	{ "a drive or the changer has no serial number or no NAA",
	    "select 1 from elements where kind in ('robot', 'drive') and "
	    "(serial is null or naa is null) and (select user_version from "
	    "pragma_user_version) >= 7" },
	{ "an NAA is not 16 hexadecimal digits, the first 2, 3 or 5",
	    "select 1 from elements where naa glob '*[^0-9a-f]*' or naa glob "
	    "'[^235]*'" },
	{ "two devices have the same serial number",
	    "select 1 from elements group by serial having count(serial) > "
	    "1" },
	{ "two devices have the same NAA",
	    "select 1 from elements group by naa having count(naa) > 1" },
	{ "a drive fault with mode fail has no sense key",
	    "select 1 from drive_faults where mode = 'fail' and sense_key = "
	    "0" },
};

static const struct {
	const char *name;
	int64_t value;
} parameters[] = {
	{ ":robot", CHANGER_ROBOT_ADDRESS },
	{ ":ie", CHANGER_IE_ADDRESS },
	{ ":drive", CHANGER_DRIVE_ADDRESS },
	{ ":slot", CHANGER_SLOT_ADDRESS },
	{ ":ies", CHANGER_IE_MAX },
	{ ":drives", CHANGER_DRIVES_MAX },
	{ ":slots", CHANGER_SLOTS_MAX },
};

static enum changer_status damaged(struct changer *changer, const char *what)
{
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: its library.db is damaged: %s: put back a copy of it, "
	    "or make the library again and import the volumes",
	    changer->folder, what);
}

/* Appends "when VALUE IS WRONG then NAME". */
static void append_when(sqlite3_str *sql, const struct column *c)
{
	sqlite3_str_appendf(sql, " when ");
	if (c->kind >= COLUMN_NUMBER_OR_NULL)
		sqlite3_str_appendf(sql, "%s is not null and ", c->name);
	switch (c->kind) {
	case COLUMN_NUMBER:
	case COLUMN_NUMBER_OR_NULL:
		sqlite3_str_appendf(sql,
		    "(typeof(%s) <> 'integer' or %s not between %lld and %lld)",
		    c->name, c->name, (long long)c->low, (long long)c->high);
		break;
	case COLUMN_ASCII:
	case COLUMN_ASCII_OR_NULL:
		sqlite3_str_appendf(sql,
		    "(typeof(%s) <> 'text' or length(cast(%s as blob)) not "
		    "between %lld and %lld or %s glob '*[^ -~]*' or length(%s) "
		    "<> length(cast(%s as blob)))",
		    c->name, c->name, (long long)c->low, (long long)c->high,
		    c->name, c->name, c->name);
		break;
	case COLUMN_NO_CONTROLS:
	case COLUMN_NO_CONTROLS_OR_NULL:
		sqlite3_str_appendf(sql,
		    "(typeof(%s) <> 'text' or %s glob '*[' || char(1) || '-' "
		    "|| char(31, 127) || ']*')",
		    c->name, c->name);
		break;
	case COLUMN_TEXT_OR_NULL:
		sqlite3_str_appendf(sql,
		    "(typeof(%s) <> 'text' or length(cast(%s as blob)) not "
		    "between %lld and %lld)",
		    c->name, c->name, (long long)c->low, (long long)c->high);
		break;
	}
	sqlite3_str_appendf(sql, " then '%s'", c->name);
}

/* Checks the columns from columns[first] on that are of one table. */
static enum changer_status check_table(struct changer *changer, size_t first)
{
	const char *table = columns[first].table, *name;
	sqlite3_str *str = sqlite3_str_new(changer->db);
	enum changer_status status = CHANGER_OK;
	sqlite3_stmt *stmt = NULL;
	char what[128], *sql;
	size_t i;

	sqlite3_str_appendf(str, "select case");
	for (i = first; i < COLUMNS && strcmp(columns[i].table, table) == 0;
	     i++)
		append_when(str, &columns[i]);
	sqlite3_str_appendf(str, " end as bad from %s where bad is not null",
	    table);
	sql = sqlite3_str_finish(str);
	if (sql == NULL)
		return changer_no_memory(changer);
	if (sqlite3_prepare_v2(changer->db, sql, -1, &stmt, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		name = (const char *)sqlite3_column_text(stmt, 0);
		snprintf(what, sizeof what, "column %s.%s has an invalid value",
		    table, name != NULL ? name : "");
		status = damaged(changer, what);
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK || stmt == NULL)
		status = changer_sqlite_error(changer);
	sqlite3_free(sql);
	return status;
}

static enum changer_status check_rule(struct changer *changer,
    const struct rule *rule)
{
	sqlite3_stmt *stmt;
	bool is_broken;
	size_t i;
	int at;

	if (sqlite3_prepare_v2(changer->db, rule->wrong, -1, &stmt, NULL) !=
	    SQLITE_OK)
		return changer_sqlite_error(changer);
	for (i = 0; i < sizeof parameters / sizeof *parameters; i++) {
		at = sqlite3_bind_parameter_index(stmt, parameters[i].name);
		if (at > 0)
			sqlite3_bind_int64(stmt, at, parameters[i].value);
	}
	is_broken = sqlite3_step(stmt) == SQLITE_ROW;
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	return is_broken ? damaged(changer, rule->what) : CHANGER_OK;
}

enum changer_status changer_check_rows(struct changer *changer)
{
	enum changer_status status = check_rule(changer, &rules[0]);
	size_t i;

	for (i = 0; i < COLUMNS && status == CHANGER_OK; i++)
		if (i == 0 ||
		    strcmp(columns[i].table, columns[i - 1].table) != 0)
			status = check_table(changer, i);
	for (i = 1; i < sizeof rules / sizeof *rules && status == CHANGER_OK;
	     i++)
		status = check_rule(changer, &rules[i]);
	return status == CHANGER_OK ? changer_check_profiles(changer) : status;
}

bool changer_barcode_ok(const char *barcode)
{
	size_t n = strnlen(barcode, VOLUME_BARCODE_BYTES), i = 0;

	while (i < n && barcode[i] >= ' ' && barcode[i] <= '~')
		i++;
	return n > 0 && n < VOLUME_BARCODE_BYTES && i == n;
}

bool changer_file_ok(const char *barcode, const char *file)
{
	size_t n = strlen(barcode);

	return n > 0 &&
	    strspn(barcode,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789-_") == n &&
	    strncmp(file, barcode, n) == 0 && strcmp(file + n, ".tape") == 0;
}
