/*
 * check_iscsi_initiator.c: drives that are served on the loopback interface, as
 * libiscsi sees them.
 */
#include <check.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/clock.h"
#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/drive_rig.h"
#include "vtl/iscsi/target/tests/initiator.h"
#include "vtl/tests/vtl_scratch.h"

enum { BLOCK_MAX = 8 * 1024 * 1024, READ = 0x08, WRITE = 0x0a, SILI = 2 };

#define TEST_UNIT_READY "0"
#define REWIND          "1"
#define INQUIRY         "12 0 0 0 24 0"

static struct drive_rig rig;
static uint8_t *sent, *received;

static int64_t real_now(void *arg)
{
	(void)arg;
	return clock_now_ns();
}

static const struct pace_clock real_clock = { .now_ns = real_now };

static void setup_as(const struct pace_clock *clock)
{
	scratch_setup();
	drive_rig_prepare(&rig, clock);
	sent = malloc(BLOCK_MAX);
	received = malloc(BLOCK_MAX);
	scratch_fill(sent, BLOCK_MAX, 1, 0);
}

static void setup(void)
{
	setup_as(NULL);
}

static void setup_paced(void)
{
	setup_as(&real_clock);
}

static void teardown(void)
{
	drive_rig_stop(&rig);
	free(sent);
	free(received);
	scratch_teardown();
}

/* Logs in, and takes the unit attentions of LUN 0. */
static struct iscsi_context *connect_as(const char *last)
{
	struct iscsi_context *initiator = initiator_new(last);
	int tries = 0;

	initiator_must_log_in(initiator, rig.address, RIG_NAME);
	while (strcmp(initiator_do(initiator, 0, TEST_UNIT_READY), "good") != 0)
		ck_assert_int_lt(++tries, 5);
	return initiator;
}

static const char *write_block(struct iscsi_context *initiator, unsigned bytes)
{
	return initiator_write(initiator, 0, initiator_cdb(WRITE, 0, bytes),
	    sent, (int)bytes);
}

static const char *read_block(struct iscsi_context *initiator, unsigned flags,
    unsigned bytes)
{
	memset(received, 0xa5, bytes);
	return initiator_read(initiator, 0, initiator_cdb(READ, flags, bytes),
	    received, (int)bytes);
}

START_TEST(discovery_names_the_targets)
{
	char text[1024], expected[1024];

	drive_rig_start(&rig);
	initiator_discover("a", rig.address, text, sizeof text);
	snprintf(expected, sizeof expected,
	    RIG_NAME " %s,1\n" RIG_NAME ".drive0 %s,1\n" RIG_NAME
		     ".drive1 %s,1\n",
	    rig.address, rig.address, rig.address);
	ck_assert_str_eq(text, expected);
}
END_TEST

START_TEST(blocks_of_all_sizes_are_written_and_read)
{
	static const unsigned sizes[] = { 1, 2, 3, 4, 511, 512, 65535, 65536,
		262143, 262144, 262145, 1048576, BLOCK_MAX };
	struct iscsi_context *a;

	if (_i == 1)
		rig.config.ping_seconds = 1;
	drive_rig_start(&rig);
	a = connect_as("a");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		ck_assert_str_eq(write_block(a, sizes[i]), "good");
	ck_assert_str_eq(initiator_do(a, 0, REWIND), "good");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		ck_assert_str_eq(read_block(a, 0, sizes[i]), "good");
		ck_assert_mem_eq(sent, received, sizes[i]);
	}
	initiator_log_out(a);
}
END_TEST

/* The worker reads blocks while another thread sends those before. */
START_TEST(reads_that_are_outstanding_are_answered_in_order)
{
	enum { BYTES = BLOCK_MAX / 64, COUNT = 24 };
	struct iscsi_context *a;

	drive_rig_start(&rig);
	a = connect_as("a");
	for (size_t i = 0; i < COUNT; i++)
		ck_assert_str_eq(initiator_write(a, 0,
				     initiator_cdb(WRITE, 0, BYTES),
				     sent + i * BYTES, BYTES),
		    "good");
	for (int round = 0; round < 8; round++) {
		ck_assert_str_eq(initiator_do(a, 0, REWIND), "good");
		memset(received, 0xa5, COUNT * BYTES);
		ck_assert_str_eq(initiator_read_many(a, 0,
				     initiator_cdb(READ, 0, BYTES), received,
				     BYTES, COUNT),
		    "good");
		ck_assert_mem_eq(sent, received, COUNT * BYTES);
	}
	initiator_log_out(a);
}
END_TEST

