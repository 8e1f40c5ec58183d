/*
 * check_iscsi_busy.c: while a device executes a command that takes long, here as
 * long as the test wants, the server answers what does not need the drive.
 */
#include <check.h>
#include <sched.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/talk.h"
#include "vtl/iscsi/target/tests/task_function.h"

enum { FINAL = 0x80, READS = 0xc0, SIMPLE = 1, VERIFY = 0x13 };

static struct talk talk;

static void setup(void)
{
	talk_begin(&talk, false);
}

static void teardown(void)
{
	talk_end(&talk);
}

/* A NOP-Out that asks for an answer. */
static void put_nop(struct talk_initiator *i, uint32_t itt, uint32_t cmd_sn)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_NOP_OUT, itt);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, cmd_sn);
	talk_put(i, &pdu);
}

/*
 * Expected: a login, INQUIRY, NOP and logout do not wait for a command of
 * another session.
 * Bug: the login waited for it with the lock of the node held, so that every
 * later login and logout waited, also those of other drives.
 */
START_TEST(sessions_begin_and_end_while_a_device_is_busy)
{
	struct talk_initiator *a = talk_connect(&talk, 0), *b;
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	device_lock(talk.toys[0].device);
	b = talk_connect(&talk, 1);
	talk_log_in(b, "b", "");
	pdu = talk_command(READS | SIMPLE | 0x80, 1, 1, 8, "12 0 0 0 8");
	talk_put(b, &pdu);
	talk_expect(b,
	    "Data-In 810000 itt=1 w20=- stat=2 exp=2 win=64 data=8\n");
	put_nop(b, 2, 2);
	talk_expect(b, "NOP-In 800000 itt=2 w20=- stat=3 exp=2 win=64\n");
	talk_close(a);
	talk_run(&talk);
	ck_assert(a->served);
	ck_assert_uint_eq(iscsi_node_sessions(talk.node), 1);
	pdu = talk_request(ISCSI_LOGOUT, 3, 2);
	talk_put(b, &pdu);
	talk_run(&talk);
	ck_assert(b->served);
	ck_assert_uint_eq(iscsi_node_sessions(talk.node), 0);
	device_unlock(talk.toys[0].device);
}
END_TEST

/*
 * INQUIRY does not wait for the end of the stop of a set, as for a snapshot.
 */
START_TEST(inquiry_is_answered_while_tasks_are_stopped)
{
	struct talk_initiator *a = talk_connect(&talk, 0);
	struct iscsi_pdu pdu =
	    talk_command(READS | SIMPLE | 0x80, 1, 1, 8, "12 0 0 0 8");

	talk_log_in(a, "a", "");
	iscsi_task_set_stop(talk.node->sets[0]);
	talk_put(a, &pdu);
	talk_run(&talk);
	ck_assert_str_eq(talk.toys[0].log, "12/0 ");
	iscsi_task_set_continue(talk.node->sets[0]);
}
END_TEST

static unsigned answered, aborted;

static void count_end(struct iscsi_task *task,
    const struct device_answer *answer)
{
	(void)task;
	if (answer != NULL)
		answered++;
	else
		aborted++;
}

/*
 * Expected: ABORT TASK, and what else ends tasks, ends a command that the device
 * executes.  The next command has not ended before it begins.
 * Bug: they waited until the device had done all of it.
 */
START_TEST(an_abort_reaches_the_device)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	const struct iscsi_abort all = { .nexus = ISCSI_EVERY_NEXUS };
	struct iscsi_task verify = { .done = count_end,
		.command.cdb[0] = VERIFY };
	struct iscsi_task_set *set;
	struct toy toy;

	toy_make(&toy);
	toy_quiet(&toy);
	set = iscsi_task_set_create(toy.device, clocks, 0, true);
	for (unsigned i = 0; i < 3; i++) {
		toy.verifies = false;
		ck_assert(iscsi_task_set_add(set, &verify, true));
		while (!toy.verifies)
			sched_yield();
		ck_assert_uint_eq(aborted, i);
		ck_assert_uint_eq(task_function_perform(set, &all, i == 2,
				      NULL),
		    1);
		ck_assert_uint_eq(aborted, i + 1);
	}
	ck_assert_uint_eq(answered, 0);
	iscsi_task_set_free(set);
	toy_free(&toy);
	unit_clocks_free(clocks);
}
END_TEST

static struct talk_initiator *a;
static uint32_t next_sn = 1; /* CmdSN */

static void put_management(enum iscsi_task_function function, uint32_t itt)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_TASK_MANAGEMENT, itt);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	pdu.bhs[1] |= (uint8_t)function;
	iscsi_put(&pdu, ISCSI_AT_REFERENCED_TAG,
	    function == ISCSI_ABORT_TASK ? 1 : ISCSI_NO_TAG);
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, next_sn);
	iscsi_put(&pdu, ISCSI_AT_REF_CMD_SN, 1);
	talk_put(a, &pdu);
}

/* The device has begun a command, or a reset, of which the test is a part. */
static void expect_nop_answer(void)
{
	put_nop(a, 7, next_sn);
	talk_expect(a,
	    next_sn == 1 ? "NOP-In 800000 itt=7 w20=- stat=2 exp=1 win=64\n"
			 : "NOP-In 800000 itt=7 w20=- stat=2 exp=2 win=64\n");
}

static enum iscsi_task_function function;

