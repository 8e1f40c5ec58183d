/*
 * check_volume_partition.c: the partitions of a volume: their capacities, defects,
 * change reference and fingerprint.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/fingerprint.h"
#include "vtl/volume/verify.h"
#include "vtl/volume/tests/partition_fixture.h"

START_TEST(a_first_write_after_a_load_changes_the_reference)
{
	struct volume *volume = partition_make(VOLUME_PAYLOAD_NONE);

	ck_assert_uint_eq(volume_change_reference(volume), 0);
	partition_append(volume, 1, BLOCK);
	partition_append_filemarks(volume, 1);
	ck_assert_uint_eq(volume_change_reference(volume), 1);
	volume_loaded(volume);
	ck_assert_int_eq(partition_store(volume, 0, 0, 3), 0);
	ck_assert_int_eq(volume_sync(volume), 0);
	ck_assert_uint_eq(volume_change_reference(volume), 1);
	partition_cut(volume, 0);
	partition_append(volume, 1, BLOCK);
	ck_assert_uint_eq(volume_change_reference(volume), 2);
	scratch_close(volume);
	volume = scratch_open("v");
	ck_assert_uint_eq(volume_change_reference(volume), 2);
	partition_format(volume, 2);
	ck_assert_uint_eq(volume_change_reference(volume), 3);
	partition_append(volume, 1, BLOCK);
	ck_assert_uint_eq(volume_change_reference(volume), 3);
	scratch_close(volume);
}
END_TEST

START_TEST(a_medium_of_fewer_bytes_keeps_its_capacity)
{
	const struct volume_partition small = { .capacity_bytes = 1000 };
	struct volume *volume = partition_make(VOLUME_PAYLOAD_NONE);

	ck_assert_int_eq(volume_format(volume, 1000, &small, 1), 0);
	scratch_close(volume);
	volume = scratch_open("v");
	ck_assert_uint_eq(volume_usable_bytes(volume), 1000);
	ck_assert_uint_eq(volume_get_partition(volume, 0)->capacity_bytes,
	    1000);
	ck_assert_uint_eq(volume_get_spec(volume)->capacity_bytes, 1 << 20);
	ck_assert_int_eq(partition_format(volume, 1), 0);
	ck_assert_uint_eq(volume_usable_bytes(volume), 1 << 20);
	scratch_close(volume);
	/* As it was made. */
	ck_assert_int_eq(scratch_query("v", "select count(*) from partitions"),
	    0);
}
END_TEST

START_TEST(a_defect_is_of_one_partition)
{
	const struct volume_defect defect = {
		.partition = 1, .at = 10, .sense = { 3, 0x0c, 0, 0, 0 }
	};
	const struct volume_extent cover = { .end_byte = 20 };
	struct volume *volume = partition_make(VOLUME_PAYLOAD_NONE);
	size_t count;

	partition_format(volume, 2);
	ck_assert_int_eq(volume_defect_add(volume, &defect), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_null(volume_find_defect(volume, VOLUME_FAIL_WRITE,
		    &cover, NULL));
		partition_select_part(volume, 1);
		ck_assert_ptr_nonnull(volume_find_defect(volume,
		    VOLUME_FAIL_WRITE, &cover, NULL));
		volume = partition_reopen(volume);
	}
	ck_assert_int_eq(partition_format(volume, 2), 0);
	volume_defects(volume, &count);
	ck_assert_uint_eq(count, 1);
	scratch_close(volume);
}
END_TEST

START_TEST(a_fingerprint_covers_all_partitions)
{
	struct volume *volume = partition_make(VOLUME_PAYLOAD_RAW);
	struct volume_fingerprint fingerprint;
	char why[VOLUME_MESSAGE_BYTES];

	partition_format(volume, 2);
	partition_append(volume, 2, BLOCK);
	partition_select_part(volume, 1);
	partition_append(volume, 2, BLOCK);
	partition_append_filemarks(volume, 1);
	ck_assert_int_eq(volume_close_with_fingerprint(volume, &fingerprint,
			     why),
	    0);
	volume = scratch_open("v");
	partition_append(volume, 1, BLOCK);
	scratch_close(volume);
	ck_assert_int_eq(volume_check_fingerprint(scratch_path("v"),
			     &fingerprint, why),
	    VOLUME_UNCHANGED);
	volume = scratch_open("v");
	partition_select_part(volume, 1);
	partition_cut(volume, 1);
	partition_append(volume, 1, BLOCK);
	partition_append_filemarks(volume, 1);
	scratch_close(volume);
	ck_assert_int_eq(volume_check_fingerprint(scratch_path("v"),
			     &fingerprint, why),
	    VOLUME_REPLACED);
}
END_TEST

/* A format removes all objects, also invalid ones. */
START_TEST(a_medium_with_a_damaged_partition_can_be_formatted)
{
	struct volume *volume = partition_make(VOLUME_PAYLOAD_RAW);

	partition_format(volume, 2);
	partition_select_part(volume, 1);
	partition_append(volume, 2, BLOCK);
	scratch_close(volume);
	scratch_sql("v", "update objects set count = -5");
	volume = scratch_open("v");
	ck_assert_int_eq(volume_select(volume, 1), -1);
	ck_assert_ptr_nonnull(strstr(volume_message(volume), "is damaged"));
	ck_assert_msg(partition_format(volume, 2) == 0, "%s",
	    volume_message(volume));
	ck_assert_int_eq(partition_select_part(volume, 1), 0);
	ck_assert_int_eq(partition_append(volume, 2, BLOCK), 0);
	scratch_close(partition_reopen(volume));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_partition");
	TCase *t = tcase_create("volume_partition");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, partition_no_layer,
	    partition_remove_layer);
	tcase_add_test(t, a_first_write_after_a_load_changes_the_reference);
	tcase_add_test(t, a_medium_of_fewer_bytes_keeps_its_capacity);
	tcase_add_test(t, a_defect_is_of_one_partition);
	tcase_add_test(t, a_fingerprint_covers_all_partitions);
	tcase_add_test(t, a_medium_with_a_damaged_partition_can_be_formatted);
	return run_suite(s);
}
