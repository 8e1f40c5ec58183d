/*
 * drive_settings.c: see drive_settings.h.
 *
 * The table behaviour has one row for each key whose value is not 0.  The table
 * drive_faults has one row for each fault.
 */
#include "vtl/changer/drive_settings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/changer/impl.h"
#include "splitter/base/grow.h"

enum { KEYS = 16 };

/*
 * A key of the table behaviour, its value, and the largest valid value (0:
 * any).
 */
struct key {
	const char *name;
	uint64_t value, max;
};

static void pack(const struct drive_options *o, struct key keys[KEYS])
{
	const struct key all[KEYS] = {
		{ "buffered", o->buffering, DRIVE_UNBUFFERED },
		{ "buffer_bytes", o->buffer_bytes, 0 },
		{ "no_early_warning", o->no_early_warning, 1 },
		{ "early_warning_delay_blocks", o->early_warning_delay_blocks,
		    UINT32_MAX },
		{ "pews_bytes", o->pews_bytes, 0 },
		{ "residual", o->residual, DRIVE_RESIDUAL_UNDER },
		{ "ratio_permille", o->layout.ratio_permille, 100000 },
		{ "ratio_spread_permille", o->ratio_spread_permille, 100000 },
		{ "capacity_permille", o->capacity_permille, 1000 },
		{ "capacity_spread_permille", o->capacity_spread_permille,
		    1000 },
		{ "block_overhead_bytes", o->layout.block_overhead_bytes, 0 },
		{ "filemark_bytes", o->layout.filemark_bytes, 0 },
		{ "media_initialization_ns",
		    (uint64_t)o->media_initialization_ns, CHANGER_NS_MAX },
		{ "clean_after_loads", o->clean_after_loads, UINT32_MAX },
		{ "zlib", o->zlib, 1 },
		{ "no_media_initialization", o->no_media_initialization, 1 },
	};

	memcpy(keys, all, sizeof all);
}

/* Sets the options from `keys`, which have the order of pack(). */
static void unpack(const struct key keys[KEYS], struct drive_options *o)
{
	memset(o, 0, sizeof *o);
	o->buffering = (enum drive_buffering)keys[0].value;
	o->buffer_bytes = keys[1].value;
	o->no_early_warning = keys[2].value != 0;
	o->early_warning_delay_blocks = keys[3].value;
	o->pews_bytes = keys[4].value;
	o->residual = (enum drive_residual)keys[5].value;
	o->layout.ratio_permille = keys[6].value;
	o->ratio_spread_permille = keys[7].value;
	o->capacity_permille = keys[8].value;
	o->capacity_spread_permille = keys[9].value;
	o->layout.block_overhead_bytes = keys[10].value;
	o->layout.filemark_bytes = keys[11].value;
	o->media_initialization_ns = (int64_t)keys[12].value;
	o->clean_after_loads = keys[13].value;
	o->zlib = keys[14].value != 0;
	o->no_media_initialization = keys[15].value != 0;
}

enum changer_status changer_write_behaviour(struct changer *changer,
    unsigned drive, const struct drive_options *options)
{
	enum changer_status status = changer_run(changer,
	    "delete from behaviour where drive = ?", "i", (int64_t)drive);
	struct key keys[KEYS];
	size_t i;

	pack(options, keys);
	for (i = 0; i < KEYS && status == CHANGER_OK; i++)
		if (keys[i].value != 0)
			status = changer_run(changer,
			    "insert into behaviour (drive, key, value) values "
			    "(?, ?, ?)",
			    "isi", (int64_t)drive, keys[i].name,
			    (int64_t)keys[i].value);
	return status;
}

enum changer_status changer_set_behaviour(struct changer *changer,
    unsigned drive, const struct drive_options *options)
{
	enum changer_status status = changer_begin(changer);

	if (status != CHANGER_OK)
		return status;
	status = changer_write_behaviour(changer, drive, options);
	return changer_end(changer, status, false);
}

static bool set_key(struct key keys[KEYS], const char *name, int64_t value)
{
	size_t i;

	for (i = 0; i < KEYS; i++)
		if (name != NULL && strcmp(keys[i].name, name) == 0)
			break;
	if (i == KEYS || value < 0 ||
	    (keys[i].max != 0 && (uint64_t)value > keys[i].max))
		return false;
	keys[i].value = (uint64_t)value;
	return true;
}

