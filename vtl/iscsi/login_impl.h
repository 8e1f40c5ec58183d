/*
 * login_impl.h: a login and one of its requests; shared by the files that
 * implement login.h.
 */
#ifndef VTL_ISCSI_LOGIN_IMPL_H
#define VTL_ISCSI_LOGIN_IMPL_H

#include "vtl/iscsi/authentication.h"
#include "vtl/iscsi/login.h"

enum stage {
	STAGE_SECURITY = 0,
	STAGE_OPERATIONAL = 1,
	STAGE_RESERVED = 2,
	STAGE_FULL = 3
};

enum { ISID_BYTES = 6 };

struct iscsi_login {
	const struct iscsi_login_owner *owner;
	struct iscsi_parameters parameters;
	struct authentication authentication;
	/* What must be the same in each request. */
	uint8_t isid[ISID_BYTES];
	uint16_t tsih, cid;
	uint32_t task_tag;
	uint32_t stat_sn, cmd_sn;
	enum stage stage;
	unsigned requests, keys;
	size_t text_bytes; /* of all requests */
	bool identified;   /* names and type of the session are final */
	bool admitted;     /* the initiator may use the target */
	bool declared;     /* our MaxRecvDataSegmentLength was sent */
	struct iscsi_text request, answer;
	size_t answered;        /* bytes of the answer that were sent */
	struct iscsi_text seen; /* each key with its first value */
	const char *reason;
};

/* A request in the course of its check. */
struct login_step {
	struct iscsi_login *login;
	const struct iscsi_pdu *request;
	struct iscsi_pdu *reply;
	enum stage current, next;
	bool transit, more;
};

/* Remembers the first request.  Returns NULL, or how a later one differs. */
const char *login_check_same(const struct login_step *step);

/* Checks flags and stages.  Returns NULL, or what is wrong. */
const char *login_check_stages(const struct login_step *step);

/*
 * Counts the keys of a text, and compares each with an earlier value: a
 * repeated key is an error, but libiscsi repeats keys with the same value.
 * Returns NULL, or what is wrong.
 */
const char *login_check_repeats(struct iscsi_login *login);

/* Names and type of the session: final after the first text. */
struct login_identity {
	char initiator_name[ISCSI_NAME_BYTES], target_name[ISCSI_NAME_BYTES];
	bool discovery;
};

struct login_identity login_identity(const struct iscsi_parameters *p);

/*
 * Checks that the names are there and did not change; `older` is the identity
 * before this text.  Returns a status, and in *why what is wrong.
 */
enum iscsi_login_status login_check_identity(struct iscsi_login *login,
    const struct login_identity *older, const char **why);

#endif
