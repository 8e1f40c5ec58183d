/*
 * check_library.c: volumes are loaded in order, each once, into working drives;
 * returned volumes are complete.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/drive/drive.h"
#include "vtl/library/library.h"
#include "vtl/tests/vtl_scratch.h"

enum { VOLUMES = 4, BLOCK = 4096 };

static struct tape_result r;
static char *paths[VOLUMES];
static const struct model *drives[2];

static void barcode_of(int i, char barcode[VOLUME_BARCODE_BYTES])
{
	snprintf(barcode, VOLUME_BARCODE_BYTES, "VTA%03dL8", i);
}

/*
 * Makes a library with VTA000L8 to VTA003L8, and two drives whose operations
 * take time.  A move of the robot takes `move_ns`, which may be 0.
 */
static struct library *make_moving_library(int64_t move_ns, bool ahead)
{
	struct volume_spec specs[VOLUMES];
	char message[VOLUME_MESSAGE_BYTES];
	struct library_spec spec = { .paths = (const char *const *)paths,
		.volume_count = VOLUMES,
		.drives = drives,
		.drive_count = 2,
		.move_ns = move_ns,
		.load_ahead = ahead };

	drives[0] = drives[1] = model_find("lto8");
	for (int i = 0; i < VOLUMES; i++) {
		specs[i] = scratch_spec(VOLUME_PAYLOAD_NONE);
		barcode_of(i, specs[i].barcode);
		paths[i] =
		    library_volume_path(scratch_path("lib"), specs[i].barcode);
	}
	ck_assert_int_eq(mkdir(scratch_path("lib"), 0777), 0);
	for (int i = 0; i < VOLUMES; i++)
		ck_assert_msg(volume_create(paths[i], &specs[i], "", false,
				  message) == 0,
		    "%s", message);
	return library_new(&spec);
}

static struct library *make_library(void)
{
	return make_moving_library(0, false);
}

static void finish(struct library *library)
{
	library_free(library);
	for (int i = 0; i < VOLUMES; i++)
		free(paths[i]);
}

static struct tape *load_at(struct library *library, int64_t now_ns)
{
	struct tape_library *tapes = library_tapes(library);

	return tapes->ops->load(tapes, now_ns, &r);
}

static struct tape *load(struct library *library)
{
	return load_at(library, 0);
}

static void unload_at(struct library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns)
{
	struct tape_library *tapes = library_tapes(library);

	tapes->ops->unload(tapes, tape, why, now_ns, &r);
}

static void unload(struct library *library, struct tape *tape,
    enum tape_close why)
{
	unload_at(library, tape, why, 0);
}

