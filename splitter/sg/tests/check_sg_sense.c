/*
 * check_sg_sense.c: what each answer of a drive means, in mid-file, and what may
 * be written after it: the table of sg.h.
 */
#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

enum { READ = 0x08, WRITE = 0x0a, FILEMARKS = 0x10, LOCATE = 0x92 };

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

int main(void)
{
	Suite *suite = suite_create("sg_sense");
	TCase *t = tcase_create("sg_sense");

	tcase_add_loop_test(t, an_answer_has_its_cause, 0, ROWS);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
