/* pdu.c: lengths, digests and names of PDUs. */
#include "vtl/iscsi/pdu.h"

#include <assert.h>

#include "vtl/iscsi/crc32c.h"

enum { DATA_MAX_BYTES = 0xffffff };

void iscsi_pdu_begin(struct iscsi_pdu *pdu, enum iscsi_opcode opcode,
    uint32_t task_tag)
{
	memset(pdu->bhs, 0, sizeof pdu->bhs);
	pdu->bhs[0] = (uint8_t)opcode;
	pdu->bhs[1] = ISCSI_FINAL;
	iscsi_put(pdu, ISCSI_AT_ITT, task_tag);
	pdu->ahs_bytes = 0;
	pdu->data_bytes = 0;
	pdu->data = NULL;
}

void iscsi_pdu_set_data(struct iscsi_pdu *pdu, const void *data, uint32_t bytes)
{
	assert(bytes <= DATA_MAX_BYTES);
	pdu->data = data;
	pdu->data_bytes = bytes;
	put_be24(pdu->bhs + 5, bytes);
}

const char *iscsi_pdu_measure(struct iscsi_pdu *pdu, uint32_t data_max_bytes)
{
	pdu->ahs_bytes = 4u * pdu->bhs[4];
	pdu->data_bytes = get_be24(pdu->bhs + 5);
	pdu->data = NULL;
	if (pdu->ahs_bytes > ISCSI_AHS_MAX_BYTES)
		return "its additional header is longer than 256 bytes";
	if (pdu->data_bytes > data_max_bytes)
		return "its data is longer than negotiated";
	return NULL;
}

bool iscsi_pdu_check_ahs(const struct iscsi_pdu *pdu, bool *extended)
{
	enum { AHS_HEAD = 3, AHS_CDB = 1, AHS_READ_LENGTH = 2 };

	*extended = false;
	for (uint32_t at = 0; at < pdu->ahs_bytes;) {
		const uint8_t *segment = pdu->ahs + at;
		/* The length does not include the head and the padding. */
		const uint32_t bytes = AHS_HEAD + get_be16(segment);
		const unsigned type = segment[2] & 0x3f;

		if (bytes + iscsi_padding(bytes) > pdu->ahs_bytes - at)
			return false;
		*extended |= type == AHS_CDB || type == AHS_READ_LENGTH;
		at += bytes + iscsi_padding(bytes);
	}
	return true;
}

/* The least significant byte is the first one on the wire. */
static void put_digest(uint8_t digest[ISCSI_DIGEST_BYTES], uint32_t crc)
{
	for (unsigned i = 0; i < ISCSI_DIGEST_BYTES; i++)
		digest[i] = (uint8_t)(crc >> 8 * i);
}

void iscsi_pdu_header_digest(const struct iscsi_pdu *pdu,
    uint8_t digest[ISCSI_DIGEST_BYTES])
{
	put_digest(digest,
	    crc32c(crc32c(0, pdu->bhs, sizeof pdu->bhs), pdu->ahs,
		pdu->ahs_bytes));
}

void iscsi_pdu_data_digest(const void *data, uint32_t bytes,
    const uint8_t *padding, uint8_t digest[ISCSI_DIGEST_BYTES])
{
	put_digest(digest,
	    crc32c(crc32c(0, data, bytes), padding, iscsi_padding(bytes)));
}

bool iscsi_pdu_allowed(enum iscsi_phase phase, enum iscsi_opcode opcode)
{
	switch (opcode) {
	case ISCSI_LOGIN:
		return phase == ISCSI_PHASE_LOGIN;
	case ISCSI_TEXT:
	case ISCSI_LOGOUT:
	case ISCSI_NOP_OUT:
		return phase != ISCSI_PHASE_LOGIN;
	case ISCSI_SCSI_COMMAND:
	case ISCSI_TASK_MANAGEMENT:
	case ISCSI_DATA_OUT:
	case ISCSI_SNACK:
		return phase == ISCSI_PHASE_NORMAL;
	default: /* of a target, or reserved */
		return false;
	}
}

const char *iscsi_opcode_name(enum iscsi_opcode opcode)
{
	static const char *const names[] = {
		[ISCSI_NOP_OUT] = "NOP-Out",
		[ISCSI_SCSI_COMMAND] = "SCSI Command",
		[ISCSI_TASK_MANAGEMENT] = "Task Management",
		[ISCSI_LOGIN] = "Login",
		[ISCSI_TEXT] = "Text",
		[ISCSI_DATA_OUT] = "Data-Out",
		[ISCSI_LOGOUT] = "Logout",
		[ISCSI_SNACK] = "SNACK",
		[ISCSI_NOP_IN] = "NOP-In",
		[ISCSI_SCSI_RESPONSE] = "SCSI Response",
		[ISCSI_TASK_MANAGEMENT_RESPONSE] = "Task Management Response",
		[ISCSI_LOGIN_RESPONSE] = "Login Response",
		[ISCSI_TEXT_RESPONSE] = "Text Response",
		[ISCSI_DATA_IN] = "Data-In",
		[ISCSI_LOGOUT_RESPONSE] = "Logout Response",
		[ISCSI_R2T] = "R2T",
		[ISCSI_ASYNC_MESSAGE] = "Asynchronous Message",
		[ISCSI_REJECT] = "Reject",
	};
	const unsigned code = (unsigned)opcode;

	return code < sizeof names / sizeof *names && names[code] != NULL
	    ? names[code]
	    : "unknown PDU";
}
