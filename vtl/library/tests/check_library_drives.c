/*
 * check_library_drives.c: the drives of a library on disk behave and fail as
 * stored there, in any process.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/library/tests/disk_drives.h"
#include "vtl/base/media.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/library/vtape.h"
#include "vtl/volume/history.h"

START_TEST(every_key_of_a_behaviour_is_stored)
{
	static const struct drive_options all = { .no_early_warning = true,
		.early_warning_delay_blocks = 1,
		.pews_bytes = 2,
		.residual = DRIVE_RESIDUAL_UNDER,
		.buffering = DRIVE_BUFFERED,
		.buffer_bytes = 3,
		.zlib = true,
		.layout = { .ratio_permille = 4,
		    .block_overhead_bytes = 5,
		    .filemark_bytes = 6 },
		.ratio_spread_permille = 7,
		.capacity_permille = 8,
		.capacity_spread_permille = 9,
		.clean_after_loads = 10,
		.media_initialization_ns = 11 };
	static const struct drive_options none;
	struct drive_options kept;
	struct changer *c;

	disk_behave(1, &all);
	c = disk_changer(true);
	ck_assert_int_eq(changer_get_behaviour(c, 1, &kept), CHANGER_OK);
	ck_assert_mem_eq(&kept, &all, sizeof all);
	ck_assert_int_eq(changer_get_behaviour(c, 0, &kept), CHANGER_OK);
	ck_assert_mem_eq(&kept, &none, sizeof none);
	changer_close(c);
	disk_behave(1, &none);
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select count(*) from behaviour"),
	    0);
}
END_TEST

START_TEST(every_key_of_a_fault_is_stored)
{
	const struct drive_fault all = { .id = 1,
		.nth = 2,
		.every = 3,
		.after_bytes = 4,
		.after_ns = 5,
		.one_in = 6,
		.begin_byte = 7,
		.end_byte = 8,
		.op = DRIVE_LOCATE,
		.mode = DRIVE_FAULT_SLOW,
		.sense = disk_medium_error,
		.deferred = true,
		.once = true,
		.slowdown = 9,
		.duration_ns = 10,
		.barcode = "VTA002L8" };
	struct changer_drive_fault *kept;
	struct changer *c;
	size_t count;

	disk_add_fault(1, &all);
	disk_add_fault(-1, &all);
	c = disk_changer(true);
	ck_assert_int_eq(changer_list_drive_faults(c, &kept, &count),
	    CHANGER_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(kept[0].drive, 1);
	ck_assert_mem_eq(&kept[0].fault, &all, sizeof all);
	ck_assert_int_eq(kept[1].drive, -1);
	ck_assert_int_eq(kept[1].fault.id, 2);
	free(kept);
	changer_close(c);
}
END_TEST

START_TEST(a_drive_behaves_as_the_library_says)
{
	const struct drive_options odd = { .no_early_warning = true,
		.buffering = DRIVE_BUFFERED };
	struct library *library;
	struct drive *drive;

	disk_behave(1, &odd);
	library = on_disk_open(NULL);
	drive = disk_load(library);
	ck_assert(!drive_get_options(drive)->no_early_warning);
	ck_assert(drive_get_options(disk_load(library))->no_early_warning);
	library_free(library);
}
END_TEST

START_TEST(the_behaviour_of_a_new_library_applies_to_each_drive)
{
	const struct drive_options odd = { .early_warning_delay_blocks = 3 };
	struct drive_options kept;
	struct changer *c;

	scratch_teardown();
	scratch_setup();
	on_disk_make(&odd);
	c = disk_changer(true);
	for (unsigned i = 0; i < ON_DISK_DRIVES; i++) {
		ck_assert_int_eq(changer_get_behaviour(c, i, &kept),
		    CHANGER_OK);
		ck_assert_uint_eq(kept.early_warning_delay_blocks, 3);
	}
	changer_close(c);
}
END_TEST

START_TEST(an_unknown_fault_is_reported_at_the_load)
{
	const struct drive_fault once = { .nth = 1,
		.op = DRIVE_WRITE,
		.sense = disk_medium_error,
		.once = true };
	static const char *const rows[] = {
		"update drive_faults set mode = 'melt'",
		"insert into robot_faults (mode, move, once) values ('melt', "
		"1, 0)",
	};
	struct tape_library *tapes;
	struct library *library;

	disk_add_fault(-1, &once);
	scratch_sql("lib/library.db", rows[_i]);
	library = on_disk_open(NULL);
	tapes = library_tapes(library);
	ck_assert_ptr_null(tapes->ops->load(tapes, 0, &disk_result));
	ck_assert_msg(strstr(disk_result.message,
			  "this tapelab does not know") != NULL,
	    "%s", disk_result.message);
	library_free(library);
}
END_TEST

START_TEST(a_permanent_fault_applies_in_each_process)
{
	const struct drive_fault second = {
		.nth = 2, .op = DRIVE_WRITE, .sense = disk_medium_error
	};

	disk_add_fault(0, &second);
	for (int i = 0; i < 2; i++) {
		struct library *library = on_disk_open(NULL);
		struct drive *drive = disk_load(library);

		ck_assert(!disk_write_fails(drive));
		ck_assert(disk_write_fails(drive));
		library_free(library);
		ck_assert_uint_eq(disk_count_faults(), 1);
	}
}
END_TEST

START_TEST(chance_differs_for_each_client)
{
	const struct drive_fault chance = {
		.one_in = 2, .op = DRIVE_WRITE, .sense = disk_medium_error
	};
	unsigned seen[2] = { 0 };

	disk_add_fault(0, &chance);
	for (int i = 0; i < 2; i++) {
		struct library *library = on_disk_open(NULL);
		struct drive *drive = disk_load(library);

		for (int n = 0; n < 32; n++)
			seen[i] = seen[i] << 1 | disk_write_fails(drive);
		library_free(library);
	}
	ck_assert_uint_ne(seen[0], seen[1]);
	/*
	 * The same client of a library made in the same way draws the same
	 * faults.
	 */
	scratch_teardown();
	disk_setup();
	disk_add_fault(0, &chance);
	struct library *library = on_disk_open(NULL);
	struct drive *drive = disk_load(library);

	for (int n = 0; n < 32; n++)
		seen[1] = seen[1] << 1 | disk_write_fails(drive);
	ck_assert_uint_eq(seen[0], seen[1]);
	library_free(library);
}
END_TEST

