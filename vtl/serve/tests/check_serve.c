/*
 * check_serve.c: a library on disk that is served: what lies in its drives,
 * moves by initiators and by other commands, and the end of the server.
 */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/base/clock.h"
#include "splitter/tests/run_suite.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/vtl_scratch.h"

/* slot 2 to drive 0; blocks of 512 bytes */
#define LOAD_SLOT2 "a5 00 00 01 04 01 01 00 00 00 00 00"
#define WRITE_512  "0a 00 00 02 00 00"
#define READ_512   "08 00 00 02 00 00"
#define FILEMARK   "10 00 00 00 01 00"

static struct served s;

START_TEST(the_robot_loads_and_unloads_a_drive)
{
	served_make(&s);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	/* Each initiator of the drive gets a unit attention; then it is ready. */
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	ck_assert_str_eq(served_do(&s, 1, SERVED_DRIVE_0, SERVED_READY, 0),
	    "6/28/00");
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_fails(&s, SERVED_DRIVE_1, SERVED_READY, 0, "2/3A/00");
	memset(s.out, 0x5a, 512);
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	served_good(&s, SERVED_DRIVE_0, FILEMARK, 0);
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	ck_assert_uint_eq(served_where("VTA001L8"), 1024);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	/* The data is on the volume. */
	served_good(&s, SERVED_CHANGER, "a5 00 00 01 04 00 01 01 00 00 00 00",
	    0);
	served_fails(&s, SERVED_DRIVE_1, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_1, READ_512, 512);
	ck_assert_uint_eq(s.in[511], 0x5a);
	served_end(&s);
}
END_TEST

START_TEST(a_move_that_is_impossible_leaves_the_drive_loaded)
{
	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_fails(&s, SERVED_CHANGER, SERVED_LOAD, 0, "5/3B/0E");
	served_fails(&s, SERVED_CHANGER, LOAD_SLOT2, 0, "5/3B/0D");
	/* To a slot that is full, and to an element that does not exist. */
	served_fails(&s, SERVED_CHANGER, "a5 00 00 01 01 00 04 01 00 00 00 00",
	    0, "5/3B/0D");
	served_fails(&s, SERVED_CHANGER, "a5 00 00 01 01 00 00 09 00 00 00 00",
	    0, "5/21/01");
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_good(&s, SERVED_DRIVE_0, "1e 00 00 00 01 00", 0); /* PREVENT */
	served_fails(&s, SERVED_CHANGER, SERVED_UNLOAD, 0, "5/53/03");
	ck_assert_ptr_nonnull(
	    strstr(served_ask("{\"do\": \"move\", \"from\": 256, \"to\": 0}"),
		"an initiator prevents the removal"));
	served_good(&s, SERVED_DRIVE_0, "1e 00 00 00 00 00", 0);
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	served_end(&s);
}
END_TEST

static void *load_again(void *ends)
{
	const struct device_command load = { .nexus = 1,
		.cdb = { 0x1b, 0, 0, 0, 1 } };
	struct device *drive = serve_get_device(s.serve, SERVED_DRIVE_0).device;
	struct device_answer answer;

	/* It fails while the drive is empty, and at each unit attention. */
	while (!atomic_load((atomic_bool *)ends))
		device_execute(drive, &load, 0, &answer);
	return NULL;
}

/*
 * Expected: what the robot takes is not in the drive any more.
 * Bug: a LOAD between unload and move kept the volume there.
 */
START_TEST(a_host_cannot_load_what_the_robot_takes)
{
	atomic_bool ends = false;
	pthread_t host;

	served_make(&s);
	ck_assert_int_eq(pthread_create(&host, NULL, load_again, &ends), 0);
	for (int i = 0; i < 40; i++) {
		served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
		served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
		served_good(&s, SERVED_CHANGER,
		    "a5 00 00 01 04 00 01 01 00 00 00 00", 0);
		served_good(&s, SERVED_CHANGER,
		    "a5 00 00 01 01 01 04 00 00 00 00 00", 0);
	}
	atomic_store(&ends, true);
	pthread_join(host, NULL);
	ck_assert_str_eq(s.warned, "");
	served_end(&s);
}
END_TEST

