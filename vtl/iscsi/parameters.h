/*
 * parameters.h: the parameters of a session and of its connection, and the
 * negotiation of each text key (RFC 7143, clauses 6.2 and 13).
 *
 * Invariants:
 *
 *  1. The values are always ones that both sides have agreed on: the defaults
 *     of RFC 7143, until a key was offered and answered.
 *  2. first_burst_bytes <= max_burst_bytes.
 *  3. A key is known by one row of one table: its rule, the phases in which it
 *     may be sent, the sessions to which it applies, our value.
 *
 * Threads: a struct iscsi_parameters belongs to one connection.
 */
#ifndef VTL_ISCSI_PARAMETERS_H
#define VTL_ISCSI_PARAMETERS_H

#include <stdbool.h>
#include <stdint.h>

#include "vtl/iscsi/name.h"
#include "vtl/iscsi/text.h"

/* Our values. */
enum {
	ISCSI_MAX_RECV_BYTES = 1048576, /* data of a PDU that we accept */
	ISCSI_MAX_BURST_BYTES = 16776192,
	ISCSI_FIRST_BURST_BYTES = 262144,
	ISCSI_LOGIN_DATA_BYTES = 8192 /* data of a PDU during login */
};

struct iscsi_parameters {
	char initiator_name[ISCSI_NAME_BYTES]; /* in lower case */
	char initiator_alias[ISCSI_TEXT_ALIAS_BYTES];
	char target_name[ISCSI_NAME_BYTES]; /* in lower case; "": discovery */
	bool discovery;
	/*
	 * MaxRecvDataSegmentLength of each side: the most data that we may send
	 * in a PDU, and the most that the initiator may send.
	 */
	uint32_t max_send_bytes;
	uint32_t max_recv_bytes;
	uint32_t max_burst_bytes;
	uint32_t first_burst_bytes;
	uint32_t max_outstanding_r2t;
	uint32_t time2wait_s;
	uint32_t time2retain_s;
	bool initial_r2t; /* true: no unsolicited Data-Out */
	bool immediate_data;
	bool header_digest; /* CRC32C; in force after the login */
	bool data_digest;
};

/* The time at which a key is received. */
enum iscsi_text_phase {
	ISCSI_TEXT_SECURITY,    /* login, stage 0 */
	ISCSI_TEXT_OPERATIONAL, /* login, stage 1 */
	ISCSI_TEXT_FULL         /* Text requests */
};

/* Sets the defaults of RFC 7143. */
void iscsi_parameters_init(struct iscsi_parameters *parameters);

/*
 * Takes the keys of a complete text of an initiator, and appends the answers
 * to `answer`.  Keys of the authentication (AuthMethod, CHAP_*) and SendTargets
 * are skipped: login.c and discovery.c answer them.  Our own
 * MaxRecvDataSegmentLength is not appended: see iscsi_parameters_declare().
 *
 * Unknown keys are answered with NotUnderstood, keys in the wrong phase with
 * Reject, keys that do not apply to the session with Irrelevant.  A value that
 * does not fit its key is answered with Reject and changes nothing.
 *
 * Returns NULL; or why the negotiation fails, a part of a sentence for the log
 * (a declared value that is invalid, no room for the answer).
 */
const char *iscsi_parameters_negotiate(struct iscsi_parameters *parameters,
    enum iscsi_text_phase phase, const struct iscsi_text *text,
    struct iscsi_text *answer);

/*
 * Appends our MaxRecvDataSegmentLength and sets max_recv_bytes.  Call it once,
 * with the first answer of the operational stage.  Returns false if there is no
 * room.
 */
bool iscsi_parameters_declare(struct iscsi_parameters *parameters,
    struct iscsi_text *answer);

#endif
