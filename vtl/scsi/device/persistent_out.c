/*
 * persistent_out.c: PERSISTENT RESERVE OUT (SPC-4, 5.13 and 6.16).
 *
 * A command first finds all that is wrong with it; then it changes the
 * registrations and the reservation, and tells the nexuses that lost something.
 */
#include "vtl/scsi/device/impl.h"
#include "vtl/scsi/device/transport_id.h"

#include <string.h>

enum action {
	REGISTER,
	RESERVE,
	RELEASE,
	CLEAR,
	PREEMPT,
	PREEMPT_AND_ABORT,
	REGISTER_AND_IGNORE,
	REGISTER_AND_MOVE
};

enum {
	LIST_BYTES = 24,
	SPEC_I_PT = 0x08,
	ALL_TG_PT = 0x04,
	APTPL = 0x01,
	UNREG = 0x02,
	RELATIVE_PORT = 1
};

/* A command, with its parameters. */
struct out {
	struct device_call *call;
	struct reservations *r;
	struct reservation_registrant *own; /* NULL: not registered */
	enum reservation_type type;
	uint64_t key, action_key;
	const uint8_t *list;
	size_t bytes;
};

static struct out *changed(struct out *out)
{
	out->r->generation++;
	return out;
}

/* Returns the nexuses of a registrant, one bit each. */
static uint64_t nexuses_of(struct out *out,
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

/* Establishes a unit attention for nexuses, but not for that of the command. */
static void tell(struct out *out, uint64_t nexuses,
    enum scsi_attention attention)
{
	struct device *device = out->call->device;

	for (unsigned i = 0; i < DEVICE_NEXUSES; i++)
		if ((nexuses >> i & 1) && i != out->call->command->nexus)
			scsi_attention_set(device->type->nexuses(device->unit),
			    i, attention);
}

static void tell_all(struct out *out, enum scsi_attention attention)
{
	for (size_t i = 0; i < out->r->count; i++)
		tell(out, nexuses_of(out, &out->r->registrants[i]), attention);
}

/*
 * Ends the reservation.  Nexuses that could use the unit because of it get a
 * unit attention.
 */
static void end_reservation(struct out *out)
{
	bool for_registrants = reservation_is_for_registrants(out->r->type);

	out->r->type = RESERVATION_NONE;
	for (size_t i = 0; i < out->r->count; i++)
		out->r->registrants[i].holds = false;
	if (for_registrants)
		tell_all(out, SCSI_RESERVATIONS_RELEASED);
}

static void remove_registrant(struct out *out,
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
		end_reservation(out);
}

/* Returns whether there is room for this number of new registrants. */
static bool has_room(struct out *out, size_t registrants)
{
	if (registrants <= RESERVATION_REGISTRANTS - out->r->count)
		return true;
	device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x55, 4);
	return false;
}

static struct reservation_registrant *add(struct out *out,
    const struct device_port *port, uint64_t key, bool all_targets)
{
	struct reservation_registrant *one =
	    &out->r->registrants[out->r->count++];

	*one = (struct reservation_registrant){
		.port = *port, .all_targets = all_targets, .key = key
	};
	return one;
}

/* The ports that a TransportID stands for, at most all that are known. */
struct ports {
	size_t count;
	struct device_port list[DEVICE_NEXUSES];
};

/*
 * Reads a TransportID at this byte of the list.  One of an initiator device
 * stands for its ports that are connected to the target of the command.
 * Returns its length; 0, and fails the call, if it is not valid, or stands for
 * no port.
 */
static size_t read_ports(struct out *out, size_t at, struct ports *ports)
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
static size_t register_others(struct out *out, bool all_targets, bool really)
{
	struct ports ports;
	size_t count = 0, n;

	for (size_t at = LIST_BYTES + 4; at < out->bytes; at += n) {
		n = read_ports(out, at, &ports);
		if (n == 0)
			return 0;
		for (size_t i = 0; i < ports.count; i++) {
			if (reservation_find(out->r, &ports.list[i]) != NULL)
				continue;
			count++;
			if (really)
				add(out, &ports.list[i], out->action_key,
				    all_targets);
		}
	}
	return count;
}

/* Returns whether the list of TransportIDs has the length that it says. */
static bool list_is_whole(struct out *out)
{
	if (out->bytes >= LIST_BYTES + 4 &&
	    get_be32(out->list + LIST_BYTES) == out->bytes - LIST_BYTES - 4)
		return true;
	device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	return false;
}

