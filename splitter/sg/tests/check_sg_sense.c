/*
 * check_sg_sense.c: what each answer of a drive means, in mid-file, and what may
 * be written after it: the table of sg.h.
 */
#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

enum {
	READ = 0x08,
	WRITE = 0x0a,
	FILEMARKS = 0x10,
	READ_POSITION = 0x34,
	LOCATE = 0x92
};

/* What is tried after it. */
enum then { CONTINUES, ENDS };

static const struct row {
	const char *name;
	uint8_t opcode; /* of the command that is answered so */
	enum scsi_outcome outcome;
	int error;
	uint8_t status;
	bool executed, deferred;
	uint8_t key, asc, ascq, bits;
	enum tape_cause cause;
	enum then then; /* whether a filemark is still written */
	const char *notice;
	uint64_t remarks;
} rows[] = {
	{ .name = "early warning",
	    .opcode = WRITE,
	    .executed = true,
	    .bits = 0x40,
	    .ascq = 2 },
	{ .name = "recovered error",
	    .opcode = WRITE,
	    .executed = true,
	    .key = 1,
	    .asc = 0x0c },
	{ .name = "cleaning requested",
	    .opcode = WRITE,
	    .executed = true,
	    .ascq = 0x17,
	    .remarks = TAPE_REMARK_CLEANING },
	{ .name = "cleaning requested, recovered",
	    .opcode = FILEMARKS,
	    .executed = true,
	    .key = 1,
	    .ascq = 0x17,
	    .remarks = TAPE_REMARK_CLEANING },
	{ .name = "failure predicted",
	    .opcode = WRITE,
	    .executed = true,
	    .key = 1,
	    .asc = 0x5d,
	    .remarks = TAPE_REMARK_FAILURE },
	{ .name = "temperature",
	    .opcode = WRITE,
	    .executed = true,
	    .key = 1,
	    .asc = 0x0b,
	    .ascq = 1,
	    .notice = "temperature" },
	{ .name = "physical end",
	    .opcode = WRITE,
	    .key = 0x0d,
	    .ascq = 2,
	    .bits = 0x40,
	    .cause = TAPE_PEOM },
	{ .name = "physical end as a medium error",
	    .opcode = WRITE,
	    .key = 3,
	    .ascq = 2,
	    .bits = 0x40,
	    .cause = TAPE_PEOM },
	{ .name = "no room for the filemark",
	    .opcode = FILEMARKS,
	    .key = 0x0d,
	    .ascq = 2,
	    .bits = 0x40,
	    .cause = TAPE_PEOM },
	{ .name = "write error",
	    .opcode = WRITE,
	    .key = 3,
	    .asc = 0x0c,
	    .cause = TAPE_MEDIUM_ERROR },
	{ .name = "write append error",
	    .opcode = WRITE,
	    .key = 3,
	    .asc = 0x50,
	    .cause = TAPE_MEDIUM_ERROR },
	{ .name = "cartridge fault",
	    .opcode = FILEMARKS,
	    .key = 3,
	    .asc = 0x52,
	    .cause = TAPE_MEDIUM_ERROR },
	{ .name = "deferred medium error",
	    .opcode = WRITE,
	    .deferred = true,
	    .key = 3,
	    .asc = 0x0c,
	    .cause = TAPE_DEFERRED_ERROR },
	{ .name = "deferred error at the filemark",
	    .opcode = FILEMARKS,
	    .deferred = true,
	    .key = 4,
	    .asc = 0x44,
	    .cause = TAPE_DEFERRED_ERROR },
	{ .name = "sequential positioning error",
	    .opcode = WRITE,
	    .key = 3,
	    .asc = 0x3b,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "hardware error",
	    .opcode = WRITE,
	    .key = 4,
	    .asc = 0x44,
	    .cause = TAPE_HARDWARE_ERROR,
	    .then = ENDS },
	{ .name = "becoming ready in mid-volume",
	    .opcode = WRITE,
	    .key = 2,
	    .asc = 4,
	    .ascq = 1,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "medium gone",
	    .opcode = WRITE,
	    .key = 2,
	    .asc = 0x3a,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "medium may have changed",
	    .opcode = WRITE,
	    .key = 6,
	    .asc = 0x28,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "power on",
	    .opcode = FILEMARKS,
	    .key = 6,
	    .asc = 0x29,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "nexus lost",
	    .opcode = WRITE,
	    .key = 6,
	    .asc = 0x29,
	    .ascq = 7,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "commands cleared by another initiator",
	    .opcode = WRITE,
	    .key = 6,
	    .asc = 0x2f,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "reservation pre-empted",
	    .opcode = WRITE,
	    .key = 6,
	    .asc = 0x2a,
	    .ascq = 3,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "mode parameters changed",
	    .opcode = WRITE,
	    .key = 6,
	    .asc = 0x2a,
	    .ascq = 1,
	    .notice = "is sent again" },
	{ .name = "LUNs changed",
	    .opcode = FILEMARKS,
	    .key = 6,
	    .asc = 0x3f,
	    .ascq = 0x0e,
	    .notice = "is sent again" },
	{ .name = "failure predicted, as an attention",
	    .opcode = WRITE,
	    .key = 6,
	    .asc = 0x5d,
	    .notice = "is sent again" },
	{ .name = "write-protected",
	    .opcode = WRITE,
	    .key = 7,
	    .asc = 0x27,
	    .cause = TAPE_WRITE_PROTECTED },
	{ .name = "overwriting a write-once medium",
	    .opcode = WRITE,
	    .key = 7,
	    .asc = 0x30,
	    .ascq = 0x0c,
	    .cause = TAPE_WRITE_PROTECTED },
	{ .name = "not a block for this drive",
	    .opcode = WRITE,
	    .key = 5,
	    .asc = 0x24,
	    .cause = TAPE_INVALID },
	{ .name = "a write that meets the end of data",
	    .opcode = WRITE,
	    .key = 8,
	    .ascq = 5,
	    .cause = TAPE_HARDWARE_ERROR,
	    .then = ENDS },
	{ .name = "aborted by the device",
	    .opcode = WRITE,
	    .key = 0x0b,
	    .asc = 0x4b,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "reserved by another initiator",
	    .opcode = WRITE,
	    .status = SCSI_RESERVATION_CONFLICT,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "busy, once", .opcode = WRITE, .status = SCSI_BUSY },
	{ .name = "no sense data",
	    .opcode = WRITE,
	    .status = 0x22,
	    .cause = TAPE_HARDWARE_ERROR,
	    .then = ENDS },
	{ .name = "no answer, not executed",
	    .opcode = WRITE,
	    .outcome = SCSI_LOST,
	    .error = ETIMEDOUT,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "no answer, executed",
	    .opcode = WRITE,
	    .outcome = SCSI_LOST,
	    .executed = true,
	    .error = EIO,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "too long for the adapter",
	    .opcode = WRITE,
	    .outcome = SCSI_NOT_SENT,
	    .error = ENOMEM,
	    .cause = TAPE_INVALID },
	{ .name = "the device is gone",
	    .opcode = WRITE,
	    .outcome = SCSI_NOT_SENT,
	    .error = ENODEV,
	    .cause = TAPE_HARDWARE_ERROR,
	    .then = ENDS },
	{ .name = "unrecovered read error",
	    .opcode = READ,
	    .key = 3,
	    .asc = 0x11,
	    .cause = TAPE_MEDIUM_ERROR,
	    .then = ENDS },
	{ .name = "aborted read",
	    .opcode = READ,
	    .key = 0x0b,
	    .asc = 0x14,
	    .cause = TAPE_MEDIUM_ERROR,
	    .then = ENDS },
	{ .name = "encrypted",
	    .opcode = READ,
	    .key = 7,
	    .asc = 0x74,
	    .cause = TAPE_WRITE_PROTECTED,
	    .then = ENDS },
	{ .name = "end of data not found",
	    .opcode = READ,
	    .key = 3,
	    .asc = 0x14,
	    .ascq = 3,
	    .cause = TAPE_MEDIUM_ERROR,
	    .then = ENDS },
	{ .name = "the physical end while reading",
	    .opcode = READ,
	    .key = 3,
	    .ascq = 2,
	    .bits = 0x40,
	    .cause = TAPE_EOD },
	{ .name = "recovered while reading",
	    .opcode = READ,
	    .executed = true,
	    .key = 1,
	    .asc = 0x17 },
	{ .name = "a reset while going to a file",
	    .opcode = LOCATE,
	    .key = 6,
	    .asc = 0x29,
	    .cause = TAPE_POSITION_LOST,
	    .then = ENDS },
	{ .name = "positioning error while going to a file",
	    .opcode = LOCATE,
	    .key = 4,
	    .asc = 0x15,
	    .ascq = 1,
	    .cause = TAPE_HARDWARE_ERROR,
	    .then = ENDS },
};
enum { ROWS = sizeof rows / sizeof *rows };

