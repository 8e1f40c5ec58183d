/* check_log.c: LOG SENSE, as bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/log_fixture.h"
#include "vtl/tests/vtl_scratch.h"

/* Bareos asks for page 00h, then for 2Eh. */
START_TEST(bareos_reads_the_list)
{
	static const uint8_t cdb[] = { 0x4d, 0, 0x40, 0, 0, 0, 0, 0x04, 0, 0 };
	static const uint8_t want[] = { 0, 0, 0, 15, 0x00, 0x02, 0x03, 0x06,
		0x0c, 0x11, 0x12, 0x14, 0x17, 0x1b, 0x2e, 0x30, 0x31, 0x32,
		0x37 };

	PAGES_SEND(&log_on, cdb);
	PAGES_ASSERT_DATA(&log_on, want);
	log_sense_as(1, 0, 0xff, 0);
	ck_assert_uint_eq(log_on.answer.in_bytes, 4 + 2 * 16);
	ck_assert_mem_eq(log_on.in, "\x40\xff\0\x20\0\0\0\xff\x02\0\x03\0", 12);
}
END_TEST

/* LTFS and tapeinfo want all 64 flags, each of 1 byte. */
START_TEST(alert_flags_as_bytes)
{
	log_sense(0x2e);
	ck_assert_uint_eq(log_on.answer.in_bytes, 4 + 64 * 5);
	for (unsigned i = 0; i < 64; i++) {
		const uint8_t *p = log_on.in + 4 + 5 * i;

		ck_assert_uint_eq(get_be16(p), i + 1);
		ck_assert_uint_eq(p[2], 0x60);
		ck_assert_uint_eq(p[3], 1);
		ck_assert_uint_eq(p[4], 0);
	}
}
END_TEST

START_TEST(a_failed_write_sets_flags_until_they_are_read)
{
	static const uint8_t response[] = { 0x12, 0, 0, 12, 0, 0, 0x43, 8, 0x34,
		0, 0, 0, 0, 0, 0, 0 };

	log_fail_a_write();
	/* Page 12h leaves them; so do defaults, errors. */
	for (int i = 0; i < 2; i++) {
		log_sense(0x12);
		PAGES_ASSERT_DATA(&log_on, response);
	}
	for (unsigned control = 2; control < 4; control++) {
		log_sense_as(control, 0x2e, 0, 0);
		ck_assert_uint_eq(log_find(3)[4], 0);
	}
	log_sense_as(1, 0x2e, 0, 65);
	pages_assert_field(&log_on, 0x24, 5, -1);
	log_sense(0x12);
	PAGES_ASSERT_DATA(&log_on, response);
	log_sense(0x11);
	ck_assert_uint_eq(log_on.in[4 + 4 + 3], 1);
	log_sense(0x2e);
	ck_assert_uint_eq(log_find(3)[4], 1);
	ck_assert_uint_eq(log_find(4)[4], 1);
	ck_assert_uint_eq(log_find(5)[4], 0);
	ck_assert_uint_eq(log_find(6)[4], 1);
	ck_assert_uint_eq(log_value(0x2e, 3), 0);
	ck_assert_uint_eq(log_value(0x12, 0), 0);
	ck_assert_uint_eq(log_value(0x02, 6), 1);
	ck_assert_uint_eq(log_value(0x03, 6), 0);
	ck_assert_uint_eq(log_value(0x14, 0x0e), 1);
	ck_assert_uint_eq(log_value(0x17, 0x04), 1);
	ck_assert_uint_eq(log_value(0x30, 4), 1);
}
END_TEST

