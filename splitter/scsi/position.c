/* position.c: READ POSITION (SSC-4). */
#include "splitter/scsi/commands.h"

bool scsi_send_position(struct scsi_unit *unit, struct scsi_position *position)
{
	enum { BOP = 0x80, LOLU = 0x04 };
	uint8_t data[20] = { 0 };
	const struct scsi_command command = {
		.cdb = { 0x34 },
		.cdb_bytes = 10,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = sizeof data,
		.name = "READ POSITION",
	};

	if (!scsi_ask(unit, &command) || scsi_received(unit) < sizeof data)
		return false;
	*position = (struct scsi_position){
		.at_bop = data[0] & BOP,
		.known = !(data[0] & LOLU),
		.partition = data[1],
	};
	return true;
}
