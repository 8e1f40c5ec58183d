/*
 * login_check.c: what must hold of each request of a login, and of its keys.
 */
#include <string.h>

#include "vtl/iscsi/login_impl.h"

const char *login_check_same(const struct login_step *step)
{
	struct iscsi_login *login = step->login;
	const struct iscsi_pdu *request = step->request;
	const uint16_t tsih = iscsi_get16(request, ISCSI_AT_TSIH);
	const uint16_t cid = iscsi_get16(request, ISCSI_AT_CID);
	const uint32_t tag = iscsi_get(request, ISCSI_AT_ITT);

	if (login->requests == 0) {
		memcpy(login->isid, request->bhs + ISCSI_AT_ISID, ISID_BYTES);
		login->tsih = tsih;
		login->cid = cid;
		login->task_tag = tag;
		login->cmd_sn = iscsi_get(request, ISCSI_AT_CMD_SN);
		login->stage = step->current;
	}
	if (memcmp(login->isid, request->bhs + ISCSI_AT_ISID, ISID_BYTES) != 0)
		return "the ISID changed during the login";
	if (login->tsih != tsih)
		return "the TSIH changed during the login";
	if (login->cid != cid)
		return "the CID changed during the login";
	if (login->task_tag != tag)
		return "the task tag changed during the login";
	return NULL;
}

const char *login_check_stages(const struct login_step *step)
{
	if (step->current != STAGE_SECURITY &&
	    step->current != STAGE_OPERATIONAL)
		return "a stage that a login does not have";
	if (step->current != step->login->stage)
		return "another stage than the one that was agreed on";
	if (step->transit && step->more)
		return "a text that is not complete, with the T bit";
	if (step->transit &&
	    (step->next == STAGE_RESERVED || step->next <= step->current))
		return "a next stage that cannot follow";
	return NULL;
}

const char *login_check_repeats(struct iscsi_login *login)
{
	struct iscsi_pair pair;

	for (size_t at = 0; iscsi_text_next(&login->request, &at, &pair);) {
		const char *older = iscsi_text_find(&login->seen, pair.key);

		if (++login->keys > ISCSI_TEXT_KEYS)
			return "it sent more than 64 keys";
		if (older != NULL && strcmp(older, pair.value) != 0)
			return "it sent a key twice with different values";
		if (older == NULL &&
		    !iscsi_text_add(&login->seen, pair.key, pair.value))
			return "its keys are too long";
	}
	return NULL;
}

struct login_identity login_identity(const struct iscsi_parameters *p)
{
	struct login_identity identity;

	memset(&identity, 0, sizeof identity);
	memcpy(identity.initiator_name, p->initiator_name, ISCSI_NAME_BYTES);
	memcpy(identity.target_name, p->target_name, ISCSI_NAME_BYTES);
	identity.discovery = p->discovery;
	return identity;
}

static bool is_same(const struct login_identity *a,
    const struct login_identity *b)
{
	return strcmp(a->initiator_name, b->initiator_name) == 0 &&
	    strcmp(a->target_name, b->target_name) == 0 &&
	    a->discovery == b->discovery;
}

enum iscsi_login_status login_check_identity(struct iscsi_login *login,
    const struct login_identity *older, const char **why)
{
	struct iscsi_parameters *p = &login->parameters;
	struct login_identity now;

	if (p->discovery)
		p->target_name[0] = '\0';
	now = login_identity(p);
	*why = "it changed its name, its target or the type of its session";
	if (login->identified && !is_same(older, &now))
		return ISCSI_LOGIN_INITIATOR_ERROR;
	*why = "it sent no InitiatorName";
	if (p->initiator_name[0] == '\0')
		return ISCSI_LOGIN_MISSING_PARAMETER;
	*why = "it asks for a normal session and sent no TargetName";
	if (!p->discovery && p->target_name[0] == '\0')
		return ISCSI_LOGIN_MISSING_PARAMETER;
	login->identified = true;
	return ISCSI_LOGIN_OK;
}
