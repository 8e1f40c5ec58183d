/* check_iscsi_refusal.c: logins that fail: each status and each limit. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/tests/login_rig.h"

static struct login_rig rig;

static void begin(void)
{
	login_rig_begin(&rig, NULL);
}

static void end(void)
{
	login_rig_end(&rig);
}

/* Requests that end a login, each with status and words of the reason. */
static const struct refusal {
	const char *name;
	unsigned flags;
	const char *text;
	enum iscsi_login_status status;
	const char *reason;
} refusals[] = {
	{ "no InitiatorName", LOGIN_OPERATIONAL_TO_FULL,
	    "TargetName=" LOGIN_TARGET "\n", ISCSI_LOGIN_MISSING_PARAMETER,
	    "no InitiatorName" },
	{ "no TargetName", LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=iqn.2026-11.org.example:a\n",
	    ISCSI_LOGIN_MISSING_PARAMETER, "no TargetName" },
	{ "no text", LOGIN_SECURITY, "", ISCSI_LOGIN_MISSING_PARAMETER,
	    "no InitiatorName" },
	{ "name that is not an IQN", LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=host\nTargetName=" LOGIN_TARGET "\n",
	    ISCSI_LOGIN_INITIATOR_ERROR, "InitiatorName is not" },
	{ "target's name that is not an IQN", LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=iqn.2026-11.org.example:a\nTargetName=iqn.\n",
	    ISCSI_LOGIN_INITIATOR_ERROR, "TargetName is not" },
	{ "no such target", LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=iqn.2026-11.org.example:a\n"
	    "TargetName=iqn.2026-11.tapelab:other\n",
	    ISCSI_LOGIN_NOT_FOUND, "no target" },
	{ "type of session", LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=iqn.2026-11.org.example:a\nSessionType=Tape\n",
	    ISCSI_LOGIN_INITIATOR_ERROR, "SessionType" },
	{ "two types of session", LOGIN_OPERATIONAL_TO_FULL,
	    "SessionType=Discovery\n" LOGIN_NAMES, ISCSI_LOGIN_INITIATOR_ERROR,
	    "twice" },
	{ "stage 2", 0x88, LOGIN_NAMES, ISCSI_LOGIN_INITIATOR_ERROR, "stage" },
	{ "stage 3", 0x8c, LOGIN_NAMES, ISCSI_LOGIN_INITIATOR_ERROR, "stage" },
	{ "next stage 2", 0x86, LOGIN_NAMES, ISCSI_LOGIN_INITIATOR_ERROR,
	    "next stage" },
	{ "next stage before the current", 0x84, LOGIN_NAMES,
	    ISCSI_LOGIN_INITIATOR_ERROR, "next stage" },
	{ "next stage the current", 0x85, LOGIN_NAMES,
	    ISCSI_LOGIN_INITIATOR_ERROR, "next stage" },
	{ "T and C", 0xc7, LOGIN_NAMES, ISCSI_LOGIN_INITIATOR_ERROR, "T bit" },
	{ "no '='", LOGIN_OPERATIONAL_TO_FULL, LOGIN_NAMES "Key\n",
	    ISCSI_LOGIN_INITIATOR_ERROR, "'='" },
	{ "no zero byte at the end", LOGIN_OPERATIONAL_TO_FULL,
	    LOGIN_NAMES "MaxBurstLength=512", ISCSI_LOGIN_INITIATOR_ERROR,
	    "zero byte" },
	{ "characters of a key", LOGIN_OPERATIONAL_TO_FULL,
	    LOGIN_NAMES "Max Burst=512\n", ISCSI_LOGIN_INITIATOR_ERROR,
	    "character" },
	{ "key without a name", LOGIN_OPERATIONAL_TO_FULL, LOGIN_NAMES "=1\n",
	    ISCSI_LOGIN_INITIATOR_ERROR, "character" },
	{ "control character", LOGIN_OPERATIONAL_TO_FULL,
	    LOGIN_NAMES "InitiatorAlias=\033[2J\n", ISCSI_LOGIN_INITIATOR_ERROR,
	    "control character" },
	{ "declared value", LOGIN_OPERATIONAL_TO_FULL,
	    LOGIN_NAMES "MaxRecvDataSegmentLength=511\n",
	    ISCSI_LOGIN_INITIATOR_ERROR, "MaxRecvDataSegmentLength" },
	{ "only CHAP", LOGIN_SECURITY_TO_OPERATIONAL,
	    LOGIN_NAMES "AuthMethod=CHAP\n", ISCSI_LOGIN_AUTHENTICATION_FAILED,
	    "no CHAP file" },
};