START_TEST(another_command_moves_cartridges_at_once)
{
	served_make(&s);
	ck_assert_str_eq(
	    served_ask("{\"do\": \"move\", \"from\": 1025, \"to\": 257}"),
	    "{\"barcode\":\"VTA002L8\",\"to\":257,\"wait_ns\":0}");
	served_fails(&s, SERVED_DRIVE_1, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_1, SERVED_READY, 0);
	served_good(&s, SERVED_CHANGER, SERVED_READY, 0);
	ck_assert_str_eq(
	    served_ask("{\"do\": \"move\", \"from\": 257, \"to\": 0}"),
	    "{\"barcode\":\"VTA002L8\",\"to\":1025,\"wait_ns\":0}");
	served_fails(&s, SERVED_DRIVE_1, SERVED_READY, 0, "2/3A/00");
	/* An import/export slot: the hosts get a unit attention. */
	served_ask("{\"do\": \"move\", \"from\": 1025, \"to\": 16}");
	served_fails(&s, SERVED_CHANGER, SERVED_READY, 0, "6/28/01");
	served_good(&s, SERVED_CHANGER, SERVED_READY, 0);
	ck_assert_str_eq(served_ask("{\"do\": \"changed_ie\"}"), "{}");
	ck_assert_str_eq(served_do(&s, 1, SERVED_CHANGER, SERVED_READY, 0),
	    "6/28/01");
	ck_assert_str_eq(served_ask("{\"do\": \"ask_ie\"}"), "{}");
	served_fails(&s, SERVED_CHANGER, SERVED_READY, 0, "6/28/01");
	served_good(&s, SERVED_CHANGER, "1e 00 00 00 01 00", 0);
	ck_assert_ptr_nonnull(strstr(served_ask("{\"do\": \"ask_ie\"}"),
	    "prevents"));
	served_end(&s);
}
END_TEST

/*
 * Expected: as MOVE MEDIUM, no command moves a cartridge to an import/export
 * slot while an initiator prevents removal.
 * Bug: only import and export asked for it.
 */
START_TEST(prevention_holds_for_the_moves_of_other_commands)
{
	static const char *const refused[] = {
		"{\"do\": \"move\", \"from\": 1025, \"to\": 17}",
		/* back to the source address */
		"{\"do\": \"move\", \"from\": 256, \"to\": 0}",
		"{\"do\": \"ask_ie\"}",
	};

	served_make(&s);
	served_ask("{\"do\": \"move\", \"from\": 1024, \"to\": 16}");
	served_ask("{\"do\": \"move\", \"from\": 16, \"to\": 256}");
	served_fails(&s, SERVED_CHANGER, SERVED_READY, 0, "6/28/01");
	served_good(&s, SERVED_CHANGER, "1e 00 00 00 01 00", 0);
	served_fails(&s, SERVED_CHANGER, "a5 00 00 01 04 01 00 11 00 00 00 00",
	    0, "5/53/02");
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		ck_assert_ptr_nonnull(strstr(served_ask(refused[i]),
		    "prevents that import"));
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	ck_assert_uint_eq(served_where("VTA002L8"), 1025);
	/* No slot was used. */
	served_good(&s, SERVED_CHANGER, SERVED_READY, 0);
	/* Other moves are made. */
	ck_assert_ptr_nonnull(
	    strstr(served_ask("{\"do\": \"move\", \"from\": 1025, "
			      "\"to\": 257}"),
		"VTA002L8"));
	served_good(&s, SERVED_CHANGER, "1e 00 00 00 00 00", 0);
	served_ask(refused[1]);
	ck_assert_uint_eq(served_where("VTA001L8"), 16);
	served_end(&s);
}
END_TEST

START_TEST(a_cartridge_stays_in_its_drive_when_the_server_ends)
{
	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	/* The buffer is written: an orderly power-off. */
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	served_end(&s);
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	served_open(&s, NULL);
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_good(&s, SERVED_DRIVE_0, READ_512, 512);
	served_end(&s);
}
END_TEST

/* The child serves, writes, and is killed. */
static void killed_server(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		served_make(&s);
		served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
		served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
		served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
		served_good(&s, SERVED_DRIVE_0, FILEMARK, 0);
		served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

START_TEST(a_killed_server_is_a_power_loss_of_the_drives)
{
	killed_server();
	served_open(&s, NULL);
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_good(&s, SERVED_DRIVE_0, READ_512, 512);
	served_fails(&s, SERVED_DRIVE_0, READ_512, 512, "0/00/01");
	/* The second block was in the buffer, and is lost. */
	served_fails(&s, SERVED_DRIVE_0, READ_512, 512, "8/00/05");
	served_end(&s);
}
END_TEST

START_TEST(a_library_is_served_once)
{
	const struct serve_options options = { .clock = NULL };
	char message[SERVE_MESSAGE_BYTES];

	served_make(&s);
	ck_assert_ptr_null(serve_open(scratch_path("lib"), &options, message));
	ck_assert_msg(strstr(message, "drive 0 is in use by process") != NULL &&
		strstr(message, "(tapelab serve)") != NULL,
	    "%s", message);
	/* The failed attempt left the socket of the server alone. */
	ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
	served_end(&s);
	ck_assert_ptr_null(serve_client_open(scratch_path("lib"), message));
	ck_assert_str_eq(message, "");
}
END_TEST

START_TEST(a_cleaning_cartridge_cleans)
{
	served_make(&s);
	/* slot 5 */
	served_good(&s, SERVED_CHANGER, "a5 00 00 01 04 04 01 00 00 00 00 00",
	    0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	served_good(&s, SERVED_CHANGER, "a5 00 00 01 01 00 04 04 00 00 00 00",
	    0);
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select cleanings from elements where address = "
			     "256"),
	    1);
	served_end(&s);
}
END_TEST