START_TEST(error_counters_as_bytes)
{
	static const uint8_t want[] = { 0x02, 0, 0, 60, 0, 0, 0x60, 4, 0, 0, 0,
		0, 0, 1, 0x60, 4, 0, 0, 0, 0, 0, 2, 0x60, 4, 0, 0, 0, 0, 0, 3,
		0x60, 4, 0, 0, 0, 0, 0, 4, 0x60, 4, 0, 0, 0, 0, 0, 5, 0x60, 8,
		0, 0, 0, 0, 0, 0x2d, 0xc6, 0xc0, 0, 6, 0x60, 4, 0, 0, 0, 0 };

	pages_load(&log_on, "TST001L8");
	log_write_blocks(3);
	log_sense(0x02);
	PAGES_ASSERT_DATA(&log_on, want);
	ck_assert_uint_eq(log_value(0x0c, 0), 3 * LOG_MB);
	ck_assert_uint_eq(log_value(0x0c, 1), 3 * LOG_MB);
	ck_assert_uint_eq(log_value(0x0c, 4), 3);
	ck_assert_uint_eq(log_value(0x0c, 7), 3);
	ck_assert_uint_eq(log_value(0x0c, 0x8000), 3);
	ck_assert_uint_eq(log_value(0x0c, 0x8001), 1);
	ck_assert_uint_eq(log_value(0x1b, 1), 100);
	ck_assert_uint_eq(log_value(0x1b, 6), 3);
	ck_assert_uint_eq(log_value(0x1b, 7), 0);
	ck_assert_uint_eq(log_value(0x1b, 0x100), 0);
	ck_assert_uint_eq(log_value(0x32, 8), 3);
	ck_assert_uint_eq(log_value(0x30, 2), 3);
	ck_assert_uint_eq(log_value(0x37, 1), 100);
	ck_assert_uint_eq(log_value(0x14, 0), 1);
	log_sense(0x14);
	ck_assert_mem_eq(log_find(0x40) + 2, "\x41\x20TL00000042      ", 18);
}
END_TEST

/*
 * Expected: the parameters of SSC-4 that a library needs, ascending.
 * Bug: those of duty cycles, of the time since a cleaning, of the lot and of the
 * license were missing.
 */
START_TEST(the_parameters_of_statistics)
{
	static const uint16_t device[] = { 0, 1, 2, 3, 4, 8, 0xc, 0xd, 0xe, 0xf,
		0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x40, 0x41, 0x80, 0x81 };

	pages_load(&log_on, "TST001L8");
	log_sense(0x14);
	for (size_t i = 0, at = 4; i < sizeof device / sizeof device[0]; i++) {
		ck_assert_uint_lt(at, log_on.answer.in_bytes);
		ck_assert_uint_eq(get_be16(log_on.in + at), device[i]);
		at += 4u + log_on.in[at + 3];
	}
	log_sense(0x17);
	ck_assert_mem_eq(log_find(0x41) + 2, "\x41\x08        ", 10);
	ck_assert_mem_eq(log_find(0x44) + 2, "\x41\x04    ", 6);
}
END_TEST

START_TEST(the_duty_cycles_of_a_drive)
{
	enum { READ = 0x11, WRITE, ACTIVE, EMPTY, READY, BLOCKS = 800 };
	const int64_t begin_ns = INT64_C(20000000000);
	struct volume_object object;
	struct scsi_result result;
	uint64_t written;

	log_on.now_ns = begin_ns;
	ck_assert_uint_eq(log_value(0x14, 0x10), 20000);
	ck_assert_uint_eq(log_value(0x14, EMPTY), 100);
	ck_assert_uint_eq(log_value(0x14, READY), 0);
	pages_load(&log_on, "TST001L8");
	log_write_blocks(BLOCKS);
	ck_assert_uint_eq(log_value(0x14, EMPTY),
	    (uint64_t)(begin_ns * 100 / log_on.now_ns));
	written = log_value(0x14, WRITE);
	ck_assert_uint_gt(written, 3);
	ck_assert_uint_ge(log_value(0x14, READY), written);
	ck_assert_uint_lt(log_value(0x14, READY), 100 - log_value(0x14, EMPTY));
	ck_assert_uint_eq(log_value(0x14, READ), 0);
	scsi_rewind(log_on.unit, log_on.now_ns, &result);
	for (int i = 0; i < BLOCKS; i++)
		scsi_read(log_on.unit, false, false, LOG_MB, NULL, &object,
		    result.done_ns, &result);
	ck_assert(!result.check);
	log_on.now_ns = result.done_ns;
	ck_assert_uint_gt(log_value(0x14, READ), 3);
	ck_assert_uint_le(log_value(0x14, WRITE), written);
	ck_assert_uint_ge(log_value(0x14, ACTIVE),
	    log_value(0x14, READ) + log_value(0x14, WRITE));
}
END_TEST

