/*
 * check_ssc.c: the commands of a drive as bytes: data that is not stored,
 * VERIFY, load and unload, unit attentions, deferred errors, resets.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/big_endian.h"
#include "vtl/scsi/ssc/tests/ssc_fixture.h"
#include "vtl/tests/drive_fixture.h"

static struct ssc_fixture on;

static void set_up(void)
{
	scratch_setup();
	ssc_make(&on, NULL, NULL);
}

static void tear_down(void)
{
	ssc_finish(&on);
	scratch_teardown();
}

START_TEST(blocks_are_written_and_read)
{
	uint8_t written[100];

	memcpy(written, on.out, sizeof written);
	ssc_expect(&on, "0a 00 00 00 64 00", 100, "good");
	ssc_expect(&on, "10 00 00 00 01 00", 0, "good");
	ssc_expect(&on, "01 00 00 00 00 00", 0, "good");
	ssc_expect(&on, "08 00 00 00 64 00", 100, "good in 100");
	ck_assert_mem_eq(on.in, written, sizeof written);
	ssc_expect(&on, "08 00 00 00 64 00", 100, "0/00/01f=100 residual 100");
	ssc_expect(&on, "08 00 00 00 64 00", 100, "8/00/05=100 residual 100");
}
END_TEST

START_TEST(block_limits)
{
	ssc_expect_hex(&on, "05", 6, "000010000001");
	ssc_expect_hex(&on, "05 01", 20,
	    "000000000000000000000000"
	    "7fffffffffffffff");
	ssc_expect_hex(&on, "05", 4, "00001000");
	ck_assert_int_eq(on.answer.residual, -2);
	/* They need no medium. */
	ssc_expect(&on, "1b", 0, "good");
	ssc_expect_hex(&on, "05", 6, "000010000001");
}
END_TEST

START_TEST(a_deferred_error_replaces_the_command)
{
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.holds_buffer = true };
	const struct volume_defect defect = { .at = 150,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	const unsigned objects[] = { 100, 100, 100 };

	ssc_remake(&on, &options, NULL);
	ck_assert_int_eq(volume_defect_add(on.volume, &defect), 0);
	ssc_write_objects(&on, objects, 3);
	/* The tape stays where the error was. */
	ssc_expect(&on, "01", 0, "3/0C/00d=200");
	ck_assert_str_eq(ssc_position(&on), "1,0");
	ssc_expect(&on, "01", 0, "good");
}
END_TEST

START_TEST(nothing_is_read_that_is_not_on_the_medium)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct drive_options buffered = { .buffering = DRIVE_BUFFERED,
		.holds_buffer = true };
	static const uint8_t zeros[300];
	uint8_t label[80];

	ssc_remake(&on, _i == 0 ? NULL : &buffered, &spec);
	memset(on.out + 50, 0, 30);
	memcpy(label, on.out, sizeof label);
	/* The first block of a file is kept, the others are not. */
	ssc_expect(&on, "0a 00 00 00 50", 80, "good");
	ssc_expect(&on, "0a 00 00 01 2c", 300, "good");
	ssc_expect(&on, "10 01 00 00 01", 0, "good");
	ssc_expect(&on, "0a 00 00 00 50", 80, "good");
	ssc_expect(&on, "0a 00 00 00 50", 80, "good");
	ssc_expect(&on, "01", 0, "good");
	ssc_expect(&on, "08 00 00 01 2c", 300,
	    "0/00/00i=220 in 80 residual 220");
	ck_assert_mem_eq(on.in, label, sizeof label);
	ck_assert_uint_eq(on.in[80], 0xa5);
	ssc_expect(&on, "08 00 00 00 64", 100, "0/00/00i=-200 in 100");
	ck_assert_mem_eq(on.in, zeros, 100);
	ssc_expect(&on, "11 01 00 00 01", 0, "good");
	ssc_set_block(&on, 80);
	ssc_expect(&on, "08 01 00 00 02", 160, "good in 160");
	ck_assert_mem_eq(on.in, label, sizeof label);
	ck_assert_mem_eq(on.in + 80, zeros, 80);
	/* A block that is overwritten in the middle of a file is not kept. */
	ssc_expect(&on, "2b 00 00 00 00 00 01", 0, "good");
	ssc_expect(&on, "0a 00 00 00 50", 80, "good");
	ssc_expect(&on, "2b 00 00 00 00 00 01", 0, "good");
	ssc_expect(&on, "08 00 00 00 50", 80, "good in 80");
	ck_assert_mem_eq(on.in, zeros, 80);
	/* One at the beginning of a file is kept, after a locate too. */
	ssc_expect(&on, "10 00 00 00 01", 0, "good");
	ssc_expect(&on, "0a 00 00 00 50", 80, "good");
	ssc_expect(&on, "2b 00 00 00 00 00 03", 0, "good");
	ssc_expect(&on, "0a 00 00 00 50", 80, "good");
	ssc_expect(&on, "2b 00 00 00 00 00 03", 0, "good");
	ssc_expect(&on, "08 00 00 00 50", 80, "good in 80");
	ck_assert_mem_eq(on.in, label, sizeof label);
}
END_TEST

