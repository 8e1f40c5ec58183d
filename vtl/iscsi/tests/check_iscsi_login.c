/* check_iscsi_login.c: logins as programs do them, and in several PDUs. */
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

/* libiscsi 1.19 (also QEMU), without a user: it begins in stage 1. */
START_TEST(libiscsi_logs_in)
{
	const struct iscsi_parameters *p;

	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=iqn.2007-10.com.github:sahlberg:libiscsi:iscsi-inq\n"
	    "TargetName=iqn.2026-11.tapelab:lib\n"
	    "SessionType=Normal\n"
	    "HeaderDigest=None,CRC32C\n"
	    "DataDigest=None\n"
	    "InitialR2T=No\n"
	    "ImmediateData=Yes\n"
	    "MaxBurstLength=262144\n"
	    "FirstBurstLength=262144\n"
	    "DefaultTime2Wait=2\n"
	    "DefaultTime2Retain=0\n"
	    "MaxOutstandingR2T=1\n"
	    "ErrorRecoveryLevel=0\n"
	    "IFMarker=No\n"
	    "OFMarker=No\n"
	    "MaxConnections=1\n"
	    "MaxRecvDataSegmentLength=262144\n"
	    "DataPDUInOrder=Yes\n"
	    "DataSequenceInOrder=Yes\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "HeaderDigest=None\n"
	    "DataDigest=None\n"
	    "MaxConnections=1\n"
	    "InitialR2T=No\n"
	    "ImmediateData=Yes\n"
	    "MaxBurstLength=262144\n"
	    "FirstBurstLength=262144\n"
	    "MaxOutstandingR2T=1\n"
	    "DefaultTime2Wait=2\n"
	    "DefaultTime2Retain=0\n"
	    "DataPDUInOrder=Yes\n"
	    "DataSequenceInOrder=Yes\n"
	    "ErrorRecoveryLevel=0\n"
	    "IFMarker=No\n"
	    "OFMarker=No\n"
	    "TargetPortalGroupTag=1\n"
	    "MaxRecvDataSegmentLength=1048576\n");
	p = iscsi_login_parameters(rig.login);
	ck_assert_str_eq(p->initiator_name,
	    "iqn.2007-10.com.github:sahlberg:libiscsi:iscsi-inq");
	ck_assert_str_eq(p->target_name, "iqn.2026-11.tapelab:lib");
	ck_assert(!p->discovery && !p->initial_r2t && p->immediate_data &&
	    !p->header_digest && !p->data_digest);
	ck_assert_uint_eq(p->max_send_bytes, 262144);
	ck_assert_uint_eq(p->max_recv_bytes, 1048576);
	ck_assert_uint_eq(p->max_burst_bytes, 262144);
	ck_assert_uint_eq(p->first_burst_bytes, 262144);
	ck_assert_uint_eq(rig.entered, 1);
	ck_assert_uint_eq(rig.asked_tsih, 0);
	ck_assert_uint_eq(iscsi_login_cid(rig.login), 1);
	ck_assert_mem_eq(iscsi_login_isid(rig.login), "\x80\x24\x5f\xb5\0\0",
	    6);
}
END_TEST

