/*
 * check_drive_spend.c: removing a defect that applies once, on a disk that
 * fails.  Each write to the disk fails in turn, until a run has fewer writes.
 * The lost data must be reported, and the drive must be at the end of the
 * volume.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"
#include "vtl/tests/vfs_hook.h"

static long countdown; /* disk writes until the failure; < 0: no failure */
static bool applied;

static int count_down(const struct vfs_hook_event *e)
{
	if (e->operation != VFS_HOOK_WRITE || countdown < 0 || --countdown > 0)
		return SQLITE_OK;
	countdown = -1;
	applied = true;
	return SQLITE_FULL;
}

static void put_layer_under(void)
{
	scratch_setup();
	countdown = -1;
	vfs_hook_install(count_down);
}

static void remove_layer(void)
{
	vfs_hook_remove();
	scratch_teardown();
}

static const struct {
	struct volume_defect defect;
	bool buffered;
} rows[] = {
	{ { .unit = VOLUME_OBJECTS,
	      .at = 3,
	      .once = true,
	      .sense = { SENSE_RECOVERED, 0x0c, 0, 0, 0 } },
	    false },
	{ { .unit = VOLUME_OBJECTS,
	      .at = 3,
	      .once = true,
	      .sense = { SENSE_RECOVERED, 0x0c, 0, 0, 0 } },
	    true },
	{ { .fail = VOLUME_FAIL_CORRUPT,
	      .unit = VOLUME_OBJECTS,
	      .at = 3,
	      .once = true },
	    false },
	{ { .fail = VOLUME_FAIL_CORRUPT,
	      .unit = VOLUME_OBJECTS,
	      .at = 3,
	      .once = true },
	    true },
	{ { .fail = VOLUME_FAIL_READ,
	      .unit = VOLUME_OBJECTS,
	      .at = 3,
	      .once = true,
	      .sense = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 } },
	    false },
	{ { .unit = VOLUME_OBJECTS,
	      .at = 3,
	      .once = true,
	      .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } },
	    false },
	{ { .unit = VOLUME_OBJECTS,
	      .at = 3,
	      .once = true,
	      .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } },
	    true },
};

/* Records whether a result reports a loss. */
static void look(struct drive_fixture *fixture, bool *told)
{
	*told |= fixture->result.check && fixture->result.deferred;
}

/*
 * Writes six blocks, the fourth of them over the defect, reads them, and writes
 * a filemark at the end.
 */
static void work(struct drive_fixture *fixture, bool *told)
{
	struct volume_object object;

	for (int i = 0; i < 6; i++) {
		fixture_write(fixture, 1);
		look(fixture, told);
	}
	drive_rewind(fixture->drive, fixture->now_ns, &fixture->result);
	look(fixture, told);
	for (int i = 0; i < 6; i++) {
		drive_read(fixture->drive, NULL, 0, &object, fixture->now_ns,
		    &fixture->result);
		look(fixture, told);
	}
	drive_space_eod(fixture->drive, fixture->now_ns, &fixture->result);
	look(fixture, told);
	fixture_filemark(fixture, false);
	look(fixture, told);
}

/*
 * Runs once with a failure of the `n`th write to the disk.  Returns whether
 * that write happened.
 */
static bool run(int row, long n)
{
	const struct drive_options options = { .buffering = rows[row].buffered
		    ? DRIVE_BUFFERED
		    : DRIVE_UNBUFFERED };
	struct volume_position place, end;
	struct volume_spec spec = fixture_spec();
	struct drive_fixture fixture;
	bool told = false;

	spec.has_early_warning = false;
	fixture_make(&fixture, &options, &spec);
	ck_assert_int_eq(volume_defect_add(drive_volume(fixture.drive),
			     &rows[row].defect),
	    0);
	ck_assert_int_eq(volume_sync(drive_volume(fixture.drive)), 0);
	applied = false;
	countdown = n;
	work(&fixture, &told);
	countdown = -1;
	drive_position(fixture.drive, &place);
	volume_end(drive_volume(fixture.drive), &end);
	ck_assert_uint_eq(place.object, end.object);
	/* Five blocks at least, and the filemark. */
	ck_assert_msg(told || end.object >= 6,
	    "after write %ld of the disk "
	    "%d objects are left, and nothing said so",
	    n, (int)end.object);
	fixture_finish(&fixture);
	remove(scratch_path("v"));
	return applied;
}

START_TEST(data_that_the_disk_loses_with_a_defect_is_reported)
{
	long n = 1;

	while (run(_i, n))
		n++;
	ck_assert_int_gt(n, 3);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_spend");
	TCase *t = tcase_create("drive_spend");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, put_layer_under, remove_layer);
	tcase_add_loop_test(t,
	    data_that_the_disk_loses_with_a_defect_is_reported, 0,
	    sizeof rows / sizeof rows[0]);
	return run_suite(s);
}
