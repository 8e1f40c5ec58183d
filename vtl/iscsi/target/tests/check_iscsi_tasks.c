/*
 * check_iscsi_tasks.c: the order of commands, and task management, on a clock of
 * the test.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/talk.h"

enum { FINAL = 0x80, READS = 0xc0, WRITES = 0xa0, SIMPLE = 1, HEAD = 3 };

#define TEST_UNIT_READY "0"
#define REWIND          "1"
#define INQUIRY         "12 0 0 0 8"

#define SECOND ((int64_t)TALK_SECOND_NS)

static struct talk talk;
static struct talk_initiator *a, *b;

static void setup_as(bool paced)
{
	talk_begin(&talk, paced);
	a = talk_connect(&talk, 0);
	talk_log_in(a, "a", "");
	b = talk_connect(&talk, 1);
	talk_log_in(b, "b", "");
}

static void setup_paced(void)
{
	setup_as(true);
}

static void setup(void)
{
	setup_as(false);
}

static void teardown(void)
{
	talk_end(&talk);
}

/* A command without data; its CmdSN is its task tag. */
static void put(struct talk_initiator *i, unsigned attribute, uint32_t itt,
    const char *cdb)
{
	struct iscsi_pdu pdu =
	    talk_command(FINAL | attribute, itt, itt, 0, cdb);

	talk_put(i, &pdu);
	talk_run(&talk);
}

/* A WRITE of 10 bytes, without them. */
static void put_write(struct talk_initiator *i, uint32_t itt)
{
	struct iscsi_pdu pdu =
	    talk_command(WRITES | SIMPLE, itt, itt, 10, "a 0 0 0 a");

	talk_put(i, &pdu);
	talk_run(&talk);
}

/* The data that R2T number `ttt` of the initiator asks for. */
static void put_data(struct talk_initiator *i, uint32_t itt, uint32_t ttt)
{
	struct iscsi_pdu pdu = talk_data_out(FINAL, itt, ttt, 0, 0);

	iscsi_pdu_set_data(&pdu, talk_data(0), 10);
	talk_put(i, &pdu);
	talk_run(&talk);
}

/*
 * An immediate task management request.  Its tag is 99, its CmdSN `cmd_sn`, and
 * it refers to the task `ritt` if that is not 0.
 */
static void manage(struct talk_initiator *i, enum iscsi_task_function function,
    unsigned lun, uint32_t cmd_sn, uint32_t ritt)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_TASK_MANAGEMENT, 99);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	pdu.bhs[1] |= (uint8_t)function;
	pdu.bhs[9] = (uint8_t)lun;
	iscsi_put(&pdu, ISCSI_AT_REFERENCED_TAG,
	    ritt != 0 ? ritt : ISCSI_NO_TAG);
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, cmd_sn);
	iscsi_put(&pdu, ISCSI_AT_REF_CMD_SN, ritt);
	talk_put(i, &pdu);
}

static void expect_log(const char *log)
{
	ck_assert_str_eq(talk.toys[0].log, log);
}

START_TEST(commands_are_executed_in_order_except_head_of_queue)
{
	put(a, SIMPLE, 1, REWIND);
	put(a, SIMPLE, 2, TEST_UNIT_READY);
	put(b, 2, 1, "8 0 0 0 0");
	put(a, HEAD, 3, REWIND);
	expect_log("01/0 ");
	talk_pass(&talk, 10 * SECOND);
	expect_log("01/0 01/0 ");
	talk_pass(&talk, 10 * SECOND);
	expect_log("01/0 01/0 00/0 08/1 ");
	talk_expect(a,
	    "SCSI Response 800000 itt=1 stat=2 exp=4 win=64\n"
	    "SCSI Response 800000 itt=3 stat=3 exp=4 win=64\n"
	    "SCSI Response 800000 itt=2 stat=4 exp=4 win=64\n");
}
END_TEST

START_TEST(missing_data_delay_only_the_initiator_that_owes_them)
{
	put_write(a, 1);
	put(a, SIMPLE, 2, TEST_UNIT_READY);
	put(b, SIMPLE, 1, TEST_UNIT_READY);
	put(a, HEAD, 3, "8 0 0 0 0");
	expect_log("00/1 08/0 ");
	put_data(a, 1, 1);
	expect_log("00/1 08/0 0a/0 00/0 ");
}
END_TEST