/* iscsi-ls: keys of normal sessions do not apply to discovery. */
START_TEST(libiscsi_logs_in_for_discovery)
{
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "InitiatorName=iqn.2007-10.com.github:sahlberg:libiscsi:iscsi-ls\n"
	    "SessionType=Discovery\n"
	    "HeaderDigest=None\n"
	    "DataDigest=None\n"
	    "InitialR2T=No\n"
	    "ImmediateData=Yes\n"
	    "MaxBurstLength=262144\n"
	    "FirstBurstLength=262144\n"
	    "DefaultTime2Wait=2\n"
	    "DefaultTime2Retain=0\n"
	    "MaxOutstandingR2T=1\n"
	    "ErrorRecoveryLevel=0\n"
	    "IFMarker=No\n"
	    "OFMarker=No\n"
	    "MaxConnections=1\n"
	    "MaxRecvDataSegmentLength=262144\n"
	    "DataPDUInOrder=Yes\n"
	    "DataSequenceInOrder=Yes\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "HeaderDigest=None\n"
	    "DataDigest=None\n"
	    "MaxConnections=Irrelevant\n"
	    "InitialR2T=Irrelevant\n"
	    "ImmediateData=Irrelevant\n"
	    "MaxBurstLength=Irrelevant\n"
	    "FirstBurstLength=Irrelevant\n"
	    "MaxOutstandingR2T=Irrelevant\n"
	    "DefaultTime2Wait=2\n"
	    "DefaultTime2Retain=0\n"
	    "DataPDUInOrder=Irrelevant\n"
	    "DataSequenceInOrder=Irrelevant\n"
	    "ErrorRecoveryLevel=0\n"
	    "IFMarker=No\n"
	    "OFMarker=No\n"
	    "MaxRecvDataSegmentLength=1048576\n");
	ck_assert(iscsi_login_parameters(rig.login)->discovery);
}
END_TEST

/* open-iscsi 2.1: a security stage without authentication first. */
START_TEST(open_iscsi_logs_in)
{
	const struct iscsi_parameters *p;

	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "InitiatorName=iqn.1993-08.org.debian:01:abcdef\n"
	    "InitiatorAlias=guest\n"
	    "TargetName=iqn.2026-11.tapelab:lib\n"
	    "SessionType=Normal\n"
	    "AuthMethod=None\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	login_rig_expect(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "AuthMethod=None\n"
	    "TargetPortalGroupTag=1\n");
	ck_assert_uint_eq(rig.entered, 0);
	ck_assert_uint_eq(iscsi_get16(&rig.reply, ISCSI_AT_TSIH), 0);
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "HeaderDigest=CRC32C,None\n"
	    "DataDigest=CRC32C\n"
	    "DefaultTime2Wait=0\n"
	    "DefaultTime2Retain=20\n"
	    "IFMarker=No\n"
	    "OFMarker=No\n"
	    "ErrorRecoveryLevel=0\n"
	    "InitialR2T=No\n"
	    "ImmediateData=Yes\n"
	    "MaxBurstLength=16776192\n"
	    "FirstBurstLength=262144\n"
	    "MaxOutstandingR2T=1\n"
	    "MaxConnections=1\n"
	    "DataPDUInOrder=Yes\n"
	    "DataSequenceInOrder=Yes\n"
	    "MaxRecvDataSegmentLength=262144\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "HeaderDigest=CRC32C\n"
	    "DataDigest=CRC32C\n"
	    "MaxConnections=1\n"
	    "InitialR2T=No\n"
	    "ImmediateData=Yes\n"
	    "MaxBurstLength=16776192\n"
	    "FirstBurstLength=262144\n"
	    "MaxOutstandingR2T=1\n"
	    "DefaultTime2Wait=2\n"
	    "DefaultTime2Retain=0\n"
	    "DataPDUInOrder=Yes\n"
	    "DataSequenceInOrder=Yes\n"
	    "ErrorRecoveryLevel=0\n"
	    "IFMarker=No\n"
	    "OFMarker=No\n"
	    "MaxRecvDataSegmentLength=1048576\n");
	p = iscsi_login_parameters(rig.login);
	ck_assert(p->header_digest && p->data_digest);
	ck_assert_uint_eq(p->max_burst_bytes, 16776192);
	ck_assert_str_eq(p->initiator_alias, "guest");
}
END_TEST

/* open-iscsi: discovery with default values skips the operational stage. */
START_TEST(security_may_be_followed_by_the_full_feature_phase)
{
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL,
	    "InitiatorName=iqn.1993-08.org.debian:01:abcdef\n"
	    "SessionType=Discovery\n"
	    "AuthMethod=None\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_SECURITY_TO_FULL, "AuthMethod=None\n");
	/* Never declared, so it is the default. */
	ck_assert_uint_eq(iscsi_login_parameters(rig.login)->max_recv_bytes,
	    8192);
}
END_TEST