START_TEST(a_bad_request_ends_the_login_with_a_status)
{
	const struct refusal *r = &refusals[_i];

	login_rig_send(&rig, r->flags, r->text);
	login_rig_expect_failure(&rig, r->status, r->reason);
	ck_assert_msg(rig.entered == 0, "%s", r->name);
}
END_TEST

/* What the owner of the login decides. */
START_TEST(the_owner_refuses_with_a_status)
{
	static const enum iscsi_login_status refused[] = {
		ISCSI_LOGIN_TOO_MANY_CONNECTIONS, ISCSI_LOGIN_NO_SESSION,
		ISCSI_LOGIN_TARGET_ERROR, ISCSI_LOGIN_NO_RESOURCES
	};

	for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++) {
		login_rig_again(&rig);
		rig.enter_status = refused[i];
		iscsi_put16(&rig.request, ISCSI_AT_TSIH, 7);
		login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, LOGIN_NAMES);
		login_rig_expect_failure(&rig, refused[i], "");
		ck_assert_uint_eq(rig.asked_tsih, 7);
	}
	login_rig_again(&rig);
	rig.find_status = ISCSI_LOGIN_UNAVAILABLE;
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, LOGIN_NAMES);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_UNAVAILABLE, "not ready");
}
END_TEST

START_TEST(only_allowed_initiators_log_in)
{
	char message[CHAP_MESSAGE_BYTES];

	ck_assert_int_eq(iscsi_access_allow(rig.access,
			     "iqn.2026-11.org.example:A=0-1,3", message),
	    0);
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, LOGIN_NAMES);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_again(&rig);
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "InitiatorName=iqn.2026-11.org.example:b\nAuthMethod=None\n"
	    "SessionType=Discovery\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_FORBIDDEN, "list");
	ck_assert_uint_eq(rig.entered, 1);
}
END_TEST

START_TEST(a_newer_version_is_refused)
{
	rig.request.bhs[2] = 2;
	login_rig_send(&rig, LOGIN_OPERATIONAL, LOGIN_NAMES);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	login_rig_again(&rig);
	rig.request.bhs[3] = 1;
	login_rig_send(&rig, LOGIN_OPERATIONAL, LOGIN_NAMES);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_VERSION, "newer version");
}
END_TEST

/* Fields that must be the same in each request. */
START_TEST(a_request_of_another_login_is_refused)
{
	static const struct {
		int at;
		const char *reason;
	} changes[] = { { ISCSI_AT_ISID, "ISID" },
		{ ISCSI_AT_ISID + 5, "ISID" }, { ISCSI_AT_TSIH, "TSIH" },
		{ ISCSI_AT_CID, "CID" }, { ISCSI_AT_ITT, "tag" } };

	for (unsigned i = 0; i < sizeof changes / sizeof *changes; i++) {
		login_rig_again(&rig);
		login_rig_send(&rig, LOGIN_SECURITY, LOGIN_NAMES);
		rig.request.bhs[changes[i].at] ^= 1;
		login_rig_send(&rig, LOGIN_SECURITY, "");
		login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR,
		    changes[i].reason);
	}
}
END_TEST

