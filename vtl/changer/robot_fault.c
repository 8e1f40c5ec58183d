/*
 * robot_fault.c: stores the faults of the robot, and applies them to moves.
 *
 * A fault counts and hits the moves that a client or a person requests: from a
 * slot to a drive, or from any element to any other.  The moves with which the
 * library returns cartridges to their slots are not counted and never fail.
 */
#include "vtl/changer/impl.h"
#include "splitter/base/grow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 48 };

/* A number of moves that no robot reaches. */
#define NEVER ((int64_t)1 << 60)

/* Names of enum changer_fault_mode, in its order. */
static const char *const names[] = { "stuck", "wrong_cartridge", "load_failed",
	"source_empty", NULL };

const char *const *changer_fault_mode_names(void)
{
	return names;
}

enum changer_status changer_add_fault(struct changer *changer,
    const struct changer_fault *fault)
{
	enum changer_status status = changer_begin(changer);
	int64_t nth =
	    fault->nth < (uint64_t)NEVER ? (int64_t)fault->nth : NEVER;
	int64_t id;

	if (status != CHANGER_OK)
		return status;
	status = changer_number_fault(changer, &id);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "insert into robot_faults (id, mode, move, once) select ?, "
		    "?, moves + ?, ? from library",
		    "isii", id, names[fault->mode], nth, (int64_t)fault->once);
	return changer_end(changer, status, false);
}

int64_t changer_struck_fault(const struct changer *changer)
{
	return changer->struck;
}

enum changer_status changer_remove_fault(struct changer *changer, int64_t id)
{
	enum changer_status status = changer_begin(changer);
	int removed = 0;

	if (status != CHANGER_OK)
		return status;
	status = changer_run(changer, "delete from robot_faults where id = ?",
	    "i", id);
	removed = sqlite3_changes(changer->db);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "delete from drive_faults where id = ?", "i", id);
	removed += sqlite3_changes(changer->db);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "delete from volume_faults where id = ?", "i", id);
	removed += sqlite3_changes(changer->db);
	if (status == CHANGER_OK && removed == 0)
		status = changer_error(changer, CHANGER_REFUSED,
		    "the library has no fault %" PRId64
		    ": \"tapelab vtl status\" lists its faults",
		    id);
	return changer_end(changer, status, false);
}

enum changer_status changer_clear_faults(struct changer *changer)
{
	enum changer_status status = changer_begin(changer);

	if (status == CHANGER_OK)
		status = changer_run(changer, "delete from robot_faults", "");
	else
		return status;
	if (status == CHANGER_OK)
		status = changer_run(changer, "delete from drive_faults", "");
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update cartridges set unreadable = 0 where unreadable",
		    "");
	return changer_end(changer, status, false);
}

enum changer_status changer_make_unreadable(struct changer *changer,
    const char *barcode)
{
	enum changer_status status = changer_begin(changer);

	if (status != CHANGER_OK)
		return status;
	status = changer_run(changer,
	    "update cartridges set unreadable = 1 where barcode = ?", "s",
	    barcode);
	if (status == CHANGER_OK && sqlite3_changes(changer->db) == 0)
		status = changer_error(changer, CHANGER_REFUSED,
		    "the library has no cartridge %s", barcode);
	return changer_end(changer, status, false);
}

static enum changer_status read_fault(struct changer *changer,
    sqlite3_stmt *stmt, struct changer_fault *fault)
{
	const char *how = (const char *)sqlite3_column_text(stmt, 1);
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		if (how == NULL || strcmp(names[i], how) != 0)
			continue;
		fault->mode = (enum changer_fault_mode)i;
		fault->nth = (uint64_t)sqlite3_column_int64(stmt, 2);
		fault->once = sqlite3_column_int(stmt, 3) != 0;
		fault->id = sqlite3_column_int64(stmt, 0);
		fault->strikes = (uint64_t)sqlite3_column_int64(stmt, 4);
		return CHANGER_OK;
	}
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: a robot fault has a mode that this tapelab does not "
	    "know: remove all faults with \"tapelab vtl fault --clear\"",
	    changer->folder);
}

enum changer_status changer_list_faults(struct changer *changer,
    struct changer_fault **faults, size_t *count)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select f.id, mode, max(move - moves, 1), once, strikes from "
	    "robot_faults f, library order by f.id",
	    "");
	enum changer_status status = CHANGER_OK;
	struct changer_fault *more;
	struct changer_fault fault;

	*faults = NULL;
	*count = 0;
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		status = read_fault(changer, stmt, &fault);
		if (status != CHANGER_OK)
			break;
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

