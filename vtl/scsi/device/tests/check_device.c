/*
 * check_device.c: what all devices have in common: the order of checks, unit
 * attentions, lengths, sense data.
 */
#include <check.h>
#include <pthread.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/tests/run_suite.h"
#include "vtl/scsi/device/tests/toy_device.h"

START_TEST(each_nexus_is_told_of_power_on_once)
{
	toy_settle(0);
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy.runs, 1);
	toy_settle(7);
	toy_send_as(7, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy.nexus, 7);
}
END_TEST

/* Only one condition is reported at a time, power on first. */
START_TEST(attentions_come_in_the_order_of_their_weight)
{
	toy_settle(0);
	device_establish(toy_device, SCSI_MODE_CHANGED, SCSI_EVERY_NEXUS);
	device_establish(toy_device, SCSI_MEDIUM_CHANGED, SCSI_EVERY_NEXUS);
	device_establish(toy_device, SCSI_IE_ACCESSED, 0);
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
	toy_assert_sense(6, 0x28, 0);
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
	toy_assert_sense(6, 0x2a, 1);
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
}
END_TEST

START_TEST(a_reset_replaces_what_was_pending)
{
	toy_settle(0);
	device_establish(toy_device, SCSI_MODE_CHANGED, SCSI_EVERY_NEXUS);
	toy.nexuses.prevented = 1;
	device_reset(toy_device, 0);
	ck_assert_uint_eq(toy.resets, 1);
	ck_assert_uint_eq(toy.nexuses.prevented, 0);
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
	toy_assert_sense(6, 0x29, 3);
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
}
END_TEST

/* A unit attention comes before an unknown command and a bad field. */
START_TEST(a_command_is_checked_in_the_order_of_sam)
{
	TOY_SEND(0, 0xff, 0, 0, 0, 0, 0);
	toy_assert_sense(6, 0x29, 0);
	TOY_SEND(0, 0xff, 0, 0, 0, 0, 0);
	toy_assert_sense(5, 0x20, 0);
	ck_assert_uint_eq(toy_answer.sense[15], 0xc0);
	ck_assert_uint_eq(get_be16(toy_answer.sense + 16), 0);
	TOY_SEND(0, 0x34, 9, 0, 0, 0, 0, 0, 0, 8, 0);
	toy_assert_sense(5, 0x24, 0);
	ck_assert_uint_eq(toy_answer.sense[15], 0xcc);
	ck_assert_uint_eq(get_be16(toy_answer.sense + 16), 1);
	/* NACA in the control byte of a CDB with 6, and with 10 bytes */
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 4);
	toy_assert_sense(5, 0x24, 0);
	ck_assert_uint_eq(toy_answer.sense[15], 0xca);
	ck_assert_uint_eq(get_be16(toy_answer.sense + 16), 5);
	TOY_SEND(8, 0x34, 1, 0, 0, 0, 0, 0, 0, 8, 1);
	toy_assert_sense(5, 0x24, 0);
	ck_assert_uint_eq(get_be16(toy_answer.sense + 16), 9);
	ck_assert_uint_eq(toy.runs, 0);
}
END_TEST