enum changer_status changer_get_behaviour(struct changer *changer,
    unsigned drive, struct drive_options *options)
{
	enum changer_status status = CHANGER_OK;
	struct key keys[KEYS];
	sqlite3_stmt *stmt;
	const char *name;

	memset(options, 0, sizeof *options);
	options->session = (uint64_t)changer->client;
	stmt = changer_prepare(changer,
	    "select key, value from behaviour where drive = ?", "i",
	    (int64_t)drive);
	if (stmt == NULL)
		return CHANGER_ERROR;
	pack(options, keys);
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		name = (const char *)sqlite3_column_text(stmt, 0);
		if (!set_key(keys, name, sqlite3_column_int64(stmt, 1)))
			status = changer_error(changer, CHANGER_ERROR,
			    "library %s: drive %u: this tapelab does not know "
			    "the behaviour %s or its value",
			    changer->folder, drive, name != NULL ? name : "");
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	unpack(keys, options);
	options->session = (uint64_t)changer->client;
	return status;
}

/* Converts a number for SQLite: numbers above INT64_MAX become INT64_MAX. */
static int64_t clamp(uint64_t number)
{
	return number < INT64_MAX ? (int64_t)number : INT64_MAX;
}

enum changer_status changer_number_fault(struct changer *changer, int64_t *id)
{
	enum changer_status status = changer_run(changer,
	    "update library set last_fault = last_fault + 1", "");

	if (status == CHANGER_OK)
		status = changer_number(changer, id, 0,
		    "select last_fault from library", "");
	if (status == CHANGER_OK)
		changer->numbered = *id;
	return status;
}

int64_t changer_added_fault(const struct changer *changer)
{
	return changer->numbered;
}

enum changer_status changer_add_drive_fault(struct changer *changer,
    const struct changer_drive_fault *fault)
{
	const struct drive_fault *f = &fault->fault;
	enum changer_status status;
	int64_t id;

	if (f->to_object > 0)
		return changer_error(changer, CHANGER_ERROR,
		    "a silent move of a drive fault can only go to BOT in a "
		    "library: leave out \"to_block\"");
	status = changer_begin(changer);
	if (status != CHANGER_OK)
		return status;
	status = changer_number_fault(changer, &id);
	if (status != CHANGER_OK)
		return changer_end(changer, status, false);
	status = changer_run(changer,
	    "insert into drive_faults (id, drive, barcode, operation, mode, "
	    "nth, every, after_bytes, after_ns, one_in, begin_byte, end_byte, "
	    "sense_key, sense_asc, sense_ascq, deferred, once, slowdown, "
	    "duration_ns) values (?, nullif(?, -1), ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?, ?, ?, ?, ?, ?)",
	    "iisssiiiiiiiiiiiiii", id, (int64_t)fault->drive,
	    f->barcode[0] != '\0' ? f->barcode : NULL, drive_op_names()[f->op],
	    drive_fault_mode_names()[f->mode], clamp(f->nth), clamp(f->every),
	    clamp(f->after_bytes), f->after_ns, clamp(f->one_in),
	    clamp(f->begin_byte), clamp(f->end_byte), (int64_t)f->sense.key,
	    (int64_t)f->sense.asc, (int64_t)f->sense.ascq, (int64_t)f->deferred,
	    (int64_t)f->once, clamp(f->slowdown), f->duration_ns);
	return changer_end(changer, status, false);
}

/* Returns the index of a word in a list, or -1. */
static int find_word(const unsigned char *word, const char *const *words)
{
	int i;

	for (i = 0; words[i] != NULL; i++)
		if (word != NULL && strcmp(words[i], (const char *)word) == 0)
			return i;
	return -1;
}

/*
 * Reads a fault.  Returns false if this tapelab does not know its operation or
 * mode.
 */
