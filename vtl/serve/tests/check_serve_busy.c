/*
 * check_serve_busy.c: while a drive of a served library executes a command that
 * takes long, here as long as the test wants, the rest of the library does not
 * wait.
 */
#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

#define WRITE_512       "0a 00 00 02 00 00"
#define REWIND          "01 00 00 00 00 00"
#define INQUIRY         "12 00 00 00 24 00"
#define LIST_OF_DRIVES  "b8 14 01 00 00 02 00 00 10 00 00 00"
#define LOAD_IN_DRIVE_1 "a5 00 00 01 04 01 01 01 00 00 00 00"

enum { REWIND_CODE = 0x01 };

static struct served s, host;
static pthread_t thread;
static sem_t begun, let_go;

/* The drive has not ended the REWIND until the test lets it. */
static void hold(void *arg, const struct device_command *command,
    const struct device_answer *answer)
{
	(void)arg;
	(void)answer;
	if (command->cdb[0] != REWIND_CODE)
		return;
	sem_post(&begun);
	sem_wait(&let_go);
}

static void *rewind_tape(void *arg)
{
	(void)arg;
	host.serve = s.serve;
	/* Perhaps a unit attention: a restore was before. */
	served_do(&host, 0, SERVED_DRIVE_0, REWIND, 0);
	return NULL;
}

static void make_drive_busy(void)
{
	ck_assert_int_eq(pthread_create(&thread, NULL, rewind_tape, NULL), 0);
	sem_wait(&begun);
}

/* Drive 0 has a cartridge, and executes a command. */
static void make_busy(void)
{
	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_fails(&s, SERVED_DRIVE_1, SERVED_READY, 0, "2/3A/00");
	sem_init(&begun, 0, 0);
	sem_init(&let_go, 0, 0);
	device_set_watch(serve_get_device(s.serve, SERVED_DRIVE_0).device, hold,
	    NULL);
	make_drive_busy();
}

static void end_command(void)
{
	sem_post(&let_go);
	pthread_join(thread, NULL);
}

/*
 * Expected: each of these ends, although the command of drive 0 does not.
 * Bug: they waited for it; READ ELEMENT STATUS with the changer locked.
 */
START_TEST(nothing_else_waits_for_a_command_of_a_drive)
{
	const struct device_port port = { .initiator = "iqn.2026-11.test:n" };
	struct device *drive;

	make_busy();
	drive = serve_get_device(s.serve, SERVED_DRIVE_0).device;
	ck_assert_str_eq(served_do(&s, 1, SERVED_DRIVE_0, INQUIRY, 36), "good");
	device_nexus_open(drive, 7, &port);
	device_nexus_lost(drive, 7);
	served_good(&s, SERVED_CHANGER, LIST_OF_DRIVES, 4096);
	/* Drive 256 is full, and not accessible: it holds its medium. */
	ck_assert_uint_eq(s.in[17], 0);
	ck_assert_uint_eq(s.in[18] & 0x09, 0x01);
	served_good(&s, SERVED_CHANGER, INQUIRY, 36);
	served_good(&s, SERVED_CHANGER, LOAD_IN_DRIVE_1, 0);
	served_fails(&s, SERVED_DRIVE_1, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_1, WRITE_512, 512);
	ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
	ck_assert_str_eq(served_ask("{\"do\": \"changed_ie\"}"), "{}");
	ck_assert_str_eq(served_ask("{\"do\": \"strikes\"}"), "{}");
	ck_assert_str_eq(served_ask("{\"do\": \"ask_ie\"}"), "{}");
	ck_assert_ptr_nonnull(strstr(
	    served_ask("{\"do\": \"volume\", \"barcode\": \"VTA002L8\"}"),
	    "\"served\":true"));
	ck_assert_str_eq(
	    served_ask("{\"do\": \"move\", \"from\": 257, \"to\": 0}"),
	    "{\"barcode\":\"VTA002L8\",\"to\":1025,\"wait_ns\":0}");
	end_command();
	served_end(&s);
}
END_TEST

/* The fault is added while the drive executes a command. */
START_TEST(a_fault_of_a_busy_drive_applies_to_its_next_command)
{
	const struct changer_drive_fault first = { .drive = 0,
		.fault = { .nth = 1,
		    .op = DRIVE_WRITE,
		    .once = true,
		    .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } } };
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c;

	make_busy();
	c = changer_open(scratch_path("lib"), "a test", false, false, message);
	ck_assert_msg(c != NULL, "%s", message);
	ck_assert_int_eq(changer_add_drive_fault(c, &first), CHANGER_OK);
	changer_close(c);
	ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
	end_command();
	served_fails(&s, SERVED_DRIVE_0, WRITE_512, 512, "3/0C/00");
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	served_end(&s);
}
END_TEST

static struct serve_client *client; /* of the thread that asks */

static void *ask(void *request)
{
	char message[SERVE_MESSAGE_BYTES];
	json_t *answer;

	answer =
	    serve_client_ask(client, json_loads(request, 0, NULL), message);
	ck_assert_msg(answer != NULL, "%s", message);
	json_decref(answer);
	return NULL;
}

static void *move_medium(void *arg)
{
	static struct served changer;

	(void)arg;
	changer.serve = s.serve;
	served_good(&changer, SERVED_CHANGER, SERVED_UNLOAD, 0);
	return NULL;
}

/*
 * Expected: who asks for the cartridge of the drive, or for its volume, waits
 * for the command; no other request does.
 * Bug: the thread of the control socket waited, and the library was locked.
 */