/*
 * The values that Microsoft documents for its initiator; not from a capture.
 * The key has the highest level of error recovery and 16 R2Ts.
 */
START_TEST(values_of_windows_are_negotiated)
{
	const struct iscsi_parameters *p;

	login_rig_send(&rig, LOGIN_SECURITY_TO_OPERATIONAL,
	    "InitiatorName=iqn.1991-05.com.microsoft:HOST.example.org\n"
	    "SessionType=Normal\n"
	    "TargetName=iqn.2026-11.tapelab:lib\n"
	    "AuthMethod=None\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "HeaderDigest=None\n"
	    "DataDigest=None\n"
	    "ErrorRecoveryLevel=2\n"
	    "InitialR2T=Yes\n"
	    "ImmediateData=Yes\n"
	    "MaxRecvDataSegmentLength=65536\n"
	    "MaxBurstLength=262144\n"
	    "FirstBurstLength=65536\n"
	    "MaxConnections=8\n"
	    "DataPDUInOrder=No\n"
	    "DataSequenceInOrder=No\n"
	    "DefaultTime2Wait=0\n"
	    "DefaultTime2Retain=60\n"
	    "MaxOutstandingR2T=16\n");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	login_rig_expect(&rig, LOGIN_OPERATIONAL_TO_FULL,
	    "HeaderDigest=None\n"
	    "DataDigest=None\n"
	    "MaxConnections=1\n"
	    "InitialR2T=Yes\n"
	    "ImmediateData=Yes\n"
	    "MaxBurstLength=262144\n"
	    "FirstBurstLength=65536\n"
	    "MaxOutstandingR2T=1\n"
	    "DefaultTime2Wait=2\n"
	    "DefaultTime2Retain=0\n"
	    "DataPDUInOrder=Yes\n"
	    "DataSequenceInOrder=Yes\n"
	    "ErrorRecoveryLevel=0\n"
	    "MaxRecvDataSegmentLength=1048576\n");
	p = iscsi_login_parameters(rig.login);
	ck_assert(p->initial_r2t);
	ck_assert_uint_eq(p->max_outstanding_r2t, 1);
	ck_assert_str_eq(p->initiator_name,
	    "iqn.1991-05.com.microsoft:host.example.org");
}
END_TEST

START_TEST(the_reply_has_the_fields_of_the_request_and_its_own_numbers)
{
	const struct iscsi_pdu *r = &rig.reply;

	login_rig_send(&rig, LOGIN_SECURITY, LOGIN_NAMES);
	login_rig_expect(&rig, LOGIN_SECURITY, "TargetPortalGroupTag=1\n");
	ck_assert_uint_eq(r->bhs[2], 0);
	ck_assert_uint_eq(r->bhs[3], 0);
	ck_assert_mem_eq(r->bhs + 8, "\x80\x24\x5f\xb5\0\0\0\0", 8);
	ck_assert_uint_eq(iscsi_get(r, ISCSI_AT_ITT), 0x28c55813);
	ck_assert_uint_eq(iscsi_get(r, ISCSI_AT_STAT_SN), 100);
	ck_assert_uint_eq(iscsi_get(r, ISCSI_AT_EXP_CMD_SN), 0xfffffff0);
	ck_assert_uint_eq(iscsi_get(r, ISCSI_AT_MAX_CMD_SN), 0x0000000f);
	login_rig_send(&rig, LOGIN_SECURITY_TO_FULL, "");
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	ck_assert_uint_eq(iscsi_get(r, ISCSI_AT_STAT_SN), 101);
	ck_assert_uint_eq(iscsi_get16(r, ISCSI_AT_TSIH), 0x1234);
	ck_assert_uint_eq(iscsi_login_stat_sn(rig.login), 102);
	ck_assert_uint_eq(iscsi_login_cmd_sn(rig.login), 0xfffffff0);
}
END_TEST

