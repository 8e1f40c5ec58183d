/*
 * check_ssc_position.c: READ POSITION in all its forms, and what IMMED and a
 * reset of the unit do to the position.
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

START_TEST(read_position_has_four_forms)
{
	const unsigned objects[] = { 10, 10, 0, 10 };

	ssc_expect_hex(&on, "34", 20,
	    "8000000000000000000000000000000000000000");
	ssc_write_objects(&on, objects, 4);
	ssc_expect_hex(&on, "34", 20,
	    "0000000000000004000000040000000000000000");
	ssc_expect_hex(&on, "34 01", 20,
	    "0000000000000004000000040000000000000000");
	ssc_expect_hex(&on, "34 06", 32,
	    "0000000000000000"
	    "0000000000000004"
	    "0000000000000001"
	    "0000000000000000");
	ssc_expect_hex(&on, "34 08 00 00 00 00 00 00 20", 32,
	    "0000001c00000000"
	    "0000000000000004"
	    "0000000000000004"
	    "0000000000000000");
	/* The other forms have no allocation length. */
	ssc_expect(&on, "34 00 00 00 00 00 00 00 14", 20,
	    "5/24/00 residual 20");
	ck_assert_uint_eq(get_be24(on.answer.sense + 15), 0xc00007);
	ssc_expect(&on, "34 06 00 00 00 00 00 00 20", 32,
	    "5/24/00 residual 32");
	ssc_expect(&on, "34 02", 20, "5/24/00 residual 20");
	ck_assert_uint_eq(get_be24(on.answer.sense + 15), 0xcc0001);
}
END_TEST

/* The answer is never longer than the allocation length, or the expected one. */
START_TEST(short_lengths_cut_the_position)
{
	const char *whole = "8000001c000000000000000000000000"
			    "00000000000000000000000000000000";
	char cdb[40];

	for (unsigned n = 0; n <= 40; n++) {
		unsigned bytes = n < 32 ? n : 32;

		snprintf(cdb, sizeof cdb, "34 08 00 00 00 00 00 00 %02x", n);
		ssc_do(&on, cdb, 64);
		ck_assert_uint_eq(on.answer.in_bytes, bytes);
		ck_assert_int_eq(on.answer.residual, 64 - (int)bytes);
		ck_assert(strncmp(ssc_hex(&on), whole, 2 * (size_t)bytes) == 0);
		ck_assert_uint_eq(ssc_untouched(&on), SSC_ROOM - bytes);

		ssc_do(&on, "34 08 00 00 00 00 00 00 20", n);
		ck_assert_uint_eq(on.answer.in_bytes, bytes);
		ck_assert_int_eq(on.answer.residual, (int)n - 32);
	}
}
END_TEST

START_TEST(the_early_warning_is_in_the_position)
{
	const unsigned objects[] = { 400, 400 };

	ssc_write_objects(&on, objects, 2);
	ssc_expect(&on, "0a 00 00 00 64", 100, "0/00/02e=0");
	ssc_expect_hex(&on, "34", 20,
	    "4000000000000003000000030000000000000000");
	ssc_expect(&on, "0a 00 00 00 65", 101, "D/00/02e=101 residual 101");
}
END_TEST

START_TEST(the_programmable_early_warning_is_in_the_position)
{
	const struct drive_options options = { .buffering = DRIVE_UNBUFFERED,
		.pews_bytes = 500 };

	ssc_remake(&on, &options, NULL);
	ssc_expect(&on, "0a 00 00 01 90", 400, "0/00/07e=0");
	ssc_expect_hex(&on, "34", 20,
	    "0100000000000001000000010000000000000000");
	ssc_expect_hex(&on, "34 06", 32,
	    "0100000000000000"
	    "0000000000000001"
	    "0000000000000000"
	    "0000000000000000");
}
END_TEST

