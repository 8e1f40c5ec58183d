/*
 * check_serve_pace.c: a served library that takes its time: the robot and the
 * drive, for initiators and for other commands.
 */
#include <check.h>
#include <jansson.h>
#include <stdio.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

#define SECOND    INT64_C(1000000000)
#define HANG_NS   (300 * SECOND)
#define WRITE_512 "0a 00 00 02 00 00"
#define REWIND    "01 00 00 00 00 00"

static struct served s;

static int64_t fake_ns;

static int64_t fake_now_ns(void *arg)
{
	(void)arg;
	return fake_ns;
}

START_TEST(a_paced_drive_becomes_ready_in_time)
{
	static const struct pace_clock clock = { .now_ns = fake_now_ns };

	on_disk_make(NULL);
	fake_ns = 5;
	served_open(&s, &clock);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	/* The robot needs its time, and then the drive. */
	ck_assert_int_ge(s.answer.done_ns, INT64_C(1000000000));
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	fake_ns += s.answer.done_ns;
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/04/01");
	fake_ns += INT64_C(600000000000);
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_end(&s);
}
END_TEST

/* Returns the time that the answer to a move says, in seconds. */
static double move_by_command(unsigned from, unsigned to)
{
	char request[80];
	json_t *answer;
	double wait_s;

	snprintf(request, sizeof request,
	    "{\"do\": \"move\", \"from\": %u, \"to\": %u}", from, to);
	answer = json_loads(served_ask(request), 0, NULL);
	ck_assert_ptr_nonnull(answer);
	wait_s =
	    (double)json_integer_value(json_object_get(answer, "wait_ns")) /
	    1e9;
	json_decref(answer);
	return wait_s;
}

/* The robot takes its time for a command as for an initiator. */
START_TEST(a_command_is_told_how_long_a_paced_robot_moves)
{
	static const struct pace_clock clock = { .now_ns = fake_now_ns };
	double first;

	on_disk_make(NULL);
	fake_ns = 5;
	served_open(&s, &clock);
	first = move_by_command(1024, 256);
	ck_assert_double_gt(first, 0.9);
	/* The robot begins the second move after the first one. */
	ck_assert_double_eq_tol(move_by_command(1025, 257), 2 * first, 1e-6);
	fake_ns += (int64_t)(2e9 * first) + 1;
	ck_assert_double_eq_tol(move_by_command(1026, 1029), first, 1e-6);
	served_end(&s);
}
END_TEST

/* The drive hangs in a WRITE, which is aborted after a second. */
static void hang_and_abort(void)
{
	struct unit_clocks *clocks = serve_clocks(s.serve);
	const int64_t begun_ns = s.answer.done_ns;

	served_do(&s, 0, SERVED_DRIVE_0, WRITE_512, 512);
	ck_assert_int_gt(s.answer.done_ns - begun_ns, HANG_NS - SECOND);
	fake_ns += SECOND;
	unit_clock_skip(clocks, SERVED_DRIVE_0);
}

/* The drive has loaded what the robot has brought it, and is ready. */
static void load_drive(void)
{
	fake_ns += (int64_t)(1e9 * move_by_command(1024, 256)) + 60 * SECOND;
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
}

/*
 * Expected: what is skipped of an aborted command costs no time later.
 * Bug: each move out of this drive took it again.
 */
START_TEST(an_aborted_hang_makes_no_later_move_longer)
{
	static const struct pace_clock clock = { .now_ns = fake_now_ns };
	const struct changer_drive_fault hang = { .drive = 0,
		.fault = { .nth = 1,
		    .op = DRIVE_WRITE,
		    .once = true,
		    .mode = DRIVE_FAULT_HANG,
		    .duration_ns = HANG_NS } };
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c;
	double before;

	on_disk_make(NULL);
	fake_ns = 5;
	served_open(&s, &clock);
	load_drive();
	before = move_by_command(256, 1024);
	fake_ns += (int64_t)(1e9 * before) + 60 * SECOND;
	load_drive();
	c = changer_open(scratch_path("lib"), "a test", false, false, message);
	ck_assert_msg(c != NULL, "%s", message);
	ck_assert_int_eq(changer_add_drive_fault(c, &hang), CHANGER_OK);
	changer_close(c);
	served_ask("{\"do\": \"changed\"}");
	hang_and_abort();
	served_good(&s, SERVED_DRIVE_0, REWIND, 0);
	for (int i = 0; i < 2; i++) {
		fake_ns += 120 * SECOND;
		ck_assert_double_eq_tol(move_by_command(256, 1024), before,
		    1e-3);
		fake_ns += 120 * SECOND;
		load_drive();
	}
	served_end(&s);
}
END_TEST

START_TEST(without_pace_a_command_does_not_wait)
{
	served_make(&s);
	ck_assert_double_eq(move_by_command(1024, 256), 0);
	served_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve_pace");
	TCase *t = tcase_create("serve_pace");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, a_paced_drive_becomes_ready_in_time);
	tcase_add_test(t, a_command_is_told_how_long_a_paced_robot_moves);
	tcase_add_test(t, an_aborted_hang_makes_no_later_move_longer);
	tcase_add_test(t, without_pace_a_command_does_not_wait);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
