/* move.c: moves that a person, a changer command or a client requests. */
#include "vtl/changer/impl.h"

#include <stdio.h>
#include <string.h>

#include "vtl/base/media.h"

enum { CLEANING_USES_MAX = 50, NAME_BYTES = 48 };

enum changer_status changer_release(struct changer *changer, unsigned drive,
    unsigned *moves)
{
	const int64_t address = CHANGER_DRIVE_ADDRESS + (int64_t)drive;
	enum changer_status status = changer_begin(changer);
	struct changer_contents contents;
	int64_t by_hand;

	*moves = 0;
	if (status != CHANGER_OK)
		return status;
	status = changer_inspect(changer, (unsigned)address, &contents);
	if (status == CHANGER_OK)
		status = changer_number(changer, &by_hand, 0,
		    "select by_hand from elements where address = ?", "i",
		    address);
	if (status == CHANGER_OK && contents.id != 0 && by_hand == 0) {
		status = changer_return_cartridge(changer, &contents);
		*moves = status == CHANGER_OK;
		if (status ==
		    CHANGER_REFUSED) /* no slot is empty: it stays there */
			status = changer_run(changer,
			    "update elements set by_hand = 1 where address = ?",
			    "i", address);
	}
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update elements set open = 0 where address = ?", "i",
		    address);
	return changer_end(changer, status, false);
}

enum changer_status changer_check_not_in_use(struct changer *changer,
    unsigned address)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select " CHANGER_CLIENT_COLUMNS
	    " from elements e join clients on clients.id = e.client where "
	    "e.address = ? and clients.id <> ?",
	    "ii", (int64_t)address, changer->client);
	char name[NAME_BYTES], by[CHANGER_CLIENT_BYTES];
	enum changer_status status = CHANGER_OK;
	struct changer_client client;

	if (stmt == NULL)
		return CHANGER_ERROR;
	changer_element_name(address, name, sizeof name);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		changer_read_client(changer, stmt, 0, &client);
		changer_client_describe(&client, by, sizeof by);
		status = changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_IN_USE, "%s is in use by %s%s", name, by,
		    client.has_lock ? ": wait until that has ended" : "");
	}
	sqlite3_reset(stmt);
	return status;
}

static enum changer_status check_move(struct changer *changer, unsigned from,
    unsigned to, struct changer_contents *contents)
{
	enum changer_status status;
	struct changer_contents other;
	char name[NAME_BYTES];

	status = changer_inspect(changer, from, contents);
	if (status == CHANGER_OK)
		status = changer_inspect(changer, to, &other);
	if (status != CHANGER_OK)
		return status;
	if (from == CHANGER_ROBOT_ADDRESS || to == CHANGER_ROBOT_ADDRESS)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_WRONG_KIND,
		    "a cartridge cannot be moved to or from the robot");
	status = changer_check_not_in_use(changer, from);
	if (status == CHANGER_OK)
		status = changer_check_not_in_use(changer, to);
	if (status != CHANGER_OK)
		return status;
	changer_element_name(from, name, sizeof name);
	if (contents->id == 0)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_SOURCE_EMPTY, "%s is empty", name);
	changer_element_name(to, name, sizeof name);
	if (other.id != 0)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_DESTINATION_FULL, "%s is full: it holds %s",
		    name, other.barcode);
	return CHANGER_OK;
}

/* Records that a cleaning cartridge cleaned the drive. */
static enum changer_status clean(struct changer *changer,
    const struct changer_contents *contents, unsigned drive)
{
	enum changer_status status;
	int64_t uses;

	status = changer_number(changer, &uses, 0,
	    "select uses from cartridges where id = ?", "i", contents->id);
	if (status == CHANGER_OK && uses >= CLEANING_USES_MAX)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_WORN_OUT,
		    "cleaning cartridge %s is worn out after %d uses: use "
		    "another one",
		    contents->barcode, CLEANING_USES_MAX);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update cartridges set uses = uses + 1 where id = ?", "i",
		    contents->id);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update elements set cleanings = cleanings + 1, loads = 0 "
		    "where address = ?",
		    "i", (int64_t)drive);
	return status;
}

