/*
 * check_drive_end.c: drives that warn late, early or not at all, or report a
 * wrong residual at the end; and the room that data takes on a medium.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

/*
 * Blocks are written, one per command, until no more fit.  Each row has the
 * expected result of each command, and the number of objects on tape.
 */
static const struct {
	struct drive_options options;
	const char *course; /* one letter per command, see play() */
	uint64_t objects;
} ends[] = {
	{ { 0 }, "--------wwo", 10 },
	{ { .no_early_warning = true }, "----------o", 10 },
	{ { .early_warning_delay_blocks = 1 }, "---------wo", 10 },
	{ { .early_warning_delay_blocks = 2 }, "----------o", 10 },
	{ { .pews_bytes = 300 }, "-----p--wwo", 10 },
	{ { .pews_bytes = 5000 }, "p-------wwo", 10 },
	/* The block that meets the warning is counted, but is not on tape. */
	{ { .residual = DRIVE_RESIDUAL_OVER }, "--------wwwo", 10 },
	/* The block that meets the warning is on tape, but is not counted. */
	{ { .residual = DRIVE_RESIDUAL_UNDER }, "--------Wwo", 10 },
	{ { .residual = DRIVE_RESIDUAL_OVER, .no_early_warning = true },
	    "----------O", 10 },
	/* A ratio of 2:1, a ratio of 1:2, and an overhead for each block. */
	{ { .layout = { .ratio_permille = 2000 } }, "----------------wwwwo",
	    20 },
	{ { .layout = { .ratio_permille = 500 } }, "----wo", 5 },
	{ { .layout = { .block_overhead_bytes = 25 } }, "------wwo", 8 },
	/* With less capacity, the early warning is earlier as well. */
	{ { .capacity_permille = 700 }, "-----wwo", 7 },
	{ { .capacity_permille = 150 }, "wo", 1 },
};

/*
 * Writes a block, and returns its result. w: early warning, p: programmable
 * early warning, o: overflow, -: good.  Lower case: the residual is exact.
 * Upper case: the residual is wrong.
 */
static char play(struct drive_fixture *fixture)
{
	const struct drive_result *a = &fixture->result;

	fixture_write(fixture, 1);
	if (!a->check)
		return a->bytes == FIXTURE_BLOCK ? '-' : '?';
	if (a->sense.key == SENSE_VOLUME_OVERFLOW)
		return a->bytes == 0 ? 'o' : 'O';
	if (a->sense.key != SENSE_NO_SENSE || !a->sense.eom)
		return '?';
	if (a->sense.ascq == 7)
		return a->bytes == FIXTURE_BLOCK ? 'p' : 'P';
	return a->bytes == FIXTURE_BLOCK ? 'w' : 'W';
}

START_TEST(a_medium_ends_as_the_drive_reports)
{
	const struct volume_spec spec = fixture_spec();
	struct volume_position place;
	struct drive_fixture fixture;

	fixture_make(&fixture, &ends[_i].options, &spec);
	for (const char *p = ends[_i].course; *p != '\0'; p++) {
		char met = play(&fixture);

		ck_assert_msg(met == *p, "block %d: '%c', not '%c'",
		    (int)(p - ends[_i].course), met, *p);
	}
	drive_position(fixture.drive, &place);
	ck_assert_uint_eq(place.object, ends[_i].objects);
	fixture_finish(&fixture);
}
END_TEST

/* Returns how many blocks fit on a volume with that barcode. */
static uint64_t blocks_of(const char *barcode, uint64_t seed)
{
	const struct drive_options options = { .no_early_warning = true,
		.layout.ratio_permille = 1000,
		.ratio_spread_permille = 3000,
		.seed = seed };
	struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	strcpy(spec.barcode, barcode);
	fixture_make(&fixture, &options, &spec);
	fixture_write(&fixture, 100);
	fixture_expect(&fixture, SENSE_VOLUME_OVERFLOW, 0, 2);
	fixture_finish(&fixture);
	remove(scratch_path("v"));
	return fixture.offset / FIXTURE_BLOCK;
}

START_TEST(a_ratio_depends_on_the_volume_and_the_seed)
{
	uint64_t low = UINT64_MAX, high = 0;

	for (int i = 0; i < 40; i++) {
		char barcode[8];
		uint64_t n;

		snprintf(barcode, sizeof barcode, "V%d", i);
		n = blocks_of(barcode, 1);
		ck_assert_uint_eq(n, blocks_of(barcode, 1));
		low = n < low ? n : low;
		high = n > high ? n : high;
	}
	ck_assert(low >= 10 && low < 15 && high > 35 && high <= 40);
	ck_assert_uint_ne(blocks_of("V1", 1), blocks_of("V1", 2));
}
END_TEST