static void register_new(struct out *out, uint8_t flags)
{
	bool all_targets = flags & ALL_TG_PT;
	size_t others = 0;

	if (out->action_key == 0)
		return;
	if (flags & SPEC_I_PT) {
		if (!list_is_whole(out))
			return;
		others = register_others(out, all_targets, false);
		if (device_has_failed(out->call))
			return;
	}
	if (!has_room(out, 1 + others))
		return;
	add(out, device_call_port(out->call), out->action_key, all_targets);
	if (flags & SPEC_I_PT)
		register_others(out, all_targets, true);
	changed(out);
}

static void do_register(struct out *out, bool ignores_key)
{
	uint8_t flags = out->list[20];

	if (flags & APTPL)
		device_fail_parameter(out->call, 20, 0);
	else if ((flags & SPEC_I_PT) && (ignores_key || out->own != NULL))
		device_fail_parameter(out->call, 20, 3);
	else if (!ignores_key &&
	    out->key != (out->own != NULL ? out->own->key : 0))
		device_conflict(out->call);
	else if (out->own == NULL)
		register_new(out, flags);
	else if (out->action_key == 0)
		remove_registrant(changed(out), out->own);
	else
		changed(out)->own->key = out->action_key;
}

static void do_reserve(struct out *out)
{
	struct reservations *r = out->r;

	if (r->type != RESERVATION_NONE) {
		if (!reservation_is_holder(r, out->own) || r->type != out->type)
			device_conflict(out->call);
		return;
	}
	r->type = out->type;
	out->own->holds = !reservation_is_of_all(out->type);
}

static void do_release(struct out *out)
{
	struct reservations *r = out->r;

	if (r->type == RESERVATION_NONE || !reservation_is_holder(r, out->own))
		return;
	if (r->type != out->type)
		device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x26, 4);
	else
		end_reservation(out);
}

static void do_clear(struct out *out)
{
	tell_all(changed(out), SCSI_RESERVATIONS_PREEMPTED);
	out->r->count = 0;
	out->r->type = RESERVATION_NONE;
}

/* Returns whether PREEMPT takes the reservation over. */
static bool takes_over(const struct out *out)
{
	const struct reservations *r = out->r;

	if (reservation_is_of_all(r->type))
		return out->action_key == 0;
	for (size_t i = 0; i < r->count; i++)
		if (r->registrants[i].holds)
			return r->registrants[i].key == out->action_key;
	return false;
}

/*
 * Removes the registrations with the key, or all of them; that of the command
 * only if the reservation is not taken over.  Returns the nexuses that lost
 * one; `*count` is the number of registrations.
 */
static uint64_t remove_preempted(struct out *out, bool takes, size_t *count)
{
	struct reservations *r = out->r;
	const struct device_port *port = device_call_port(out->call);
	bool all = takes && out->action_key == 0;
	uint64_t nexuses = 0;

	*count = 0;
	for (size_t i = r->count; i > 0; i--) {
		struct reservation_registrant *one = &r->registrants[i - 1];

		if ((takes && one == reservation_find(r, port)) ||
		    (!all && one->key != out->action_key))
			continue;
		nexuses |= nexuses_of(out, one);
		(*count)++;
		remove_registrant(out, one);
	}
	return nexuses;
}

static void do_preempt(struct out *out, bool aborts)
{
	struct device *device = out->call->device;
	enum reservation_type old = out->r->type;
	bool takes = takes_over(out);
	uint64_t nexuses;
	size_t count;

	if (out->action_key == 0 && !takes) {
		device_fail_parameter(out->call, 8, DEVICE_NO_BIT);
		return;
	}
	if (takes) {
		/* No nexus gets a unit attention because it ends. */
		out->r->type = RESERVATION_NONE;
		for (size_t i = 0; i < out->r->count; i++)
			out->r->registrants[i].holds = false;
	}
	nexuses = remove_preempted(out, takes, &count);
	if (!takes && count == 0) {
		device_conflict(out->call);
		return;
	}
	tell(changed(out), nexuses, SCSI_REGISTRATIONS_PREEMPTED);
	if (takes) {
		out->own =
		    reservation_find(out->r, device_call_port(out->call));
		out->r->type = out->type;
		out->own->holds = !reservation_is_of_all(out->type);
		if (old != out->type)
			tell_all(out, SCSI_RESERVATIONS_RELEASED);
	}
	nexuses &= ~(UINT64_C(1) << out->call->command->nexus);
	if (aborts && nexuses != 0 && device->abort != NULL)
		device->abort(device->abort_arg, nexuses);
}