/* SCSI-2 had the LUN in byte 1: Linux ch and mtx still write it there. */
START_TEST(a_lun_in_byte_1_is_ignored)
{
	toy_settle(0);
	TOY_SEND(8, 0x1a, 0xe0, 0, 0, 8, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	/* Of the longer commands only those of the changer. */
	TOY_SEND(8, 0x34, 0xe1, 0, 0, 0, 0, 0, 0, 8, 0);
	toy_assert_sense(5, 0x24, 0);
	toy_tear_down();
	toy_set_up_as(8);
	toy_settle(0);
	TOY_SEND(8, 0x34, 0xe1, 0, 0, 0, 0, 0, 0, 8, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
}
END_TEST

/* 8 bytes of data, for allocation and expected lengths from 0 to 12. */
START_TEST(data_in_obeys_both_lengths)
{
	unsigned allocation = (unsigned)_i / 13, expected = (unsigned)_i % 13;
	unsigned wanted = allocation < 8 ? allocation : 8;

	toy_settle(0);
	TOY_SEND(expected, 0x1a, 0, 0, 0, (uint8_t)allocation, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy_answer.in_bytes,
	    wanted < expected ? wanted : expected);
	for (unsigned i = 0; i < toy_answer.in_bytes; i++)
		ck_assert_uint_eq(toy_in[i], i + 1);
	ck_assert_int_eq(toy_answer.residual, (int)expected - (int)wanted);
}
END_TEST

START_TEST(a_command_without_data_underflows)
{
	toy_settle(0);
	TOY_SEND(100, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_int_eq(toy_answer.residual, 100);
	ck_assert_int_eq(toy_answer.done_ns, 5);
}
END_TEST

/* A block is refused before anything moves if it would be cut. */
START_TEST(a_block_is_not_cut)
{
	toy_settle(0);
	TOY_SEND(9, 0x08, 0, 0, 0, 10, 0);
	toy_assert_sense(5, 0x0e, 3);
	ck_assert_uint_eq(toy_answer.in_bytes, 0);
	ck_assert_int_eq(toy_answer.residual, 9);
	TOY_SEND(12, 0x08, 0, 0, 0, 10, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy_answer.in_bytes, 10);
	ck_assert_int_eq(toy_answer.residual, 2);
}
END_TEST

START_TEST(a_parameter_list_must_be_complete)
{
	toy_settle(0);
	toy_send_as(0, TOY_CDB(0x15, 0, 0, 0, 2, 0), 1, "\7");
	toy_assert_sense(5, 0x1a, 0);
	toy_send_as(0, TOY_CDB(0x15, 0, 0, 0, 2, 0), 2, "\7");
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_int_eq(toy_answer.residual, 0);
	toy_send_as(0, TOY_CDB(0x15, 0, 0, 0, 2, 0), 2, "\0");
	toy_assert_sense(5, 0x26, 0);
	ck_assert_uint_eq(toy_answer.sense[15], 0x8b);
	ck_assert_uint_eq(get_be16(toy_answer.sense + 16), 0);
}
END_TEST

START_TEST(the_sense_format_is_that_of_the_control_page)
{
	toy.descriptors = true;
	TOY_SEND(0, 0xff, 0, 0, 0, 0, 0);
	ck_assert_uint_eq(toy_answer.sense[0], 0x72);
	ck_assert_uint_eq(toy_answer.sense[1], 6);
	ck_assert_uint_eq(toy_answer.sense[2], 0x29);
	/* a field pointer follows the stream descriptor */
	TOY_SEND(0, 0x34, 9, 0, 0, 0, 0, 0, 0, 8, 0);
	ck_assert_uint_eq(toy_answer.sense_bytes, 20);
	ck_assert_uint_eq(toy_answer.sense[7], 12);
	ck_assert_mem_eq(toy_answer.sense + 12, "\2\6\0\0\xcc\0\1\0", 8);
}
END_TEST

/* A nexus that was lost and comes back gets 29/07; a new one gets 29/00. */
START_TEST(a_nexus_is_told_that_it_was_lost)
{
	struct device_port port = { .initiator = "iqn.2026-11.test:a",
		.isid = { 0x80, 1 },
		.target = "iqn.2026-11.test:t" };

	device_nexus_open(toy_device, 3, &port);
	toy_settle(3);
	toy.nexuses.prevented = 1 << 3 | 1 << 4;
	device_nexus_lost(toy_device, 3);
	ck_assert_uint_eq(toy.nexuses.prevented, 1 << 4);
	/* another port of the same initiator */
	port.isid[5] = 1;
	device_nexus_open(toy_device, 3, &port);
	toy_settle(3);
	device_nexus_lost(toy_device, 3);
	/* the same port, with another number */
	device_nexus_open(toy_device, 9, &port);
	toy_send_as(9, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	toy_assert_sense(6, 0x29, 7);
	toy_send_as(9, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
}
END_TEST

static unsigned watched;

static void watch(void *arg, const struct device_command *command,
    const struct device_answer *seen)
{
	ck_assert_ptr_eq(arg, &watched);
	ck_assert_uint_eq(command->cdb[0], 0xff);
	ck_assert_uint_eq(seen->sense[2], 6);
	watched++;
}

START_TEST(the_watch_is_told_of_each_command)
{
	device_set_watch(toy_device, watch, &watched);
	TOY_SEND(0, 0xff, 0, 0, 0, 0, 0);
	ck_assert_uint_eq(watched, 1);
}
END_TEST

START_TEST(only_inquiry_report_luns_and_request_sense_run_beside)
{
	uint8_t cdb[DEVICE_CDB_BYTES] = { (uint8_t)_i };

	ck_assert_int_eq(device_runs_beside(cdb),
	    _i == 0x12 || _i == 0xa0 || _i == 0x03);
}
END_TEST

static unsigned visits;

static void count_visit(void *arg)
{
	ck_assert_ptr_eq(arg, &visits);
	visits++;
}

/*
 * Expected: these do not wait while another thread executes a command, however
 * long that takes: here it never ends, and so would the test.
 * Bug: they waited for its lock.
 */
START_TEST(nobody_waits_for_a_command_of_another)
{
	const struct device_port port = { .initiator = "iqn.2026-11.test:a" };

	toy_settle(0);
	toy_settle(7);
	device_set_visitor(toy_device, count_visit, &visits);
	visits = 0;
	device_lock(toy_device);
	device_establish(toy_device, SCSI_MODE_CHANGED, 7);
	device_commands_cleared(toy_device, 1 << 7);
	device_nexus_open(toy_device, 3, &port);
	toy.nexuses.prevented |= 1 << 3;
	device_nexus_lost(toy_device, 3);
	device_nexus_quiet(toy_device, 5);
	ck_assert_uint_eq(toy.nexuses.prevented, 0);
	ck_assert(!device_holds_medium(toy_device));
	TOY_SEND(18, 0x03, 0, 0, 0, 18, 0); /* REQUEST SENSE */
	ck_assert_mem_eq(toy_in + 12, "\x2a\x01", 2);
	/* The state of the unit (2/3A/00) is not known now. */
	TOY_SEND(18, 0x03, 0, 0, 0, 18, 0);
	ck_assert_uint_eq(toy_in[2], SENSE_NO_SENSE);
	TOY_SEND(48, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	device_visit(toy_device);
	device_visit(toy_device);
	ck_assert_uint_eq(visits, 0);
	device_unlock(toy_device);
	ck_assert_uint_eq(visits, 1);
	device_visit(toy_device);
	ck_assert_uint_eq(visits, 2);
	TOY_SEND(18, 0x03, 0, 0, 0, 18, 0);
	ck_assert_mem_eq(toy_in + 12, "\x3a\x00", 2);
	toy_send_as(7, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	toy_assert_sense(6, 0x2f, 0);
	/* Nexus 3 is new; nexuses 0 and 5 have nothing to report. */
	toy_send_as(3, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	toy_assert_sense(6, 0x29, 0);
	toy_send_as(5, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
}
END_TEST

/* Someone asks for a visit when the visitor has just been called. */
static void ask_again(void *arg)
{
	count_visit(arg);
	if (visits < 3)
		device_visit(toy_device);
}

START_TEST(a_visit_that_is_asked_for_during_a_visit_follows)
{
	visits = 0;
	device_set_visitor(toy_device, ask_again, &visits);
	device_visit(toy_device);
	ck_assert_uint_eq(visits, 3);
	ck_assert(device_trylock(toy_device));
	device_unlock(toy_device);
}
END_TEST

/* Called once when a mutex was unlocked: another thread runs there. */
static void (*unlocked)(void);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	void (*call)(void) = unlocked;
	const int error = __real_pthread_mutex_unlock(mutex);

	unlocked = NULL;
	if (call != NULL)
		call();
	return error;
}

static unsigned visits_seen;

static void note_visits(void *arg, const struct device_command *command,
    const struct device_answer *answer)
{
	(void)arg;
	(void)command;
	(void)answer;
	visits_seen = visits;
}

static void send_command(void)
{
	TOY_SEND(8, 0x1a, 0, 0, 0, 8, 0);
}

/* A visit is asked for late, and a command waits for the lock. */
static void ask_late(void *arg)
{
	ask_again(arg);
	if (visits == 1)
		unlocked = send_command;
}

/*
 * Expected: the visit comes before a command that begins after it was asked for.
 * Bug: a command that waited for the lock came first.
 */
START_TEST(a_visit_comes_before_a_command_that_waits)
{
	toy_settle(0);
	visits = 0;
	device_set_watch(toy_device, note_visits, NULL);
	device_set_visitor(toy_device, ask_late, &visits);
	device_visit(toy_device);
	ck_assert_uint_eq(visits_seen, 2);
	ck_assert_uint_eq(visits, 3);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("device");
	TCase *t = tcase_create("device");

	tcase_add_checked_fixture(t, toy_set_up, toy_tear_down);
	suite_add_tcase(s, t);
	tcase_add_test(t, each_nexus_is_told_of_power_on_once);
	tcase_add_test(t, attentions_come_in_the_order_of_their_weight);
	tcase_add_test(t, a_reset_replaces_what_was_pending);
	tcase_add_test(t, a_command_is_checked_in_the_order_of_sam);
	tcase_add_test(t, a_lun_in_byte_1_is_ignored);
	tcase_add_loop_test(t, data_in_obeys_both_lengths, 0, 13 * 13);
	tcase_add_test(t, a_command_without_data_underflows);
	tcase_add_test(t, a_block_is_not_cut);
	tcase_add_test(t, a_parameter_list_must_be_complete);
	tcase_add_test(t, the_sense_format_is_that_of_the_control_page);
	tcase_add_test(t, a_nexus_is_told_that_it_was_lost);
	tcase_add_test(t, the_watch_is_told_of_each_command);
	tcase_add_test(t, nobody_waits_for_a_command_of_another);
	tcase_add_test(t, a_visit_that_is_asked_for_during_a_visit_follows);
	tcase_add_test(t, a_visit_comes_before_a_command_that_waits);
	tcase_add_loop_test(t,
	    only_inquiry_report_luns_and_request_sense_run_beside, 0, 256);
	return run_suite(s);
}
