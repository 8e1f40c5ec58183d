/*
 * check_st.c: the back end for the tape driver: reading, moving, and finding
 * the properties of a drive.  The names R1, M4, ... are those of fake_st.h.
 */
#include <check.h>
#include <linux/mtio.h>
#include <stdio.h>
#include <string.h>

#include "splitter/filter/limit.h"
#include "splitter/tests/run_suite.h"
#include "splitter/st/tests/st_stage.h"

START_TEST(written_blocks_are_read_back)
{
	stage_begin(50, 0);
	stage_read(BLOCK);
	stage_ck(TAPE_BLANK);
	stage_label();
	stage_ck(TAPE_OK);
	stage_ck_at(1, 2, 1);
	stage_header();
	stage_run(5);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(stage.r.bytes, 5 * BLOCK);
	stage_filemark();
	stage_ck(TAPE_OK);
	stage_ck_at(2, 9, 7);
	stage_rewind();
	stage_ck_at(0, 0, 0);
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	ck_assert(memcmp(stage_back, stage_data, BLOCK) == 0);
	stage_read(BLOCK);
	stage_ck(TAPE_FILEMARK);
	stage_ck_at(1, 2, 1);
	stage_read(BLOCK);
	stage_read(sizeof stage_back); /* rule R1 */
	ck_assert_uint_eq(stage.r.bytes, BLOCK);
	stage_ck_at(1, 4, 3);
	stage_locate(2);
	stage_ck_at(2, 9, TAPE_POSITION_UNKNOWN);
	stage_read(BLOCK); /* rule R4 */
	stage_ck(TAPE_EOD);
	stage_read(BLOCK);
	stage_ck(TAPE_EOD);
	stage_down();
}
END_TEST

/* Rules R2 and R5. */
START_TEST(a_longer_block_is_skipped)
{
	const struct tape_run what = {
		.data = stage_data, .bytes = 3 * BLOCK, .block_bytes = 2 * BLOCK
	};

	stage_begin(90, 0);
	stage_label();
	stage.tape->ops->write(stage.tape, &what, 0, &stage.r);
	stage_filemark();
	stage_locate(1);
	stage_read(BLOCK);
	stage_ck(TAPE_INVALID);
	stage_ck_at(1, 3, TAPE_POSITION_UNKNOWN);
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(stage.r.bytes, BLOCK);
	ck_assert(memcmp(stage_back, stage_data + 2 * BLOCK, BLOCK) == 0);
	stage_read(BLOCK);
	stage_ck(TAPE_FILEMARK);
	stage_down();
}
END_TEST

/*
 * An unfinished file ends at the end of data, but not at an unreadable block.
 */
START_TEST(the_end_of_data_differs_from_an_error)
{
	stage_begin(90, 0);
	stage_write_file();
	stage_header();
	stage_run(1);
	stage_locate_eod();
	stage_ck(TAPE_OK);
	stage_locate(2);
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	fake_st_fail(stage.rig.st, 0, FAKE_EIO);
	stage_read(BLOCK);
	stage_ck(TAPE_UNKNOWN_ERROR);
	stage_locate(2);
	stage_read(BLOCK);
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	stage_read(BLOCK);
	stage_ck(TAPE_FILEMARK);
	stage_read(BLOCK);
	stage_ck(TAPE_EOD);
	stage_down();

	stage_up(90, 0, 1, MEMTAPE_UNREADABLE);
	stage_load();
	stage_read(BLOCK);
	stage_ck(TAPE_UNKNOWN_ERROR);
	stage_down();
}
END_TEST

/*
 * The volume has one block, which cannot be read and is passed.  The data ends
 * after that block.
 */
START_TEST(an_unreadable_volume_is_not_blank)
{
	stage.rig.fake.no_position = _i == 1;
	stage_up(50, 0, 1, MEMTAPE_UNREADABLE);
	stage_load();
	while (memtape_volume(stage.tapes, 0)->count > 1)
		fake_st_cut(stage.rig.st);
	stage_rewind();
	stage_read(BLOCK);
	ck_assert_int_ne(stage.r.cause, TAPE_BLANK);
	stage_ck(TAPE_UNKNOWN_ERROR);
	stage_down();
}
END_TEST

/*
 * Rule R6.  Bug: the end of data was treated as a filemark, and the file as
 * finished.
 */
