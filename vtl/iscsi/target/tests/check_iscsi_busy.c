/*
 * check_iscsi_busy.c: while a device executes a command that takes long, here as
 * long as the test wants, the server answers what does not need the drive.
 */
#include <check.h>
#include <sched.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/task_set.h"
#include "vtl/iscsi/target/tests/talk.h"

enum { READS = 0xc0, SIMPLE = 1, VERIFY = 0x13 };

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
		ck_assert_uint_eq(i < 2 ? iscsi_task_set_abort(set, &all, NULL)
					: iscsi_task_set_reset(set),
		    1);
		ck_assert_uint_eq(aborted, i + 1);
	}
	ck_assert_uint_eq(answered, 0);
	iscsi_task_set_free(set);
	toy_free(&toy);
	unit_clocks_free(clocks);
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
	return run_suite(suite);
}
