/*
 * persistent_out.c: PERSISTENT RESERVE OUT (SPC-4, 5.13 and 6.16).
 *
 * A command first finds all that is wrong with it; then it changes the
 * registrations and the reservation, and tells the nexuses that lost something.
 */
#include "vtl/scsi/device/persistent_impl.h"

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

enum { UNREG = 0x02, RELATIVE_PORT = 1 };

static void do_reserve(struct persistent *out)
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

static void do_release(struct persistent *out)
{
	struct reservations *r = out->r;

	if (r->type == RESERVATION_NONE || !reservation_is_holder(r, out->own))
		return;
	if (r->type != out->type)
		device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x26, 4);
	else
		persistent_end(out);
}

static void do_clear(struct persistent *out)
{
	persistent_tell_all(persistent_changed(out),
	    SCSI_RESERVATIONS_PREEMPTED);
	out->r->count = 0;
	out->r->type = RESERVATION_NONE;
}

/* Returns whether PREEMPT takes the reservation over. */
static bool takes_over(const struct persistent *out)
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
static uint64_t remove_preempted(struct persistent *out, bool takes,
    size_t *count)
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
		nexuses |= persistent_nexuses(out, one);
		(*count)++;
		persistent_remove(out, one);
	}
	return nexuses;
}

static void do_preempt(struct persistent *out, bool aborts)
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
	persistent_tell(persistent_changed(out), nexuses,
	    SCSI_REGISTRATIONS_PREEMPTED);
	if (takes) {
		out->own =
		    reservation_find(out->r, device_call_port(out->call));
		out->r->type = out->type;
		out->own->holds = !reservation_is_of_all(out->type);
		if (old != out->type)
			persistent_tell_all(out, SCSI_RESERVATIONS_RELEASED);
	}
	nexuses &= ~(UINT64_C(1) << out->call->command->nexus);
	if (aborts && nexuses != 0 && device->abort != NULL)
		device->abort(device->abort_arg, nexuses);
}

/*
 * Gets the one port to which the reservation moves.  Returns false, and fails
 * the call, if the TransportID is not that of one other port.
 */
static bool read_new_holder(struct persistent *out, struct device_port *port)
{
	struct persistent_ports ports;
	size_t n = persistent_read_ports(out, PERSISTENT_LIST_BYTES, &ports);

	if (n == 0)
		return false;
	*port = ports.list[0];
	if (ports.count == 1 && n == out->bytes - PERSISTENT_LIST_BYTES &&
	    reservation_find(out->r, port) != out->own)
		return true;
	device_fail_parameter(out->call, PERSISTENT_LIST_BYTES, DEVICE_NO_BIT);
	return false;
}

static void do_move(struct persistent *out)
{
	struct reservation_registrant *to;
	uint8_t flags = out->list[17];
	struct device_port port;

	if (get_be32(out->list + 20) != out->bytes - PERSISTENT_LIST_BYTES) {
		device_fail(out->call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	} else if (!out->own->holds) {
		device_conflict(out->call);
	} else if (out->action_key == 0) {
		device_fail_parameter(out->call, 8, DEVICE_NO_BIT);
	} else if (flags & PERSISTENT_APTPL) {
		device_fail_parameter(out->call, 17, 0);
	} else if (get_be16(out->list + 18) != RELATIVE_PORT) {
		device_fail_parameter(out->call, 18, DEVICE_NO_BIT);
	} else if (read_new_holder(out, &port)) {
		to = reservation_find(out->r, &port);
		if (to == NULL && !persistent_has_room(out, 1))
			return;
		if (to == NULL)
			to = persistent_add(out, &port, out->action_key, false);
		to->key = out->action_key;
		to->holds = true;
		out->own->holds = false;
		persistent_changed(out);
		if (flags & UNREG)
			persistent_remove(out, out->own);
	}
}

static void carry_out(struct persistent *out, enum action action)
{
	switch (action) {
	case REGISTER:
	case REGISTER_AND_IGNORE:
		persistent_register(out, action == REGISTER_AND_IGNORE);
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
	    (action == REGISTER && (list[20] & PERSISTENT_SPEC_I_PT));
}

static void persistent_out(struct device_call *call)
{
	struct reservations *r = &call->device->reservations;
	enum action action = call->cdb[1] & 0x1f;
	uint32_t bytes = get_be32(call->cdb + 5);
	unsigned type = call->cdb[2] & 0x0f;
	struct persistent out = { .call = call, .r = r, .bytes = bytes };

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
	if (bytes >= PERSISTENT_LIST_BYTES)
		out.list = device_parameters(call, bytes);
	if (out.list == NULL ||
	    (bytes > PERSISTENT_LIST_BYTES && !has_ids(action, out.list))) {
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
