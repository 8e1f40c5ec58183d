/*
 * check_iscsi_limits.c: the limits of what an initiator may do: how long it may
 * take, and how much memory it may use.
 */
#include <check.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/impl.h"
#include "vtl/iscsi/target/tests/talk.h"

enum { FINAL = 0x80, READS = 0xc0, WRITES = 0xa0 };

#define SECOND ((int64_t)TALK_SECOND_NS)

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

static void put_ready(struct talk_initiator *i, uint32_t itt, uint32_t cmd_sn)
{
	struct iscsi_pdu pdu = talk_command(FINAL, itt, cmd_sn, 0, "0");

	talk_put(i, &pdu);
}

START_TEST(a_login_takes_at_most_30_seconds)
{
	talk_put_bytes(a, "\x43\x87\0\0", 4);
	talk_pass(&talk, ISCSI_LOGIN_SECONDS * SECOND - 1);
	ck_assert(!a->served);
	talk_pass(&talk, 1);
	talk_run(&talk);
	ck_assert(a->served);
	ck_assert_str_eq(talk.events,
	    "refused: the login took more than 30 s\n");
}
END_TEST

START_TEST(a_silent_initiator_is_pinged_and_then_dropped)
{
	struct iscsi_pdu pdu;

	talk_end(&talk);
	talk_begin(&talk, false);
	talk.config.ping_seconds = 30;
	a = talk_connect(&talk, 0);
	talk_log_in(a, "a", "");
	talk_pass(&talk, 30 * SECOND - 1);
	talk_expect(a, "");
	talk_pass(&talk, 1);
	/* It has the next StatSN, which is used again. */
	talk_expect(a, "NOP-In 800000 itt=- w20=1 stat=2 exp=1 win=64\n");
	pdu = talk_request(ISCSI_NOP_OUT, ISCSI_NO_TAG, 1);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	iscsi_put(&pdu, ISCSI_AT_TTT, 1);
	talk_pass(&talk, 20 * SECOND);
	talk_put(a, &pdu);
	talk_run(&talk);
	talk_pass(&talk, 20 * SECOND);
	put_ready(a, 1, 1);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
	talk_pass(&talk, 30 * SECOND);
	talk_expect(a, "NOP-In 800000 itt=- w20=1 stat=3 exp=2 win=64\n");
	talk_pass(&talk, 30 * SECOND);
	talk_expect(a, "");
	ck_assert_str_eq(talk.events,
	    "login\ndrop: the initiator did not answer a ping for "
	    "30 s\n");
}
END_TEST

START_TEST(an_initiator_that_does_not_read_is_dropped)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "MaxRecvDataSegmentLength=262144\n");
	talk_set_takes(a, 100000);
	pdu = talk_command(READS, 1, 1, 1000000, "8 0 f 42 40");
	talk_put(a, &pdu);
	talk_pass(&talk, 40 * SECOND);
	ck_assert(!a->served);
	/* Each byte that it reads gives it time. */
	talk_set_takes(a, 100000);
	talk_pass(&talk, 40 * SECOND);
	talk_pass(&talk, (ISCSI_STALL_SECONDS - 40) * SECOND);
	ck_assert(!a->served);
	talk_pass(&talk, 40 * SECOND);
	talk_run(&talk);
	ck_assert(a->served);
	ck_assert_str_eq(talk.events,
	    "login\ndrop: the initiator did not read its answers for "
	    "60 s\n");
}
END_TEST

