/*
 * check_ssc_attribute.c: READ ATTRIBUTE and WRITE ATTRIBUTE, byte by byte, with
 * every allocation length; and what attributes say about a medium.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/big_endian.h"
#include "vtl/scsi/ssc/tests/ssc_fixture.h"
#include "vtl/tests/drive_fixture.h"

enum { ALL = 60000 };

static struct ssc_fixture on;

/* Reads the attributes of a partition, from an identifier upwards. */
static void read_from(unsigned partition, unsigned id, uint32_t allocation)
{
	char cdb[64];

	snprintf(cdb, sizeof cdb,
	    "8C 00 00 00 00 00 00 %x %x %x 00 00 %x %x 00 00", partition,
	    id >> 8, id & 0xff, allocation >> 8, allocation & 0xff);
	ssc_do(&on, cdb, allocation);
}

/*
 * Returns the value of an attribute; NULL if it is not there.  Checks that it
 * has the format and length.
 */
static const uint8_t *value_of(unsigned partition, unsigned id, uint8_t format,
    uint16_t bytes)
{
	read_from(partition, id, ALL);
	if (on.answer.status != DEVICE_GOOD) {
		ck_assert_uint_eq(on.answer.decoded.sense.asc, 0x24);
		return NULL;
	}
	ck_assert_uint_eq(get_be16(on.in + 4), id);
	ck_assert_uint_eq(on.in[6], format);
	ck_assert_uint_eq(get_be16(on.in + 7), bytes);
	return on.in + 9;
}

