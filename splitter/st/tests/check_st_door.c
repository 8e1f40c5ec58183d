/*
 * check_st_door.c: when the back end for the tape driver locks the drive's door.
 */
#include <check.h>
#include <linux/mtio.h>
#include <string.h>

#include "splitter/st/tests/st_stage.h"
#include "splitter/tests/run_suite.h"

static bool locked(void)
{
	return fake_st_locked(stage.rig.st);
}

/*
 * The door stays locked until the volume is returned, for any reason and after
 * any error.
 */
START_TEST(the_door_is_locked_while_a_volume_is_in_use)
{
	static const enum tape_close why[] = { TAPE_CLOSE_GOOD, TAPE_CLOSE_FULL,
		TAPE_CLOSE_SUSPECT, TAPE_CLOSE_AVOID_DRIVE,
		TAPE_CLOSE_REFUSED };
	const int fails = _i / 5 % 3;

	stage.rig.options.eject = _i / 15;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	ck_assert(!locked());
	stage_load();
	stage_label();
	stage_header();
	ck_assert(locked());
	if (fails > 0)
		fake_st_fail(stage.rig.st, 0,
		    fails == 1 ? FAKE_EIO : FAKE_GONE);
	stage_run(1);
	stage_locate(0);
	ck_assert(locked());
	stage_unload(why[_i % 5]);
	ck_assert(!locked());
	stage_down();
}
END_TEST

START_TEST(the_door_is_unlocked_if_a_volume_is_not_returned)
{
	stage_begin(50, 0);
	stage_label();
	stage_header();
	stage_run(1);
	st_library_free(stage.rig.library);
	stage.rig.library = NULL;
	ck_assert(!locked());
	stage_down();

	stage.rig.fake.driver_options = MT_ST_NOWAIT_EOF;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	ck_assert_ptr_null(stage.rig.library->ops->load(stage.rig.library, 0,
	    &stage.r));
	ck_assert(!locked());
	stage_down();
}
END_TEST

/* A killed process leaves the door locked. */
START_TEST(a_locked_door_is_unlocked)
{
	char err[256];

	stage.rig.options.reading = true;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	fake_st_lock(stage.rig.st);
	if (_i == 0)
		ck_assert_int_eq(st_library_probe(stage.rig.library, 0, err,
				     sizeof err),
		    0);
	else
		stage_load();
	ck_assert(!locked());
	stage_down();
}
END_TEST

START_TEST(a_drive_that_cannot_lock_is_reported)
{
	stage.rig.fake.cannot_lock = true;
	stage_begin(50, 0);
	stage_write_file();
	ck_assert_uint_eq(stage.rig.notices, 1);
	ck_assert_ptr_nonnull(strstr(stage.rig.notice, "cannot be locked"));
	stage_unload(TAPE_CLOSE_GOOD);
	stage_ck(TAPE_OK);
	stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the tape driver: the door");
	TCase *tc = tcase_create("door");

	tcase_add_loop_test(tc, the_door_is_locked_while_a_volume_is_in_use, 0,
	    30);
	tcase_add_test(tc, the_door_is_unlocked_if_a_volume_is_not_returned);
	tcase_add_loop_test(tc, a_locked_door_is_unlocked, 0, 2);
	tcase_add_test(tc, a_drive_that_cannot_lock_is_reported);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
