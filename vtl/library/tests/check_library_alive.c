/*
 * check_library_alive.c: only locks decide whether a library is in use.
 *
 * Expected: a client that cannot be seen (another PID name space, another host,
 * /proc with hidepid) keeps its drive and cartridge.  Bug: the client counted
 * as dead, and its cartridge was moved while it wrote.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

#define LIBRARY_DB "lib/library.db"

static struct tape_result r;
static char message[VOLUME_MESSAGE_BYTES];

static void setup(void)
{
	scratch_setup();
	on_disk_make(NULL);
}

static struct library *open_drive(int drive)
{
	const struct library_options options = { .program = "a test",
		.drive = drive };

	return on_disk_open(&options);
}

static struct tape *load(struct library *library)
{
	struct tape_library *tapes = library_tapes(library);

	return tapes->ops->load(tapes, 0, &r);
}

static struct changer *open_changer(void)
{
	struct changer *c =
	    changer_open(scratch_path("lib"), "by hand", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

/* Returns whether drive 0 is free for a library that is opened now. */
static bool is_free(void)
{
	struct library *library = open_drive(0);
	bool is = load(library) != NULL;

	library_free(library);
	return is;
}

START_TEST(a_client_lives_whatever_its_process_is_called)
{
	/*
	 * The pid does not exist, is another process, is on another host; the
	 * program has another name.
	 */
	static const char *const rows[] = {
		"update clients set pid = 4194305",
		"update clients set pid = 1",
		"update clients set host = 'far', pid = 4194305",
		"update clients set program = 'x'",
	};
	struct library *library = open_drive(0);
	struct tape *tape = load(library);
	struct tape_library *tapes = library_tapes(library);

	ck_assert_ptr_nonnull(tape);
	scratch_sql(LIBRARY_DB, rows[_i]);
	ck_assert(!is_free());
	ck_assert_msg(strstr(r.message, "in use by process") != NULL, "%s",
	    r.message);
	ck_assert_int_eq(strstr(r.message, "on host far") != NULL, _i == 2);
	tapes->ops->unload(tapes, tape, TAPE_CLOSE_GOOD, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	library_free(library);
	ck_assert(is_free());
}
END_TEST

START_TEST(a_client_without_its_lock_is_dead_even_if_its_process_exists)
{
	char sql[256];

	snprintf(sql, sizeof sql,
	    "insert into clients (id, pid, program, host) values (7, %ld, 'a "
	    "test', 'here'); update elements set client = 7, open = 1 where "
	    "address = 256; update cartridges set address = 256, "
	    "source_address = 1024 where address = 1024",
	    (long)getpid());
	scratch_sql(LIBRARY_DB, sql);
	ck_assert(is_free());
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select count(*) from cartridges where address = "
			     "1024"),
	    1);
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select count(*) from clients"),
	    0);
}
END_TEST

/* Loads a volume, starts a child, reports, and never ends. */
static void load_and_fork(int said, int never, bool executes)
{
	static const char *const argv[] = { "cat", NULL };
	bool loaded = load(open_drive(0)) != NULL;
	pid_t child = fork();

	if (child == 0 && executes) {
		dup2(never, STDIN_FILENO);
		execvp(argv[0], (char *const *)argv);
		_exit(1);
	}
	if (child == 0) {
		if (write(said, &(pid_t){ getpid() }, sizeof(pid_t)) < 0)
			_exit(1);
		pause();
		_exit(1);
	}
	if (executes && write(said, &child, sizeof child) < 0)
		_exit(1);
	if (!loaded)
		_exit(1);
	pause();
	_exit(1);
}

START_TEST(no_child_keeps_the_client_of_a_killed_process)
{
	int said[2], never[2];
	pid_t parent, child;

	ck_assert_int_eq(pipe2(said, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(never, O_CLOEXEC), 0);
	parent = fork();
	if (parent == 0)
		load_and_fork(said[1], never[0], _i == 1);
	ck_assert_int_eq(read(said[0], &child, sizeof child), sizeof child);
	ck_assert(!is_free());
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	if (_i == 1) /* wait until the child has executed the program */
		while (!is_free() && kill(child, 0) == 0)
			;
	ck_assert_int_eq(kill(child, 0), 0);
	ck_assert(is_free());
	kill(child, SIGKILL);
}
END_TEST

START_TEST(a_child_releases_nothing_of_its_parent)
{
	struct library *library = open_drive(0);
	int status;
	pid_t child;

	ck_assert_ptr_nonnull(load(library));
	child = fork();
	if (child == 0) {
		changer_close(library_changer(library));
		_exit(0);
	}
	waitpid(child, &status, 0);
	ck_assert(WIFEXITED(status));
	ck_assert(!is_free());
	library_free(library);
	ck_assert(is_free());
}
END_TEST

/* Leaves a client of an older tapelab, which has no lock, in drive 0. */
static void leave_old_session(void)
{
	scratch_sql(LIBRARY_DB,
	    "insert into clients (id, pid, program) values (7, 4194305, "
	    "'old'); update elements set client = 7, open = 1 where address = "
	    "256; update cartridges set address = 256, source_address = 1024 "
	    "where address = 1024");
	unlink(scratch_path("lib/library.lock"));
}

START_TEST(an_old_client_lives_until_it_is_forgotten)
{
	struct changer *c;

	leave_old_session();
	ck_assert(!is_free());
	ck_assert_msg(strstr(r.message, "--forget-client 7") != NULL, "%s",
	    r.message);
	c = open_changer();
	ck_assert_int_eq(changer_move(c, 256, 1024), CHANGER_REFUSED);
	ck_assert_int_eq(changer_forget_client(c, 8), CHANGER_REFUSED);
	ck_assert_int_eq(changer_forget_client(c, 7), CHANGER_OK);
	changer_close(c);
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select count(*) from cartridges where address = "
			     "1024"),
	    1);
	ck_assert(is_free());
}
END_TEST