START_TEST(a_filemark_with_a_size_may_not_fit)
{
	const struct drive_options options = { .layout.filemark_bytes = 60 };
	const struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	fixture_make(&fixture, &options, &spec);
	fixture_write(&fixture, 8);
	fixture_expect_good(&fixture);
	fixture_filemark(&fixture, false);
	fixture_expect(&fixture, SENSE_NO_SENSE, 0, 2);
	fixture_write(&fixture, 1);
	fixture_expect(&fixture, SENSE_NO_SENSE, 0, 2);
	fixture_filemark(&fixture, false);
	fixture_expect(&fixture, SENSE_VOLUME_OVERFLOW, 0, 2);
	fixture_expect_position(&fixture, 1, 10, 900);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_defect_is_at_its_place_at_any_ratio)
{
	const struct drive_options options = { .layout.ratio_permille = 2000 };
	const struct volume_defect defect = {
		.at = 420,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 },
	};
	const struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	fixture_make(&fixture, &options, &spec);
	volume_defect_add(drive_volume(fixture.drive), &defect);
	fixture_write(&fixture, 12);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x0c, 0);
	fixture_expect_position(&fixture, 0, 8, 800);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_write_once_medium_is_not_overwritten)
{
	struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	memcpy(spec.barcode, "TAP001LY", 9);
	fixture_make(&fixture, NULL, &spec);
	fixture_write(&fixture, 2);
	fixture_filemark(&fixture, false);
	fixture_write(&fixture, 1);
	fixture_expect_good(&fixture);
	drive_locate_file(fixture.drive, 1, fixture.now_ns, &fixture.result);
	fixture_write(&fixture, 1);
	fixture_expect(&fixture, SENSE_DATA_PROTECT, 0x30, 0x0c);
	fixture_filemark(&fixture, false);
	fixture_expect(&fixture, SENSE_DATA_PROTECT, 0x30, 0x0c);
	drive_erase(fixture.drive, false, fixture.now_ns, &fixture.result);
	fixture_expect(&fixture, SENSE_DATA_PROTECT, 0x30, 0x0c);
	drive_space_eod(fixture.drive, fixture.now_ns, &fixture.result);
	fixture_expect_position(&fixture, 1, 4, 300);
	drive_erase(fixture.drive, false, fixture.now_ns, &fixture.result);
	fixture_expect(&fixture, SENSE_DATA_PROTECT, 0x30, 0x0c);
	fixture_write(&fixture, 1);
	fixture_expect_good(&fixture);
	fixture_finish(&fixture);
}
END_TEST

/*
 * Filemarks at the end of the data may be overwritten, as a program does when
 * it appends to a tape that ends with two filemarks.
 */
START_TEST(filemarks_at_the_end_of_a_write_once_medium_may_be_overwritten)
{
	struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	memcpy(spec.barcode, "TAP001LY", 9);
	fixture_make(&fixture, NULL, &spec);
	fixture_write(&fixture, 2);
	fixture_filemark(&fixture, false);
	fixture_filemark(&fixture, false);
	drive_locate_object(fixture.drive, 1, fixture.now_ns, &fixture.result);
	fixture_write(&fixture, 1);
	fixture_expect(&fixture, SENSE_DATA_PROTECT, 0x30, 0x0c);
	for (uint64_t object = 2; object <= 3; object++) {
		drive_locate_object(fixture.drive, object, fixture.now_ns,
		    &fixture.result);
		fixture_filemark(&fixture, false);
		fixture_expect_good(&fixture);
		fixture_expect_position(&fixture, object - 1, object + 1, 200);
	}
	drive_locate_file(fixture.drive, 1, fixture.now_ns, &fixture.result);
	fixture_write(&fixture, 1);
	fixture_expect_good(&fixture);
	fixture_expect_position(&fixture, 1, 4, 300);
	fixture_finish(&fixture);
}
END_TEST

/*
 * Whether a medium fits depends on the drive.  Loading an incompatible one does
 * not change it.
 */
