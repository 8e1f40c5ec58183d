/* persistent_in.c: PERSISTENT RESERVE IN (SPC-4, 6.15). */
#include "vtl/scsi/device/impl.h"
#include "vtl/scsi/device/transport_id.h"

#include <string.h>

enum {
	SIP_C = 0x08, /* initiator ports can be specified */
	ATP_C = 0x04, /* all target ports can be registered */
	TMV = 0x80,   /* the mask of types is valid */
	ALL_TG_PT = 0x02,
	R_HOLDER = 0x01,
	STATUS_BYTES = 24,
	RELATIVE_PORT = 1
};

/* Begins the answer with the generation and the length of what follows. */
static void reply_header(struct device_call *call, size_t bytes)
{
	uint8_t header[8];

	put_be32(header, call->device->reservations.generation);
	put_be32(header + 4, bytes);
	device_reply_begin(call, get_be16(call->cdb + 7));
	device_reply(call, header, sizeof header);
}

static void read_keys(struct device_call *call)
{
	const struct reservations *r = &call->device->reservations;

	reply_header(call, 8 * r->count);
	for (size_t i = 0; i < r->count; i++) {
		uint8_t key[8];

		put_be64(key, r->registrants[i].key);
		device_reply(call, key, sizeof key);
	}
}

static void read_reservation(struct device_call *call)
{
	const struct reservations *r = &call->device->reservations;
	uint8_t data[16] = { 0 };

	if (r->type == RESERVATION_NONE) {
		reply_header(call, 0);
		return;
	}
	/* The key is 0 if all registrants hold the reservation. */
	for (size_t i = 0; i < r->count; i++)
		if (r->registrants[i].holds && !reservation_is_of_all(r->type))
			put_be64(data, r->registrants[i].key);
	data[13] = r->type;
	reply_header(call, sizeof data);
	device_reply(call, data, sizeof data);
}

static void report_capabilities(struct device_call *call)
{
	static const uint8_t data[8] = { 0, 8, SIP_C | ATP_C, TMV,
		1 << WRITE_EXCLUSIVE | 1 << EXCLUSIVE_ACCESS |
		    1 << WRITE_EXCLUSIVE_REGISTRANTS |
		    1 << EXCLUSIVE_ACCESS_REGISTRANTS |
		    1 << WRITE_EXCLUSIVE_ALL,
		1 << (EXCLUSIVE_ACCESS_ALL - 8) };

	device_reply_begin(call, get_be16(call->cdb + 7));
	device_reply(call, data, sizeof data);
}

static void read_full_status(struct device_call *call)
{
	const struct reservations *r = &call->device->reservations;
	uint8_t id[TRANSPORT_ID_MAX_BYTES];
	size_t bytes = 0;

	for (size_t i = 0; i < r->count; i++)
		bytes += STATUS_BYTES +
		    transport_id_encode(&r->registrants[i].port, id);
	reply_header(call, bytes);
	for (size_t i = 0; i < r->count; i++) {
		const struct reservation_registrant *one = &r->registrants[i];
		bool holds = reservation_is_holder(r, one);
		size_t n = transport_id_encode(&one->port, id);
		uint8_t status[STATUS_BYTES] = { 0 };

		put_be64(status, one->key);
		status[12] = (uint8_t)((one->all_targets ? ALL_TG_PT : 0) |
		    (holds ? R_HOLDER : 0));
		status[13] = holds ? r->type : 0;
		put_be16(status + 18, one->all_targets ? 0 : RELATIVE_PORT);
		put_be32(status + 20, n);
		device_reply(call, status, sizeof status);
		device_reply(call, id, n);
	}
}

static void persistent_in(struct device_call *call)
{
	static device_run *const actions[] = { read_keys, read_reservation,
		report_capabilities, read_full_status };

	if (reservation_is_reserved(&call->device->reservations))
		device_conflict(call);
	else
		actions[call->cdb[1] & 0x1f](call);
}

#define ROW(action)                                               \
	{                                                         \
		0x5e, (action), 10, DEVICE_IGNORES_PERSISTENT,    \
		    { 0x5e, 0x1f, 0, 0, 0, 0, 0, 0xff, 0xff }, 0, \
		    persistent_in                                 \
	}

static const struct device_row rows[] = { ROW(0), ROW(1), ROW(2), ROW(3) };

const struct device_rows device_persistent_in_rows = { rows,
	sizeof rows / sizeof rows[0] };
