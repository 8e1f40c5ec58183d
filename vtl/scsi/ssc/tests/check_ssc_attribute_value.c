/*
 * check_ssc_attribute_value.c: what the attributes of a medium say: its
 * partitions, its use, its alerts.
 */
#include <check.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/tests/run_suite.h"
#include "vtl/scsi/ssc/tests/attribute_fixture.h"
#include "vtl/tests/drive_fixture.h"
#include "vtl/volume/history.h"

static struct ssc_fixture on;

#define CHARSET "08 05 00 00 01 81"

static void expect(const char *text)
{
	ck_assert_str_eq(ssc_text(&on), text);
}

START_TEST(attributes_belong_to_partitions_and_survive_a_format)
{
	const uint8_t *value;

	ssc_make(&on, NULL, NULL);
	ssc_format_two(&on);
	attribute_write(&on, 0, "08 0C 00 00 03 01 02 03 " CHARSET);
	expect("good");
	attribute_write(&on, 1, "08 0C 00 00 02 04 05");
	expect("good");
	value = attribute_value(&on, 1, 0x80c, 0, 2);
	ck_assert_mem_eq(value, "\4\5", 2);
	ck_assert_ptr_null(attribute_value(&on, 1, 0x805, 0, 1));
	ssc_format_two(&on);
	value = attribute_value(&on, 0, 0x80c, 0, 3);
	ck_assert_mem_eq(value, "\1\2\3", 3);
	ck_assert_ptr_nonnull(attribute_value(&on, 1, 0x80c, 0, 2));
	ck_assert_uint_eq(attribute_number(&on, 1, 7), 3);
	ssc_expect_hex(&on, "8C 03 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "00020002");
	ssc_expect(&on, "04", 0, "good");
	ssc_format_two(&on);
	ck_assert_ptr_nonnull(attribute_value(&on, 0, 0x80c, 0, 3));
	ck_assert_ptr_null(attribute_value(&on, 1, 0x80c, 0, 2));
	ssc_finish(&on);
}
END_TEST

START_TEST(the_change_reference_changes_with_the_first_write)
{
	static const unsigned block[] = { 100 };
	uint64_t first;

	ssc_make(&on, NULL, NULL);
	ck_assert_uint_eq(attribute_number(&on, 0, 9), 0);
	ssc_write_objects(&on, block, 1);
	first = attribute_number(&on, 0, 9);
	ck_assert_uint_ne(first, 0);
	ssc_write_objects(&on, block, 1);
	attribute_write(&on, 0, CHARSET);
	ck_assert_uint_eq(attribute_number(&on, 0, 9), first);
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	attribute_write(&on, 0, CHARSET);
	ck_assert_uint_eq(attribute_number(&on, 0, 9), first);
	ssc_expect(&on, "11 03", 0, "good");
	ssc_write_objects(&on, block, 1);
	ck_assert_uint_ne(attribute_number(&on, 0, 9), first);
	ssc_finish(&on);
}
END_TEST

START_TEST(computed_attributes_say_what_happened)
{
	struct volume_spec spec = fixture_spec();
	static uint8_t data[1 << 20];
	const struct volume_run run = { .data = data };
	struct scsi_result result;

	spec.capacity_bytes = 40 << 20;
	ssc_make(&on, NULL, &spec);
	ck_assert_uint_eq(attribute_number(&on, 0, 0), 40);
	ck_assert_uint_eq(attribute_number(&on, 0, 1), 40);
	ck_assert_uint_eq(attribute_number(&on, 0, 3), 1);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x225), UINT64_MAX);
	for (int i = 0; i < 300; i++) {
		struct volume_run block = run;

		scsi_write(on.unit, false, 4096 * 1, &block, on.now_ns,
		    &result);
		ck_assert(!result.check);
		on.now_ns = result.done_ns;
	}
	/* 300 blocks of 4 KiB are 1.17 MiB. */
	ck_assert_uint_eq(attribute_number(&on, 0, 0), 38);
	ck_assert_uint_eq(attribute_number(&on, 0, 1), 40);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x220), 1);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x222), 1);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x221), 0);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x225), 0);
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	ck_assert_uint_eq(attribute_number(&on, 0, 3), 2);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x220), 1);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x222), 0);
	ck_assert_mem_eq(attribute_value(&on, 0, 0x20b, 0x81, 40),
	    "IBM     TL00000001                      ", 40);
	ck_assert_mem_eq(attribute_value(&on, 0, 0x20c, 0x81, 40),
	    "                                        ", 40);
	ck_assert_mem_eq(attribute_value(&on, 0, 0x401, 0x81, 32),
	    "TST001L8                        ", 32);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x405), 0x5e);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x408), 0);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x403), 127);
	/* the load before this one, in the usage history */
	ck_assert_uint_eq(get_be32(attribute_value(&on, 0, 0x340, 0x80, 90) +
			      4 * 6 + 2),
	    1);
	ssc_finish(&on);
}
END_TEST

