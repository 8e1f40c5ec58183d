/* exchange.c: a drive is exchanged for one of another model. */
#include "vtl/changer/drive_settings.h"
#include "vtl/changer/impl.h"

static enum changer_status set_model(struct changer *changer, unsigned drive,
    const struct model *model)
{
	unsigned address = CHANGER_DRIVE_ADDRESS + drive;
	struct changer_contents contents;
	enum changer_status status =
	    changer_inspect(changer, address, &contents);

	if (status == CHANGER_OK)
		status = changer_check_not_in_use(changer, address);
	if (status != CHANGER_OK)
		return status;
	if (contents.id != 0)
		return changer_error(changer, CHANGER_REFUSED,
		    "drive %u cannot be exchanged: it holds %s; unload it "
		    "first",
		    drive, contents.barcode);
	return changer_run(changer,
	    "update elements set model = ?, profile = null, loads = 0 where "
	    "address = ?",
	    "si", model->name, (int64_t)address);
}

enum changer_status changer_set_model(struct changer *changer, unsigned drive,
    const struct model *model)
{
	enum changer_status status = changer_begin(changer);

	return status == CHANGER_OK
	    ? changer_end(changer, set_model(changer, drive, model), false)
	    : status;
}
