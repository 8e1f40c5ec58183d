/* connection.c: see connection.h. */
#include "vtl/iscsi/target/impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "splitter/base/clock.h"

struct iscsi_connection *iscsi_connection_create(struct iscsi_node *node,
    const struct iscsi_stream *stream, const char *address, const char *portal)
{
	struct iscsi_connection *c = calloc(1, sizeof *c);

	if (c == NULL || (c->pool = block_pool_new()) == NULL) {
		free(c);
		return NULL;
	}
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->idle, NULL);
	c->node = node;
	c->stream = *stream;
	c->output_end = &c->output;
	snprintf(c->address, sizeof c->address, "%s", address);
	snprintf(c->portal, sizeof c->portal, "%s", portal);
	return c;
}

void iscsi_connection_free(struct iscsi_connection *c)
{
	if (c == NULL)
		return;
	iscsi_output_drop(c);
	block_pool_free(c->pool);
	iscsi_discovery_free(c->discovery);
	free(c->scratch);
	pthread_cond_destroy(&c->idle);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

bool iscsi_connection_logged_in(struct iscsi_connection *c)
{
	bool logged_in;

	pthread_mutex_lock(&c->lock);
	logged_in = c->logged_in;
	pthread_mutex_unlock(&c->lock);
	return logged_in;
}

/* The functions of struct iscsi_login_owner. */

static enum iscsi_login_status find_target(void *arg, const char *name)
{
	const struct iscsi_connection *c = arg;

	return iscsi_node_target(c->node, name) != NULL ? ISCSI_LOGIN_OK
							: ISCSI_LOGIN_NOT_FOUND;
}

static void find_luns(struct iscsi_connection *c, const char *initiator)
{
	c->lun_count = 0;
	for (size_t i = 0; i < c->target->unit_count; i++)
		if (iscsi_access_allows_lun(c->node->config->access, initiator,
			(unsigned)(c->target->first_unit + i)))
			c->luns[c->lun_count++] = (uint16_t)i;
}

static enum iscsi_login_status enter(void *arg, const struct iscsi_login *login,
    uint16_t *tsih)
{
	struct iscsi_connection *c = arg;
	const struct iscsi_parameters *p = iscsi_login_parameters(login);
	struct device_port port = { 0 };
	enum iscsi_login_status status;

	if (p->discovery) {
		if (!iscsi_node_enter_discovery(c->node))
			return ISCSI_LOGIN_NO_RESOURCES;
		*tsih = 1;
		c->in_session = true;
		return ISCSI_LOGIN_OK;
	}
	c->target = iscsi_node_target(c->node, p->target_name);
	if (!iscsi_node_allows(c->node, c->target, p->initiator_name)) {
		c->target = NULL;
		return ISCSI_LOGIN_FORBIDDEN;
	}
	find_luns(c, p->initiator_name);
	snprintf(port.initiator, sizeof port.initiator, "%s",
	    p->initiator_name);
	snprintf(port.target, sizeof port.target, "%s", p->target_name);
	memcpy(port.isid, iscsi_login_isid(login), sizeof port.isid);
	status =
	    iscsi_node_enter(c->node, c, &port, c->target, tsih, &c->nexus);
	if (status == ISCSI_LOGIN_OK)
		c->in_session = true;
	else
		c->target = NULL;
	return status;
}

static bool fill_random(void *arg, uint8_t *bytes, size_t count)
{
	(void)arg;
	while (count > 0) {
		ssize_t n = getrandom(bytes, count, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		count -= (size_t)n;
	}
	return true;
}

static void tell(struct iscsi_connection *c, enum iscsi_event_kind kind,
    const struct iscsi_parameters *p, const char *reason)
{
	iscsi_node_tell(c->node,
	    &(struct iscsi_event){
		.kind = kind,
		.address = c->address,
		.initiator = p->initiator_name,
		.target = p->target_name,
		.nexus = c->nexus,
		.reason = reason,
	    });
}

/* The full feature phase begins. */
static void take_login(struct iscsi_connection *c,
    const struct iscsi_login *login)
{
	pthread_mutex_lock(&c->lock);
	c->parameters = *iscsi_login_parameters(login);
	c->stat_sn = iscsi_login_stat_sn(login);
	c->exp_cmd_sn = iscsi_login_cmd_sn(login);
	c->logged_in = true;
	pthread_mutex_unlock(&c->lock);
	c->cid = iscsi_login_cid(login);
	c->phase = c->parameters.discovery ? ISCSI_PHASE_DISCOVERY
					   : ISCSI_PHASE_NORMAL;
	c->received_ns = c->stream.ops->now_ns(c->stream.arg);
	if (c->target != NULL)
		tell(c, ISCSI_EVENT_LOGIN, &c->parameters, "");
}

static void set_reason(struct iscsi_connection *c, const char *reason)
{
	pthread_mutex_lock(&c->lock);
	if (c->reason[0] == '\0')
		snprintf(c->reason, sizeof c->reason, "%s", reason);
	pthread_mutex_unlock(&c->lock);
}

/* Handles one request.  Returns false if the login has ended. */
static bool login_step(struct iscsi_connection *c, struct iscsi_login *login)
{
	enum iscsi_login_step step;
	struct iscsi_pdu reply;

	if (!iscsi_receive_header(c) || !iscsi_receive_scratch(c))
		return false;
	step = iscsi_login_step(login, &c->pdu, &reply);
	/* First: a server that stops meanwhile has another reason. */
	set_reason(c, iscsi_login_reason(login));
	if (step != ISCSI_LOGIN_CLOSE)
		iscsi_send(c, &reply, ISCSI_STAT_SN_SET);
	if (step == ISCSI_LOGIN_FAILED)
		iscsi_drain(c);
	if (step == ISCSI_LOGIN_FAILED || step == ISCSI_LOGIN_CLOSE)
		iscsi_fail(c, "%s", iscsi_login_reason(login));
	if (step == ISCSI_LOGIN_DONE)
		take_login(c, login);
	return step == ISCSI_LOGIN_ANSWER;
}

/* Returns whether the connection is in the full feature phase. */
static bool log_in(struct iscsi_connection *c)
{
	const struct iscsi_login_owner owner = { .arg = c,
		.access = c->node->config->access,
		.window = ISCSI_WINDOW,
		.stat_sn = 1,
		.find_target = find_target,
		.enter = enter,
		.random = fill_random };
	struct iscsi_login *login = iscsi_login_create(&owner);

	if (login == NULL) {
		iscsi_fail(c, "no memory for the login");
		return false;
	}
	c->login_until_ns = c->stream.ops->now_ns(c->stream.arg) +
	    (int64_t)ISCSI_LOGIN_SECONDS * CLOCK_SECOND_NS;
	while (login_step(c, login)) {}
	if (c->phase == ISCSI_PHASE_LOGIN)
		tell(c, ISCSI_EVENT_REFUSED, iscsi_login_parameters(login),
		    c->reason);
	iscsi_login_free(login);
	return c->phase != ISCSI_PHASE_LOGIN;
}

/* Handles one PDU.  Returns false if the connection has ended. */
static bool serve_pdu(struct iscsi_connection *c)
{
	enum iscsi_opcode opcode;

	if (!iscsi_receive_header(c))
		return false;
	opcode = iscsi_opcode(&c->pdu);
	if (!iscsi_pdu_allowed(c->phase, opcode))
		return iscsi_violation(c, "it is not allowed in this phase");
	switch (opcode) {
	case ISCSI_SCSI_COMMAND:
		return iscsi_on_command(c);
	case ISCSI_DATA_OUT:
		return iscsi_on_data_out(c);
	case ISCSI_TASK_MANAGEMENT:
		return iscsi_on_task_management(c);
	case ISCSI_NOP_OUT:
		return iscsi_on_nop(c);
	case ISCSI_TEXT:
		return iscsi_on_text(c);
	case ISCSI_LOGOUT:
		return iscsi_on_logout(c);
	default: /* SNACK: there is nothing to recover at level 0 */
		if (!iscsi_discard_data(c))
			return false;
		iscsi_reject(c, ISCSI_REJECT_UNSUPPORTED);
		return true;
	}
}

/* The connection ends; its stream has. */
static void leave(struct iscsi_connection *c)
{
	bool busy;

	iscsi_abort_transfers(c);
	if (c->phase == ISCSI_PHASE_NORMAL)
		tell(c, c->logged_out ? ISCSI_EVENT_LOGOUT : ISCSI_EVENT_DROP,
		    &c->parameters, c->reason);
	if (c->target == NULL) {
		iscsi_node_leave_discovery(c->node);
		return;
	}
	busy = iscsi_is_busy(c);
	iscsi_node_end_session(c->node, c->nexus, !c->logged_out, busy);
	if (!busy)
		return;
	iscsi_wait_until_idle(c);
	iscsi_node_free_nexus(c->node, c->nexus);
}

void iscsi_connection_serve(struct iscsi_connection *c)
{
	const bool logged_in = log_in(c);

	while (logged_in && serve_pdu(c)) {}
	/* All ways out have set a reason, and ended the stream. */
	if (c->in_session)
		leave(c);
}
