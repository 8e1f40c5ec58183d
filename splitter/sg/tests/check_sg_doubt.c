/*
 * check_sg_doubt.c: an answer that hides something, or says what cannot be: a
 * reset, an exchanged cartridge, a deferred error, a wrong position or length.
 * The part that was written is not safe then.
 */
#include <check.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tape/watch.h"
#include "splitter/tests/run_suite.h"

enum {
	REWIND = 0x01,
	READ = 0x08,
	WRITE = 0x0a,
	FILEMARKS = 0x10,
	READ_POSITION = 0x34
};

/* Another initiator resets the drive in mid-file; the volume is safe. */
START_TEST(a_real_reset_ends_the_volume)
{
	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(2);
	sg_stage_header();
	served_library_reset(sgs.served, 1);
	sg_stage_run(1);
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_filemark();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_locate(2);
	sg_stage_ck(TAPE_OK);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_OK);
	/* The first block is compared before a new label is written. */
	sg_stage_label();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_down();
}
END_TEST

static void allow_removal(void)
{
	const struct scsi_command allow = { .cdb = { 0x1e },
		.cdb_bytes = 6,
		.timeout_s = 60,
		.name = "PREVENT ALLOW MEDIUM REMOVAL" };
	struct scsi_answer a;

	ck_assert(scsi_execute(served_port_scsi(sgs.port), &allow, &a));
}

/* Between two files the cartridge is exchanged for another one. */
START_TEST(an_exchanged_cartridge_is_not_written)
{
	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_read(SG_BLOCK);
	sg_stage_write_files(1);
	sg_stage_read(SG_BLOCK);
	/* A person opens the drive by force. */
	allow_removal();
	served_library_take(sgs.served, 0);
	served_library_load(sgs.served, 0, 2);
	if (_i == 1)
		served_port_clear_attentions(sgs.port);
	sg_stage_header();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_label();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_filemark();
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_uint_eq(served_port_count(sgs.port, WRITE), 4);
	sg_stage_down();
}
END_TEST

/* Which command meets the report of an exchange, before the first read is good. */
enum meets { COUNTERS, IDENTITY_THEN_ERROR, REWIND_MEETS, READ_MEETS, MEETS };

static void meet(enum meets which)
{
	static const struct served_sense bad = {
		.key = 3, .asc = 0x11, .information = -1
	};
	struct tape_condition condition = { .raw = NULL };
	struct tape_identity identity;

	if (which == COUNTERS) {
		tape_get_condition(sgs.tape, &condition);
	} else if (which == IDENTITY_THEN_ERROR) {
		tape_identify(sgs.tape, &identity);
		served_port_check(sgs.port, REWIND, false, &bad);
		sg_stage_rewind();
		sg_stage_ck(TAPE_MEDIUM_ERROR);
	} else if (which == REWIND_MEETS) {
		sg_stage_rewind();
		sg_stage_ck(TAPE_POSITION_LOST);
	} else {
		sg_stage_read(SG_BLOCK);
		sg_stage_ck(TAPE_POSITION_LOST);
	}
	sg_stage_rewind();
	sg_stage_ck(TAPE_OK);
}

/*
 * Between the load and the first read the cartridge is exchanged: its barcode is
 * that of the first one.
 *
 * Expected: it is not written.  Bug: only the first block was compared, with itself.
 */
START_TEST(a_cartridge_that_is_exchanged_before_it_is_read_is_not_written)
{
	sg_stage_up(100, 10);
	sg_stage_load();
	allow_removal();
	served_library_take(sgs.served, 0);
	served_library_load(sgs.served, 0, 2);
	meet((enum meets)_i);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_BLANK);
	sg_stage_label();
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_ptr_nonnull(strstr(sgs.r.message, "it may be another one"));
	sg_stage_rewind();
	sg_stage_label();
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_uint_eq(served_port_count(sgs.port, WRITE), 0);
	sg_stage_down();
}
END_TEST

/* It is the same one then, for all that is known. */
START_TEST(a_medium_error_before_the_first_read_is_no_exchange)
{
	static const struct served_sense bad = {
		.key = 3, .asc = 0x11, .information = -1
	};

	sg_stage_up(100, 10);
	sg_stage_load();
	served_port_check(sgs.port, READ, false, &bad);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_MEDIUM_ERROR);
	sg_stage_rewind();
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_BLANK);
	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

