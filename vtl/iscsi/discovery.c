/* discovery.c: Text requests in the full feature phase. */
#include "vtl/iscsi/discovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/iscsi/portal.h"

enum state {
	STATE_NONE,       /* no exchange */
	STATE_COLLECTING, /* the request is not complete */
	STATE_SENDING     /* a part of the answer is left */
};

/* No reason: the request is good. */
static const enum iscsi_reject_reason GOOD = (enum iscsi_reject_reason)0;

struct iscsi_discovery {
	enum state state;
	uint32_t tag; /* TTT of the exchange */
	bool final;   /* the initiator has no more requests */
	struct iscsi_text request, answer;
	size_t answered;
};

struct iscsi_discovery *iscsi_discovery_create(void)
{
	struct iscsi_discovery *discovery = calloc(1, sizeof *discovery);

	if (discovery != NULL)
		discovery->answer.limit_bytes = ISCSI_DISCOVERY_BYTES;
	return discovery;
}

void iscsi_discovery_free(struct iscsi_discovery *discovery)
{
	if (discovery == NULL)
		return;
	iscsi_text_free(&discovery->request);
	iscsi_text_free(&discovery->answer);
	free(discovery);
}

static bool add_target(struct iscsi_text *answer, const char *name,
    const char *portal)
{
	char address[ISCSI_PORTAL_BYTES + 8];

	snprintf(address, sizeof address, "%s,%d", portal, ISCSI_PORTAL_GROUP);
	return iscsi_text_add(answer, "TargetName", name) &&
	    iscsi_text_add(answer, "TargetAddress", address);
}

/* Adds all targets of the owner; with a name, only the one of this name. */
static bool add_targets(struct iscsi_text *answer,
    const struct iscsi_discovery_owner *owner, const char *wanted)
{
	const char *name;

	for (unsigned i = 0; (name = owner->target(owner->arg, i)) != NULL; i++)
		if ((wanted == NULL || strcmp(name, wanted) == 0) &&
		    !add_target(answer, name, owner->portal))
			return false;
	return true;
}

/*
 * "All" is for discovery sessions, the empty value for normal sessions, which
 * know only their own target.
 */
static bool send_targets(struct iscsi_text *answer,
    const struct iscsi_discovery_owner *owner,
    const struct iscsi_parameters *parameters, const char *value)
{
	const char *own = parameters->target_name;
	char name[ISCSI_NAME_BYTES];

	if (strcmp(value, parameters->discovery ? "" : "All") == 0)
		return iscsi_text_add(answer, "SendTargets", "Reject");
	if (strcmp(value, "All") == 0)
		return add_targets(answer, owner, NULL);
	if (*value == '\0')
		return add_target(answer, own, owner->portal);
	if (iscsi_name_read(value, name) != NULL)
		return iscsi_text_add(answer, "SendTargets", "Reject");
	if (parameters->discovery)
		return add_targets(answer, owner, name);
	return strcmp(name, own) != 0 || add_target(answer, own, owner->portal);
}

static enum iscsi_reject_reason
answer_request(struct iscsi_discovery *discovery,
    const struct iscsi_discovery_owner *owner,
    struct iscsi_parameters *parameters)
{
	const char *value;

	if (iscsi_text_check(&discovery->request) != NULL ||
	    iscsi_parameters_negotiate(parameters, ISCSI_TEXT_FULL,
		&discovery->request, &discovery->answer) != NULL)
		return discovery->answer.no_memory ? ISCSI_REJECT_NO_RESOURCES
						   : ISCSI_REJECT_PROTOCOL;
	value = iscsi_text_find(&discovery->request, "SendTargets");
	if (value != NULL &&
	    !send_targets(&discovery->answer, owner, parameters, value))
		return ISCSI_REJECT_NO_RESOURCES;
	return GOOD;
}

/* Makes an answer after which the initiator must send another request. */
static void expect_more(struct iscsi_discovery *discovery, enum state state,
    struct iscsi_pdu *reply)
{
	if (++discovery->tag == ISCSI_NO_TAG)
		discovery->tag = 1;
	discovery->state = state;
	reply->bhs[1] = state == STATE_SENDING ? ISCSI_CONTINUE : 0;
	iscsi_put(reply, ISCSI_AT_TTT, discovery->tag);
}

static void send_part(struct iscsi_discovery *discovery, uint32_t part_max,
    struct iscsi_pdu *reply)
{
	const size_t left = discovery->answer.bytes - discovery->answered;
	const uint32_t n = left < part_max ? (uint32_t)left : part_max;

	if (n > 0)
		iscsi_pdu_set_data(reply,
		    discovery->answer.data + discovery->answered, n);
	discovery->answered += n;
	if (n < left)
		expect_more(discovery, STATE_SENDING, reply);
	else if (!discovery->final)
		expect_more(discovery, STATE_COLLECTING, reply);
	else
		discovery->state = STATE_NONE;
}

static void begin_exchange(struct iscsi_discovery *discovery)
{
	iscsi_text_clear(&discovery->request);
	iscsi_text_clear(&discovery->answer);
	discovery->answered = 0;
	discovery->answer.no_memory = false;
}

static enum iscsi_reject_reason take(struct iscsi_discovery *discovery,
    const struct iscsi_discovery_owner *owner,
    struct iscsi_parameters *parameters, const struct iscsi_pdu *request,
    struct iscsi_pdu *reply)
{
	const bool more = iscsi_flag(request, ISCSI_CONTINUE);
	const uint32_t tag = iscsi_get(request, ISCSI_AT_TTT);
	enum iscsi_reject_reason reason;

	if (more && iscsi_flag(request, ISCSI_FINAL))
		return ISCSI_REJECT_PROTOCOL;
	if (tag != ISCSI_NO_TAG &&
	    (discovery->state == STATE_NONE || tag != discovery->tag))
		return ISCSI_REJECT_INVALID_FIELD;
	if (tag == ISCSI_NO_TAG) {
		begin_exchange(discovery);
	} else if (discovery->state == STATE_SENDING) {
		if (more || request->data_bytes > 0)
			return ISCSI_REJECT_PROTOCOL;
		send_part(discovery, parameters->max_send_bytes, reply);
		return GOOD;
	}
	if (!iscsi_text_append(&discovery->request, request->data,
		request->data_bytes))
		return ISCSI_REJECT_NO_RESOURCES;
	if (more) {
		expect_more(discovery, STATE_COLLECTING, reply);
		return GOOD;
	}
	discovery->final = iscsi_flag(request, ISCSI_FINAL);
	iscsi_text_clear(&discovery->answer);
	discovery->answered = 0;
	reason = answer_request(discovery, owner, parameters);
	iscsi_text_clear(&discovery->request);
	if (reason == GOOD)
		send_part(discovery, parameters->max_send_bytes, reply);
	return reason;
}

enum iscsi_reject_reason iscsi_discovery_step(struct iscsi_discovery *discovery,
    const struct iscsi_discovery_owner *owner,
    struct iscsi_parameters *parameters, const struct iscsi_pdu *request,
    struct iscsi_pdu *reply)
{
	enum iscsi_reject_reason reason;

	iscsi_pdu_begin(reply, ISCSI_TEXT_RESPONSE,
	    iscsi_get(request, ISCSI_AT_ITT));
	iscsi_put(reply, ISCSI_AT_TTT, ISCSI_NO_TAG);
	reason = take(discovery, owner, parameters, request, reply);
	if (reason != GOOD) {
		begin_exchange(discovery);
		discovery->state = STATE_NONE;
	}
	return reason;
}