/* An LTO-7 drive only reads LTO-5. */
START_TEST(a_protected_medium_is_not_written)
{
	struct drive *drive = drive_new(model_find("lto7"));
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct device_identity identity = { .type = 1 };

	ssc_finish(&on);
	unlink(scratch_path("v"));
	strcpy(spec.barcode, "VOL001L5");
	on.unit = scsi_new(drive, "TL00000001");
	on.device = ssc_device_new(on.unit, &identity);
	scsi_insert(on.unit, scratch_volume("v", &spec), 0, &on.now_ns);
	ssc_expect(&on, "00", 0, "6/29/00");
	ssc_expect(&on, "00", 0, "6/28/00");
	ssc_expect(&on, "0a 00 00 00 64", 100, "7/27/00 residual 100");
	ssc_expect(&on, "10 00 00 00 01", 0, "7/27/00");
	ssc_expect(&on, "19", 0, "7/27/00");
	/* Nothing is written by these. */
	ssc_expect(&on, "10", 0, "good");
	ssc_expect(&on, "0a", 0, "good");
	ssc_expect(&on, "08 00 00 00 64", 100, "8/00/05=100 residual 100");
}
END_TEST

START_TEST(verify_compares_bytes)
{
	const unsigned objects[] = { 100, 100, 100 };

	ssc_write_objects(&on, objects, 3);
	memcpy(on.out + 100, on.out, 100);
	ssc_expect(&on, "01", 0, "good");
	ssc_expect(&on, "13 02 00 00 64", 100, "good");
	on.out[99] ^= 1;
	ssc_expect(&on, "13 02 00 00 64", 100, "E/1D/00=100");
	ck_assert_str_eq(ssc_position(&on), "2,0");
	ssc_expect(&on, "13 02 00 00 64", 99, "5/0E/03 residual 99");
	ck_assert_str_eq(ssc_position(&on), "2,0");
	ssc_set_block(&on, 100);
	on.out[99] ^= 1;
	on.out[100] ^= 1;
	ssc_expect(&on, "01", 0, "good");
	ssc_expect(&on, "13 03 00 00 03", 300, "E/1D/00=2");
	ck_assert_str_eq(ssc_position(&on), "2,0");
}
END_TEST

/*
 * Expected: VERIFY ends at the next block when its initiator does not wait for
 * it any more.  Bug: an ABORT TASK waited for gigabytes.
 */
START_TEST(a_verify_that_nobody_waits_for_ends)
{
	static const struct {
		const char *cdb, *text;
	} rows[] = { { "13 01 00 00 03", "B/00/06=3" },
		{ "13 08 00 00 02", "B/00/06=2" }, { "13 20", "B/00/06" } };
	static const unsigned objects[] = { 100, 100, 100, 0, 0 };
	atomic_bool ended = true;

	ssc_write_objects(&on, objects, 5);
	ssc_set_block(&on, 100);
	ssc_expect(&on, "01", 0, "good");
	on.ended = &ended;
	ssc_do(&on, rows[_i].cdb, 0);
	ck_assert_ptr_eq(strstr(ssc_text(&on), rows[_i].text), ssc_text(&on));
	ck_assert_str_eq(ssc_position(&on), "0,0");
	ended = false;
	ssc_expect(&on, rows[_i].cdb, 0, "good");
}
END_TEST

/* VERIFY by filemarks, and to EOD, reads data and compares its checksum. */
START_TEST(verify_finds_a_block_that_differs_from_its_checksum)
{
	static const char *const commands[] = { "13 08 00 00 02", "13 20" };
	static const char *const errors[] = { "3/11/00=1", "3/11/00" };
	static const unsigned objects[] = { 100, 0, 200, 100, 0 };

	ssc_write_objects(&on, objects, 5);
	ssc_expect(&on, "01", 0, "good");
	ssc_expect(&on, commands[_i], 0, "good");
	ck_assert_str_eq(ssc_position(&on), "5,2");
	ssc_expect(&on, "1b", 0, "good");
	scratch_close(scsi_remove(on.unit));
	scratch_sql("v",
	    "update objects set data = zeroblob(length(data)) "
	    "where first = 2");
	on.volume = scratch_open("v");
	scsi_insert(on.unit, on.volume, on.now_ns, &on.now_ns);
	ssc_expect(&on, "00", 0, "6/28/00");
	ssc_expect(&on, commands[_i], 0, errors[_i]);
	/* The tape is after the block. */
	ck_assert_str_eq(ssc_position(&on), "3,1");
}
END_TEST

