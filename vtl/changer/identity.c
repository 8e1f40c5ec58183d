/*
 * identity.c: see identity.h.
 *
 * The numbers of the devices of a library follow each other: TL and eight
 * hexadecimal digits, and an NAA of type 3 (locally assigned, SPC-4).  The
 * first is random.
 */
#include "vtl/changer/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum changer_status changer_draw_identities(struct changer *changer)
{
	const uint64_t mask = (UINT64_C(1) << 48) - 1;
	uint32_t serial;
	uint64_t naa;

	sqlite3_randomness(sizeof serial, &serial);
	sqlite3_randomness(sizeof naa, &naa);
	/* The address is added to the lower 12 bits. */
	naa = (UINT64_C(3) << 60) | (naa & mask) << 12;
	return changer_run(changer,
	    "update elements set serial = printf('TL%08X', (? + address) & "
	    "4294967295), naa = printf('%016x', ? + address) where kind in "
	    "('robot', 'drive')",
	    "ii", (int64_t)serial, (int64_t)naa);
}

enum changer_status changer_renew_identities(struct changer *changer)
{
	enum changer_status status = changer_begin(changer);

	return status == CHANGER_OK
	    ? changer_end(changer, changer_draw_identities(changer), false)
	    : status;
}

static enum changer_status no_device(struct changer *changer, unsigned address)
{
	return changer_error(changer, CHANGER_REFUSED,
	    address >= CHANGER_DRIVE_ADDRESS && address < CHANGER_SLOT_ADDRESS
		? "the library has no drive %u: drives are numbered from 0"
		: "element %u is no device",
	    address >= CHANGER_DRIVE_ADDRESS && address < CHANGER_SLOT_ADDRESS
		? address - CHANGER_DRIVE_ADDRESS
		: address);
}

enum changer_status changer_get_identity(struct changer *changer,
    unsigned address, struct changer_identity *identity)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select vendor, product, revision, serial, naa from elements where "
	    "address = ? and kind in ('robot', 'drive')",
	    "i", (int64_t)address);
	char naa[17];
	bool found;

	memset(identity, 0, sizeof *identity);
	if (stmt == NULL)
		return CHANGER_ERROR;
	found = sqlite3_step(stmt) == SQLITE_ROW;
	if (found) {
		changer_copy_text(identity->vendor, sizeof identity->vendor,
		    stmt, 0);
		changer_copy_text(identity->product, sizeof identity->product,
		    stmt, 1);
		changer_copy_text(identity->revision, sizeof identity->revision,
		    stmt, 2);
		changer_copy_text(identity->serial, sizeof identity->serial,
		    stmt, 3);
		changer_copy_text(naa, sizeof naa, stmt, 4);
		sscanf(naa, "%16" SCNx64, &identity->naa);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	return found ? CHANGER_OK : no_device(changer, address);
}

/* Checks that no other device has one of these numbers. */
static enum changer_status check_unique(struct changer *changer,
    unsigned address, const char *serial, const char *naa)
{
	enum changer_status status;
	int64_t others;

	status = changer_number(changer, &others, 0,
	    "select count(*) from elements where address <> ? and (serial = ? "
	    "or naa = ?)",
	    "iss", (int64_t)address, serial, naa);
	if (status == CHANGER_OK && others > 0)
		return changer_error(changer, CHANGER_REFUSED,
		    "another device of the library has the serial number or "
		    "the NAA: initiators would take the two for one device: "
		    "use other numbers");
	return status;
}

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

enum changer_status changer_write_identity(struct changer *changer,
    unsigned address, const struct changer_identity *identity)
{
	const char *serial = or_null(identity->serial);
	const uint64_t type = identity->naa >> 60;
	enum changer_status status;
	char naa[17] = "";

	if (identity->naa != 0 && type != 2 && type != 3 && type != 5)
		return changer_error(changer, CHANGER_REFUSED,
		    "NAA %016" PRIx64
		    ": the first digit must be 2, 3 (locally assigned) or 5",
		    identity->naa);
	if (identity->naa != 0)
		snprintf(naa, sizeof naa, "%016" PRIx64, identity->naa);
	status = check_unique(changer, address, serial, or_null(naa));
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update elements set vendor = ?, product = ?, revision = "
		    "?, serial = ifnull(?, serial), naa = ifnull(?, naa) where "
		    "address = ? and kind in ('robot', 'drive')",
		    "sssssi", or_null(identity->vendor),
		    or_null(identity->product), or_null(identity->revision),
		    serial, or_null(naa), (int64_t)address);
	if (status == CHANGER_OK && sqlite3_changes(changer->db) == 0)
		status = no_device(changer, address);
	return status;
}

enum changer_status changer_set_identity(struct changer *changer,
    unsigned address, const struct changer_identity *identity)
{
	enum changer_status status = changer_begin(changer);

	return status == CHANGER_OK
	    ? changer_end(changer,
		  changer_write_identity(changer, address, identity), false)
	    : status;
}