START_TEST(whether_compression_is_on)
{
	struct scsi_result result;
	struct scsi_mode mode;

	scsi_mode_sense(log_on.unit, &mode, log_on.now_ns, &result);
	mode.compression = true;
	scsi_mode_select(log_on.unit, &mode, log_on.now_ns, &result);
	ck_assert_uint_eq(log_value(0x1b, 0x100), 1);
	mode.compression = false;
	scsi_mode_select(log_on.unit, &mode, log_on.now_ns, &result);
	ck_assert_uint_eq(log_value(0x1b, 0x100), 0);
}
END_TEST

START_TEST(places_are_unknown_without_a_medium)
{
	for (uint16_t code = 4; code <= 8; code++)
		ck_assert_uint_eq(log_value(0x0c, code), 0xffffffff);
	for (uint16_t code = 1; code <= 4; code++)
		ck_assert_uint_eq(log_value(0x31, code), 0);
	log_sense(0x17);
	ck_assert_uint_eq(log_on.answer.in_bytes, 4 + 5);
	ck_assert_uint_eq(log_on.in[8], 0);
}
END_TEST

/* LTFS reads these parameters of a volume with two partitions. */
START_TEST(ltfs_reads_capacities)
{
	struct scsi_partitions two = { .additional = 1,
		.idp = true,
		.unit = SCSI_PSUM_POWER,
		.power = 6,
		.sizes = { 700, 300 } };
	struct scsi_result result;

	pages_load(&log_on, "TST001L8");
	ck_assert_int_eq(scsi_set_partitions(log_on.unit, &two), SCSI_SELECTED);
	scsi_format(log_on.unit, SCSI_FORMAT_PARTITION, log_on.now_ns, &result);
	ck_assert(!result.check);
	log_on.now_ns = result.done_ns;
	log_write_blocks(5);
	log_sense(0x17);
	ck_assert_mem_eq(log_find(0x202),
	    "\x02\x02\x43\x10\x07\0\0\0\0\0\x02\xbc\x07\0\0\x01\0\0\x01\x2c",
	    20);
	ck_assert_mem_eq(log_find(0x203),
	    "\x02\x03\x43\x10\x07\0\0\0\0\0\0\x05\x07\0\0\x01\0\0\0\0", 20);
	ck_assert_mem_eq(log_find(0x204),
	    "\x02\x04\x43\x10\x07\0\0\0\0\0\x02\xb7\x07\0\0\x01\0\0\x01\x2c",
	    20);
	/* the first objects that are not encrypted: 0, none */
	ck_assert_mem_eq(log_find(0x201),
	    "\x02\x01\x43\x14\x09\0\0\0\0\0\0\0\0\0"
	    "\x09\0\0\x01\xff\xff\xff\xff\xff\xff",
	    24);
	ck_assert_mem_eq(log_find(0x42), "\0\x42\x41\x20TST001L8        ", 20);
	ck_assert_mem_eq(log_find(0x45), "\0\x45\x41\x09Ultrium-8", 13);
	ck_assert_uint_eq(log_value(0x17, 0x00), 1);
	ck_assert_uint_eq(log_value(0x17, 0x01), 1);
	ck_assert_uint_eq(log_value(0x17, 0x0e), 5);
	ck_assert_uint_eq(log_value(0x17, 0x10), 5);
	ck_assert_uint_eq(log_value(0x17, 0x02), 3);
	ck_assert_uint_eq(log_value(0x17, 0x16), 1000);
	ck_assert_uint_eq(log_value(0x17, 0x17), 5);
	ck_assert_uint_eq(log_value(0x17, 0x19), 100);
	ck_assert_uint_eq(log_value(0x17, 0x81), 0);
	/* tapeinfo, and LTFS with LTO-5: MiB */
	ck_assert_uint_eq(log_value(0x31, 1), 695 * LOG_MB >> 20);
	ck_assert_uint_eq(log_value(0x31, 2), 300 * LOG_MB >> 20);
	ck_assert_uint_eq(log_value(0x31, 3), 700 * LOG_MB >> 20);
	ck_assert_uint_eq(log_value(0x31, 4), 300 * LOG_MB >> 20);
}
END_TEST

