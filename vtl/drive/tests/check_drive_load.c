/* check_drive_load.c: how long the load of a new cartridge takes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/drive/drive.h"
#include "vtl/tests/vtl_scratch.h"

#define MINUTE INT64_C(60000000000)

static struct drive_result result;

/* Returns the time of a load beyond that of the model. */
static int64_t load_ns(const char *model, const char *barcode, bool written,
    const struct drive_options *options)
{
	static const struct volume_run run = { .bytes = 100,
		.block_bytes = 100 };
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct drive *drive = drive_new(model_find(model));
	static int count;
	struct volume *volume;
	char name[32];
	int64_t ns;

	snprintf(spec.barcode, sizeof spec.barcode, "%s", barcode);
	snprintf(name, sizeof name, "v%d", count++);
	volume = scratch_volume(name, &spec);
	if (written)
		ck_assert_int_eq(volume_append(volume, &run), 0);
	drive_set_options(drive, options);
	drive_load(drive, volume, 0, &result);
	ck_assert(!result.check);
	ns = result.done_ns - drive_model(drive)->load_ns;
	scratch_close(drive_unload(drive, result.done_ns, &result));
	drive_free(drive);
	return ns;
}

START_TEST(a_first_load_is_drawn_for_each_volume)
{
	const struct drive_options one = { .seed = 1 }, two = { .seed = 2 };
	int64_t first = load_ns("lto9", "TL0001L9", false, &one);

	ck_assert_int_gt(first, MINUTE);
	ck_assert_int_le(first, 120 * MINUTE);
	ck_assert_int_eq(load_ns("lto9", "TL0001L9", false, &one), first);
	ck_assert_int_ne(load_ns("lto9", "TL0002L9", false, &one), first);
	ck_assert_int_ne(load_ns("lto9", "TL0001L9", false, &two), first);
	ck_assert_int_gt(load_ns("lto9", "TL0001LZ", false, &one), MINUTE);
	ck_assert_int_gt(load_ns("lto9hh", "TL0001", false, &one), MINUTE);
}
END_TEST

START_TEST(other_loads_take_the_time_of_the_model)
{
	const struct drive_options none = { .seed = 1 };

	ck_assert_int_eq(load_ns("lto9", "TL0001L9", true, &none), 0);
	ck_assert_int_eq(load_ns("lto9", "TL0001L8", false, &none), 0);
	ck_assert_int_eq(load_ns("lto8", "TL0001L8", false, &none), 0);
	ck_assert_int_eq(load_ns("lto10", "TL0001LA", false, &none), 0);
}
END_TEST

START_TEST(an_option_overrides_the_model)
{
	const struct drive_options fixed = { .media_initialization_ns = 7 };
	const struct drive_options none = { .no_media_initialization = true };

	ck_assert_int_eq(load_ns("lto9", "TL0001L9", false, &fixed), 7);
	ck_assert_int_eq(load_ns("lto8", "TL0001L8", false, &fixed), 7);
	ck_assert_int_eq(load_ns("lto8", "TL0001L8", true, &fixed), 0);
	ck_assert_int_eq(load_ns("lto9", "TL0001L9", false, &none), 0);
}
END_TEST

START_TEST(a_drive_that_takes_no_time_has_no_first_load)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct drive *drive = drive_new(model_find("lto9"));

	strcpy(spec.barcode, "TL0001L9");
	drive_take_no_time(drive);
	drive_load(drive, scratch_volume("v", &spec), 0, &result);
	ck_assert_int_eq(result.done_ns, 0);
	scratch_close(drive_unload(drive, 0, &result));
	drive_free(drive);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive, load");
	TCase *t = tcase_create("load");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, a_first_load_is_drawn_for_each_volume);
	tcase_add_test(t, other_loads_take_the_time_of_the_model);
	tcase_add_test(t, an_option_overrides_the_model);
	tcase_add_test(t, a_drive_that_takes_no_time_has_no_first_load);
	return run_suite(s);
}
