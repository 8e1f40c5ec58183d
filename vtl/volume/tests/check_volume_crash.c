/*
 * check_volume_crash.c: whatever happens to the process or to the disk, a
 * volume can be opened, and has everything that was synchronised.
 *
 * A writer reports through a pipe, after each synchronised filemark, how many
 * files are safe.  It is killed some time after a few reports; a seed gives
 * both.
 *
 * KILL_TIMES=N kills N times as often.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"

enum { BLOCK = 16 << 10, FILES = 100000, M = 1 << 20, KILLS = 4 };

static void tell(void *arg, uint64_t files)
{
	if (write(*(int *)arg, &files, sizeof files) != sizeof files)
		_exit(3);
}

/* Returns the last of at most `count` numbers from the pipe, or `none`. */
static uint64_t last_report(int fd, uint64_t count, uint64_t none)
{
	uint64_t n = none;

	while (count-- > 0 && read(fd, &n, sizeof n) == (ssize_t)sizeof n)
		;
	return n;
}

/*
 * Opens the volume and writes after its last filemark, like a drive that
 * appends.
 */
static void writer(bool durable, uint64_t files, int report)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;
	struct volume_position place;

	volume = volume_open(scratch_path("v"), durable, message);
	if (volume == NULL || volume_find_file(volume, files, &place) != 1 ||
	    volume_cut(volume, &place) != 0)
		_exit(1);
	_exit(scratch_write_files(volume, BLOCK, files, FILES, tell, &report) ==
		    0
		? 0
		: 2);
}

/* Kills the writers of one volume repeatedly. */
START_TEST(a_killed_writer_loses_nothing_synchronised)
{
	const struct volume_spec spec = scratch_spec(_i / 2 % 3);
	const bool durable = _i % 2;
	uint64_t seed = (uint64_t)_i, safe = 0;
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_position end;
	int fds[2], status;
	pid_t pid;

	scratch_close(volume);
	for (int i = 0; i < KILLS; i++) {
		ck_assert_int_eq(pipe(fds), 0);
		if ((pid = fork()) == 0)
			writer(durable, safe, fds[1]);
		close(fds[1]);
		safe = last_report(fds[0], scratch_random(&seed) % 4, safe);
		usleep((useconds_t)(scratch_random(&seed) % 10000));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
		safe = last_report(fds[0], UINT64_MAX, safe);
		close(fds[0]);
		volume = scratch_open("v");
		scratch_check_files(volume, BLOCK, safe);
		volume_end(volume, &end);
		safe = end.file;
		scratch_close(volume);
	}
	ck_assert_uint_gt(safe, 0);
}
END_TEST

/* Writes until the disk is full, then reports it; the volume stays usable. */
static void filler(uint64_t room_bytes, int report)
{
	const struct rlimit limit = { room_bytes, room_bytes };
	struct volume *volume = scratch_open("v");
	struct volume_position end;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
	    scratch_write_files(volume, BLOCK, 0, FILES, tell, &report) == 0)
		_exit(1);
	if (strstr(volume_message(volume), "cannot ") == NULL ||
	    strstr(volume_message(volume), scratch_path("v")) == NULL)
		_exit(2);
	volume_end(volume, &end);
	scratch_check_files(volume, BLOCK, end.file);
	_exit(0);
}

START_TEST(a_full_disk_loses_nothing_synchronised)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	const uint64_t room = ((uint64_t)_i + 3) * 777777;
	uint64_t safe;
	struct volume *volume;
	int fds[2], status;
	pid_t pid;

	scratch_close(scratch_volume("v", &spec));
	ck_assert_int_eq(pipe(fds), 0);
	if ((pid = fork()) == 0)
		filler(room, fds[1]);
	close(fds[1]);
	safe = last_report(fds[0], UINT64_MAX, 0);
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	volume = scratch_open("v");
	scratch_check_files(volume, BLOCK, safe);
	scratch_append(volume, BLOCK, BLOCK, 1, 0);
	scratch_close(volume);
}
END_TEST

/* Without a filemark, stored data is safe after each 64 MiB. */
START_TEST(at_most_64_mib_are_not_safe)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume;
	struct volume_position end;
	pid_t pid;

	scratch_close(scratch_volume("v", &spec));
	if ((pid = fork()) == 0) {
		volume = scratch_open("v");
		for (uint64_t at = 0; at < 70 * M; at += M)
			scratch_append(volume, M, BLOCK, 1, at);
		raise(SIGKILL);
	}
	waitpid(pid, NULL, 0);
	volume = scratch_open("v");
	volume_end(volume, &end);
	ck_assert_uint_eq(end.byte, 64 * M);
	scratch_close(volume);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_crash");
	TCase *t = tcase_create("volume_crash");
	const char *times = getenv("KILL_TIMES");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_killed_writer_loses_nothing_synchronised, 0,
	    6 * (times != NULL ? atoi(times) : 1));
	tcase_add_loop_test(t, a_full_disk_loses_nothing_synchronised, 0, 12);
	tcase_add_test(t, at_most_64_mib_are_not_safe);
	return run_suite(s);
}
