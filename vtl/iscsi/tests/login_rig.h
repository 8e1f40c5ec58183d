/*
 * login_rig.h: an initiator that logs in, without a socket, and the owner of
 * the login.
 *
 * Texts have a newline where the PDUs have a zero byte.
 */
#ifndef VTL_ISCSI_TESTS_LOGIN_RIG_H
#define VTL_ISCSI_TESTS_LOGIN_RIG_H

#include <stdint.h>

#include "vtl/iscsi/login.h"

#define LOGIN_TARGET "iqn.2026-11.tapelab:lib"

/* Names at the beginning of a first request. */
#define LOGIN_NAMES                                 \
	"InitiatorName=iqn.2026-11.org.example:a\n" \
	"TargetName=" LOGIN_TARGET "\n"             \
	"SessionType=Normal\n"

/* Byte 1 of requests and replies: stage, T bit and next stage. */
enum {
	LOGIN_SECURITY = 0x00,
	LOGIN_OPERATIONAL = 0x04,
	LOGIN_SECURITY_TO_OPERATIONAL = 0x81,
	LOGIN_SECURITY_TO_FULL = 0x83,
	LOGIN_OPERATIONAL_TO_FULL = 0x87
};

struct login_rig {
	struct iscsi_access *access;
	struct iscsi_login_owner owner;
	struct iscsi_login *login;
	/* How the owner answers. */
	enum iscsi_login_status find_status, enter_status;
	uint8_t
	    random; /* the next random byte, counted up; 0: random() fails */
	/* What the owner was asked. */
	unsigned entered;
	uint16_t asked_tsih;
	/* The request; the rig sets flags and text, a test may change more. */
	struct iscsi_pdu request;
	enum iscsi_login_step step;
	struct iscsi_pdu reply;
	char text[16384]; /* of the reply */
};

/* Begins a login.  `chap`: the text of a CHAP file; NULL: no CHAP. */
void login_rig_begin(struct login_rig *rig, const char *chap);
void login_rig_end(struct login_rig *rig);

/* Begins another login with the same owner. */
void login_rig_again(struct login_rig *rig);

/* Sends a request and takes the reply.  Returns rig->step. */
enum iscsi_login_step login_rig_send(struct login_rig *rig, unsigned flags,
    const char *text);

/* Asserts that the last reply has these flags, status 0 and this text. */
void login_rig_expect(const struct login_rig *rig, unsigned flags,
    const char *text);

/* Asserts that the login failed with a status, and with words of the reason. */
void login_rig_expect_failure(const struct login_rig *rig,
    enum iscsi_login_status status, const char *reason);

#endif