START_TEST(the_buffer_is_in_the_position)
{
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.holds_buffer = true };
	const unsigned objects[] = { 100, 50 };

	ssc_remake(&on, &options, NULL);
	ssc_write_objects(&on, objects, 2);
	ssc_expect_hex(&on, "34", 20,
	    "0000000000000002000000000000000200000096");
	ssc_expect_hex(&on, "34 08 00 00 00 00 00 00 20", 32,
	    "0000001c00000002"
	    "0000000000000002"
	    "0000000000000000"
	    "0000000000000096");
	/* WRITE FILEMARKS with count 0 writes the buffer. */
	ssc_expect(&on, "10", 0, "good");
	ssc_expect_hex(&on, "34", 20,
	    "0000000000000002000000020000000000000000");
}
END_TEST

START_TEST(a_number_that_does_not_fit_is_an_error_of_the_position)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct volume_run run = { .bytes = UINT64_C(0x123456789),
		.block_bytes = 1 };

	ssc_remake(&on, NULL, &spec);
	ck_assert_int_eq(volume_append(on.volume, &run), 0);
	ssc_expect(&on, "11 03", 0, "good");
	ssc_expect_hex(&on, "34", 20,
	    "02000000ffffffffffffffff0000000000000000");
	ssc_expect_hex(&on, "34 06", 32,
	    "0000000000000000"
	    "0000000123456789"
	    "0000000000000000"
	    "0000000000000000");
	/* INFORMATION of SPACE fits only into descriptors. */
	ssc_expect(&on, "01", 0, "good");
	ssc_expect(&on, "91 00 00 00 00 00 00 03 00 00 00 00", 0, "8/00/05");
	ck_assert_int_eq(on.answer.decoded.information,
	    0x300000000 - 0x123456789);
}
END_TEST

START_TEST(an_unknown_position_is_reported)
{
	scsi_reset(on.unit, on.now_ns);
	ssc_expect(&on, "34", 20, "6/29/00 residual 20");
	ssc_expect_hex(&on, "34", 20,
	    "0400000000000000000000000000000000000000");
	ssc_expect_hex(&on, "34 06", 32,
	    "0c00000000000000"
	    "0000000000000000"
	    "0000000000000000"
	    "0000000000000000");
	ssc_expect(&on, "08 00 00 00 64", 100, "3/3B/00=100 residual 100");
	ssc_expect(&on, "01", 0, "good");
	ssc_expect_hex(&on, "34", 20,
	    "8000000000000000000000000000000000000000");
}
END_TEST

static void make_lto(void)
{
	struct drive *drive = drive_new(model_find("lto8"));
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct device_identity identity = { .type = 1 };
	int64_t ready_ns;

	ssc_finish(&on);
	unlink(scratch_path("v"));
	strcpy(spec.barcode, "VOL001L8");
	on.unit = scsi_new(drive, "TL00000001");
	on.device = ssc_device_new(on.unit, &identity);
	on.now_ns = 0;
	scsi_insert(on.unit, scratch_volume("v", &spec), 0, &ready_ns);
	ck_assert_int_gt(ready_ns, 0);
	ssc_expect(&on, "00", 0, "6/29/00");
	ssc_expect(&on, "00", 0, "6/28/00");
	/* A drive that a robot has loaded becomes ready. */
	ssc_expect(&on, "00", 0, "2/04/01");
	ssc_expect(&on, "34", 20, "2/04/01 residual 20");
	on.now_ns = ready_ns;
	ssc_expect(&on, "00", 0, "good");
	ssc_expect_hex(&on, "34", 20,
	    "8000000000000000000000000000000000000000");
}