START_TEST(inquiry_and_nop_are_answered_while_a_command_sleeps)
{
	struct iscsi_pdu pdu;

	put(a, SIMPLE, 1, REWIND);
	pdu = talk_command(READS, 2, 2, 8, INQUIRY);
	talk_put(a, &pdu);
	talk_expect(a,
	    "Data-In 810000 itt=2 w20=- stat=2 exp=3 win=64 data=8\n");
	iscsi_pdu_begin(&pdu, ISCSI_NOP_OUT, 3);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	pdu.bhs[9] = 1;
	iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, 3);
	iscsi_pdu_set_data(&pdu, "hello", 5);
	talk_put(a, &pdu);
	talk_expect(a,
	    "NOP-In 800000 lun=0001000000000000 itt=3 w20=- stat=3 "
	    "exp=3 win=64 data=5\n");
	talk_pass(&talk, 10 * SECOND - 1);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=4 exp=3 win=64\n");
}
END_TEST

START_TEST(a_nexus_has_32_commands_of_a_unit)
{
	for (uint32_t itt = 1; itt <= ISCSI_TASKS_MAX; itt++)
		put(a, SIMPLE, itt, REWIND);
	talk_expect(a, "");
	put(a, SIMPLE, 33, REWIND);
	talk_expect(a, "SCSI Response 800028 itt=33 stat=2 exp=34 win=64\n");
	/* Another one, and another unit, are not concerned. */
	put(b, HEAD, 1, REWIND);
	talk_expect(b, "");
	talk_pass(&talk, 10 * SECOND);
	talk_pass(&talk, 10 * SECOND);
	talk_expect(b, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
}
END_TEST

START_TEST(abort_task_ends_a_command_wherever_it_is)
{
	put(a, SIMPLE, 1, REWIND);
	put(a, SIMPLE, 2, TEST_UNIT_READY);
	put_write(a, 3);
	talk_expect(a, "R2T 800000 itt=3 w20=1 stat=2 exp=4 win=64 w44=10\n");
	manage(a, ISCSI_ABORT_TASK, 0, 4, (uint32_t)_i);
	talk_expect(a,
	    _i == 1
		? "Task Management Response 800000 itt=99 stat=2 exp=4 win=64\n"
		  "SCSI Response 800000 itt=2 stat=3 exp=4 win=64\n"
		: "Task Management Response 800000 itt=99 stat=2 exp=4 "
		  "win=64\n");
	if (_i == 3) /* data that come in spite of it */
		put_data(a, 3, 1);
	talk_pass(&talk, 10 * SECOND);
	if (_i != 3)
		put_data(a, 3, 1);
	talk_run(&talk);
	expect_log(_i == 1 ? "01/0 00/0 0a/0 "
		: _i == 2  ? "01/0 0a/0 "
			   : "01/0 00/0 ");
	talk_expect(a,
	    _i == 1 ? "SCSI Response 800000 itt=3 stat=4 exp=4 win=64 w36=1\n"
		: _i == 2
		? "SCSI Response 800000 itt=1 stat=3 exp=4 win=64\n"
		  "SCSI Response 800000 itt=3 stat=4 exp=4 win=64 w36=1\n"
		: "SCSI Response 800000 itt=1 stat=3 exp=4 win=64\n"
		  "SCSI Response 800000 itt=2 stat=4 exp=4 win=64\n");
}
END_TEST

START_TEST(an_aborted_command_does_not_delay_the_next_one)
{
	put(a, SIMPLE, 1, REWIND);
	talk_pass(&talk, SECOND);
	manage(a, ISCSI_ABORT_TASK, 0, 2, 1);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=2 exp=2 win=64\n");
	put(a, SIMPLE, 2, TEST_UNIT_READY);
	talk_expect(a, "SCSI Response 800000 itt=2 stat=3 exp=3 win=64\n");
	put(a, SIMPLE, 3, REWIND);
	talk_pass(&talk, 10 * SECOND - PACE_SLEEP_MIN_NS);
	talk_expect(a, "");
	talk_pass(&talk, PACE_SLEEP_MIN_NS);
	talk_expect(a, "SCSI Response 800000 itt=3 stat=4 exp=4 win=64\n");
}
END_TEST

START_TEST(a_wait_that_ends_late_makes_the_next_one_shorter)
{
	const int64_t late_ns = SECOND / 50;

	put(a, SIMPLE, 1, REWIND);
	put(a, SIMPLE, 2, REWIND);
	talk_pass(&talk, 10 * SECOND + late_ns);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=2 exp=3 win=64\n");
	talk_pass(&talk, 10 * SECOND - late_ns - PACE_SLEEP_MIN_NS);
	talk_expect(a, "");
	talk_pass(&talk, PACE_SLEEP_MIN_NS);
	talk_expect(a, "SCSI Response 800000 itt=2 stat=3 exp=3 win=64\n");
}
END_TEST

START_TEST(what_cannot_be_managed_is_answered)
{
	static const struct {
		enum iscsi_task_function function;
		unsigned lun;
		uint32_t ritt;
		const char *answer;
	} rows[] = {
		{ ISCSI_ABORT_TASK, 0, 77, "8001" },
		{ ISCSI_ABORT_TASK, 1, 1, "8001" }, /* it is one of LUN 0 */
		{ ISCSI_ABORT_TASK, 5, 1, "8002" },
		{ ISCSI_ABORT_TASK_SET, 5, 0, "8002" },
		{ ISCSI_CLEAR_TASK_SET, 5, 0, "8002" },
		{ ISCSI_LOGICAL_UNIT_RESET, 5, 0, "8002" },
		{ ISCSI_CLEAR_ACA, 0, 0, "8005" },
		{ ISCSI_TASK_REASSIGN, 0, 1, "8004" },
		{ (enum iscsi_task_function)0x7f, 0, 0, "8005" },
	};
	char line[128];

	put(a, SIMPLE, 1, REWIND);
	manage(a, rows[_i].function, rows[_i].lun, 2, rows[_i].ritt);
	snprintf(line, sizeof line,
	    "Task Management Response %s00 itt=99 stat=2 exp=2 win=64\n",
	    rows[_i].answer);
	talk_expect(a, line);
	talk_pass(&talk, 10 * SECOND);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=3 exp=2 win=64\n");
}
END_TEST

START_TEST(a_command_that_did_not_arrive_is_aborted_in_advance)
{
	put(a, SIMPLE, 1, TEST_UNIT_READY);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
	manage(a, ISCSI_ABORT_TASK, 0, 3, 2);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=3 exp=3 win=64\n");
	put(a, SIMPLE, 2, TEST_UNIT_READY);
	put(a, SIMPLE, 3, TEST_UNIT_READY);
	talk_expect(a, "SCSI Response 800000 itt=3 stat=4 exp=4 win=64\n");
}
END_TEST

START_TEST(abort_task_set_ends_the_commands_of_its_nexus)
{
	put(a, SIMPLE, 1, REWIND);
	put(b, SIMPLE, 1, TEST_UNIT_READY);
	put_write(a, 2);
	talk_expect(a, "R2T 800000 itt=2 w20=1 stat=2 exp=3 win=64 w44=10\n");
	manage(a, ISCSI_ABORT_TASK_SET, 0, 3, 0);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=2 exp=3 win=64\n");
	talk_expect(b, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
	expect_log("01/0 00/1 ");
}
END_TEST

START_TEST(clear_task_set_ends_all_commands_and_tells_the_others)
{
	put(b, SIMPLE, 1, REWIND);
	put(b, SIMPLE, 2, TEST_UNIT_READY);
	put(a, SIMPLE, 1, TEST_UNIT_READY);
	manage(a, ISCSI_CLEAR_TASK_SET, 0, 2, 0);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=2 exp=2 win=64\n");
	put(a, SIMPLE, 2, TEST_UNIT_READY);
	talk_expect(a, "SCSI Response 800000 itt=2 stat=3 exp=3 win=64\n");
	ck_assert_uint_eq(talk.toys[0].nexuses.pending[1],
	    1u << SCSI_COMMANDS_CLEARED);
	talk_expect(b, "");
}
END_TEST

/* SAM-5, 5.6: a nexus that had no command is not told. */
START_TEST(clear_task_set_tells_only_those_whose_commands_it_cleared)
{
	struct talk_initiator *c = talk_connect(&talk, 2);

	talk_log_in(c, "c", "");
	put(b, SIMPLE, 1, REWIND);
	manage(a, ISCSI_CLEAR_TASK_SET, 0, 1, 0);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=2 exp=1 win=64\n");
	ck_assert_uint_eq(talk.toys[0].nexuses.pending[1],
	    1u << SCSI_COMMANDS_CLEARED);
	ck_assert_uint_eq(talk.toys[0].nexuses.pending[2], 0);
	ck_assert_uint_eq(talk.toys[0].nexuses.pending[0], 0);
}
END_TEST

START_TEST(resets_end_all_commands_of_the_unit_or_of_the_target)
{
	static const enum iscsi_task_function functions[] = {
		ISCSI_LOGICAL_UNIT_RESET, ISCSI_TARGET_WARM_RESET
	};

	put(b, SIMPLE, 1, REWIND);
	put_write(b, 2);
	put(a, SIMPLE, 1, TEST_UNIT_READY);
	manage(a, functions[_i], 0, 2, 0);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=2 exp=2 win=64\n");
	ck_assert_uint_eq(talk.toys[0].resets, 1);
	ck_assert_uint_eq(talk.toys[1].resets, _i == 0 ? 0 : 1);
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(talk.toys[0].nexuses.pending[i],
		    1u << SCSI_UNIT_RESET);
	talk_expect(b, "R2T 800000 itt=2 w20=1 stat=2 exp=3 win=64 w44=10\n");
	/* What b still sends is forgotten. */
	put_data(b, 2, 1);
	put(b, SIMPLE, 3, TEST_UNIT_READY);
	talk_expect(b,
	    "SCSI Response 800002 itt=3 stat=2 exp=4 win=64 data=20\n");
	expect_log("01/1 ");
}
END_TEST

START_TEST(a_cold_reset_ends_the_sessions_of_the_target)
{
	manage(a, ISCSI_TARGET_COLD_RESET, 0, 1, 0);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=2 exp=1 win=64\n");
	talk_run(&talk);
	ck_assert(a->served && b->served);
	ck_assert_uint_eq(iscsi_node_sessions(talk.node), 0);
	ck_assert_uint_eq(talk.toys[1].resets, 1);
}
END_TEST

START_TEST(a_lost_connection_ends_its_commands)
{
	put(a, SIMPLE, 1, REWIND);
	put(b, SIMPLE, 1, TEST_UNIT_READY);
	talk_close(a);
	talk_run(&talk);
	ck_assert(a->served);
	talk_expect(b, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
}
END_TEST

START_TEST(no_command_begins_while_tasks_are_stopped)
{
	iscsi_task_set_stop(talk.node->sets[0]);
	put(a, SIMPLE, 1, TEST_UNIT_READY);
	expect_log("");
	iscsi_task_set_continue(talk.node->sets[0]);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
}
END_TEST

START_TEST(without_pace_a_unit_becomes_ready_after_few_commands)
{
	talk.toys[0].not_ready = true;
	put(a, SIMPLE, 1, TEST_UNIT_READY);
	talk_expect(a,
	    "SCSI Response 800002 itt=1 stat=2 exp=2 win=64 data=20\n");
	ck_assert_int_eq(unit_clock_begin(talk.clocks, 0).now_ns, 60 * SECOND);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi tasks");
	TCase *tc = tcase_create("paced");

	talk_data(0);
	tcase_add_checked_fixture(tc, setup_paced, teardown);
	tcase_add_test(tc, commands_are_executed_in_order_except_head_of_queue);
	tcase_add_test(tc,
	    missing_data_delay_only_the_initiator_that_owes_them);
	tcase_add_test(tc, inquiry_and_nop_are_answered_while_a_command_sleeps);
	tcase_add_test(tc, a_nexus_has_32_commands_of_a_unit);
	tcase_add_loop_test(tc, abort_task_ends_a_command_wherever_it_is, 1, 4);
	tcase_add_test(tc, an_aborted_command_does_not_delay_the_next_one);
	tcase_add_test(tc, a_wait_that_ends_late_makes_the_next_one_shorter);
	tcase_add_loop_test(tc, what_cannot_be_managed_is_answered, 0, 9);
	tcase_add_test(tc, a_command_that_did_not_arrive_is_aborted_in_advance);
	tcase_add_test(tc, abort_task_set_ends_the_commands_of_its_nexus);
	tcase_add_test(tc,
	    clear_task_set_ends_all_commands_and_tells_the_others);
	tcase_add_test(tc,
	    clear_task_set_tells_only_those_whose_commands_it_cleared);
	tcase_add_loop_test(tc,
	    resets_end_all_commands_of_the_unit_or_of_the_target, 0, 2);
	tcase_add_test(tc, a_cold_reset_ends_the_sessions_of_the_target);
	tcase_add_test(tc, a_lost_connection_ends_its_commands);
	suite_add_tcase(suite, tc);
	tc = tcase_create("not paced");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, no_command_begins_while_tasks_are_stopped);
	tcase_add_test(tc,
	    without_pace_a_unit_becomes_ready_after_few_commands);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
