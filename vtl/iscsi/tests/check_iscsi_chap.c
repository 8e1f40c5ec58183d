/*
 * check_iscsi_chap.c: authentication by CHAP, one-way and mutual.  The
 * expected responses were computed with hashlib of Python.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/chap.h"
#include "vtl/iscsi/tests/login_rig.h"

/* `random` counts from 1: identifier 1, challenge 02 03 04 ... */
#define CHALLENGE_MD5    "0x02030405060708090a0b0c0d0e0f1011"
#define CHALLENGE_SHA256 CHALLENGE_MD5 "12131415161718191a1b1c1d1e1f2021"
#define ONE_WAY_MD5      "0xc1eb23e8c2a7945268daa69f142bfd54"
#define ONE_WAY_SHA256 \
	"0xea7c8a36dcdf1b53b5f19a5fd7df08a0a8b825c5dd87b0cb9a3cf657ea425e6c"
#define BOTH_MD5 "0x09b43d2bd390ad34b07f41de1e005601"

#define NAMES_OF(initiator)                                     \
	"InitiatorName=iqn.2026-11.org.example:" initiator "\n" \
	"TargetName=" LOGIN_TARGET "\nSessionType=Normal\n"

static const char file[] =
    "iqn.2026-11.org.example:a backup one-way-secret\n"
    "iqn.2026-11.org.example:m Backup both-ways-secret tapelab "
    "secret-of-library\n";

static struct login_rig rig;

static void begin(void)
{
	login_rig_begin(&rig, file);
}

static void end(void)
{
	login_rig_end(&rig);
}

/* Logs in until the target has sent its challenge. */
static void get_challenge(const char *names, const char *algorithms)
{
	char text[256];

	login_rig_again(&rig);
	rig.random = 1;
	snprintf(text, sizeof text, "%sAuthMethod=CHAP,None\n", names);
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL, text);
	login_rig_expect(&rig, LOGIN_SECURITY,
	    strstr(names, "Discovery") != NULL
		? "AuthMethod=CHAP\n"
		: "AuthMethod=CHAP\nTargetPortalGroupTag=1\n");
	snprintf(text, sizeof text, "CHAP_A=%s\n", algorithms);
	login_rig_send(&rig, LOGIN_SECURITY, text);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
}

/* libiscsi and open-iscsi send the same keys in the same order. */
START_TEST(the_right_secret_logs_in)
{
	get_challenge(NAMES_OF("a"), "5");
	login_rig_expect(&rig, LOGIN_SECURITY,
	    "CHAP_A=5\nCHAP_I=1\nCHAP_C=" CHALLENGE_MD5 "\n");
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\n");
	login_rig_expect(&rig, LOGIN_SECURITY_TO_OPERATIONAL, "");
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, "");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	ck_assert_uint_eq(rig.entered, 1);
}
END_TEST

/* The first known algorithm of the list; open-iscsi 2.1 sends four. */
START_TEST(an_algorithm_is_chosen_from_a_list)
{
	get_challenge(NAMES_OF("a"), "8,7,6,5");
	login_rig_expect(&rig, LOGIN_SECURITY,
	    "CHAP_A=7\nCHAP_I=1\nCHAP_C=" CHALLENGE_SHA256 "\n");
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL,
	    "CHAP_N=backup\nCHAP_R=" ONE_WAY_SHA256 "\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	get_challenge(NAMES_OF("a"), "6,5,7");
	ck_assert_ptr_nonnull(strstr(rig.text, "CHAP_A=5\n"));
	ck_assert_int_eq(chap_choose("55,75,"), CHAP_NO_ALGORITHM);
	ck_assert_int_eq(chap_choose(""), CHAP_NO_ALGORITHM);
}
END_TEST

START_TEST(no_common_algorithm_is_refused)
{
	login_rig_send(&rig, LOGIN_SECURITY, NAMES_OF("a") "AuthMethod=CHAP\n");
	login_rig_send(&rig, LOGIN_SECURITY, "CHAP_A=6,8\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_AUTHENTICATION_FAILED,
	    "neither MD5 nor SHA-256");
}
END_TEST

