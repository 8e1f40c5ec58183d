/* notify.c: what a target sends unasked: Reject, NOP-In, Async Message. */
#include "vtl/iscsi/target/impl.h"

#include <stdio.h>

void iscsi_ping(struct iscsi_connection *c)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_NOP_IN, ISCSI_NO_TAG);
	/* The initiator repeats this tag; nothing depends on it. */
	iscsi_put(&pdu, ISCSI_AT_TTT, 1);
	iscsi_send(c, &pdu, ISCSI_STAT_SN_NEXT);
}

void iscsi_reject(struct iscsi_connection *c, enum iscsi_reject_reason reason)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_REJECT, ISCSI_NO_TAG);
	pdu.bhs[2] = (uint8_t)reason;
	iscsi_pdu_set_data(&pdu, c->pdu.bhs, sizeof c->pdu.bhs);
	iscsi_send(c, &pdu, ISCSI_STAT_SN_TAKE);
}

bool iscsi_violation(struct iscsi_connection *c, const char *what)
{
	iscsi_reject(c, ISCSI_REJECT_PROTOCOL);
	iscsi_fail(c, "%s: %s", iscsi_opcode_name(iscsi_opcode(&c->pdu)), what);
	return false;
}

void iscsi_connection_ask_logout(struct iscsi_connection *c)
{
	struct iscsi_pdu pdu;
	bool logged_in;

	pthread_mutex_lock(&c->lock);
	logged_in = c->logged_in;
	pthread_mutex_unlock(&c->lock);
	if (!logged_in)
		return;
	iscsi_pdu_begin(&pdu, ISCSI_ASYNC_MESSAGE, ISCSI_NO_TAG);
	pdu.bhs[36] = ISCSI_ASYNC_LOGOUT;
	/* Parameter 3: the time in which it must log out. */
	put_be16(pdu.bhs + 42, ISCSI_STOP_SECONDS);
	iscsi_send(c, &pdu, ISCSI_STAT_SN_TAKE);
}
