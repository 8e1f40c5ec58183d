/* check_library_killed.c: a killed process leaves a consistent library. */
#include <check.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

#define LIBRARY_DB "lib/library.db"

enum {
	VOLUMES = ON_DISK_VOLUMES,
	KILLS = 24,
	KILL_MOVES = 6,
	SLOT_1 = CHANGER_SLOT_ADDRESS,
	DRIVE_0 = CHANGER_DRIVE_ADDRESS
};

static void setup(void)
{
	scratch_setup();
	on_disk_make(NULL);
}

static struct changer *open_changer(void)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c =
	    changer_open(scratch_path("lib"), "by hand", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

/* Moves a cartridge to and fro forever, and reports before each move. */
static void carry_on(int said)
{
	struct changer *c = open_changer();

	for (;;) {
		if (write(said, "", 1) != 1 ||
		    changer_move(c, SLOT_1, DRIVE_0) != CHANGER_OK ||
		    changer_move(c, DRIVE_0, 0) != CHANGER_OK)
			_exit(1);
	}
}

START_TEST(a_process_killed_during_a_move_leaves_no_partial_move)
{
	char bytes[KILL_MOVES];
	int said[2];
	pid_t pid;

	for (int i = 0; i < KILLS; i++) {
		ck_assert_int_eq(pipe(said), 0);
		pid = fork();
		if (pid == 0)
			carry_on(said[1]);
		close(said[1]);
		/*
		 * Kill the process during one of the moves after the reported
		 * move.
		 */
		for (int n = 0; n < 1 + i % KILL_MOVES; n++)
			ck_assert_int_eq(read(said[0], bytes, 1), 1);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		close(said[0]);
		ck_assert_int_eq(
		    scratch_query(LIBRARY_DB,
			"select count(*) from cartridges where address in "
			"(select address from elements)"),
		    VOLUMES + 1);
		ck_assert_int_eq(scratch_query(LIBRARY_DB,
				     "select count(distinct address) from "
				     "cartridges"),
		    VOLUMES + 1);
		if (scratch_query(LIBRARY_DB,
			"select count(*) from cartridges where address = "
			"256") == 1) {
			struct changer *c = open_changer();

			ck_assert_int_eq(changer_move(c, DRIVE_0, 0),
			    CHANGER_OK);
			changer_close(c);
		}
	}
}
END_TEST

/* Runs SQL that ends in the middle of a transaction, and kills the process. */
static void die_at_it(const char *path, const char *sql)
{
	sqlite3 *db;

	sqlite3_open(path, &db);
	sqlite3_exec(db, sql, NULL, NULL, NULL);
	kill(getpid(), SIGKILL);
}

START_TEST(a_partial_transaction_is_undone_by_the_next_reader)
{
	struct changer_element *e;
	struct changer *c;
	char message[VOLUME_MESSAGE_BYTES], sql[1024];
	pid_t pid = fork();
	size_t n;

	if (pid == 0) { /* the child ends when its changes are in the file */
		snprintf(sql, sizeof sql,
		    "pragma cache_size = 1; begin; with recursive x (i) as "
		    "(select 1 union all select i + 1 from x where i < 3000) "
		    "insert into clients select i, %d, printf('%%300d', i), "
		    "'x' from x; update cartridges set address = address + 10",
		    (int)getpid());
		die_at_it(scratch_path(LIBRARY_DB), sql);
	}
	waitpid(pid, NULL, 0);
	ck_assert_int_eq(access(scratch_path("lib/library.db-journal"), F_OK),
	    0);
	c = changer_open(scratch_path("lib"), "a test", true, false, message);
	ck_assert_msg(c != NULL, "%s", message);
	ck_assert_int_eq(changer_list(c, &e, &n), CHANGER_OK);
	free(e);
	changer_close(c);
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select count(*) from clients"),
	    0);
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select count(*) from cartridges where address "
			     "between 1024 and 1028"),
	    VOLUMES + 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library_killed");
	TCase *t = tcase_create("library_killed");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t,
	    a_process_killed_during_a_move_leaves_no_partial_move);
	tcase_add_test(t, a_partial_transaction_is_undone_by_the_next_reader);
	return run_suite(s);
}
