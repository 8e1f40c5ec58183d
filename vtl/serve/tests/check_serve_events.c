/* check_serve_events.c: what subscribers of a served library get. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/clock.h"
#include "splitter/tests/run_suite.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/serve/events.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/vtl_scratch.h"

static struct served s;

static struct serve_client *subscribe(void)
{
	char message[SERVE_MESSAGE_BYTES];
	struct serve_client *client =
	    serve_client_open(scratch_path("lib"), message);

	ck_assert_msg(client != NULL, "%s", message);
	json_decref(serve_client_ask(client, json_pack("{s:s}", "do", "events"),
	    message));
	return client;
}

/* Returns the next event without its time. */
static const char *next(struct serve_client *client)
{
	static char text[512];
	bool ended;
	json_t *event = serve_client_event(client,
	    clock_now_ns() + INT64_C(30000000000), &ended);
	char *dump;

	ck_assert(!ended && event != NULL);
	ck_assert(json_is_real(json_object_get(event, "time")));
	json_object_del(event, "time");
	dump = json_dumps(event, JSON_COMPACT);
	snprintf(text, sizeof text, "%s", dump);
	free(dump);
	json_decref(event);
	return text;
}

/* The drive unloads with a recovered error, and then the robot is stuck. */
static void add_faults_of_unload(void)
{
	const struct changer_drive_fault recovered = { .drive = 0,
		.fault = { .nth = 1,
		    .op = DRIVE_UNLOAD,
		    .once = true,
		    .sense = { SENSE_RECOVERED, 0x17, 0, 0, 0 } } };
	const struct changer_fault stuck = {
		.mode = CHANGER_FAULT_STUCK, .nth = 1, .once = true
	};
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c =
	    changer_open(scratch_path("lib"), "a test", false, false, message);

	ck_assert_int_eq(changer_add_drive_fault(c, &recovered), CHANGER_OK);
	ck_assert_int_eq(changer_add_fault(c, &stuck), CHANGER_OK);
	changer_close(c);
	served_ask("{\"do\": \"changed\"}");
}

/*
 * Expected: a fault that the drive meets when it writes its buffer for a
 * snapshot has no initiator.
 * Bug: it had the one whose command was the last.
 */
START_TEST(a_fault_met_for_another_command_has_no_initiator)
{
	const struct changer_volume_fault fault = { .barcode = "VTA001L8",
		.entry = (char[]){ "a test" } };
	char message[VOLUME_MESSAGE_BYTES];
	struct serve_client *client;
	const char *event;
	struct changer *c;
	int64_t id;

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	c = changer_open(scratch_path("lib"), "a test", false, false, message);
	ck_assert_int_eq(changer_add_volume_fault(c, &fault, &id), CHANGER_OK);
	changer_close(c);
	ck_assert_int_eq(id, 1);
	/* A write that is recovered. */
	ck_assert_ptr_nonnull(strstr(
	    served_ask("{\"do\": \"defect\", \"barcode\": \"VTA001L8\", "
		       "\"defect\": {\"at\": 0, \"key\": 1, \"asc\": 12, "
		       "\"ascq\": 0, \"fail\": 0, \"partition\": 0, "
		       "\"unit\": 1, \"file\": 0, \"length\": 1, "
		       "\"recover_after\": 0, \"one_in\": 0, "
		       "\"slowdown\": 0, \"fault\": 1}}"),
	    "\"served\":true"));
	client = subscribe();
	served_good(&s, SERVED_DRIVE_0, "0a 00 00 02 00 00", 512);
	served_ask("{\"do\": \"snapshot\", \"name\": \"one\"}");
	do
		event = next(client);
	while (strstr(event, "\"fault\"") == NULL);
	ck_assert_str_eq(event,
	    "{\"event\":\"fault\",\"element\":\"drive:0\",\"fault\":1}");
	served_end(&s);
	serve_client_close(client);
}
END_TEST

