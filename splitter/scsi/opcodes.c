/* opcodes.c: REPORT SUPPORTED OPERATION CODES (SPC-4). */
#include "splitter/scsi/commands.h"

#include <stdlib.h>

#include "splitter/base/big_endian.h"

bool scsi_send_opcodes(struct scsi_unit *unit, unsigned generation)
{
	enum { RCTD = 0x80, BYTES = 16 << 10 };
	struct scsi_command command = {
		.cdb = { 0xa3, 0x0c, RCTD },
		.cdb_bytes = 12,
		.direction = SCSI_DATA_IN,
		.data_bytes = BYTES,
		.name = "REPORT SUPPORTED OPERATION CODES",
	};
	struct scsi_timeouts *t = &unit->timeouts;
	uint8_t *data = calloc(1, BYTES);
	bool reported;

	t->generation = generation;
	t->source =
	    generation > 0 ? SCSI_TIMEOUTS_GENERATION : SCSI_TIMEOUTS_LONGEST;
	if (data == NULL)
		return false;
	command.in = data;
	put_be32(command.cdb + 6, BYTES);
	reported = scsi_ask(unit, &command) &&
	    scsi_timeouts_take(t, data, scsi_received(unit));
	free(data);
	return reported;
}
