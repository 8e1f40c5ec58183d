/* reservation.c: see reservation.h. */
#include "vtl/scsi/device/reservation.h"

#include <string.h>

enum { REMOVAL_BITS = 0x03 };

bool reservation_is_type(unsigned type)
{
	return type == WRITE_EXCLUSIVE || type == EXCLUSIVE_ACCESS ||
	    (type >= WRITE_EXCLUSIVE_REGISTRANTS &&
		type <= EXCLUSIVE_ACCESS_ALL);
}

bool reservation_is_of_all(enum reservation_type type)
{
	return type == WRITE_EXCLUSIVE_ALL || type == EXCLUSIVE_ACCESS_ALL;
}

bool reservation_is_for_registrants(enum reservation_type type)
{
	return type >= WRITE_EXCLUSIVE_REGISTRANTS;
}

static bool permits_reading(enum reservation_type type)
{
	return type == WRITE_EXCLUSIVE || type == WRITE_EXCLUSIVE_REGISTRANTS ||
	    type == WRITE_EXCLUSIVE_ALL;
}

struct reservation_registrant *reservation_find(struct reservations *r,
    const struct device_port *port)
{
	for (size_t i = 0; i < r->count; i++) {
		struct reservation_registrant *one = &r->registrants[i];

		if (memcmp(one->port.isid, port->isid, sizeof port->isid) ==
			0 &&
		    strcmp(one->port.initiator, port->initiator) == 0 &&
		    (one->all_targets ||
			strcmp(one->port.target, port->target) == 0))
			return one;
	}
	return NULL;
}

bool reservation_is_holder(const struct reservations *r,
    const struct reservation_registrant *registrant)
{
	return r->type != RESERVATION_NONE &&
	    (registrant->holds || reservation_is_of_all(r->type));
}

bool reservation_conflicts(struct reservations *r,
    const struct device_call *call, const struct device_row *row)
{
	const struct reservation_registrant *own;
	unsigned reserver;

	if ((row->flags & DEVICE_ALLOWS_REMOVAL) &&
	    (call->cdb[4] & REMOVAL_BITS) == 0)
		return false;
	reserver = r->reserver;
	if (reserver != 0 && reserver - 1 != call->command->nexus &&
	    (row->flags & DEVICE_IGNORES_RESERVATION) == 0)
		return true;
	if (r->type == RESERVATION_NONE ||
	    (row->flags & DEVICE_IGNORES_PERSISTENT))
		return false;
	own = reservation_find(r, device_call_port(call));
	if (own != NULL &&
	    (own->holds || reservation_is_for_registrants(r->type)))
		return false;
	return !permits_reading(r->type) ||
	    (row->flags & DEVICE_ONLY_READS) == 0;
}

bool reservation_is_reserved(const struct reservations *r)
{
	return r->reserver != 0;
}

void reservation_reserve(struct reservations *r, unsigned nexus)
{
	r->reserver = nexus + 1;
}

void reservation_nexus_lost(struct reservations *r, unsigned nexus)
{
	unsigned own = nexus + 1;

	atomic_compare_exchange_strong(&r->reserver, &own, 0);
}

void reservation_reset(struct reservations *r)
{
	r->reserver = 0;
}