START_TEST(loads_are_counted_over_processes_until_the_drive_is_cleaned)
{
	const struct drive_options options = { .clean_after_loads = 2 };
	static const bool asks[] = { false, false, true, true };
	struct changer *c;

	disk_behave(0, &options);
	for (int i = 0; i < 4; i++) {
		struct library *library = on_disk_open(NULL);

		disk_load(library);
		ck_assert_int_eq(disk_result.sense.valid &&
			disk_result.sense.ascq == 0x17,
		    asks[i]);
		ck_assert_uint_eq(disk_result.remarks,
		    asks[i] ? TAPE_REMARK_CLEANING : 0);
		library_free(library);
	}
	c = disk_changer(false);
	ck_assert_int_eq(changer_move(c, CHANGER_SLOT_ADDRESS + ON_DISK_VOLUMES,
			     CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	changer_close(c);
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select loads from elements where address = 256"),
	    0);
}
END_TEST

static struct volume *open_first_volume(void)
{
	char *path = library_volume_path(scratch_path("lib"), "VTA001L8");
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, false, message);

	ck_assert_msg(volume != NULL, "%s", message);
	free(path);
	return volume;
}

START_TEST(a_worn_volume_is_reported_until_the_unload)
{
	static const struct {
		uint64_t loads, life, remarks;
	} rows[] = {
		{ 17999, 0, 0 },
		{ 18000, 0, TAPE_REMARK_NEARLY_WORN },
		{ 19999, 0, TAPE_REMARK_NEARLY_WORN },
		{ 20000, 0, TAPE_REMARK_WORN },
		{ 20000, 30000, 0 },
		{ 9, 10, TAPE_REMARK_NEARLY_WORN },
		{ 10, 10, TAPE_REMARK_WORN },
	};
	struct volume *volume = open_first_volume();
	char message[VOLUME_MESSAGE_BYTES];
	struct library *library;
	struct volume_wear wear;
	struct tape *tape;

	ck_assert_int_eq(volume_get_wear(volume, &wear), 0);
	ck_assert_uint_eq(wear.loads, 0);
	ck_assert_uint_eq(wear.life_loads, MEDIA_LIFE_LOADS);
	ck_assert_int_eq(volume_log_event(volume, "loaded", ""), 0);
	/* No number of loads: another program may have written that. */
	ck_assert_int_eq(volume_log_event(volume, "loads", "-5"), 0);
	ck_assert_int_eq(volume_log_event(volume, "loads", "7 "), 0);
	ck_assert_int_eq(volume_log_event(volume, "life", "0"), 0);
	ck_assert_int_eq(volume_add_loads(volume, rows[_i].loads - 1), 0);
	if (rows[_i].life > 0)
		ck_assert_int_eq(volume_set_life(volume, rows[_i].life), 0);
	ck_assert_int_eq(volume_get_wear(volume, &wear), 0);
	ck_assert_uint_eq(wear.loads, rows[_i].loads);
	ck_assert_int_eq(volume_close(volume, message), 0);
	library = on_disk_open(NULL);
	tape = library_tapes(library)->ops->load(library_tapes(library), 0,
	    &disk_result);
	ck_assert_ptr_nonnull(tape);
	ck_assert_uint_eq(disk_result.remarks, rows[_i].remarks);
	tape->ops->rewind(tape, disk_result.done_ns, &disk_result);
	ck_assert_uint_eq(disk_result.remarks, rows[_i].remarks);
	library_free(library);
}
END_TEST

