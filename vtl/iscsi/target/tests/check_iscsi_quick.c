/*
 * check_iscsi_quick.c: which commands the thread of a connection executes, and
 * which the worker of the unit.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/talk.h"

enum { FINAL = 0x80, WRITES = 0xa1, SIMPLE = 1, BYTES = 10 };
enum { ADDERS = 3, TASKS = 400, PAIRS = 20, YIELDS = 3, WRITE_6 = 0x0a };
enum { ASLEEP_US = 20000 }; /* until a worker without work sleeps */

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

/* Tasks that threads add to a set with a worker. */
static struct iscsi_task_set *shared;
static struct iscsi_task tasks[ADDERS][TASKS];
static atomic_uint ended[ADDERS][TASKS], answered, aborted;

static void count_end(struct iscsi_task *task,
    const struct device_answer *answer)
{
	ended[task->command.nexus][task->tag]++;
	if (answer != NULL)
		answered++;
	else
		aborted++;
}

/*
 * Adds tasks, of which every other one may be quick, and every fourth is; aborts
 * some of them.
 */
static void *add_tasks(void *arg)
{
	const unsigned nexus = (unsigned)(uintptr_t)arg;
	struct iscsi_abort which = { .nexus = nexus, .one = true };

	for (uint32_t tag = 0; tag < TASKS; tag++) {
		struct iscsi_task *task = &tasks[nexus][tag];
		const bool complete = tag % 3 != 0;

		*task = (struct iscsi_task){ .tag = tag,
			.quick = tag % 2,
			.done = count_end,
			.command.nexus = nexus,
			.command.cdb[0] = tag % 4 == 1 ? WRITE_6 : 0 };
		while (!iscsi_task_set_add(shared, task, complete))
			sched_yield();
		if (!complete)
			iscsi_task_set_complete(shared, task);
		which.tag = tag;
		if (tag % 16 == nexus)
			iscsi_task_set_abort(shared, &which, NULL);
		if (tag % 64 == nexus)
			iscsi_task_set_reset(shared);
	}
	iscsi_task_set_abort(shared, &(struct iscsi_abort){ .nexus = nexus },
	    NULL);
	return NULL;
}

START_TEST(each_task_of_several_threads_ends_once)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	pthread_t threads[ADDERS];
	struct toy toy;

	toy_make(&toy);
	toy.quick = true;
	shared = iscsi_task_set_create(toy.device, clocks, 0, true);
	for (uintptr_t i = 0; i < ADDERS; i++)
		pthread_create(&threads[i], NULL, add_tasks, (void *)i);
	for (unsigned i = 0; i < TASKS; i++) {
		iscsi_task_set_stop(shared);
		iscsi_task_set_continue(shared);
	}
	for (size_t i = 0; i < ADDERS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < ADDERS; i++)
		for (size_t k = 0; k < TASKS; k++)
			ck_assert_uint_eq(ended[i][k], 1);
	ck_assert_uint_eq(answered + aborted, ADDERS * TASKS);
	ck_assert_uint_gt(answered, 0);
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
}
END_TEST

static void add(uint32_t tag, bool quick)
{
	struct iscsi_task *task = &tasks[0][tag];

	*task = (struct iscsi_task){ .tag = tag,
		.quick = quick,
		.done = count_end,
		.command.cdb[0] = quick ? WRITE_6 : 0 };
	ck_assert(iscsi_task_set_add(shared, task, true));
}

START_TEST(a_quick_task_waits_for_those_before_it)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	struct toy toy;
	int64_t until_ns;

	toy_make(&toy);
	toy.quick = true;
	shared = iscsi_task_set_create(toy.device, clocks, 0, false);
	add(0, true);
	ck_assert_uint_eq(ended[0][0], 1);
	add(1, false);
	add(2, true);
	ck_assert_uint_eq(ended[0][1] + ended[0][2], 0);
	ck_assert(iscsi_task_set_step(shared, &until_ns));
	ck_assert(iscsi_task_set_step(shared, &until_ns));
	ck_assert_uint_eq(ended[0][1], 1);
	ck_assert_uint_eq(ended[0][2], 0);
	ck_assert(iscsi_task_set_step(shared, &until_ns));
	ck_assert(iscsi_task_set_step(shared, &until_ns));
	ck_assert_uint_eq(ended[0][2], 1);
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
}
END_TEST

/* Whether two steps end this task: it is executed, and then ended. */
static bool is_ended_by_steps(uint32_t tag)
{
	int64_t until_ns;

	ck_assert_uint_eq(ended[0][tag], 0);
	ck_assert(iscsi_task_set_step(shared, &until_ns));
	ck_assert(iscsi_task_set_step(shared, &until_ns));
	return ended[0][tag] == 1;
}

/*
 * Whether a command is quick is known when the device is locked.  One that is
 * not, or whose device is locked by another thread, waits for the worker.
 */
