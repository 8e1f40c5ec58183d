/*
 * diagnostic.c: buffers and diagnostics (SPC-4).
 *
 * The device has a buffer of 0 bytes, and no diagnostic pages except the list
 * of them.  LTFS reads the buffer to save the log of a drive after an error; it
 * relies on a length in the answer.
 */
#include "vtl/scsi/pages/impl.h"

enum {
	MODE = 0x1f,
	DATA = 0x02,
	DESCRIPTOR = 0x03,
	SELF_TEST = 0x04,
	PAGE_VALID = 0x01 /* PCV */
};

void pages_read_buffer(struct device_call *call)
{
	const uint8_t none[4] = { 0 };

	device_reply_begin(call, get_be24(call->cdb + 6));
	switch (call->cdb[1] & MODE) {
	case DATA:
		if (get_be24(call->cdb + 3) != 0)
			device_fail_field(call, 3, DEVICE_NO_BIT);
		break;
	case DESCRIPTOR:
		device_reply(call, none, sizeof none);
		break;
	default:
		device_fail_field(call, 1, 4);
		break;
	}
}

void pages_write_buffer(struct device_call *call)
{
	if ((call->cdb[1] & MODE) != DATA)
		device_fail_field(call, 1, 4);
	else if (get_be24(call->cdb + 3) != 0)
		device_fail_field(call, 3, DEVICE_NO_BIT);
	else if (get_be24(call->cdb + 6) != 0)
		device_fail_field(call, 6, DEVICE_NO_BIT);
}

void pages_receive_diagnostic(struct device_call *call)
{
	/* page 00h: the list of pages, which has only itself */
	const uint8_t list[] = { 0, 0, 0, 1, 0 };

	/* Without PCV: the results of the last test, which has none. */
	if ((call->cdb[1] & PAGE_VALID) == 0)
		return;
	if (call->cdb[2] != 0) {
		device_fail_field(call, 2, DEVICE_NO_BIT);
		return;
	}
	device_reply_begin(call, get_be16(call->cdb + 3));
	device_reply(call, list, sizeof list);
}

/* The self-test succeeds: faults show when the device is used. */
void pages_send_diagnostic(struct device_call *call)
{
	if (get_be16(call->cdb + 3) != 0)
		device_fail_field(call, 3, DEVICE_NO_BIT);
}
