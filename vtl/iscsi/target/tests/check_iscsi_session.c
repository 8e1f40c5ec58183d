/*
 * check_iscsi_session.c: sequence numbers, requests that are no commands, and
 * sessions.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/impl.h"
#include "vtl/iscsi/target/tests/talk.h"

enum { FINAL = 0x80, READS = 0xc0, WRITES = 0xa0, WRITES_MORE = 0x20 };

#define TEST_UNIT_READY "0"

static struct talk talk;
static struct talk_initiator *a;

static void setup(void)
{
	talk_begin(&talk, false);
	a = talk_connect(&talk, 0);
}

static void teardown(void)
{
	talk_end(&talk);
}

/* TEST UNIT READY of a LUN in the form of SAM. */
static void put_ready(struct talk_initiator *i, uint32_t itt, uint32_t cmd_sn,
    unsigned lun_field)
{
	struct iscsi_pdu pdu =
	    talk_command(FINAL, itt, cmd_sn, 0, TEST_UNIT_READY);

	put_be16(pdu.bhs + 8, (uint16_t)lun_field);
	talk_put(i, &pdu);
}

static void expect_events(const char *events)
{
	ck_assert_str_eq(talk.events, events);
}

START_TEST(commands_outside_of_the_order_are_ignored)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "InitialR2T=No\n");
	put_ready(a, 1, 2, 0);
	put_ready(a, 2, 0, 0);
	put_ready(a, 3, 1 + ISCSI_WINDOW, 0);
	put_ready(a, 4, 0x80000002, 0);
	/* With data, and data that follow. */
	pdu = talk_command(WRITES_MORE, 5, 9, 20, "a 0 0 0 14");
	iscsi_pdu_set_data(&pdu, talk_data(0), 10);
	talk_put(a, &pdu);
	pdu = talk_data_out(FINAL, 5, ISCSI_NO_TAG, 0, 10);
	iscsi_pdu_set_data(&pdu, talk_data(10), 10);
	talk_put(a, &pdu);
	talk_expect(a, "");
	put_ready(a, 6, 1, 0);
	talk_expect(a, "SCSI Response 800000 itt=6 stat=2 exp=2 win=64\n");
}
END_TEST

START_TEST(sequence_numbers_pass_zero)
{
	talk_log_in(a, "a", "");
	a->connection->exp_cmd_sn = a->connection->stat_sn = 0xffffffff;
	put_ready(a, 1, 0xffffffff, 0);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=- win=64\n");
	put_ready(a, 2, 0, 0);
	talk_expect(a, "SCSI Response 800000 itt=2 exp=1 win=64\n");
}
END_TEST

START_TEST(an_immediate_command_takes_no_number)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_command(FINAL, 1, 1, 0, TEST_UNIT_READY);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	talk_put(a, &pdu);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=2 exp=1 win=64\n");
	put_ready(a, 2, 1, 0);
	talk_expect(a, "SCSI Response 800000 itt=2 stat=3 exp=2 win=64\n");
}
END_TEST

START_TEST(luns_have_two_forms)
{
	static const struct {
		unsigned field;
		bool known;
	} rows[] = { { 0, true }, { 1, true }, { 2, false }, { 0x4000, true },
		{ 0x4001, true }, { 0x4002, false }, { 0x0100, false },
		{ 0x8001, false }, { 0xc101, false }, { 0x4101, false } };

	talk_log_in(a, "a", "");
	put_ready(a, 1, 1, rows[_i].field);
	talk_expect(a,
	    rows[_i].known
		? "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n"
		: "SCSI Response 800002 itt=1 stat=2 exp=2 win=64 data=20\n");
}
END_TEST

/* Units, LUNs that do not exist, and the well-known LUN of the command. */
START_TEST(report_luns_is_answered_at_every_lun)
{
	static const unsigned luns[] = { 0, 1, 7, 0x4007, 0xc101, 0x8001 };
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_command(READS, 1, 1, 64, "a0 0 0 0 0 0 0 0 0 40");
	put_be16(pdu.bhs + 8, (uint16_t)luns[_i]);
	talk_put(a, &pdu);
	talk_expect(a,
	    "Data-In 830000 itt=1 w20=- stat=2 exp=2 win=64 w44=40 data=24\n");
}
END_TEST