START_TEST(the_end_of_data_after_the_warning_is_no_filemark)
{
	stage.rig.fake.eod_with_eom = true;
	stage_begin(20, 15);
	stage_write_file();
	stage_header();
	stage_run(1);
	stage_locate(2);
	if (_i > 0)
		fake_st_cut(stage.rig.st);
	stage_locate(2);
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	if (_i == 0) {
		stage_read(BLOCK);
		stage_ck(TAPE_FILEMARK);
	}
	stage_read(BLOCK);
	stage_ck(TAPE_EOD);
	stage_read(BLOCK);
	stage_ck(TAPE_EOD);
	stage_down();
}
END_TEST

/* Rules M2 and M4. */
START_TEST(locate_goes_to_a_file)
{
	unsigned rewinds;

	stage.rig.fake.fast_eom = _i % 2;
	stage.rig.fake.no_position = _i / 2;
	stage_begin(90, 0);
	stage_write_file();
	stage_header();
	stage_filemark();
	stage_rewind();
	rewinds = fake_st_ops(stage.rig.st, MTREW);
	stage_locate(1);
	stage_ck(TAPE_OK);
	stage_locate(2);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(fake_st_ops(stage.rig.st, MTREW), rewinds);
	stage_ck_at(2, _i / 2 ? TAPE_POSITION_UNKNOWN : 6,
	    TAPE_POSITION_UNKNOWN);
	stage_locate(1);
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(fake_st_ops(stage.rig.st, MTREW), rewinds + 1);
	stage_locate(4);
	stage_ck(TAPE_EOD);
	stage_locate_eod();
	stage_ck(TAPE_OK);
	stage_ck_at(3, _i / 2 ? TAPE_POSITION_UNKNOWN : 8,
	    TAPE_POSITION_UNKNOWN);
	stage_locate(0);
	stage_ck_at(0, _i / 2 ? TAPE_POSITION_UNKNOWN : 0, 0);
	stage_down();
}
END_TEST

START_TEST(a_blank_volume_ends_at_its_beginning)
{
	stage.rig.fake.fast_eom = _i;
	stage_begin(90, 0);
	stage_locate_eod();
	stage_ck(TAPE_OK);
	stage_ck_at(0, 0, TAPE_POSITION_UNKNOWN);
	stage_read(BLOCK);
	stage_ck(TAPE_BLANK);
	stage_down();
}
END_TEST

/*
 * Rule M8.  Every call fails with EIO until the tape is rewound.  The reset was
 * already reported.
 */
START_TEST(a_rewind_clears_a_reset)
{
	stage_begin(90, 0);
	stage_write_file();
	stage_header();
	fake_st_fail(stage.rig.st, 0, FAKE_RESET);
	stage_run(1);
	stage_ck(TAPE_POSITION_LOST);
	stage_run(1);
	stage_ck(TAPE_POSITION_LOST);
	stage_locate(1);
	stage_ck(TAPE_OK);
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	stage_down();
}
END_TEST

/*
 * Expected: a tape that is not at its beginning after a rewind, or that says so,
 * is not written.  Bug: that counted as a drive without positions.
 */
START_TEST(a_tape_that_is_elsewhere_after_a_rewind_is_not_written)
{
	stage.rig.fake.position_base = 7;
	stage.rig.fake.no_sg = _i == 1;
	stage_begin(90, 0);
	ck_assert_msg(strstr(stage.rig.notice,
			  "after a rewind the drive is at block 7: nothing is "
			  "written on the volume") != NULL,
	    "%s", stage.rig.notice);
	stage_header();
	ck_assert_int_eq(stage.r.cause, TAPE_POSITION_LOST);
	ck_assert_uint_eq(memtape_volume(stage.tapes, 0)->count, 0);
}
END_TEST

START_TEST(a_drive_that_reports_no_position_is_reported)
{
	stage.rig.fake.no_position = _i == 0;
	stage.rig.fake.position_unit = _i == 0 ? 1 : 8;
	stage_begin(90, 0);
	stage_write_file();
	stage_ck_at(2, TAPE_POSITION_UNKNOWN, 4);
	ck_assert_uint_eq(stage.rig.notices, 1);
	ck_assert_ptr_nonnull(strstr(stage.rig.notice, "position"));
	stage_down();
}
END_TEST

