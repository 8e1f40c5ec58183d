/*
 * check_volume_in_use.c: only locks decide whether a volume is in use.
 */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/file_lock.h"
#include "vtl/tests/vtl_scratch.h"

static char message[VOLUME_MESSAGE_BYTES];

/*
 * Another process.  It is created before this process opens anything: SQLite
 * remembers the locks of its process, and a child inherits that.
 */
static struct {
	int ask, answer;
	pid_t pid;
} other;

static void be_other(int asked, int answer)
{
	struct volume *volume;
	char name, file[2] = "";

	while (read(asked, &name, 1) == 1) {
		file[0] = name;
		volume = volume_open(scratch_path(file), false, message);
		if (write(answer, volume != NULL ? "y" : "n", 1) != 1)
			break;
		if (volume != NULL)
			volume_close(volume, message);
	}
	_exit(0);
}

static void start_other(void)
{
	int ask[2], answer[2];

	ck_assert_int_eq(pipe2(ask, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(answer, O_CLOEXEC), 0);
	other.pid = fork();
	if (other.pid == 0) {
		close(ask[1]);
		be_other(ask[0], answer[1]);
	}
	other.ask = ask[1];
	other.answer = answer[0];
}

static void end_other(void)
{
	close(other.ask);
	waitpid(other.pid, NULL, 0);
}

/* Returns whether another process can open the volume. */
static bool others_may_open(const char *name)
{
	char answer = '\0';

	ck_assert_int_eq(write(other.ask, name, 1), 1);
	ck_assert_int_eq(read(other.answer, &answer, 1), 1);
	return answer == 'y';
}

START_TEST(a_volume_stays_in_use_when_another_descriptor_is_closed)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume;

	start_other();
	volume = scratch_volume("v", &spec);
	close(open(scratch_path("v"), O_RDONLY));
	ck_assert(!others_may_open("v"));
	ck_assert_ptr_null(volume_open(scratch_path("v"), false, message));
	ck_assert(!others_may_open("v"));
	scratch_close(volume);
	ck_assert(others_may_open("v"));
	end_other();
}
END_TEST

START_TEST(a_volume_in_use_cannot_be_opened_under_any_name)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct file_lock *lock;
	char from[256], to[256];

	start_other();
	lock = volume_close_locked(scratch_volume("v", &spec), message);
	ck_assert_ptr_nonnull(lock);
	ck_assert(!others_may_open("v"));
	snprintf(from, sizeof from, "%s", scratch_path("v"));
	snprintf(to, sizeof to, "%s", scratch_path("w"));
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert(!others_may_open("w"));
	file_lock_close(lock);
	ck_assert(others_may_open("w"));
	end_other();
}
END_TEST

/* Opens the volume, reports, and starts a child that outlives this process. */
static void open_and_fork(int said)
{
	scratch_open("v");
	if (fork() == 0) {
		if (write(said, &(pid_t){ getpid() }, sizeof(pid_t)) < 0)
			_exit(1);
		pause();
		_exit(1);
	}
	pause();
	_exit(1);
}

START_TEST(no_child_keeps_the_volume_of_a_killed_process)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	pid_t parent, child;
	int said[2];

	scratch_close(scratch_volume("v", &spec));
	start_other();
	ck_assert_int_eq(pipe(said), 0);
	parent = fork();
	if (parent == 0)
		open_and_fork(said[1]);
	ck_assert_int_eq(read(said[0], &child, sizeof child), sizeof child);
	ck_assert(!others_may_open("v"));
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	ck_assert(others_may_open("v"));
	kill(child, SIGKILL);
	end_other();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_in_use");
	TCase *t = tcase_create("volume_in_use");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t,
	    a_volume_stays_in_use_when_another_descriptor_is_closed);
	tcase_add_test(t, a_volume_in_use_cannot_be_opened_under_any_name);
	tcase_add_test(t, no_child_keeps_the_volume_of_a_killed_process);
	return run_suite(s);
}
