/*
 * check_iscsi_task_set.c: a task set, with the threads that add tasks and end
 * them: which thread executes a task, in which order, and that it ends once.
 *
 * A test that loses a task waits for it until its time-out.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/task_function.h"
#include "vtl/iscsi/target/tests/toy.h"

enum { ADDERS = 3, TASKS = 400, PAIRS = 20, YIELDS = 3, WRITE_6 = 0x0a };

static struct iscsi_task_set *shared;
static struct unit_clocks *clocks;
static struct toy toy;
static struct iscsi_task tasks[ADDERS][TASKS];
static atomic_uint ended[ADDERS][TASKS], answered, aborted;

static void setup(void)
{
	clocks = unit_clocks_create(1, NULL, 1000);
	toy_make(&toy);
}

static void make_set(bool worker)
{
	shared = iscsi_task_set_create(toy.device, clocks, 0, worker);
	ck_assert_ptr_nonnull(shared);
}

static void teardown(void)
{
	iscsi_task_set_free(shared);
	toy_free(&toy);
	unit_clocks_free(clocks);
}

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
		if (tag % 32 == nexus)
			task_function_perform(shared, &which, tag % 64 == nexus,
			    NULL);
	}
	task_function_perform(shared, &(struct iscsi_abort){ .nexus = nexus },
	    false, NULL);
	return NULL;
}

START_TEST(each_task_of_several_threads_ends_once)
{
	pthread_t threads[ADDERS];

	toy.quick = true;
	make_set(true);
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
}
END_TEST

/* Adds a task; returns whether there was a place for it. */
static bool try_add(uint32_t tag, bool quick, bool complete)
{
	struct iscsi_task *task = &tasks[0][tag];

	*task = (struct iscsi_task){ .tag = tag,
		.quick = quick,
		.done = count_end,
		.command.cdb[0] = quick ? WRITE_6 : 0 };
	return iscsi_task_set_add(shared, task, complete);
}

static void add(uint32_t tag, bool quick)
{
	ck_assert(try_add(tag, quick, true));
}

static void wait_for(uint32_t tag)
{
	while (ended[0][tag] == 0)
		sched_yield();
	ck_assert_uint_eq(ended[0][tag], 1);
}

/*
 * Gives the worker a task of another nexus.  On return it has ended, and the
 * worker sleeps: the function finds nothing in progress, and the worker has the
 * set locked until it waits for work.
 */
static void let_worker_sleep(void)
{
	const struct iscsi_abort other = { .nexus = 1 };
	struct iscsi_task *task = &tasks[1][0];
	bool here = false;

	*task = (struct iscsi_task){ .done = count_end, .command.nexus = 1 };
	ended[1][0] = 0;
	ck_assert(iscsi_task_set_add(shared, task, true));
	while (ended[1][0] == 0)
		sched_yield();
	while (!here)
		ck_assert_uint_eq(task_function_perform(shared, &other, false,
				      &here),
		    0);
}

START_TEST(a_quick_task_waits_for_those_before_it)
{
	int64_t until_ns;

	toy.quick = true;
	make_set(false);
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
	const struct iscsi_abort third = { .one = true, .tag = 2 };

	make_set(false);
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
}
END_TEST

START_TEST(the_worker_awakes_for_a_task_that_is_not_quick)
{
	make_set(true);
	let_worker_sleep();
	add(0, true);
	wait_for(0);
}
END_TEST

/* Aborts all tasks of the first nexus, in a thread of its own. */
static void *abort_nexus(void *arg)
{
	const struct iscsi_abort which = { .nexus = 0 };

	*(size_t *)arg = iscsi_task_set_abort(shared, &which, NULL);
	return NULL;
}

static pthread_t aborter;
static size_t count_aborted;

/*
 * Begins an abort.  On return it has aborted the task in progress: with that it
 * has removed the others, so the nexus has a place again.
 */
static void begin_abort(void)
{
	pthread_create(&aborter, NULL, abort_nexus, &count_aborted);
	while (!try_add(ISCSI_TASKS_MAX, false, false))
		sched_yield();
}

/*
 * The task is aborted while the device is asked whether it is quick.  It is not,
 * and it ends without being executed.
 */
