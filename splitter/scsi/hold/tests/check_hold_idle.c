/*
 * check_hold_idle.c: a drive that still executes a command of a program that was
 * killed.
 */
#include <check.h>
#include <string.h>

#include "splitter/scsi/hold/tests/hold_stage.h"
#include "splitter/scsi/node/tests/fake_sysfs.h"
#include "splitter/tests/run_suite.h"

#define SECOND_NS INT64_C(1000000000)

static struct fake_sysfs fake;

static void setup(void)
{
	held_setup();
	fake_sysfs_make(&fake);
}

static void teardown(void)
{
	fake_sysfs_remove(&fake);
	held_teardown();
}

static unsigned count_of(const char *text, const char *part)
{
	unsigned count = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		count++;
	return count;
}

/* The list of the sg driver, and the drive, busy for as long as `s`. */
static void leave_running(int64_t s)
{
	fake_sysfs_write(&fake, "proc/scsi/sg/debug",
	    " >>> device=sg3 2:0:0:1   em=0 sg_tablesize=1 excl=1\n"
	    "     act: id=7 blen=0 t_o/elap=1680000/200310ms sgat=0 op=0x10\n");
	held_options.system = &fake.system;
	held_options.ready_wait_ns = 150 * SECOND_NS;
	served_port_busy_until(held_port,
	    served_library_now_ns(held_library) + s * SECOND_NS);
	held_notices[0] = '\0';
}

/*
 * Expected: the wait has an end, and says what the drive executes, since when,
 * and what to do.  Bug: it waited for 14,000 s, without a message.
 */
START_TEST(a_command_that_never_ends_is_named)
{
	const bool recovers = _i == 1;
	unsigned sent = served_port_count(held_port, -1);

	leave_running(100000);
	if (recovers)
		ck_assert(!scsi_hold_recover(&held_unit, &held_options,
		    held_err, sizeof held_err));
	else
		held_refuse("Write filemarks(6)");
	ck_assert_msg(
	    strstr(held_err,
		"the drive still executes Write filemarks(6) (10h), "
		"which a program that has ended sent 200 s ago: "
		"nothing can be done before it ends; try again later, "
		"and if it never ends, switch the drive off and "
		"on") != NULL,
	    "%s", held_err);
	ck_assert_msg(strstr(held_notices,
			  "sent 200 s ago: waiting at most 3 min\n") != NULL,
	    "%s", held_notices);
	/* After 5, 60 and 120 s. */
	ck_assert_uint_eq(count_of(held_notices, "waiting at most 3 min"), 3);
	/* No other command was sent. */
	ck_assert_uint_eq(served_port_count(held_port, -1), sent + 1);
}
END_TEST

/* It was sent just before the first command of this program. */
START_TEST(a_command_that_is_hardly_older_is_named)
{
	leave_running(20);
	fake_sysfs_write(&fake, "proc/scsi/sg/debug",
	    " >>> device=sg3 2:0:0:1   em=0 sg_tablesize=1 excl=1\n"
	    "     act: id=7 blen=0 t_o/elap=1680000/5010ms sgat=0 op=0x01\n"
	    "     act: id=7 blen=0 t_o/elap=14000000/5000ms sgat=0 op=0x00\n");
	held_end(held_begin());
	ck_assert_msg(strstr(held_notices,
			  "still executes Rewind (01h), which "
			  "a program that has ended sent 5 s "
			  "ago: waiting") != NULL,
	    "%s", held_notices);
}
END_TEST

START_TEST(a_command_that_ends_is_waited_for)
{
	leave_running(20);
	held_end(held_begin());
	ck_assert_uint_eq(count_of(held_notices, "waiting at most 3 min"), 1);
	ck_assert_msg(strstr(held_notices,
			  "waited 20 s for a command that an earlier program "
			  "left running") != NULL,
	    "%s", held_notices);
}
END_TEST

/* The list has only the command of this wait. */
START_TEST(a_command_of_another_host_cannot_be_named)
{
	leave_running(20);
	fake_sysfs_write(&fake, "proc/scsi/sg/debug",
	    " >>> device=sg3 2:0:0:1   em=0 sg_tablesize=1 excl=1\n"
	    "     act: id=7 blen=0 t_o/elap=14000000/5010ms sgat=0 op=0x00\n");
	held_end(held_begin());
	ck_assert_msg(strstr(held_notices,
			  "the drive has not answered for 5 s: which command "
			  "it executes is not known: waiting at most 3 min") !=
		NULL,
	    "%s", held_notices);
}
END_TEST

/* The drive answers BUSY to each command. */
static void answer_busy(bool for_good, unsigned times)
{
	const struct served_instead busy = { .opcode = 0x00,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_BUSY,
		.for_good = for_good };

	for (unsigned i = 0; i < times; i++)
		served_port_instead(held_port, &busy);
	held_options.ready_wait_ns = 10 * SECOND_NS;
	held_notices[0] = '\0';
}

/*
 * Expected: a busy drive is waited for no longer than any other.  Bug: a minute
 * or two longer.
 */
START_TEST(a_drive_that_stays_busy_is_refused_in_time)
{
	int64_t begun_ns = served_library_now_ns(held_library);

	answer_busy(true, 1);
	held_refuse("the drive has answered for 10 s only that it is busy: "
		    "nothing can be done before it ends; try again later");
	ck_assert_int_lt(served_library_now_ns(held_library) - begun_ns,
	    11 * SECOND_NS);
	ck_assert_uint_eq(count_of(held_notices, "waiting at most 1 min"), 1);
}
END_TEST

START_TEST(a_drive_that_was_busy_is_held)
{
	answer_busy(false, 6);
	held_end(held_begin());
	ck_assert_uint_eq(count_of(held_notices, "only that it is busy"), 1);
}
END_TEST

START_TEST(a_signal_ends_the_wait_for_a_busy_drive)
{
	answer_busy(true, 1);
	served_port_end_sleeps(held_port);
	held_refuse("only that it is busy (interrupted): nothing can be done");
}
END_TEST

/* Busy for 6 s, then not ready: the wait for both ends after 10 s. */
START_TEST(both_waits_together_end_in_time)
{
	const struct served_instead loading = { .opcode = 0x00,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 1 },
		.sense_bytes = 18,
		.for_good = true };
	int64_t begun_ns = served_library_now_ns(held_library);

	answer_busy(false, 6);
	served_port_instead(held_port, &loading);
	held_refuse("the drive does not become ready");
	ck_assert_int_lt(served_library_now_ns(held_library) - begun_ns,
	    12 * SECOND_NS);
}
END_TEST

START_TEST(a_signal_ends_the_wait_for_a_command)
{
	leave_running(100000);
	served_port_end_sleeps(held_port);
	held_refuse("sent 200 s ago (interrupted): nothing can be done");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hold_idle");
	TCase *t = tcase_create("hold_idle");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_command_that_never_ends_is_named, 0, 2);
	tcase_add_test(t, a_command_that_is_hardly_older_is_named);
	tcase_add_test(t, a_command_that_ends_is_waited_for);
	tcase_add_test(t, a_command_of_another_host_cannot_be_named);
	tcase_add_test(t, a_drive_that_stays_busy_is_refused_in_time);
	tcase_add_test(t, a_drive_that_was_busy_is_held);
	tcase_add_test(t, a_signal_ends_the_wait_for_a_busy_drive);
	tcase_add_test(t, both_waits_together_end_in_time);
	tcase_add_test(t, a_signal_ends_the_wait_for_a_command);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
