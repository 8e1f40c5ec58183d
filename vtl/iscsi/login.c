/* login.c: the target's side of the login phase. */
#include "vtl/iscsi/login.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/iscsi/login_impl.h"

struct iscsi_login *iscsi_login_create(const struct iscsi_login_owner *owner)
{
	struct iscsi_login *login = calloc(1, sizeof *login);

	if (login == NULL)
		return NULL;
	assert(owner->window > 0);
	login->owner = owner;
	login->reason = "";
	login->stat_sn = owner->stat_sn;
	iscsi_parameters_init(&login->parameters);
	return login;
}

void iscsi_login_free(struct iscsi_login *login)
{
	if (login == NULL)
		return;
	iscsi_text_free(&login->request);
	iscsi_text_free(&login->answer);
	iscsi_text_free(&login->seen);
	explicit_bzero(login, sizeof *login);
	free(login);
}

static void begin_reply(const struct iscsi_login *login,
    const struct iscsi_pdu *request, struct iscsi_pdu *reply)
{
	iscsi_pdu_begin(reply, ISCSI_LOGIN_RESPONSE,
	    iscsi_get(request, ISCSI_AT_ITT));
	/* Both version numbers are 0. */
	reply->bhs[1] = request->bhs[1] & 0x0c;
	memcpy(reply->bhs + ISCSI_AT_ISID, request->bhs + ISCSI_AT_ISID,
	    ISID_BYTES);
	iscsi_put16(reply, ISCSI_AT_TSIH, iscsi_get16(request, ISCSI_AT_TSIH));
	iscsi_put(reply, ISCSI_AT_STAT_SN, login->stat_sn);
	iscsi_put(reply, ISCSI_AT_EXP_CMD_SN, login->cmd_sn);
	iscsi_put(reply, ISCSI_AT_MAX_CMD_SN,
	    login->cmd_sn + login->owner->window - 1);
}

static enum iscsi_login_step fail(struct login_step *step,
    enum iscsi_login_status status, const char *why)
{
	struct iscsi_login *login = step->login;

	/* An append fails if a text is too long, or for want of memory. */
	if (login->request.no_memory || login->answer.no_memory ||
	    login->seen.no_memory) {
		status = ISCSI_LOGIN_NO_RESOURCES;
		why = "out of memory";
	}
	begin_reply(login, step->request, step->reply);
	iscsi_put16(step->reply, ISCSI_AT_STATUS_CLASS, (uint16_t)status);
	login->reason = why;
	return ISCSI_LOGIN_FAILED;
}

static const char *reason_of(enum iscsi_login_status status)
{
	switch (status) {
	case ISCSI_LOGIN_NOT_FOUND:
		return "there is no target of the name that it asks for";
	case ISCSI_LOGIN_FORBIDDEN:
		return "its --allow has no LUN of this target";
	case ISCSI_LOGIN_UNAVAILABLE:
		return "the library is not ready for sessions";
	case ISCSI_LOGIN_NO_SESSION:
		return "it wants to join a session that does not exist";
	case ISCSI_LOGIN_TOO_MANY_CONNECTIONS:
		return "its session has a connection, and can have no other";
	case ISCSI_LOGIN_NO_RESOURCES:
		return "there are too many sessions";
	default:
		return "the server refused the session";
	}
}

/* Checks once that an authenticated initiator may use the target. */
static enum iscsi_login_status admit(struct iscsi_login *login,
    const char **why)
{
	const struct iscsi_login_owner *owner = login->owner;
	const struct iscsi_parameters *p = &login->parameters;
	enum iscsi_login_status status = ISCSI_LOGIN_OK;

	if (login->admitted)
		return ISCSI_LOGIN_OK;
	*why = "it is not in the list of allowed initiators";
	if (!iscsi_access_allows(owner->access, p->initiator_name))
		return ISCSI_LOGIN_FORBIDDEN;
	if (!p->discovery)
		status = owner->find_target(owner->arg, p->target_name);
	*why = reason_of(status);
	login->admitted = status == ISCSI_LOGIN_OK;
	return status;
}

