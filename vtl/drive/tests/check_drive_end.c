/*
 * check_drive_end.c: drives that warn late, early or not at all, or with a
 * wrong residual at the end; and the room that data takes on a medium.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

/*
 * Blocks are written, one per command, until no more fit: which meet the
 * warning, which are taken, and how many objects are on tape then.
 */
static const struct {
	struct drive_options options;
	const char *course; /* a letter per command, see play() */
	uint64_t objects;
} ends[] = {
	{ { 0 }, "--------wwo", 10 },
	{ { .no_warning = true }, "----------o", 10 },
	{ { .late_blocks = 1 }, "---------wo", 10 },
	{ { .late_blocks = 2 }, "----------o", 10 },
	{ { .programmed_bytes = 300 }, "-----p--wwo", 10 },
	{ { .programmed_bytes = 5000 }, "p-------wwo", 10 },
	/* The block that meets the warning is counted, but not on tape. */
	{ { .count = DRIVE_COUNTS_MORE }, "--------wwwo", 10 },
	/* It is on tape, but not counted. */
	{ { .count = DRIVE_COUNTS_LESS }, "--------Wwo", 10 },
	{ { .count = DRIVE_COUNTS_MORE, .no_warning = true }, "----------O",
	    10 },
	/* Twice as much, half as much, and an overhead for each block. */
	{ { .layout = { .ratio_permille = 2000 } }, "----------------wwwwo",
	    20 },
	{ { .layout = { .ratio_permille = 500 } }, "----wo", 5 },
	{ { .layout = { .block_overhead_bytes = 25 } }, "------wwo", 8 },
	/*
	 * The volume has less room than its capacity; its warning moves along.
	 */
	{ { .capacity_permille = 700 }, "-----wwo", 7 },
	{ { .capacity_permille = 150 }, "wo", 1 },
};

/*
 * w: early warning, p: the programmable one, o: overflow, -: good.  Small
 * letters: the whole block was taken, or no byte of the one that does not fit;
 * capital letters: the drive reports otherwise.
 */
static char play(struct stand *stand)
{
	const struct drive_answer *a = &stand->answer;

	stand_write(stand, 1);
	if (!a->check)
		return a->bytes == STAND_BLOCK ? '-' : '?';
	if (a->sense.key == SENSE_VOLUME_OVERFLOW)
		return a->bytes == 0 ? 'o' : 'O';
	if (a->sense.key != SENSE_NO_SENSE || !a->sense.eom)
		return '?';
	if (a->sense.ascq == 7)
		return a->bytes == STAND_BLOCK ? 'p' : 'P';
	return a->bytes == STAND_BLOCK ? 'w' : 'W';
}

START_TEST(a_medium_ends_as_the_drive_reports)
{
	const struct volume_spec spec = stand_spec();
	struct volume_place place;
	struct stand stand;

	stand_make(&stand, &ends[_i].options, &spec);
	for (const char *p = ends[_i].course; *p != '\0'; p++) {
		char met = play(&stand);

		ck_assert_msg(met == *p, "block %d: '%c', not '%c'",
		    (int)(p - ends[_i].course), met, *p);
	}
	drive_position(stand.drive, &place);
	ck_assert_uint_eq(place.object, ends[_i].objects);
	stand_finish(&stand);
}
END_TEST

