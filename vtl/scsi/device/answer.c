/* answer.c: how a command answers; see row.h. */
#include "vtl/scsi/device/impl.h"

#include <string.h>

void device_answer_init(struct device_answer *answer, int64_t now_ns)
{
	memset(answer, 0, sizeof *answer);
	answer->done_ns = now_ns;
}

void device_answer_finish(struct device_call *call, bool descriptors)
{
	struct device_answer *answer = call->answer;

	answer->residual =
	    (int64_t)call->command->expected - (int64_t)call->wanted;
	if (answer->status == DEVICE_CHECK_CONDITION)
		answer->sense_bytes = scsi_sense_encode(&answer->decoded,
		    descriptors, answer->sense);
}

static void check(struct device_call *call, const struct scsi_sense *sense)
{
	call->answer->status = DEVICE_CHECK_CONDITION;
	call->answer->decoded = *sense;
}

void device_conflict(struct device_call *call)
{
	call->answer->status = DEVICE_RESERVATION_CONFLICT;
}

void device_fail(struct device_call *call, uint8_t key, uint8_t asc,
    uint8_t ascq)
{
	const struct scsi_sense sense = {
		.sense = { .key = key, .asc = asc, .ascq = ascq },
	};

	check(call, &sense);
}

static void fail_field(struct device_call *call, uint8_t asc, bool in_cdb,
    unsigned byte, int bit)
{
	const struct scsi_sense sense = {
		.sense = { .key = SENSE_ILLEGAL_REQUEST, .asc = asc },
		.has_field = true,
		.field_in_cdb = in_cdb,
		.field_byte = (uint16_t)byte,
		.field_bit = (int8_t)bit,
	};

	check(call, &sense);
}

void device_fail_field(struct device_call *call, unsigned byte, int bit)
{
	fail_field(call, 0x24, true, byte, bit);
}

void device_fail_opcode(struct device_call *call)
{
	fail_field(call, 0x20, true, 0, DEVICE_NO_BIT);
}

void device_fail_parameter(struct device_call *call, unsigned byte, int bit)
{
	fail_field(call, 0x26, false, byte, bit);
}

void device_take(struct device_call *call, const struct scsi_result *result)
{
	call->answer->done_ns = result->done_ns;
	if (result->check)
		check(call, &result->sense);
}

bool device_has_failed(const struct device_call *call)
{
	return call->answer->status != DEVICE_GOOD;
}

void device_reply_begin(struct device_call *call, uint64_t allocation)
{
	call->allocation = allocation;
}

void device_reply(struct device_call *call, const void *data, size_t bytes)
{
	const struct device_command *command = call->command;
	uint64_t room = command->in_room;
	uint64_t n;

	if (room > command->expected)
		room = command->expected;
	if (bytes > call->allocation - call->wanted)
		bytes = (size_t)(call->allocation - call->wanted);
	n = call->wanted < room ? room - call->wanted : 0;
	if (n > bytes)
		n = bytes;
	if (n > 0)
		memcpy((uint8_t *)command->in + call->answer->in_bytes, data,
		    n);
	call->answer->in_bytes += (uint32_t)n;
	call->wanted += bytes;
}

const uint8_t *device_parameters(struct device_call *call, uint64_t bytes)
{
	if (bytes > call->command->out_bytes) {
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
		return NULL;
	}
	call->wanted = bytes;
	return call->command->out;
}

static bool expects(struct device_call *call, uint64_t bytes, uint64_t room)
{
	if (bytes <= room && bytes <= call->command->expected)
		return true;
	device_fail(call, SENSE_ILLEGAL_REQUEST, 0x0e, 3);
	return false;
}

bool device_expects_in(struct device_call *call, uint64_t bytes)
{
	return expects(call, bytes, call->command->in_room);
}

bool device_expects_out(struct device_call *call, uint64_t bytes)
{
	return expects(call, bytes, call->command->out_bytes);
}

void device_transferred(struct device_call *call, uint64_t bytes)
{
	call->wanted = bytes;
}

const struct device_port *device_call_port(const struct device_call *call)
{
	return &call->device->nexus[call->command->nexus].port;
}