/* A command that only asks must not hide an exchange. */
START_TEST(an_attention_to_a_question_counts)
{
	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_header();
	sg_stage_ck(TAPE_OK);
	served_library_reset(sgs.served, 1);
	ck_assert_int_eq(scsi_send_ready(sg_library_unit(sgs.library)),
	    SCSI_READY);
	sg_stage_run(1);
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_uint_eq(served_port_count(sgs.port, WRITE), 5);
	sg_stage_down();
}
END_TEST

START_TEST(a_deferred_error_to_a_question_counts)
{
	const struct served_sense lost = {
		.key = 3, .asc = 0x0c, .deferred = true, .information = -1
	};

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_header();
	served_port_check(sgs.port, 0x00, false, &lost);
	ck_assert_int_ne(scsi_send_ready(sg_library_unit(sgs.library)),
	    SCSI_READY);
	if (_i == 0) {
		sg_stage_run(1);
		sg_stage_ck(TAPE_DEFERRED_ERROR);
		sg_stage_filemark();
	} else {
		sg_stage_unload(TAPE_CLOSE_GOOD);
	}
	sg_stage_ck(TAPE_DEFERRED_ERROR);
	ck_assert_uint_eq(served_port_count(sgs.port, WRITE), 5);
	ck_assert_uint_eq(served_port_count(sgs.port, FILEMARKS), 2);
	sg_stage_down();
}
END_TEST

/* The drive has a buffer, and the medium a defect. */
START_TEST(a_deferred_error_fails_the_part)
{
	const struct volume_defect defect = { .fail = VOLUME_FAIL_WRITE,
		.unit = VOLUME_OBJECTS,
		.at = 8,
		.sense = { .key = 3, .asc = 0x0c } };

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	served_library_defect(sgs.served, 0, &defect);
	sg_stage_header();
	sg_stage_ck(TAPE_OK);
	sg_stage_run(4);
	if (sgs.r.cause == TAPE_OK)
		sg_stage_filemark();
	sg_stage_ck(TAPE_DEFERRED_ERROR);
	sg_stage_down();
}
END_TEST

/* The drive counts fewer blocks than were written: the part is not safe. */
START_TEST(the_position_after_a_part_must_be_right)
{
	const struct served_instead swallow = {
		.opcode = WRITE, .outcome = SCSI_ANSWERED, .status = SCSI_GOOD
	};

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_header();
	served_port_instead(sgs.port, &swallow);
	sg_stage_run(3);
	sg_stage_ck(TAPE_OK);
	sg_stage_filemark();
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_ptr_nonnull(strstr(sgs.r.message, "expected 11"));
	sg_stage_down();
}
END_TEST

/* Unit attentions that leave the tape where it is, without end. */
START_TEST(attentions_without_end_are_an_error)
{
	static const struct served_instead changed = { .opcode = 0x34,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 6, [7] = 10, [12] = 0x3f, 0x0e },
		.sense_bytes = 18,
		.for_good = true };

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_header();
	served_port_instead(sgs.port, &changed);
	sg_stage_filemark();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_down();
}
END_TEST

/* Zeros that the drive has not sent are no position. */
START_TEST(a_position_that_was_sent_in_part_is_none)
{
	static const struct served_instead half = { .opcode = 0x34,
		.executed = true,
		.outcome = SCSI_ANSWERED,
		.residual = 24 };

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_header();
	served_port_instead(sgs.port, &half);
	sg_stage_filemark();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_down();
}
END_TEST

/* The drive says that an error was recovered, not that the block is short. */
START_TEST(the_length_of_a_recovered_block_is_the_residual)
{
	static const struct served_instead recovered = { .opcode = READ,
		.executed = true,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 1, [7] = 10, [12] = 0x17, 1 },
		.sense_bytes = 18,
		.residual = SG_BLOCK };

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_rewind();
	served_port_drop_residuals(sgs.port, _i == 1);
	served_port_instead(sgs.port, &recovered);
	sg_stage_read(2 * SG_BLOCK);
	sg_stage_ck(_i == 0 ? TAPE_OK : TAPE_INVALID);
	ck_assert_uint_eq(sgs.block.bytes, _i == 0 ? SG_BLOCK : 0);
	sg_stage_down();
}
END_TEST

