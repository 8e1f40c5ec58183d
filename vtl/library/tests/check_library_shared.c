/*
 * check_library_shared.c: several processes use one library on disk.  No two
 * get the same volume or drive, and a dead process holds neither.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

enum {
	VOLUMES = ON_DISK_VOLUMES,
	DRIVES = ON_DISK_DRIVES,
	PROCESSES = 6,
	ROUNDS = 8,
	BLOCK = 4096,
	PATIENCE = 100000
};

static struct tape_result r;

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

static struct tape *load_named(struct library *library, const char *barcode)
{
	return tape_load_named(library_tapes(library), barcode, 0, &r);
}

static void unload(struct library *library, struct tape *tape)
{
	struct tape_library *tapes = library_tapes(library);

	tapes->ops->unload(tapes, tape, TAPE_CLOSE_GOOD, 0, &r);
}

static void check_message(const char *what)
{
	ck_assert_msg(strstr(r.message, what) != NULL, "%s", r.message);
}

static int64_t count(const char *sql)
{
	return scratch_query("lib/library.db", sql);
}

/* Starts a process that loads a volume, reports, and never ends. */
static pid_t loads_and_stays(int drive)
{
	int said[2];
	char byte = 0;
	pid_t pid;

	ck_assert_int_eq(pipe(said), 0);
	pid = fork();
	if (pid == 0) {
		struct tape *tape = load(open_drive(drive));

		byte = tape != NULL;
		if (write(said[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	close(said[1]);
	ck_assert_int_eq(read(said[0], &byte, 1), 1);
	close(said[0]);
	ck_assert_int_eq(byte, 1);
	return pid;
}

START_TEST(each_client_gets_its_own_volumes_and_drives)
{
	struct library *a = open_drive(-1), *b = open_drive(-1);
	struct tape *x = load(a), *y = load(b);

	ck_assert_str_eq(x->barcode, "VTA001L8");
	ck_assert_str_eq(y->barcode, "VTA002L8");
	ck_assert_uint_ne(x->drive, y->drive);
	/* The load takes the robot's move and the drive's own time. */
	ck_assert_int_eq(r.done_ns, 8000000000 + model_find("lto8")->load_ns);
	ck_assert_ptr_null(load_named(a, "VTA002L8"));
	ck_assert_int_eq(r.cause, TAPE_INVALID);
	check_message("in use by process");
	unload(a, x);
	x = load(a);
	ck_assert_str_eq(x->barcode, "VTA003L8");
	unload(b, y);
	y = load(b);
	ck_assert_str_eq(y->barcode, "VTA004L8");
	library_free(b);
	library_free(a);
	ck_assert_int_eq(count("select count(*) from clients"), 0);
	ck_assert_int_eq(count("select count(*) from cartridges where address "
			       ">= 1024"),
	    VOLUMES + 1);
}
END_TEST

/* The owner of the volume for which a library waits; it returns the volume. */
struct giver {
	struct library *library;
	struct tape *tape;
	int asked;
};

static bool give_back(void *arg, const char *message)
{
	struct giver *giver = arg;

	ck_assert_ptr_nonnull(strstr(message, "in use by process"));
	if (giver->asked++ == 0)
		unload(giver->library, giver->tape);
	return giver->asked < 3;
}

START_TEST(a_volume_that_is_in_use_is_waited_for)
{
	struct giver giver = { .library = open_drive(-1) };
	const struct library_options options = { .program = "a test",
		.drive = -1,
		.wait = give_back,
		.wait_arg = &giver };
	struct library_load_failure missed;
	struct library *b = open_drive(-1), *c;
	struct tape *tape;

	giver.tape = load(giver.library);
	ck_assert_ptr_null(load_named(b, "VTA001L8"));
	library_get_load_failure(b, &missed);
	ck_assert_str_eq(missed.barcode, "VTA001L8");
	ck_assert(missed.in_use);
	library_free(b);
	c = on_disk_open(&options);
	tape = load_named(c, "VTA001L8");
	ck_assert_msg(tape != NULL, "%s", r.message);
	ck_assert_int_eq(giver.asked, 1);
	library_get_load_failure(c, &missed);
	ck_assert_str_eq(missed.barcode, "");
	/* A library does not wait for a volume that it uses itself. */
	ck_assert_ptr_null(load_named(c, "VTA001L8"));
	ck_assert_int_eq(giver.asked, 1);
	library_free(c);
	library_free(giver.library);
}
END_TEST

/* Closes the volume, as the program that has opened it. */
static bool close_it(void *arg, const char *message)
{
	struct volume **volume = arg;
	char err[VOLUME_MESSAGE_BYTES];

	ck_assert_ptr_nonnull(strstr(message, "it is in use by"));
	if (*volume == NULL)
		return false;
	ck_assert_int_eq(volume_close(*volume, err), 0);
	*volume = NULL;
	return true;
}

START_TEST(a_volume_opened_by_another_program_is_waited_for)
{
	struct volume *volume;
	const struct library_options options = { .program = "a test",
		.drive = -1,
		.wait = close_it,
		.wait_arg = &volume };
	char message[VOLUME_MESSAGE_BYTES];
	struct library *a, *b;

	volume = volume_open(scratch_path("lib/VTA001L8.tape"), false, message);
	ck_assert_msg(volume != NULL, "%s", message);
	a = open_drive(-1);
	ck_assert_ptr_null(load(a));
	check_message("in use");
	library_free(a);
	b = on_disk_open(&options);
	ck_assert_str_eq(load(b)->barcode, "VTA001L8");
	ck_assert_ptr_null(volume);
	library_free(b);
}
END_TEST

START_TEST(the_users_of_the_drives_are_reported)
{
	struct library *a = open_drive(-1), *b = open_drive(-1);
	struct tape *x = load(a);
	char pid[32];

	/* A client keeps its drive, whether a tape is in the drive or not. */
	unload(a, x);
	load(b);
	ck_assert_ptr_null(load(b));
	ck_assert_int_eq(r.cause, TAPE_NO_VOLUME);
	snprintf(pid, sizeof pid, "process %d (a test)", (int)getpid());
	check_message(pid);
	x = load(a);
	ck_assert_str_eq(x->barcode, "VTA002L8");
	library_free(a);
	x = load(b);
	ck_assert_str_eq(x->barcode, "VTA002L8");
	library_free(b);
}
END_TEST

START_TEST(volume_and_drive_of_a_killed_process_are_free_again)
{
	pid_t first = loads_and_stays(-1), second = loads_and_stays(-1);
	struct library *library = open_drive(-1);
	struct tape *tape;

	ck_assert_ptr_null(load(library));
	check_message("in use by process");
	kill(first, SIGKILL);
	/* A process that is dead but not reaped (a zombie) holds nothing. */
	while (waitid(P_PID, (id_t)first, &(siginfo_t){ 0 },
		   WEXITED | WNOWAIT) != 0)
		;
	tape = load(library);
	ck_assert_msg(tape != NULL, "%s", r.message);
	ck_assert_str_eq(tape->barcode, "VTA001L8");
	ck_assert_uint_eq(tape->drive, 0);
	kill(second, SIGKILL);
	waitpid(first, NULL, 0);
	waitpid(second, NULL, 0);
	tape = load(library);
	ck_assert_str_eq(tape->barcode, "VTA002L8");
	library_free(library);
	ck_assert_int_eq(count("select count(*) from clients"), 0);
}
END_TEST

/* Waits until another process returns its drive. */
static bool nap(void *arg, const char *message)
{
	int *left = arg;

	if (strstr(message, "in use by process") == NULL)
		return false;
	usleep(1000);
	return (*left)-- > 0;
}

/* Loads a volume by name, writes it and returns it, repeatedly. */
static int work(int number)
{
	int left = PATIENCE;
	const struct library_options options = { .program = "a worker",
		.drive = -1,
		.wait = nap,
		.wait_arg = &left };
	char message[VOLUME_MESSAGE_BYTES], barcode[16];
	const struct tape_run run = { .data = options.program,
		.bytes = 1,
		.block_bytes = BLOCK,
		.dump_id = 1 };
	struct library *library;
	struct tape *tape;

	for (int i = 0; i < ROUNDS; i++) {
		library = library_open(scratch_path("lib"), &options, message);
		if (library == NULL)
			return 1;
		snprintf(barcode, sizeof barcode, "VTA%03dL8",
		    (number + i) % VOLUMES + 1);
		do
			tape = load_named(library, barcode);
		while (tape == NULL && r.cause == TAPE_INVALID &&
		    nap(&left, r.message));
		if (tape == NULL) {
			fprintf(stderr, "%s\n", r.message);
			return 1;
		}
		tape->ops->locate_eod(tape, 0, &r);
		tape->ops->write(tape, &run, 0, &r);
		if (r.cause != TAPE_OK)
			return 1;
		library_free(library);
	}
	return 0;
}

START_TEST(many_processes_share_two_drives)
{
	pid_t pids[PROCESSES];
	char name[32];
	int status, written = 0;

	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(work(i));
	}
	for (int i = 0; i < PROCESSES; i++) {
		waitpid(pids[i], &status, 0);
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	for (int i = 0; i < VOLUMES; i++) {
		snprintf(name, sizeof name, "lib/VTA%03dL8.tape", i + 1);
		written += (int)scratch_query(name,
		    "select total(count) from objects where block_bytes > 0");
	}
	ck_assert_int_eq(written, PROCESSES * ROUNDS);
	ck_assert_int_eq(count("select count(*) from clients"), 0);
	ck_assert_int_eq(count("select count(*) from cartridges where address "
			       "between 1024 and 1027"),
	    VOLUMES);
}
END_TEST

static struct changer *changer(void)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c =
	    changer_open(scratch_path("lib"), "by hand", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

static unsigned slot(unsigned number)
{
	return CHANGER_SLOT_ADDRESS + number - 1;
}

static unsigned drive(unsigned number)
{
	return CHANGER_DRIVE_ADDRESS + number;
}

START_TEST(a_volume_loaded_by_hand_is_used_and_stays)
{
	struct changer *c = changer();
	struct library *library;
	struct tape *tape;

	ck_assert_int_eq(changer_move(c, slot(3), drive(1)), CHANGER_OK);
	library = open_drive(-1);
	tape = load(library);
	ck_assert_str_eq(tape->barcode, "VTA001L8");
	ck_assert_ptr_null(load(library));
	check_message("drive 1 holds VTA003L8");
	library_free(library);
	library = open_drive(1);
	tape = load(library);
	ck_assert_str_eq(tape->barcode, "VTA003L8");
	ck_assert_int_eq(r.done_ns, model_find("lto8")->load_ns);
	ck_assert_int_eq(changer_move(c, drive(1), slot(3)), CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "in use by process"));
	library_free(library);
	library = open_drive(-1);
	tape = load_named(library, "VTA003L8"); /* VTA003L8 is in drive 1 */
	ck_assert_uint_eq(tape->drive, 1);
	library_free(library);
	ck_assert_int_eq(changer_move(c, drive(1), slot(3)), CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(the_slots_follow_the_volume_in_the_drive)
{
	struct changer *c = changer();
	struct library *library = open_drive(0);
	struct tape *tape;

	ck_assert_int_eq(changer_move(c, slot(3), drive(0)), CHANGER_OK);
	tape = load(library);
	unload(library, tape);
	tape = load(library);
	ck_assert_str_eq(tape->barcode, "VTA001L8");
	ck_assert_uint_eq(tape->drive, 0);
	ck_assert_int_eq(count("select address from cartridges where barcode = "
			       "'VTA003L8'"),
	    slot(3));
	library_free(library);
	changer_close(c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library_shared");
	TCase *t = tcase_create("library_shared");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, each_client_gets_its_own_volumes_and_drives);
	tcase_add_test(t, a_volume_that_is_in_use_is_waited_for);
	tcase_add_test(t, a_volume_opened_by_another_program_is_waited_for);
	tcase_add_test(t, the_users_of_the_drives_are_reported);
	tcase_add_test(t, volume_and_drive_of_a_killed_process_are_free_again);
	tcase_add_test(t, many_processes_share_two_drives);
	tcase_add_test(t, a_volume_loaded_by_hand_is_used_and_stays);
	tcase_add_test(t, the_slots_follow_the_volume_in_the_drive);
	return run_suite(s);
}
