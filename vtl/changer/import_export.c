/* import_export.c: cartridges enter and leave a library. */
#include "vtl/changer/impl.h"

#include <string.h>

#include "vtl/base/media.h"

enum { NAME_BYTES = 48 };

/* Returns the media type, or NULL if none was given. */
static const char *medium_of(const struct changer_cartridge *cartridge)
{
	return cartridge->medium != NULL && cartridge->medium[0] != '\0'
	    ? cartridge->medium
	    : NULL;
}

/* Checks that a cartridge has a file, and a cleaning cartridge has none. */
static enum changer_status check_kind(struct changer *changer,
    const struct changer_cartridge *cartridge)
{
	const bool cleans = media_is_cleaning(cartridge->barcode);

	if (cartridge->file != NULL && cleans)
		return changer_error(changer, CHANGER_REFUSED,
		    "%s cannot be a volume: a barcode that begins with CLN is "
		    "that of a cleaning cartridge",
		    cartridge->barcode);
	if (cartridge->file == NULL && !cleans)
		return changer_error(changer, CHANGER_REFUSED,
		    "%s cannot be a cleaning cartridge: the barcode of one "
		    "begins with CLN",
		    cartridge->barcode);
	if (!changer->in_memory && !changer_barcode_ok(cartridge->barcode))
		return changer_error(changer, CHANGER_REFUSED,
		    "invalid barcode: it must have 1 to 32 printable ASCII "
		    "characters");
	return CHANGER_OK;
}

/* Checks that a cartridge can be put into an element. */
static enum changer_status check_place(struct changer *changer,
    unsigned address, const char *barcode)
{
	enum changer_status status;
	struct changer_contents contents;
	char name[NAME_BYTES];
	int64_t known;

	status = changer_inspect(changer, address, &contents);
	if (status == CHANGER_OK)
		status = changer_number(changer, &known, 0,
		    "select address from cartridges where barcode = ?", "s",
		    barcode);
	if (status == CHANGER_OK)
		status = changer_check_not_in_use(changer, address);
	if (status != CHANGER_OK)
		return status;
	changer_element_name(known != 0 ? (unsigned)known : address, name,
	    sizeof name);
	if (known != 0)
		return changer_error(changer, CHANGER_REFUSED,
		    "the library has a cartridge %s already, in %s", barcode,
		    name);
	if (contents.id != 0)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_DESTINATION_FULL, "%s is full: it holds %s",
		    name, contents.barcode);
	if (address == CHANGER_ROBOT_ADDRESS)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_WRONG_KIND,
		    "a cartridge cannot be put into the robot");
	return CHANGER_OK;
}

static enum changer_status import(struct changer *changer, unsigned address,
    const struct changer_cartridge *cartridge)
{
	enum changer_status status = check_kind(changer, cartridge);
	struct changer_contents contents;

	if (status == CHANGER_OK)
		status = check_place(changer, address, cartridge->barcode);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "insert into cartridges (barcode, file, address, medium) "
		    "values (?, ?, ?, ?)",
		    "ssis", cartridge->barcode, cartridge->file,
		    (int64_t)address, medium_of(cartridge));
	if (status == CHANGER_OK && address >= CHANGER_DRIVE_ADDRESS &&
	    address < CHANGER_SLOT_ADDRESS) {
		status = changer_inspect(changer, address, &contents);
		if (status == CHANGER_OK)
			status = changer_load_by_hand(changer, &contents,
			    address, false);
	}
	return status;
}

enum changer_status changer_import(struct changer *changer, unsigned address,
    const struct changer_cartridge *cartridge)
{
	enum changer_status status = changer_begin(changer);

	return status == CHANGER_OK
	    ? changer_end(changer, import(changer, address, cartridge), false)
	    : status;
}

enum changer_status changer_fill_slots(struct changer *changer,
    const struct changer_cartridge *cartridges, size_t count)
{
	enum changer_status status = changer_begin(changer);
	sqlite3_stmt *stmt;
	size_t i;

	if (status != CHANGER_OK)
		return status;
	stmt = changer_prepare(changer,
	    "insert into cartridges (barcode, file, address, medium) values "
	    "(?, ?, ?, ?)",
	    "");
	if (stmt == NULL)
		return changer_end(changer, CHANGER_ERROR, false);
	for (i = 0; i < count && status == CHANGER_OK; i++) {
		const struct changer_cartridge *c = &cartridges[i];

		status = check_kind(changer, c);
		if (status != CHANGER_OK)
			break;
		sqlite3_bind_text(stmt, 1, c->barcode, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 2, c->file, -1, SQLITE_STATIC);
		sqlite3_bind_int64(stmt, 3, CHANGER_SLOT_ADDRESS + (int64_t)i);
		sqlite3_bind_text(stmt, 4, medium_of(c), -1, SQLITE_STATIC);
		sqlite3_step(stmt);
		if (sqlite3_reset(stmt) != SQLITE_OK)
			status = changer_sqlite_error(changer);
	}
	sqlite3_reset(stmt);
	return changer_end(changer, status, false);
}

enum changer_status changer_export(struct changer *changer, const char *barcode)
{
	enum changer_status status = changer_begin(changer);
	char name[NAME_BYTES];
	int64_t address;

	if (status != CHANGER_OK)
		return status;
	status = changer_number(changer, &address, 0,
	    "select address from cartridges where barcode = ?", "s", barcode);
	changer_element_name((unsigned)address, name, sizeof name);
	if (status == CHANGER_OK && address == 0)
		status = changer_error(changer, CHANGER_REFUSED,
		    "the library has no cartridge %s", barcode);
	else if (status == CHANGER_OK &&
	    (address < CHANGER_IE_ADDRESS || address >= CHANGER_DRIVE_ADDRESS))
		status = changer_error(changer, CHANGER_REFUSED,
		    "%s is in %s: move it to an import/export slot first",
		    barcode, name);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "delete from cartridges where barcode = ?", "s", barcode);
	return changer_end(changer, status, false);
}
