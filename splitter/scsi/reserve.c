/* reserve.c: RESERVE, RELEASE (SPC-2), PREVENT ALLOW MEDIUM REMOVAL (SPC-4). */
#include "splitter/scsi/commands.h"

bool scsi_send_reserve(struct scsi_unit *unit)
{
	const struct scsi_command command = {
		.cdb = { 0x16 },
		.cdb_bytes = 6,
		.name = "RESERVE",
	};

	return scsi_ask(unit, &command);
}

bool scsi_send_release(struct scsi_unit *unit)
{
	const struct scsi_command command = {
		.cdb = { 0x17 },
		.cdb_bytes = 6,
		.name = "RELEASE",
	};

	return scsi_ask(unit, &command);
}

bool scsi_send_prevent(struct scsi_unit *unit, bool prevent)
{
	const struct scsi_command command = {
		.cdb = { 0x1e, 0, 0, 0, prevent },
		.cdb_bytes = 6,
		.name = "PREVENT ALLOW MEDIUM REMOVAL",
	};

	return scsi_ask(unit, &command);
}
