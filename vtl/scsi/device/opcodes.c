/* opcodes.c: REPORT SUPPORTED OPERATION CODES (SPC-4), from the rows. */
#include "vtl/scsi/device/opcodes.h"

#include "vtl/scsi/device/impl.h"

enum {
	RCTD = 0x80, /* report command time-outs descriptors */
	CTDP = 0x02, /* one follows */
	SERVACTV = 0x01,
	CTDP_ONE = 0x80, /* in the answer about one command */
	NOT_SUPPORTED = 1,
	SUPPORTED = 3,
	TIMEOUT_BYTES = 12,
	TIMEOUT_DEFAULT_S = 60
};

enum { ALL, BY_OPCODE, BY_ACTION, BY_EITHER };

static void reply_timeout(struct device_call *call,
    const struct device_row *row)
{
	uint8_t bytes[TIMEOUT_BYTES] = { 0 };

	put_be16(bytes, TIMEOUT_BYTES - 2);
	/* The nominal time is unknown: 0. */
	put_be32(bytes + 8,
	    row->timeout_s > 0 ? row->timeout_s : TIMEOUT_DEFAULT_S);
	device_reply(call, bytes, sizeof bytes);
}

static void report_all(struct device_call *call, bool timeouts)
{
	const struct device *device = call->device;
	size_t each = timeouts ? 8 + TIMEOUT_BYTES : 8;
	uint8_t bytes[8] = { 0 };

	put_be32(bytes, device->row_count * each);
	device_reply(call, bytes, 4);
	for (size_t i = 0; i < device->row_count; i++) {
		const struct device_row *row = device->rows[i];
		bool has_action = row->action != DEVICE_NO_ACTION;

		put_be64(bytes, 0);
		bytes[0] = row->opcode;
		put_be16(bytes + 2, has_action ? (uint64_t)row->action : 0);
		bytes[5] = (uint8_t)((timeouts ? CTDP : 0) |
		    (has_action ? SERVACTV : 0));
		put_be16(bytes + 6, row->bytes);
		device_reply(call, bytes, sizeof bytes);
		if (timeouts)
			reply_timeout(call, row);
	}
}

static void report_one(struct device_call *call, const struct device_row *row,
    bool timeouts)
{
	uint8_t bytes[4] = { 0, NOT_SUPPORTED };

	if (row != NULL) {
		bytes[1] = (uint8_t)(SUPPORTED | (timeouts ? CTDP_ONE : 0));
		put_be16(bytes + 2, row->bytes);
	}
	device_reply(call, bytes, sizeof bytes);
	if (row == NULL)
		return;
	device_reply(call, row->usage, row->bytes);
	if (timeouts)
		reply_timeout(call, row);
}

void device_report_opcodes(struct device_call *call)
{
	const struct device *device = call->device;
	bool timeouts = call->cdb[2] & RCTD;
	unsigned option = call->cdb[2] & 0x07;
	uint8_t opcode = call->cdb[3];
	uint16_t action = get_be16(call->cdb + 4);
	const struct device_row *match = NULL;
	bool has_actions = false;

	if (option > BY_EITHER) {
		device_fail_field(call, 2, 2);
		return;
	}
	device_reply_begin(call, get_be32(call->cdb + 6));
	if (option == ALL) {
		report_all(call, timeouts);
		return;
	}
	for (size_t i = 0; i < device->row_count; i++) {
		const struct device_row *row = device->rows[i];

		if (row->opcode != opcode)
			continue;
		if (row->action == DEVICE_NO_ACTION ? option != BY_ACTION
						    : row->action == action)
			match = row;
		has_actions = row->action != DEVICE_NO_ACTION;
	}
	/*
	 * An operation code with service actions cannot be asked about without
	 * one, nor the reverse.
	 */
	if (option == BY_OPCODE && has_actions) {
		device_fail_field(call, 2, 2);
		return;
	}
	if (option == BY_ACTION && !has_actions && match == NULL) {
		for (size_t i = 0; i < device->row_count; i++) {
			if (device->rows[i]->opcode != opcode)
				continue;
			device_fail_field(call, 2, 2);
			return;
		}
	}
	report_one(call, match, timeouts);
}