START_TEST(a_task_that_is_not_quick_is_left_to_the_worker)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	const struct iscsi_abort third = { .one = true, .tag = 2 };
	struct toy toy;

	toy_make(&toy);
	shared = iscsi_task_set_create(toy.device, clocks, 0, false);
	add(0, true);
	ck_assert(is_ended_by_steps(0));
	toy.quick = true;
	device_lock(toy.device);
	add(1, true);
	device_unlock(toy.device);
	add(2, true);
	ck_assert_uint_eq(ended[0][2], 0);
	ck_assert(is_ended_by_steps(1));
	ck_assert_uint_eq(iscsi_task_set_abort(shared, &third, NULL), 1);
	ck_assert_uint_eq(ended[0][2], 1);
	ck_assert_uint_eq(aborted, 1);
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
}
END_TEST

static void add_another(void)
{
	add(1, false);
}

/* Another task comes while the device is asked whether the first is quick. */
START_TEST(a_task_that_is_left_to_the_worker_is_the_next_one)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	struct toy toy;

	toy_make(&toy);
	toy.asked = add_another;
	shared = iscsi_task_set_create(toy.device, clocks, 0, false);
	add(0, true);
	ck_assert(is_ended_by_steps(0));
	ck_assert(is_ended_by_steps(1));
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
}
END_TEST

/* Makes a step in another thread. */
static void *step(void *arg)
{
	int64_t until_ns;

	*(bool *)arg = iscsi_task_set_step(shared, &until_ns);
	return NULL;
}

/* Another thread looks for work while a quick task is executed. */
static void step_meanwhile(void *arg, const struct device_command *command,
    const struct device_answer *answer)
{
	pthread_t thread;

	(void)command;
	(void)answer;
	pthread_create(&thread, NULL, step, arg);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(ended[0][0], 0);
}

START_TEST(a_quick_task_is_ended_by_the_thread_that_executes_it)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	bool worked = true;
	struct toy toy;

	toy_make(&toy);
	toy.quick = true;
	shared = iscsi_task_set_create(toy.device, clocks, 0, false);
	device_set_watch(toy.device, step_meanwhile, &worked);
	add(0, true);
	ck_assert(!worked);
	ck_assert_uint_eq(ended[0][0], 1);
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
}
END_TEST

/* Adds a task for the worker while the quick one before it is executed. */
static void add_the_next(void *arg, const struct device_command *command,
    const struct device_answer *answer)
{
	const atomic_uint *tag = arg;

	(void)answer;
	if (command->cdb[0] != WRITE_6)
		return;
	add(*tag + 1, false);
	for (int i = 0; i < YIELDS; i++)
		sched_yield();
}

START_TEST(the_worker_takes_what_comes_during_a_quick_task)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	struct toy toy;
	atomic_uint tag = 0;

	toy_make(&toy);
	toy.quick = true;
	shared = iscsi_task_set_create(toy.device, clocks, 0, true);
	device_set_watch(toy.device, add_the_next, &tag);
	for (uint32_t i = 0; i < PAIRS * 2; i += 2) {
		tag = i;
		add(i, true);
		while (ended[0][i + 1] == 0)
			sched_yield(); /* a task that is lost: a time-out */
		ck_assert_uint_eq(ended[0][i], 1);
		ck_assert_uint_eq(ended[0][i + 1], 1);
	}
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
}
END_TEST

/*
 * A task that waited for the data of the one before it begins when that one is
 * aborted.  The worker slept on: until another command came, it did not begin.
 */
START_TEST(the_worker_takes_what_waited_for_an_aborted_task)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	const struct iscsi_abort first = { .one = true, .tag = 0 };
	struct toy toy;

	toy_make(&toy);
	shared = iscsi_task_set_create(toy.device, clocks, 0, true);
	tasks[0][0] = (struct iscsi_task){ .done = count_end };
	ck_assert(iscsi_task_set_add(shared, &tasks[0][0], false));
	add(1, _i);
	usleep(ASLEEP_US);
	ck_assert_uint_eq(ended[0][1], 0);
	ck_assert_uint_eq(iscsi_task_set_abort(shared, &first, NULL), 1);
	while (ended[0][1] == 0)
		sched_yield(); /* a task that is lost: a time-out */
	ck_assert_uint_eq(ended[0][1], 1);
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
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
	tc = tcase_create("threads");
	tcase_add_test(tc, each_task_of_several_threads_ends_once);
	tcase_add_test(tc, a_quick_task_waits_for_those_before_it);
	tcase_add_test(tc, a_task_that_is_not_quick_is_left_to_the_worker);
	tcase_add_test(tc, a_task_that_is_left_to_the_worker_is_the_next_one);
	tcase_add_test(tc,
	    a_quick_task_is_ended_by_the_thread_that_executes_it);
	tcase_add_test(tc, the_worker_takes_what_comes_during_a_quick_task);
	tcase_add_loop_test(tc,
	    the_worker_takes_what_waited_for_an_aborted_task, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
