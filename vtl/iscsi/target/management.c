/*
 * management.c: task management (RFC 7143, clause 11.5; SAM-5, clause 7).
 *
 * The response follows when the functions of all units have ended (task_set.h).
 * The connection serves other PDUs meanwhile.
 */
#include "vtl/iscsi/target/impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * A task management request.  The thread that ends the last of its functions,
 * a worker or that of the connection, sends the response and frees it.
 */
struct request {
	struct iscsi_connection *connection;
	unsigned code;
	struct iscsi_task_set
	    *set; /* of its LUN; NULL: the request needs none */
	uint32_t tag, cmd_sn, ref_cmd_sn;
	/* With the lock of the connection: */
	size_t pending; /* functions that have not ended */
	size_t count;   /* of ended commands */
	uint64_t nexuses;
	struct iscsi_function functions[]; /* one for each unit */
};

static void tell(const struct request *r, const char *what)
{
	struct iscsi_connection *c = r->connection;
	char text[128], initiator[ISCSI_NAME_BYTES];

	snprintf(text, sizeof text, "%s ended %zu command%s", what, r->count,
	    r->count == 1 ? "" : "s");
	pthread_mutex_lock(&c->lock);
	snprintf(initiator, sizeof initiator, "%s",
	    c->parameters.initiator_name);
	pthread_mutex_unlock(&c->lock);
	iscsi_node_tell(c->node,
	    &(struct iscsi_event){
		.kind = ISCSI_EVENT_TASKS,
		.address = c->address,
		.initiator = initiator,
		.target = c->target->name,
		.nexus = c->nexus,
		.reason = text,
	    });
}

static enum iscsi_task_response end_abort_task(const struct request *r)
{
	struct iscsi_connection *c = r->connection;
	bool expected;

	if (r->count > 0) {
		tell(r, "ABORT TASK");
		return ISCSI_TASK_COMPLETE;
	}
	/*
	 * A command that did not arrive yet counts as aborted: it is not
	 * executed when it does.
	 */
	pthread_mutex_lock(&c->lock);
	expected = r->ref_cmd_sn == c->exp_cmd_sn &&
	    iscsi_serial_before(r->ref_cmd_sn, r->cmd_sn);
	if (expected)
		c->exp_cmd_sn++;
	pthread_mutex_unlock(&c->lock);
	return expected ? ISCSI_TASK_COMPLETE : ISCSI_TASK_UNKNOWN;
}

/*
 * Of the other nexuses, those whose commands were cleared get a unit attention
 * (SAM-5, 5.6).
 */
static void end_clear_set(const struct request *r)
{
	const uint64_t others =
	    r->nexuses & ~(UINT64_C(1) << r->connection->nexus);

	if (others != 0)
		device_commands_cleared(iscsi_task_set_device(r->set), others);
	if (r->count > 0)
		tell(r, "CLEAR TASK SET");
}

/* All functions of the request have ended.  Returns its response. */
static enum iscsi_task_response end_request(const struct request *r)
{
	switch (r->code) {
	case ISCSI_ABORT_TASK:
		return end_abort_task(r);
	case ISCSI_ABORT_TASK_SET:
		if (r->count > 0)
			tell(r, "ABORT TASK SET");
		break;
	case ISCSI_CLEAR_TASK_SET:
		end_clear_set(r);
		break;
	case ISCSI_LOGICAL_UNIT_RESET:
		tell(r, "LOGICAL UNIT RESET");
		break;
	default:
		tell(r, "TARGET RESET");
		break;
	}
	return ISCSI_TASK_COMPLETE;
}

static void respond(struct iscsi_connection *c, uint32_t tag,
    enum iscsi_task_response response)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_TASK_MANAGEMENT_RESPONSE, tag);
	pdu.bhs[2] = (uint8_t)response;
	iscsi_send(c, &pdu, ISCSI_STAT_SN_TAKE);
}

/* Responds to the request, and frees it. */
static void finish(struct request *r)
{
	struct iscsi_connection *c = r->connection;

	respond(c, r->tag, end_request(r));
	/* RFC 7143, clause 11.5.1: all connections of the target end. */
	if (r->code == ISCSI_TARGET_COLD_RESET)
		iscsi_node_end_target(c->node, c->target,
		    "TARGET COLD RESET ends the sessions of the target");
	free(r);
	/* The connection may be freed after this. */
	pthread_mutex_lock(&c->lock);
	if (--c->requests == 0)
		pthread_cond_broadcast(&c->idle);
	pthread_mutex_unlock(&c->lock);
}

