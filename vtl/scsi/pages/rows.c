/* rows.c: the tables of commands; see pages.h. */
#include "vtl/scsi/pages/impl.h"

enum {
	/* SPC-2 and SPC-4: allowed whatever is reserved */
	ALWAYS = DEVICE_IGNORES_RESERVATION | DEVICE_IGNORES_PERSISTENT
};

#define INQUIRY                                                               \
	{                                                                     \
		0x12, DEVICE_NO_ACTION, 6, DEVICE_IGNORES_ATTENTION | ALWAYS, \
		    { 0x12, 0x01, 0xff, 0xff, 0xff }, 0, pages_inquiry        \
	}

static const struct device_row drive_rows[] = {
	INQUIRY,
};

static const struct device_row changer_rows[] = {
	INQUIRY,
};

const struct device_rows pages_drive_rows = { drive_rows,
	sizeof drive_rows / sizeof *drive_rows };
const struct device_rows pages_changer_rows = { changer_rows,
	sizeof changer_rows / sizeof *changer_rows };