/*
 * Rule P1.  The drive refuses the vendor's form of READ POSITION, or returns a
 * number that does not count blocks.  The other form is used.
 */
START_TEST(a_position_in_the_vendors_form_is_not_used)
{
	static const enum fake_vendor_form forms[] = { FAKE_VENDOR_REFUSED,
		FAKE_VENDOR_OTHER };
	const bool no_sg = _i / 2 % 2, logical = _i / 4;

	stage.rig.fake.vendor_form = forms[_i % 2];
	stage.rig.fake.no_sg = no_sg;
	stage.rig.fake.driver_options = logical ? MT_ST_SCSI2LOGICAL : 0;
	stage_up(50, 0, 2, MEMTAPE_LABELLED);
	stage_load();
	stage_read(BLOCK);
	stage_ck(TAPE_OK);
	stage_locate_eod();
	stage_ck(TAPE_OK);
	stage_header();
	stage_run(2);
	stage_filemark();
	stage_ck(TAPE_OK);
	stage_ck_at(2, no_sg && !logical ? TAPE_POSITION_UNKNOWN : 6,
	    TAPE_POSITION_UNKNOWN);
	ck_assert_uint_eq(stage.rig.notices, no_sg && !logical);
	if (no_sg && !logical)
		ck_assert_ptr_nonnull(strstr(stage.rig.notice,
		    "mt -f /dev/nst0 stsetoptions scsi2logical"));
	stage_down();
}
END_TEST

static void ck_limits(uint64_t max_bytes)
{
	struct tape_limits limits;

	stage.tape->ops->limits(stage.tape, &limits);
	ck_assert_uint_eq(limits.block_max_bytes, max_bytes);
}

/*
 * Rule W9.  The back end queries the block size that the drive accepts, or
 * tries it.
 */
static const struct worm {
	uint8_t medium_type;
	bool page, no_sg, worm;
} worms[] = {
	{ 0x00, false, false, false },
	{ 0x88, false, false, false },
	{ 0x8c, false, false, true },
	{ 0x01, false, false, true },
	{ 0x00, true, false, true },
	{ 0x0c, false, false, false },
	{ 0x8c, true, true, false },
};

START_TEST(a_write_once_medium_is_recognised_if_sg_io_is_permitted)
{
	struct tape_limits limits = { .worm = false };

	stage.rig.fake.medium_type = worms[_i].medium_type;
	stage.rig.fake.worm_page = worms[_i].page;
	stage.rig.fake.no_sg = worms[_i].no_sg;
	stage_up(50, 0, 1, MEMTAPE_BLANK);
	stage_load();
	stage.tape->ops->limits(stage.tape, &limits);
	ck_assert_int_eq(limits.worm, worms[_i].worm);
	stage_down();
}
END_TEST

/*
 * --overwrite-unnamed needs this: the volume policy then decides about writing.
 */
START_TEST(a_volume_with_a_given_barcode_is_loaded_whatever_is_on_it)
{
	static const enum memtape_kind kinds[] = { MEMTAPE_FOREIGN,
		MEMTAPE_OTHER_LABEL, MEMTAPE_LABELLED, MEMTAPE_BLANK };
	struct tape_library *library;

	stage.rig.options.barcode = "NEW001L8";
	stage_up(50, 0, 1, kinds[_i]);
	library = stage.rig.library;
	stage.tape = library->ops->load_named(library, "NEW001L8", 0, &stage.r);
	ck_assert_msg(stage.tape != NULL, "%s", stage.r.message);
	ck_assert_str_eq(stage.tape->barcode, "NEW001L8");
	stage_down();
}
END_TEST

START_TEST(block_limits_are_found)
{
	stage.rig.fake.block_max_bytes = 3 << 20;
	stage_begin(90, 0);
	ck_limits(3 << 20);
	stage_label();
	stage_ck(TAPE_OK);
	stage_down();

	stage.rig.fake.no_sg = true;
	stage.rig.fake.block_max_bytes = 3 << 20;
	stage_begin(90, 0);
	ck_limits(2 << 20);
	stage_label();
	stage_ck(TAPE_OK);
	stage_down();
}
END_TEST

/*
 * Tests a capacity limit with a drive that reports its position, and with one
 * that reports nothing.
 */
