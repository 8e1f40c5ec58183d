/* control.c: NOP-Out, Text and Logout, which are answered at once. */
#include "vtl/iscsi/target/impl.h"

bool iscsi_on_nop(struct iscsi_connection *c)
{
	const uint32_t tag = iscsi_get(&c->pdu, ISCSI_AT_ITT);
	struct iscsi_pdu pdu;
	uint32_t bytes;

	if (!iscsi_receive_scratch(c))
		return false;
	if (tag == ISCSI_NO_TAG) /* an answer to a ping; it has no number */
		return true;
	if (!iscsi_take_cmd_sn(c))
		return true;
	iscsi_pdu_begin(&pdu, ISCSI_NOP_IN, tag);
	iscsi_put_lun(&pdu, iscsi_lun(&c->pdu));
	iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
	bytes = c->pdu.data_bytes;
	if (bytes > c->parameters.max_send_bytes)
		bytes = c->parameters.max_send_bytes;
	if (bytes > 0)
		iscsi_pdu_set_data(&pdu, c->pdu.data, bytes);
	iscsi_send(c, &pdu, ISCSI_STAT_SN_TAKE);
	return true;
}

/* See struct iscsi_discovery_owner. */
static const char *allowed_target(void *arg, unsigned i)
{
	const struct iscsi_connection *c = arg;
	const struct iscsi_node *node = c->node;

	for (size_t k = 0; k < node->target_count; k++)
		if (iscsi_node_allows(node, &node->targets[k],
			c->parameters.initiator_name) &&
		    i-- == 0)
			return node->targets[k].name;
	return NULL;
}

bool iscsi_on_text(struct iscsi_connection *c)
{
	const struct iscsi_discovery_owner owner = {
		.arg = c, .target = allowed_target, .portal = c->portal
	};
	/* Workers read the parameters, with the lock. */
	struct iscsi_parameters parameters = c->parameters;
	enum iscsi_reject_reason reason;
	struct iscsi_pdu pdu;

	if (!iscsi_receive_scratch(c))
		return false;
	if (!iscsi_take_cmd_sn(c))
		return true;
	if (c->discovery == NULL)
		c->discovery = iscsi_discovery_create();
	if (c->discovery == NULL) {
		iscsi_reject(c, ISCSI_REJECT_NO_RESOURCES);
		return true;
	}
	reason = iscsi_discovery_step(c->discovery, &owner, &parameters,
	    &c->pdu, &pdu);
	pthread_mutex_lock(&c->lock);
	c->parameters = parameters;
	pthread_mutex_unlock(&c->lock);
	if (reason != 0)
		iscsi_reject(c, reason);
	else
		iscsi_send(c, &pdu, ISCSI_STAT_SN_TAKE);
	return true;
}

static enum iscsi_logout_response
answer_logout(const struct iscsi_connection *c)
{
	const unsigned reason = c->pdu.bhs[1] & ISCSI_FUNCTION;

	if (reason == ISCSI_LOGOUT_SESSION)
		return ISCSI_LOGOUT_DONE;
	if (reason == ISCSI_LOGOUT_CONNECTION)
		return iscsi_get16(&c->pdu, ISCSI_AT_CID) == c->cid
		    ? ISCSI_LOGOUT_DONE
		    : ISCSI_LOGOUT_NO_CONNECTION;
	return ISCSI_LOGOUT_NO_RECOVERY;
}

bool iscsi_on_logout(struct iscsi_connection *c)
{
	enum iscsi_logout_response response;
	struct iscsi_pdu pdu;

	if (!iscsi_discard_data(c))
		return false;
	if (!iscsi_take_cmd_sn(c))
		return true;
	response = answer_logout(c);
	if (response == ISCSI_LOGOUT_DONE)
		iscsi_abort_transfers(c);
	iscsi_pdu_begin(&pdu, ISCSI_LOGOUT_RESPONSE,
	    iscsi_get(&c->pdu, ISCSI_AT_ITT));
	pdu.bhs[2] = (uint8_t)response;
	iscsi_put16(&pdu, ISCSI_AT_TIME2WAIT, c->parameters.time2wait_s);
	/* Time2Retain stays 0: nothing is kept for a session to resume. */
	iscsi_send(c, &pdu, ISCSI_STAT_SN_TAKE);
	if (response != ISCSI_LOGOUT_DONE)
		return true;
	c->logged_out = true;
	iscsi_drain(c);
	iscsi_fail(c, "the initiator logged out");
	return false;
}