START_TEST(four_partitions_are_all_reported)
{
	struct scsi_partitions four = { .additional = 3, .sdp = true };
	struct scsi_result result;

	pages_load(&log_on, "TST001L8");
	ck_assert_int_eq(scsi_set_partitions(log_on.unit, &four),
	    SCSI_SELECTED);
	scsi_format(log_on.unit, SCSI_FORMAT_PARTITION, log_on.now_ns, &result);
	log_on.now_ns = result.done_ns;
	log_sense(0x17);
	ck_assert_uint_eq(log_find(0x202)[3], 4 * 8);
	ck_assert_uint_eq(log_value(0x31, 3), 850 * LOG_MB >> 20);
	ck_assert_uint_eq(log_value(0x31, 8), 50 * LOG_MB >> 20);
}
END_TEST

/* Earlier loads of a volume are in its history. */
START_TEST(the_life_of_a_volume)
{
	struct scsi_result result;

	pages_load(&log_on, "TST001L8");
	log_write_blocks(4);
	scsi_load_unload(log_on.unit, false, false, log_on.now_ns, &result);
	scsi_load_unload(log_on.unit, true, false, result.done_ns, &result);
	ck_assert(!result.check);
	log_on.now_ns = result.done_ns;
	pages_clear_attentions(&log_on);
	ck_assert_uint_eq(log_value(0x17, 0x01), 2);
	ck_assert_uint_eq(log_value(0x17, 0x0e), 0);
	ck_assert_uint_eq(log_value(0x17, 0x10), 4);
	ck_assert_uint_gt(log_value(0x17, 0x14), 0);
}
END_TEST

/* The robot takes the volume out during a rewind, and brings it again. */
START_TEST(the_life_of_a_volume_that_the_robot_takes_out)
{
	struct scsi_result result;
	struct scsi_sense sense;

	pages_load(&log_on, "TST001L8");
	log_write_blocks(4);
	scsi_rewind(log_on.unit, log_on.now_ns, &result);
	scsi_finish_later(log_on.unit, SCSI_REWINDING, log_on.now_ns, &result);
	ck_assert(scsi_eject(log_on.unit, log_on.now_ns, &result));
	scsi_request_sense(log_on.unit, &sense, log_on.now_ns, &result);
	ck_assert_uint_eq(sense.sense.asc, 0x3a);
	scsi_insert(log_on.unit, scsi_remove(log_on.unit), log_on.now_ns,
	    &log_on.now_ns);
	pages_clear_attentions(&log_on);
	ck_assert_uint_eq(log_value(0x17, 0x01), 2);
	ck_assert_uint_eq(log_value(0x17, 0x10), 4);
}
END_TEST

