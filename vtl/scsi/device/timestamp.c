/*
 * timestamp.c: REPORT TIMESTAMP and SET TIMESTAMP (SPC-4, 5.2).
 *
 * The timestamp counts milliseconds of the model's time: since power on, or
 * from the value that an initiator has set.  A reset of the unit keeps it.
 */
#include "vtl/scsi/device/impl.h"

#include <string.h>

enum {
	TIMESTAMP_BYTES = 12,
	FOLLOWING_BYTES = 10,
	VALUE_AT = 4,
	ORIGIN_POWER_ON = 0,
	ORIGIN_SET = 2 /* by SET TIMESTAMP */
};

#define VALUE_MASK UINT64_C(0xffffffffffff) /* 48 bits */

static void report(struct device_call *call)
{
	const struct device_timestamp *t = &call->device->timestamp;
	uint8_t data[TIMESTAMP_BYTES] = { 0 };
	uint64_t value =
	    t->value_ms + (uint64_t)(call->now_ns - t->set_ns) / 1000000;

	value &= VALUE_MASK;
	put_be16(data, FOLLOWING_BYTES);
	data[2] = t->is_set ? ORIGIN_SET : ORIGIN_POWER_ON;
	put_be16(data + VALUE_AT, (uint16_t)(value >> 32));
	put_be32(data + VALUE_AT + 2, (uint32_t)value);
	device_reply_begin(call, get_be32(call->cdb + 6));
	device_reply(call, data, sizeof data);
}

static void set(struct device_call *call)
{
	uint32_t bytes = get_be32(call->cdb + 6);
	const uint8_t *list;

	/* A list of no bytes changes nothing. */
	if (bytes == 0)
		return;
	if (bytes < TIMESTAMP_BYTES) {
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
		return;
	}
	list = device_parameters(call, bytes);
	if (list == NULL)
		return;
	call->device->timestamp = (struct device_timestamp){
		.value_ms = (uint64_t)get_be16(list + VALUE_AT) << 32 |
		    get_be32(list + VALUE_AT + 2),
		.set_ns = call->now_ns,
		.is_set = true,
	};
	scsi_attention_establish(call->device->type
				     ->nexuses(call->device->unit),
	    SCSI_TIMESTAMP_CHANGED, call->command->nexus);
}

static const struct device_row rows[] = {
	{ 0xa3, 0x0f, 12, DEVICE_IGNORES_PERSISTENT | DEVICE_ONLY_READS,
	    { 0xa3, 0x1f, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, 0, report },
	{ 0xa4, 0x0f, 12, 0, { 0xa4, 0x1f, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff },
	    0, set },
};

const struct device_rows device_timestamp_rows = { rows,
	sizeof rows / sizeof rows[0] };