START_TEST(a_drive_uses_a_medium_as_its_model_can)
{
	static const struct {
		const char *model, *barcode, *medium;
		enum media_use use;
	} rows[] = {
		{ "lto8", "TAP001L8", "", MEDIA_WRITE },
		{ "lto7", "TAP001L5", "", MEDIA_READ },
		{ "lto8", "LONGER-THAN-8-L5", "", MEDIA_NONE },
		{ "lto8", "TAP001L8", "L6", MEDIA_NONE },
		{ "lto8", "TAP001L5", "none", MEDIA_WRITE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive_fixture fixture = {
			.drive = drive_new(model_find(rows[i].model))
		};
		struct volume_spec spec = fixture_spec();
		struct volume_object object;
		enum media_use use = rows[i].use;
		uint64_t before;

		strcpy(spec.barcode, rows[i].barcode);
		strcpy(spec.medium, rows[i].medium);
		drive_load(fixture.drive, scratch_volume("v", &spec), 0,
		    &fixture.result);
		before = scratch_sum("v");
		ck_assert_int_eq(drive_media_use(fixture.drive), use);
		ck_assert_int_eq(fixture.result.check, use == MEDIA_NONE);
		fixture_write(&fixture, 1);
		if (use == MEDIA_WRITE)
			fixture_expect_good(&fixture);
		else
			fixture_expect(&fixture,
			    use == MEDIA_READ ? SENSE_DATA_PROTECT
					      : SENSE_MEDIUM_ERROR,
			    use == MEDIA_READ ? 0x27 : 0x30, 0);
		fixture_filemark(&fixture, false);
		ck_assert_int_eq(fixture.result.check, use != MEDIA_WRITE);
		drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
		ck_assert_int_eq(fixture.result.check, use == MEDIA_NONE);
		drive_read(fixture.drive, NULL, 0, &object, fixture.now_ns,
		    &fixture.result);
		if (use == MEDIA_NONE)
			fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x30, 0);
		else if (use == MEDIA_READ)
			fixture_expect(&fixture, SENSE_BLANK_CHECK, 0, 5);
		drive_flush(fixture.drive, fixture.now_ns, &fixture.result);
		ck_assert_int_eq(fixture.result.check, use == MEDIA_NONE);
		/* The medium stays incompatible after a reset. */
		drive_power_loss(fixture.drive, fixture.now_ns);
		fixture_write(&fixture, 1);
		fixture_expect(&fixture, SENSE_MEDIUM_ERROR,
		    use == MEDIA_NONE ? 0x30 : 0x3b, 0);
		fixture_finish(&fixture);
		if (use != MEDIA_WRITE)
			ck_assert_uint_eq(scratch_sum("v"), before);
		remove(scratch_path("v"));
	}
}
END_TEST

START_TEST(an_erase_makes_an_end_at_the_position)
{
	const struct volume_spec spec = fixture_spec();
	struct volume_object object;
	struct drive_fixture fixture;

	fixture_make(&fixture, NULL, &spec);
	fixture_write(&fixture, 5);
	drive_locate_object(fixture.drive, 2, fixture.now_ns, &fixture.result);
	drive_erase(fixture.drive, false, fixture.now_ns, &fixture.result);
	fixture_expect_good(&fixture);
	ck_assert_int_eq(fixture.result.done_ns, fixture.now_ns);
	drive_read(fixture.drive, NULL, 0, &object, fixture.now_ns,
	    &fixture.result);
	fixture_expect(&fixture, SENSE_BLANK_CHECK, 0, 5);
	drive_erase(fixture.drive, true, fixture.now_ns, &fixture.result);
	ck_assert_int_eq(fixture.result.done_ns - fixture.now_ns,
	    INT64_C(8000000000));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_drive_requests_cleaning)
{
	const struct drive_options options = { .clean_after_loads = 2 };
	const struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	fixture_make(&fixture, &options, &spec);
	fixture_reload(&fixture);
	fixture_expect_good(&fixture);
	fixture_reload(&fixture);
	fixture_expect(&fixture, SENSE_RECOVERED, 0, 0x17);
	fixture_write(&fixture, 1);
	fixture_expect_good(&fixture);
	scratch_close(drive_unload(fixture.drive, fixture.now_ns,
	    &fixture.result));
	drive_clean(fixture.drive);
	drive_load(fixture.drive, scratch_open("v"), fixture.now_ns,
	    &fixture.result);
	fixture_expect_good(&fixture);
	fixture_finish(&fixture);
}
END_TEST

/* Filemarks take no room in this test: only their number is limited. */
START_TEST(more_filemarks_than_a_volume_holds_overflow)
{
	const struct drive_options options = {
		.buffering = _i == 1 ? DRIVE_BUFFERED : DRIVE_UNBUFFERED
	};
	const struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;

	fixture_make(&fixture, &options, &spec);
	drive_write_filemarks(fixture.drive, VOLUME_FILEMARKS_MAX, false,
	    fixture.now_ns, &fixture.result);
	fixture_expect_good(&fixture);
	drive_write_filemarks(fixture.drive, 1, false, fixture.result.done_ns,
	    &fixture.result);
	fixture_expect(&fixture, SENSE_VOLUME_OVERFLOW, 0, 2);
	fixture_expect_position(&fixture, VOLUME_FILEMARKS_MAX,
	    VOLUME_FILEMARKS_MAX, 0);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_end");
	TCase *t = tcase_create("drive_end");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_medium_ends_as_the_drive_reports, 0,
	    sizeof ends / sizeof ends[0]);
	tcase_add_test(t, a_ratio_depends_on_the_volume_and_the_seed);
	tcase_add_test(t, a_filemark_with_a_size_may_not_fit);
	tcase_add_test(t, a_defect_is_at_its_place_at_any_ratio);
	tcase_add_test(t, a_write_once_medium_is_not_overwritten);
	tcase_add_test(t,
	    filemarks_at_the_end_of_a_write_once_medium_may_be_overwritten);
	tcase_add_test(t, a_drive_uses_a_medium_as_its_model_can);
	tcase_add_test(t, an_erase_makes_an_end_at_the_position);
	tcase_add_test(t, a_drive_requests_cleaning);
	tcase_add_loop_test(t, more_filemarks_than_a_volume_holds_overflow, 0,
	    2);
	return run_suite(s);
}