START_TEST(answers_that_wait_arrive_in_order)
{
	struct iscsi_pdu pdu;
	uint32_t bytes = 0;

	talk_log_in(a, "a", "MaxRecvDataSegmentLength=262144\n");
	talk_set_takes(a, 7);
	pdu = talk_command(READS, 1, 1, 1000000, "8 0 f 42 40");
	talk_put(a, &pdu);
	put_ready(a, 2, 2);
	do {
		talk_set_takes(a, 33333);
		talk_run(&talk);
	} while (a->takes == 0);
	talk_set_takes(a, SIZE_MAX);
	while (talk_take(a, &pdu) && iscsi_opcode(&pdu) == ISCSI_DATA_IN) {
		ck_assert_mem_eq(pdu.data, talk_data(bytes), pdu.data_bytes);
		bytes += pdu.data_bytes;
	}
	ck_assert_uint_eq(bytes, 1000000);
	ck_assert_uint_eq(iscsi_opcode(&pdu), ISCSI_SCSI_RESPONSE);
}
END_TEST

START_TEST(answers_that_wait_are_bounded)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "MaxRecvDataSegmentLength=262144\n");
	talk_set_takes(a, 0);
	for (uint32_t i = 1; i <= 2 * ISCSI_ANSWERS_BYTES / 262144; i++) {
		pdu = talk_request(ISCSI_NOP_OUT, i, i);
		iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
		iscsi_pdu_set_data(&pdu, talk_data(0), 262144);
		talk_put(a, &pdu);
	}
	talk_run(&talk);
	talk_run(&talk);
	ck_assert(a->served);
	ck_assert_str_eq(talk.events,
	    "login\ndrop: the initiator does not read its answers\n");
}
END_TEST

START_TEST(data_of_commands_are_bounded)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	for (uint32_t i = 1; i <= 3; i++) {
		pdu = talk_command(WRITES, i, i, 0xffffffff, "a 0 0 0 a");
		talk_put(a, &pdu);
	}
	talk_expect(a,
	    "R2T 800000 itt=1 w20=1 stat=2 exp=2 win=64 w44=262144\n"
	    "R2T 800000 itt=2 w20=2 stat=2 exp=3 win=64 w44=262144\n"
	    "SCSI Response 820028 itt=3 stat=2 exp=4 win=64 w44=-\n");
}
END_TEST

static size_t memory_in_use(void)
{
	const struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/*
 * Each session has commands that want more data than it may have: together they
 * take what the page of "serve" says for that number of sessions.
 */
START_TEST(memory_of_all_sessions_is_bounded)
{
	enum { COMMANDS = 8 };
	static const char *const names[TALK_INITIATORS] = { "a", "b", "c" };
	struct talk_initiator *all[TALK_INITIATORS] = { a };
	size_t before, used;

	for (unsigned k = 1; k < TALK_INITIATORS; k++)
		all[k] = talk_connect(&talk, k);
	for (unsigned k = 0; k < TALK_INITIATORS; k++)
		talk_log_in(all[k], names[k], "");
	before = memory_in_use();
	for (uint32_t i = 1; i <= COMMANDS; i++)
		for (unsigned k = 0; k < TALK_INITIATORS; k++) {
			struct iscsi_pdu pdu =
			    talk_command(WRITES, i, i, 0xffffffff, "a 0 0 0 a");

			talk_put(all[k], &pdu);
			talk_run(&talk);
		}
	used = memory_in_use() - before;
	ck_assert_uint_le(used,
	    (size_t)TALK_INITIATORS *
		(ISCSI_SESSION_BYTES + ISCSI_ANSWERS_BYTES));
	/* It was tried. */
	ck_assert_uint_ge(used, (size_t)TALK_INITIATORS * ISCSI_SESSION_BYTES);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi limits");
	TCase *tc = tcase_create("limits");

	talk_data(0);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_login_takes_at_most_30_seconds);
	tcase_add_test(tc, a_silent_initiator_is_pinged_and_then_dropped);
	tcase_add_test(tc, an_initiator_that_does_not_read_is_dropped);
	tcase_add_test(tc, answers_that_wait_arrive_in_order);
	tcase_add_test(tc, answers_that_wait_are_bounded);
	tcase_add_test(tc, data_of_commands_are_bounded);
	/* A sanitizer has an allocator of its own. */
	if (SANITIZED == 1)
		tcase_add_test(tc, memory_of_all_sessions_is_bounded);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