/* The text may be split anywhere, also in a key. */
START_TEST(a_text_in_several_requests_is_one_text)
{
	static const char text[] = LOGIN_NAMES "MaxBurstLength=4096\n";
	char part[sizeof text];

	for (size_t cut = 0; cut < sizeof text; cut++) {
		login_rig_again(&rig);
		memcpy(part, text, cut);
		part[cut] = '\0';
		login_rig_send(&rig, LOGIN_OPERATIONAL | ISCSI_CONTINUE, part);
		ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
		login_rig_expect(&rig, LOGIN_OPERATIONAL, "");
		login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, text + cut);
		ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
		login_rig_expect(&rig, LOGIN_OPERATIONAL_TO_FULL,
		    "MaxBurstLength=4096\n"
		    "TargetPortalGroupTag=1\n"
		    "MaxRecvDataSegmentLength=1048576\n");
	}
	ck_assert_uint_eq(rig.entered, sizeof text);
}
END_TEST

/* An initiator that takes 512 bytes gets a long answer in parts. */
START_TEST(a_long_answer_has_several_parts)
{
	char text[2048], whole[2048] = "", *end = text;
	unsigned parts = 1;

	end += sprintf(end, LOGIN_NAMES "MaxRecvDataSegmentLength=512\n");
	for (int i = 0; i < 40; i++)
		end += sprintf(end, "X-key%02d=%d\n", i, i);
	login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, text);
	while (rig.reply.bhs[1] & ISCSI_CONTINUE) {
		ck_assert_int_eq(rig.step, ISCSI_LOGIN_ANSWER);
		ck_assert_uint_eq(rig.reply.bhs[1],
		    LOGIN_OPERATIONAL | ISCSI_CONTINUE);
		ck_assert_uint_eq(rig.reply.data_bytes, 512);
		strcat(whole, rig.text);
		parts++;
		login_rig_send(&rig, LOGIN_OPERATIONAL_TO_FULL, "");
	}
	strcat(whole, rig.text);
	ck_assert_int_eq(rig.step, ISCSI_LOGIN_DONE);
	ck_assert_uint_eq(parts, 2);
	ck_assert_uint_eq(rig.entered, 1);
	ck_assert(strncmp(whole, "X-key00=NotUnderstood\nX-key01=", 30) == 0);
	ck_assert_ptr_nonnull(strstr(whole,
	    "X-key39=NotUnderstood\nTargetPortalGroupTag=1\n"
	    "MaxRecvDataSegmentLength=1048576\n"));
	ck_assert_uint_eq(iscsi_login_stat_sn(rig.login), 102);
}
END_TEST

START_TEST(keys_before_the_whole_answer_are_refused)
{
	char text[2048], *end = text;

	end += sprintf(end, LOGIN_NAMES "MaxRecvDataSegmentLength=512\n");
	for (int i = 0; i < 40; i++)
		end += sprintf(end, "X-key%02d=%d\n", i, i);
	login_rig_send(&rig, LOGIN_OPERATIONAL, text);
	login_rig_send(&rig, LOGIN_OPERATIONAL, "X-more=1\n");
	login_rig_expect_failure(&rig, ISCSI_LOGIN_INITIATOR_ERROR,
	    "before it had the whole answer");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_login");
	TCase *tc = tcase_create("login");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, libiscsi_logs_in);
	tcase_add_test(tc, libiscsi_logs_in_for_discovery);
	tcase_add_test(tc, open_iscsi_logs_in);
	tcase_add_test(tc, security_may_be_followed_by_the_full_feature_phase);
	tcase_add_test(tc, values_of_windows_are_negotiated);
	tcase_add_test(tc,
	    the_reply_has_the_fields_of_the_request_and_its_own_numbers);
	tcase_add_test(tc, a_text_in_several_requests_is_one_text);
	tcase_add_test(tc, a_long_answer_has_several_parts);
	tcase_add_test(tc, keys_before_the_whole_answer_are_refused);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
