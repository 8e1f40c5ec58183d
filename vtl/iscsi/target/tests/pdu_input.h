/*
 * pdu_input.h: the inputs of pdu_fuzz.c.
 *
 * The first two bytes of an input have options (enum option, enum medium).  With
 * RAW the rest is sent as it is, beginning with the login.  Otherwise the logins
 * are done, and the rest is a list of records of HEAD_BYTES, each followed by
 * its data:
 *
 *     0      operation code, immediate bit
 *     1      byte 1 of the PDU
 *     2      how the PDU is made (enum make)
 *     3, 4   bits 7-6: which session, the rest: LUN; low byte of the task tag
 *     5-8    bytes 20 to 23 of the PDU
 *     9-24   bytes 32 to 47 of the PDU
 *     25-26  bytes of data
 */
#ifndef VTL_ISCSI_TARGET_PDU_INPUT_H
#define VTL_ISCSI_TARGET_PDU_INPUT_H

#include <stddef.h>

enum { OPTION_BYTES = 2, HEAD_BYTES = 27 };

enum option {
	RAW = 1,
	HEADER_DIGEST = 2,
	DATA_DIGEST = 4,
	ONLY_R2T = 8, /* no unsolicited data */
	SMALL = 16,   /* small bursts and PDUs */
	DISCOVERY = 32,
	SLOW_READER = 64,
	PINGED = 128
};

/* Without payload, the thread of a connection executes a WRITE. */
enum medium {
	NO_PAYLOAD = 1,
	MORE_SESSIONS = 6, /* 0 to 3 of them */
	MORE_SESSIONS_SHIFT = 1
};

enum make {
	MAKE_CMD_SN = 1,        /* another CmdSN than the next */
	MAKE_ANSWER_TO_R2T = 2, /* TTT, offset of the last R2T */
	MAKE_PAUSE = 4,         /* lets the commands run before the PDU */
	MAKE_AHS = 8,           /* an additional header of 8 bytes of data */
	MAKE_BAD_HEADER_DIGEST = 16,
	MAKE_BAD_DATA_DIGEST = 32,
	MAKE_LONGER = 64,   /* a data length that is not true */
	MAKE_OPEN_TAG = 128 /* task tag FFFFFFFFh */
};

/* Writes initial inputs into a folder; `login`: the login of one with RAW. */
void pdu_seeds_write(const char *folder, const void *login, size_t bytes);

#endif