/*
 * Gets the one port to which the reservation moves.  Returns false, and fails
 * the call, if the TransportID is not that of one other port.
 */
static bool read_new_holder(struct out *out, struct device_port *port)
{
	struct ports ports;
	size_t n = read_ports(out, LIST_BYTES, &ports);

	if (n == 0)
		return false;
	*port = ports.list[0];
	if (ports.count == 1 && n == out->bytes - LIST_BYTES &&
	    reservation_find(out->r, port) != out->own)
		return true;
	device_fail_parameter(out->call, LIST_BYTES, DEVICE_NO_BIT);
	return false;
}

static void do_move(struct out *out)
{
	struct reservation_registrant *to;
	uint8_t flags = out->list[17];
	struct device_port port;

	if (get_be32(out->list + 20) != out->bytes - LIST_BYTES) {
		device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	} else if (!out->own->holds) {
		device_conflict(out->call);
	} else if (out->action_key == 0) {
		device_fail_parameter(out->call, 8, DEVICE_NO_BIT);
	} else if (flags & APTPL) {
		device_fail_parameter(out->call, 17, 0);
	} else if (get_be16(out->list + 18) != RELATIVE_PORT) {
		device_fail_parameter(out->call, 18, DEVICE_NO_BIT);
	} else if (read_new_holder(out, &port)) {
		to = reservation_find(out->r, &port);
		if (to == NULL && !has_room(out, 1))
			return;
		if (to == NULL)
			to = add(out, &port, out->action_key, false);
		to->key = out->action_key;
		to->holds = true;
		out->own->holds = false;
		changed(out);
		if (flags & UNREG)
			remove_registrant(out, out->own);
	}
}

static void carry_out(struct out *out, enum action action)
{
	switch (action) {
	case REGISTER:
	case REGISTER_AND_IGNORE:
		do_register(out, action == REGISTER_AND_IGNORE);
		return;
	default:
		break;
	}
	/* All others need the key of the nexus. */
	if (out->own == NULL || out->own->key != out->key) {
		device_conflict(out->call);
		return;
	}
	switch (action) {
	case RESERVE:
		do_reserve(out);
		break;
	case RELEASE:
		do_release(out);
		break;
	case CLEAR:
		do_clear(out);
		break;
	case REGISTER_AND_MOVE:
		do_move(out);
		break;
	default:
		do_preempt(out, action == PREEMPT_AND_ABORT);
		break;
	}
}

static bool has_type(enum action action)
{
	return action == RESERVE || action == RELEASE || action == PREEMPT ||
	    action == PREEMPT_AND_ABORT;
}

/* Returns whether the parameter list may be longer than usual. */
static bool has_ids(enum action action, const uint8_t *list)
{
	return action == REGISTER_AND_MOVE ||
	    (action == REGISTER && (list[20] & SPEC_I_PT));
}

static void persistent_out(struct device_call *call)
{
	struct reservations *r = &call->device->reservations;
	enum action action = call->cdb[1] & 0x1f;
	uint32_t bytes = get_be32(call->cdb + 5);
	unsigned type = call->cdb[2] & 0x0f;
	struct out out = { .call = call, .r = r, .bytes = bytes };

	if (reservation_is_reserved(r)) {
		device_conflict(call);
		return;
	}
	if (has_type(action) && call->cdb[2] >> 4 != 0) {
		device_fail_field(call, 2, 7);
		return;
	}
	if (has_type(action) && !reservation_is_type(type)) {
		device_fail_field(call, 2, 3);
		return;
	}
	if (bytes >= LIST_BYTES)
		out.list = device_parameters(call, bytes);
	if (out.list == NULL ||
	    (bytes > LIST_BYTES && !has_ids(action, out.list))) {
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
		return;
	}
	out.own = reservation_find(r, device_call_port(call));
	out.type = type;
	out.key = get_be64(out.list);
	out.action_key = get_be64(out.list + 8);
	carry_out(&out, action);
}

#define ROW(action)                                                        \
	{                                                                  \
		0x5f, (action), 10, DEVICE_IGNORES_PERSISTENT,             \
		    { 0x5f, 0x1f, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff }, 0, \
		    persistent_out                                         \
	}

static const struct device_row rows[] = { ROW(REGISTER), ROW(RESERVE),
	ROW(RELEASE), ROW(CLEAR), ROW(PREEMPT), ROW(PREEMPT_AND_ABORT),
	ROW(REGISTER_AND_IGNORE), ROW(REGISTER_AND_MOVE) };

const struct device_rows device_persistent_out_rows = { rows,
	sizeof rows / sizeof rows[0] };
