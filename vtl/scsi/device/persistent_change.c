/*
 * persistent_change.c: changes registrations and the persistent reservation, with
 * unit attentions for the nexuses that lost something.
 */
#include "vtl/scsi/device/persistent_impl.h"

#include <string.h>

struct persistent *persistent_changed(struct persistent *out)
{
	out->r->generation++;
	return out;
}

uint64_t persistent_nexuses(struct persistent *out,
    const struct reservation_registrant *registrant)
{
	struct device *device = out->call->device;
	uint64_t nexuses = 0;

	pthread_mutex_lock(&device->nexus_lock);
	for (unsigned i = 0; i < DEVICE_NEXUSES; i++)
		if (device->nexus[i].open &&
		    reservation_find(out->r, &device->nexus[i].port) ==
			registrant)
			nexuses |= UINT64_C(1) << i;
	pthread_mutex_unlock(&device->nexus_lock);
	return nexuses;
}

void persistent_tell(struct persistent *out, uint64_t nexuses,
    enum scsi_attention attention)
{
	struct device *device = out->call->device;

	for (unsigned i = 0; i < DEVICE_NEXUSES; i++)
		if ((nexuses >> i & 1) && i != out->call->command->nexus)
			scsi_attention_set(device->type->nexuses(device->unit),
			    i, attention);
}

void persistent_tell_all(struct persistent *out, enum scsi_attention attention)
{
	for (size_t i = 0; i < out->r->count; i++)
		persistent_tell(out,
		    persistent_nexuses(out, &out->r->registrants[i]),
		    attention);
}

void persistent_end(struct persistent *out)
{
	bool for_registrants = reservation_is_for_registrants(out->r->type);

	out->r->type = RESERVATION_NONE;
	for (size_t i = 0; i < out->r->count; i++)
		out->r->registrants[i].holds = false;
	if (for_registrants)
		persistent_tell_all(out, SCSI_RESERVATIONS_RELEASED);
}

void persistent_remove(struct persistent *out,
    struct reservation_registrant *registrant)
{
	struct reservations *r = out->r;
	size_t i = (size_t)(registrant - r->registrants);
	bool held = registrant->holds;

	memmove(registrant, registrant + 1,
	    (r->count - i - 1) * sizeof *registrant);
	r->count--;
	if (r->type != RESERVATION_NONE &&
	    (reservation_is_of_all(r->type) ? r->count == 0 : held))
		persistent_end(out);
}

bool persistent_has_room(struct persistent *out, size_t registrants)
{
	if (registrants <= RESERVATION_REGISTRANTS - out->r->count)
		return true;
	device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x55, 4);
	return false;
}

struct reservation_registrant *persistent_add(struct persistent *out,
    const struct device_port *port, uint64_t key, bool all_targets)
{
	struct reservation_registrant *one =
	    &out->r->registrants[out->r->count++];

	*one = (struct reservation_registrant){
		.port = *port, .all_targets = all_targets, .key = key
	};
	return one;
}
