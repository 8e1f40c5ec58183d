/*
 * login.h: the target's side of the login phase of a connection (RFC 7143,
 * clauses 6.3, 11.12, 11.13 and 12.1).
 *
 *               first request, CSG 0            first request, CSG 1
 *                       |                               | (only without CHAP)
 *                       v                               v
 *    AuthMethod --> SECURITY --- T, NSG 1 ---> OPERATIONAL --- T, NSG 3 --+
 *    CHAP_A, CHAP_N     |                                                 |
 *                       +--------------- T, NSG 3 ----------------------+ |
 *                                                                       v v
 *                                                              FULL FEATURE
 *
 * Invariants:
 *
 *  1. Only an initiator that has authenticated, if CHAP is required, causes
 *     any effect outside of its connection: `enter` is called last.
 *  2. After an answer with a status class other than 0 the connection must be
 *     closed.
 *  3. Memory is at most ISCSI_TEXT_BYTES for the request, the repeated keys
 *     and the answer each.
 *  4. At most ISCSI_LOGIN_REQUESTS requests; the owner limits the time.
 *
 * Threads: a login belongs to one connection.  No function reads a clock or
 * waits; random bytes come from a callback.
 */
#ifndef VTL_ISCSI_LOGIN_H
#define VTL_ISCSI_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/iscsi/access.h"
#include "vtl/iscsi/parameters.h"
#include "vtl/iscsi/pdu.h"

enum {
	ISCSI_LOGIN_REQUESTS = 64,
	ISCSI_LOGIN_SECONDS = 30 /* the owner closes the connection after it */
};

struct iscsi_login;

/* The owner of a login.  `arg` is its own. */
struct iscsi_login_owner {
	void *arg;
	const struct iscsi_access *access;
	/* MaxCmdSN - ExpCmdSN + 1 of answers during the login; at least 1. */
	uint32_t window;
	/* The first StatSN. */
	uint32_t stat_sn;
	/*
	 * Whether there is a target with this name, in lower case: ISCSI_LOGIN_OK,
	 * ISCSI_LOGIN_NOT_FOUND, or ISCSI_LOGIN_UNAVAILABLE while the library
	 * starts.
	 */
	enum iscsi_login_status (*find_target)(void *arg, const char *name);
	/*
	 * The login is about to enter the full feature phase; everything else
	 * is checked.  The owner finds or creates the session of (initiator
	 * name, ISID, target), and ends an older one of this identity.  *tsih is
	 * the TSIH of the initiator: 0 for a new session; the owner sets it to
	 * that of the session, not 0.  Another status than ISCSI_LOGIN_OK ends
	 * the login.
	 */
	enum iscsi_login_status (*enter)(void *arg,
	    const struct iscsi_login *login, uint16_t *tsih);
	/* Fills random bytes; false: the system has none. */
	bool (*random)(void *arg, uint8_t *bytes, size_t count);
};

/* Returns NULL without memory.  `owner` must stay valid. */
struct iscsi_login *iscsi_login_create(const struct iscsi_login_owner *owner);

/* Overwrites and frees everything.  NULL is allowed. */
void iscsi_login_free(struct iscsi_login *login);

enum iscsi_login_step {
	ISCSI_LOGIN_ANSWER, /* send the reply, and wait for another request */
	ISCSI_LOGIN_DONE,   /* send the reply; the full feature phase begins */
	ISCSI_LOGIN_FAILED, /* send the reply, and close the connection */
	ISCSI_LOGIN_CLOSE   /* close the connection without a reply */
};

/*
 * Takes a request of the initiator, and makes a reply, whose data is valid
 * until the next call.  A PDU that is no Login request, or has AHS, gives
 * ISCSI_LOGIN_CLOSE: the caller need not check.  After FAILED and CLOSE
 * iscsi_login_reason() says why.
 */
enum iscsi_login_step iscsi_login_step(struct iscsi_login *login,
    const struct iscsi_pdu *request, struct iscsi_pdu *reply);

/*
 * Why the login failed, a part of a sentence such as "it sent no
 * InitiatorName"; "": it did not fail.  The text is static.
 */
const char *iscsi_login_reason(const struct iscsi_login *login);

/* The parameters as negotiated so far. */
const struct iscsi_parameters *
iscsi_login_parameters(const struct iscsi_login *login);

/* The ISID (6 bytes) and the CID of the initiator. */
const uint8_t *iscsi_login_isid(const struct iscsi_login *login);
uint16_t iscsi_login_cid(const struct iscsi_login *login);

/*
 * The sequence numbers with which the full feature phase begins: the next
 * StatSN, and the CmdSN of the first command.
 */
uint32_t iscsi_login_stat_sn(const struct iscsi_login *login);
uint32_t iscsi_login_cmd_sn(const struct iscsi_login *login);

#endif
