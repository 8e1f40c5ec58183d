/*
 * check_scsi_partition.c: partitions of a medium as a host uses them, and
 * append-only mode.  The medium has 1000 bytes, and an early warning of 200
 * bytes.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/tests/scsi_play.h"
#include "vtl/tests/drive_fixture.h"

#define LINE(n, c, s, ...)                                       \
	{                                                        \
		.name = n, .commands = c, .said = s, __VA_ARGS__ \
	}

static const struct play_line lines[] = {
	LINE("each partition has its own objects",
	    "F2 w9 g1 p w9 m1 p g0 p r9 r9 G1 p",
	    "- - - 0,0B/1 - - 2,1/1 - 0,0B 9 8/00/05=9 - 2,1/1"),
	LINE("a partition that is not there", "w9 g1 p F2 z F2 g2 p",
	    "- 5/24/00 1,0 5/3B/0C - - 5/24/00 0,0B"),
	LINE("a format needs BOP of partition 0", "F3 g2 F2 w9 G0 g0 D g1",
	    "- - 5/3B/0C - - - - 5/24/00"),
	LINE("a format removes all objects", "w9 m1 z F2 E p g1 E p",
	    "- - - - - 0,0B - - 0,0B/1"),
	LINE("the end of one partition is not that of another",
	    "F2 w400 w100 p w1 g1 w400 p",
	    "- - 0/00/02e=0 2,0E D/00/02e=1 - - 1,0/1"),
	LINE("space and rewind stay in the partition",
	    "F2 w9 m1 g1 w9 f1 p f-1 p z p b-1 p",
	    "- - - - - 8/00/05=1 1,0/1 0/00/04e=1 0,0B/1 - 0,0B/1 "
	    "0/00/04e=1 0,0B/1"),
	LINE("a load begins in partition 0", "F2 g1 w9 u U p r9 g1 r9",
	    "- - - - - 0,0B 8/00/05=9 - 9"),
	LINE("a reset leads to partition 0", "F2 g1 w9 ! t p z p",
	    "- - - - 6/29/00 0,0U - 0,0B"),
	LINE("a change of the partition writes the buffer",
	    "B F2 w9 w9 g1 g0 r9", "- - - - - - 9"),
	LINE("a defect is in one partition", "F2 w9 g1 w9 g0 w9",
	    "- - - 3/0C/00=9 - -",
	    .defect = { .partition = 1,
		.at = 5,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } }),
	LINE("four partitions at most", "F4 g3 p F5", "- - 0,0B/3 no"),
	LINE("media before LTO-5 have one partition", "F2 D", "no -",
	    .barcode = "VOL001L4"),
	LINE("LTO-5 media have two partitions", "F3 F2 g1", "no - -",
	    .barcode = "VOL001L5"),
	LINE("write-once media are not formatted", "F2 D C65535",
	    "no 7/30/0C 7/30/0C", .barcode = "VOL001LY"),
	LINE("SET CAPACITY holds until the next",
	    "C32768 w400 w100 w1 z D w400 w100 z C65535 w700 w9 w100",
	    "- - 0/00/02e=0 D/00/02e=1 - - - 0/00/02e=0 - - - - "
	    "0/00/02e=0"),
	LINE("SET CAPACITY has a position and a size", "w9 C9000 z C0",
	    "- 5/3B/0C - 5/24/00"),
	LINE("in append-only mode nothing is overwritten",
	    "w9 w9 y z w9 m1 e E w9 m1 f-1 w9",
	    "- - - - 7/30/0C 7/30/0C 7/30/0C - - - - -"),
	LINE("ALLOW OVERWRITE allows one position",
	    "y w9 w9 z o1 w9 o0 w9 p E p",
	    "- - - - 5/3B/00 7/30/0C - - 1,0 - 1,0"),
	LINE("a move ends what was allowed", "y w9 z o0 z w9 O z D",
	    "- - - - - 7/30/0C - - 7/30/0C"),
	LINE("ALLOW OVERWRITE allows a format", "y w9 z D o0 D O D p",
	    "- - - 7/30/0C - 7/30/0C - - 0,0B"),
	LINE("the position is one of the current partition",
	    "F2 y g1 w9 z o0 w9", "- - - - - 5/3B/00 7/30/0C"),
};

static struct play on;

START_TEST(the_drive_answers_as_the_line_says)
{
	play_make(&on, &lines[_i], NULL, "v");
	play_run(&on, "t t");
	play_run(&on, lines[_i].commands);
	ck_assert_msg(strcmp(on.said, lines[_i].said) == 0,
	    "%s: %s\n  is \"%s\"\n  not \"%s\"", lines[_i].name,
	    lines[_i].commands, on.said, lines[_i].said);
	play_finish(&on);
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
	Suite *s = suite_create("scsi_partition");
	TCase *t = tcase_create("scsi_partition");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, the_drive_answers_as_the_line_says, 0,
	    sizeof lines / sizeof lines[0]);
	tcase_add_test(t, a_write_protected_medium_is_not_formatted);
	tcase_add_loop_test(t, a_page_gives_these_partitions, 0,
	    sizeof pages / sizeof pages[0]);
	tcase_add_test(t, a_format_without_a_page_makes_the_same_partitions);
	return run_suite(s);
}