/* The security stage, or the proof that it was not needed. */
static enum iscsi_login_status authenticate(struct login_step *step,
    const char **why)
{
	struct iscsi_login *login = step->login;
	const struct authentication_source source = { .arg = login->owner->arg,
		.random = login->owner->random };

	if (step->current == STAGE_SECURITY)
		return authentication_step(&login->authentication,
		    login->owner->access, &source,
		    login->parameters.initiator_name, step->transit,
		    &login->request, &login->answer, why);
	*why = "it did not authenticate, which the server requires";
	if (iscsi_access_needs_chap(login->owner->access) &&
	    login->authentication.state != AUTHENTICATION_PASSED)
		return ISCSI_LOGIN_AUTHENTICATION_FAILED;
	return admit(login, why);
}

/* Keys that the target sends without being asked. */
static bool declare(struct login_step *step, bool is_first)
{
	struct iscsi_login *login = step->login;

	if (is_first && !login->parameters.discovery &&
	    !iscsi_text_add_number(&login->answer, "TargetPortalGroupTag",
		ISCSI_PORTAL_GROUP))
		return false;
	if (login->declared || step->current != STAGE_OPERATIONAL)
		return true;
	login->declared = true;
	return iscsi_parameters_declare(&login->parameters, &login->answer);
}

/* Negotiates the keys of a complete text. */
static enum iscsi_login_status negotiate(struct login_step *step,
    const char **why)
{
	struct iscsi_login *login = step->login;
	const bool is_first = !login->identified;
	const struct login_identity older = login_identity(&login->parameters);
	enum iscsi_login_status status;

	iscsi_text_clear(&login->answer);
	login->answered = 0;
	if ((*why = iscsi_text_check(&login->request)) != NULL ||
	    (*why = login_check_repeats(login)) != NULL ||
	    (*why = iscsi_parameters_negotiate(&login->parameters,
		 step->current == STAGE_SECURITY ? ISCSI_TEXT_SECURITY
						 : ISCSI_TEXT_OPERATIONAL,
		 &login->request, &login->answer)) != NULL)
		return ISCSI_LOGIN_INITIATOR_ERROR;
	if ((status = login_check_identity(login, &older, why)) !=
		ISCSI_LOGIN_OK ||
	    (status = authenticate(step, why)) != ISCSI_LOGIN_OK)
		return status;
	iscsi_text_clear(&login->request);
	*why = "the answer is too long";
	return declare(step, is_first) ? ISCSI_LOGIN_OK
				       : ISCSI_LOGIN_NO_RESOURCES;
}

/* Goes to the next stage, if the initiator asks for it and may. */
static enum iscsi_login_step advance(struct login_step *step)
{
	struct iscsi_login *login = step->login;
	const struct iscsi_login_owner *owner = login->owner;
	uint16_t tsih = login->tsih;
	enum iscsi_login_status status;
	const char *why;

	if (!step->transit ||
	    (step->current == STAGE_SECURITY &&
		login->authentication.state != AUTHENTICATION_PASSED)) {
		login->stat_sn++;
		return ISCSI_LOGIN_ANSWER;
	}
	if ((status = admit(login, &why)) != ISCSI_LOGIN_OK)
		return fail(step, status, why);
	if (step->next == STAGE_FULL) {
		status = owner->enter(owner->arg, login, &tsih);
		if (status != ISCSI_LOGIN_OK)
			return fail(step, status, reason_of(status));
		assert(tsih != 0);
		iscsi_put16(step->reply, ISCSI_AT_TSIH, tsih);
	}
	login->stage = step->next;
	login->stat_sn++;
	step->reply->bhs[1] |= ISCSI_TRANSIT | (uint8_t)step->next;
	return step->next == STAGE_FULL ? ISCSI_LOGIN_DONE : ISCSI_LOGIN_ANSWER;
}

/* Sends the answer, or the next part of a long one. */
static enum iscsi_login_step send_part(struct login_step *step)
{
	struct iscsi_login *login = step->login;
	const size_t left = login->answer.bytes - login->answered;
	uint32_t part_max = login->parameters.max_send_bytes;