START_TEST(the_residual_is_right_to_the_digit)
{
	struct iscsi_context *a;

	drive_rig_start(&rig);
	a = connect_as("a");
	ck_assert_str_eq(write_block(a, 10), "good");
	ck_assert_str_eq(write_block(a, 300000), "good");
	ck_assert_str_eq(initiator_do(a, 0, "10 0 0 0 1"), "good");
	ck_assert_str_eq(initiator_do(a, 0, REWIND), "good");
	/* A short block comes with its data and CHECK CONDITION. */
	ck_assert_str_eq(read_block(a, 0, 1000), "0/00/00 under 990");
	ck_assert_mem_eq(sent, received, 10);
	ck_assert_uint_eq(received[10], 0xa5);
	/* A long one also, up to its requested length. */
	ck_assert_str_eq(read_block(a, 0, 299999), "0/00/00");
	ck_assert_mem_eq(sent, received, 299999);
	ck_assert_str_eq(read_block(a, 0, 777777), "0/00/01 under 777777");
	ck_assert_str_eq(read_block(a, 0, 555), "8/00/05 under 555");
	ck_assert_str_eq(initiator_do(a, 0, REWIND), "good");
	ck_assert_str_eq(read_block(a, SILI, 1000), "good under 990");
	ck_assert_str_eq(read_block(a, SILI, 1000), "good");
	initiator_log_out(a);
}
END_TEST

START_TEST(header_digests_are_right)
{
	struct iscsi_context *a = initiator_new("a");

	drive_rig_start(&rig);
	initiator_set_digests(a);
	initiator_must_log_in(a, rig.address, RIG_NAME);
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "6/29/00");
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "good");
	ck_assert_str_eq(write_block(a, 300001), "good");
	ck_assert_str_eq(initiator_do(a, 0, REWIND), "good");
	ck_assert_str_eq(read_block(a, 0, 300001), "good");
	ck_assert_mem_eq(sent, received, 300001);
	initiator_log_out(a);
}
END_TEST

START_TEST(a_second_login_of_a_port_ends_the_first_session)
{
	struct iscsi_context *a = initiator_new("a"), *again;

	drive_rig_start(&rig);
	initiator_set_isid(a, 7);
	initiator_must_log_in(a, rig.address, RIG_NAME);
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "6/29/00");
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "good");
	again = initiator_new("a");
	initiator_set_isid(again, 7);
	initiator_must_log_in(again, rig.address, RIG_NAME);
	ck_assert_uint_eq(iscsi_server_sessions(rig.server), 1);
	ck_assert_str_eq(initiator_do(again, 0, TEST_UNIT_READY), "6/29/07");
	ck_assert_str_eq(initiator_do(again, 0, TEST_UNIT_READY), "good");
	ck_assert_ptr_nonnull(strstr(rig.events,
	    "drop iqn.2026-11.org.example:a " RIG_NAME
	    ": a new login of the same initiator replaces it\n"));
	initiator_free(a);
	initiator_log_out(again);
}
END_TEST

static sem_t begun, let_go;

/* A REWIND is in the device until the test lets it go. */
static void hold(void *arg, const struct device_command *command,
    const struct device_answer *answer)
{
	(void)arg;
	(void)answer;
	if (command->cdb[0] != 1)
		return;
	sem_post(&begun);
	sem_wait(&let_go);
}

/*
 * Expected: a new login of the port, or a logout, does not wait for the device.
 * Bug: it waited until the device had ended the command.
 */
START_TEST(a_session_ends_while_a_device_is_busy)
{
	struct iscsi_context *a = initiator_new("a"), *again;
	struct scsi_task *task;

	sem_init(&begun, 0, 0);
	sem_init(&let_go, 0, 0);
	drive_rig_start(&rig);
	initiator_set_isid(a, 7);
	initiator_must_log_in(a, rig.address, RIG_NAME);
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "6/29/00");
	device_set_watch(rig.units[0].device, hold, NULL);
	task = initiator_begin(a, 0, REWIND, sent, 0);
	sem_wait(&begun);
	if (_i == 1)
		initiator_log_out(a);
	again = initiator_new("a");
	initiator_set_isid(again, 7);
	initiator_must_log_in(again, rig.address, RIG_NAME);
	ck_assert_uint_eq(iscsi_server_sessions(rig.server), 1);
	ck_assert_str_eq(initiator_do(again, 1, TEST_UNIT_READY), "6/29/07");
	sem_post(&let_go);
	ck_assert_str_eq(initiator_do(again, 0, TEST_UNIT_READY), "6/29/07");
	if (_i == 0)
		initiator_free(a);
	initiator_forget(task);
	initiator_log_out(again);
}
END_TEST

