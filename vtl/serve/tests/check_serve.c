/*
 * check_serve.c: a library on disk that is served: what lies in its drives,
 * moves by initiators and by other commands, faults, and the end of the server.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

enum { CHANGER, DRIVE_0, DRIVE_1 };

#define READY "00 00 00 00 00 00"
/* MOVE MEDIUM by the robot: slot 1 (1024) to drive 0 (256), and back */
#define LOAD       "a5 00 00 01 04 00 01 00 00 00 00 00"
#define UNLOAD     "a5 00 00 01 01 00 04 00 00 00 00 00"
#define LOAD_SLOT2 "a5 00 00 01 04 01 01 00 00 00 00 00"
#define WRITE_512  "0a 00 00 02 00 00"
#define READ_512   "08 00 00 02 00 00"
#define FILEMARK   "10 00 00 00 01 00"
#define REWIND     "01 00 00 00 00 00"

static struct served s;

static void good(size_t device, const char *cdb, uint32_t expected)
{
	const char *answer = served_do(&s, 0, device, cdb, expected);

	ck_assert_msg(strcmp(answer, "good") == 0, "%s: %s", cdb, answer);
}

static void fails(size_t device, const char *cdb, uint32_t expected,
    const char *sense)
{
	ck_assert_str_eq(served_do(&s, 0, device, cdb, expected), sense);
}

