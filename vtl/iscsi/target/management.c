/* management.c: task management (RFC 7143, clause 11.5; SAM-5, clause 7). */
#include "vtl/iscsi/target/impl.h"

#include <stdio.h>

/* What a task management request is about. */
struct request {
	struct iscsi_connection *connection;
	unsigned function;
	size_t unit; /* of its LUN, if has_unit */
	bool has_unit;
};

static void tell(const struct request *r, const char *what, size_t count)
{
	struct iscsi_connection *c = r->connection;
	char text[128];

	snprintf(text, sizeof text, "%s ended %zu command%s", what, count,
	    count == 1 ? "" : "s");
	iscsi_node_tell(c->node,
	    &(struct iscsi_event){
		.kind = ISCSI_EVENT_TASKS,
		.address = c->address,
		.initiator = c->parameters.initiator_name,
		.target = c->target->name,
		.nexus = c->nexus,
		.reason = text,
	    });
}

static enum iscsi_task_response abort_task(const struct request *r)
{
	struct iscsi_connection *c = r->connection;
	const uint32_t ref_cmd_sn = iscsi_get(&c->pdu, ISCSI_AT_REF_CMD_SN);
	const struct iscsi_abort which = {
		.nexus = c->nexus,
		.one = true,
		.tag = iscsi_get(&c->pdu, ISCSI_AT_REFERENCED_TAG),
	};
	bool expected;

	if (iscsi_task_set_abort(c->node->sets[r->unit], &which, NULL) > 0) {
		tell(r, "ABORT TASK", 1);
		return ISCSI_TASK_COMPLETE;
	}
	/*
	 * A command that did not arrive yet counts as aborted: it is not
	 * executed when it does.
	 */
	pthread_mutex_lock(&c->lock);
	expected = ref_cmd_sn == c->exp_cmd_sn &&
	    iscsi_serial_before(ref_cmd_sn,
		iscsi_get(&c->pdu, ISCSI_AT_CMD_SN));
	if (expected)
		c->exp_cmd_sn++;
	pthread_mutex_unlock(&c->lock);
	return expected ? ISCSI_TASK_COMPLETE : ISCSI_TASK_UNKNOWN;
}

static enum iscsi_task_response abort_set(const struct request *r)
{
	struct iscsi_connection *c = r->connection;
	const struct iscsi_abort mine = { .nexus = c->nexus };
	size_t count =
	    iscsi_task_set_abort(c->node->sets[r->unit], &mine, NULL);

	if (count > 0)
		tell(r, "ABORT TASK SET", count);
	return ISCSI_TASK_COMPLETE;
}

/*
 * Of the other nexuses, those whose commands were cleared get a unit attention
 * (SAM-5, 5.6).
 */
static enum iscsi_task_response clear_set(const struct request *r)
{
	struct iscsi_connection *c = r->connection;
	struct iscsi_task_set *set = c->node->sets[r->unit];
	const struct iscsi_abort every = { .nexus = ISCSI_EVERY_NEXUS };
	uint64_t nexuses;
	size_t count = iscsi_task_set_abort(set, &every, &nexuses);

	nexuses &= ~(UINT64_C(1) << c->nexus);
	if (nexuses != 0)
		device_commands_cleared(iscsi_task_set_device(set), nexuses);
	if (count > 0)
		tell(r, "CLEAR TASK SET", count);
	return ISCSI_TASK_COMPLETE;
}

static enum iscsi_task_response reset_unit(const struct request *r)
{
	tell(r, "LOGICAL UNIT RESET",
	    iscsi_task_set_reset(r->connection->node->sets[r->unit]));
	return ISCSI_TASK_COMPLETE;
}

/* Resets the units of the target that this initiator may use. */
static enum iscsi_task_response reset_target(const struct request *r)
{
	struct iscsi_connection *c = r->connection;
	size_t count = 0;

	for (size_t i = 0; i < c->lun_count; i++)
		count +=
		    iscsi_task_set_reset(c->node->sets[c->target->first_unit +
			c->luns[i]]);
	tell(r, "TARGET RESET", count);
	return ISCSI_TASK_COMPLETE;
}

static enum iscsi_task_response perform(const struct request *r)
{
	switch (r->function) {
	case ISCSI_TARGET_WARM_RESET:
	case ISCSI_TARGET_COLD_RESET:
		return reset_target(r);
	case ISCSI_CLEAR_ACA:
		return ISCSI_TASK_UNSUPPORTED;
	case ISCSI_TASK_REASSIGN:
		return ISCSI_TASK_NO_REASSIGN;
	case ISCSI_ABORT_TASK:
	case ISCSI_ABORT_TASK_SET:
	case ISCSI_CLEAR_TASK_SET:
	case ISCSI_LOGICAL_UNIT_RESET:
		break;
	default:
		return ISCSI_TASK_UNSUPPORTED;
	}
	if (!r->has_unit)
		return ISCSI_TASK_LUN_UNKNOWN;
	if (r->function == ISCSI_ABORT_TASK)
		return abort_task(r);
	if (r->function == ISCSI_ABORT_TASK_SET)
		return abort_set(r);
	return r->function == ISCSI_CLEAR_TASK_SET ? clear_set(r)
						   : reset_unit(r);
}

bool iscsi_on_task_management(struct iscsi_connection *c)
{
	struct request r = { .connection = c,
		.function = c->pdu.bhs[1] & ISCSI_FUNCTION };
	enum iscsi_task_response response;
	struct iscsi_pdu pdu;

	if (!iscsi_discard_data(c))
		return false;
	if (!iscsi_take_cmd_sn(c))
		return true;
	r.has_unit = iscsi_find_unit(c, iscsi_lun(&c->pdu), &r.unit);
	response = perform(&r);
	iscsi_pdu_begin(&pdu, ISCSI_TASK_MANAGEMENT_RESPONSE,
	    iscsi_get(&c->pdu, ISCSI_AT_ITT));
	pdu.bhs[2] = (uint8_t)response;
	iscsi_send(c, &pdu, ISCSI_STAT_SN_TAKE);
	if (r.function != ISCSI_TARGET_COLD_RESET ||
	    response != ISCSI_TASK_COMPLETE)
		return true;
	/* RFC 7143, clause 11.5.1: all connections of the target end. */
	iscsi_node_end_target(c->node, c->target,
	    "TARGET COLD RESET ends the sessions of the target");
	return false;
}