static bool read_fault(sqlite3_stmt *stmt, struct changer_drive_fault *out)
{
	const unsigned char *barcode = sqlite3_column_text(stmt, 2);
	int op = find_word(sqlite3_column_text(stmt, 3), drive_op_names());
	int how =
	    find_word(sqlite3_column_text(stmt, 4), drive_fault_mode_names());
	struct drive_fault *f = &out->fault;

	memset(out, 0, sizeof *out);
	out->drive = sqlite3_column_type(stmt, 1) == SQLITE_NULL
	    ? -1
	    : sqlite3_column_int(stmt, 1);
	f->id = sqlite3_column_int64(stmt, 0);
	if (barcode != NULL)
		strncpy(f->barcode, (const char *)barcode,
		    sizeof f->barcode - 1);
	f->op = (enum drive_op)op;
	f->mode = (enum drive_fault_mode)how;
	f->nth = (uint64_t)sqlite3_column_int64(stmt, 5);
	f->every = (uint64_t)sqlite3_column_int64(stmt, 6);
	f->after_bytes = (uint64_t)sqlite3_column_int64(stmt, 7);
	f->after_ns = sqlite3_column_int64(stmt, 8);
	f->one_in = (uint64_t)sqlite3_column_int64(stmt, 9);
	f->begin_byte = (uint64_t)sqlite3_column_int64(stmt, 10);
	f->end_byte = (uint64_t)sqlite3_column_int64(stmt, 11);
	f->sense.key = (uint8_t)sqlite3_column_int(stmt, 12);
	f->sense.asc = (uint8_t)sqlite3_column_int(stmt, 13);
	f->sense.ascq = (uint8_t)sqlite3_column_int(stmt, 14);
	f->deferred = sqlite3_column_int(stmt, 15) != 0;
	f->once = sqlite3_column_int(stmt, 16) != 0;
	f->slowdown = (uint64_t)sqlite3_column_int64(stmt, 17);
	f->duration_ns = sqlite3_column_int64(stmt, 18);
	out->strikes = (uint64_t)sqlite3_column_int64(stmt, 19);
	return op != -1 && how != -1;
}

enum changer_status changer_list_drive_faults(struct changer *changer,
    struct changer_drive_fault **faults, size_t *count)
{
	enum changer_status status = CHANGER_OK;
	struct changer_drive_fault fault, *more;
	sqlite3_stmt *stmt;

	*faults = NULL;
	*count = 0;
	stmt = changer_prepare(changer,
	    "select id, drive, barcode, operation, mode, nth, every, "
	    "after_bytes, after_ns, one_in, begin_byte, end_byte, sense_key, "
	    "sense_asc, sense_ascq, deferred, once, slowdown, duration_ns, "
	    "strikes from drive_faults order by id",
	    "");
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		if (!read_fault(stmt, &fault)) {
			status = changer_error(changer, CHANGER_ERROR,
			    "library %s: this tapelab does not know the "
			    "operation or the mode of drive fault %" PRId64
			    ": remove all faults with \"tapelab vtl fault "
			    "--clear\"",
			    changer->folder, fault.fault.id);
			break;
		}
		more = grow_by_one(*faults, *count, sizeof *more);
		if (more == NULL) {
			status = changer_no_memory(changer);
			break;
		}
		*faults = more;
		(*faults)[(*count)++] = fault;
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	if (status == CHANGER_OK)
		return CHANGER_OK;
	free(*faults);
	*faults = NULL;
	*count = 0;
	return status;
}

enum changer_status changer_strike_drive_fault(struct changer *changer,
    int64_t id, uint64_t strikes)
{
	enum changer_status status = changer_begin(changer);

	if (status != CHANGER_OK)
		return status;
	status = changer_run(changer,
	    "update drive_faults set strikes = strikes + ? where id = ? and "
	    "not (once and strikes > 0)",
	    "ii", clamp(strikes), id);
	if (status == CHANGER_OK && sqlite3_changes(changer->db) == 0)
		status = changer_error(changer, CHANGER_REFUSED,
		    "drive fault %" PRId64
		    " is spent by another client, or was removed",
		    id);
	return changer_end(changer, status, false);
}

enum changer_status changer_count_load(struct changer *changer, unsigned drive,
    uint64_t *loads)
{
	const int64_t address = CHANGER_DRIVE_ADDRESS + (int64_t)drive;
	enum changer_status status = changer_begin(changer);
	int64_t before = 0;

	if (status != CHANGER_OK)
		return status;
	status = changer_number(changer, &before, 0,
	    "select loads from elements where address = ?", "i", address);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update elements set loads = loads + 1 where address = ?",
		    "i", address);
	*loads = (uint64_t)before;
	return changer_end(changer, status, false);
}