START_TEST(those_who_wait_for_the_drive_keep_nobody_waiting)
{
	static const struct {
		void *(*wait)(void *);
		const char *request;
		unsigned where; /* the cartridge is afterwards */
	} rows[] = {
		{ ask, "{\"do\": \"move\", \"from\": 256, \"to\": 0}", 1024 },
		{ move_medium, NULL, 1024 },
		{ ask, "{\"do\": \"volume\", \"barcode\": \"VTA001L8\"}", 256 },
		{ ask,
		    "{\"do\": \"defect\", \"barcode\": \"VTA001L8\", "
		    "\"fault\": 7}",
		    256 },
	};
	char message[SERVE_MESSAGE_BYTES];
	pthread_t waits;

	make_busy();
	client = serve_client_open(scratch_path("lib"), message);
	ck_assert_msg(client != NULL, "%s", message);
	ck_assert_int_eq(pthread_create(&waits, NULL, rows[_i].wait,
			     (void *)rows[_i].request),
	    0);
	/* Some of these come after the request, whoever is first. */
	for (int i = 0; i < 50; i++) {
		ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
		if (rows[_i].wait == ask)
			served_good(&s, SERVED_CHANGER, LIST_OF_DRIVES, 4096);
	}
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	end_command();
	pthread_join(waits, NULL);
	serve_client_close(client);
	ck_assert_uint_eq(served_where("VTA001L8"), rows[_i].where);
	served_end(&s);
}
END_TEST

static atomic_uint stops, starts;

/* A transport; it does not wait. */
static bool stop(void *arg, int64_t wait_ns, size_t *device)
{
	(void)arg;
	(void)wait_ns;
	stops++;
	for (size_t i = 0; i < serve_device_count(s.serve); i++) {
		struct device *one = serve_get_device(s.serve, i).device;

		*device = i;
		if (!device_trylock(one))
			return false;
		device_unlock(one);
	}
	return true;
}

static void go_on(void *arg)
{
	(void)arg;
	starts++;
}

static void set_transport(void)
{
	serve_set_transport(s.serve,
	    &(struct serve_transport){ stop, go_on, NULL });
}

static const char *exchange_request(int i)
{
	static char request[512];
	static const char *const what[] = { "snapshot", "restore", "clone" };

	if (i == 1) /* there is something to restore */
		ck_assert_str_eq(served_ask("{\"do\": \"snapshot\", \"name\": "
					    "\"s\"}"),
		    "{}");
	snprintf(request, sizeof request, "{\"do\": \"%s\", \"name\": \"%s\"}",
	    what[i], i == 2 ? scratch_path("clone") : "s");
	return request;
}

/*
 * Expected: a snapshot waits for a command that takes long, and stops no other
 * drive and no other request for it.
 * Bug: it stopped all drives, and the thread of the control socket waited.
 */
START_TEST(who_copies_the_library_keeps_nobody_waiting)
{
	char message[SERVE_MESSAGE_BYTES];
	const char *request;
	pthread_t waits;

	make_busy();
	end_command();
	request = exchange_request(_i);
	make_drive_busy();
	set_transport();
	client = serve_client_open(scratch_path("lib"), message);
	ck_assert_msg(client != NULL, "%s", message);
	ck_assert_int_eq(pthread_create(&waits, NULL, ask, (void *)request), 0);
	while (stops == 0)
		sched_yield();
	for (int i = 0; i < 50; i++) {
		ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
		served_good(&s, SERVED_CHANGER, LIST_OF_DRIVES, 4096);
	}
	ck_assert_uint_eq(stops, 1);
	ck_assert_uint_eq(starts, 0);
	end_command();
	pthread_join(waits, NULL);
	ck_assert_uint_ge(stops, 2);
	ck_assert_uint_eq(starts, 1);
	serve_client_close(client);
	serve_set_transport(s.serve, NULL);
	served_end(&s);
}
END_TEST

START_TEST(a_copy_of_the_library_is_refused_after_a_while)
{
	const char *request;

	served_exchange_wait_ns = 1;
	make_busy();
	end_command();
	request = exchange_request(_i);
	make_drive_busy();
	set_transport();
	ck_assert_str_eq(served_ask(request),
	    "drive:0 executes Rewind (01h) for iqn.2026-11.test:0: nothing was copied "
	    "or restored; try again when that has ended");
	ck_assert_uint_eq(stops, 1);
	ck_assert_uint_eq(starts, 1);
	end_command();
	serve_set_transport(s.serve, NULL);
	ck_assert_str_eq(served_ask(request), "{}");
	served_end(&s);
}
END_TEST

/* The drive that was waited for begins its commands again. */
START_TEST(nothing_waits_for_a_client_that_has_left)
{
	static const char request[] = "{\"do\": \"snapshot\", \"name\": "
				      "\"s\"}\n";
	int fd;

	make_busy();
	set_transport();
	fd = served_connect();
	ck_assert_int_eq(write(fd, request, sizeof request - 1),
	    sizeof request - 1);
	while (stops == 0)
		sched_yield();
	ck_assert_uint_eq(starts, 0);
	close(fd);
	while (starts == 0)
		sched_yield();
	end_command();
	served_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve busy");
	TCase *t = tcase_create("busy");

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, nothing_else_waits_for_a_command_of_a_drive);
	tcase_add_test(t, a_fault_of_a_busy_drive_applies_to_its_next_command);
	tcase_add_loop_test(t, those_who_wait_for_the_drive_keep_nobody_waiting,
	    0, 4);
	tcase_add_loop_test(t, who_copies_the_library_keeps_nobody_waiting, 0,
	    3);
	tcase_add_loop_test(t, a_copy_of_the_library_is_refused_after_a_while,
	    0, 3);
	tcase_add_test(t, nothing_waits_for_a_client_that_has_left);
	return run_suite(suite);
}