START_TEST(each_load_wears_a_volume)
{
	struct volume *volume = open_first_volume();
	char message[VOLUME_MESSAGE_BYTES];
	struct library *library;
	struct volume_wear wear;

	ck_assert_int_eq(volume_set_life(volume, 2), 0);
	ck_assert_int_eq(volume_close(volume, message), 0);
	library = on_disk_open(NULL);
	for (int i = 1; i <= 3; i++) {
		struct tape_library *tapes = library_tapes(library);
		struct tape *tape = tapes->ops->load_named(tapes, "VTA001L8",
		    disk_result.done_ns, &disk_result);

		ck_assert_ptr_nonnull(tape);
		ck_assert_uint_eq(disk_result.remarks,
		    i > 2 ? TAPE_REMARK_WORN : 0);
		tapes->ops->unload(tapes, tape, TAPE_CLOSE_GOOD,
		    disk_result.done_ns, &disk_result);
	}
	library_free(library);
	volume = open_first_volume();
	ck_assert_int_eq(volume_get_wear(volume, &wear), 0);
	ck_assert_uint_eq(wear.loads, 3);
	ck_assert_int_eq(volume_close(volume, message), 0);
	/* Each load names the drive. */
	ck_assert_int_eq(scratch_query("lib/VTA001L8.tape",
			     "select count(*) from history where event = "
			     "'loaded' and text like 'TL________'"),
	    3);
}
END_TEST

/* Without operation times, buffered blocks would be on the medium at once. */
START_TEST(a_buffer_fills_and_a_reset_clears_it)
{
	const struct library_options at_once = {
		.program = "a test", .drive = 0, .instant = true
	};
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.buffer_bytes = (uint64_t)4 * DISK_BLOCK };
	const struct drive_fault reset = { .nth = 10,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_RESET,
		.once = true };
	const struct drive_loss *losses;
	struct library *library;
	struct drive *drive;
	size_t count;

	disk_behave(0, &options);
	disk_add_fault(0, &reset);
	library = on_disk_open(&at_once);
	drive = disk_load(library);
	ck_assert_uint_eq(disk_write(drive, 9).bytes, 9 * DISK_BLOCK);
	ck_assert(disk_write_fails(drive));
	losses = drive_losses(drive, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(losses[0].object, 5);
	ck_assert_uint_eq(losses[0].blocks, 4);
	library_free(library);
	ck_assert_int_eq(scratch_query("lib/VTA001L8.tape",
			     "select count(*) from history where event = "
			     "'lost' and text like 'objects 5 to 8, %'"),
	    1);
}
END_TEST

START_TEST(unknown_settings_are_reported_at_the_load)
{
	struct tape_library *tapes;
	struct library *library;

	scratch_sql("lib/library.db",
	    "insert into behaviour values (0, 'colour', 1)");
	library = on_disk_open(NULL);
	tapes = library_tapes(library);
	ck_assert_ptr_null(tapes->ops->load(tapes, 0, &disk_result));
	ck_assert_msg(strstr(disk_result.message,
			  "does not know the behaviour colour") != NULL,
	    "%s", disk_result.message);
	library_free(library);
}
END_TEST

START_TEST(all_faults_can_be_cleared)
{
	const struct drive_fault first = {
		.nth = 1, .op = DRIVE_WRITE, .sense = disk_medium_error
	};
	struct changer *c;

	disk_add_fault(0, &first);
	c = disk_changer(false);
	ck_assert_int_eq(changer_clear_faults(c), CHANGER_OK);
	changer_close(c);
	ck_assert_uint_eq(disk_count_faults(), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library_drives");
	TCase *t = tcase_create("library_drives");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, disk_setup, scratch_teardown);
	tcase_add_test(t, every_key_of_a_behaviour_is_stored);
	tcase_add_test(t, every_key_of_a_fault_is_stored);
	tcase_add_test(t, a_drive_behaves_as_the_library_says);
	tcase_add_test(t, the_behaviour_of_a_new_library_applies_to_each_drive);
	tcase_add_loop_test(t, an_unknown_fault_is_reported_at_the_load, 0, 2);
	tcase_add_test(t, a_permanent_fault_applies_in_each_process);
	tcase_add_test(t, chance_differs_for_each_client);
	tcase_add_test(t,
	    loads_are_counted_over_processes_until_the_drive_is_cleaned);
	tcase_add_loop_test(t, a_worn_volume_is_reported_until_the_unload, 0,
	    7);
	tcase_add_test(t, each_load_wears_a_volume);
	tcase_add_test(t, a_buffer_fills_and_a_reset_clears_it);
	tcase_add_test(t, unknown_settings_are_reported_at_the_load);
	tcase_add_test(t, all_faults_can_be_cleared);
	return run_suite(s);
}
