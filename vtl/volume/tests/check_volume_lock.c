/*
 * check_volume_lock.c: a volume can be open once, and the message for others
 * names the process.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"

enum { K = 1024, DUMP = 77, PAYLOADS = 3 };

START_TEST(an_open_volume_is_in_use)
{
	const struct volume_spec spec = scratch_spec(_i);
	struct volume *volume = scratch_volume("v", &spec);
	char message[VOLUME_MESSAGE_BYTES];

	ck_assert_ptr_null(volume_open(scratch_path("v"), false, message));
	ck_assert_msg(strstr(message, "in use by this program already: ") !=
		NULL,
	    "%s", message);
	scratch_append(volume, 4 * K, 4 * K, DUMP, 0);
	scratch_close(volume);
	scratch_close(scratch_open("v"));
}
END_TEST

START_TEST(a_volume_open_in_another_process_is_in_use)
{
	const struct volume_spec spec = scratch_spec(_i);
	char message[VOLUME_MESSAGE_BYTES], who[80];
	int ready[2];
	pid_t pid;
	char c;

	scratch_close(scratch_volume("v", &spec));
	ck_assert_int_eq(pipe(ready), 0);
	if ((pid = fork()) == 0) {
		scratch_open("v");
		_exit(write(ready[1], "", 1) == 1 && pause());
	}
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_null(volume_open(scratch_path("v"), false,
		    message));
		snprintf(who, sizeof who,
		    "in use by process %ld (%.15s): ", (long)pid,
		    "check_volume_lock");
		ck_assert_msg(strstr(message, who) != NULL, "%s", message);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	scratch_close(scratch_open("v"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_who");
	TCase *t = tcase_create("volume_who");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, an_open_volume_is_in_use, 0, PAYLOADS);
	tcase_add_loop_test(t, a_volume_open_in_another_process_is_in_use, 0,
	    PAYLOADS);
	return run_suite(s);
}
