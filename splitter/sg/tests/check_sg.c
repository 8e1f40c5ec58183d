/*
 * check_sg.c: the back end on SCSI commands, over the drive of a virtual
 * library: writing, reading, moving, the end of the volume.
 */
#include <check.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

/* Operation codes. */
enum {
	READ = 0x08,
	WRITE = 0x0a,
	FILEMARKS = 0x10,
	SPACE = 0x11,
	LOCATE = 0x92
};

/* Reads a file of `blocks` blocks, then its filemark. */
static void read_file(unsigned blocks)
{
	unsigned i;

	sg_stage_read(sizeof sgs_back);
	sg_stage_ck(TAPE_OK);
	ck_assert_uint_eq(sgs.block.bytes, SG_BLOCK);
	for (i = 0; i < blocks; i++) {
		sg_stage_read(SG_BLOCK);
		sg_stage_ck(TAPE_OK);
		ck_assert_mem_eq(sgs_back, sgs_data + i * SG_BLOCK, SG_BLOCK);
	}
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_FILEMARK);
}

START_TEST(what_is_written_is_read_back)
{
	sg_stage_begin(100, 10);
	served_port_drop_residuals(sgs.port, _i);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_BLANK);
	ck_assert(sgs.r.sense.valid);
	ck_assert_uint_eq(sgs.r.sense.key, 8);
	ck_assert_uint_eq(sgs.r.sense.ascq, 5);
	sg_stage_write_files(3);
	sg_stage_ck_at(4, 14);
	/* One WRITE for each block. */
	ck_assert_uint_eq(served_port_count(sgs.port, WRITE), 10);
	ck_assert_uint_eq(served_port_count(sgs.port, FILEMARKS), 4);
	sg_stage_rewind();
	read_file(0);
	read_file(2);
	sg_stage_locate(3);
	sg_stage_ck(TAPE_OK);
	sg_stage_ck_at(3, 10);
	read_file(2);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_EOD);
	sg_stage_locate(1);
	sg_stage_ck_at(1, 2);
	read_file(2);
	sg_stage_locate(4);
	sg_stage_ck_at(4, 14);
	sg_stage_locate(5);
	sg_stage_ck(TAPE_EOD);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

/* A drive without LOCATE by file, and without the long form of READ POSITION. */
START_TEST(an_old_drive_spaces_and_counts)
{
	const struct served_instead none = {
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 5, [7] = 10, [12] = 0x20 },
		.sense_bytes = 18,
		.opcode = LOCATE,
		.for_good = true,
	};

	sg_stage_begin(100, 10);
	served_port_instead(sgs.port, &none);
	sg_stage_write_files(3);
	sg_stage_locate(2);
	sg_stage_ck(TAPE_OK);
	read_file(2);
	sg_stage_ck_at(3, 10);
	sg_stage_locate(1);
	sg_stage_ck(TAPE_OK);
	sg_stage_ck_at(1, 2);
	sg_stage_locate(3);
	sg_stage_ck_at(3, 10);
	ck_assert_uint_eq(served_port_count(sgs.port, LOCATE), 1);
	ck_assert_uint_eq(served_port_count(sgs.port, SPACE), 3);
	sg_stage_locate(9);
	sg_stage_ck(TAPE_EOD);
	sg_stage_down();
}
END_TEST

START_TEST(a_volume_is_appended_to)
{
	sg_stage_begin(100, 10);
	sg_stage_write_files(2);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sgs.next = 0;
	sg_stage_load();
	sg_stage_read(SG_BLOCK);
	sg_stage_locate_eod();
	sg_stage_ck(TAPE_OK);
	sg_stage_ck_at(3, 10);
	sg_stage_header();
	sg_stage_ck(TAPE_OK);
	/* An unfinished file gets its filemark. */
	sg_stage_locate(3);
	sg_stage_ck(TAPE_OK);
	read_file(0);
	sg_stage_down();
}
END_TEST