START_TEST(load_and_unload_have_their_bits)
{
	const unsigned objects[] = { 100 };

	ssc_write_objects(&on, objects, 1);
	/* A load of a loaded medium rewinds it. */
	ssc_expect(&on, "1b 00 00 00 01", 0, "good");
	ck_assert_str_eq(ssc_position(&on), "0,0");
	ssc_expect(&on, "1b 00 00 00 05", 0, "5/24/00");
	ck_assert_uint_eq(get_be24(on.answer.sense + 15), 0xca0004);
	/* mtx sends what ejects a disk, 2, and what loads one, 3. */
	ssc_expect(&on, "1b 00 00 00 02", 0, "good");
	ssc_expect(&on, "00", 0, "2/3A/00");
	ssc_expect(&on, "08 00 00 00 64", 100, "2/3A/00 residual 100");
	ssc_expect(&on, "1b 00 00 00 03", 0, "good");
	ssc_expect(&on, "00", 0, "good");
	ck_assert_str_eq(ssc_position(&on), "0,0");
	/* Rewind to the end, unload; unload and hold. */
	ssc_expect(&on, "1b 00 00 00 0c", 0, "good");
	ssc_expect(&on, "00", 0, "2/3A/00");
	/* Held, it is in the drive, but not loaded. */
	ssc_expect(&on, "1b 00 00 00 09", 0, "good");
	ssc_expect(&on, "00", 0, "2/3A/00");
	ssc_expect(&on, "1b 00 00 00 01", 0, "good");
	ssc_expect(&on, "00", 0, "good");
	ssc_expect(&on, "1b 00 00 00 00", 0, "good");
	scratch_close(scsi_remove(on.unit));
	ssc_expect(&on, "1b 00 00 00 01", 0, "2/3A/00");
	ssc_expect(&on, "1b 00 00 00 09", 0, "2/3A/00");
	ssc_expect(&on, "1b 00 00 00 00", 0, "good");
}
END_TEST

/* Nexus 1 has no unit attention after this. */
static void attach_nexus_1(void)
{
	const struct device_port port = { .initiator = "iqn.1999-01.a:1",
		.target = "iqn.2026-11.tapelab:v" };

	device_nexus_open(on.device, 1, &port);
	on.nexus = 1;
	ssc_expect(&on, "00", 0, "6/29/00");
	ssc_expect(&on, "00", 0, "good");
	on.nexus = 0;
}

START_TEST(removal_is_prevented_for_each_nexus)
{
	attach_nexus_1();
	ssc_expect(&on, "1e 00 00 00 01", 0, "good");
	on.nexus = 1;
	ssc_expect(&on, "1e 00 00 00 01", 0, "good");
	ssc_expect(&on, "1e 00 00 00 00", 0, "good");
	ssc_expect(&on, "1b 00 00 00 00", 0, "5/53/02");
	ssc_expect(&on, "1e 00 00 00 02", 0, "5/24/00");
	on.nexus = 0;
	ssc_expect(&on, "1e", 0, "good");
	on.nexus = 1;
	ssc_expect(&on, "1e 00 00 00 01", 0, "good");
	device_nexus_lost(on.device, 1);
	on.nexus = 0;
	ssc_expect(&on, "1b 00 00 00 00", 0, "good");
}
END_TEST

/* Linux takes 29/xx for an unknown position: only what is due is reported. */
START_TEST(attentions_are_raised_only_when_due)
{
	static const char *const cdbs[] = { "00", "01", "05", "08 00 00 00 64",
		"0a 00 00 00 64", "10 00 00 00 01", "11 01 ff ff ff", "34",
		"1b 00 00 00 01", "19", "1e 00 00 00 01", "1e", "0f", "34 02" };

	attach_nexus_1();
	for (size_t i = 0; i < sizeof cdbs / sizeof cdbs[0]; i++) {
		ssc_do(&on, cdbs[i], 100);
		on.nexus = 1;
		ssc_expect(&on, "00", 0, "good");
		on.nexus = 0;
	}
	/* A load that one asked for is news for the others. */
	ssc_expect(&on, "1b", 0, "good");
	ssc_expect(&on, "1b 00 00 00 01", 0, "good");
	ssc_expect(&on, "00", 0, "good");
	on.nexus = 1;
	ssc_expect(&on, "00", 0, "6/28/00");
	ssc_expect(&on, "00", 0, "good");
}
END_TEST

