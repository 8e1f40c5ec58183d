/*
 * common.c: the commands of every device: REQUEST SENSE, REPORT LUNS, REPORT
 * SUPPORTED TASK MANAGEMENT FUNCTIONS.
 */
#include "vtl/scsi/device/impl.h"

#include <string.h>

#include "vtl/scsi/device/opcodes.h"

enum { SELECT_REPORT_MAX = 2, ONLY_WELL_KNOWN = 1, LUNS_MIN_BYTES = 16 };

static void report_luns(struct device_call *call)
{
	const struct device_command *command = call->command;
	uint32_t allocation = get_be32(call->cdb + 6);
	bool none = call->cdb[2] == ONLY_WELL_KNOWN;
	size_t count = none ? 0 : command->lun_count;
	uint8_t header[8] = { 0 };

	if (call->cdb[2] > SELECT_REPORT_MAX) {
		device_fail_field(call, 2, DEVICE_NO_BIT);
		return;
	}
	if (allocation < LUNS_MIN_BYTES) {
		device_fail_field(call, 6, DEVICE_NO_BIT);
		return;
	}
	device_reply_begin(call, allocation);
	put_be32(header, count * 8);
	device_reply(call, header, sizeof header);
	for (size_t i = 0; i < count; i++) {
		uint8_t lun[8] = { 0 };

		/* Flat addressing (SAM-5) from 256 on. */
		put_be16(lun,
		    command->luns[i] < 256
			? command->luns[i]
			: 0x4000u | (command->luns[i] & 0x3fffu));
		device_reply(call, lun, sizeof lun);
	}
}

/*
 * REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS.  The extended answer says that
 * the time-outs are unknown.
 */
static void report_functions(struct device_call *call)
{
	enum {
		ABORT_TASK = 0x80,
		ABORT_TASK_SET = 0x40,
		CLEAR_TASK_SET = 0x10,
		UNIT_RESET = 0x08,
		TARGET_RESET = 0x02,
		EXTENDED = 0x80, /* REPD */
		BYTES = 4,
		EXTENDED_BYTES = 16
	};
	bool extended = call->cdb[2] & EXTENDED;
	uint32_t allocation = get_be32(call->cdb + 6);
	uint8_t data[EXTENDED_BYTES] = { ABORT_TASK | ABORT_TASK_SET |
		CLEAR_TASK_SET | UNIT_RESET | TARGET_RESET };

	if (allocation < BYTES) {
		device_fail_field(call, 6, DEVICE_NO_BIT);
		return;
	}
	data[3] = extended ? EXTENDED_BYTES - BYTES : 0;
	device_reply_begin(call, allocation);
	device_reply(call, data, extended ? EXTENDED_BYTES : BYTES);
}

static void reply_sense(struct device_call *call,
    const struct scsi_sense *sense)
{
	uint8_t bytes[SCSI_SENSE_BYTES];
	size_t n = scsi_sense_encode(sense, call->cdb[1] & 1, bytes);

	device_reply_begin(call, call->cdb[4]);
	device_reply(call, bytes, n);
}

static void request_sense(struct device_call *call)
{
	struct device *device = call->device;
	const struct sense *attention =
	    scsi_attention_take(device->type->nexuses(device->unit),
		call->command->nexus);
	struct scsi_sense sense = { .sense = { .key = SENSE_NO_SENSE } };

	if (attention != NULL)
		sense.sense = *attention;
	else if (!call->command->beside && !call->beside)
		device->type->request_sense(call, &sense);
	reply_sense(call, &sense);
}

static const struct device_row rows[] = {
	{ 0x03, DEVICE_NO_ACTION, 6,
	    DEVICE_IGNORES_ATTENTION | DEVICE_IGNORES_RESERVATION |
		DEVICE_IGNORES_PERSISTENT,
	    { 0x03, 0x01, 0, 0, 0xff }, 0, request_sense },
	{ 0xa0, DEVICE_NO_ACTION, 12,
	    DEVICE_IGNORES_ATTENTION | DEVICE_IGNORES_RESERVATION |
		DEVICE_IGNORES_PERSISTENT,
	    { 0xa0, 0, 0xff, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 0,
	    report_luns },
	{ 0xa3, 0x0c, 12, DEVICE_IGNORES_PERSISTENT | DEVICE_ONLY_READS,
	    { 0xa3, 0x1f, 0x87, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 0,
	    device_report_opcodes },
	{ 0xa3, 0x0d, 12, DEVICE_IGNORES_PERSISTENT | DEVICE_ONLY_READS,
	    { 0xa3, 0x1f, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 0,
	    report_functions },
};

const struct device_rows device_common_rows = { rows,
	sizeof rows / sizeof rows[0] };

/* The answers for a LUN that does not exist (SPC-4). */
static void inquiry_without_unit(struct device_call *call)
{
	/* qualifier 3, type 1Fh: no device is possible here */
	const uint8_t data[36] = { 0x7f, 0, 6, 2, 36 - 5 };

	if (call->cdb[1] & 1) {
		device_fail_field(call, 1, 0);
		return;
	}
	device_reply_begin(call, get_be16(call->cdb + 3));
	device_reply(call, data, sizeof data);
}

void device_execute_without_unit(const struct device_command *command,
    struct device_answer *answer)
{
	const struct scsi_sense no_lun = {
		.sense = { .key = SENSE_ILLEGAL_REQUEST, .asc = 0x25 },
	};
	struct device_call call = {
		.command = command, .cdb = command->cdb, .answer = answer
	};

	device_answer_init(answer, 0);
	if (command->cdb[0] == 0x12)
		inquiry_without_unit(&call);
	else if (command->cdb[0] == 0x03)
		reply_sense(&call, &no_lun);
	else if (command->cdb[0] == 0xa0)
		report_luns(&call);
	else
		device_fail(&call, SENSE_ILLEGAL_REQUEST, 0x25, 0);
	device_answer_finish(&call, false);
}