START_TEST(a_longer_block_is_refused_and_passed)
{
	sg_stage_begin(100, 10);
	served_port_drop_residuals(sgs.port, _i);
	sg_stage_write_files(1);
	sg_stage_rewind();
	sg_stage_read(SG_BLOCK - 1);
	sg_stage_ck(TAPE_INVALID);
	sg_stage_ck_at(0, 1);
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_FILEMARK);
	sg_stage_down();
}
END_TEST

/* 8 blocks: a label, a header, and at most 6 blocks, 2 after the warning. */
START_TEST(a_run_ends_at_the_early_warning)
{
	sg_stage_begin(8, 2);
	sg_stage_label();
	sg_stage_header();
	ck_assert(!sgs.r.leom);
	sg_stage_run(20);
	sg_stage_ck(TAPE_OK);
	ck_assert(sgs.r.leom);
	ck_assert_uint_eq(sgs.r.bytes, 5 * SG_BLOCK);
	sg_stage_filemark();
	sg_stage_ck(TAPE_OK);
	ck_assert(sgs.r.leom);
	sg_stage_ck_at(2, 9);
	/* One block is left for a trailer, then the volume is full. */
	sg_stage_header();
	sg_stage_ck(TAPE_OK);
	sg_stage_header();
	sg_stage_ck(TAPE_PEOM);
	ck_assert_uint_eq(sgs.r.sense.key, 0x0d);
	sg_stage_filemark();
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

START_TEST(the_physical_end_comes_without_a_warning)
{
	sg_stage_begin(6, 0);
	sg_stage_label();
	sg_stage_header();
	sg_stage_run(20);
	sg_stage_ck(TAPE_PEOM);
	ck_assert_uint_eq(sgs.r.bytes, 4 * SG_BLOCK);
	ck_assert(!sgs.r.leom);
	sg_stage_down();
}
END_TEST

/*
 * Expected: after the end of the tape the position is asked for before anything
 * is written.  Bug: the old one was kept.
 */
START_TEST(the_position_is_asked_for_after_the_physical_end)
{
	const struct served_sense full = {
		.key = 0x0d, .ascq = 2, .bits = 0x40, .information = -1
	};
	enum { READ_POSITION = 0x34, WRITE_FILEMARKS = 0x10 };
	unsigned asked, marks;

	sg_stage_begin(100, 0);
	sg_stage_label();
	sg_stage_header();
	sg_stage_run(2);
	asked = served_port_count(sgs.port, READ_POSITION);
	/* The block was taken, or the drive does not say where it is. */
	served_port_check(sgs.port, WRITE, true, &full);
	if (_i == 1)
		served_port_instead(sgs.port,
		    &(struct served_instead){ .opcode = READ_POSITION,
			.outcome = SCSI_LOST,
			.for_good = true });
	sg_stage_run(1);
	ck_assert_uint_gt(served_port_count(sgs.port, READ_POSITION), asked);
	sg_stage_ck(_i == 0 ? TAPE_PEOM : TAPE_POSITION_LOST);
	marks = served_port_count(sgs.port, WRITE_FILEMARKS);
	sg_stage_filemark();
	if (_i == 0)
		sg_stage_ck_at(2, 7);
	else
		ck_assert_uint_eq(served_port_count(sgs.port, WRITE_FILEMARKS),
		    marks);
	sg_stage_down();
}
END_TEST

START_TEST(a_programmable_early_warning_is_a_warning)
{
	const struct served_sense pews = {
		.ascq = 7, .bits = 0x40, .information = 0
	};

	sg_stage_begin(100, 10);
	sg_stage_label();
	sg_stage_header();
	served_port_check(sgs.port, WRITE, true, &pews);
	sg_stage_run(4);
	sg_stage_ck(TAPE_OK);
	ck_assert(sgs.r.leom);
	ck_assert_uint_eq(sgs.r.bytes, SG_BLOCK);
	sg_stage_down();
}
END_TEST

/* The drive's residual is wrong: the position decides. */
START_TEST(a_residual_is_not_believed)
{
	static const struct {
		bool executed;
		int64_t information;
		enum tape_cause cause;
		unsigned blocks;
	} rows[] = {
		{ true, SG_BLOCK, TAPE_OK, 1 },
		{ false, SG_BLOCK, TAPE_OK, 0 },
		/* An earlier block is lost, or this one: not known which. */
		{ false, 0, TAPE_POSITION_LOST, 0 },
	};
	const struct served_sense warning = {
		.ascq = 2, .bits = 0x40, .information = rows[_i].information
	};

	sg_stage_begin(100, 10);
	sg_stage_label();
	sg_stage_header();
	served_port_check(sgs.port, WRITE, rows[_i].executed, &warning);
	sg_stage_run(4);
	sg_stage_ck(rows[_i].cause);
	ck_assert_uint_eq(sgs.r.bytes, rows[_i].blocks * SG_BLOCK);
	ck_assert(sgs.r.leom);
	sg_stage_filemark();
	sg_stage_ck(rows[_i].cause);
	sg_stage_down();
}
END_TEST

/* GOOD, but with a residual: the position says whether the block is on tape. */
START_TEST(a_residual_of_a_good_write_is_not_believed)
{
	const struct served_instead good = { .opcode = WRITE,
		.after = 1,
		.executed = _i == 0,
		.outcome = SCSI_ANSWERED,
		.residual = SG_BLOCK };

	sg_stage_begin(100, 10);
	sg_stage_label();
	sg_stage_header();
	served_port_instead(sgs.port, &good);
	sg_stage_run(4);
	sg_stage_ck(_i == 0 ? TAPE_OK : TAPE_POSITION_LOST);
	ck_assert_uint_eq(sgs.r.bytes, (_i == 0 ? 4 : 1) * SG_BLOCK);
	sg_stage_down();
}
END_TEST

START_TEST(blocks_outside_the_limits_are_refused)
{
	struct tape_limits limits = { 0 };
	const struct tape_run long_run = { .data = sgs_data,
		.block_bytes = (1 << 20) + 1,
		.bytes = (1 << 20) + 1 };
	char err[256];

	sgs.options.fixed_bytes = _i ? SG_BLOCK : 0;
	sg_stage_begin(100, 10);
	sgs.tape->ops->limits(sgs.tape, &limits);
	/* that of the adapter is smaller than that of the drive */
	ck_assert_uint_eq(limits.block_max_bytes, 1 << 20);
	sg_stage_label();
	sg_stage_header();
	sg_stage_ck(TAPE_OK);
	sgs.tape->ops->write(sgs.tape, &long_run, 0, &sgs.r);
	sg_stage_ck(TAPE_INVALID);
	sg_stage_run(1);
	sg_stage_ck(TAPE_OK);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	ck_assert_int_eq(sg_library_probe(sgs.library, (1 << 20) + 1, err,
			     sizeof err),
	    -1);
	ck_assert_msg(strstr(err, "only up to 1048576") != NULL, "%s", err);
	ck_assert_int_eq(sg_library_probe(sgs.library, SG_BLOCK, err,
			     sizeof err),
	    0);
	sg_stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg");
	TCase *t = tcase_create("sg");

	tcase_add_loop_test(t, what_is_written_is_read_back, 0, 2);
	tcase_add_test(t, an_old_drive_spaces_and_counts);
	tcase_add_test(t, a_volume_is_appended_to);
	tcase_add_loop_test(t, a_longer_block_is_refused_and_passed, 0, 2);
	tcase_add_test(t, a_run_ends_at_the_early_warning);
	tcase_add_test(t, the_physical_end_comes_without_a_warning);
	tcase_add_loop_test(t, the_position_is_asked_for_after_the_physical_end,
	    0, 2);
	tcase_add_test(t, a_programmable_early_warning_is_a_warning);
	tcase_add_loop_test(t, a_residual_is_not_believed, 0, 3);
	tcase_add_loop_test(t, a_residual_of_a_good_write_is_not_believed, 0,
	    2);
	tcase_add_loop_test(t, blocks_outside_the_limits_are_refused, 0, 2);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
