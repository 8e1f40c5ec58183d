/*
 * pdu.h: the PDUs of iSCSI (RFC 7143, clause 11) as bytes.
 *
 * A PDU is a basic header segment (BHS) of 48 bytes, additional header
 * segments (AHS), a header digest, data padded to 4 bytes, and a data digest.
 * Everything here is a pure function: no sockets, no memory, no clock.
 *
 * Invariants:
 *
 *  1. A received BHS is a stranger's.  iscsi_pdu_measure() is called on it
 *     before any byte after it is read; afterwards all lengths are within the
 *     limits below.
 *  2. `data` of a PDU is borrowed: the owner of the buffer is the one who made
 *     the PDU.
 *  3. A BHS that iscsi_pdu_begin() made is zero except for its operation code,
 *     so reserved fields are zero.
 *
 * Sequence numbers are compared with iscsi_serial_before(), never with "<".
 */
#ifndef VTL_ISCSI_PDU_H
#define VTL_ISCSI_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "splitter/base/big_endian.h"

enum {
	ISCSI_BHS_BYTES = 48,
	ISCSI_AHS_MAX_BYTES = 64 * 4, /* more is refused */
	ISCSI_DIGEST_BYTES = 4,
	ISCSI_CDB_BYTES = 16,
	ISCSI_PORT = 3260,
	ISCSI_PORTAL_GROUP = 1 /* TargetPortalGroupTag of every target */
};

/* No tag: of a task (ITT) or of a transfer (TTT). */
#define ISCSI_NO_TAG UINT32_C(0xffffffff)

/* Operation codes: the low 6 bits of byte 0. */
enum iscsi_opcode {
	/* of the initiator */
	ISCSI_NOP_OUT = 0x00,
	ISCSI_SCSI_COMMAND = 0x01,
	ISCSI_TASK_MANAGEMENT = 0x02,
	ISCSI_LOGIN = 0x03,
	ISCSI_TEXT = 0x04,
	ISCSI_DATA_OUT = 0x05,
	ISCSI_LOGOUT = 0x06,
	ISCSI_SNACK = 0x10,
	/* of the target */
	ISCSI_NOP_IN = 0x20,
	ISCSI_SCSI_RESPONSE = 0x21,
	ISCSI_TASK_MANAGEMENT_RESPONSE = 0x22,
	ISCSI_LOGIN_RESPONSE = 0x23,
	ISCSI_TEXT_RESPONSE = 0x24,
	ISCSI_DATA_IN = 0x25,
	ISCSI_LOGOUT_RESPONSE = 0x26,
	ISCSI_R2T = 0x31,
	ISCSI_ASYNC_MESSAGE = 0x32,
	ISCSI_REJECT = 0x3f
};

/* Bits of byte 0 and byte 1. */
enum {
	ISCSI_IMMEDIATE = 0x40, /* byte 0 */
	ISCSI_FINAL = 0x80,
	ISCSI_TRANSIT = 0x80,       /* Login */
	ISCSI_CONTINUE = 0x40,      /* Login, Text */
	ISCSI_COMMAND_READ = 0x40,  /* SCSI Command */
	ISCSI_COMMAND_WRITE = 0x20, /* SCSI Command */
	ISCSI_COMMAND_ATTRIBUTE = 0x07,
	ISCSI_ACKNOWLEDGE = 0x40, /* Data-In */
	ISCSI_OVERFLOW = 0x04,    /* SCSI Response, Data-In */
	ISCSI_UNDERFLOW = 0x02,   /* SCSI Response, Data-In */
	ISCSI_STATUS = 0x01,      /* Data-In: byte 3 has the status */
	ISCSI_FUNCTION = 0x7f /* Task Management, Logout: function, reason */
};

/* ISCSI_COMMAND_ATTRIBUTE of a SCSI Command. */
enum iscsi_attribute {
	ISCSI_UNTAGGED,
	ISCSI_SIMPLE,
	ISCSI_ORDERED,
	ISCSI_HEAD_OF_QUEUE,
	ISCSI_ACA
};

