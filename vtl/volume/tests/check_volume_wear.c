/* check_volume_wear.c: what counts as a load, and how long a medium lives. */
#include <check.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/media.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/usage.h"
#include "vtl/volume/history.h"
#include "vtl/volume/volume.h"

static bool disk_is_full;

static int fill(const struct vfs_hook_event *e)
{
	return disk_is_full && e->operation == VFS_HOOK_WRITE ? SQLITE_FULL
							      : SQLITE_OK;
}

static void put_layer_under(void)
{
	scratch_setup();
	vfs_hook_install(fill);
}

static void remove_layer(void)
{
	vfs_hook_remove();
	scratch_teardown();
}

static struct volume *make(void)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);

	return scratch_volume("v", &spec);
}

static struct volume_wear wear_of(struct volume *volume)
{
	struct volume_wear wear;

	ck_assert_int_eq(volume_get_wear(volume, &wear), 0);
	return wear;
}

START_TEST(loads_add_up_and_the_last_life_counts)
{
	struct volume *volume = make();

	ck_assert_uint_eq(wear_of(volume).loads, 0);
	ck_assert_uint_eq(wear_of(volume).life_loads, MEDIA_LIFE_LOADS);
	volume_log_load(volume, "A");
	ck_assert_int_eq(volume_add_loads(volume, 40), 0);
	volume_log_load(volume, "B");
	ck_assert_int_eq(volume_set_life(volume, 50), 0);
	ck_assert_int_eq(volume_set_life(volume, 60), 0);
	scratch_close(volume);
	volume = scratch_open("v");
	ck_assert_uint_eq(wear_of(volume).loads, 42);
	ck_assert_uint_eq(wear_of(volume).life_loads, 60);
	/* More than there is room for: another program may say so. */
	ck_assert_int_eq(volume_add_loads(volume, UINT64_MAX), 0);
	ck_assert_int_eq(volume_log_event(volume, "life", "60 loads"), 0);
	ck_assert_uint_eq(wear_of(volume).loads, 42);
	ck_assert_uint_eq(wear_of(volume).life_loads, 60);
	scratch_close(volume);
}
END_TEST

START_TEST(a_load_of_a_write_protected_volume_is_not_counted)
{
	struct volume *volume = make();

	scratch_close(volume);
	ck_assert_int_eq(chmod(scratch_path("v"), 0444), 0);
	volume = scratch_open("v");
	volume_log_load(volume, "A");
	ck_assert_uint_eq(wear_of(volume).loads, 0);
	ck_assert_str_eq(volume_storage_error(volume), "");
	scratch_close(volume);
}
END_TEST

START_TEST(a_load_that_cannot_be_stored_fails_nothing_else)
{
	struct volume *volume = make();
	struct volume_position end;

	ck_assert_int_eq(scratch_append(volume, 4096, 4096, 1, 0), 0);
	ck_assert_int_eq(volume_sync(volume), 0);
	disk_is_full = true;
	volume_log_load(volume, "A");
	disk_is_full = false;
	ck_assert_uint_eq(wear_of(volume).loads, 0);
	ck_assert_str_eq(volume_storage_error(volume), "");
	ck_assert(!volume_is_storage_error(volume));
	ck_assert_int_eq(scratch_append(volume, 4096, 4096, 1, 4096), 0);
	scratch_close(volume);
	volume = scratch_open("v");
	volume_end(volume, &end);
	ck_assert_uint_eq(end.byte, 8192);
	scratch_close(volume);
}
END_TEST

/* Storage that failed for a time: no use of the medium was logged after that. */
START_TEST(a_use_after_a_storage_failure_is_logged)
{
	struct volume_usage usage;
	struct volume_amounts amounts;
	struct volume *volume = make();
	char error[VOLUME_MESSAGE_BYTES];

	volume_usage_begin(&usage, volume);
	disk_is_full = true;
	ck_assert(scratch_append(volume, 4096, 4096, 1, 0) != 0 ||
	    volume_sync(volume) != 0);
	disk_is_full = false;
	strcpy(error, volume_storage_error(volume));
	ck_assert_str_ne(error, "");
	usage.of[0].load[0] = 5 << 20;
	volume_usage_end(&usage, volume);
	volume_log_load(volume, "A");
	ck_assert_str_eq(volume_storage_error(volume), error);
	scratch_close(volume);
	volume = scratch_open("v");
	ck_assert_uint_eq(wear_of(volume).loads, 1);
	volume_usage_begin(&usage, volume);
	volume_usage_get(&usage, 0, &amounts);
	ck_assert_uint_eq(amounts.life[0], 5 << 20);
	scratch_close(volume);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume wear");
	TCase *t = tcase_create("wear");

	tcase_add_checked_fixture(t, put_layer_under, remove_layer);
	tcase_add_test(t, loads_add_up_and_the_last_life_counts);
	tcase_add_test(t, a_load_of_a_write_protected_volume_is_not_counted);
	tcase_add_test(t, a_load_that_cannot_be_stored_fails_nothing_else);
	tcase_add_test(t, a_use_after_a_storage_failure_is_logged);
	suite_add_tcase(s, t);
	return run_suite(s);
}
