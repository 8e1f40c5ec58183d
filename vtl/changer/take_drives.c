/* take_drives.c: gives all drives of a library to one client. */
#include "vtl/changer/impl.h"

/* Checks that no other client uses a drive. */
static enum changer_status check_free(struct changer *changer)
{
	enum changer_status status;
	int64_t drives;
	unsigned i;

	status = changer_number(changer, &drives, 0,
	    "select count(*) from elements where kind = 'drive'", "");
	for (i = 0; i < drives && status == CHANGER_OK; i++)
		status = changer_check_not_in_use(changer,
		    CHANGER_DRIVE_ADDRESS + i);
	return status == CHANGER_REFUSED ? CHANGER_IN_USE : status;
}

enum changer_status changer_take_drives(struct changer *changer)
{
	enum changer_status status = changer_begin(changer);
	int64_t client = changer->client;

	if (status != CHANGER_OK)
		return status;
	status = check_free(changer);
	if (status == CHANGER_OK)
		status = changer_register(changer);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update elements set client = ?, open = 0, by_hand = exists "
		    "(select 1 from cartridges c where c.address = "
		    "elements.address) where kind = 'drive'",
		    "i", changer->client);
	status = changer_end(changer, status, false);
	if (status != CHANGER_OK)
		changer_unregister(changer, client); /* rolled back */
	return status;
}
