/*
 * reserve.c: RESERVE and RELEASE, of 6 and 10 bytes (SPC-2).  Third parties
 * and elements of a changer are refused with 5/24/00: no initiator of today
 * uses them.
 */
#include "vtl/scsi/device/impl.h"

enum {
	ELEMENT = 0x01, /* extents, or elements of a changer */
	THIRD_PARTY = 0x10,
	LONGID = 0x02 /* of the form of 10 bytes */
};

/* Returns false, and fails the call, if it is not about the whole unit. */
static bool is_whole(struct device_call *call)
{
	const uint8_t *cdb = call->cdb;

	if (cdb[1] & THIRD_PARTY)
		device_fail_field(call, 1, 4);
	else if (cdb[1] & ELEMENT)
		device_fail_field(call, 1, 0);
	else if (cdb[0] >= 0x20 && (cdb[1] & LONGID))
		device_fail_field(call, 1, 1);
	else if (call->device->reservations.count > 0)
		device_conflict(call);
	return !device_has_failed(call);
}

static void reserve(struct device_call *call)
{
	if (is_whole(call))
		reservation_reserve(&call->device->reservations,
		    call->command->nexus);
}

/* One that has not reserved the unit releases nothing, with good status. */
static void release(struct device_call *call)
{
	if (is_whole(call))
		reservation_nexus_lost(&call->device->reservations,
		    call->command->nexus);
}

enum {
	FREE = DEVICE_IGNORES_RESERVATION | DEVICE_IGNORES_PERSISTENT,
	NONE = DEVICE_NO_ACTION
};

static const struct device_row rows[] = {
	{ 0x16, NONE, 6, DEVICE_IGNORES_PERSISTENT, { 0x16, 0x11 }, 0,
	    reserve },
	{ 0x17, NONE, 6, FREE, { 0x17, 0x11 }, 0, release },
	{ 0x56, NONE, 10, DEVICE_IGNORES_PERSISTENT, { 0x56, 0x13 }, 0,
	    reserve },
	{ 0x57, NONE, 10, FREE, { 0x57, 0x13 }, 0, release },
};

const struct device_rows device_reserve_rows = { rows,
	sizeof rows / sizeof rows[0] };
