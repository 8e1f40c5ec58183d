/* check_iscsi_preempt.c: PREEMPT AND ABORT ends the commands of others. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/task_set.h"
#include "vtl/scsi/device/tests/reservation_fixture.h"

static char ended[8]; /* tags of the tasks that ended, in this order */

struct test_task {
	struct iscsi_task task;
	bool answered;
};

static void done(struct iscsi_task *task, const struct device_answer *answer)
{
	size_t n = strlen(ended);

	ended[n] = (char)task->tag;
	ended[n + 1] = '\0';
	((struct test_task *)task)->answered = answer != NULL;
}

static void add(struct iscsi_task_set *set, struct test_task *test, char tag,
    unsigned nexus, uint8_t opcode, bool complete)
{
	memset(test, 0, sizeof *test);
	test->task.tag = (uint8_t)tag;
	test->task.done = done;
	test->task.command.nexus = nexus;
	test->task.command.cdb[0] = opcode;
	ck_assert(iscsi_task_set_add(set, &test->task, complete));
}

START_TEST(what_waits_of_a_preempted_nexus_is_ended)
{
	struct unit_clocks *clocks = unit_clocks_create(1, NULL, 1000);
	struct iscsi_task_set *set =
	    iscsi_task_set_create(on.device, clocks, 0, false);
	struct test_task p, w, x, c;
	uint8_t list[24] = { 0 };
	int64_t until_ns;

	ck_assert_str_eq(reservation_out(A, PR_REGISTER, 0, 0, 0xa1, 0),
	    "good");
	ck_assert_str_eq(reservation_out(B, PR_REGISTER, 0, 0, 0xb1, 0),
	    "good");
	ck_assert_str_eq(reservation_out(B, PR_RESERVE, 3, 0xb1, 0, 0), "good");
	add(set, &p, 'p', A, 0x5f, true);
	p.task.command.cdb[1] = PR_ABORT;
	p.task.command.cdb[2] = 3;
	p.task.command.cdb[8] = sizeof list;
	put_be64(list, 0xa1);
	put_be64(list + 8, 0xb1);
	p.task.command.out = list;
	p.task.command.out_bytes = p.task.command.expected = sizeof list;
	add(set, &w, 'w', B, 0x0a, true);
	add(set, &c, 'c', C, 0x00, true);
	/* One that waits for its data, too. */
	add(set, &x, 'x', B, 0x0a, false);
	while (iscsi_task_set_step(set, &until_ns))
		;
	ck_assert_str_eq(ended, "wxpc");
	ck_assert(p.answered && c.answered && !w.answered && !x.answered);
	ck_assert_str_eq(reservation_state(), "3: a1* type 3 a1");
	ck_assert_str_eq(SEND(B, 0), "6/2A/05");
	iscsi_task_set_free(set);
	unit_clocks_free(clocks);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_preempt");
	TCase *t = tcase_create("iscsi_preempt");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, reservation_setup, reservation_teardown);
	tcase_add_test(t, what_waits_of_a_preempted_nexus_is_ended);
	return run_suite(s);
}