START_TEST(subscribers_get_what_happens)
{
	const struct changer_drive_fault fault = { .drive = 0,
		.fault = { .nth = 1,
		    .op = DRIVE_WRITE,
		    .once = true,
		    .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } } };
	char message[VOLUME_MESSAGE_BYTES];
	struct serve_client *client;
	struct changer *c;
	bool ended;

	served_make(&s);
	c = changer_open(scratch_path("lib"), "a test", false, false, message);
	ck_assert_int_eq(changer_add_drive_fault(c, &fault), CHANGER_OK);
	changer_close(c);
	client = subscribe();
	served_ask("{\"do\": \"changed\"}");
	served_do(&s, 1, 0, SERVED_LOAD, 0);
	ck_assert_str_eq(next(client),
	    "{\"event\":\"load\",\"element\":\"drive:0\",\"barcode\":"
	    "\"VTA001L8\",\"initiator\":\"iqn.2026-11.test:1\"}");
	ck_assert_str_eq(next(client),
	    "{\"event\":\"move\",\"barcode\":\"VTA001L8\",\"element\":"
	    "\"slot:1\",\"to\":\"drive:0\",\"initiator\":"
	    "\"iqn.2026-11.test:1\"}");
	served_do(&s, 0, 1, "00 00 00 00 00 00", 0);
	ck_assert_str_eq(next(client),
	    "{\"event\":\"sense\",\"element\":\"drive:0\",\"barcode\":"
	    "\"VTA001L8\",\"initiator\":\"iqn.2026-11.test:0\",\"command\":0,"
	    "\"sense\":\"6/28/00\"}");
	served_do(&s, 0, 1, "0a 00 00 02 00 00", 512);
	ck_assert_str_eq(next(client),
	    "{\"event\":\"fault\",\"element\":\"drive:0\",\"fault\":1,"
	    "\"initiator\":\"iqn.2026-11.test:0\"}");
	ck_assert_ptr_nonnull(strstr(next(client), "\"sense\":\"3/0C/00\""));
	served_do(&s, 0, 1, "10 00 00 00 01 00", 0);
	ck_assert_str_eq(next(client),
	    "{\"event\":\"filemark\",\"element\":\"drive:0\",\"barcode\":"
	    "\"VTA001L8\",\"initiator\":\"iqn.2026-11.test:0\"}");
	/* The drive unloads for initiator 1, and meets a fault; then the robot. */
	add_faults_of_unload();
	served_do(&s, 1, 0, SERVED_UNLOAD, 0);
	ck_assert_str_eq(next(client),
	    "{\"event\":\"fault\",\"element\":\"drive:0\",\"fault\":2,"
	    "\"initiator\":\"iqn.2026-11.test:1\"}");
	ck_assert_ptr_nonnull(strstr(next(client), "\"event\":\"warning\""));
	ck_assert_str_eq(next(client),
	    "{\"event\":\"fault\",\"element\":\"changer\",\"fault\":3,"
	    "\"initiator\":\"iqn.2026-11.test:1\"}");
	ck_assert_ptr_nonnull(strstr(next(client), "\"sense\":\"4/15/01\""));
	/* Another command moves: there is no initiator. */
	served_ask("{\"do\": \"move\", \"from\": 256, \"to\": 0}");
	ck_assert_str_eq(next(client),
	    "{\"event\":\"unload\",\"element\":\"drive:0\",\"barcode\":"
	    "\"VTA001L8\"}");
	ck_assert_ptr_nonnull(strstr(next(client), "\"event\":\"move\""));
	serve_nexus_ended(s.serve, 1, "logout", "");
	ck_assert_ptr_nonnull(strstr(next(client), "\"event\":\"logout\""));
	served_end(&s);
	ck_assert_ptr_null(serve_client_event(client,
	    clock_now_ns() + INT64_C(30000000000), &ended));
	ck_assert(ended);
	serve_client_close(client);
}
END_TEST

static void ask(const char *what, const char *name)
{
	char request[512];

	snprintf(request, sizeof request, "{\"do\": \"%s\", \"name\": \"%s\"}",
	    what, name);
	ck_assert_str_eq(served_ask(request), "{}");
}