/* Places of fields in the BHS, for iscsi_get() and iscsi_put(). */
enum iscsi_field {
	ISCSI_AT_ISID = 8,  /* 6 bytes: Login */
	ISCSI_AT_TSIH = 14, /* 2 bytes: Login */
	ISCSI_AT_ITT = 16,
	ISCSI_AT_TTT = 20,
	ISCSI_AT_EDTL = 20,           /* SCSI Command */
	ISCSI_AT_REFERENCED_TAG = 20, /* Task Management */
	ISCSI_AT_CID = 20,            /* 2 bytes: Login, Logout */
	ISCSI_AT_SNACK_TAG = 20,      /* SCSI Response */
	/* of the initiator */
	ISCSI_AT_CMD_SN = 24,
	ISCSI_AT_EXP_STAT_SN = 28,
	ISCSI_AT_REF_CMD_SN = 32, /* Task Management */
	ISCSI_AT_CDB = 32,        /* 16 bytes */
	/* of the target */
	ISCSI_AT_STAT_SN = 24,
	ISCSI_AT_EXP_CMD_SN = 28,
	ISCSI_AT_MAX_CMD_SN = 32,
	ISCSI_AT_EXP_DATA_SN = 36, /* SCSI Response, Task Management */
	ISCSI_AT_DATA_SN = 36,     /* Data-Out, Data-In, R2T, Reject */
	ISCSI_AT_OFFSET = 40,      /* Data-Out, Data-In, R2T */
	ISCSI_AT_BIDI_RESIDUAL = 40,
	ISCSI_AT_RESIDUAL = 44,       /* SCSI Response, Data-In */
	ISCSI_AT_DESIRED_LENGTH = 44, /* R2T */
	ISCSI_AT_STATUS_CLASS = 36,   /* 2 bytes: Login Response */
	ISCSI_AT_TIME2WAIT = 40,      /* 2 bytes: Logout Response */
	ISCSI_AT_TIME2RETAIN = 42     /* 2 bytes: Logout Response */
};

/* Status class and detail of a Login response. */
enum iscsi_login_status {
	ISCSI_LOGIN_OK = 0x0000,
	ISCSI_LOGIN_INITIATOR_ERROR = 0x0200,
	ISCSI_LOGIN_AUTHENTICATION_FAILED = 0x0201,
	ISCSI_LOGIN_FORBIDDEN = 0x0202,
	ISCSI_LOGIN_NOT_FOUND = 0x0203,
	ISCSI_LOGIN_REMOVED = 0x0204,
	ISCSI_LOGIN_VERSION = 0x0205,
	ISCSI_LOGIN_TOO_MANY_CONNECTIONS = 0x0206,
	ISCSI_LOGIN_MISSING_PARAMETER = 0x0207,
	ISCSI_LOGIN_NOT_IN_SESSION = 0x0208,
	ISCSI_LOGIN_SESSION_TYPE = 0x0209,
	ISCSI_LOGIN_NO_SESSION = 0x020a,
	ISCSI_LOGIN_INVALID_REQUEST = 0x020b,
	ISCSI_LOGIN_TARGET_ERROR = 0x0300,
	ISCSI_LOGIN_UNAVAILABLE = 0x0301,
	ISCSI_LOGIN_NO_RESOURCES = 0x0302
};

enum iscsi_task_function {
	ISCSI_ABORT_TASK = 1,
	ISCSI_ABORT_TASK_SET,
	ISCSI_CLEAR_ACA,
	ISCSI_CLEAR_TASK_SET,
	ISCSI_LOGICAL_UNIT_RESET,
	ISCSI_TARGET_WARM_RESET,
	ISCSI_TARGET_COLD_RESET,
	ISCSI_TASK_REASSIGN
};

enum iscsi_task_response {
	ISCSI_TASK_COMPLETE,
	ISCSI_TASK_UNKNOWN,
	ISCSI_TASK_LUN_UNKNOWN,
	ISCSI_TASK_ALLEGIANT,
	ISCSI_TASK_NO_REASSIGN,
	ISCSI_TASK_UNSUPPORTED,
	ISCSI_TASK_NOT_AUTHORIZED,
	ISCSI_TASK_REJECTED = 0xff
};

enum iscsi_logout_reason {
	ISCSI_LOGOUT_SESSION,
	ISCSI_LOGOUT_CONNECTION,
	ISCSI_LOGOUT_RECOVERY
};

enum iscsi_logout_response {
	ISCSI_LOGOUT_DONE,
	ISCSI_LOGOUT_NO_CONNECTION,
	ISCSI_LOGOUT_NO_RECOVERY,
	ISCSI_LOGOUT_FAILED
};

enum iscsi_async_event {
	ISCSI_ASYNC_SCSI,
	ISCSI_ASYNC_LOGOUT,
	ISCSI_ASYNC_CONNECTION_DROPPED,
	ISCSI_ASYNC_SESSION_DROPPED,
	ISCSI_ASYNC_NEGOTIATE
};

enum iscsi_reject_reason {
	ISCSI_REJECT_DATA_DIGEST = 0x02,
	ISCSI_REJECT_SNACK = 0x03,
	ISCSI_REJECT_PROTOCOL = 0x04,
	ISCSI_REJECT_UNSUPPORTED = 0x05,
	ISCSI_REJECT_IMMEDIATE = 0x06,
	ISCSI_REJECT_TASK_IN_PROGRESS = 0x07,
	ISCSI_REJECT_INVALID_ACK = 0x08,
	ISCSI_REJECT_INVALID_FIELD = 0x09,
	ISCSI_REJECT_NO_RESOURCES = 0x0a,
	ISCSI_REJECT_NEGOTIATION_RESET = 0x0b
};