static void ask_for_function(void)
{
	struct device_progress progress;

	put_management(function, 99);
	expect_nop_answer();
	ck_assert_uint_eq(talk.toys[0].resets, 0);
	device_get_progress(talk.toys[0].device, &progress);
	ck_assert_uint_gt(progress.number, 0);
	ck_assert(!progress.resets);
	ck_assert_uint_eq(progress.opcode, 1);
}

/* A REWIND of the initiator during which `begun` is called. */
static void rewind_with(void (*begun)(void))
{
	struct iscsi_pdu pdu = talk_command(FINAL | SIMPLE, 1, 1, 0, "1");

	a = talk_connect(&talk, 0);
	talk_log_in(a, "a", "");
	talk.toys[0].begun = begun;
	talk_put(a, &pdu);
	next_sn = 2;
	talk_run(&talk);
	ck_assert(talk.toys[0].begun == NULL);
	ck_assert_str_eq(talk.toys[0].log, "01/0 ");
}

/*
 * Expected: a NOP is answered while task management waits for a command that
 * cannot be ended, such as the synchronisation of a disk.
 * Bug: the thread of the connection waited for it.
 */
START_TEST(nop_is_answered_while_task_management_waits)
{
	static const enum iscsi_task_function functions[] = { ISCSI_ABORT_TASK,
		ISCSI_ABORT_TASK_SET, ISCSI_CLEAR_TASK_SET,
		ISCSI_LOGICAL_UNIT_RESET, ISCSI_TARGET_WARM_RESET };

	function = functions[_i];
	rewind_with(ask_for_function);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=3 exp=2 win=64\n");
	ck_assert_uint_eq(talk.toys[0].resets, _i >= 3);
	ck_assert_uint_eq(talk.toys[1].resets, _i == 4);
}
END_TEST

static void expect_nop_answer_and_reset(void)
{
	struct device_progress progress;

	expect_nop_answer();
	device_get_progress(talk.toys[0].device, &progress);
	ck_assert_uint_gt(progress.number, 0);
	ck_assert(progress.resets);
}

/* The reset waits too: the drive writes its buffer. */
START_TEST(nop_is_answered_during_a_reset)
{
	a = talk_connect(&talk, 0);
	talk_log_in(a, "a", "");
	talk.toys[0].begun = expect_nop_answer_and_reset;
	put_management(ISCSI_LOGICAL_UNIT_RESET, 99);
	talk_run(&talk);
	talk_expect(a,
	    "Task Management Response 800000 itt=99 stat=3 exp=1 win=64\n");
	ck_assert_uint_eq(talk.toys[0].resets, 1);
}
END_TEST

/* A TEST UNIT READY; its CmdSN is its task tag. */
static void put_ready(unsigned lun, uint32_t itt)
{
	struct iscsi_pdu pdu = talk_command(FINAL | SIMPLE, itt, itt, 0, "0");

	pdu.bhs[9] = (uint8_t)lun;
	talk_put(a, &pdu);
}

static void stop_in_vain(void)
{
	size_t unit = TALK_UNITS;

	put_ready(0, 2);
	ck_assert(!iscsi_node_stop_tasks(talk.node, 0, &unit));
	ck_assert_uint_eq(unit, 0);
}

/*
 * A stop that is too short: the other units work.  The busy one begins no other
 * command, so the next stop finds it idle.
 */
START_TEST(a_stop_ends_after_its_time)
{
	size_t unit;

	rewind_with(stop_in_vain);
	put_ready(1, 3);
	talk_run(&talk);
	ck_assert_str_eq(talk.toys[0].log, "01/0 ");
	ck_assert_str_eq(talk.toys[1].log, "00/0 ");
	ck_assert(iscsi_node_stop_tasks(talk.node, 0, &unit));
	put_ready(1, 4);
	talk_run(&talk);
	ck_assert_str_eq(talk.toys[1].log, "00/0 ");
	iscsi_node_continue_tasks(talk.node);
	talk_run(&talk);
	ck_assert_str_eq(talk.toys[0].log, "01/0 00/0 ");
	ck_assert_str_eq(talk.toys[1].log, "00/0 00/0 ");
}
END_TEST

static void ask_too_often(void)
{
	for (uint32_t itt = 1; itt <= 9; itt++)
		put_management(ISCSI_ABORT_TASK_SET, itt);
	talk_expect(a,
	    "Task Management Response 80ff00 itt=9 stat=2 exp=2 win=64\n");
}

START_TEST(task_management_that_waits_is_bounded)
{
	struct iscsi_pdu pdu;

	rewind_with(ask_too_often);
	talk_run(&talk);
	for (uint32_t itt = 1; itt <= 8; itt++) {
		ck_assert(talk_take(a, &pdu));
		ck_assert_uint_eq(iscsi_get(&pdu, ISCSI_AT_ITT), itt);
		ck_assert_uint_eq(pdu.bhs[2], ISCSI_TASK_COMPLETE);
	}
	ck_assert(!talk_take(a, &pdu));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi busy");
	TCase *t = tcase_create("busy");

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, sessions_begin_and_end_while_a_device_is_busy);
	tcase_add_test(t, inquiry_is_answered_while_tasks_are_stopped);
	tcase_add_test(t, an_abort_reaches_the_device);
	tcase_add_loop_test(t, nop_is_answered_while_task_management_waits, 0,
	    5);
	tcase_add_test(t, nop_is_answered_during_a_reset);
	tcase_add_test(t, a_stop_ends_after_its_time);
	tcase_add_test(t, task_management_that_waits_is_bounded);
	return run_suite(suite);
}