START_TEST(a_task_tag_in_use_is_rejected)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_command(WRITES, 1, 1, 10, "a 0 0 0 a");
	talk_put(a, &pdu);
	put_ready(a, 1, 2, 0);
	talk_expect(a,
	    "R2T 800000 itt=1 w20=1 stat=2 exp=2 win=64 w44=10\n"
	    "Reject 800700 itt=- stat=2 exp=3 win=64 data=48\n");
	pdu = talk_data_out(FINAL, 1, 1, 0, 0);
	iscsi_pdu_set_data(&pdu, talk_data(0), 10);
	talk_put(a, &pdu);
	talk_expect(a,
	    "SCSI Response 800000 itt=1 stat=3 exp=3 win=64 w36=1\n");
}
END_TEST

START_TEST(additional_headers_are_read)
{
	static const struct {
		uint8_t ahs[8];
		unsigned bytes, flags;
		const char *answer;
	} rows[] = {
		/* an unknown type */
		{ { 0, 5, 63, 0, 1, 2, 3, 4 }, 8, FINAL,
		    "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n" },
		/* a CDB of more than 16 bytes; a length to read as well */
		{ { 0, 5, 1, 0, 1, 2, 3, 4 }, 8, FINAL,
		    "Reject 800500 itt=- stat=2 exp=2 win=64 data=48\n" },
		{ { 0, 5, 2, 0, 1, 2, 3, 4 }, 8, FINAL,
		    "Reject 800500 itt=- stat=2 exp=2 win=64 data=48\n" },
		{ { 0 }, 0, 0xe0,
		    "Reject 800500 itt=- stat=2 exp=2 win=64 data=48\n" },
		/* it is longer than the header */
		{ { 0, 9, 63, 0 }, 4, FINAL,
		    "Reject 800900 itt=- stat=2 exp=2 win=64 data=48\n" },
	};
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_command(rows[_i].flags, 1, 1, 0, TEST_UNIT_READY);
	memcpy(pdu.ahs, rows[_i].ahs, sizeof rows[_i].ahs);
	pdu.ahs_bytes = rows[_i].bytes;
	talk_put(a, &pdu);
	talk_expect(a, rows[_i].answer);
	put_ready(a, 2, 2, 0);
	talk_run(&talk);
	ck_assert_str_ne(talk_line(a), "nothing");
}
END_TEST

START_TEST(unexpected_pdus_are_rejected)
{
	static const struct {
		enum iscsi_opcode opcode;
		const char *answer, *events;
	} rows[] = {
		{ ISCSI_SNACK,
		    "Reject 800500 itt=- stat=2 exp=1 win=64 data=48\n",
		    "login\n" },
		{ ISCSI_LOGIN,
		    "Reject 800400 itt=- stat=2 exp=1 win=64 data=48\n",
		    "login\ndrop: Login: it is not allowed in this phase\n" },
		{ ISCSI_DATA_IN,
		    "Reject 800400 itt=- stat=2 exp=1 win=64 data=48\n",
		    "login\ndrop: Data-In: it is not allowed in this phase\n" },
		{ (enum iscsi_opcode)0x1c,
		    "Reject 800400 itt=- stat=2 exp=1 win=64 data=48\n",
		    "login\ndrop: unknown PDU: it is not allowed in this "
		    "phase\n" },
	};
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_request(rows[_i].opcode, 1, 1);
	talk_put(a, &pdu);
	talk_expect(a, rows[_i].answer);
	expect_events(rows[_i].events);
}
END_TEST

START_TEST(an_additional_header_that_is_too_long_ends_the_connection)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_request(ISCSI_NOP_OUT, 1, 1);
	pdu.bhs[4] = 65;
	talk_put_bytes(a, pdu.bhs, sizeof pdu.bhs);
	talk_expect(a, "");
	expect_events("login\ndrop: NOP-Out: its additional header is longer "
		      "than 256 bytes\n");
}
END_TEST

START_TEST(nop_out_is_answered_if_it_asks_for_it)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "MaxRecvDataSegmentLength=512\n");
	pdu = talk_request(ISCSI_NOP_OUT, 1, 1);
	iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
	iscsi_pdu_set_data(&pdu, talk_data(0), 1000);
	talk_put(a, &pdu);
	pdu = talk_request(ISCSI_NOP_OUT, ISCSI_NO_TAG, 2);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	talk_put(a, &pdu);
	talk_expect(a,
	    "NOP-In 800000 itt=1 w20=- stat=2 exp=2 win=64 data=512\n");
}
END_TEST

