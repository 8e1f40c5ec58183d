/* check_iscsi_keys.c: the negotiation of each key of a login. */
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

/* Each value of a key, and what is answered: RFC 7143, clause 13. */
static const struct row {
	const char *offer, *answer;
} rows[] = {
	{ "HeaderDigest=CRC32C", "HeaderDigest=CRC32C" },
	{ "HeaderDigest=X-sum,None,CRC32C", "HeaderDigest=None" },
	{ "HeaderDigest=crc32c", "HeaderDigest=Reject" },
	{ "HeaderDigest=", "HeaderDigest=Reject" },
	{ "HeaderDigest=NoneCRC32C-and-a-long-name", "HeaderDigest=Reject" },
	{ "InitialR2T=Yes", "InitialR2T=Yes" },
	{ "InitialR2T=yes", "InitialR2T=Reject" },
	{ "ImmediateData=No", "ImmediateData=No" },
	{ "ImmediateData=", "ImmediateData=Reject" },
	{ "MaxBurstLength=16777215", "MaxBurstLength=16776192" },
	{ "MaxBurstLength=0x40000", "MaxBurstLength=262144" },
	{ "MaxBurstLength=0X200", "MaxBurstLength=512" },
	{ "MaxBurstLength=511", "MaxBurstLength=Reject" },
	{ "MaxBurstLength=16777216", "MaxBurstLength=Reject" },
	{ "MaxBurstLength=18446744073709551616", "MaxBurstLength=Reject" },
	{ "MaxBurstLength=4294967808", "MaxBurstLength=Reject" },
	{ "MaxBurstLength=-1", "MaxBurstLength=Reject" },
	{ "MaxBurstLength=0x", "MaxBurstLength=Reject" },
	{ "MaxBurstLength=1024 ", "MaxBurstLength=Reject" },
	{ "FirstBurstLength=16777215", "FirstBurstLength=262144" },
	{ "MaxConnections=0", "MaxConnections=Reject" },
	{ "MaxConnections=65535", "MaxConnections=1" },
	{ "MaxOutstandingR2T=65536", "MaxOutstandingR2T=Reject" },
	{ "DefaultTime2Wait=0", "DefaultTime2Wait=2" },
	{ "DefaultTime2Wait=3600", "DefaultTime2Wait=3600" },
	{ "DefaultTime2Wait=3601", "DefaultTime2Wait=Reject" },
	{ "DefaultTime2Retain=3600", "DefaultTime2Retain=0" },
	{ "DataPDUInOrder=No", "DataPDUInOrder=Yes" },
	{ "DataSequenceInOrder=No", "DataSequenceInOrder=Yes" },
	{ "ErrorRecoveryLevel=2", "ErrorRecoveryLevel=0" },
	{ "ErrorRecoveryLevel=3", "ErrorRecoveryLevel=Reject" },
	{ "TaskReporting=FastAbort,RFC3720", "TaskReporting=RFC3720" },
	{ "iSCSIProtocolLevel=2", "iSCSIProtocolLevel=1" },
	{ "iSCSIProtocolLevel=0", "iSCSIProtocolLevel=0" },
	{ "IFMarker=Yes", "IFMarker=No" },
	{ "IFMarkInt=1~2", "IFMarkInt=Irrelevant" },
	{ "OFMarkInt=2048", "OFMarkInt=Irrelevant" },
	{ "X-com.cisco.protocol=draft20",
	    "X-com.cisco.protocol=NotUnderstood" },
	{ "AuthMethod=None", "AuthMethod=Reject" }, /* in this stage */
	{ "SendTargets=All", "SendTargets=Reject" },
	/* An answer is not answered. */
	{ "MaxConnections=Irrelevant", "" },
	{ "X-key=NotUnderstood", "" },
	{ "MaxBurstLength=Reject", "" },
};

START_TEST(each_key_is_negotiated_by_its_rule)
{
	const struct row *row = &rows[_i];
	char text[256], answer[256] = "";

	login_rig_send(&rig, LOGIN_OPERATIONAL, LOGIN_NAMES);
	snprintf(text, sizeof text, "%s\n", row->offer);
	if (row->answer[0] != '\0')
		snprintf(answer, sizeof answer, "%s\n", row->answer);
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, text);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_OPERATIONAL_TO_FULL, answer);
}
END_TEST