START_TEST(the_state_of_the_drive)
{
	/* initialised; the robot may come */
	static const uint8_t empty[] = { 0x11, 0, 0, 14, 0, 0, 0x43, 4, 0x01,
		0x20, 0, 0, 0, 1, 0x43, 2, 0x03, 0xe8 };
	struct scsi_result result;

	log_sense(0x11);
	PAGES_ASSERT_DATA(&log_on, empty);
	pages_load(&log_on, "TST001L8");
	log_sense(0x11);
	ck_assert_mem_eq(log_on.in + 8, "\x21\x17\0\0", 4);
	scsi_prevent_removal(log_on.unit, true, log_on.now_ns, &result);
	log_sense(0x11);
	ck_assert_mem_eq(log_on.in + 8, "\xa1\x17\0\0", 4);
	ck_assert_uint_eq(log_value(0x14, 0x80), 1);
	scsi_prevent_removal(log_on.unit, false, log_on.now_ns, &result);
	scsi_load_unload(log_on.unit, false, false, log_on.now_ns, &result);
	log_on.now_ns = result.done_ns;
	log_sense(0x11);
	ck_assert_mem_eq(log_on.in + 8, "\x01\x30\0\0", 4);
	scsi_load_unload(log_on.unit, true, true, log_on.now_ns, &result);
	pages_clear_attentions(&log_on);
	log_sense(0x11);
	ck_assert_mem_eq(log_on.in + 8, "\x21\x96\x02\0", 4);
	log_on.now_ns += INT64_C(100000000000);
}
END_TEST

START_TEST(page_control)
{
	pages_load(&log_on, "TST001L8");
	log_write_blocks(2);
	log_sense_as(0, 0x02, 0, 0);
	ck_assert_uint_eq(get_be32(log_on.in + 8), 0xffffffff);
	log_sense_as(3, 0x02, 0, 0);
	ck_assert_uint_eq(log_on.answer.in_bytes, 64);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(get_be32(log_find(5) + 4), 0);
	/* A list has no thresholds. */
	log_sense_as(2, 0x14, 0, 0);
	ck_assert_uint_eq(get_be64(log_find(0) + 4), 1);
}
END_TEST

/* tapeinfo asks for the thresholds, and prints each flag that is not 0. */
START_TEST(alert_flags_have_no_thresholds)
{
	log_fail_a_write();
	for (unsigned again = 0; again < 2; again++) {
		log_sense_as(0, 0x2e, 0, 0);
		for (unsigned flag = 1; flag <= 64; flag++)
			ck_assert_uint_eq(log_find((uint16_t)flag)[4],
			    again == 0 &&
				(flag == 3 || flag == 4 || flag == 6));
	}
}
END_TEST

START_TEST(the_parameter_pointer)
{
	log_sense_as(1, 0x02, 0, 5);
	ck_assert_uint_eq(log_on.answer.in_bytes, 4 + 12 + 8);
	ck_assert_uint_eq(get_be16(log_on.in + 2), 12 + 8);
	ck_assert_uint_eq(get_be16(log_on.in + 4), 5);
	log_sense_as(1, 0x0c, 0, 9);
	ck_assert_uint_eq(get_be16(log_on.in + 4), 0x100);
	log_sense_as(1, 0x02, 0, 7);
	pages_assert_field(&log_on, 0x24, 5, -1);
}
END_TEST

START_TEST(wrong_fields_of_the_cdb)
{
	static const uint8_t save[] = { 0x4d, 1, 0x40, 0, 0, 0, 0, 1, 0, 0 };
	static const uint8_t ppc[] = { 0x4d, 2, 0x40, 0, 0, 0, 0, 1, 0, 0 };

	PAGES_SEND(&log_on, save);
	pages_assert_field(&log_on, 0x24, 1, 0);
	PAGES_SEND(&log_on, ppc);
	pages_assert_field(&log_on, 0x24, 1, 1);
	log_sense_as(1, 0x2e, 1, 0);
	pages_assert_field(&log_on, 0x24, 3, -1);
	log_sense_as(1, 0x3f, 0, 0);
	pages_assert_field(&log_on, 0x24, 2, 5);
}
END_TEST