static void check_loads(int64_t of_drive, const char *of_volume)
{
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select loads from elements where address = 256"),
	    of_drive);
	ck_assert_ptr_nonnull(strstr(
	    served_ask("{\"do\": \"volume\", \"barcode\": \"VTA001L8\"}"),
	    of_volume));
}

static void check_next(struct serve_client *client, const char *event,
    const char *more)
{
	char want[512];

	snprintf(want, sizeof want, "{\"event\":\"%s\",%s}", event, more);
	ck_assert_str_eq(next(client), want);
}

/*
 * Expected: a cartridge that lies in a drive while the library is copied or
 * restored is not loaded by that; what a restore moves is an event.
 * Bug: each snapshot and clone counted and published a load; a restore published
 * nothing of what it took out.
 */
START_TEST(copies_and_restores_count_no_load)
{
	char name[512];
	struct serve_client *client;

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	client = subscribe();
	ask("snapshot", "one");
	check_next(client, "snapshot", "\"name\":\"one\"");
	ask("clone", scratch_path("copy"));
	snprintf(name, sizeof name, "\"name\":\"%s\"", scratch_path("copy"));
	check_next(client, "clone", name);
	ask("restore", "one");
	check_next(client, "restore", "\"name\":\"one\"");
	check_loads(1, "\"loads\":1,");
	served_ask("{\"do\": \"move\", \"from\": 256, \"to\": 0}");
	served_ask("{\"do\": \"move\", \"from\": 1025, \"to\": 257}");
	for (int i = 0; i < 4; i++) /* unload, move, load, move */
		next(client);
	ask("restore", "one");
	check_next(client, "restore", "\"name\":\"one\"");
	check_next(client, "load",
	    "\"element\":\"drive:0\",\"barcode\":\"VTA001L8\"");
	check_next(client, "unload",
	    "\"element\":\"drive:1\",\"barcode\":\"VTA002L8\"");
	check_loads(1, "\"loads\":1,");
	served_end(&s);
	serve_client_close(client);
}
END_TEST

static json_t *numbered(int i)
{
	return json_pack("{s:s, s:i, s:s}", "event", "test", "number", i,
	    "filler",
	    "................................................................");
}

START_TEST(a_slow_reader_is_told_how_many_events_it_lost)
{
	const int all = 2 * SERVE_QUEUE_BYTES / 64;
	struct serve_events *events = serve_events_create();
	struct serve_subscriber *slow = serve_events_subscribe(events);
	static char text[SERVE_QUEUE_BYTES + 1];
	size_t bytes;
	json_t *lost;
	int i, seen = 0;
	char *line;

	ck_assert(serve_events_wanted(events));
	for (i = 0; i < all; i++)
		serve_events_publish(events, numbered(i));
	bytes = serve_events_take(events, slow, text, SERVE_QUEUE_BYTES);
	text[bytes] = '\0';
	for (line = text; *line != '\0'; line = strchr(line, '\n') + 1)
		seen++;
	ck_assert_int_gt(seen, 100);
	bytes = serve_events_take(events, slow, text, SERVE_QUEUE_BYTES);
	text[bytes] = '\0';
	lost = json_loads(text, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(lost, "event")),
	    "lost");
	ck_assert_int_eq(json_integer_value(json_object_get(lost, "count")),
	    all - seen);
	json_decref(lost);
	serve_events_publish(events, numbered(all));
	bytes = serve_events_take(events, slow, text, SERVE_QUEUE_BYTES);
	text[bytes] = '\0';
	ck_assert_ptr_nonnull(strstr(text, "\"event\":\"test\""));
	serve_events_unsubscribe(events, slow);
	ck_assert(!serve_events_wanted(events));
	serve_events_free(events);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve events");
	TCase *t = tcase_create("events");

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, a_fault_met_for_another_command_has_no_initiator);
	tcase_add_test(t, subscribers_get_what_happens);
	tcase_add_test(t, copies_and_restores_count_no_load);
	tcase_add_test(t, a_slow_reader_is_told_how_many_events_it_lost);
	return run_suite(suite);
}
