/*
 * persistent_register.c: REGISTER of PERSISTENT RESERVE OUT, and the TransportIDs
 * in its parameters.
 */
#include "vtl/scsi/device/persistent_impl.h"
#include "vtl/scsi/device/transport_id.h"

#include <string.h>

size_t persistent_read_ports(struct persistent *out, size_t at,
    struct persistent_ports *ports)
{
	struct device *device = out->call->device;
	const struct device_port *own = device_call_port(out->call);
	struct device_port port = *own;
	bool has_isid;
	size_t n = transport_id_decode(out->list + at, out->bytes - at, &port,
	    &has_isid);

	ports->count = 0;
	if (n > 0 && has_isid)
		ports->list[ports->count++] = port;
	pthread_mutex_lock(&device->nexus_lock);
	for (unsigned i = 0; n > 0 && !has_isid && i < DEVICE_NEXUSES; i++) {
		const struct device_nexus *nexus = &device->nexus[i];

		if (nexus->open &&
		    strcmp(nexus->port.initiator, port.initiator) == 0 &&
		    strcmp(nexus->port.target, own->target) == 0)
			ports->list[ports->count++] = nexus->port;
	}
	pthread_mutex_unlock(&device->nexus_lock);
	if (ports->count > 0)
		return n;
	device_fail_parameter(out->call, (unsigned)at, DEVICE_NO_BIT);
	return 0;
}

/*
 * Registers the ports of the list of TransportIDs, if `really`.  Returns how
 * many are new; fails the call if one is not valid.
 */
static size_t register_others(struct persistent *out, bool all_targets,
    bool really)
{
	struct persistent_ports ports;
	size_t count = 0, n;

	for (size_t at = PERSISTENT_LIST_BYTES + 4; at < out->bytes; at += n) {
		n = persistent_read_ports(out, at, &ports);
		if (n == 0)
			return 0;
		for (size_t i = 0; i < ports.count; i++) {
			if (reservation_find(out->r, &ports.list[i]) != NULL)
				continue;
			count++;
			if (really)
				persistent_add(out, &ports.list[i],
				    out->action_key, all_targets);
		}
	}
	return count;
}

/* Returns whether the list of TransportIDs has the length that it says. */
static bool list_is_whole(struct persistent *out)
{
	if (out->bytes >= PERSISTENT_LIST_BYTES + 4 &&
	    get_be32(out->list + PERSISTENT_LIST_BYTES) ==
		out->bytes - PERSISTENT_LIST_BYTES - 4)
		return true;
	device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	return false;
}

static void register_new(struct persistent *out, uint8_t flags)
{
	bool all_targets = flags & PERSISTENT_ALL_TG_PT;
	size_t others = 0;

	if (out->action_key == 0)
		return;
	if (flags & PERSISTENT_SPEC_I_PT) {
		if (!list_is_whole(out))
			return;
		others = register_others(out, all_targets, false);
		if (device_has_failed(out->call))
			return;
	}
	if (!persistent_has_room(out, 1 + others))
		return;
	persistent_add(out, device_call_port(out->call), out->action_key,
	    all_targets);
	if (flags & PERSISTENT_SPEC_I_PT)
		register_others(out, all_targets, true);
	persistent_changed(out);
}

void persistent_register(struct persistent *out, bool ignores_key)
{
	uint8_t flags = out->list[20];

	if (flags & PERSISTENT_APTPL)
		device_fail_parameter(out->call, 20, 0);
	else if ((flags & PERSISTENT_SPEC_I_PT) &&
	    (ignores_key || out->own != NULL))
		device_fail_parameter(out->call, 20, 3);
	else if (!ignores_key &&
	    out->key != (out->own != NULL ? out->own->key : 0))
		device_conflict(out->call);
	else if (out->own == NULL)
		register_new(out, flags);
	else if (out->action_key == 0)
		persistent_remove(persistent_changed(out), out->own);
	else
		persistent_changed(out)->own->key = out->action_key;
}