/* Finds the volume in the next slot that has one; id 0: none. */
static enum changer_status find_other(struct changer *changer,
    const struct changer_contents *contents, struct changer_contents *other)
{
	enum changer_status status;
	int64_t address;

	memset(other, 0, sizeof *other);
	status = changer_number(changer, &address, 0,
	    "select address from cartridges where address >= ? and id <> ? and "
	    "file is not null order by address < ?, address limit 1",
	    "iii", (int64_t)CHANGER_SLOT_ADDRESS, contents->id,
	    (int64_t)contents->address);
	if (status == CHANGER_OK && address != 0)
		status = changer_inspect(changer, (unsigned)address, other);
	return status;
}

static enum changer_status apply_fault(struct changer *changer,
    const struct changer_fault *fault, struct changer_contents *contents,
    unsigned to)
{
	enum changer_status status;
	struct changer_contents other;
	char name[NAME_BYTES];

	switch (fault->mode) {
	case CHANGER_FAULT_STUCK:
		return changer_refuse(changer, CHANGER_ROBOT_STUCK,
		    CHANGER_REASON_ROBOT_STUCK,
		    "the robot is stuck: %s stays where it is (sense 4/15/01)",
		    contents->barcode);
	case CHANGER_FAULT_LOAD_FAILED:
		changer_element_name(to, name, sizeof name);
		return changer_refuse(changer, CHANGER_MOVE_FAILED,
		    CHANGER_REASON_LOAD_FAILED,
		    "%s did not take %s: load failed (sense 4/53/00)", name,
		    contents->barcode);
	case CHANGER_FAULT_SOURCE_EMPTY:
		changer_element_name(contents->address, name, sizeof name);
		return changer_refuse(changer, CHANGER_MOVE_FAILED,
		    CHANGER_REASON_FOUND_EMPTY,
		    "the robot found %s empty, but expected %s (sense "
		    "5/3B/0E)",
		    name, contents->barcode);
	case CHANGER_FAULT_WRONG_CARTRIDGE:
		break;
	}
	status = find_other(changer, contents, &other);
	if (status != CHANGER_OK)
		return status;
	*contents = other;
	return changer_refuse(changer, CHANGER_OK,
	    CHANGER_REASON_WRONG_CARTRIDGE, "the robot moved %s instead",
	    other.barcode);
}

/* Determines whether a fault can hit this move. */
static enum changer_status applies(struct changer *changer,
    const struct changer_fault *fault, const struct changer_contents *contents,
    unsigned to, bool *does)
{
	struct changer_contents other;
	enum changer_status status = CHANGER_OK;

	*does = true;
	if (fault->mode == CHANGER_FAULT_LOAD_FAILED) {
		*does =
		    to >= CHANGER_DRIVE_ADDRESS && to < CHANGER_SLOT_ADDRESS;
	} else if (fault->mode == CHANGER_FAULT_WRONG_CARTRIDGE) {
		status = find_other(changer, contents, &other);
		*does =
		    other.id != 0 && contents->address >= CHANGER_SLOT_ADDRESS;
	}
	return status;
}

enum changer_status changer_attempt_move(struct changer *changer,
    struct changer_contents *contents, unsigned to)
{
	enum changer_status status;
	struct changer_fault fault;
	sqlite3_stmt *stmt;
	bool does = false;

	changer->struck = 0;
	status =
	    changer_run(changer, "update library set moves = moves + 1", "");
	if (status != CHANGER_OK)
		return status;
	stmt = changer_prepare(changer,
	    "select f.id, mode, move, once, strikes from robot_faults f, "
	    "library where move <= moves and not (once and strikes > 0) order "
	    "by f.id",
	    "");
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (!does && status == CHANGER_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		status = read_fault(changer, stmt, &fault);
		if (status == CHANGER_OK)
			status = applies(changer, &fault, contents, to, &does);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	if (status == CHANGER_OK && does)
		status = changer_run(changer,
		    "update robot_faults set strikes = strikes + 1 where id = "
		    "?",
		    "i", fault.id);
	if (does)
		changer->struck = fault.id;
	return status == CHANGER_OK && does
	    ? apply_fault(changer, &fault, contents, to)
	    : status;
}
