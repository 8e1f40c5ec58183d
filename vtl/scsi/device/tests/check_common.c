/*
 * check_common.c: the commands of every device: REQUEST SENSE, REPORT LUNS, the
 * reports of commands and task management functions, the timestamp; and the
 * answers of a logical unit that does not exist.
 */
#include <check.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/tests/run_suite.h"
#include "vtl/scsi/device/tests/toy_device.h"

START_TEST(request_sense_reports_the_attention_then_the_state)
{
	TOY_SEND(18, 0x03, 0, 0, 0, 18, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy_answer.in_bytes, 18);
	ck_assert_uint_eq(toy_in[0], 0x70);
	ck_assert_uint_eq(toy_in[2], 6);
	ck_assert_uint_eq(toy_in[12], 0x29);
	TOY_SEND(18, 0x03, 0, 0, 0, 18, 0);
	ck_assert_uint_eq(toy_in[2], 2);
	ck_assert_uint_eq(toy_in[12], 0x3a);
	/* in descriptor format, cut at 4 bytes */
	TOY_SEND(18, 0x03, 1, 0, 0, 4, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 4);
	ck_assert_uint_eq(toy_in[0], 0x72);
	ck_assert_uint_eq(toy_in[1], 2);
	ck_assert_uint_eq(toy_in[2], 0x3a);
}
END_TEST

/* REPORT LUNS neither reports nor removes a unit attention. */
START_TEST(report_luns_lists_the_luns_of_the_target)
{
	TOY_SEND(200, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy_answer.in_bytes, 8 + 5 * 8);
	ck_assert_uint_eq(get_be32(toy_in), 5 * 8);
	ck_assert_uint_eq(get_be16(toy_in + 8), 0);
	ck_assert_uint_eq(get_be16(toy_in + 16), 1);
	ck_assert_uint_eq(get_be16(toy_in + 24), 255);
	ck_assert_uint_eq(get_be16(toy_in + 32), 0x4100);
	ck_assert_uint_eq(get_be16(toy_in + 40), 0x7fff);
	/* The length is the whole, whatever is cut. */
	TOY_SEND(16, 0xa0, 0, 2, 0, 0, 0, 0, 0, 0, 16, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 16);
	ck_assert_uint_eq(get_be32(toy_in), 5 * 8);
	/* only well-known logical units */
	TOY_SEND(16, 0xa0, 0, 1, 0, 0, 0, 0, 0, 0, 16, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 8);
	ck_assert_uint_eq(get_be32(toy_in), 0);
	toy_settle(0);
	TOY_SEND(16, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 0, 0);
	toy_assert_sense(5, 0x24, 0);
	TOY_SEND(16, 0xa0, 0, 3, 0, 0, 0, 0, 0, 0, 16, 0, 0);
	toy_assert_sense(5, 0x24, 0);
}
END_TEST

/* The operation codes of the device, ascending: common ones and its own. */
START_TEST(all_operation_codes_are_reported)
{
	static const uint8_t want[][2] = { { 0x03, 0 }, { 0x08, 0 },
		{ 0x15, 0 }, { 0x1a, 0 }, { 0x34, 0 }, { 0x34, 1 }, { 0xa0, 0 },
		{ 0xa3, 0x0c }, { 0xa3, 0x0d }, { 0xa3, 0x0f },
		{ 0xa4, 0x0f } };
	enum { COUNT = sizeof want / sizeof want[0] };
	bool timeouts = _i;
	unsigned each = timeouts ? 20 : 8, found = 0;

	toy_settle(0);
	TOY_SEND(sizeof toy_in, 0xa3, 0x0c, timeouts ? 0x80 : 0, 0, 0, 0, 0, 0,
	    4, 0, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, get_be32(toy_in) + 4);
	ck_assert_uint_eq(get_be32(toy_in) % each, 0);
	for (unsigned at = 4; at < toy_answer.in_bytes; at += each) {
		ck_assert_uint_eq(!!(toy_in[at + 5] & 2), timeouts);
		for (unsigned i = 0; i < COUNT; i++)
			found += toy_in[at] == want[i][0] &&
			    get_be16(toy_in + at + 2) == want[i][1];
		if (toy_in[at] == 0x08) {
			ck_assert_uint_eq(get_be16(toy_in + at + 6), 6);
			if (timeouts)
				ck_assert_uint_eq(get_be32(toy_in + at + 16),
				    2340);
		}
		if (toy_in[at] == 0x34)
			ck_assert_uint_eq(toy_in[at + 5] & 1, 1);
		if (at > 4)
			ck_assert_uint_ge(toy_in[at], toy_in[at - each]);
	}
	ck_assert_uint_eq(found, COUNT);
}
END_TEST