/* Names and type cannot be added after the first text. */
START_TEST(the_identity_is_final_after_the_first_text)
{
	static const char *const later[] = { "SessionType=Normal\n",
		"SessionType=Normal\nTargetName=" LOGIN_TARGET "\n" };

	for (unsigned i = 0; i < 2; i++) {
		login_rig_again(&rig);
		login_rig_send(&rig, LOGIN_SECURITY,
		    "InitiatorName=iqn.2026-11.org.example:a\n"
		    "SessionType=Discovery\n");
		login_rig_send(&rig, LOGIN_SECURITY, later[i]);
		ck_assert_int_eq(rig.step, ISCSI_LOGIN_FAILED);
	}
	login_rig_again(&rig);
	login_rig_send(&rig, LOGIN_SECURITY,
	    "InitiatorName=iqn.2026-11.org.example:a\n"
	    "TargetName=" LOGIN_TARGET "\n");
	login_rig_send(&rig, LOGIN_SECURITY, "SessionType=Discovery\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "changed");
}
END_TEST

START_TEST(a_stage_does_not_go_back)
{
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    LOGIN_NAMES "AuthMethod=None\n");
	login_rig_send(&rig, LOGIN_SECURITY, "");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "stage");
}
END_TEST

START_TEST(other_pdus_close_the_connection)
{
	for (unsigned opcode = 0; opcode < 64; opcode++) {
		if (opcode == ISCSI_LOGIN)
			continue;
		login_rig_again(&rig);
		rig.request.bhs[0] = (uint8_t)(opcode | ISCSI_IMMEDIATE);
		login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, LOGIN_NAMES);
		ck_assert_int_eq(rig.step, ISCSI_LOGIN_CLOSE);
	}
	login_rig_again(&rig);
	rig.request.ahs_bytes = 4;
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, LOGIN_NAMES);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_CLOSE);
	ck_assert_str_ne(iscsi_login_reason(rig.login), "");
}
END_TEST

/* `count` texts of `bytes` bytes with the C bit. */
static void send_parts(unsigned count, unsigned bytes)
{
	char part[8192 + 2];

	memset(part, 'x', sizeof part);
	part[bytes] = '\0';
	for (unsigned i = 0; i < count; i++)
		login_rig_send(&rig, LOGIN_SECURITY | ISCSI_CONTINUE, part);
}

START_TEST(the_number_of_requests_and_the_length_of_texts_have_limits)
{
	char text[2048], *end = text;

	send_parts(8, 8192);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	send_parts(1, 1);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "64 KiB");
	login_rig_again(&rig);
	send_parts(1, 8193);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_CLOSE);
	login_rig_again(&rig);
	send_parts(64, 0);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	send_parts(1, 0);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR,
	    "64 Login requests");

	/* 3 names, and as many other keys as are allowed; then one more. */
	end += sprintf(end, LOGIN_NAMES);
	for (int i = 0; i < 61; i++)
		end += sprintf(end, "X-key%d=\n", i);
	login_rig_again(&rig);
	login_rig_send(&rig, LOGIN_SECURITY, text);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	login_rig_send(&rig, LOGIN_SECURITY, "X-more=\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "64 keys");
	sprintf(end, "X-more=\n");
	login_rig_again(&rig);
	login_rig_send(&rig, LOGIN_SECURITY, text);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "64 keys");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_refusal");
	TCase *tc = tcase_create("refusal");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_loop_test(tc, a_bad_request_ends_the_login_with_a_status, 0,
	    (int)(sizeof refusals / sizeof *refusals));
	tcase_add_test(tc, the_owner_refuses_with_a_status);
	tcase_add_test(tc, only_allowed_initiators_log_in);
	tcase_add_test(tc, a_newer_version_is_refused);
	tcase_add_test(tc, a_request_of_another_login_is_refused);
	tcase_add_test(tc, the_identity_is_final_after_the_first_text);
	tcase_add_test(tc, a_stage_does_not_go_back);
	tcase_add_test(tc, other_pdus_close_the_connection);
	tcase_add_test(tc,
	    the_number_of_requests_and_the_length_of_texts_have_limits);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
