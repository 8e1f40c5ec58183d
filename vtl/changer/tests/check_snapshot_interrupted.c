/*
 * check_snapshot_interrupted.c: snapshots, restores and clones of a library,
 * with the process killed, or an operation on the disk failed, at each step in
 * turn: each is complete or not there.
 *
 * The functions of the system that this file defines take the place of the
 * library's: they count, kill the process, or fail.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/files.h"
#include "vtl/changer/snapshot.h"
#include "vtl/changer/tests/snapshot_rig.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

enum { NOTHING, KILL, FAIL };

static long countdown;
static int then;

/* Counts an operation.  Returns whether it fails. */
static bool strikes(void)
{
	if (then == NOTHING || --countdown != 0)
		return false;
	if (then == KILL)
		kill(getpid(), SIGKILL);
	errno = ENOSPC;
	return true;
}

int rename(const char *from, const char *to)
{
	return strikes()
	    ? -1
	    : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to,
    unsigned flags)
{
	return strikes()
	    ? -1
	    : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

int mkdir(const char *path, mode_t mode)
{
	return strikes() ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int fchmod(int fd, mode_t mode)
{
	return strikes() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

static void set_up(void)
{
	then = NOTHING;
	snapshot_setup();
}

enum work { TAKE, RESTORE, CLONE };

static enum changer_status do_work(struct changer *c, enum work work)
{
	switch (work) {
	case TAKE:
		return changer_take_snapshot(c, "b", false);
	case RESTORE:
		return changer_restore_snapshot(c, "a", false);
	default:
		return changer_clone(c, scratch_path("new"), false);
	}
}

/*
 * Does the work in a child process, whose operation number `n` kills it, or
 * fails.  Returns its exit status; -1: it was killed.
 */
static int work_in_child(enum work work, int what, long n)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		char message[VOLUME_MESSAGE_BYTES];
		struct changer *c = changer_open(scratch_path("lib"), "child",
		    false, false, message);

		if (c == NULL)
			_exit(2);
		countdown = n;
		then = what;
		status = do_work(c, work) == CHANGER_OK ? 0 : 1;
		/* It did not strike. */
		if (countdown > 0)
			status += 10;
		then = NOTHING;
		changer_close(c);
		_exit(status);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		ck_assert_int_eq(WTERMSIG(status), SIGKILL);
		return -1;
	}
	return WEXITSTATUS(status);
}

/* Two folders: copy_folder() copies one to the other. */
struct pair {
	const char *from, *to;
};

static void copy_folder(const char *from, const char *to);

static int copy_one(void *arg, const char *name)
{
	const struct pair *pair = arg;
	char from[128], to[128];
	struct stat st;

	snprintf(from, sizeof from, "%s/%s", pair->from, name);
	snprintf(to, sizeof to, "%s/%s", pair->to, name);
	ck_assert_int_eq(lstat(scratch_path(from), &st), 0);
	if (S_ISDIR(st.st_mode))
		copy_folder(from, to);
	else
		ck_assert_int_eq(files_copy(scratch_path(from),
				     scratch_path(to)),
		    0);
	return 0;
}

static void copy_folder(const char *from, const char *to)
{
	struct pair pair = { from, to };

	ck_assert_int_eq(files_remove(scratch_path(to)), 0);
	ck_assert_int_eq(mkdir(scratch_path(to), 0777), 0);
	ck_assert_int_eq(files_each(scratch_path(from), copy_one, &pair), 0);
}

/* Opens the library, which completes what a killed process has begun. */
static void open_and_close(void)
{
	changer_close(snapshot_open_library("lib"));
}

START_TEST(an_interrupted_restore_is_complete_or_undone)
{
	static char before[SNAPSHOT_TEXT], changed[SNAPSHOT_TEXT],
	    after[SNAPSHOT_TEXT];
	const int what = _i == 0 ? KILL : FAIL;
	int rc, restored = 0, kept = 0;
	long n = 0;

	snapshot_describe("lib", before, SNAPSHOT_TEXT);
	snapshot_change();
	snapshot_describe("lib", changed, SNAPSHOT_TEXT);
	copy_folder("lib", "base");
	do {
		n++;
		copy_folder("base", "lib");
		rc = work_in_child(RESTORE, what, n);
		ck_assert_int_ne(rc, 2);
		open_and_close();
		snapshot_describe("lib", after, SNAPSHOT_TEXT);
		if (strcmp(after, before) == 0)
			restored++;
		else if (strcmp(after, changed) == 0)
			kept++;
		else
			ck_abort_msg("operation %ld:\n%s\n%s\n%s", n, before,
			    changed, after);
		/* What a command says is so. */
		if (rc == 0 || rc == 10)
			ck_assert_str_eq(after, before);
		if (rc == 1)
			ck_assert_str_eq(after, changed);
		ck_assert_int_ne(access(scratch_path("lib/restore.pending"),
				     F_OK),
		    0);
		/* The snapshot can still be restored. */
		ck_assert_int_eq(work_in_child(RESTORE, NOTHING, 1), 10);
		snapshot_describe("lib", after, SNAPSHOT_TEXT);
		ck_assert_str_eq(after, before);
	} while (rc < 10);
	ck_assert_int_eq(rc, 10);
	ck_assert_int_gt(kept, 3);
	ck_assert_int_gt(restored, what == KILL ? 3 : 0);
}
END_TEST

/* Checks that the volumes of a copy are those of the library. */
static void check_volumes(const char *copy)
{
	char path[64], own[64];

	for (int i = 1; i <= ON_DISK_VOLUMES; i++) {
		snprintf(own, sizeof own, "lib/VTA00%dL8.tape", i);
		snprintf(path, sizeof path, "%s/VTA00%dL8.tape", copy, i);
		ck_assert_uint_ne(scratch_sum(own), 0);
		ck_assert_uint_eq(scratch_sum(path), scratch_sum(own));
	}
}

START_TEST(an_interrupted_copy_is_complete_or_not_there)
{
	static char before[SNAPSHOT_TEXT], after[SNAPSHOT_TEXT];
	const enum work work = _i / 2 == 0 ? TAKE : CLONE;
	const char *copy = work == TAKE ? "lib/snapshots/b" : "new";
	const int what = _i % 2 == 0 ? KILL : FAIL;
	long n = 0;
	bool is_there;
	int rc;

	snapshot_describe("lib", before, SNAPSHOT_TEXT);
	do {
		rc = work_in_child(work, what, ++n);
		ck_assert_int_ne(rc, 2);
		open_and_close();
		snapshot_describe("lib", after, SNAPSHOT_TEXT);
		ck_assert_str_eq(before, after);
		is_there = access(scratch_path(copy), F_OK) == 0;
		ck_assert(rc == -1 || is_there == (rc % 10 == 0));
		if (!is_there)
			continue;
		check_volumes(copy);
		changer_close(snapshot_open_library(copy));
		ck_assert_int_eq(files_remove(scratch_path(copy)), 0);
	} while (rc < 10);
	ck_assert_int_gt(n, 5);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("snapshot_interrupted");
	TCase *t = tcase_create("snapshot_interrupted");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, set_up, scratch_teardown);
	tcase_add_loop_test(t, an_interrupted_restore_is_complete_or_undone, 0,
	    2);
	tcase_add_loop_test(t, an_interrupted_copy_is_complete_or_not_there, 0,
	    4);
	return run_suite(s);
}