/*
 * Expected: a stop of all commands ends after its time, and the other devices work.
 * Bug: it waited for the device, and the other devices with it.
 */
START_TEST(a_stop_does_not_wait_for_a_device_that_is_busy)
{
	struct iscsi_context *a, *b;
	struct scsi_task *task;
	size_t unit = RIG_DRIVES;

	sem_init(&begun, 0, 0);
	sem_init(&let_go, 0, 0);
	drive_rig_start(&rig);
	a = connect_as("a");
	b = connect_as("b");
	device_set_watch(rig.units[0].device, hold, NULL);
	task = initiator_begin(a, 0, REWIND, sent, 0);
	sem_wait(&begun);
	ck_assert(!iscsi_server_stop_tasks(rig.server, 0, &unit));
	ck_assert_uint_eq(unit, 0);
	ck_assert_str_eq(initiator_do(b, 1, TEST_UNIT_READY), "6/29/00");
	sem_post(&let_go);
	ck_assert(iscsi_server_stop_tasks(rig.server, INT64_C(20000000000),
	    &unit));
	iscsi_server_continue_tasks(rig.server);
	ck_assert_str_eq(initiator_do(b, 0, TEST_UNIT_READY), "good");
	initiator_free(a);
	initiator_forget(task);
	initiator_log_out(b);
}
END_TEST

/* Logs in, and returns the answer to the first command. */
static const char *first_answer(struct iscsi_context **initiator)
{
	*initiator = initiator_new("a");
	initiator_set_isid(*initiator, 7);
	initiator_must_log_in(*initiator, rig.address, RIG_NAME);
	return initiator_do(*initiator, 0, TEST_UNIT_READY);
}

/*
 * Expected: an initiator whose tape was rewound without its knowledge gets a unit
 * attention.
 * Bug: none after a kill and a new start of the server: it wrote at BOT.
 */
START_TEST(without_login_attention_only_what_may_be_lost_is_reported)
{
	struct volume *volume = scsi_take_out(rig.scsi[1]);
	struct iscsi_context *a, *again;
	int64_t ready_ns;

	rig.config.no_login_attention = true;
	drive_rig_start(&rig);
	/* Drive 0 had a medium at the start, drive 1 had none. */
	ck_assert_str_eq(first_answer(&a), "6/29/00");
	ck_assert_str_eq(initiator_do(a, 1, TEST_UNIT_READY), "2/3A/00");
	initiator_log_out(a);
	ck_assert_str_eq(first_answer(&a), "good");
	/* The second login ends the session of the first, which is lost. */
	ck_assert_str_eq(first_answer(&again), "6/29/07");
	initiator_free(a);
	initiator_log_out(again);
	ck_assert_str_eq(first_answer(&a), "good");
	initiator_log_out(a);
	device_lock(rig.units[1].device);
	scsi_insert(rig.scsi[1], volume, 0, &ready_ns);
	device_unlock(rig.units[1].device);
}
END_TEST

START_TEST(two_initiators_use_the_drives_at_once)
{
	struct iscsi_context *a, *b;

	drive_rig_start(&rig);
	a = connect_as("a");
	b = connect_as("b");
	ck_assert_uint_eq(iscsi_server_sessions(rig.server), 2);
	ck_assert_str_eq(write_block(a, 100), "good");
	ck_assert_str_eq(initiator_do(b, 1, TEST_UNIT_READY), "6/29/00");
	ck_assert_str_eq(initiator_do(b, 0, REWIND), "good");
	ck_assert_str_eq(read_block(a, 0, 100), "good");
	initiator_log_out(b);
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "good");
	initiator_log_out(a);
}
END_TEST

START_TEST(each_drive_is_also_lun_0_of_a_target)
{
	struct iscsi_context *a = initiator_new("a");

	drive_rig_start(&rig);
	initiator_must_log_in(a, rig.address, RIG_NAME ".drive1");
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "6/29/00");
	ck_assert_str_eq(initiator_do(a, 1, TEST_UNIT_READY), "5/25/00");
	initiator_log_out(a);
}
END_TEST