/* See struct iscsi_function. */
static void on_done(struct iscsi_function *function)
{
	struct request *r = function->arg;
	struct iscsi_connection *c = r->connection;
	bool last;

	pthread_mutex_lock(&c->lock);
	r->count += function->count;
	r->nexuses |= function->nexuses;
	last = --r->pending == 0;
	pthread_mutex_unlock(&c->lock);
	if (last)
		finish(r);
}

/* Which tasks the request ends. */
static struct iscsi_abort select_tasks(const struct iscsi_connection *c,
    unsigned code)
{
	return (struct iscsi_abort){
		.nexus =
		    code == ISCSI_CLEAR_TASK_SET ? ISCSI_EVERY_NEXUS : c->nexus,
		.one = code == ISCSI_ABORT_TASK,
		.tag = iscsi_get(&c->pdu, ISCSI_AT_REFERENCED_TAG),
	};
}

static bool is_of_target(unsigned code)
{
	return code == ISCSI_TARGET_WARM_RESET ||
	    code == ISCSI_TARGET_COLD_RESET;
}

/*
 * Returns a request for `units` units; NULL: there is no memory, or the initiator
 * has too many requests in progress.
 */
static struct request *new_request(struct iscsi_connection *c, unsigned code,
    size_t units)
{
	struct request *r;

	pthread_mutex_lock(&c->lock);
	r = c->requests < ISCSI_REQUESTS_MAX
	    ? calloc(1, sizeof *r + units * sizeof r->functions[0])
	    : NULL;
	c->requests += r != NULL;
	pthread_mutex_unlock(&c->lock);
	if (r == NULL)
		return NULL;
	r->connection = c;
	r->code = code;
	r->tag = iscsi_get(&c->pdu, ISCSI_AT_ITT);
	r->cmd_sn = iscsi_get(&c->pdu, ISCSI_AT_CMD_SN);
	r->ref_cmd_sn = iscsi_get(&c->pdu, ISCSI_AT_REF_CMD_SN);
	r->pending = units;
	for (size_t i = 0; i < units; i++)
		r->functions[i] = (struct iscsi_function){
			.which = select_tasks(c, code),
			.resets = is_of_target(code) ||
			    code == ISCSI_LOGICAL_UNIT_RESET,
			.done = on_done,
			.arg = r,
		};
	return r;
}

/* A reset resets the units of the target that this initiator may use. */
static enum iscsi_task_response begin_target(struct iscsi_connection *c,
    unsigned code)
{
	const size_t units = c->lun_count;
	struct request *r = new_request(c, code, units);

	assert(units > 0); /* else the login had failed */
	if (r == NULL)
		return ISCSI_TASK_REJECTED;
	for (size_t i = 0; i < units; i++)
		iscsi_task_set_perform(c->node->sets[c->target->first_unit +
					   c->luns[i]],
		    &r->functions[i]);
	return ISCSI_TASK_COMPLETE;
}

static enum iscsi_task_response begin_unit(struct iscsi_connection *c,
    unsigned code)
{
	struct request *r;
	size_t unit;

	if (!iscsi_find_unit(c, iscsi_lun(&c->pdu), &unit))
		return ISCSI_TASK_LUN_UNKNOWN;
	r = new_request(c, code, 1);
	if (r == NULL)
		return ISCSI_TASK_REJECTED;
	r->set = c->node->sets[unit];
	iscsi_task_set_perform(r->set, &r->functions[0]);
	return ISCSI_TASK_COMPLETE;
}

/*
 * Begins to carry out a request, whose response follows when it is complete.  Or
 * returns another response.
 */
static enum iscsi_task_response begin(struct iscsi_connection *c, unsigned code)
{
	switch (code) {
	case ISCSI_TARGET_WARM_RESET:
	case ISCSI_TARGET_COLD_RESET:
		return begin_target(c, code);
	case ISCSI_ABORT_TASK:
	case ISCSI_ABORT_TASK_SET:
	case ISCSI_CLEAR_TASK_SET:
	case ISCSI_LOGICAL_UNIT_RESET:
		return begin_unit(c, code);
	case ISCSI_TASK_REASSIGN:
		return ISCSI_TASK_NO_REASSIGN;
	default: /* CLEAR ACA too */
		return ISCSI_TASK_UNSUPPORTED;
	}
}

bool iscsi_on_task_management(struct iscsi_connection *c)
{
	enum iscsi_task_response response;

	if (!iscsi_discard_data(c))
		return false;
	if (!iscsi_take_cmd_sn(c))
		return true;
	response = begin(c, c->pdu.bhs[1] & ISCSI_FUNCTION);
	if (response != ISCSI_TASK_COMPLETE)
		respond(c, iscsi_get(&c->pdu, ISCSI_AT_ITT), response);
	return true;
}