/*
 * Expected: until the next start, the changer reports a bay without a drive.
 * Bug: a cartridge could be moved there, and mode page 1Dh had no such bay.
 */
START_TEST(a_drive_that_the_library_gets_later_is_not_served)
{
	served_make(&s);
	scratch_sql("lib/library.db",
	    "insert into elements (address, kind, number, model, serial, naa) "
	    "values (258, 'drive', 2, 'lto8', 'X', '3000000000000001')");
	served_ask("{\"do\": \"changed\"}");
	ck_assert_msg(strstr(s.warned,
			  "has 3 drives now, but 2 are served: start the "
			  "server again to serve the others") != NULL,
	    "%s", s.warned);
	/* The server warns once. */
	s.warned[0] = '\0';
	served_ask("{\"do\": \"changed\"}");
	ck_assert_str_eq(s.warned, "");
	/* Page 1Dh, READ ELEMENT STATUS and MOVE MEDIUM agree. */
	served_fails(&s, SERVED_CHANGER, SERVED_READY, 0, "6/2A/01");
	served_good(&s, SERVED_CHANGER, SERVED_READY, 0);
	served_good(&s, SERVED_CHANGER, "1a 08 1d 00 ff 00", 255);
	ck_assert_uint_eq(s.in[4 + 17], 3);
	served_good(&s, SERVED_CHANGER, "b8 04 01 02 00 10 00 00 10 00 00 00",
	    4096);
	ck_assert_mem_eq(s.in + 16, "\x01\x02\x04\0\x83\x04", 6);
	served_fails(&s, SERVED_CHANGER, "a5 00 00 01 04 00 01 02 00 00 00 00",
	    0, "5/83/04");
	/* Another command can use the drive; an initiator still cannot. */
	served_ask("{\"do\": \"move\", \"from\": 1024, \"to\": 258}");
	ck_assert_uint_eq(served_where("VTA001L8"), 258);
	served_fails(&s, SERVED_CHANGER, "a5 00 00 01 01 02 04 00 00 00 00 00",
	    0, "5/83/04");
	served_ask("{\"do\": \"move\", \"from\": 258, \"to\": 0}");
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_end(&s);
	/* The next server has it. */
	served_open(&s, NULL);
	ck_assert_uint_eq(serve_device_count(s.serve), 4);
	served_good(&s, SERVED_CHANGER, "a5 00 00 01 04 01 01 02 00 00 00 00",
	    0);
	served_end(&s);
}
END_TEST

/* No request tells the server: it looks by itself. */
START_TEST(the_server_sees_that_the_library_has_grown)
{
	const int64_t until_ns = clock_now_ns() + INT64_C(30000000000);
	const char *said = "good";

	served_look_ns = 10000000;
	served_make(&s);
	scratch_sql("lib/library.db",
	    "insert into elements (address, kind, number, model, serial, naa) "
	    "values (258, 'drive', 2, 'lto8', 'X', '3000000000000001')");
	while (strcmp(said, "good") == 0 && clock_now_ns() < until_ns)
		said = served_do(&s, 0, SERVED_CHANGER, SERVED_READY, 0);
	ck_assert_str_eq(said, "6/2A/01");
	served_end(&s);
	served_look_ns = 0;
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve");
	TCase *t = tcase_create("serve");

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, the_robot_loads_and_unloads_a_drive);
	tcase_add_test(t, a_host_cannot_load_what_the_robot_takes);
	tcase_add_test(t, a_move_that_is_impossible_leaves_the_drive_loaded);
	tcase_add_test(t, another_command_moves_cartridges_at_once);
	tcase_add_test(t, prevention_holds_for_the_moves_of_other_commands);
	tcase_add_test(t, a_cartridge_stays_in_its_drive_when_the_server_ends);
	tcase_add_test(t, a_killed_server_is_a_power_loss_of_the_drives);
	tcase_add_test(t, a_library_is_served_once);
	tcase_add_test(t, a_cleaning_cartridge_cleans);
	tcase_add_test(t, a_drive_that_the_library_gets_later_is_not_served);
	tcase_add_test(t, the_server_sees_that_the_library_has_grown);
	return run_suite(suite);
}