static void write_block(struct tape *tape)
{
	const struct tape_run run = { .bytes = BLOCK, .block_bytes = BLOCK };

	tape->ops->write(tape, &run, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
}

START_TEST(a_drive_without_times_has_the_block_limits_of_its_model)
{
	struct library_spec spec = { .drives = drives,
		.drive_count = 1,
		.paths = (const char *const *)paths,
		.volume_count = VOLUMES,
		.instant = true };
	struct library *library = make_library();
	struct tape_limits limits;
	struct tape *tape;

	library_free(library);
	library = library_new(&spec);
	tape = load(library);
	ck_assert_ptr_nonnull(tape);
	ck_assert_int_eq(r.done_ns, 0);
	tape->ops->limits(tape, &limits);
	ck_assert_uint_eq(limits.block_max_bytes, drives[0]->block_max_bytes);
	unload(library, tape, TAPE_CLOSE_GOOD);
	ck_assert_int_eq(r.done_ns, 0);
	finish(library);
}
END_TEST

START_TEST(volumes_come_in_order_and_once)
{
	struct library *library = make_library();
	char barcode[VOLUME_BARCODE_BYTES];
	struct tape *tape;

	for (int i = 0; i < VOLUMES; i++) {
		tape = load(library);
		ck_assert_ptr_nonnull(tape);
		ck_assert_int_eq(r.done_ns, drives[0]->load_ns);
		barcode_of(i, barcode);
		ck_assert_str_eq(tape->barcode, barcode);
		ck_assert_uint_eq(tape->drive, 0);
		unload(library, tape, TAPE_CLOSE_GOOD);
		ck_assert_int_eq(r.cause, TAPE_OK);
		ck_assert_int_eq(r.done_ns, drives[0]->unload_ns);
	}
	ck_assert_ptr_null(load(library));
	ck_assert_int_eq(r.cause, TAPE_NO_VOLUME);
	ck_assert_ptr_nonnull(strstr(r.message, "no more volumes"));
	finish(library);
}
END_TEST

START_TEST(a_failed_drive_gets_no_other_volume)
{
	struct library *library = make_library();
	struct tape *tape = load(library), *other = load(library);

	ck_assert_uint_eq(tape->drive, 0);
	ck_assert_uint_eq(other->drive, 1);
	ck_assert_ptr_null(load(library));
	ck_assert_int_eq(r.cause, TAPE_NO_VOLUME);
	ck_assert_ptr_nonnull(strstr(r.message, "no drive"));
	unload(library, tape, TAPE_CLOSE_AVOID_DRIVE);
	ck_assert_ptr_null(load(library));
	unload(library, other, TAPE_CLOSE_SUSPECT);
	tape = load(library);
	ck_assert_str_eq(tape->barcode, "VTA002L8");
	ck_assert_uint_eq(tape->drive, 1);
	unload(library, tape, TAPE_CLOSE_AVOID_DRIVE);
	ck_assert_ptr_null(load(library));
	ck_assert_int_eq(r.cause, TAPE_NO_VOLUME);
	finish(library);
}
END_TEST

START_TEST(a_volume_that_cannot_be_opened_is_skipped)
{
	struct library *library = make_library();
	struct tape *tape;

	ck_assert_int_eq(truncate(paths[0], 3000), 0);
	unlink(paths[1]);
	ck_assert_ptr_null(load(library));
	ck_assert_int_eq(r.cause, TAPE_MEDIUM_ERROR);
	ck_assert_ptr_nonnull(strstr(r.message, paths[0]));
	ck_assert_ptr_null(load(library));
	ck_assert_int_eq(r.cause, TAPE_MEDIUM_ERROR);
	tape = load(library);
	ck_assert_str_eq(tape->barcode, "VTA002L8");
	finish(library); /* also unloads the tape */
}
END_TEST

/*
 * Ways to close a volume with an unfinished file; `files` is the number of
 * files on the volume afterwards.
 */
static const struct {
	enum tape_close why;
	uint64_t files;
	const char *history;
} closes[] = {
	{ TAPE_CLOSE_GOOD, 2, "good" },
	{ TAPE_CLOSE_FULL, 2, "full" },
	{ TAPE_CLOSE_SUSPECT, 1, "suspect" },
	{ TAPE_CLOSE_AVOID_DRIVE, 1, "suspect, drive avoided" },
};

START_TEST(a_missing_filemark_is_written)
{
	struct library *library = make_library();
	struct tape *tape = load(library);
	static const uint8_t label[BLOCK] = "label\n";
	struct library_volume v;
	char sql[128];

	library_volume_get(library, 0, &v);
	ck_assert(v.loaded && !v.labelled && !v.written);
	tape->ops->label(tape, label, BLOCK, 0, &r);
	write_block(tape);
	tape->ops->rewind(tape, 0, &r); /* the head may be anywhere */
	library_volume_get(library, 0, &v);
	ck_assert(v.loaded && v.labelled && v.end.byte == 2 * BLOCK);
	unload(library, tape, closes[_i].why);
	ck_assert_int_eq(r.cause, TAPE_OK);
	library_volume_get(library, 0, &v);
	ck_assert(!v.loaded && v.labelled && v.written);
	ck_assert_uint_eq(v.end.byte, 2 * BLOCK);
	ck_assert_uint_eq(v.end.file, closes[_i].files);
	library_volume_get(library, 1, &v);
	ck_assert(!v.labelled && !v.written && v.end.object == 0);
	snprintf(sql, sizeof sql,
	    "select count(*) from history where event = 'closed' and text = "
	    "'%s'",
	    closes[_i].history);
	ck_assert_int_eq(scratch_query("lib/VTA000L8.tape", sql), 1);
	finish(library);
}
END_TEST

START_TEST(a_failed_unload_reports_the_position_of_the_drive)
{
	static const uint8_t label[BLOCK] = "label\n";
	const struct drive_fault fault = { .op = DRIVE_UNLOAD,
		.nth = 1,
		.once = true,
		.sense = { SENSE_HARDWARE_ERROR, 0x53, 0, 0, 0 } };
	struct library *library = make_library();
	struct tape *tape = load(library);

	ck_assert_int_eq(drive_add_fault(library_drive(library, 0), &fault), 0);
	tape->ops->label(tape, label, BLOCK, 0, &r);
	write_block(tape);
	unload(library, tape, TAPE_CLOSE_SUSPECT);
	ck_assert_int_eq(r.cause, TAPE_HARDWARE_ERROR);
	ck_assert_ptr_eq(strstr(r.message,
			     "volume VTA000L8, file 1, object 3, byte 8192: "
			     "unload: "),
	    r.message);
	finish(library);
}
END_TEST

START_TEST(a_volume_that_was_only_read_has_one_more_load)
{
	struct library *library = make_library();
	struct tape_block block;
	struct tape *tape = load(library);

	tape->ops->read(tape, NULL, 0, &block, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_BLANK);
	unload(library, tape, _i == 0 ? TAPE_CLOSE_REFUSED : TAPE_CLOSE_GOOD);
	ck_assert_int_eq(scratch_query("lib/VTA000L8.tape",
			     "select (select count(*) from objects) * 100 + "
			     "count(*) * 10 + sum(event = 'loaded') "
			     "from history where event <> 'created'"),
	    11);
	finish(library);
}
END_TEST

START_TEST(a_volume_is_loaded_by_its_barcode)
{
	struct library *library = make_library();
	struct tape *tape = load(library);

	write_block(tape);
	ck_assert_ptr_null(tape_load_named(library_tapes(library), "VTA000L8",
	    0, &r));
	ck_assert_int_eq(r.cause, TAPE_INVALID);
	unload(library, tape, TAPE_CLOSE_GOOD);
	tape = tape_load_named(library_tapes(library), "VTA000L8", 0, &r);
	ck_assert_ptr_nonnull(tape);
	tape->ops->locate(tape, 1, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	unload(library, tape, TAPE_CLOSE_REFUSED);
	tape = tape_load_named(library_tapes(library), "VTA003L8", 0, &r);
	ck_assert_str_eq(tape->barcode, "VTA003L8");
	unload(library, tape, TAPE_CLOSE_GOOD);
	ck_assert_ptr_null(tape_load_named(library_tapes(library), "VTA009L8",
	    0, &r));
	ck_assert_int_eq(r.cause, TAPE_NO_VOLUME);
	ck_assert_str_eq(load(library)->barcode, "VTA001L8");
	finish(library);
}
END_TEST

#define S INT64_C(1000000000)

START_TEST(the_robot_makes_one_move_at_a_time)
{
	struct library *library = make_moving_library(8 * S, false);
	struct tape *tape = load_at(library, 100 * S);

	/*
	 * The move takes 8 s and the load 15 s; then the second volume moves.
	 */
	ck_assert_int_eq(r.done_ns, 123 * S);
	load_at(library, 100 * S);
	ck_assert_int_eq(r.done_ns, 131 * S);
	/*
	 * The unload takes 24 s; the cartridge moves back when the next is
	 * requested.
	 */
	unload_at(library, tape, TAPE_CLOSE_GOOD, 200 * S);
	ck_assert_int_eq(r.done_ns, 224 * S);
	load_at(library, 224 * S);
	ck_assert_int_eq(r.done_ns, (224 + 8 + 8 + 15) * S);
	finish(library);
}
END_TEST

START_TEST(the_next_volume_is_loaded_ahead)
{
	struct library *library = make_moving_library(8 * S, true);
	struct tape *tape = load(library);
	struct library_volume v;

	ck_assert_str_eq(tape->barcode, "VTA000L8");
	ck_assert_int_eq(r.done_ns, 23 * S);
	library_volume_get(library, 1, &v);
	ck_assert(v.loaded && !v.written);
	/*
	 * No caller waits for the unload, or for a volume that is already
	 * loaded.
	 */
	unload_at(library, tape, TAPE_CLOSE_GOOD, 100 * S);
	ck_assert_int_eq(r.done_ns, 100 * S);
	tape = load_at(library, 100 * S);
	ck_assert_str_eq(tape->barcode, "VTA001L8");
	ck_assert_uint_eq(tape->drive, 1);
	ck_assert_int_eq(r.done_ns, 100 * S);
	/* The third volume moves to the first drive when that drive is free. */
	unload_at(library, tape, TAPE_CLOSE_GOOD, 101 * S);
	tape = load_at(library, 101 * S);
	ck_assert_str_eq(tape->barcode, "VTA002L8");
	ck_assert_int_eq(r.done_ns, (100 + 24 + 8 + 8 + 15) * S);
	finish(library);
}
END_TEST

START_TEST(a_volume_loaded_ahead_but_not_used_is_the_next_one)
{
	struct library *library = make_moving_library(0, true);
	struct tape *tape = load(library), *named;

	named = tape_load_named(library_tapes(library), "VTA003L8", 0, &r);
	ck_assert_str_eq(named->barcode, "VTA003L8");
	unload(library, named, TAPE_CLOSE_REFUSED);
	unload(library, tape, TAPE_CLOSE_GOOD);
	ck_assert_str_eq(load(library)->barcode, "VTA001L8");
	finish(library);
}
END_TEST

START_TEST(a_failed_load_ahead_is_reported_on_request)
{
	struct library *library = make_moving_library(0, true);
	struct tape *tape;

	unlink(paths[1]);
	tape = load(library);
	ck_assert_ptr_nonnull(tape);
	ck_assert_int_eq(r.cause, TAPE_OK);
	unload(library, tape, TAPE_CLOSE_GOOD);
	ck_assert_ptr_null(load(library));
	ck_assert_int_eq(r.cause, TAPE_MEDIUM_ERROR);
	ck_assert_ptr_nonnull(strstr(r.message, paths[1]));
	ck_assert_str_eq(load(library)->barcode, "VTA002L8");
	finish(library);
}
END_TEST

START_TEST(a_wrong_cartridge_is_put_back)
{
	const struct changer_fault fault = {
		.mode = CHANGER_FAULT_WRONG_CARTRIDGE, .nth = 1, .once = true
	};
	struct library *library = make_moving_library(8 * S, false);
	struct tape *tape;

	ck_assert_int_eq(changer_add_fault(library_changer(library), &fault),
	    CHANGER_OK);
	ck_assert_ptr_null(load(library));
	ck_assert_int_eq(r.cause, TAPE_MEDIUM_ERROR);
	ck_assert_ptr_nonnull(strstr(r.message, "wrong cartridge: VTA000L8"));
	ck_assert_int_eq(r.done_ns, (8 + 15 + 24) * S);
	tape = load_at(library, r.done_ns);
	ck_assert_str_eq(tape->barcode, "VTA001L8");
	finish(library);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library");
	TCase *t = tcase_create("library");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t,
	    a_drive_without_times_has_the_block_limits_of_its_model);
	tcase_add_test(t, volumes_come_in_order_and_once);
	tcase_add_test(t, a_failed_drive_gets_no_other_volume);
	tcase_add_test(t, a_volume_that_cannot_be_opened_is_skipped);
	tcase_add_loop_test(t, a_missing_filemark_is_written, 0,
	    sizeof closes / sizeof closes[0]);
	tcase_add_test(t, a_failed_unload_reports_the_position_of_the_drive);
	tcase_add_loop_test(t, a_volume_that_was_only_read_has_one_more_load, 0,
	    2);
	tcase_add_test(t, a_volume_is_loaded_by_its_barcode);
	tcase_add_test(t, the_robot_makes_one_move_at_a_time);
	tcase_add_test(t, the_next_volume_is_loaded_ahead);
	tcase_add_test(t, a_volume_loaded_ahead_but_not_used_is_the_next_one);
	tcase_add_test(t, a_failed_load_ahead_is_reported_on_request);
	tcase_add_test(t, a_wrong_cartridge_is_put_back);
	return run_suite(s);
}