START_TEST(a_limit_does_not_call_an_appended_volume_full)
{
	const struct limit limit = { 10 * BLOCK, false, 0 };
	const struct tape_run run = {
		.data = stage_data, .bytes = 12 * BLOCK, .block_bytes = BLOCK
	};
	struct tape_library *library;
	struct tape *tape;

	stage.rig.fake.no_position = _i;
	stage_begin(90, 0);
	stage_write_file();
	stage_unload(TAPE_CLOSE_GOOD);
	fake_st_next(stage.rig.st, 0);
	library = limit_library_new(stage.rig.library, &limit);
	tape = library->ops->load(library, 0, &stage.r);
	stage_ck(TAPE_OK);
	tape->ops->locate_eod(tape, 0, &stage.r);
	ck_assert(!stage.r.leom);
	tape->ops->start_file(tape, stage_data, BLOCK, 0, &stage.r);
	stage_ck(TAPE_OK);
	/* The volume then has a header and four blocks. */
	tape->ops->write(tape, &run, 0, &stage.r);
	ck_assert_uint_eq(stage.r.bytes, (_i ? 9 : 5) * BLOCK);
	stage_ck(TAPE_PEOM);
	library->ops->unload(library, tape, TAPE_CLOSE_FULL, 0, &stage.r);
	limit_library_free(library);
	stage_down();
}
END_TEST

START_TEST(compression_is_set_or_unchanged)
{
	static const enum splitter_st_compression want[] = {
		SPLITTER_ST_COMPRESSION_UNCHANGED, SPLITTER_ST_COMPRESSION_ON,
		SPLITTER_ST_COMPRESSION_OFF
	};
	static const int is[] = { -1, 1, 0 };

	stage.rig.options.compression = want[_i];
	stage.rig.fake.compresses = want[_i] == SPLITTER_ST_COMPRESSION_OFF;
	stage_begin(90, 0);
	ck_assert_int_eq(fake_st_compression(stage.rig.st), is[_i]);
	stage_down();
}
END_TEST

START_TEST(a_result_has_the_time_and_no_call_waits)
{
	const char *doing;

	stage_begin(90, 0);
	stage.tape->ops->label(stage.tape, stage_data, BLOCK, 77000000,
	    &stage.r);
	ck_assert_int_gt(stage.r.done_ns, 77000000);
	ck_assert_int_lt(stage.r.done_ns, 78000000);
	ck_assert_int_eq(st_library_waiting_ns(stage.rig.library, &doing), 0);
	ck_assert_ptr_null(doing);
	stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the tape driver");
	TCase *tc = tcase_create("tape");

	tcase_add_test(tc, written_blocks_are_read_back);
	tcase_add_test(tc, a_longer_block_is_skipped);
	tcase_add_test(tc, the_end_of_data_differs_from_an_error);
	tcase_add_loop_test(tc, an_unreadable_volume_is_not_blank, 0, 2);
	tcase_add_loop_test(tc,
	    the_end_of_data_after_the_warning_is_no_filemark, 0, 2);
	tcase_add_loop_test(tc, locate_goes_to_a_file, 0, 4);
	tcase_add_loop_test(tc, a_blank_volume_ends_at_its_beginning, 0, 2);
	tcase_add_test(tc, a_rewind_clears_a_reset);
	tcase_add_loop_test(tc,
	    a_tape_that_is_elsewhere_after_a_rewind_is_not_written, 0, 2);
	tcase_add_loop_test(tc, a_drive_that_reports_no_position_is_reported, 0,
	    2);
	tcase_add_loop_test(tc, a_position_in_the_vendors_form_is_not_used, 0,
	    8);
	tcase_add_loop_test(tc,
	    a_write_once_medium_is_recognised_if_sg_io_is_permitted, 0,
	    sizeof worms / sizeof *worms);
	tcase_add_loop_test(tc,
	    a_volume_with_a_given_barcode_is_loaded_whatever_is_on_it, 0, 4);
	tcase_add_test(tc, block_limits_are_found);
	tcase_add_loop_test(tc, a_limit_does_not_call_an_appended_volume_full,
	    0, 2);
	tcase_add_loop_test(tc, compression_is_set_or_unchanged, 0, 3);
	tcase_add_test(tc, a_result_has_the_time_and_no_call_waits);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
