/*
 * check_rows.c: what the rows of library.db may say.
 *
 * A library may come from a stranger.  Its numbers are used as indices and
 * times, its names as paths, so all of it is looked at when it is opened: each
 * rule below finds the rows that tapelab would not write.
 */
#include "vtl/changer/impl.h"

#include <stdio.h>
#include <string.h>

#define NOT_INT(column) "typeof(" column ") <> 'integer'"
#define NOT_BETWEEN(column, low, high) \
	"(" NOT_INT(column) " or " column " not between " low " and " high ")"
#define NOT_COUNT(column) NOT_BETWEEN(column, "0", "9223372036854775807")
#define NOT_TEXT(column, least, most)                             \
	"(typeof(" column ") <> 'text' or "                       \
	"length(cast(" column " as blob)) <> length(" column      \
	") or length(" column ") not between " least " and " most \
	" or " column " glob '*[^ -~]*')"
#define NOT_BOOL(column) NOT_BETWEEN(column, "0", "1")

static const struct rule {
	const char *what;
	const char *wrong; /* a query that gives the rows that are wrong */
} rules[] = {
	/* What is found by an index is what a look at each row finds. */
	{ "its indices do not agree with its tables",
	    "select 1 from pragma_integrity_check(1) where integrity_check "
	    "<> 'ok'" },
	{ "its table library has not one row, or no times",
	    "select 1 from (select count(*) as n, sum(" NOT_BETWEEN("move_ns",
		"0", ":ns") " or " NOT_BETWEEN("moves", "0",
		":never") ") as bad "
			  "from library) where n <> 1 or bad" },
	{ "an element is not where its kind and number say",
	    "select 1 from elements where typeof(number) <> 'integer' or "
	    "not ifnull(case kind when 'robot' then address = :robot "
	    "when 'ie' then number between 1 and :ies and "
	    "address = :ie + number - 1 "
	    "when 'drive' then number between 0 and :drives - 1 and "
	    "address = :drive + number "
	    "when 'slot' then number between 1 and :slots and "
	    "address = :slot + number - 1 end, 0)" },
	{ "its drives are not numbered from 0 on",
	    "select 1 from (select count(*) as n, max(number) as last from "
	    "elements where kind = 'drive') where n = 0 or last <> n - 1" },
	{ "an element has numbers or a model that cannot be",
	    "select 1 from elements where (model is not null and (" NOT_TEXT("model", "0", "32") ")) or " NOT_BOOL(
		"open") " or " NOT_BOOL("by_hand") " or " NOT_COUNT("cleanings") " or "
										 "(client is not null and " NOT_INT(
										     "client") ")" },
	{ "a drive has a number of loads that cannot be",
	    "select 1 from elements where " NOT_COUNT("loads") },
	{ "a barcode is not one",
	    "select 1 from cartridges where " NOT_TEXT("barcode", "1",
		"32") " or (file is not null and "
		      "barcode glob '*[^A-Za-z0-9_-]*')" },
	{ "the file of a volume has another name than its barcode says",
	    "select 1 from cartridges where file is not null and "
	    "(typeof(file) <> 'text' or file <> barcode || '.tape')" },
	{ "a cartridge lies in no element, or comes from none",
	    "select 1 from cartridges c where not exists (select 1 from "
	    "elements where address = c.address and kind <> 'robot') or "
	    /* 0, which older programs wrote, is as null. */
	    "(source_address is not 0 and source_address is not null and "
	    "not exists (select 1 from elements where address = c.source_address "
	    "and kind <> 'robot'))" },
	{ "a cartridge has numbers that cannot be",
	    "select 1 from cartridges where id < 1 or " NOT_BOOL(
		"unreadable") " or " NOT_BETWEEN("uses", "0", "1000000") },
	{ "a session cannot be",
	    "select 1 from clients where id < 1 or " NOT_BETWEEN("pid", "0",
		"2147483647") " or typeof(program) <> 'text' or program "
			      "glob '*[' || char(1) || '-' || char(31, 127) || ']*'" },
	{ "the host of a session cannot be",
	    "select 1 from clients where host is not null and (typeof(host) "
	    "<> 'text' or host glob '*[' || char(1) || '-' || char(31, 127) "
	    "|| ']*')" },
	{ "a type of medium cannot be",
	    "select 1 from cartridges where medium is not null and " NOT_TEXT(
		"medium", "1", "7") },
	{ "a fault of the robot cannot be",
	    "select 1 from robot_faults where id < 1 or " NOT_TEXT("mode", "1",
		"32") " or " NOT_COUNT("move") " or " NOT_BOOL("once") },
	{ "what a drive differs in cannot be",
	    "select 1 from behaviour where " NOT_BETWEEN("drive", "0",
		":drives - 1") " or " NOT_TEXT("key", "1",
		"32") " or " NOT_COUNT("value") },
	{ "a fault of a drive cannot be",
	    "select 1 from drive_faults where id < 1 or (drive is not null and " NOT_BETWEEN(
		"drive", "0",
		":drives - 1") ") or (barcode is not "
			       "null and " NOT_TEXT("barcode", "1",
				   "32") ") or " NOT_TEXT("operation", "1",
				   "32") " or " NOT_TEXT("mode", "1",
				   "32") " or " NOT_COUNT("nth") " or " NOT_COUNT("every") " or " NOT_COUNT("after_bytes") " or " NOT_BETWEEN("after_ns",
				   "0",
				   ":ns") " or " NOT_COUNT("one_in") " or " NOT_COUNT("begin_byte") " or " NOT_COUNT("end_byte") " or " NOT_BETWEEN("sense_key",
				   "(mode = 'fail')",
				   "15") " or " NOT_BETWEEN("sense_asc", "0",
				   "255") " or " NOT_BETWEEN("sense_ascq", "0",
				   "255") " or " NOT_BOOL("deferred") " or " NOT_BOOL("once") " or " NOT_BETWEEN("slowdown",
				   "0",
				   "1000000") " or " NOT_BETWEEN("duration_ns",
				   "0", ":ns") },
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
	{ ":ns", CHANGER_NS_MAX },
	{ ":never", INT64_C(1) << 60 },
};

/* 1: the rule is broken; 0: it is kept; -1: SQLite cannot say. */
static int is_broken(struct changer *changer, const struct rule *rule)
{
	sqlite3_stmt *stmt;
	size_t i;
	int at, found;

	if (sqlite3_prepare_v2(changer->db, rule->wrong, -1, &stmt, NULL) !=
	    SQLITE_OK)
		return -1;
	for (i = 0; i < sizeof parameters / sizeof *parameters; i++) {
		at = sqlite3_bind_parameter_index(stmt, parameters[i].name);
		if (at > 0)
			sqlite3_bind_int64(stmt, at, parameters[i].value);
	}
	found = sqlite3_step(stmt) == SQLITE_ROW;
	return sqlite3_finalize(stmt) == SQLITE_OK ? found : -1;
}

enum changer_status changer_check_rows(struct changer *changer)
{
	const struct rule *rule = rules;
	const struct rule *end = rules + sizeof rules / sizeof *rules;
	int broken = 0;

	for (; rule < end && broken == 0; rule++)
		broken = is_broken(changer, rule);
	if (broken < 0)
		return changer_sqlite_error(changer);
	if (broken == 0)
		return CHANGER_OK;
	rule--;
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: its "
	    "library.db is damaged: %s: put back a copy of it, or make the "
	    "library again and import the volumes",
	    changer->folder, rule->what);
}

/* As the rule for barcodes says; a volume checks its own more strictly. */
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