/* Earlier contents of the buffer are not data of the tape. */
START_TEST(a_length_that_cannot_be_is_no_length)
{
	static const struct {
		uint8_t status;
		uint8_t sense[24];
		uint32_t residual;
	} answers[] = {
		/* GOOD, and nothing was sent */
		{ SCSI_GOOD, { 0 }, 2 * SG_BLOCK },
		/* a block of one block, of which half was sent */
		{ SCSI_CHECK_CONDITION,
		    { 0xf0, 0, 0x20, [5] = SG_BLOCK >> 8, [7] = 10 },
		    SG_BLOCK + SG_BLOCK / 2 },
		/* ILI, and INT32_MIN */
		{ SCSI_CHECK_CONDITION,
		    { 0x72, [7] = 16, [9] = 10, 0x80, [12] = 0x80, [20] = 4, 2,
			0, 0x20 },
		    0 },
	};
	struct served_instead answer = { .opcode = READ,
		.executed = true,
		.outcome = SCSI_ANSWERED,
		.status = answers[_i].status,
		.sense_bytes = 24,
		.residual = answers[_i].residual };

	memcpy(answer.sense, answers[_i].sense, sizeof answers[_i].sense);
	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_rewind();
	served_port_instead(sgs.port, &answer);
	sg_stage_read(2 * SG_BLOCK);
	ck_assert_uint_eq(sgs.block.bytes, 0);
	ck_assert_int_ne(sgs.r.cause, TAPE_OK);
	sg_stage_down();
}
END_TEST

/* Blocks and filemarks are right in sum, but not the filemarks alone. */
START_TEST(the_file_after_a_part_must_be_right)
{
	struct served_instead position = { .opcode = READ_POSITION,
		.after = 1,
		.outcome = SCSI_ANSWERED,
		.data = { [15] = 9, [23] = 4 },
		.data_bytes = 32 };

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	/* The first question is the one before the header. */
	served_port_instead(sgs.port, &position);
	sg_stage_header();
	sg_stage_run(1);
	sg_stage_ck(TAPE_OK);
	sg_stage_filemark();
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_msg(strstr(sgs.r.message, "in file 4, expected 3") != NULL,
	    "%s", sgs.r.message);
	sg_stage_header();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_down();
}
END_TEST

/* A unit attention that moves nothing, on a drive that has moved. */
START_TEST(a_command_is_not_sent_again_elsewhere)
{
	const struct served_sense modes = {
		.key = 6, .asc = 0x2a, .ascq = 1, .information = -1
	};
	struct served_instead position = { .opcode = READ_POSITION,
		.outcome = SCSI_ANSWERED,
		.data = { [15] = 5, [23] = 2 },
		.data_bytes = 32 };
	unsigned writes;

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(1);
	sg_stage_header();
	sg_stage_ck(TAPE_OK);
	writes = served_port_count(sgs.port, WRITE);
	served_port_check(sgs.port, WRITE, false, &modes);
	served_port_instead(sgs.port, &position);
	sg_stage_run(1);
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_uint_eq(served_port_count(sgs.port, WRITE), writes + 1);
	sg_stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg_doubt");
	TCase *t = tcase_create("sg_doubt");

	tcase_add_test(t, a_real_reset_ends_the_volume);
	tcase_add_loop_test(t, an_exchanged_cartridge_is_not_written, 0, 2);
	tcase_add_loop_test(t,
	    a_cartridge_that_is_exchanged_before_it_is_read_is_not_written, 0,
	    MEETS);
	tcase_add_test(t, a_medium_error_before_the_first_read_is_no_exchange);
	tcase_add_test(t, an_attention_to_a_question_counts);
	tcase_add_loop_test(t, a_deferred_error_to_a_question_counts, 0, 2);
	tcase_add_test(t, a_deferred_error_fails_the_part);
	tcase_add_test(t, the_position_after_a_part_must_be_right);
	tcase_add_test(t, the_file_after_a_part_must_be_right);
	tcase_add_test(t, a_command_is_not_sent_again_elsewhere);
	tcase_add_test(t, attentions_without_end_are_an_error);
	tcase_add_test(t, a_position_that_was_sent_in_part_is_none);
	tcase_add_loop_test(t, a_length_that_cannot_be_is_no_length, 0, 3);
	tcase_add_loop_test(t, the_length_of_a_recovered_block_is_the_residual,
	    0, 2);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