START_TEST(an_initiator_sees_the_units_that_it_may_use)
{
	char message[CHAP_MESSAGE_BYTES], text[1024], expected[1024];
	struct iscsi_context *a;

	ck_assert_int_eq(iscsi_access_allow(rig.access,
			     "iqn.2026-11.org.example:a=1", message),
	    0);
	drive_rig_start(&rig);
	initiator_discover("a", rig.address, text, sizeof text);
	snprintf(expected, sizeof expected,
	    RIG_NAME " %s,1\n" RIG_NAME ".drive1 %s,1\n", rig.address,
	    rig.address);
	ck_assert_str_eq(text, expected);
	a = initiator_new("a");
	initiator_must_log_in(a, rig.address, RIG_NAME);
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY), "5/25/00");
	ck_assert_str_eq(initiator_read(a, 0, INQUIRY, received, 36), "good");
	ck_assert_uint_eq(received[0], 0x7f);
	ck_assert_str_eq(initiator_do(a, 1, TEST_UNIT_READY), "6/29/00");
	ck_assert_str_eq(initiator_read(a, 0, "a0 0 0 0 0 0 0 0 0 10", received,
			     16),
	    "good");
	ck_assert_uint_eq(received[3], 8);
	ck_assert_uint_eq(received[9], 1);
	initiator_log_out(a);
	a = initiator_new("a");
	ck_assert_ptr_nonnull(initiator_log_in(a, rig.address,
	    RIG_NAME ".drive0"));
	initiator_free(a);
	a = initiator_new("b");
	ck_assert_ptr_nonnull(initiator_log_in(a, rig.address, RIG_NAME));
	initiator_free(a);
}
END_TEST

START_TEST(all_is_answered_while_a_command_sleeps_and_it_can_be_aborted)
{
	struct iscsi_context *a, *b;
	struct scsi_task *task;

	drive_rig_start(&rig);
	a = connect_as("a");
	b = connect_as("b");
	ck_assert_str_eq(initiator_do(b, 1, TEST_UNIT_READY), "6/29/00");
	/* A thousand seconds of this model. */
	task = initiator_begin(a, 0, initiator_cdb(WRITE, 0, 100000), sent,
	    100000);
	ck_assert(initiator_nop(a, "are you there\n\n\n"));
	ck_assert_str_eq(initiator_read(a, 0, INQUIRY, received, 36), "good");
	ck_assert_str_eq(initiator_do(a, 1, TEST_UNIT_READY), "6/29/00");
	ck_assert_str_eq(initiator_do(b, 1, TEST_UNIT_READY), "good");
	if (_i == 0)
		ck_assert(initiator_abort(a, task));
	else
		ck_assert(initiator_reset(b, 0));
	ck_assert_str_eq(initiator_do(a, 0, TEST_UNIT_READY),
	    _i == 0 ? "good" : "6/29/03");
	if (_i == 1) {
		initiator_free(a);
		initiator_forget(task);
	} else
		initiator_log_out(a);
	initiator_log_out(b);
}
END_TEST

START_TEST(a_server_ends_while_a_command_sleeps)
{
	struct iscsi_context *a;
	struct scsi_task *task;

	drive_rig_start(&rig);
	a = connect_as("a");
	task = initiator_begin(a, 0, initiator_cdb(WRITE, 0, 100000), sent,
	    100000);
	iscsi_server_stop(rig.server);
	rig.server = NULL;
	ck_assert_ptr_nonnull(strstr(rig.events,
	    "drop iqn.2026-11.org.example:a " RIG_NAME ": the server ends\n"));
	initiator_free(a);
	initiator_forget(task);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi initiator");
	TCase *tc = tcase_create("libiscsi");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, discovery_names_the_targets);
	tcase_add_loop_test(tc, blocks_of_all_sizes_are_written_and_read, 0, 2);
	tcase_add_test(tc, the_residual_is_right_to_the_digit);
	tcase_add_test(tc, reads_that_are_outstanding_are_answered_in_order);
	tcase_add_test(tc, header_digests_are_right);
	tcase_add_test(tc, a_second_login_of_a_port_ends_the_first_session);
	tcase_add_loop_test(tc, a_session_ends_while_a_device_is_busy, 0, 2);
	tcase_add_test(tc, a_stop_does_not_wait_for_a_device_that_is_busy);
	tcase_add_test(tc,
	    without_login_attention_only_what_may_be_lost_is_reported);
	tcase_add_test(tc, two_initiators_use_the_drives_at_once);
	tcase_add_test(tc, each_drive_is_also_lun_0_of_a_target);
	tcase_add_test(tc, an_initiator_sees_the_units_that_it_may_use);
	suite_add_tcase(suite, tc);
	tc = tcase_create("libiscsi, paced");
	tcase_add_checked_fixture(tc, setup_paced, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc,
	    all_is_answered_while_a_command_sleeps_and_it_can_be_aborted, 0, 2);
	tcase_add_test(tc, a_server_ends_while_a_command_sleeps);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