/* Each page: listed or refused, its length, ascending codes. */
START_TEST(every_page)
{
	bool listed[64] = { false };

	if (log_on.unit != NULL)
		pages_load(&log_on, "TST001L8");
	log_sense(0);
	for (unsigned i = 0; i < log_on.in[3]; i++)
		listed[log_on.in[4 + i]] = true;
	for (unsigned i = 1; i < 64 * 4; i++) {
		unsigned page = i / 4, control = i % 4, at = 4;

		log_sense_as(control, page, 0, 0);
		if (!listed[page]) {
			pages_assert_field(&log_on, 0x24, 2, 5);
			continue;
		}
		if (page == 0)
			continue;
		ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
		ck_assert_uint_eq(get_be16(log_on.in + 2) + 4u,
		    log_on.answer.in_bytes);
		for (int last = -1; at < log_on.answer.in_bytes;
		     at += 4 + log_on.in[at + 3]) {
			ck_assert_int_gt(get_be16(log_on.in + at), last);
			last = get_be16(log_on.in + at);
		}
		ck_assert_uint_eq(at, log_on.answer.in_bytes);
	}
}
END_TEST

START_TEST(allocation_lengths_cut_the_data)
{
	uint8_t cdb[10] = { 0x4d };

	if (log_on.unit != NULL)
		pages_load(&log_on, "TST001L8");
	for (uint8_t page = 0; page < 64; page++) {
		cdb[2] = 0x40 | page;
		log_sense_as(1, page, 0, 0);
		if (log_on.answer.status == DEVICE_GOOD)
			pages_assert_allocations(&log_on, cdb, 10, 7, 2);
	}
}
END_TEST

START_TEST(pages_of_a_changer)
{
	static const uint8_t list[] = { 0, 0, 0, 2, 0, 0x2e };

	log_sense(0);
	PAGES_ASSERT_DATA(&log_on, list);
	log_on.changer.alerts = 1 << (14 - 1);
	ck_assert_uint_eq(log_value(0x2e, 14), 1);
	ck_assert_uint_eq(log_value(0x2e, 14), 0);
}
END_TEST

static void add_common(TCase *t)
{
	tcase_add_test(t, wrong_fields_of_the_cdb);
	tcase_add_test(t, every_page);
	tcase_add_test(t, allocation_lengths_cut_the_data);
}

int main(void)
{
	Suite *s = suite_create("log");
	TCase *d = tcase_create("drive");
	TCase *c = tcase_create("changer");

	tcase_add_checked_fixture(d, log_drive, log_tear_down);
	add_common(d);
	tcase_add_test(d, bareos_reads_the_list);
	tcase_add_test(d, alert_flags_as_bytes);
	tcase_add_test(d, a_failed_write_sets_flags_until_they_are_read);
	tcase_add_test(d, alert_flags_have_no_thresholds);
	tcase_add_test(d, error_counters_as_bytes);
	tcase_add_test(d, the_parameters_of_statistics);
	tcase_add_test(d, the_duty_cycles_of_a_drive);
	tcase_add_test(d, whether_compression_is_on);
	tcase_add_test(d, places_are_unknown_without_a_medium);
	tcase_add_test(d, ltfs_reads_capacities);
	tcase_add_test(d, four_partitions_are_all_reported);
	tcase_add_test(d, the_life_of_a_volume);
	tcase_add_test(d, the_life_of_a_volume_that_the_robot_takes_out);
	tcase_add_test(d, the_state_of_the_drive);
	tcase_add_test(d, page_control);
	tcase_add_test(d, the_parameter_pointer);
	suite_add_tcase(s, d);
	tcase_add_checked_fixture(c, log_changer, log_tear_down);
	add_common(c);
	tcase_add_test(c, pages_of_a_changer);
	suite_add_tcase(s, c);
	return run_suite(s);
}
