/*
 * check_scsi_partition.c: partitions of a medium as a host uses them, and
 * append-only mode.  The medium has 1000 bytes, and an early warning of 200
 * bytes.
 */
#include <check.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/tests/scsi_lines.h"
#include "vtl/tests/drive_fixture.h"
#include "vtl/volume/history.h"

static struct play on;

START_TEST(the_drive_answers_as_the_line_says)
{
	size_t count;

	scsi_line_run(&partition_lines(&count)[_i], NULL);
}
END_TEST

START_TEST(a_write_protected_medium_is_not_formatted)
{
	const struct play_line line = { .barcode = NULL };
	struct volume *volume;
	int64_t ready_ns;

	play_make(&on, &line, NULL, "v");
	play_run(&on, "t t u");
	scratch_close(scsi_remove(on.unit));
	ck_assert_int_eq(chmod(scratch_path("v"), 0444), 0);
	volume = scratch_open("v");
	scsi_insert(on.unit, volume, on.now_ns, &ready_ns);
	play_run(&on, "t D F2 C9000");
	ck_assert_str_eq(on.said, "6/28/00 7/27/00 7/27/00 7/27/00");
	play_finish(&on);
}
END_TEST

/* Selects the page, and formats; returns how it was selected. */
static enum scsi_selected select_and_format(const struct scsi_partitions *page)
{
	enum scsi_selected how = scsi_set_partitions(on.unit, page);
	struct scsi_result result;

	scsi_format(on.unit, SCSI_FORMAT_BOTH, on.now_ns, &result);
	ck_assert(!result.check);
	on.now_ns = result.done_ns;
	return how;
}

static const struct {
	struct scsi_partitions page;
	enum scsi_selected how;
	unsigned count;
	uint64_t bytes[VOLUME_PARTITIONS_MAX];
} pages[] = {
	{ { .additional = 0 }, SCSI_SELECTED, 1, { 1000 } },
	{ { .additional = 0, .idp = true }, SCSI_SELECTED, 1, { 1000 } },
	{ { .additional = 1, .fdp = true }, SCSI_SELECTED, 2, { 950, 50 } },
	{ { .additional = 3, .sdp = true }, SCSI_SELECTED, 4,
	    { 850, 50, 50, 50 } },
	{ { .additional = 2, .fdp = true }, SCSI_INVALID, 1, { 1000 } },
	{ { .additional = 4, .sdp = true }, SCSI_INVALID, 1, { 1000 } },
	{ { .additional = 1, .sdp = true, .idp = true }, SCSI_INVALID, 1,
	    { 1000 } },
	{ { .additional = 1, .idp = true, .sizes = { 100, 0xffff } },
	    SCSI_SELECTED, 2, { 100, 900 } },
	/* as LTFS asks, on a small medium */
	{ { .additional = 1,
	      .idp = true,
	      .unit = SCSI_PSUM_POWER,
	      .power = 9,
	      .sizes = { 1, 0xffff } },
	    SCSI_ROUNDED, 2, { 50, 950 } },
	{ { .additional = 1,
	      .idp = true,
	      .unit = SCSI_PSUM_POWER,
	      .power = 2,
	      .sizes = { 3, 6 } },
	    SCSI_SELECTED, 2, { 300, 600 } },
	{ { .additional = 1, .idp = true, .sizes = { 0xffff, 980 } },
	    SCSI_ROUNDED, 2, { 950, 50 } },
	{ { .additional = 1, .idp = true, .sizes = { 0xffff, 0xffff } },
	    SCSI_INVALID, 1, { 1000 } },
	{ { .additional = 1, .idp = true, .sizes = { 100, 0 } }, SCSI_INVALID,
	    1, { 1000 } },
	{ { .additional = 1,
	      .idp = true,
	      .unit = SCSI_PSUM_POWER,
	      .power = 16,
	      .sizes = { 1, 0xffff } },
	    SCSI_INVALID, 1, { 1000 } },
};

START_TEST(a_page_gives_these_partitions)
{
	const struct play_line line = { .barcode = NULL };
	struct scsi_partitions now;
	const struct volume *volume;

	play_make(&on, &line, NULL, "v");
	play_run(&on, "t t");
	ck_assert_int_eq(scsi_check_partitions(on.unit, &pages[_i].page),
	    pages[_i].how);
	ck_assert_int_eq(select_and_format(&pages[_i].page), pages[_i].how);
	volume = drive_volume(scsi_drive(on.unit));
	ck_assert_uint_eq(volume_partitions(volume), pages[_i].count);
	for (unsigned i = 0; i < pages[_i].count; i++)
		ck_assert_uint_eq(volume_get_partition(volume, i)
				      ->capacity_bytes,
		    pages[_i].bytes[i]);
	/* What the page reports then makes the same partitions again. */
	scsi_get_partitions(on.unit, &now);
	ck_assert_uint_eq(now.additional_max, 3);
	ck_assert_uint_eq(now.additional + 1u, pages[_i].count);
	ck_assert_int_eq(select_and_format(&now), SCSI_SELECTED);
	for (unsigned i = 0; i < pages[_i].count; i++)
		ck_assert_uint_eq(volume_get_partition(volume, i)
				      ->capacity_bytes,
		    pages[_i].bytes[i]);
	play_finish(&on);
}
END_TEST

START_TEST(a_format_without_a_page_makes_the_same_partitions)
{
	const struct play_line line = { .barcode = NULL };
	struct scsi_result result;
	uint64_t formats;

	play_make(&on, &line, NULL, "v");
	play_run(&on, "t t F3");
	scsi_format(on.unit, SCSI_FORMAT_PARTITION, on.now_ns, &result);
	ck_assert(!result.check);
	ck_assert_uint_eq(volume_partitions(drive_volume(scsi_drive(on.unit))),
	    3);
	volume_count_events(drive_volume(scsi_drive(on.unit)), "formatted",
	    &formats);
	ck_assert_uint_eq(formats, 2);
	play_finish(&on);
}
END_TEST

int main(void)
{
	size_t lines;
	Suite *s = suite_create("scsi_partition");
	TCase *t = tcase_create("scsi_partition");

	partition_lines(&lines);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, the_drive_answers_as_the_line_says, 0,
	    (int)lines);
	tcase_add_test(t, a_write_protected_medium_is_not_formatted);
	tcase_add_loop_test(t, a_page_gives_these_partitions, 0,
	    sizeof pages / sizeof pages[0]);
	tcase_add_test(t, a_format_without_a_page_makes_the_same_partitions);
	return run_suite(s);
}