/* Responses after a challenge of MD5, and words of the reason. */
static const struct wrong {
	const char *names, *text, *reason;
} wrongs[] = {
	/* another secret */
	{ NAMES_OF("a"), "CHAP_N=backup\nCHAP_R=" BOTH_MD5 "\n", "wrong" },
	/* one byte differs */
	{ NAMES_OF("a"),
	    "CHAP_N=backup\nCHAP_R=0xc1eb23e8c2a7945268daa69f142bfd55\n",
	    "wrong" },
	{ NAMES_OF("a"),
	    "CHAP_N=backup\nCHAP_R=0xd1eb23e8c2a7945268daa69f142bfd54\n",
	    "wrong" },
	/* another user */
	{ NAMES_OF("a"), "CHAP_N=Backup\nCHAP_R=" ONE_WAY_MD5 "\n", "wrong" },
	/* another initiator */
	{ NAMES_OF("m"), "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\n", "wrong" },
	/* an initiator without a line; the same reason */
	{ NAMES_OF("x"), "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\n", "wrong" },
	/* responses that are too short, too long, or no values */
	{ NAMES_OF("a"), "CHAP_N=backup\nCHAP_R=0xc1eb23e8\n", "wrong" },
	{ NAMES_OF("a"), "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "00\n", "wrong" },
	{ NAMES_OF("a"), "CHAP_N=backup\nCHAP_R=0x\n", "wrong" },
	{ NAMES_OF("a"), "CHAP_N=backup\nCHAP_R=\n", "wrong" },
	{ NAMES_OF("a"), "CHAP_N=backup\nCHAP_R=c1eb\n", "wrong" },
	{ NAMES_OF("a"), "CHAP_N=backup\n", "no CHAP_R" },
	/* no response at all, and the next stage */
	{ NAMES_OF("a"), "CHAP_R=" ONE_WAY_MD5 "\n", "did not authenticate" },
	{ NAMES_OF("a"), "", "did not authenticate" },
	{ NAMES_OF("a"), "AuthMethod=CHAP,None\n", "did not authenticate" },
	/* mutual CHAP without a secret of the target */
	{ NAMES_OF("a"),
	    "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\nCHAP_I=1\nCHAP_C=0x11\n",
	    "no user and secret of the target" },
	/* mutual CHAP with a wrong secret: no response of the target */
	{ NAMES_OF("m"),
	    "CHAP_N=Backup\nCHAP_R=" ONE_WAY_MD5 "\nCHAP_I=1\nCHAP_C=0x11\n",
	    "wrong" },
	/* the challenge of the target, sent back */
	{ NAMES_OF("m"),
	    "CHAP_N=Backup\nCHAP_R=" BOTH_MD5
	    "\nCHAP_I=1\nCHAP_C=" CHALLENGE_MD5 "\n",
	    "back" },
	{ NAMES_OF("m"),
	    "CHAP_N=Backup\nCHAP_R=" BOTH_MD5
	    "\nCHAP_I=1\nCHAP_C=0bAgMEBQYHCAkKCwwNDg8QEQ==\n",
	    "back" },
	/* half a challenge, or none that is valid */
	{ NAMES_OF("m"), "CHAP_N=Backup\nCHAP_R=" BOTH_MD5 "\nCHAP_I=1\n",
	    "not valid" },
	{ NAMES_OF("m"), "CHAP_N=Backup\nCHAP_R=" BOTH_MD5 "\nCHAP_C=0x11\n",
	    "not valid" },
	{ NAMES_OF("m"),
	    "CHAP_N=Backup\nCHAP_R=" BOTH_MD5 "\nCHAP_I=256\nCHAP_C=0x11\n",
	    "not valid" },
	{ NAMES_OF("m"),
	    "CHAP_N=Backup\nCHAP_R=" BOTH_MD5 "\nCHAP_I=-1\nCHAP_C=0x11\n",
	    "not valid" },
	{ NAMES_OF("m"),
	    "CHAP_N=Backup\nCHAP_R=" BOTH_MD5 "\nCHAP_I=1\nCHAP_C=0x\n",
	    "not valid" },
};

START_TEST(a_wrong_response_is_refused)
{
	const struct wrong *w = &wrongs[_i];

	get_challenge(w->names, "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL, w->text);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_AUTHENTICATION_FAILED,
	    w->reason);
	ck_assert_uint_eq(rig.entered, 0);
}
END_TEST

START_TEST(the_target_authenticates_too)
{
	get_challenge(NAMES_OF("m"), "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL,
	    "CHAP_N=Backup\nCHAP_R=" BOTH_MD5 "\nCHAP_I=1\n"
	    "CHAP_C=0x863AB53BADC23BF77A4F005D59FBAB09E2477D43B091B51D94BAC4C6"
	    "6FD711F6\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_SECURITY_TO_FULL,
	    "CHAP_N=tapelab\nCHAP_R=0x4a140fed635fd4f8d9363d2866e5b21a\n");
	/* It is not obliged to ask. */
	get_challenge(NAMES_OF("m"), "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL,
	    "CHAP_N=Backup\nCHAP_R=0bCbQ9K9OQrTSwf0HeHgBWAQ==\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_SECURITY_TO_FULL, "");
}
END_TEST

START_TEST(the_target_authenticates_with_sha_256)
{
	get_challenge(NAMES_OF("m"), "7");
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL,
	    "CHAP_N=Backup\nCHAP_I=200\nCHAP_C=0x863ab53bad\nCHAP_R=0x558d8845c8"
	    "8819a22f09acea332602469bf014360d340d6040301a63e720a695\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_SECURITY_TO_FULL,
	    "CHAP_N=tapelab\nCHAP_R=0x3c80673c5d07f47b49414076ab788cb24020ab277d"
	    "6a2f53e2bdb121f6219ee6\n");
}
END_TEST

/* The challenges of libiscsi and open-iscsi may be up to 1024 bytes. */
START_TEST(the_challenge_of_an_initiator_has_a_longest_length)
{
	char text[4096], *end = text;

	end += sprintf(end,
	    "CHAP_N=Backup\nCHAP_R=" BOTH_MD5 "\nCHAP_I=1\nCHAP_C=0x");
	memset(end, 'a', 2048);
	strcpy(end + 2048, "\n");
	get_challenge(NAMES_OF("m"), "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL, text);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	strcpy(end + 2048, "aa\n");
	get_challenge(NAMES_OF("m"), "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL, text);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_AUTHENTICATION_FAILED,
	    "not valid");
}
END_TEST

/* Ways around the security stage. */
START_TEST(no_initiator_gets_past_chap)
{
	static const struct {
		unsigned flags;
		const char *text, *reason;
	} tries[] = {
		{ LOGIN_OPERATIONAL_TO_FULL, NAMES_OF("a"),
		    "did not authenticate" },
		{ LOGIN_OPERATIONAL, NAMES_OF("a"), "did not authenticate" },
		{ LOGIN_SECURITY_TO_FULL, NAMES_OF("a"),
		    "did not authenticate" },
		{ LOGIN_SECURITY_TO_OPERATIONAL,
		    NAMES_OF("a") "AuthMethod=None\n", "no CHAP" },
		{ LOGIN_SECURITY_TO_FULL, NAMES_OF("a") "AuthMethod=KRB5,SRP\n",
		    "no CHAP" },
		{ LOGIN_SECURITY_TO_FULL,
		    "InitiatorName=iqn.2026-11.org.example:a\n"
		    "SessionType=Discovery\nAuthMethod=None\n",
		    "no CHAP" },
		/* a response before a challenge */
		{ LOGIN_SECURITY_TO_FULL,
		    NAMES_OF("a") "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\n",
		    "did not authenticate" },
	};

	for (unsigned i = 0; i < sizeof tries / sizeof *tries; i++) {
		login_rig_again(&rig);
		login_rig_send(&rig, tries[i].flags, tries[i].text);
		login_rig_expect_failure(&rig,
		    ISCSI_LOGIN_AUTHENTICATION_FAILED, tries[i].reason);
	}
	ck_assert_uint_eq(rig.entered, 0);
}
END_TEST

/* After authenticating as one initiator, none can be another. */
START_TEST(the_name_cannot_change_after_the_authentication)
{
	get_challenge(NAMES_OF("a"), "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=iqn.2026-11.org.example:m\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_FAILED);
	ck_assert_uint_eq(rig.entered, 0);
}
END_TEST

/* An unauthenticated initiator does not learn which targets exist. */
START_TEST(targets_are_looked_up_after_the_authentication)
{
	static const char names[] =
	    "InitiatorName=iqn.2026-11.org.example:a\n"
	    "TargetName=iqn.2026-11.tapelab:other\nSessionType=Normal\n";

	get_challenge(names, "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_NOT_FOUND, "no target");
	get_challenge(names, "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "CHAP_N=backup\nCHAP_R=" BOTH_MD5 "\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_AUTHENTICATION_FAILED, "");
}
END_TEST

START_TEST(discovery_needs_chap_too)
{
	get_challenge("InitiatorName=iqn.2026-11.org.example:a\n"
		      "SessionType=Discovery\n",
	    "5");
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL,
	    "CHAP_N=backup\nCHAP_R=" ONE_WAY_MD5 "\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
}
END_TEST

START_TEST(without_random_bytes_there_is_no_login)
{
	login_rig_send(&rig, LOGIN_SECURITY, NAMES_OF("a") "AuthMethod=CHAP\n");
	rig.random = 0;
	login_rig_send(&rig, LOGIN_SECURITY, "CHAP_A=5\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_NO_RESOURCES, "random");
}
END_TEST

/* Values in the three forms of RFC 7143; NULL: not a value. */
START_TEST(binary_values_are_hexadecimal_or_base64)
{
	static const struct {
		const char *text, *bytes;
	} values[] = { { "0x6162", "ab" }, { "0X6a6B", "jk" },
		{ "0bYWI=", "ab" }, { "0BYWJj", "abc" }, { "0x", NULL },
		{ "0b", NULL }, { "0x616", NULL }, { "0x61 62", NULL },
		{ "0bYW I=", NULL }, { "0xgg", NULL }, { "0bYWI", NULL },
		{ "0bY=WI", NULL }, { "6162", NULL }, { "", NULL },
		{ "0", NULL }, { "0x616263646566", NULL } };
	uint8_t value[5];
	size_t bytes;

	for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
		const char *expected = values[i].bytes;

		ck_assert_msg(chap_decode(values[i].text, value, sizeof value,
				  &bytes) == (expected != NULL),
		    "%s", values[i].text);
		if (expected == NULL)
			continue;
		ck_assert_uint_eq(bytes, strlen(expected));
		ck_assert_mem_eq(value, expected, bytes);
	}
	ck_assert(chap_equal((const uint8_t *)"ab", (const uint8_t *)"ab", 2));
	ck_assert(!chap_equal((const uint8_t *)"ab", (const uint8_t *)"aB", 2));
	ck_assert(!chap_equal((const uint8_t *)"ab", (const uint8_t *)"Ab", 2));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_chap");
	TCase *tc = tcase_create("chap");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, the_right_secret_logs_in);
	tcase_add_test(tc, an_algorithm_is_chosen_from_a_list);
	tcase_add_test(tc, no_common_algorithm_is_refused);
	tcase_add_loop_test(tc, a_wrong_response_is_refused, 0,
	    (int)(sizeof wrongs / sizeof *wrongs));
	tcase_add_test(tc, the_target_authenticates_too);
	tcase_add_test(tc, the_target_authenticates_with_sha_256);
	tcase_add_test(tc, the_challenge_of_an_initiator_has_a_longest_length);
	tcase_add_test(tc, no_initiator_gets_past_chap);
	tcase_add_test(tc, the_name_cannot_change_after_the_authentication);
	tcase_add_test(tc, targets_are_looked_up_after_the_authentication);
	tcase_add_test(tc, discovery_needs_chap_too);
	tcase_add_test(tc, without_random_bytes_there_is_no_login);
	tcase_add_test(tc, binary_values_are_hexadecimal_or_base64);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
