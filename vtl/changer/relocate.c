/*
 * relocate.c: records that a cartridge is in another element.
 *
 * A cartridge goes back to its source address, or, if that is full, to the
 * first empty storage slot.
 */
#include "vtl/changer/impl.h"

bool changer_is_drive(unsigned address)
{
	return address >= CHANGER_DRIVE_ADDRESS &&
	    address < CHANGER_SLOT_ADDRESS;
}

static bool is_ie(unsigned address)
{
	return address >= CHANGER_IE_ADDRESS && address < CHANGER_DRIVE_ADDRESS;
}

enum changer_status changer_relocate(struct changer *changer,
    const struct changer_contents *contents, unsigned to)
{
	enum changer_status status;
	/* A move between drives keeps the source address. */
	int64_t from = changer_is_drive(contents->address)
	    ? contents->source_address
	    : contents->address;
	int64_t keep = changer_is_drive(to) ? from : 0;

	/* It tells what the robot brought from what a person put there. */
	if (is_ie(to))
		keep = from != 0 ? from : contents->address;
	/*
	 * A cartridge put into a drive from outside has no source address:
	 * null.
	 */
	status = changer_run(changer,
	    "update cartridges set address = ?, source_address = nullif(?, 0) "
	    "where id = ?",
	    "iii", (int64_t)to, keep, contents->id);
	if (status == CHANGER_OK && changer_is_drive(contents->address))
		status = changer_run(changer,
		    "update elements set by_hand = 0 where address = ?", "i",
		    (int64_t)contents->address);
	return status;
}

enum changer_status changer_return_cartridge(struct changer *changer,
    const struct changer_contents *contents)
{
	enum changer_status status;
	int64_t to;

	status = changer_number(changer, &to, 0,
	    "select address from elements where address not in (select address "
	    "from cartridges) and (address = ? or kind = 'slot') order by "
	    "address <> ?, address limit 1",
	    "ii", (int64_t)contents->source_address,
	    (int64_t)contents->source_address);
	if (status != CHANGER_OK)
		return status;
	if (to == 0)
		return changer_refuse(changer, CHANGER_REFUSED,
		    CHANGER_REASON_SLOTS_FULL,
		    "%s stays in its drive: every slot is full: empty one",
		    contents->barcode);
	return changer_relocate(changer, contents, (unsigned)to);
}
