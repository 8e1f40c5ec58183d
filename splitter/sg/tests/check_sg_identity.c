/*
 * check_sg_identity.c: which cartridge is in a drive on SCSI commands, and how
 * its medium is formatted.
 */
#include <check.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

START_TEST(a_cartridge_is_identified)
{
	struct tape_identity first, second;

	sg_stage_up(100, 10);
	sg_stage_load();
	tape_identify(sgs.tape, &first);
	ck_assert_str_eq(first.serial, "VTA001L8");
	ck_assert_str_eq(first.maker, "TAPELAB");
	ck_assert_str_eq(first.generation, "LTO-8");
	ck_assert_uint_eq(first.change_reference, 0);
	ck_assert_uint_eq(first.partitions, 1);
	ck_assert_int_eq(first.write_once, TAPE_KNOWN_NO);
	ck_assert_int_eq(first.blank_proof, TAPE_BLANK_PROOF_SENSE);
	sg_stage_unload(TAPE_CLOSE_REFUSED);
	sg_stage_load();
	tape_identify(sgs.tape, &second);
	ck_assert_str_eq(second.serial, "VTA002L8");
	sg_stage_down();
}
END_TEST

/* A barcode that a person says is told apart from one of a library. */
START_TEST(a_claimed_barcode_is_one)
{
	struct tape_identity is;

	sgs.options.barcode = "VTA009L8";
	sgs.options.barcode_claimed = _i == 1;
	sg_stage_up(100, 10);
	sg_stage_load();
	tape_identify(sgs.tape, &is);
	ck_assert_int_eq(is.barcode_claimed,
	    _i == 1 ? TAPE_KNOWN_YES : TAPE_KNOWN_NO);
	sg_stage_down();
}
END_TEST

/* The question meets the only report of an exchange. */
START_TEST(an_exchange_that_identity_meets_is_not_forgotten)
{
	const struct served_sense exchanged = {
		.key = 6, .asc = 0x28, .information = -1
	};
	struct tape_identity is;

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	served_port_check(sgs.port, 0x8c, false, &exchanged);
	tape_identify(sgs.tape, &is);
	ck_assert_str_eq(is.serial, "VTA001L8");
	sg_stage_header();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_filemark();
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_uint_eq(served_port_count(sgs.port, 0x10), 2);
	sg_stage_down();
}
END_TEST

/* A blank volume may then be another one, which matters to who writes on it. */
START_TEST(a_blank_volume_after_an_attention_is_read_and_not_labelled)
{
	struct tape_identity is;

	sgs.options.reading = _i == 1;
	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_BLANK);
	served_port_check(sgs.port, 0x8c, false,
	    &(struct served_sense){ .key = 6, .asc = 0x29, .information = -1 });
	tape_identify(sgs.tape, &is);
	sg_stage_rewind();
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(_i == 1 ? TAPE_BLANK : TAPE_POSITION_LOST);
	if (_i == 0) {
		sg_stage_label();
		sg_stage_ck(TAPE_POSITION_LOST);
		ck_assert_uint_eq(served_port_count(sgs.port, 0x0a), 0);
	}
	sg_stage_down();
}
END_TEST

static void make_two_partitions(void)
{
	enum { PARTITIONS = 0x11, FDP = 0x80 };
	const struct scsi_command format = {
		.cdb = { 0x04, 0, 1 },
		.cdb_bytes = 6,
		.name = "FORMAT MEDIUM",
	};
	struct scsi_mode_data mode;
	struct scsi_unit unit;

	scsi_unit_init(&unit, served_port_scsi(sgs.port));
	ck_assert(scsi_send_mode_sense(&unit, PARTITIONS, 0, SCSI_MODE_CURRENT,
	    &mode));
	mode.page[3] = 1;
	mode.page[4] |= FDP;
	ck_assert(scsi_send_mode_select(&unit, &mode));
	ck_assert(scsi_send(&unit, &format));
}

START_TEST(a_partitioned_medium_is_formatted_as_one)
{
	struct tape_identity is;

	sg_stage_up(100, 10);
	sg_stage_load();
	make_two_partitions();
	tape_identify(sgs.tape, &is);
	ck_assert_uint_eq(is.partitions, 2);
	sgs.tape->ops->format(sgs.tape, 0, &sgs.r);
	sg_stage_ck(TAPE_OK);
	sg_stage_ck_at(0, 0);
	tape_identify(sgs.tape, &is);
	ck_assert_uint_eq(is.partitions, 1);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_BLANK);
	sg_stage_write_files(1);
	sg_stage_ck_at(2, 6);
	sg_stage_down();
}
END_TEST

START_TEST(a_drive_that_cannot_format_says_so)
{
	const struct served_sense unknown = {
		.key = 5, .asc = 0x20, .information = -1
	};

	sg_stage_up(100, 10);
	sg_stage_load();
	served_port_check(sgs.port, 0x04, false, &unknown);
	sgs.tape->ops->format(sgs.tape, 0, &sgs.r);
	sg_stage_ck(TAPE_INVALID);
	ck_assert_ptr_nonnull(strstr(sgs.r.message, "cannot format"));
	sg_stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg: the cartridge");
	TCase *t = tcase_create("sg");

	tcase_add_test(t, a_cartridge_is_identified);
	tcase_add_loop_test(t, a_claimed_barcode_is_one, 0, 2);
	tcase_add_test(t, an_exchange_that_identity_meets_is_not_forgotten);
	tcase_add_loop_test(t,
	    a_blank_volume_after_an_attention_is_read_and_not_labelled, 0, 2);
	tcase_add_test(t, a_partitioned_medium_is_formatted_as_one);
	tcase_add_test(t, a_drive_that_cannot_format_says_so);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