/* How many blocks fit on a volume with that name. */
static uint64_t blocks_of(const char *barcode, uint64_t seed)
{
	const struct drive_options options = { .no_warning = true,
		.layout.ratio_permille = 1000,
		.ratio_spread_permille = 3000,
		.seed = seed };
	struct volume_spec spec = stand_spec();
	struct stand stand;

	strcpy(spec.barcode, barcode);
	stand_make(&stand, &options, &spec);
	stand_write(&stand, 100);
	stand_expect(&stand, SENSE_VOLUME_OVERFLOW, 0, 2);
	stand_finish(&stand);
	remove(scratch_path("v"));
	return stand.offset / STAND_BLOCK;
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
	const struct volume_spec spec = stand_spec();
	struct stand stand;

	stand_make(&stand, &options, &spec);
	stand_write(&stand, 8);
	stand_expect_good(&stand);
	stand_filemark(&stand, false);
	stand_expect(&stand, SENSE_NO_SENSE, 0, 2);
	stand_write(&stand, 1);
	stand_expect(&stand, SENSE_NO_SENSE, 0, 2);
	stand_filemark(&stand, false);
	stand_expect(&stand, SENSE_VOLUME_OVERFLOW, 0, 2);
	stand_expect_place(&stand, 1, 10, 900);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_defect_is_at_its_place_at_any_ratio)
{
	const struct drive_options options = { .layout.ratio_permille = 2000 };
	const struct volume_defect defect = {
		.at = 420,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 },
	};
	const struct volume_spec spec = stand_spec();
	struct stand stand;

	stand_make(&stand, &options, &spec);
	volume_defect_add(drive_volume(stand.drive), &defect);
	stand_write(&stand, 12);
	stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x0c, 0);
	stand_expect_place(&stand, 0, 8, 800);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_write_once_medium_is_not_overwritten)
{
	struct volume_spec spec = stand_spec();
	struct stand stand;

	memcpy(spec.barcode, "TAP001LY", 9);
	stand_make(&stand, NULL, &spec);
	stand_write(&stand, 2);
	stand_filemark(&stand, false);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	drive_locate_file(stand.drive, 1, stand.now_ns, &stand.answer);
	stand_write(&stand, 1);
	stand_expect(&stand, SENSE_DATA_PROTECT, 0x30, 0x0c);
	stand_filemark(&stand, false);
	stand_expect(&stand, SENSE_DATA_PROTECT, 0x30, 0x0c);
	drive_erase(stand.drive, false, stand.now_ns, &stand.answer);
	stand_expect(&stand, SENSE_DATA_PROTECT, 0x30, 0x0c);
	drive_space_eod(stand.drive, stand.now_ns, &stand.answer);
	stand_expect_place(&stand, 1, 4, 300);
	drive_erase(stand.drive, false, stand.now_ns, &stand.answer);
	stand_expect(&stand, SENSE_DATA_PROTECT, 0x30, 0x0c);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	stand_finish(&stand);
}
END_TEST

/*
 * Drives allow a write from the last filemarks on, as a program does that
 * appends to a tape that ends with two.
 */
START_TEST(filemarks_at_the_end_of_a_write_once_medium_may_be_overwritten)
{
	struct volume_spec spec = stand_spec();
	struct stand stand;

	memcpy(spec.barcode, "TAP001LY", 9);
	stand_make(&stand, NULL, &spec);
	stand_write(&stand, 2);
	stand_filemark(&stand, false);
	stand_filemark(&stand, false);
	drive_locate_object(stand.drive, 1, stand.now_ns, &stand.answer);
	stand_write(&stand, 1);
	stand_expect(&stand, SENSE_DATA_PROTECT, 0x30, 0x0c);
	for (uint64_t object = 2; object <= 3; object++) {
		drive_locate_object(stand.drive, object, stand.now_ns,
		    &stand.answer);
		stand_filemark(&stand, false);
		stand_expect_good(&stand);
		stand_expect_place(&stand, object - 1, object + 1, 200);
	}
	drive_locate_file(stand.drive, 1, stand.now_ns, &stand.answer);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	stand_expect_place(&stand, 1, 4, 300);
	stand_finish(&stand);
}
END_TEST