START_TEST(with_immed_a_command_goes_on)
{
	static const struct {
		const char *cdb;
		uint8_t ascq;
	} commands[] = {
		{ "01 01", 0x1a },
		{ "2b 01 00 00 00 00 00", 0x19 },
		{ "92 01 00 00 00 00 00 00 00 00 00 00", 0x19 },
		{ "1b 01 00 00 01", 0x1a },
	};
	const struct volume_run run = { .bytes = UINT64_C(1) << 42,
		.block_bytes = 1 << 20 };
	char cdb[48];

	make_lto();
	ck_assert_int_eq(volume_append(drive_volume(scsi_drive(on.unit)), &run),
	    0);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		int64_t begin, end;

		ssc_expect(&on, "11 03", 0, "good");
		begin = on.now_ns;
		ssc_expect(&on, commands[i].cdb, 0, "good");
		ck_assert_int_eq(on.now_ns, begin);
		ssc_expect(&on, "00", 0, "2/04/07");
		ssc_expect(&on, "03 00 00 00 12", 18, "good in 18");
		ck_assert_uint_eq(on.in[2] & 0xf, 0);
		ck_assert_uint_eq(on.in[12], 0);
		ck_assert_uint_eq(on.in[13], commands[i].ascq);
		ck_assert_int_eq(on.now_ns, begin);
		/* A command that moves the tape waits for the end. */
		ssc_expect(&on, "34", 20, "good in 20");
		ck_assert_uint_eq(on.in[0], 0x80);
		ck_assert_int_gt(on.now_ns, begin + 1000000000);
		end = on.now_ns;
		ssc_expect(&on, "00", 0, "good");
		ck_assert_int_eq(on.now_ns, end);
		/* Without IMMED it takes this time itself. */
		ssc_expect(&on, "11 03", 0, "good");
		begin = on.now_ns;
		strcpy(cdb, commands[i].cdb);
		cdb[4] = '0';
		ssc_expect(&on, cdb, 0, "good");
		ck_assert_int_gt(on.now_ns, begin + 1000000000);
		ssc_expect(&on, "00", 0, "good");
	}
	/* An error is reported by the command itself. */
	ssc_expect(&on, "2b 01 ff ff ff ff 00", 0, "8/00/05");
	ssc_expect(&on, "00", 0, "good");
	ssc_expect(&on, "19 02", 0, "good");
	ssc_expect(&on, "03 00 00 00 12", 18, "good in 18");
	ck_assert_uint_eq(on.in[13], 0);
	ssc_expect(&on, "01", 0, "good");
	ssc_expect(&on, "19 03", 0, "good");
	ssc_expect(&on, "03 00 00 00 12", 18, "good in 18");
	ck_assert_uint_eq(on.in[13], 0x18);
}
END_TEST

START_TEST(a_reset_of_the_unit_ends_before_the_rewind)
{
	const struct volume_run run = { .bytes = UINT64_C(1) << 42,
		.block_bytes = 1 << 20 };

	make_lto();
	ck_assert_int_eq(volume_append(drive_volume(scsi_drive(on.unit)), &run),
	    0);
	ssc_expect(&on, "11 03", 0, "good");
	device_reset(on.device, on.now_ns);
	ssc_expect(&on, "00", 0, "6/29/03");
	/* The error handler of Linux waits ten seconds for this answer. */
	ssc_expect(&on, "00", 0, "2/04/07");
	on.now_ns += INT64_C(600000000000);
	ssc_expect(&on, "00", 0, "good");
	ssc_expect_hex(&on, "34", 20,
	    "8000000000000000000000000000000000000000");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ssc_position");
	TCase *t = tcase_create("ssc_position");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, read_position_has_four_forms);
	tcase_add_test(t, short_lengths_cut_the_position);
	tcase_add_test(t, the_early_warning_is_in_the_position);
	tcase_add_test(t, the_programmable_early_warning_is_in_the_position);
	tcase_add_test(t, the_buffer_is_in_the_position);
	tcase_add_test(t,
	    a_number_that_does_not_fit_is_an_error_of_the_position);
	tcase_add_test(t, an_unknown_position_is_reported);
	tcase_add_test(t, with_immed_a_command_goes_on);
	tcase_add_test(t, a_reset_of_the_unit_ends_before_the_rewind);
	return run_suite(s);
}