static uint64_t number_of(unsigned partition, unsigned id)
{
	const uint8_t *value;

	read_from(partition, id, ALL);
	ck_assert_int_eq(on.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(get_be16(on.in + 4), id);
	ck_assert_uint_eq(on.in[6], 0x80);
	value = on.in + 9;
	switch (get_be16(on.in + 7)) {
	case 1:
		return value[0];
	case 2:
		return get_be16(value);
	case 4:
		return get_be32(value);
	default:
		return get_be64(value);
	}
}

/* Writes the attributes, which are given in hexadecimal without the length. */
static void write_list(unsigned partition, const char *hex)
{
	size_t n = 0;
	char cdb[64];

	for (char *end; *hex != '\0'; hex = end) {
		on.out[4 + n++] = (uint8_t)strtoul(hex, &end, 16);
		ck_assert_ptr_ne(hex, end);
	}
	put_be32(on.out, n);
	snprintf(cdb, sizeof cdb, "8D 00 00 00 00 00 00 %x 00 00 00 00 %x %x",
	    partition, (unsigned)(n + 4) >> 8, (unsigned)(n + 4) & 0xff);
	ssc_do(&on, cdb, (uint32_t)n + 4);
}

static void expect(const char *text)
{
	ck_assert_str_eq(ssc_text(&on), text);
}

static void format_two(void)
{
	const struct scsi_partitions page = { .additional = 1, .sdp = true };

	ck_assert_int_eq(scsi_set_partitions(on.unit, &page), SCSI_SELECTED);
	ssc_expect(&on, "01", 0, "good");
	ssc_expect(&on, "04 00 01", 0, "good");
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
	write_list(0, VENDOR " " CHARSET);
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
	static uint8_t whole[ALL];
	char cdb[80];
	uint32_t bytes;

	ssc_make(&on, NULL, NULL);
	write_list(0, VENDOR);
	snprintf(cdb, sizeof cdb, "8C %s 00 00 00 00 00 00 00 00 00 00 EA 60",
	    actions[_i]);
	ssc_do(&on, cdb, ALL);
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
	write_list(0, VENDOR " 16 23 00 00 01 01");
	read_from(0, 0, ALL);
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
	write_list(0, VENDOR);
	ck_assert_ptr_nonnull(value_of(0, 0x800, 1, 8));
	/* A length of 0 removes it. */
	write_list(0, "08 00 01 00 00");
	expect("good");
	ck_assert_ptr_null(value_of(0, 0x800, 1, 8));
	write_list(0, "08 00 01 00 00");
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
	write_list(0, refused[_i].list);
	ck_assert_msg(strncmp(ssc_text(&on), refused[_i].answer, 7) == 0,
	    "%s: %s", refused[_i].list, ssc_text(&on));
	if (refused[_i].field > 0) {
		ck_assert_uint_eq(on.answer.sense[15] & 0xc0, 0x80);
		ck_assert_uint_eq(get_be16(on.answer.sense + 16),
		    refused[_i].field);
	}
	ck_assert_ptr_null(value_of(0, 0x805, 0, 1));
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
	ck_assert_ptr_nonnull(value_of(0, 0x805, 0, 1));
	ssc_expect(&on, "8D 00 00 00 00 01 00 00 00 00 00 00 00 0A", 10,
	    "5/24/00 residual 10");
	write_list(1, CHARSET);
	ck_assert_uint_eq(on.answer.decoded.sense.asc, 0x24);
	ssc_finish(&on);
}
END_TEST

START_TEST(the_memory_has_an_end)
{
	char list[64 + 3 * 4000] = "14 00 00 0F A0";
	uint64_t left;

	ssc_make(&on, NULL, NULL);
	left = number_of(0, 4);
	ck_assert_uint_eq(left, number_of(0, 0x407));
	for (int i = 0; i < 4000; i++)
		strcat(list, " 01");
	for (char c = '0'; c < '4'; c++) {
		list[4] = c;
		write_list(0, list);
		expect("good");
		left -= 4005;
		ck_assert_uint_eq(number_of(0, 4), left);
	}
	list[4] = '4';
	write_list(0, list);
	ck_assert_int_eq(strncmp(ssc_text(&on), "5/55/06", 7), 0);
	/* one in place of another needs no more */
	list[4] = '3';
	write_list(0, list);
	expect("good");
	ck_assert_uint_eq(number_of(0, 4), left);
	ssc_finish(&on);
}
END_TEST

START_TEST(attributes_belong_to_partitions_and_survive_a_format)
{
	const uint8_t *value;

	ssc_make(&on, NULL, NULL);
	format_two();
	write_list(0, "08 0C 00 00 03 01 02 03 " CHARSET);
	expect("good");
	write_list(1, "08 0C 00 00 02 04 05");
	expect("good");
	value = value_of(1, 0x80c, 0, 2);
	ck_assert_mem_eq(value, "\4\5", 2);
	ck_assert_ptr_null(value_of(1, 0x805, 0, 1));
	format_two();
	value = value_of(0, 0x80c, 0, 3);
	ck_assert_mem_eq(value, "\1\2\3", 3);
	ck_assert_ptr_nonnull(value_of(1, 0x80c, 0, 2));
	ck_assert_uint_eq(number_of(1, 7), 3);
	ssc_expect_hex(&on, "8C 03 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "00020002");
	ssc_expect(&on, "04", 0, "good");
	format_two();
	ck_assert_ptr_nonnull(value_of(0, 0x80c, 0, 3));
	ck_assert_ptr_null(value_of(1, 0x80c, 0, 2));
	ssc_finish(&on);
}
END_TEST

START_TEST(the_change_reference_changes_with_the_first_write)
{
	static const unsigned block[] = { 100 };
	uint64_t first;

	ssc_make(&on, NULL, NULL);
	ck_assert_uint_eq(number_of(0, 9), 0);
	ssc_write_objects(&on, block, 1);
	first = number_of(0, 9);
	ck_assert_uint_ne(first, 0);
	ssc_write_objects(&on, block, 1);
	write_list(0, CHARSET);
	ck_assert_uint_eq(number_of(0, 9), first);
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	write_list(0, CHARSET);
	ck_assert_uint_eq(number_of(0, 9), first);
	ssc_expect(&on, "11 03", 0, "good");
	ssc_write_objects(&on, block, 1);
	ck_assert_uint_ne(number_of(0, 9), first);
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
	ck_assert_uint_eq(number_of(0, 0), 40);
	ck_assert_uint_eq(number_of(0, 1), 40);
	ck_assert_uint_eq(number_of(0, 3), 1);
	ck_assert_uint_eq(number_of(0, 0x225), UINT64_MAX);
	for (int i = 0; i < 300; i++) {
		struct volume_run block = run;

		scsi_write(on.unit, false, 4096 * 1, &block, on.now_ns,
		    &result);
		ck_assert(!result.check);
		on.now_ns = result.done_ns;
	}
	/* 300 blocks of 4 KiB are 1.17 MiB. */
	ck_assert_uint_eq(number_of(0, 0), 38);
	ck_assert_uint_eq(number_of(0, 1), 40);
	ck_assert_uint_eq(number_of(0, 0x220), 1);
	ck_assert_uint_eq(number_of(0, 0x222), 1);
	ck_assert_uint_eq(number_of(0, 0x221), 0);
	ck_assert_uint_eq(number_of(0, 0x225), 0);
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	ck_assert_uint_eq(number_of(0, 3), 2);
	ck_assert_uint_eq(number_of(0, 0x220), 1);
	ck_assert_uint_eq(number_of(0, 0x222), 0);
	ck_assert_mem_eq(value_of(0, 0x20b, 0x81, 40),
	    "IBM     TL00000001                      ", 40);
	ck_assert_mem_eq(value_of(0, 0x20c, 0x81, 40),
	    "                                        ", 40);
	ck_assert_mem_eq(value_of(0, 0x401, 0x81, 32),
	    "TST001L8                        ", 32);
	ck_assert_uint_eq(number_of(0, 0x405), 0x5e);
	ck_assert_uint_eq(number_of(0, 0x408), 0);
	ck_assert_uint_eq(number_of(0, 0x403), 127);
	/* the load before this one, in the usage history */
	ck_assert_uint_eq(get_be32(value_of(0, 0x340, 0x80, 90) + 4 * 6 + 2),
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
	return get_be32(value_of(partition, 0x341, 0x80, 60) + 4 * field);
}

START_TEST(each_partition_has_its_usage_history)
{
	enum { NOW, NOW_READ, LAST = 4, LIFE = 8, LIFE_READ, LOADS = 12 };
	struct volume_spec spec = fixture_spec();

	spec.capacity_bytes = 400 << 20;
	ssc_make(&on, NULL, &spec);
	format_two();
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
	ck_assert_uint_eq(number_of(0, 0x220), 5);
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
	ck_assert_uint_eq(number_of(1, 0x220), 6);
	ssc_finish(&on);
}
END_TEST

/* A volume says when it was made, or the attribute is not there. */
START_TEST(the_date_of_manufacture)
{
	static const char *const notes[] = { "20261129", "", "a note of 8",
		"2026112x" };

	ssc_make(&on, NULL, NULL);
	ck_assert_ptr_null(value_of(0, 0x406, 0x81, 8));
	for (int i = 0; i < 4; i++) {
		const uint8_t *date;

		ck_assert_int_eq(volume_log_event(on.volume, "created",
				     notes[i]),
		    0);
		date = value_of(0, 0x406, 0x81, 8);
		ck_assert_mem_eq(date, "20261129", 8);
	}
	/* All attributes from there on have it. */
	read_from(0, 0x405, ALL);
	ck_assert_uint_eq(get_be16(on.in + 4 + 6), 0x406);
	ssc_finish(&on);
}
END_TEST

START_TEST(tapealert_flags_are_read_and_not_cleared)
{
	const struct drive_options options = { .buffering = DRIVE_UNBUFFERED };

	ssc_make(&on, &options, NULL);
	ck_assert_int_eq(volume_set_life(on.volume, 1), 0);
	ck_assert_uint_eq(number_of(0, 2), 0);
	ssc_expect(&on, "1B", 0, "good");
	ssc_expect(&on, "1B 00 00 00 01", 0, "good");
	/* flag 7 */
	ck_assert_uint_eq(number_of(0, 2), UINT64_C(1) << 57);
	ck_assert_uint_eq(number_of(0, 2), UINT64_C(1) << 57);
	ssc_finish(&on);
}
END_TEST

START_TEST(attributes_need_a_medium)
{
	ssc_make(&on, NULL, NULL);
	ssc_expect(&on, "1B", 0, "good");
	read_from(0, 0, 64);
	expect("2/3A/00 residual 64");
	ssc_expect(&on, "8C 02 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "2/3A/00 residual 64");
	ssc_expect(&on, "8C 03 00 00 00 00 00 00 00 00 00 00 00 40", 64,
	    "2/3A/00 residual 64");
	write_list(0, CHARSET);
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
	write_list(0, CHARSET);
	ck_assert_int_eq(strncmp(ssc_text(&on), "7/27/00", 7), 0);
	ck_assert_uint_eq(number_of(0, 7), 1);
	ssc_finish(&on);
}
END_TEST

START_TEST(fields_of_format_and_allow_overwrite)
{
	ssc_make(&on, NULL, NULL);
	ssc_expect(&on, "04 02", 0, "5/24/00");
	ssc_expect(&on, "04 00 03", 0, "5/24/00");
	ssc_expect(&on, "04 00 00 00 01", 1, "5/24/00 residual 1");
	ssc_expect(&on, "04 00 02", 0, "good");
	ssc_expect(&on, "04 01 00", 0, "good");
	ssc_expect(&on, "0B 01 FF FF", 0, "good");
	ssc_expect(&on, "0B 00 00 00 00", 0, "5/24/00");
	ssc_expect(&on, "82 00 03", 0, "5/24/00");
	ssc_expect(&on, "82 00 01 01", 0, "5/3B/00");
	ssc_expect(&on, "82 00 01 00 00 00 00 00 00 00 00 01", 0, "5/3B/00");
	ssc_expect(&on, "82 00 01", 0, "good");
	ssc_expect(&on, "82 00 02", 0, "good");
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
	tcase_add_test(t, attributes_belong_to_partitions_and_survive_a_format);
	tcase_add_test(t, the_change_reference_changes_with_the_first_write);
	tcase_add_test(t, computed_attributes_say_what_happened);
	tcase_add_test(t, each_partition_has_its_usage_history);
	tcase_add_test(t, the_date_of_manufacture);
	tcase_add_test(t, tapealert_flags_are_read_and_not_cleared);
	tcase_add_test(t, attributes_need_a_medium);
	tcase_add_test(t, a_write_protected_medium_takes_no_attribute);
	tcase_add_test(t, fields_of_format_and_allow_overwrite);
	return run_suite(s);
}
