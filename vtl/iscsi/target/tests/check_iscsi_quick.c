/*
 * check_iscsi_quick.c: which commands the thread of a connection executes, and
 * which the worker of the unit.
 */
#include <check.h>
#include <pthread.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/talk.h"

enum { FINAL = 0x80, WRITES = 0xa1, SIMPLE = 1, BYTES = 10 };

static struct talk talk;
static struct talk_initiator *a, *b;

static void setup_as(bool paced)
{
	talk_begin(&talk, paced);
	a = talk_connect(&talk, 0);
	talk_log_in(a, "a", "");
	b = talk_connect(&talk, 1);
	talk_log_in(b, "b", "");
	talk.toys[0].quick = true;
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

/* Puts a WRITE, with its data if `data`. */
static void put_write(struct talk_initiator *i, uint32_t itt, bool data)
{
	struct iscsi_pdu pdu =
	    talk_command(FINAL | WRITES, itt, itt, BYTES, "a 0 0 0 a");

	if (data)
		iscsi_pdu_set_data(&pdu, talk_data(0), BYTES);
	talk_put(i, &pdu);
}

/* Puts the data that R2T number `ttt` of the initiator asks for. */
static void put_data(struct talk_initiator *i, uint32_t itt, uint32_t ttt)
{
	struct iscsi_pdu pdu = talk_data_out(FINAL, itt, ttt, 0, 0);

	iscsi_pdu_set_data(&pdu, talk_data(0), BYTES);
	talk_put(i, &pdu);
}

static void put_test_ready(struct talk_initiator *i, uint32_t itt)
{
	struct iscsi_pdu pdu = talk_command(FINAL | SIMPLE, itt, itt, 0, "0");

	talk_put(i, &pdu);
}

/* Runs; returns whether the worker, this thread, executed the last command. */
static bool worker_runs(void)
{
	talk_run(&talk);
	return pthread_equal(talk.toys[0].thread, pthread_self());
}

static void expect_log(const char *log)
{
	ck_assert_str_eq(talk.toys[0].log, log);
}

START_TEST(the_connection_executes_a_quick_command)
{
	talk.toys[0].quick = _i;
	put_write(a, 1, true);
	ck_assert_int_eq(worker_runs(), !_i);
	put_write(a, 2, false);
	talk_run(&talk);
	put_data(a, 2, 1);
	ck_assert_int_eq(worker_runs(), !_i);
	put_test_ready(a, 3);
	ck_assert(worker_runs());
	expect_log("0a/0 0a/0 00/0 ");
	talk_expect(a,
	    "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n"
	    "R2T 800000 itt=2 w20=1 stat=3 exp=3 win=64 w44=10\n"
	    "SCSI Response 800000 itt=2 stat=3 exp=3 win=64 w36=1\n"
	    "SCSI Response 800000 itt=3 stat=4 exp=4 win=64\n");
}
END_TEST

/* So the connection receives the next command meanwhile. */
START_TEST(the_worker_executes_commands_that_come_together)
{
	put_write(a, 1, true);
	put_write(a, 2, true);
	ck_assert(worker_runs());
	expect_log("0a/0 0a/0 ");
	put_write(a, 3, false);
	put_write(a, 4, false);
	talk_run(&talk);
	put_data(a, 3, 1);
	ck_assert(worker_runs());
	put_data(a, 4, 2);
	ck_assert(worker_runs());
	expect_log("0a/0 0a/0 0a/0 0a/0 ");
}
END_TEST

START_TEST(the_worker_executes_the_commands_of_a_paced_unit)
{
	put_write(a, 1, true);
	ck_assert(worker_runs());
	expect_log("0a/0 ");
}
END_TEST

START_TEST(a_quick_command_waits_while_tasks_are_stopped)
{
	iscsi_task_set_stop(talk.node->sets[0]);
	put_write(a, 1, true);
	talk_run(&talk);
	expect_log("");
	iscsi_task_set_continue(talk.node->sets[0]);
	talk_expect(a, "SCSI Response 800000 itt=1 stat=2 exp=2 win=64\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi quick");
	TCase *tc = tcase_create("not paced");

	talk_data(0);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, the_connection_executes_a_quick_command, 0, 2);
	tcase_add_test(tc, the_worker_executes_commands_that_come_together);
	tcase_add_test(tc, a_quick_command_waits_while_tasks_are_stopped);
	suite_add_tcase(suite, tc);
	tc = tcase_create("paced");
	tcase_add_checked_fixture(tc, setup_paced, teardown);
	tcase_add_test(tc, the_worker_executes_the_commands_of_a_paced_unit);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