START_TEST(text_names_the_target_of_the_session)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_request(ISCSI_TEXT, 1, 1);
	iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
	iscsi_pdu_set_data(&pdu, "SendTargets=", 13);
	talk_put(a, &pdu);
	talk_run(&talk);
	ck_assert(talk_take(a, &pdu));
	ck_assert_uint_eq(iscsi_opcode(&pdu), ISCSI_TEXT_RESPONSE);
	ck_assert_mem_eq(pdu.data,
	    "TargetName=" TALK_TARGET "\0TargetAddress=127.0.0.1:3260,1",
	    pdu.data_bytes);
	put_ready(a, 2, 2, 0);
	talk_expect(a, "SCSI Response 800000 itt=2 stat=3 exp=3 win=64\n");
}
END_TEST

START_TEST(logout_ends_the_session)
{
	static const struct {
		unsigned reason;
		uint16_t cid;
		bool done;
		const char *answer;
	} rows[] = {
		{ 0, 0, true, "Logout Response 800000" },
		{ 1, 0, true, "Logout Response 800000" },
		{ 1, 9, false, "Logout Response 800100" },
		{ 2, 0, false, "Logout Response 800200" },
		{ 3, 0, false, "Logout Response 800200" },
	};
	struct iscsi_pdu pdu;
	char line[128];

	talk_log_in(a, "a", "");
	pdu = talk_request(ISCSI_LOGOUT, 1, 1);
	pdu.bhs[1] |= (uint8_t)rows[_i].reason;
	iscsi_put16(&pdu, ISCSI_AT_CID, rows[_i].cid);
	talk_put(a, &pdu);
	snprintf(line, sizeof line, "%s itt=1 stat=2 exp=2 win=64 w40=131072\n",
	    rows[_i].answer);
	talk_expect(a, line);
	talk_run(&talk);
	ck_assert(a->served == rows[_i].done);
	expect_events(rows[_i].done
		? "login\nlogout: the initiator logged out\n"
		: "login\n");
}
END_TEST

START_TEST(a_login_of_the_same_port_takes_the_place_of_the_session)
{
	struct talk_initiator *again;
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	pdu = talk_command(WRITES, 1, 1, 10, "a 0 0 0 a");
	talk_put(a, &pdu);
	talk_expect(a, "R2T 800000 itt=1 w20=1 stat=2 exp=2 win=64 w44=10\n");
	again = talk_connect(&talk, 1);
	talk_log_in(again, _i == 0 ? "a" : "b", "");
	ck_assert(a->served == (_i == 0));
	ck_assert_uint_eq(iscsi_node_sessions(talk.node), _i == 0 ? 1 : 2);
	put_ready(again, 1, 1, 0);
	talk_expect(again, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
	ck_assert_str_eq(talk.toys[0].log, _i == 0 ? "00/0 " : "00/1 ");
	expect_events(_i == 0
		? "login\ndrop: a new login of the same initiator replaces it\n"
		  "login\n"
		: "login\nlogin\n");
}
END_TEST

START_TEST(a_request_before_the_login_ends_the_connection)
{
	struct iscsi_pdu pdu = talk_request(ISCSI_NOP_OUT, 1, 1);

	talk_put(a, &pdu);
	talk_expect(a, "");
	talk_run(&talk);
	ck_assert(a->served);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi session");
	TCase *tc = tcase_create("session");

	talk_data(0);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, commands_outside_of_the_order_are_ignored);
	tcase_add_test(tc, sequence_numbers_pass_zero);
	tcase_add_test(tc, an_immediate_command_takes_no_number);
	tcase_add_loop_test(tc, luns_have_two_forms, 0, 10);
	tcase_add_loop_test(tc, report_luns_is_answered_at_every_lun, 0, 6);
	tcase_add_test(tc, a_task_tag_in_use_is_rejected);
	tcase_add_loop_test(tc, additional_headers_are_read, 0, 5);
	tcase_add_loop_test(tc, unexpected_pdus_are_rejected, 0, 4);
	tcase_add_test(tc,
	    an_additional_header_that_is_too_long_ends_the_connection);
	tcase_add_test(tc, nop_out_is_answered_if_it_asks_for_it);
	tcase_add_test(tc, text_names_the_target_of_the_session);
	tcase_add_loop_test(tc, logout_ends_the_session, 0, 5);
	tcase_add_loop_test(tc,
	    a_login_of_the_same_port_takes_the_place_of_the_session, 0, 2);
	tcase_add_test(tc, a_request_before_the_login_ends_the_connection);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
