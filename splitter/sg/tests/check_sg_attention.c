/*
 * check_sg_attention.c: unit attentions that leave the tape where it is, where
 * the position is not known.
 *
 * Expected: a REWIND that meets one, which the drive has not executed, is sent
 * again.
 * Bug: it failed, because the position did not prove where the tape was: "the
 * drive was reset, or its cartridge was removed".
 */
#include <check.h>

#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

static const struct served_sense harmless[] = {
	{ 6, 0x3f, 0x00, 0, false, -1 }, /* operating conditions changed */
	{ 6, 0x3f, 0x01, 0, false, -1 }, /* microcode changed */
	{ 6, 0x3f, 0x03, 0, false, -1 }, /* INQUIRY data changed */
	{ 6, 0x2a, 0x01, 0, false, -1 }, /* mode parameters changed */
};

enum {
	REWIND = 0x01,
	READ = 0x08,
	LOAD_UNLOAD = 0x1b,
	LOCATE_10 = 0x2b,
	READ_POSITION = 0x34,
	LOCATE_16 = 0x92,
	HARMLESS = sizeof harmless / sizeof *harmless
};

START_TEST(a_rewind_after_a_load_is_sent_again)
{
	char err[TAPE_MESSAGE_BYTES];

	sg_stage_up(100, 10);
	ck_assert_int_eq(sg_library_probe(sgs.library, 0, err, sizeof err), 0);
	served_port_check(sgs.port, REWIND, false, &harmless[_i]);
	sg_stage_load();
	ck_assert_uint_eq(served_port_count(sgs.port, REWIND), 2);
	sg_stage_write_files(1);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	/* The place in the volume before is not that in this one. */
	served_port_check(sgs.port, REWIND, false, &harmless[_i]);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_down();
}
END_TEST

/* The next READ fails, and the position is not known afterwards. */
static void fail_a_read(void)
{
	served_port_check(sgs.port, READ, false,
	    &(struct served_sense){ .key = 3, .asc = 0x11, .information = -1 });
	served_port_check(sgs.port, READ_POSITION, false,
	    &(struct served_sense){ .key = 4, .asc = 0x44, .information = -1 });
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_MEDIUM_ERROR);
}

START_TEST(a_rewind_after_an_error_is_sent_again)
{
	sg_stage_begin(100, 10);
	sg_stage_write_files(2);
	sg_stage_rewind();
	fail_a_read();
	served_port_check(sgs.port, REWIND, false, &harmless[_i]);
	served_port_check(sgs.port, LOCATE_16, false, &harmless[_i]);
	sg_stage_locate(2);
	sg_stage_ck(TAPE_OK);
	sg_stage_ck_at(2, 6);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

/* A drive that does not report its position. */
START_TEST(a_locate_without_a_position_is_sent_again)
{
	const struct served_instead unsupported = { .opcode = READ_POSITION,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 5, [7] = 10, [12] = 0x20 },
		.sense_bytes = 18,
		.for_good = true };
	char err[TAPE_MESSAGE_BYTES];

	sg_stage_up(100, 10);
	ck_assert_int_eq(sg_library_probe(sgs.library, 0, err, sizeof err), 0);
	served_port_instead(sgs.port, &unsupported);
	sg_stage_load();
	sg_stage_write_files(1);
	served_port_check(sgs.port, LOCATE_16, false, &harmless[_i]);
	sg_stage_locate(1);
	sg_stage_ck(TAPE_OK);
	ck_assert_uint_eq(served_port_count(sgs.port, LOCATE_16), 2);
	sg_stage_down();
}
END_TEST

/* Another program left the volume in its second partition. */
START_TEST(a_locate_to_the_first_partition_is_sent_again)
{
	char err[TAPE_MESSAGE_BYTES];

	sg_stage_up(100, 10);
	ck_assert_int_eq(sg_library_probe(sgs.library, 0, err, sizeof err), 0);
	served_port_instead(sgs.port,
	    &(struct served_instead){ .opcode = READ_POSITION,
		.outcome = SCSI_ANSWERED,
		.data = { [7] = 1 },
		.data_bytes = 32 });
	served_port_check(sgs.port, LOCATE_10, false, &harmless[_i]);
	sg_stage_load();
	ck_assert_uint_eq(served_port_count(sgs.port, LOCATE_10), 2);
	sg_stage_write_files(1);
	sg_stage_down();
}
END_TEST

/* It depends on the position. */
START_TEST(a_read_after_an_error_is_not_sent_again)
{
	unsigned reads;

	sg_stage_begin(100, 10);
	sg_stage_write_files(2);
	sg_stage_rewind();
	fail_a_read();
	served_port_check(sgs.port, READ, false, &harmless[_i]);
	reads = served_port_count(sgs.port, READ);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_uint_eq(served_port_count(sgs.port, READ), reads + 1);
	sg_stage_down();
}
END_TEST

START_TEST(an_unload_is_sent_again)
{
	sgs.options.eject = true;
	sg_stage_begin(100, 10);
	sg_stage_write_files(1);
	fail_a_read();
	served_port_check(sgs.port, LOAD_UNLOAD, false, &harmless[_i]);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_ck(TAPE_OK);
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 2);
	sg_stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg_attention");
	TCase *t = tcase_create("sg_attention");

	tcase_add_loop_test(t, a_rewind_after_a_load_is_sent_again, 0,
	    HARMLESS);
	tcase_add_loop_test(t, a_rewind_after_an_error_is_sent_again, 0,
	    HARMLESS);
	tcase_add_loop_test(t, a_locate_without_a_position_is_sent_again, 0,
	    HARMLESS);
	tcase_add_loop_test(t, a_locate_to_the_first_partition_is_sent_again, 0,
	    HARMLESS);
	tcase_add_loop_test(t, a_read_after_an_error_is_not_sent_again, 0,
	    HARMLESS);
	tcase_add_loop_test(t, an_unload_is_sent_again, 0, HARMLESS);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