static void answer_with(const struct row *row)
{
	struct served_instead i = { .opcode = row->opcode,
		.executed = row->executed,
		.outcome = row->outcome,
		.error = row->error,
		.status =
		    row->status != 0 ? row->status : SCSI_CHECK_CONDITION };

	if (row->outcome == SCSI_ANSWERED && row->status == 0) {
		i.sense_bytes = 18;
		i.sense[0] = row->deferred ? 0x71 : 0x70;
		i.sense[2] = (uint8_t)(row->key | row->bits);
		i.sense[7] = 10;
		i.sense[12] = row->asc;
		i.sense[13] = row->ascq;
	}
	served_port_instead(sgs.port, &i);
}

static void do_it(const struct row *row)
{
	switch (row->opcode) {
	case WRITE:
		sg_stage_run(1);
		break;
	case FILEMARKS:
		sg_stage_filemark();
		break;
	case READ:
		sg_stage_locate(1);
		sg_stage_read(SG_BLOCK);
		break;
	default:
		sg_stage_locate(1);
		break;
	}
}

START_TEST(an_answer_has_its_cause)
{
	const struct row *row = &rows[_i];
	unsigned writes, marks;
	uint64_t recovered;

	sg_stage_up(100, 10);
	sg_stage_load();
	sg_stage_write_files(2);
	if (row->opcode == WRITE || row->opcode == FILEMARKS) {
		sg_stage_header();
		sg_stage_run(1);
		sg_stage_ck(TAPE_OK);
	}
	recovered = sg_library_recovered(sgs.library);
	answer_with(row);
	writes = served_port_count(sgs.port, WRITE);
	do_it(row);
	ck_assert_msg(sgs.r.cause == row->cause, "%s: %s: %s", row->name,
	    tape_cause_name(sgs.r.cause), sgs.r.message);
	ck_assert_int_eq(sgs.r.leom, row->ascq == 2 && row->cause == TAPE_OK);
	ck_assert_uint_eq(sg_library_recovered(sgs.library) - recovered,
	    row->key == 1);
	if (row->cause != TAPE_OK && row->key != 0)
		ck_assert_uint_eq(sgs.r.sense.key, row->key);
	ck_assert_msg(sgs.r.remarks == row->remarks, "%s: %" PRIu64, row->name,
	    sgs.r.remarks);
	if (row->notice != NULL)
		ck_assert_msg(strstr(sgs.notice, row->notice) != NULL, "%s: %s",
		    row->name, sgs.notice);
	else
		ck_assert_msg(sgs.notices == 0, "%s: %s", row->name,
		    sgs.notice);
	/* A command is sent again only if it certainly was not executed. */
	if (row->opcode == WRITE && row->cause != TAPE_OK)
		ck_assert_uint_eq(served_port_count(sgs.port, WRITE),
		    writes + 1);
	if (row->opcode == READ || row->opcode == LOCATE) {
		sg_stage_down();
		return;
	}
	marks = served_port_count(sgs.port, FILEMARKS);
	sg_stage_filemark();
	ck_assert_msg((sgs.r.cause == TAPE_OK) == (row->then == CONTINUES),
	    "%s: then %s", row->name, sgs.r.message);
	if (row->then == ENDS) {
		sg_stage_run(1);
		sg_stage_header();
		sg_stage_unload(TAPE_CLOSE_SUSPECT);
		ck_assert_msg(served_port_count(sgs.port, FILEMARKS) == marks &&
			served_port_count(sgs.port, WRITE) ==
			    writes + 1 - (row->opcode == FILEMARKS),
		    "%s: something was written after it", row->name);
	}
	sg_stage_down();
}
END_TEST

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

/* The drive counts otherwise than was written: the part is not safe. */
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
		/* ILI, and the least number that there is */
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
	Suite *suite = suite_create("sg_sense");
	TCase *t = tcase_create("sg_sense");

	tcase_add_loop_test(t, an_answer_has_its_cause, 0, ROWS);
	tcase_add_test(t, a_real_reset_ends_the_volume);
	tcase_add_loop_test(t, an_exchanged_cartridge_is_not_written, 0, 2);
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