/* In any order: the limit of the burst is applied to the first burst. */
START_TEST(the_first_burst_is_not_longer_than_the_burst)
{
	login_rig_send(&rig, LOGIN_OPERATIONAL,
	    LOGIN_NAMES "FirstBurstLength=65536\nMaxBurstLength=4096\n");
	login_rig_expect(&rig, LOGIN_OPERATIONAL,
	    "MaxBurstLength=4096\nFirstBurstLength=4096\n"
	    "TargetPortalGroupTag=1\nMaxRecvDataSegmentLength=1048576\n");
	ck_assert_uint_eq(iscsi_login_parameters(rig.login)->first_burst_bytes,
	    4096);
	login_rig_again(&rig);
	login_rig_send(&rig, LOGIN_OPERATIONAL,
	    LOGIN_NAMES "MaxBurstLength=4096\n");
	ck_assert_uint_eq(iscsi_login_parameters(rig.login)->first_burst_bytes,
	    4096);
}
END_TEST

START_TEST(a_rejected_value_changes_nothing)
{
	const struct iscsi_parameters *p = iscsi_login_parameters(rig.login);

	login_rig_send(&rig, LOGIN_OPERATIONAL,
	    LOGIN_NAMES "MaxBurstLength=1\nFirstBurstLength=x\nInitialR2T=no\n"
			"HeaderDigest=MD5\n");
	ck_assert_uint_eq(p->max_burst_bytes, 262144);
	ck_assert_uint_eq(p->first_burst_bytes, 65536);
	ck_assert(p->initial_r2t && !p->header_digest);
}
END_TEST

/* The keys of stage 1 are not negotiated in stage 0. */
START_TEST(a_key_in_the_wrong_stage_is_rejected)
{
	login_rig_send(&rig, LOGIN_SECURITY,
	    LOGIN_NAMES "MaxBurstLength=512\nAuthMethod=None\n");
	login_rig_expect(&rig, LOGIN_SECURITY,
	    "MaxBurstLength=Reject\n"
	    "AuthMethod=None\n"
	    "TargetPortalGroupTag=1\n");
}
END_TEST

/* libiscsi repeated InitiatorName; another value is an error. */
START_TEST(a_key_may_be_repeated_with_the_same_value_only)
{
	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    LOGIN_NAMES "AuthMethod=None\n");
	login_rig_send(&rig, LOGIN_OPERATIONAL,
	    "InitiatorName=iqn.2026-11.org.example:a\nMaxBurstLength=4096\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	login_rig_send(&rig, LOGIN_OPERATIONAL, "MaxBurstLength=4096\n");
	login_rig_expect(&rig, LOGIN_OPERATIONAL, "MaxBurstLength=4096\n");
	login_rig_send(&rig, LOGIN_OPERATIONAL, "MaxBurstLength=8192\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "twice");
}
END_TEST

/* Sends names and one pair, whose key and value are this long. */
static void send_long(int key_bytes, int value_bytes)
{
	static char text[16384];

	login_rig_again(&rig);
	sprintf(text, "X%0*d=%0*d\n", key_bytes - 1, 1, value_bytes, 2);
	login_rig_send(&rig, LOGIN_SECURITY | ISCSI_CONTINUE, LOGIN_NAMES);
	while (strlen(text) > 8000) {
		char rest = text[8000];

		text[8000] = '\0';
		login_rig_send(&rig, LOGIN_SECURITY | ISCSI_CONTINUE, text);
		text[8000] = rest;
		memmove(text, text + 8000, strlen(text + 8000) + 1);
	}
	login_rig_send(&rig, LOGIN_SECURITY, text);
}

START_TEST(keys_and_values_have_a_longest_length)
{
	send_long(63, 8192);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	ck_assert_ptr_nonnull(strstr(rig.text, "01=NotUnderstood\n"));
	send_long(64, 1);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "63");
	send_long(1, 8193);
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR, "8192");
}
END_TEST

/* Empty strings between the pairs are skipped. */
START_TEST(zero_bytes_between_keys_are_no_keys)
{
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "\n\n" LOGIN_NAMES "\n\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_keys");
	TCase *tc = tcase_create("keys");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_loop_test(tc, each_key_is_negotiated_by_its_rule, 0,
	    (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tc, the_first_burst_is_not_longer_than_the_burst);
	tcase_add_test(tc, a_rejected_value_changes_nothing);
	tcase_add_test(tc, a_key_in_the_wrong_stage_is_rejected);
	tcase_add_test(tc, a_key_may_be_repeated_with_the_same_value_only);
	tcase_add_test(tc, keys_and_values_have_a_longest_length);
	tcase_add_test(tc, zero_bytes_between_keys_are_no_keys);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