/* What iSCSI initiators can ask for; not CLEAR ACA, queries, WAKEUP. */
START_TEST(task_management_functions_are_reported)
{
	toy_settle(0);
	TOY_SEND(64, 0xa3, 0x0d, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 4);
	ck_assert_mem_eq(toy_in, "\xda\0\0\0", 4);
	TOY_SEND(64, 0xa3, 0x0d, 0x80, 0, 0, 0, 0, 0, 0, 64, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 16);
	ck_assert_mem_eq(toy_in, "\xda\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	TOY_SEND(64, 0xa3, 0x0d, 0x80, 0, 0, 0, 0, 0, 0, 4, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 4);
	TOY_SEND(64, 0xa3, 0x0d, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0);
	toy_assert_sense(5, 0x24, 0);
}
END_TEST

START_TEST(one_operation_code_is_reported)
{
	toy_settle(0);
	TOY_SEND(100, 0xa3, 0x0c, 0x81, 0x08, 0, 0, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 4 + 6 + 12);
	ck_assert_mem_eq(toy_in, "\0\x83\0\6\x08\3\xff\xff\xff\0\0\x0a", 12);
	ck_assert_uint_eq(get_be32(toy_in + 18), 2340);
	/* unknown */
	TOY_SEND(100, 0xa3, 0x0c, 1, 0xff, 0, 0, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 4);
	ck_assert_uint_eq(toy_in[1], 1);
	/* with a service action */
	TOY_SEND(100, 0xa3, 0x0c, 2, 0x34, 0, 1, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 4 + 10);
	ck_assert_uint_eq(toy_in[1], 3);
	TOY_SEND(100, 0xa3, 0x0c, 2, 0x34, 0, 7, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 4);
	ck_assert_uint_eq(toy_in[1], 1);
	TOY_SEND(100, 0xa3, 0x0c, 3, 0x34, 0, 1, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(toy_in[1], 3);
	TOY_SEND(100, 0xa3, 0x0c, 3, 0x08, 0, 0, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(toy_in[1], 3);
	/* The question does not fit the command. */
	TOY_SEND(100, 0xa3, 0x0c, 1, 0x34, 0, 0, 0, 0, 0, 100, 0, 0);
	toy_assert_sense(5, 0x24, 0);
	TOY_SEND(100, 0xa3, 0x0c, 2, 0x08, 0, 0, 0, 0, 0, 100, 0, 0);
	toy_assert_sense(5, 0x24, 0);
	TOY_SEND(100, 0xa3, 0x0c, 4, 0, 0, 0, 0, 0, 0, 100, 0, 0);
	toy_assert_sense(5, 0x24, 0);
}
END_TEST

/* SPC-4: which commands are answered where no logical unit is. */
START_TEST(a_lun_without_unit_is_answered)
{
	struct device_command command = { .in = toy_in,
		.in_room = 64,
		.expected = 64,
		.luns = toy_luns,
		.lun_count = 2 };

	memcpy(command.cdb, "\x12\0\0\0\x40", 5);
	device_execute_without_unit(&command, &toy_answer);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy_in[0], 0x7f);
	ck_assert_uint_eq(toy_answer.in_bytes, 36);
	ck_assert_int_eq(toy_answer.residual, 64 - 36);
	memcpy(command.cdb, "\x03\0\0\0\x40", 5);
	device_execute_without_unit(&command, &toy_answer);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy_in[2], 5);
	ck_assert_uint_eq(toy_in[12], 0x25);
	memcpy(command.cdb, "\0\0\0\0\0", 5);
	device_execute_without_unit(&command, &toy_answer);
	toy_assert_sense(5, 0x25, 0);
	memcpy(command.cdb, "\xa0\0\0\0\0\0\0\0\0\x40", 10);
	device_execute_without_unit(&command, &toy_answer);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(get_be32(toy_in), 16);
}
END_TEST

/* REPORT TIMESTAMP; returns the milliseconds. */
static uint64_t timestamp(unsigned origin)
{
	TOY_SEND(64, 0xa3, 0x0f, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 12);
	ck_assert_uint_eq(get_be16(toy_in), 10);
	ck_assert_uint_eq(toy_in[2], origin);
	ck_assert_uint_eq(get_be16(toy_in + 10), 0);
	return (uint64_t)get_be16(toy_in + 4) << 32 | get_be32(toy_in + 6);
}

START_TEST(the_timestamp_counts_from_power_on_or_from_what_was_set)
{
	static const uint8_t list[16] = { [4] = 1, [9] = 7 };
	const uint64_t set_ms = (UINT64_C(1) << 40) + 7;

	toy_settle(0);
	toy_settle(1);
	toy_now_ns = INT64_C(1234567890);
	ck_assert_uint_eq(timestamp(0), 1234);
	toy_send_as(0, TOY_CDB(0xa4, 0x0f, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0), 12,
	    list);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	toy_now_ns += INT64_C(5000000000);
	ck_assert_uint_eq(timestamp(2), set_ms + 5000);
	/* A reset of the unit keeps it. */
	device_reset(toy_device, toy_now_ns);
	TOY_SEND(0, 0x1a, 0, 0, 0, 0, 0);
	toy_assert_sense(6, 0x29, 3);
	ck_assert_uint_eq(timestamp(2), set_ms + 5000);
	/* Only the beginning is wanted. */
	TOY_SEND(64, 0xa3, 0x0f, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0);
	ck_assert_uint_eq(toy_answer.in_bytes, 3);
}
END_TEST

START_TEST(other_nexuses_are_told_of_a_new_timestamp)
{
	static const uint8_t list[12] = { [9] = 1 };

	toy_settle(0);
	toy_settle(1);
	toy_send_as(0, TOY_CDB(0xa4, 0x0f, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0), 12,
	    list);
	toy_send_as(1, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	toy_assert_sense(6, 0x2a, 0x10);
	toy_send_as(0, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
}
END_TEST

START_TEST(lists_that_set_no_timestamp)
{
	static const uint8_t list[12] = { [9] = 1 };

	toy_settle(0);
	toy_now_ns = 5;
	toy_send_as(0, TOY_CDB(0xa4, 0x0f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0,
	    NULL);
	ck_assert_int_eq(toy_answer.status, DEVICE_GOOD);
	toy_send_as(0, TOY_CDB(0xa4, 0x0f, 0, 0, 0, 0, 0, 0, 0, 11, 0, 0), 11,
	    list);
	toy_assert_sense(5, 0x1a, 0);
	toy_send_as(0, TOY_CDB(0xa4, 0x0f, 0, 0, 0, 0, 0, 0, 0, 13, 0, 0), 12,
	    list);
	toy_assert_sense(5, 0x1a, 0);
	ck_assert_uint_eq(timestamp(0), 0);
	/* An unknown action: the sense data points to it. */
	TOY_SEND(64, 0xa4, 0x0e, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0);
	toy_assert_sense(5, 0x24, 0);
	ck_assert_mem_eq(toy_answer.sense + 15, "\xcc\0\1", 3);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("common");
	TCase *t = tcase_create("common");

	tcase_add_checked_fixture(t, toy_set_up, toy_tear_down);
	suite_add_tcase(s, t);
	tcase_add_test(t, request_sense_reports_the_attention_then_the_state);
	tcase_add_test(t, report_luns_lists_the_luns_of_the_target);
	tcase_add_loop_test(t, all_operation_codes_are_reported, 0, 2);
	tcase_add_test(t, task_management_functions_are_reported);
	tcase_add_test(t, one_operation_code_is_reported);
	tcase_add_test(t, a_lun_without_unit_is_answered);
	tcase_add_test(t,
	    the_timestamp_counts_from_power_on_or_from_what_was_set);
	tcase_add_test(t, other_nexuses_are_told_of_a_new_timestamp);
	tcase_add_test(t, lists_that_set_no_timestamp);
	return run_suite(s);
}