START_TEST(a_task_that_is_aborted_while_it_is_asked_is_not_executed)
{
	const struct iscsi_abort last = { .one = true, .tag = ISCSI_TASKS_MAX };

	make_set(_i);
	for (uint32_t tag = 0; tag < ISCSI_TASKS_MAX; tag++)
		ck_assert(try_add(tag, tag == 0, false));
	toy.asked = begin_abort;
	iscsi_task_set_complete(shared, &tasks[0][0]);
	pthread_join(aborter, NULL);
	ck_assert_str_eq(toy.log, "");
	ck_assert_uint_eq(ended[0][0], 1);
	ck_assert_uint_eq(count_aborted, ISCSI_TASKS_MAX);
	ck_assert_uint_eq(aborted, ISCSI_TASKS_MAX);
	ck_assert_uint_eq(answered, 0);
	ck_assert_uint_eq(iscsi_task_set_abort(shared, &last, NULL), 1);
}
END_TEST

static atomic_uint functions_ended;

static void count_function(struct iscsi_function *function)
{
	(void)function;
	functions_ended++;
}

/*
 * Expected: who asks for an abort or a reset does not wait for the device; it ends
 * after the task that it aborted, and before the next one begins.
 * Bug: an abort returned when the device did.
 */
START_TEST(a_function_ends_when_the_device_returns)
{
	struct iscsi_function functions[] = {
		{ .which.nexus = 0 },
		{ .resets = true },
		{ .which.nexus = 1 },
	};

	make_set(true);
	toy_quiet(&toy);
	device_lock(toy.device);
	add(0, false);
	for (size_t i = 0; i < 3; i++) {
		functions[i].done = count_function;
		/* The first two may come before the worker begins the task. */
		iscsi_task_set_perform(shared, &functions[i]);
	}
	add(1, false);
	ck_assert_uint_eq(functions[2].count, 0);
	ck_assert_uint_lt(functions_ended, 3);
	ck_assert_uint_eq(toy.resets, 0);
	device_unlock(toy.device);
	wait_for(1);
	ck_assert_uint_eq(functions_ended, 3);
	ck_assert_uint_eq(ended[0][0], 1);
	ck_assert_uint_eq(aborted, 1);
	ck_assert_uint_eq(toy.resets, 1);
}
END_TEST

static void add_another(void)
{
	add(1, false);
}

/* Another task comes while the device is asked whether the first is quick. */
START_TEST(a_task_that_is_left_to_the_worker_is_the_next_one)
{
	toy.asked = add_another;
	make_set(false);
	add(0, true);
	ck_assert(is_ended_by_steps(0));
	ck_assert(is_ended_by_steps(1));
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
	bool worked = true;

	toy.quick = true;
	make_set(false);
	device_set_watch(toy.device, step_meanwhile, &worked);
	add(0, true);
	ck_assert(!worked);
	ck_assert_uint_eq(ended[0][0], 1);
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
	atomic_uint tag = 0;

	toy.quick = true;
	make_set(true);
	device_set_watch(toy.device, add_the_next, &tag);
	for (uint32_t i = 0; i < PAIRS * 2; i += 2) {
		tag = i;
		add(i, true);
		wait_for(i + 1);
		ck_assert_uint_eq(ended[0][i], 1);
	}
}
END_TEST

/*
 * A task that waited for the data of the one before it begins when that one is
 * aborted.  The worker slept on: until another command came, it did not begin.
 */
START_TEST(the_worker_takes_what_waited_for_an_aborted_task)
{
	const struct iscsi_abort first = { .one = true, .tag = 1 };

	make_set(true);
	ck_assert(try_add(1, false, false));
	add(2, _i);
	let_worker_sleep();
	ck_assert_uint_eq(ended[0][2], 0);
	ck_assert_uint_eq(iscsi_task_set_abort(shared, &first, NULL), 1);
	wait_for(2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi task set");
	TCase *tc = tcase_create("iscsi task set");

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, each_task_of_several_threads_ends_once);
	tcase_add_test(tc, a_quick_task_waits_for_those_before_it);
	tcase_add_test(tc, a_task_that_is_not_quick_is_left_to_the_worker);
	tcase_add_test(tc, the_worker_awakes_for_a_task_that_is_not_quick);
	tcase_add_loop_test(tc,
	    a_task_that_is_aborted_while_it_is_asked_is_not_executed, 0, 2);
	tcase_add_test(tc, a_function_ends_when_the_device_returns);
	tcase_add_test(tc, a_task_that_is_left_to_the_worker_is_the_next_one);
	tcase_add_test(tc,
	    a_quick_task_is_ended_by_the_thread_that_executes_it);
	tcase_add_test(tc, the_worker_takes_what_comes_during_a_quick_task);
	tcase_add_loop_test(tc,
	    the_worker_takes_what_waited_for_an_aborted_task, 0, 2);
	return run_suite(suite);
}