	if (part_max > ISCSI_LOGIN_DATA_BYTES)
		part_max = ISCSI_LOGIN_DATA_BYTES;
	if (left > 0)
		iscsi_pdu_set_data(step->reply,
		    login->answer.data + login->answered,
		    left < part_max ? (uint32_t)left : part_max);
	if (left <= part_max) {
		login->answered = login->answer.bytes;
		return advance(step);
	}
	login->answered += part_max;
	login->stat_sn++;
	step->reply->bhs[1] |= ISCSI_CONTINUE;
	return ISCSI_LOGIN_ANSWER;
}

static enum iscsi_login_step take_text(struct login_step *step)
{
	struct iscsi_login *login = step->login;
	const uint32_t bytes = step->request->data_bytes;
	enum iscsi_login_status status;
	const char *why;

	login->text_bytes += bytes;
	if (login->text_bytes > ISCSI_TEXT_BYTES)
		return fail(step, ISCSI_LOGIN_INITIATOR_ERROR,
		    "it sent more than 64 KiB of keys");
	if (!iscsi_text_append(&login->request, step->request->data, bytes))
		return fail(step, ISCSI_LOGIN_NO_RESOURCES, "out of memory");
	if (step->more) {
		login->stat_sn++;
		return ISCSI_LOGIN_ANSWER;
	}
	status = negotiate(step, &why);
	if (status != ISCSI_LOGIN_OK)
		return fail(step, status, why);
	return send_part(step);
}

/* What makes an answer impossible. */
static const char *check_pdu(const struct iscsi_pdu *request)
{
	if (iscsi_opcode(request) != ISCSI_LOGIN)
		return "it sent another PDU than Login before the login";
	if (request->ahs_bytes > 0)
		return "its Login request has an additional header";
	if (request->data_bytes > ISCSI_LOGIN_DATA_BYTES)
		return "its Login request has more than 8192 bytes of data";
	return NULL;
}

enum iscsi_login_step iscsi_login_step(struct iscsi_login *login,
    const struct iscsi_pdu *request, struct iscsi_pdu *reply)
{
	const unsigned flags = request->bhs[1];
	struct login_step step = { .login = login,
		.request = request,
		.reply = reply,
		.current = (enum stage)(flags >> 2 & 3),
		.next = (enum stage)(flags & 3),
		.transit = (flags & ISCSI_TRANSIT) != 0,
		.more = (flags & ISCSI_CONTINUE) != 0 };
	const char *wrong = check_pdu(request);

	assert(login->stage != STAGE_FULL);
	if (wrong != NULL) {
		login->reason = wrong;
		return ISCSI_LOGIN_CLOSE;
	}
	wrong = login_check_same(&step);
	begin_reply(login, request, reply);
	if (++login->requests > ISCSI_LOGIN_REQUESTS)
		wrong = "it sent more than 64 Login requests";
	if (wrong != NULL)
		return fail(&step, ISCSI_LOGIN_INITIATOR_ERROR, wrong);
	if (request->bhs[3] != 0)
		return fail(&step, ISCSI_LOGIN_VERSION,
		    "it requires a newer version of iSCSI");
	if ((wrong = login_check_stages(&step)) != NULL)
		return fail(&step, ISCSI_LOGIN_INITIATOR_ERROR, wrong);
	if (login->answered == login->answer.bytes)
		return take_text(&step);
	if (step.more || request->data_bytes > 0)
		return fail(&step, ISCSI_LOGIN_INITIATOR_ERROR,
		    "it sent keys before it had the whole answer");
	return send_part(&step);
}

const char *iscsi_login_reason(const struct iscsi_login *login)
{
	return login->reason;
}

const struct iscsi_parameters *
iscsi_login_parameters(const struct iscsi_login *login)
{
	return &login->parameters;
}

const uint8_t *iscsi_login_isid(const struct iscsi_login *login)
{
	return login->isid;
}

uint16_t iscsi_login_cid(const struct iscsi_login *login)
{
	return login->cid;
}

uint32_t iscsi_login_stat_sn(const struct iscsi_login *login)
{
	return login->stat_sn;
}

uint32_t iscsi_login_cmd_sn(const struct iscsi_login *login)
{
	return login->cmd_sn;
}