/* The drive decides, whoever loads it; the medium is not changed. */
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
		struct stand stand = {
			.drive = drive_new(model_find(rows[i].model))
		};
		struct volume_spec spec = stand_spec();
		struct volume_object object;
		enum media_use use = rows[i].use;
		uint64_t before;

		strcpy(spec.barcode, rows[i].barcode);
		strcpy(spec.medium, rows[i].medium);
		drive_load(stand.drive, scratch_volume("v", &spec), 0,
		    &stand.answer);
		before = scratch_sum("v");
		ck_assert_int_eq(drive_media_use(stand.drive), use);
		ck_assert_int_eq(stand.answer.check, use == MEDIA_NONE);
		stand_write(&stand, 1);
		if (use == MEDIA_WRITE)
			stand_expect_good(&stand);
		else
			stand_expect(&stand,
			    use == MEDIA_READ ? SENSE_DATA_PROTECT
					      : SENSE_MEDIUM_ERROR,
			    use == MEDIA_READ ? 0x27 : 0x30, 0);
		stand_filemark(&stand, false);
		ck_assert_int_eq(stand.answer.check, use != MEDIA_WRITE);
		drive_rewind(stand.drive, stand.now_ns, &stand.answer);
		ck_assert_int_eq(stand.answer.check, use == MEDIA_NONE);
		drive_read(stand.drive, NULL, 0, &object, stand.now_ns,
		    &stand.answer);
		if (use == MEDIA_NONE)
			stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x30, 0);
		else if (use == MEDIA_READ)
			stand_expect(&stand, SENSE_BLANK_CHECK, 0, 5);
		drive_flush(stand.drive, stand.now_ns, &stand.answer);
		ck_assert_int_eq(stand.answer.check, use == MEDIA_NONE);
		/* A reset does not make it fit. */
		drive_power_loss(stand.drive, stand.now_ns);
		stand_write(&stand, 1);
		stand_expect(&stand, SENSE_MEDIUM_ERROR,
		    use == MEDIA_NONE ? 0x30 : 0x3b, 0);
		stand_finish(&stand);
		if (use != MEDIA_WRITE)
			ck_assert_uint_eq(scratch_sum("v"), before);
		remove(scratch_path("v"));
	}
}
END_TEST

START_TEST(an_erase_makes_an_end_at_the_position)
{
	const struct volume_spec spec = stand_spec();
	struct volume_object object;
	struct stand stand;

	stand_make(&stand, NULL, &spec);
	stand_write(&stand, 5);
	drive_locate_object(stand.drive, 2, stand.now_ns, &stand.answer);
	drive_erase(stand.drive, false, stand.now_ns, &stand.answer);
	stand_expect_good(&stand);
	ck_assert_int_eq(stand.answer.done_ns, stand.now_ns);
	drive_read(stand.drive, NULL, 0, &object, stand.now_ns, &stand.answer);
	stand_expect(&stand, SENSE_BLANK_CHECK, 0, 5);
	drive_erase(stand.drive, true, stand.now_ns, &stand.answer);
	ck_assert_int_eq(stand.answer.done_ns - stand.now_ns,
	    INT64_C(8000000000));
	stand_finish(&stand);
}
END_TEST

START_TEST(a_drive_requests_cleaning)
{
	const struct drive_options options = { .clean_after_loads = 2 };
	const struct volume_spec spec = stand_spec();
	struct stand stand;

	stand_make(&stand, &options, &spec);
	stand_reload(&stand);
	stand_expect_good(&stand);
	stand_reload(&stand);
	stand_expect(&stand, SENSE_RECOVERED, 0, 0x17);
	stand_write(&stand, 1);
	stand_expect_good(&stand);
	scratch_close(drive_unload(stand.drive, stand.now_ns, &stand.answer));
	drive_clean(stand.drive);
	drive_load(stand.drive, scratch_open("v"), stand.now_ns, &stand.answer);
	stand_expect_good(&stand);
	stand_finish(&stand);
}
END_TEST

/* Here filemarks take no room: only their number is limited. */
START_TEST(more_filemarks_than_a_volume_holds_overflow)
{
	const struct drive_options options = { .buffered = _i == 1 };
	const struct volume_spec spec = stand_spec();
	struct stand stand;

	stand_make(&stand, &options, &spec);
	drive_write_filemarks(stand.drive, VOLUME_FILEMARKS_MAX, false,
	    stand.now_ns, &stand.answer);
	stand_expect_good(&stand);
	drive_write_filemarks(stand.drive, 1, false, stand.answer.done_ns,
	    &stand.answer);
	stand_expect(&stand, SENSE_VOLUME_OVERFLOW, 0, 2);
	stand_expect_place(&stand, VOLUME_FILEMARKS_MAX, VOLUME_FILEMARKS_MAX,
	    0);
	stand_finish(&stand);
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
