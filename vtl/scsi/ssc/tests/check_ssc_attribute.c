/*
 * check_ssc_attribute.c: READ ATTRIBUTE and WRITE ATTRIBUTE, byte by byte, with
 * every allocation length.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/base/big_endian.h"
#include "splitter/tests/run_suite.h"
#include "vtl/scsi/ssc/tests/attribute_fixture.h"
#include "vtl/tests/drive_fixture.h"

static struct ssc_fixture on;

static void expect(const char *text)
{
	ck_assert_str_eq(ssc_text(&on), text);
}

#define VENDOR  "08 00 01 00 08 54 41 50 45 4C 41 42 20"
#define CHARSET "08 05 00 00 01 81"

START_TEST(the_bytes_of_attributes)
{
	ssc_make(&on, NULL, NULL);
	ssc_expect_hex(&on, "8C 00 00 00 00 00 00 00 04 09 00 00 00 40", 64,
	    "00000007"
	    "0409800002"
	    "0000");
	attribute_write(&on, 0, VENDOR " " CHARSET);
	expect("good");
	ssc_expect_hex(&on, "8C 00 00 00 00 00 00 00 04 08 00 00 00 40", 64,
	    "00000020"
	    "0408800001"
	    "00"
	    "0409800002"
	    "0000"
	    "0800010008"
	    "544150454c414220"
	    "0805000001"
	    "81");
	/* the list of identifiers */
	ssc_expect_hex(&on, "8C 01 00 00 00 00 00 00 04 08 00 00 00 40", 64,
	    "00000008"
	    "0408040908000805");
	ssc_expect_hex(&on, "8C 02 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "00020001");
	ssc_expect_hex(&on, "8C 03 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "00020001");
	ssc_expect_hex(&on, "8C 05 00 00 00 00 00 00 08 0C 00 00 00 40", 64,
	    "00000006"
	    "080c08200821");
	ssc_finish(&on);
}
END_TEST

START_TEST(every_allocation_length_sends_the_beginning)
{
	static const char *const actions[] = { "00", "01", "02", "03", "05" };
	static uint8_t whole[ATTRIBUTE_ALL];
	char cdb[80];
	uint32_t bytes;

	ssc_make(&on, NULL, NULL);
	attribute_write(&on, 0, VENDOR);
	snprintf(cdb, sizeof cdb, "8C %s 00 00 00 00 00 00 00 00 00 00 EA 60",
	    actions[_i]);
	ssc_do(&on, cdb, ATTRIBUTE_ALL);
	bytes = on.answer.in_bytes;
	memcpy(whole, on.in, bytes);
	ck_assert_uint_eq(bytes,
	    _i == 2 || _i == 3 ? get_be16(whole) + 2u : get_be32(whole) + 4u);
	for (uint32_t n = 0; n <= bytes + 2; n++) {
		snprintf(cdb, sizeof cdb,
		    "8C %s 00 00 00 00 00 00 00 00 00 00 %x %x", actions[_i],
		    n >> 8, n & 0xff);
		ssc_do(&on, cdb, n);
		ck_assert_int_eq(on.answer.status, DEVICE_GOOD);
		ck_assert_uint_eq(on.answer.in_bytes, n < bytes ? n : bytes);
		ck_assert_int_eq(on.answer.residual,
		    n < bytes ? 0 : (int64_t)(n - bytes));
		ck_assert_mem_eq(on.in, whole, on.answer.in_bytes);
	}
	ssc_finish(&on);
}
END_TEST

START_TEST(attributes_are_ascending_and_complete)
{
	unsigned last = 0, id, count = 0;
	uint32_t at, end;

	ssc_make(&on, NULL, NULL);
	attribute_write(&on, 0, VENDOR " 16 23 00 00 01 01");
	attribute_read(&on, 0, 0, ATTRIBUTE_ALL);
	end = get_be32(on.in) + 4;
	ck_assert_uint_eq(end, on.answer.in_bytes);
	for (at = 4; at < end; at += get_be16(on.in + at + 3) + 5u, count++) {
		id = get_be16(on.in + at);
		ck_assert(count == 0 || id > last);
		ck_assert_int_eq(on.in[at + 2] >> 7, id < 0x800);
		ck_assert_uint_eq(on.in[at + 2] & 0x7c, 0);
		last = id;
	}
	ck_assert_uint_eq(at, end);
	ck_assert_uint_eq(last, 0x1623);
	ssc_finish(&on);
}
END_TEST

START_TEST(an_attribute_that_is_not_there_is_an_invalid_field)
{
	ssc_make(&on, NULL, NULL);
	ssc_expect(&on, "8C 00 00 00 00 00 00 00 08 06 00 00 01 00", 256,
	    "5/24/00 residual 256");
	ssc_expect(&on, "8C 01 00 00 00 00 00 00 08 06 00 00 01 00", 256,
	    "5/24/00 residual 256");
	ssc_expect(&on, "8C 00 00 00 00 00 00 01 00 00 00 00 01 00", 256,
	    "5/24/00 residual 256");
	ssc_expect(&on, "8C 00 00 00 00 01 00 00 00 00 00 00 01 00", 256,
	    "5/24/00 residual 256");
	ssc_expect(&on, "8C 04 00 00 00 00 00 00 00 00 00 00 01 00", 256,
	    "5/24/00 residual 256");
	attribute_write(&on, 0, VENDOR);
	ck_assert_ptr_nonnull(attribute_value(&on, 0, 0x800, 1, 8));
	/* A length of 0 removes it. */
	attribute_write(&on, 0, "08 00 01 00 00");
	expect("good");
	ck_assert_ptr_null(attribute_value(&on, 0, 0x800, 1, 8));
	attribute_write(&on, 0, "08 00 01 00 00");
	expect("good");
	ssc_finish(&on);
}
END_TEST

static const struct {
	const char *list, *answer;
	unsigned field; /* of the parameter list; 0: none */
} refused[] = {
	{ "04 00 01 00 08 54 41 50 45 4C 41 42 20", "5/26/00", 4 },
	{ "00 03 00 00 08 00 00 00 00 00 00 00 00", "5/26/00", 4 },
	{ "0C 00 00 00 01 00", "5/26/00", 4 },
	{ CHARSET " 08 00 01 00 07 54 41 50 45 4C 41 42", "5/26/00", 10 },
	{ CHARSET " 08 00 00 00 08 54 41 50 45 4C 41 42 20", "5/26/00", 10 },
	{ CHARSET " 08 05 03 00 01 81", "5/26/00", 10 },
	{ CHARSET " 08 11 00 00 01 81", "5/26/00", 10 },
	{ CHARSET " 04 01 00 00 00", "5/26/00", 10 },
	{ CHARSET " 08 00 01", "5/1A/00", 0 },
	{ CHARSET " 08 00 01 00 08 54", "5/1A/00", 0 },
};

START_TEST(a_list_with_one_bad_attribute_stores_nothing)
{
	ssc_make(&on, NULL, NULL);
	attribute_write(&on, 0, refused[_i].list);
	ck_assert_msg(strncmp(ssc_text(&on), refused[_i].answer, 7) == 0,
	    "%s: %s", refused[_i].list, ssc_text(&on));
	if (refused[_i].field > 0) {
		ck_assert_uint_eq(on.answer.sense[15] & 0xc0, 0x80);
		ck_assert_uint_eq(get_be16(on.answer.sense + 16),
		    refused[_i].field);
	}
	ck_assert_ptr_null(attribute_value(&on, 0, 0x805, 0, 1));
	ssc_finish(&on);
}
END_TEST

START_TEST(lengths_of_the_parameter_list)
{
	ssc_make(&on, NULL, NULL);
	ssc_expect(&on, "8D", 0, "good");
	ssc_expect(&on, "8D 00 00 00 00 00 00 00 00 00 00 00 00 03", 3,
	    "5/1A/00 residual 3");
	/* more is announced than is sent */
	put_be32(on.out, 7);
	ssc_expect(&on, "8D 00 00 00 00 00 00 00 00 00 00 00 00 0A", 10,
	    "5/1A/00");
	/* what follows the announced length is ignored */
	put_be32(on.out, 6);
	memcpy(on.out + 4, "\x08\x05\x00\x00\x01\x81\xff", 7);
	ssc_do(&on, "8D 00 00 00 00 00 00 00 00 00 00 00 00 0B", 11);
	ck_assert_int_eq(on.answer.status, DEVICE_GOOD);
	ck_assert_ptr_nonnull(attribute_value(&on, 0, 0x805, 0, 1));
	ssc_expect(&on, "8D 00 00 00 00 01 00 00 00 00 00 00 00 0A", 10,
	    "5/24/00 residual 10");
	attribute_write(&on, 1, CHARSET);
	ck_assert_uint_eq(on.answer.decoded.sense.asc, 0x24);
	ssc_finish(&on);
}
END_TEST

START_TEST(the_memory_has_an_end)
{
	char list[64 + 3 * 4000] = "14 00 00 0F A0";
	uint64_t left;

	ssc_make(&on, NULL, NULL);
	left = attribute_number(&on, 0, 4);
	ck_assert_uint_eq(left, attribute_number(&on, 0, 0x407));
	for (int i = 0; i < 4000; i++)
		strcat(list, " 01");
	for (char c = '0'; c < '4'; c++) {
		list[4] = c;
		attribute_write(&on, 0, list);
		expect("good");
		left -= 4005;
		ck_assert_uint_eq(attribute_number(&on, 0, 4), left);
	}
	list[4] = '4';
	attribute_write(&on, 0, list);
	ck_assert_int_eq(strncmp(ssc_text(&on), "5/55/06", 7), 0);
	/* one in place of another needs no more */
	list[4] = '3';
	attribute_write(&on, 0, list);
	expect("good");
	ck_assert_uint_eq(attribute_number(&on, 0, 4), left);
	ssc_finish(&on);
}
END_TEST

START_TEST(attributes_need_a_medium)
{
	ssc_make(&on, NULL, NULL);
	ssc_expect(&on, "1B", 0, "good");
	attribute_read(&on, 0, 0, 64);
	expect("2/3A/00 residual 64");
	ssc_expect(&on, "8C 02 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "2/3A/00 residual 64");
	ssc_expect(&on, "8C 03 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "2/3A/00 residual 64");
	attribute_write(&on, 0, CHARSET);
	expect("2/3A/00");
	ssc_finish(&on);
}
END_TEST

START_TEST(a_write_protected_medium_takes_no_attribute)
{
	int64_t ready_ns;

	ssc_make(&on, NULL, NULL);
	ssc_expect(&on, "1B", 0, "good");
	scratch_close(scsi_remove(on.unit));
	ck_assert_int_eq(chmod(scratch_path("v"), 0444), 0);
	scsi_insert(on.unit, scratch_open("v"), on.now_ns, &ready_ns);
	ssc_do(&on, "00", 0);
	attribute_write(&on, 0, CHARSET);
	ck_assert_int_eq(strncmp(ssc_text(&on), "7/27/00", 7), 0);
	ck_assert_uint_eq(attribute_number(&on, 0, 7), 1);
	ssc_finish(&on);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ssc_attribute");
	TCase *t = tcase_create("ssc_attribute");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, the_bytes_of_attributes);
	tcase_add_loop_test(t, every_allocation_length_sends_the_beginning, 0,
	    5);
	tcase_add_test(t, attributes_are_ascending_and_complete);
	tcase_add_test(t, an_attribute_that_is_not_there_is_an_invalid_field);
	tcase_add_loop_test(t, a_list_with_one_bad_attribute_stores_nothing, 0,
	    sizeof refused / sizeof refused[0]);
	tcase_add_test(t, lengths_of_the_parameter_list);
	tcase_add_test(t, the_memory_has_an_end);
	tcase_add_test(t, attributes_need_a_medium);
	tcase_add_test(t, a_write_protected_medium_takes_no_attribute);
	return run_suite(s);
}
