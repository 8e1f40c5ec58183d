/* opcodes.c: REPORT SUPPORTED OPERATION CODES (SPC-4). */
#include "splitter/scsi/commands.h"

#include <stdlib.h>

#include "splitter/base/big_endian.h"

bool scsi_send_has_bits(struct scsi_unit *unit, uint8_t opcode, unsigned byte,
    uint8_t bits)
{
	enum { ONE_COMMAND = 1, SUPPORT = 0x07, STANDARD = 3, HEADER = 4 };
	uint8_t data[HEADER + SCSI_CDB_BYTES] = { 0 };
	struct scsi_command command = {
		.cdb = { 0xa3, 0x0c, ONE_COMMAND, opcode },
		.cdb_bytes = 12,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = sizeof data,
		.name = "REPORT SUPPORTED OPERATION CODES",
	};

	put_be32(command.cdb + 6, sizeof data);
	return byte < SCSI_CDB_BYTES && scsi_ask(unit, &command) &&
	    scsi_received(unit) > HEADER + byte &&
	    (data[1] & SUPPORT) == STANDARD && get_be16(data + 2) > byte &&
	    (data[HEADER + byte] & bits) == bits;
}

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
