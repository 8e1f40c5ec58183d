/*
 * check_snapshot.c: snapshots, restores and clones of a library; and the same
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
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/files.h"
#include "vtl/changer/identity.h"
#include "vtl/changer/snapshot.h"
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

static struct changer *open_library(const char *name)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c =
	    changer_open(scratch_path(name), "a test", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

static void expect(struct changer *c, enum changer_status status,
    enum changer_status want)
{
	ck_assert_msg(status == want, "status %d: %s", (int)status,
	    changer_message(c));
}

/* Appends what a query returns, column by column, to the text. */
static void add_query(char *text, size_t bytes, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	size_t n = strlen(text);

	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const char *value =
			    (const char *)sqlite3_column_text(stmt, i);

			n += (size_t)snprintf(text + n, bytes - n, "%s ",
			    value != NULL ? value : "-");
		}
	}
	sqlite3_finalize(stmt);
	ck_assert_uint_lt(n, bytes);
}

/* Describes a library: its rows, except clients, and its volumes' bytes. */
static void describe(const char *library, char *text, size_t bytes)
{
	char path[64], file[64];
	sqlite3_stmt *stmt;
	sqlite3 *db;
	size_t n;

	text[0] = '\0';
	snprintf(path, sizeof path, "%s/library.db", library);
	ck_assert_int_eq(sqlite3_open(scratch_path(path), &db), SQLITE_OK);
	add_query(text, bytes, db, "select move_ns, moves from library");
	add_query(text, bytes, db,
	    "select address, number, model, by_hand, loads, serial, naa"
	    " from elements order by address");
	add_query(text, bytes, db, "select * from cartridges order by id");
	add_query(text, bytes, db, "select mode, move from robot_faults");
	ck_assert_int_eq(sqlite3_prepare_v2(db,
			     "select file from cartridges where file is not "
			     "null order by file",
			     -1, &stmt, NULL),
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		snprintf(file, sizeof file, "%s/%s", library,
		    (const char *)sqlite3_column_text(stmt, 0));
		n = strlen(text);
		snprintf(text + n, bytes - n, "%lx ",
		    (unsigned long)scratch_sum(file));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

enum { TEXT = 16384 };

static void write_volume(const char *file, uint64_t blocks)
{
	struct volume *volume = scratch_open(file);

	ck_assert_int_eq(scratch_append(volume, blocks * 512, 512, 1, 0), 0);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	scratch_close(volume);
}

/* Changes everything that a library has. */
static void change(void)
{
	const struct changer_cartridge new = { .barcode = "NEW001L8",
		.file = "NEW001L8.tape" };
	const struct changer_fault fault = { .nth = 3, .once = true };
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct changer *c = open_library("lib");

	write_volume("lib/VTA002L8.tape", 9);
	strcpy(spec.barcode, "NEW001L8");
	scratch_close(scratch_volume("lib/NEW001L8.tape", &spec));
	expect(c, changer_import(c, CHANGER_SLOT_ADDRESS + 5, &new),
	    CHANGER_OK);
	expect(c, changer_move(c, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	expect(c, changer_add_fault(c, &fault), CHANGER_OK);
	changer_close(c);
}

/* Makes a library, and its snapshot "a". */
static void setup(void)
{
	struct changer *c;

	then = NOTHING;
	scratch_setup();
	on_disk_make(NULL);
	write_volume("lib/VTA001L8.tape", 3);
	c = open_library("lib");
	expect(c, changer_take_snapshot(c, "a", false), CHANGER_OK);
	changer_close(c);
}

static void note_loss(void *arg, const char *barcode, enum changer_loss loss)
{
	char *text = arg;

	sprintf(text + strlen(text), "%s%s ", barcode,
	    loss == CHANGER_LOSS_VOLUME ? "!" : "");
}

START_TEST(a_restore_makes_the_library_what_it_was)
{
	static char before[TEXT], changed[TEXT], after[TEXT];
	char losses[256] = "";
	struct changer *c = open_library("lib");

	expect(c, changer_compare_snapshot(c, "a", note_loss, losses),
	    CHANGER_OK);
	ck_assert_str_eq(losses, "");
	changer_close(c);
	describe("lib", before, TEXT);
	change();
	describe("lib", changed, TEXT);
	ck_assert_str_ne(before, changed);
	c = open_library("lib");
	expect(c, changer_compare_snapshot(c, "a", note_loss, losses),
	    CHANGER_OK);
	ck_assert_str_eq(losses, "NEW001L8! VTA002L8 ");
	/* A snapshot can be restored again and again. */
	for (int i = 0; i < 2; i++) {
		expect(c, changer_restore_snapshot(c, "a", i == 1), CHANGER_OK);
		describe("lib", after, TEXT);
		ck_assert_str_eq(before, after);
		ck_assert_int_ne(access(scratch_path("lib/NEW001L8.tape"),
				     F_OK),
		    0);
		ck_assert_int_ne(access(scratch_path("lib/restore.pending"),
				     F_OK),
		    0);
		ck_assert_int_ne(access(scratch_path("lib/restore.done"), F_OK),
		    0);
	}
	losses[0] = '\0';
	expect(c, changer_compare_snapshot(c, "a", note_loss, losses),
	    CHANGER_OK);
	ck_assert_str_eq(losses, "");
	/* The library works as before. */
	expect(c, changer_move(c, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(snapshots_are_listed_and_removed)
{
	struct changer *c = open_library("lib");
	struct changer_snapshot *list;
	size_t count;

	expect(c, changer_take_snapshot(c, "b.1", true), CHANGER_OK);
	expect(c, changer_list_snapshots(c, &list, &count), CHANGER_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(list[0].name, "a");
	ck_assert_str_eq(list[1].name, "b.1");
	ck_assert_uint_eq(list[1].volumes, ON_DISK_VOLUMES);
	ck_assert_int_gt(list[1].time_s, 0);
	free(list);
	expect(c, changer_remove_snapshot(c, "a"), CHANGER_OK);
	expect(c, changer_remove_snapshot(c, "a"), CHANGER_REFUSED);
	expect(c, changer_list_snapshots(c, &list, &count), CHANGER_OK);
	ck_assert_uint_eq(count, 1);
	free(list);
	changer_close(c);
}
END_TEST

START_TEST(bad_names_are_refused)
{
	/* one character more than a name may have */
	static const char longer[] = "0123456789012345678901234567890123456789"
				     "0123456789012345678901234";
	static const char *const names[] = { "", ".", "..", ".new", "-a", "a/b",
		"a b", "a\n", longer };
	struct changer *c = open_library("lib");

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		expect(c, changer_take_snapshot(c, names[i], false),
		    CHANGER_REFUSED);
		expect(c, changer_restore_snapshot(c, names[i], false),
		    CHANGER_REFUSED);
		expect(c, changer_remove_snapshot(c, names[i]),
		    CHANGER_REFUSED);
	}
	expect(c, changer_take_snapshot(c, "a", false), CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c),
	    "has a snapshot a already"));
	expect(c, changer_restore_snapshot(c, "b", false), CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "has no snapshot b"));
	changer_close(c);
}
END_TEST

START_TEST(what_another_client_uses_is_refused)
{
	const struct changer_request want = { .barcode = "VTA001L8",
		.drive = -1 };
	struct changer *c = open_library("lib"), *other = open_library("lib");
	struct changer_acquired taken;
	unsigned moves;

	expect(other, changer_acquire(other, &want, &taken), CHANGER_OK);
	free(taken.file);
	expect(c, changer_take_snapshot(c, "b", false), CHANGER_IN_USE);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "drive 0 is in use"));
	expect(c, changer_clone(c, scratch_path("new"), false), CHANGER_IN_USE);
	expect(c, changer_restore_snapshot(c, "a", false), CHANGER_IN_USE);
	/* Its empty drive can be copied, but not replaced. */
	expect(other, changer_release(other, taken.drive, &moves), CHANGER_OK);
	expect(c, changer_take_snapshot(c, "b", false), CHANGER_OK);
	expect(c, changer_restore_snapshot(c, "a", false), CHANGER_IN_USE);
	changer_close(other);
	expect(c, changer_restore_snapshot(c, "b", false), CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(an_open_volume_is_refused)
{
	struct changer *c = open_library("lib");
	struct volume *volume = scratch_open("lib/VTA003L8.tape");

	expect(c, changer_take_snapshot(c, "b", false), CHANGER_IN_USE);
	expect(c, changer_restore_snapshot(c, "a", false), CHANGER_IN_USE);
	expect(c, changer_clone(c, scratch_path("new"), false), CHANGER_IN_USE);
	ck_assert_int_ne(access(scratch_path("new"), F_OK), 0);
	scratch_close(volume);
	expect(c, changer_take_snapshot(c, "b", false), CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(a_restore_leaves_the_client_its_drives)
{
	struct changer_element *list;
	struct changer *c = open_library("lib");
	size_t count;
	int own = 0;

	expect(c, changer_take_drives(c), CHANGER_OK);
	expect(c, changer_restore_snapshot(c, "a", false), CHANGER_OK);
	expect(c, changer_list(c, &list, &count), CHANGER_OK);
	for (size_t i = 0; i < count; i++)
		own += list[i].client.id != 0 &&
		    list[i].client.id == changer_client_id(c);
	ck_assert_int_eq(own, ON_DISK_DRIVES);
	free(list);
	expect(c, changer_move(c, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	/* Its client is no part of a snapshot. */
	expect(c, changer_take_snapshot(c, "b", false), CHANGER_OK);
	changer_close(c);
	ck_assert_int_eq(scratch_query("lib/snapshots/b/library.db",
			     "select count(*) from clients"),
	    0);
	ck_assert_int_eq(scratch_query("lib/snapshots/b/library.db",
			     "select count(client) from elements"),
	    0);
}
END_TEST

START_TEST(a_clone_is_a_library_with_other_numbers)
{
	struct changer_identity one, other;
	struct changer *c = open_library("lib"), *d;

	expect(c, changer_clone(c, scratch_path("new"), true), CHANGER_OK);
	d = open_library("new");
	for (unsigned i = 0; i < ON_DISK_DRIVES; i++) {
		changer_get_identity(c, CHANGER_DRIVE_ADDRESS + i, &one);
		changer_get_identity(d, CHANGER_DRIVE_ADDRESS + i, &other);
		ck_assert_str_ne(one.serial, other.serial);
		ck_assert_uint_ne(one.naa, other.naa);
	}
	ck_assert_uint_eq(scratch_sum("lib/VTA001L8.tape"),
	    scratch_sum("new/VTA001L8.tape"));
	ck_assert_int_ne(access(scratch_path("new/snapshots"), F_OK), 0);
	expect(d, changer_move(d, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	changer_close(d);
	expect(c, changer_clone(c, scratch_path("new"), false),
	    CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "exists already"));
	expect(c, changer_clone(c, scratch_path("no/where"), false),
	    CHANGER_ERROR);
	changer_close(c);
}
END_TEST

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
	changer_close(open_library("lib"));
}

START_TEST(an_interrupted_restore_is_complete_or_undone)
{
	static char before[TEXT], changed[TEXT], after[TEXT];
	const int what = _i == 0 ? KILL : FAIL;
	int rc, restored = 0, kept = 0;
	long n = 0;

	describe("lib", before, TEXT);
	change();
	describe("lib", changed, TEXT);
	copy_folder("lib", "base");
	do {
		n++;
		copy_folder("base", "lib");
		rc = work_in_child(RESTORE, what, n);
		ck_assert_int_ne(rc, 2);
		open_and_close();
		describe("lib", after, TEXT);
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
		describe("lib", after, TEXT);
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
	static char before[TEXT], after[TEXT];
	const enum work work = _i / 2 == 0 ? TAKE : CLONE;
	const char *copy = work == TAKE ? "lib/snapshots/b" : "new";
	const int what = _i % 2 == 0 ? KILL : FAIL;
	long n = 0;
	bool is_there;
	int rc;

	describe("lib", before, TEXT);
	do {
		rc = work_in_child(work, what, ++n);
		ck_assert_int_ne(rc, 2);
		open_and_close();
		describe("lib", after, TEXT);
		ck_assert_str_eq(before, after);
		is_there = access(scratch_path(copy), F_OK) == 0;
		ck_assert(rc == -1 || is_there == (rc % 10 == 0));
		if (!is_there)
			continue;
		check_volumes(copy);
		changer_close(open_library(copy));
		ck_assert_int_eq(files_remove(scratch_path(copy)), 0);
	} while (rc < 10);
	ck_assert_int_gt(n, 5);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("snapshot");
	TCase *t = tcase_create("snapshot");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, a_restore_makes_the_library_what_it_was);
	tcase_add_test(t, snapshots_are_listed_and_removed);
	tcase_add_test(t, bad_names_are_refused);
	tcase_add_test(t, what_another_client_uses_is_refused);
	tcase_add_test(t, an_open_volume_is_refused);
	tcase_add_test(t, a_restore_leaves_the_client_its_drives);
	tcase_add_test(t, a_clone_is_a_library_with_other_numbers);
	tcase_add_loop_test(t, an_interrupted_restore_is_complete_or_undone, 0,
	    2);
	tcase_add_loop_test(t, an_interrupted_copy_is_complete_or_not_there, 0,
	    4);
	return run_suite(s);
}