/* Writes this much, in blocks of 4 KiB. */
static void write_mib(unsigned count)
{
	ssc_set_block(&on, 4096);
	for (unsigned i = 0; i < 16 * count; i++)
		ssc_expect(&on, "0a 01 00 00 10", 65536, "good");
}

/* Returns a field of the usage history of a partition. */
static uint32_t history(unsigned partition, unsigned field)
{
	return get_be32(attribute_value(&on, partition, 0x341, 0x80, 60) +
	    4 * field);
}

START_TEST(each_partition_has_its_usage_history)
{
	enum { NOW, NOW_READ, LAST = 4, LIFE = 8, LIFE_READ, LOADS = 12 };
	struct volume_spec spec = fixture_spec();

	spec.capacity_bytes = 400 << 20;
	ssc_make(&on, NULL, &spec);
	ssc_format_two(&on);
	write_mib(2);
	ssc_expect(&on, "92 02 00 01", 0, "good");
	write_mib(3);
	ssc_expect(&on, "92 02 00 01", 0, "good");
	for (int i = 0; i < 16; i++)
		ssc_expect(&on, "08 01 00 00 10", 65536, "good in 65536");
	ck_assert_uint_eq(history(0, NOW), 2);
	ck_assert_uint_eq(history(0, NOW_READ), 0);
	ck_assert_uint_eq(history(1, NOW), 3);
	ck_assert_uint_eq(history(1, NOW_READ), 1);
	ck_assert_uint_eq(attribute_number(&on, 0, 0x220), 5);
	/* The next load; only partition 0 is written to. */
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	write_mib(1);
	ck_assert_uint_eq(history(0, LAST), 2);
	ck_assert_uint_eq(history(1, LAST), 3);
	ck_assert_uint_eq(history(0, LIFE), 3);
	ck_assert_uint_eq(history(1, LIFE), 3);
	ck_assert_uint_eq(history(1, LIFE_READ), 1);
	ck_assert_uint_eq(history(1, LOADS), 2);
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	ck_assert_uint_eq(history(0, LAST), 1);
	ck_assert_uint_eq(history(1, LAST), 0);
	ck_assert_uint_eq(attribute_number(&on, 1, 0x220), 6);
	ssc_finish(&on);
}
END_TEST

/* A volume says when it was made, or the attribute is not there. */
START_TEST(the_date_of_manufacture)
{
	static const char *const notes[] = { "20261129", "", "a note of 8",
		"2026112x" };

	ssc_make(&on, NULL, NULL);
	ck_assert_ptr_null(attribute_value(&on, 0, 0x406, 0x81, 8));
	for (int i = 0; i < 4; i++) {
		const uint8_t *date;

		ck_assert_int_eq(volume_log_event(on.volume, "created",
				     notes[i]),
		    0);
		date = attribute_value(&on, 0, 0x406, 0x81, 8);
		ck_assert_mem_eq(date, "20261129", 8);
	}
	/* All attributes from there on have it. */
	attribute_read(&on, 0, 0x405, ATTRIBUTE_ALL);
	ck_assert_uint_eq(get_be16(on.in + 4 + 6), 0x406);
	ssc_finish(&on);
}
END_TEST

START_TEST(tapealert_flags_are_read_and_not_cleared)
{
	const struct drive_options options = { .buffering = DRIVE_UNBUFFERED };

	ssc_make(&on, &options, NULL);
	ck_assert_int_eq(volume_set_life(on.volume, 1), 0);
	ck_assert_uint_eq(attribute_number(&on, 0, 2), 0);
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	/* flag 7 */
	ck_assert_uint_eq(attribute_number(&on, 0, 2), UINT64_C(1) << 57);
	ck_assert_uint_eq(attribute_number(&on, 0, 2), UINT64_C(1) << 57);
	ssc_finish(&on);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ssc_attribute_value");
	TCase *t = tcase_create("ssc_attribute_value");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, attributes_belong_to_partitions_and_survive_a_format);
	tcase_add_test(t, the_change_reference_changes_with_the_first_write);
	tcase_add_test(t, computed_attributes_say_what_happened);
	tcase_add_test(t, each_partition_has_its_usage_history);
	tcase_add_test(t, the_date_of_manufacture);
	tcase_add_test(t, tapealert_flags_are_read_and_not_cleared);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