START_TEST(a_reset_of_the_unit_writes_the_buffer_and_rewinds)
{
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.holds_buffer = true };
	const unsigned objects[] = { 100, 50 };

	ssc_remake(&on, &options, NULL);
	attach_nexus_1();
	ssc_write_objects(&on, objects, 2);
	ssc_set_block(&on, 50);
	ssc_expect(&on, "1e 00 00 00 01", 0, "good");
	device_reset(on.device, on.now_ns);
	ssc_expect(&on, "00", 0, "6/29/03");
	ck_assert_str_eq(ssc_position(&on), "0,0");
	ssc_expect_hex(&on, "34", 20,
	    "8000000000000000000000000000000000000000");
	/* The mode block length is variable again. */
	ssc_expect(&on, "08 01 00 00 01", 50, "5/24/00 residual 50");
	ssc_expect(&on, "08 00 00 00 64", 100, "good in 100");
	ssc_expect(&on, "08 00 00 00 32", 50, "good in 50");
	on.nexus = 1;
	ssc_expect(&on, "00", 0, "6/29/03");
	/* Removal is allowed again. */
	ssc_expect(&on, "1b", 0, "good");
}
END_TEST

START_TEST(the_control_byte_has_no_aca)
{
	ssc_expect(&on, "00 00 00 00 00 04", 0, "5/24/00");
	ck_assert_uint_eq(get_be24(on.answer.sense + 15), 0xca0005);
	ssc_expect(&on, "00 00 00 00 00 01", 0, "5/24/00");
	/* Bits 7 and 6 are vendor-specific. */
	ssc_expect(&on, "00 00 00 00 00 c0", 0, "good");
}
END_TEST

START_TEST(fields_of_format_and_allow_overwrite)
{
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
}
END_TEST

/* Executes a command, if it is quick.  Returns whether it was. */
static bool is_quick(uint8_t opcode)
{
	const struct device_command command = { .nexus = on.nexus,
		.cdb = { opcode } };
	struct device_answer answer;

	return device_execute_quickly(on.device, &command, 0, &answer);
}

/* Of no bytes, so that nothing changes. */
static bool write_is_quick(void)
{
	return is_quick(0x0a);
}

/* Others may wait for the disk. */
START_TEST(only_a_write_without_payload_at_the_end_is_quick)
{
	struct volume_spec spec = fixture_spec();
	const struct drive_fault fault = { .op = DRIVE_WRITE, .nth = 99 };

	ck_assert(!write_is_quick());
	spec.payload = VOLUME_PAYLOAD_NONE;
	ssc_remake(&on, NULL, &spec);
	ck_assert(write_is_quick());
	ck_assert(!is_quick(0x10));
	ssc_expect(&on, "0a 00 00 00 64 00", 100, "good");
	ssc_expect(&on, "0a 00 00 00 64 00", 100, "good");
	ck_assert(write_is_quick());
	ssc_expect(&on, "01 00 00 00 00 00", 0, "good");
	ck_assert(!write_is_quick());
	ssc_expect(&on, "11 03 00 00 00 00", 0, "good");
	ck_assert(write_is_quick());
	/* Whether a file begins there, the volume must be asked. */
	ssc_expect(&on, "1b 00 00 00 00 00", 0, "good");
	ssc_expect(&on, "1b 00 00 00 01 00", 0, "good");
	ssc_expect(&on, "11 03 00 00 00 00", 0, "good");
	ck_assert(!write_is_quick());
	ssc_expect(&on, "0a 00 00 00 64 00", 100, "good");
	ck_assert(write_is_quick());
	device_lock(on.device);
	ck_assert(!write_is_quick());
	device_unlock(on.device);
	ck_assert_int_eq(drive_add_fault(scsi_drive(on.unit), &fault), 0);
	ck_assert(!write_is_quick());
	ssc_expect(&on, "1b", 0, "good");
	ck_assert(!write_is_quick());
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ssc");
	TCase *t = tcase_create("ssc");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, blocks_are_written_and_read);
	tcase_add_test(t, block_limits);
	tcase_add_test(t, a_deferred_error_replaces_the_command);
	tcase_add_loop_test(t, nothing_is_read_that_is_not_on_the_medium, 0, 2);
	tcase_add_test(t, a_protected_medium_is_not_written);
	tcase_add_test(t, verify_compares_bytes);
	tcase_add_loop_test(t, a_verify_that_nobody_waits_for_ends, 0, 3);
	tcase_add_loop_test(t,
	    verify_finds_a_block_that_differs_from_its_checksum, 0, 2);
	tcase_add_test(t, load_and_unload_have_their_bits);
	tcase_add_test(t, removal_is_prevented_for_each_nexus);
	tcase_add_test(t, attentions_are_raised_only_when_due);
	tcase_add_test(t, a_reset_of_the_unit_writes_the_buffer_and_rewinds);
	tcase_add_test(t, the_control_byte_has_no_aca);
	tcase_add_test(t, fields_of_format_and_allow_overwrite);
	tcase_add_test(t, only_a_write_without_payload_at_the_end_is_quick);
	return run_suite(s);
}
