/*
 * authentication.h: the security stage of a login (RFC 7143, clause 12.1).
 *
 *     START --- AuthMethod has CHAP, and CHAP is required ---> ALGORITHM
 *       |                                                         |
 *       | no CHAP required: AuthMethod=None, or no AuthMethod     | CHAP_A
 *       v                                                         v
 *     PASSED <-------------- CHAP_N, CHAP_R are right -------- RESPONSE
 *
 * Invariants:
 *
 *  1. If CHAP is required, PASSED is reached only with a right response to a
 *     challenge that was drawn for this login.
 *  2. An initiator learns nothing about which names or users exist: it gets a
 *     challenge in any case, and one status for all failures.
 *  3. The target responds to a challenge of the initiator (mutual CHAP) only
 *     after the initiator has authenticated, and never to its own challenge.
 */
#ifndef VTL_ISCSI_AUTHENTICATION_H
#define VTL_ISCSI_AUTHENTICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "vtl/iscsi/access.h"
#include "vtl/iscsi/chap.h"
#include "vtl/iscsi/pdu.h"
#include "vtl/iscsi/text.h"

enum authentication_state {
	AUTHENTICATION_START,
	AUTHENTICATION_ALGORITHM,
	AUTHENTICATION_RESPONSE,
	AUTHENTICATION_PASSED
};

/* Begins as zeros. */
struct authentication {
	enum authentication_state state;
	enum chap_algorithm algorithm;
	uint8_t identifier;
	uint8_t challenge[CHAP_RESPONSE_MAX_BYTES];
};

/* Where random bytes come from: see struct iscsi_login_owner. */
struct authentication_source {
	void *arg;
	bool (*random)(void *arg, uint8_t *bytes, size_t count);
};

/*
 * Takes the keys of a request, and appends the answers.  `transit`: the
 * initiator asks for the next stage.  It cannot have it unless the state is
 * AUTHENTICATION_PASSED; that is an error only if the request has no step of
 * the authentication.
 *
 * Returns ISCSI_LOGIN_OK; or the status of the refusal, and *why is a part of a
 * sentence for the log.
 */
enum iscsi_login_status
authentication_step(struct authentication *authentication,
    const struct iscsi_access *access,
    const struct authentication_source *source, const char *initiator,
    bool transit, const struct iscsi_text *request, struct iscsi_text *answer,
    const char **why);

#endif
