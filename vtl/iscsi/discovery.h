/*
 * discovery.h: Text requests in the full feature phase: SendTargets (RFC 7143,
 * appendix C) and keys that may be negotiated again.
 *
 * A request may be spread over several PDUs (C bit); so may the answer, if it
 * is longer than the initiator accepts in a PDU: then each part except the last
 * has the C bit and a TTT, and the initiator asks for the next part with an
 * empty request that has this TTT.
 *
 * Invariants:
 *
 *  1. An initiator learns only of targets that it may use.
 *  2. One exchange at a time; a request with no TTT begins a new one and
 *     discards what is left of an older one.
 *  3. Memory is at most ISCSI_TEXT_BYTES for the request, and
 *     ISCSI_DISCOVERY_BYTES for the answer.
 *
 * Threads: an exchange belongs to one connection.
 */
#ifndef VTL_ISCSI_DISCOVERY_H
#define VTL_ISCSI_DISCOVERY_H

#include <stdbool.h>

#include "vtl/iscsi/parameters.h"
#include "vtl/iscsi/pdu.h"

enum { ISCSI_DISCOVERY_BYTES = 1048576 };

/* What the connection offers. */
struct iscsi_discovery_owner {
	void *arg;
	/*
	 * Returns the name of the i-th target that this initiator may use; NULL
	 * after the last.  The name is valid until the next call.
	 */
	const char *(*target)(void *arg, unsigned i);
	/* Address to advertise, as iscsi_portal_write() writes it. */
	const char *portal;
};

struct iscsi_discovery;

/* Returns NULL without memory. */
struct iscsi_discovery *iscsi_discovery_create(void);

/* NULL is allowed. */
void iscsi_discovery_free(struct iscsi_discovery *discovery);

/*
 * Takes a Text request, and makes the Text response.  The caller fills in
 * StatSN, ExpCmdSN and MaxCmdSN; the data is valid until the next call.
 * `parameters` are those of the connection, and may change.  In a normal
 * session SendTargets reports the target of the session only.
 *
 * Returns 0; or the reason of a Reject that the caller must send instead.
 */
enum iscsi_reject_reason iscsi_discovery_step(struct iscsi_discovery *discovery,
    const struct iscsi_discovery_owner *owner,
    struct iscsi_parameters *parameters, const struct iscsi_pdu *request,
    struct iscsi_pdu *reply);

#endif