START_TEST(an_old_client_lives_for_a_reader)
{
	struct changer_client *clients;
	struct changer *c;
	size_t count;

	leave_old_session();
	c = changer_open(scratch_path("lib"), "", true, false, message);
	ck_assert_int_eq(changer_list_clients(c, &clients, &count), CHANGER_OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(clients[0].id, 7);
	ck_assert(!clients[0].has_lock);
	free(clients);
	changer_close(c);
	ck_assert_int_ne(access(scratch_path("lib/library.lock"), F_OK), 0);
}
END_TEST

START_TEST(a_living_client_is_not_forgotten)
{
	struct library *library = open_drive(0);
	struct changer *c = open_changer();

	ck_assert_ptr_nonnull(load(library));
	ck_assert_int_eq(changer_forget_client(c, 1), CHANGER_REFUSED);
	ck_assert_msg(strstr(changer_message(c), "lives") != NULL, "%s",
	    changer_message(c));
	changer_close(c);
	ck_assert(!is_free());
	library_free(library);
}
END_TEST

START_TEST(without_the_lock_file_clients_live)
{
	struct library *library = open_drive(0);
	struct changer *c;

	ck_assert_ptr_nonnull(load(library));
	unlink(scratch_path("lib/library.lock"));
	ck_assert(!is_free());
	ck_assert_msg(strstr(r.message, "library.lock is missing") != NULL,
	    "%s", r.message);
	library_free(library);
	/* No process uses library.lock, so it is created again. */
	c = open_changer();
	changer_close(c);
	ck_assert(is_free());
}
END_TEST

START_TEST(a_lock_file_that_is_not_regular_is_refused)
{
	unlink(scratch_path("lib/library.lock"));
	if (_i == 0)
		ck_assert_int_eq(mkfifo(scratch_path("lib/library.lock"), 0600),
		    0);
	else
		ck_assert_int_eq(symlink("VTA001L8.tape",
				     scratch_path("lib/library.lock")),
		    0);
	ck_assert_ptr_null(changer_open(scratch_path("lib"), "", false, false,
	    message));
	ck_assert_msg(strstr(message, "not a regular file") != NULL, "%s",
	    message);
}
END_TEST

/* Makes the kernel return ENOLCK for each later lock. */
static void take_locks_away(int command)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)command, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOLCK),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = sizeof code / sizeof code[0],
		.filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(2);
}

/*
 * Checks that neither a library nor a volume can be opened without locks.
 * Returns 0, or the exit status for the child.
 */
static int use_without_locks(void)
{
	struct volume *volume;

	take_locks_away(F_OFD_SETLK);
	if (changer_open(scratch_path("lib"), "", false, false, message) !=
		NULL ||
	    strstr(message, "has no file locks") == NULL)
		return 3;
	volume = volume_open(scratch_path("lib/VTA001L8.tape"), false, message);
	return volume != NULL || strstr(message, "has no file locks") == NULL
	    ? 4
	    : 0;
}

START_TEST(a_file_system_without_locks_is_refused)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		status = use_without_locks();
		if (status != 0)
			fprintf(stderr, "%s\n", message);
		_exit(status);
	}
	waitpid(pid, &status, 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library_alive");
	TCase *t = tcase_create("library_alive");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_loop_test(t, a_client_lives_whatever_its_process_is_called, 0,
	    4);
	tcase_add_test(t,
	    a_client_without_its_lock_is_dead_even_if_its_process_exists);
	tcase_add_loop_test(t, no_child_keeps_the_client_of_a_killed_process, 0,
	    2);
	tcase_add_test(t, a_child_releases_nothing_of_its_parent);
	tcase_add_test(t, an_old_client_lives_until_it_is_forgotten);
	tcase_add_test(t, an_old_client_lives_for_a_reader);
	tcase_add_test(t, a_living_client_is_not_forgotten);
	tcase_add_test(t, without_the_lock_file_clients_live);
	tcase_add_loop_test(t, a_lock_file_that_is_not_regular_is_refused, 0,
	    2);
	tcase_add_test(t, a_file_system_without_locks_is_refused);
	return run_suite(s);
}