/* Checks that the drive can use the medium. */
static enum changer_status check_fits(struct changer *changer,
    const struct changer_contents *contents, unsigned drive)
{
	sqlite3_stmt *stmt;
	enum changer_status status = CHANGER_OK;
	const struct model *model;
	const char *name;

	stmt = changer_prepare(changer,
	    "select model, profile from elements where address = ?", "i",
	    (int64_t)drive);
	if (stmt == NULL)
		return CHANGER_ERROR;
	name = sqlite3_step(stmt) == SQLITE_ROW
	    ? (const char *)sqlite3_column_text(stmt, 0)
	    : NULL;
	model = changer_model(changer, name,
	    (const char *)sqlite3_column_text(stmt, 1));
	if (model != NULL &&
	    model_use(model,
		media_find_type(contents->medium, contents->barcode)) ==
		MEDIA_NONE)
		status = changer_refuse(changer, CHANGER_INCOMPATIBLE,
		    CHANGER_REASON_INCOMPATIBLE,
		    "drive %u (%s) cannot use %s: incompatible medium (sense "
		    "3/30/00)",
		    drive - CHANGER_DRIVE_ADDRESS, name, contents->barcode);
	sqlite3_reset(stmt);
	return status;
}

enum changer_status changer_load_by_hand(struct changer *changer,
    const struct changer_contents *contents, unsigned drive, bool any)
{
	enum changer_status status = CHANGER_OK;

	if (contents->cleaning)
		status = clean(changer, contents, drive);
	else if (!any)
		status = check_fits(changer, contents, drive);
	return status == CHANGER_OK ? changer_run(changer,
					  "update elements set by_hand = 1 "
					  "where address = ?",
					  "i", (int64_t)drive)
				    : status;
}

/* Moves a cartridge from a drive back to its source address. */
static enum changer_status move_back(struct changer *changer, unsigned from)
{
	enum changer_status status;
	struct changer_contents contents;
	char name[NAME_BYTES];

	status = changer_inspect(changer, from, &contents);
	if (status == CHANGER_OK && contents.id == 0) {
		changer_element_name(from, name, sizeof name);
		status = changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_SOURCE_EMPTY, "%s is empty", name);
	}
	if (status == CHANGER_OK)
		status = changer_check_not_in_use(changer, from);
	if (status == CHANGER_OK)
		status = changer_attempt_move(changer, &contents, 0);
	return status == CHANGER_OK
	    ? changer_return_cartridge(changer, &contents)
	    : status;
}

static enum changer_status move_to(struct changer *changer, unsigned from,
    unsigned to, bool any)
{
	enum changer_status status;
	struct changer_contents contents;

	status = check_move(changer, from, to, &contents);
	if (status == CHANGER_OK)
		status = changer_attempt_move(changer, &contents, to);
	if (status == CHANGER_OK && changer_is_drive(to))
		status = changer_load_by_hand(changer, &contents, to, any);
	return status == CHANGER_OK ? changer_relocate(changer, &contents, to)
				    : status;
}

static enum changer_status move(struct changer *changer, unsigned from,
    unsigned to, bool any)
{
	enum changer_status status = changer_begin(changer);

	if (status != CHANGER_OK)
		return status;
	status = to == 0 ? move_back(changer, from)
			 : move_to(changer, from, to, any);
	return changer_end(changer, status,
	    status == CHANGER_MOVE_FAILED || status == CHANGER_ROBOT_STUCK);
}

enum changer_status changer_move(struct changer *changer, unsigned from,
    unsigned to)
{
	return move(changer, from, to, false);
}

enum changer_status changer_move_any(struct changer *changer, unsigned from,
    unsigned to)
{
	return move(changer, from, to, true);
}