static struct changer *open_changer(void)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c =
	    changer_open(scratch_path("lib"), "a test", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

START_TEST(the_robot_loads_and_unloads_a_drive)
{
	served_make(&s);
	fails(DRIVE_0, READY, 0, "2/3A/00");
	good(CHANGER, LOAD, 0);
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	/* Each initiator of the drive gets a unit attention; then it is ready. */
	fails(DRIVE_0, READY, 0, "6/28/00");
	ck_assert_str_eq(served_do(&s, 1, DRIVE_0, READY, 0), "6/28/00");
	good(DRIVE_0, READY, 0);
	fails(DRIVE_1, READY, 0, "2/3A/00");
	memset(s.out, 0x5a, 512);
	good(DRIVE_0, WRITE_512, 512);
	good(DRIVE_0, FILEMARK, 0);
	good(CHANGER, UNLOAD, 0);
	ck_assert_uint_eq(served_where("VTA001L8"), 1024);
	fails(DRIVE_0, READY, 0, "2/3A/00");
	/* The data is on the volume. */
	good(CHANGER, "a5 00 00 01 04 00 01 01 00 00 00 00", 0);
	fails(DRIVE_1, READY, 0, "6/28/00");
	good(DRIVE_1, READ_512, 512);
	ck_assert_uint_eq(s.in[511], 0x5a);
	served_end(&s);
}
END_TEST

START_TEST(a_move_that_is_impossible_leaves_the_drive_loaded)
{
	served_make(&s);
	good(CHANGER, LOAD, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	fails(CHANGER, LOAD, 0, "5/3B/0E");
	fails(CHANGER, LOAD_SLOT2, 0, "5/3B/0D");
	/* To a slot that is full, and to an element that does not exist. */
	fails(CHANGER, "a5 00 00 01 01 00 04 01 00 00 00 00", 0, "5/3B/0D");
	fails(CHANGER, "a5 00 00 01 01 00 00 09 00 00 00 00", 0, "5/21/01");
	good(DRIVE_0, READY, 0);
	good(DRIVE_0, "1e 00 00 00 01 00", 0); /* PREVENT */
	fails(CHANGER, UNLOAD, 0, "5/53/03");
	ck_assert_ptr_nonnull(
	    strstr(served_ask("{\"do\": \"move\", \"from\": 256, \"to\": 0}"),
		"an initiator prevents the removal"));
	good(DRIVE_0, "1e 00 00 00 00 00", 0);
	good(CHANGER, UNLOAD, 0);
	served_end(&s);
}
END_TEST

static void *load_again(void *ends)
{
	const struct device_command load = { .nexus = 1,
		.cdb = { 0x1b, 0, 0, 0, 1 } };
	struct device *drive = serve_get_device(s.serve, DRIVE_0).device;
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
		good(CHANGER, LOAD, 0);
		good(CHANGER, UNLOAD, 0);
		good(CHANGER, "a5 00 00 01 04 00 01 01 00 00 00 00", 0);
		good(CHANGER, "a5 00 00 01 01 01 04 00 00 00 00 00", 0);
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
	fails(DRIVE_1, READY, 0, "6/28/00");
	good(DRIVE_1, READY, 0);
	good(CHANGER, READY, 0);
	ck_assert_str_eq(
	    served_ask("{\"do\": \"move\", \"from\": 257, \"to\": 0}"),
	    "{\"barcode\":\"VTA002L8\",\"to\":1025,\"wait_ns\":0}");
	fails(DRIVE_1, READY, 0, "2/3A/00");
	/* An import/export slot: the hosts get a unit attention. */
	served_ask("{\"do\": \"move\", \"from\": 1025, \"to\": 16}");
	fails(CHANGER, READY, 0, "6/28/01");
	good(CHANGER, READY, 0);
	ck_assert_str_eq(served_ask("{\"do\": \"changed_ie\"}"), "{}");
	ck_assert_str_eq(served_do(&s, 1, CHANGER, READY, 0), "6/28/01");
	ck_assert_str_eq(served_ask("{\"do\": \"ask_ie\"}"), "{}");
	fails(CHANGER, READY, 0, "6/28/01");
	good(CHANGER, "1e 00 00 00 01 00", 0);
	ck_assert_ptr_nonnull(strstr(served_ask("{\"do\": \"ask_ie\"}"),
	    "prevents"));
	served_end(&s);
}
END_TEST

START_TEST(a_cartridge_stays_in_its_drive_when_the_server_ends)
{
	served_make(&s);
	good(CHANGER, LOAD, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	/* The buffer is written: an orderly power-off. */
	good(DRIVE_0, WRITE_512, 512);
	served_end(&s);
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	served_open(&s, NULL);
	good(DRIVE_0, READY, 0);
	good(DRIVE_0, READ_512, 512);
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
		good(CHANGER, LOAD, 0);
		fails(DRIVE_0, READY, 0, "6/28/00");
		good(DRIVE_0, WRITE_512, 512);
		good(DRIVE_0, FILEMARK, 0);
		good(DRIVE_0, WRITE_512, 512);
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
	good(DRIVE_0, READY, 0);
	good(DRIVE_0, READ_512, 512);
	fails(DRIVE_0, READ_512, 512, "0/00/01");
	/* The second block was in the buffer, and is lost. */
	fails(DRIVE_0, READ_512, 512, "8/00/05");
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

static void add_fault(const struct drive_fault *fault)
{
	const struct changer_drive_fault stored = { .drive = 0,
		.fault = *fault };
	struct changer *c = open_changer();

	ck_assert_int_eq(changer_add_drive_fault(c, &stored), CHANGER_OK);
	changer_close(c);
}

START_TEST(a_fault_applies_at_once_and_is_spent)
{
	const struct drive_fault second = {
		.nth = 2,
		.op = DRIVE_WRITE,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 },
	};
	size_t unstruck;

	served_make(&s);
	good(CHANGER, LOAD, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	good(DRIVE_0, WRITE_512, 512);
	good(DRIVE_0, WRITE_512, 512);
	add_fault(&second);
	served_ask("{\"do\": \"changed\"}");
	ck_assert(serve_count_unstruck(s.serve, &unstruck));
	ck_assert_uint_eq(unstruck, 1);
	/* It counts from now on. */
	good(DRIVE_0, WRITE_512, 512);
	fails(DRIVE_0, WRITE_512, 512, "3/0C/00");
	good(DRIVE_0, WRITE_512, 512);
	ck_assert(serve_count_unstruck(s.serve, &unstruck));
	ck_assert_uint_eq(unstruck, 0);
	served_end(&s);
}
END_TEST

START_TEST(a_behaviour_applies_from_the_next_load_on)
{
	const struct drive_options behaviour = { .buffering =
						     DRIVE_UNBUFFERED };
	struct changer *c;

	served_make(&s);
	good(CHANGER, LOAD, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	c = open_changer();
	ck_assert_int_eq(changer_set_behaviour(c, 0, &behaviour), CHANGER_OK);
	changer_close(c);
	served_ask("{\"do\": \"changed\"}");
	good(DRIVE_0, READY, 0);
	/* MODE SENSE: buffered mode 1 in bits 6 to 4 */
	good(DRIVE_0, "1a 00 00 00 0c 00", 12);
	ck_assert_uint_eq(s.in[2] & 0x70, 0x10);
	good(CHANGER, UNLOAD, 0);
	good(CHANGER, LOAD, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	fails(DRIVE_0, READY, 0, "6/2A/01");
	good(DRIVE_0, "1a 00 00 00 0c 00", 12);
	ck_assert_uint_eq(s.in[2] & 0x70, 0);
	served_end(&s);
}
END_TEST

START_TEST(a_robot_fault_is_reported_to_the_initiator)
{
	const struct changer_fault stuck = {
		.mode = CHANGER_FAULT_STUCK, .nth = 1, .once = true
	};
	struct changer *c;

	served_make(&s);
	c = open_changer();
	ck_assert_int_eq(changer_add_fault(c, &stuck), CHANGER_OK);
	fails(CHANGER, LOAD, 0, "4/15/01");
	ck_assert_uint_eq(served_where("VTA001L8"), 1024);
	good(CHANGER, LOAD, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	/* The drive has unloaded; the robot leaves the cartridge there. */
	ck_assert_int_eq(changer_add_fault(c, &stuck), CHANGER_OK);
	fails(CHANGER, UNLOAD, 0, "4/15/01");
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	fails(DRIVE_0, READY, 0, "2/3A/00");
	good(DRIVE_0, "1b 00 00 00 01 00", 0); /* LOAD */
	good(DRIVE_0, READY, 0);
	good(CHANGER, UNLOAD, 0);
	changer_close(c);
	served_end(&s);
}
END_TEST

/* Bug: the move was reported as done, and the drive stayed empty. */
START_TEST(a_volume_that_cannot_be_opened_is_not_loaded)
{
	served_make(&s);
	ck_assert_int_eq(truncate(scratch_path("lib/VTA001L8.tape"), 10), 0);
	fails(CHANGER, LOAD, 0, "4/53/00");
	ck_assert_uint_eq(served_where("VTA001L8"), 1024);
	ck_assert_msg(strstr(s.warned, "drive:0: cannot load VTA001L8") != NULL,
	    "%s", s.warned);
	fails(DRIVE_0, READY, 0, "2/3A/00");
	good(CHANGER, LOAD_SLOT2, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	good(DRIVE_0, READY, 0);
	served_end(&s);
}
END_TEST

START_TEST(a_cleaning_cartridge_cleans)
{
	served_make(&s);
	/* slot 5 */
	good(CHANGER, "a5 00 00 01 04 04 01 00 00 00 00 00", 0);
	fails(DRIVE_0, READY, 0, "2/3A/00");
	good(CHANGER, "a5 00 00 01 01 00 04 04 00 00 00 00", 0);
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select cleanings from elements where address = "
			     "256"),
	    1);
	served_end(&s);
}
END_TEST

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
	good(CHANGER, LOAD, 0);
	/* The robot needs its time, and then the drive. */
	ck_assert_int_ge(s.answer.done_ns, INT64_C(1000000000));
	fails(DRIVE_0, READY, 0, "6/28/00");
	fake_ns += s.answer.done_ns;
	fails(DRIVE_0, READY, 0, "2/04/01");
	fake_ns += INT64_C(600000000000);
	good(DRIVE_0, READY, 0);
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

START_TEST(without_pace_a_command_does_not_wait)
{
	served_make(&s);
	ck_assert_double_eq(move_by_command(1024, 256), 0);
	served_end(&s);
}
END_TEST

START_TEST(a_drive_that_the_library_gets_later_is_not_served)
{
	served_make(&s);
	scratch_sql("lib/library.db",
	    "insert into elements (address, kind, number, model, serial, naa) "
	    "values (258, 'drive', 2, 'lto8', 'X', '3000000000000001')");
	served_ask("{\"do\": \"changed\"}");
	ck_assert_msg(strstr(s.warned, "has 3 drives now, but 2 are served") !=
		NULL,
	    "%s", s.warned);
	good(CHANGER, LOAD, 0);
	/* READ ELEMENT STATUS of all drives */
	good(CHANGER, "b8 04 01 00 00 10 00 00 10 00 00 00", 4096);
	served_end(&s);
}
END_TEST

/* Serves the library with the changer of another maker. */
static void serve_as(const char *product)
{
	char sql[128];

	on_disk_make(NULL);
	snprintf(sql, sizeof sql,
	    "update elements set vendor = 'IBM', product = '%s' where address "
	    "= 1",
	    product);
	scratch_sql("lib/library.db", sql);
	served_open(&s, NULL);
}

START_TEST(a_changer_behaves_as_its_model)
{
	serve_as("3576-MTL");
	good(CHANGER, LOAD, 0);
	fails(DRIVE_0, READY, 0, "6/28/00");
	/* This one does not make a drive unload. */
	fails(CHANGER, UNLOAD, 0, "5/53/01");
	good(DRIVE_0, "1b 00 00 00 00 00", 0);
	good(CHANGER, UNLOAD, 0);
	served_end(&s);
}
END_TEST

START_TEST(an_ibm_3584_tells_only_identifiers)
{
	serve_as("03584L32");
	good(CHANGER, "b8 04 01 00 00 01 01 00 04 00 00 00", 1024);
	ck_assert_uint_eq(s.in[18], 0x04);
	ck_assert_uint_eq(s.in[20], 0x81);
	ck_assert_mem_eq(s.in + 32, "IBM     ULTRIUM-TD8     ", 24);
	fails(CHANGER, "b8 14 01 00 00 01 01 00 04 00 00 00", 1024, "5/24/00");
	served_end(&s);
}
END_TEST

START_TEST(identities_are_those_of_the_library)
{
	struct serve_device changer, drive;

	on_disk_make(NULL);
	scratch_sql("lib/library.db",
	    "update elements set vendor = 'HPE', product = 'Ultrium 9-SCSI', "
	    "serial = 'OWN0000001' where address = 256");
	served_open(&s, NULL);
	changer = serve_get_device(s.serve, CHANGER);
	drive = serve_get_device(s.serve, DRIVE_0);
	ck_assert_uint_eq(serve_device_count(s.serve), 3);
	ck_assert_str_eq(drive.identity->serial, "OWN0000001");
	ck_assert_str_eq(drive.identity->changer_serial,
	    changer.identity->serial);
	ck_assert_uint_eq(drive.identity->element_address, 256);
	good(DRIVE_0, "12 00 00 00 24 00", 36);
	ck_assert_mem_eq(s.in + 8, "HPE     Ultrium 9-SCSI  ", 24);
	good(DRIVE_1, "12 00 00 00 24 00", 36);
	ck_assert_mem_eq(s.in + 8, "IBM     ULTRIUM-TD8     ", 24);
	served_end(&s);
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
	tcase_add_test(t, a_cartridge_stays_in_its_drive_when_the_server_ends);
	tcase_add_test(t, a_killed_server_is_a_power_loss_of_the_drives);
	tcase_add_test(t, a_library_is_served_once);
	tcase_add_test(t, a_fault_applies_at_once_and_is_spent);
	tcase_add_test(t, a_behaviour_applies_from_the_next_load_on);
	tcase_add_test(t, a_robot_fault_is_reported_to_the_initiator);
	tcase_add_test(t, a_volume_that_cannot_be_opened_is_not_loaded);
	tcase_add_test(t, a_cleaning_cartridge_cleans);
	tcase_add_test(t, a_paced_drive_becomes_ready_in_time);
	tcase_add_test(t, a_command_is_told_how_long_a_paced_robot_moves);
	tcase_add_test(t, without_pace_a_command_does_not_wait);
	tcase_add_test(t, a_drive_that_the_library_gets_later_is_not_served);
	tcase_add_test(t, identities_are_those_of_the_library);
	tcase_add_test(t, a_changer_behaves_as_its_model);
	tcase_add_test(t, an_ibm_3584_tells_only_identifiers);
	return run_suite(suite);
}