struct iscsi_pdu {
	uint8_t bhs[ISCSI_BHS_BYTES];
	uint8_t ahs[ISCSI_AHS_MAX_BYTES];
	uint32_t ahs_bytes;
	uint32_t data_bytes; /* without padding */
	const uint8_t *data;
};

static inline enum iscsi_opcode iscsi_opcode(const struct iscsi_pdu *pdu)
{
	return (enum iscsi_opcode)(pdu->bhs[0] & 0x3f);
}

static inline bool iscsi_is_immediate(const struct iscsi_pdu *pdu)
{
	return (pdu->bhs[0] & ISCSI_IMMEDIATE) != 0;
}

/* Returns whether a bit of byte 1 is set. */
static inline bool iscsi_flag(const struct iscsi_pdu *pdu, unsigned flag)
{
	return (pdu->bhs[1] & flag) != 0;
}

/* A field of 4 bytes. */
static inline uint32_t iscsi_get(const struct iscsi_pdu *pdu,
    enum iscsi_field at)
{
	return get_be32(pdu->bhs + at);
}

static inline void iscsi_put(struct iscsi_pdu *pdu, enum iscsi_field at,
    uint32_t value)
{
	put_be32(pdu->bhs + at, value);
}

/* A field of 2 bytes. */
static inline uint16_t iscsi_get16(const struct iscsi_pdu *pdu,
    enum iscsi_field at)
{
	return get_be16(pdu->bhs + at);
}

static inline void iscsi_put16(struct iscsi_pdu *pdu, enum iscsi_field at,
    uint16_t value)
{
	put_be16(pdu->bhs + at, value);
}

/* The 8 bytes of the LUN, in the form of SAM. */
static inline const uint8_t *iscsi_lun(const struct iscsi_pdu *pdu)
{
	return pdu->bhs + 8;
}

static inline void iscsi_put_lun(struct iscsi_pdu *pdu, const uint8_t lun[8])
{
	memcpy(pdu->bhs + 8, lun, 8);
}

/*
 * Returns whether a comes before b in the serial arithmetic of 32 bits
 * (RFC 1982, RFC 7143 clause 4.2.2.1).
 */
static inline bool iscsi_serial_before(uint32_t a, uint32_t b)
{
	return a != b && b - a < UINT32_C(0x80000000);
}

/* Returns the number of bytes of padding after `bytes` of data: 0 to 3. */
static inline uint32_t iscsi_padding(uint32_t bytes)
{
	return -bytes & 3;
}

/*
 * Begins a PDU of the target with an operation code, the final bit, the tag of
 * the task, and no data.
 */
void iscsi_pdu_begin(struct iscsi_pdu *pdu, enum iscsi_opcode opcode,
    uint32_t task_tag);

/* Sets data and length; at most 2^24 - 1 bytes.  The data is not copied. */
void iscsi_pdu_set_data(struct iscsi_pdu *pdu, const void *data,
    uint32_t bytes);

/*
 * Reads the lengths of AHS and data from pdu->bhs into pdu->ahs_bytes and
 * pdu->data_bytes.  Returns NULL; or, if the AHS is longer than
 * ISCSI_AHS_MAX_BYTES or the data longer than `data_max_bytes`, what is wrong:
 * a part of a sentence for the log.  The connection must then be closed,
 * because the next PDU cannot be found.
 */
const char *iscsi_pdu_measure(struct iscsi_pdu *pdu, uint32_t data_max_bytes);

/*
 * Checks the AHS of a received PDU.  Returns false if a segment does not end
 * within the AHS.  *extended is set if a segment has a CDB of more than 16
 * bytes or a bidirectional read length; tapelab has no such commands.
 */
bool iscsi_pdu_check_ahs(const struct iscsi_pdu *pdu, bool *extended);

/* Digest of BHS and AHS, in the order of the wire. */
void iscsi_pdu_header_digest(const struct iscsi_pdu *pdu,
    uint8_t digest[ISCSI_DIGEST_BYTES]);

/* Digest of data and padding.  The padding of the target is zeros. */
void iscsi_pdu_data_digest(const void *data, uint32_t bytes,
    const uint8_t *padding, uint8_t digest[ISCSI_DIGEST_BYTES]);

/* Phases of a connection. */
enum iscsi_phase {
	ISCSI_PHASE_LOGIN,
	ISCSI_PHASE_DISCOVERY, /* full feature phase, discovery session */
	ISCSI_PHASE_NORMAL     /* full feature phase, normal session */
};

/*
 * Returns whether an initiator may send the PDU in this phase (RFC 7143,
 * clause 4.3 and 6.3): only Login requests before the full feature phase, only
 * Text, Logout and NOP-Out in a discovery session, anything of an initiator in
 * a normal session except Login.
 */
bool iscsi_pdu_allowed(enum iscsi_phase phase, enum iscsi_opcode opcode);

/* Name of a PDU for the log, such as "SCSI Command"; never NULL. */
const char *iscsi_opcode_name(enum iscsi_opcode opcode);

#endif
