/*
 * check_volume_versions.c: reads and upgrades volumes of older versions.
 *
 * volume-N.sql is a volume of version N, as tapelab made it at that time.  It
 * has a label; a file of a header, four blocks of 512 bytes and one of 100; and
 * a file of a header and two blocks, without a filemark.  The payload is raw in
 * version 1, and zlib in later versions.  There are defects at bytes 5000 and
 * (once) 9000; from version 3 on also a read defect and a slow one.  From
 * version 4 on the medium is an L7.  In version 5 all that is in partition 0,
 * and partition 1 has a block, a filemark, a block, and a defect at byte 7000.
 * In version 6 the defect at byte 9000 is fault 12.  In version 7 there is a row
 * that was cut off.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/verify.h"
#include "vtl/volume/history.h"

enum { NEWEST = 7, BLOCK = 512, SHORT = 100, DUMP = 0x77, OBJECTS = 12 };

/* Removes the payload, so that only lengths and provenance are left. */
static const char drop_payload[] =
    "update objects set sums = null, data = null where dump_id <> 0;"
    "update volume set payload = 'none';";

static void make_volume(int version, bool payload)
{
	char name[64], *sql = calloc(1, 1 << 16);
	FILE *f;

	snprintf(name, sizeof name, "vtl/volume/tests/volume-%d.sql", version);
	f = fopen(name, "r");
	ck_assert_msg(f != NULL, "cannot open %s", name);
	ck_assert_uint_gt(fread(sql, 1, (1 << 16) - 1, f), 0);
	fclose(f);
	scratch_sql("v", sql);
	free(sql);
	if (!payload)
		scratch_sql("v", drop_payload);
	if (!payload && version > 1)
		scratch_sql("v", "update objects set zlib = 0");
}

/*
 * Returns the byte that the program of that time wrote at an offset of the
 * dump.
 */
static uint8_t data_at(uint64_t offset)
{
	return (uint8_t)('a' + offset / 8 % 26);
}

static void check_block(struct volume *volume, uint64_t object, uint64_t offset,
    uint64_t bytes, bool payload)
{
	struct volume_object found;
	uint8_t data[BLOCK];

	ck_assert_msg(volume_read(volume, object, data, BLOCK, &found) == 0,
	    "%s", volume_message(volume));
	ck_assert_int_eq(found.kind, VOLUME_BLOCK);
	ck_assert_uint_eq(found.bytes, bytes);
	ck_assert_uint_eq(found.dump_id, DUMP);
	ck_assert_uint_eq(found.offset, offset);
	ck_assert_int_eq(found.has_data, payload);
	for (uint64_t i = 0; payload && i < bytes; i++)
		ck_assert_uint_eq(data[i], data_at(offset + i));
}

static void check_text(struct volume *volume, uint64_t object, const char *text)
{
	struct volume_object found;
	char data[BLOCK];

	ck_assert_int_eq(volume_read(volume, object, data, BLOCK, &found), 0);
	ck_assert(found.has_data);
	ck_assert_str_eq(data, text);
}

static void check_objects(struct volume *volume, bool payload)
{
	struct volume_object found;
	struct volume_position place;

	check_text(volume, 0, "label\n");
	check_text(volume, 2, "header\n");
	check_text(volume, 9, "header\n");
	for (uint64_t i = 0; i < 4; i++)
		check_block(volume, 3 + i, i * BLOCK, BLOCK, payload);
	check_block(volume, 7, 4 * BLOCK, SHORT, payload);
	for (uint64_t i = 0; i < 2; i++)
		check_block(volume, 10 + i, 4 * BLOCK + SHORT + i * BLOCK,
		    BLOCK, payload);
	ck_assert_int_eq(volume_read(volume, 8, NULL, 0, &found), 0);
	ck_assert_int_eq(found.kind, VOLUME_FILEMARK);
	ck_assert_int_eq(volume_find_file(volume, 2, &place), 1);
	ck_assert_uint_eq(place.object, 9);
	ck_assert_int_eq(volume_find_object(volume, 7, &place), 0);
	ck_assert_uint_eq(place.byte, 6 * BLOCK);
}

static void check_defects(const struct volume *volume, int version)
{
	size_t count;
	const struct volume_defect *d = volume_defects(volume, &count);

	ck_assert_uint_eq(count, version < 3 ? 2 : version < 5 ? 4 : 5);
	ck_assert(d[0].at == 5000 && !d[0].once && d[1].at == 9000 &&
	    d[1].once);
	for (int i = 0; i < 2; i++)
		ck_assert(d[i].unit == VOLUME_BYTES && d[i].length == 1 &&
		    d[i].fail == VOLUME_FAIL_WRITE && d[i].sense.asc == 0x0c);
	ck_assert_int_eq(d[1].fault, version < 6 ? 0 : 12);
	if (version < 3)
		return;
	ck_assert(d[2].unit == VOLUME_OBJECTS && d[2].at == 8 &&
	    d[2].length == 2 && d[2].fail == VOLUME_FAIL_SLOW &&
	    d[2].slowdown == 5);
	ck_assert(d[3].unit == VOLUME_FILE_BLOCKS && d[3].file == 1 &&
	    d[3].at == 2 && d[3].fail == VOLUME_FAIL_READ &&
	    d[3].recover_after == 2);
}

static void note_attribute(void *arg, const struct volume_attribute *a)
{
	*(struct volume_attribute *)arg = *a;
}

static void check_partitions(struct volume *volume, int version)
{
	struct volume_attribute a = { .id = 0 };
	struct volume_position end;
	size_t count;

	ck_assert_uint_eq(volume_partitions(volume), version < 5 ? 1 : 2);
	ck_assert_int_eq(volume_each_stored_attribute(volume, 0, 0,
			     note_attribute, &a),
	    0);
	ck_assert_uint_eq(a.id, version < 5 ? 0 : 0x800);
	if (version < 5)
		return;
	ck_assert(a.format == 1 && a.bytes == 8);
	ck_assert_uint_eq(volume_get_partition(volume, 1)->capacity_bytes,
	    300000);
	ck_assert_uint_eq(volume_get_partition(volume, 1)->early_warning_bytes,
	    30000);
	ck_assert_int_eq(volume_end_of(volume, 1, &end), 0);
	ck_assert(end.object == 3 && end.file == 1 && end.byte == 2 * BLOCK);
	ck_assert(volume_defects(volume, &count)[4].partition == 1 &&
	    volume_defects(volume, &count)[4].at == 7000);
	ck_assert_int_eq(volume_select(volume, 1), 0);
	check_text(volume, 2, "other\n");
	ck_assert_int_eq(volume_select(volume, 0), 0);
}

static void check_all(struct volume *volume, int version, bool payload)
{
	const struct volume_spec *spec = volume_get_spec(volume);
	uint64_t notes;

	ck_assert_str_eq(spec->barcode, "SAMPLEL8");
	ck_assert_str_eq(spec->medium, version < 4 ? "" : "L7");
	ck_assert_uint_eq(spec->capacity_bytes, 1 << 20);
	ck_assert_uint_eq(spec->early_warning_bytes, 1 << 16);
	check_partitions(volume, version);
	check_objects(volume, payload);
	check_defects(volume, version);
	ck_assert_int_eq(volume_count_events(volume, "labelled", &notes), 0);
	ck_assert_uint_eq(notes, 1);
}

static void no_fault(void *arg, const char *message)
{
	(void)arg;
	ck_abort_msg("%s", message);
}

static void verify(void)
{
	struct volume_counts counts;

	ck_assert_uint_eq(volume_verify(scratch_path("v"), no_fault, NULL,
			      &counts),
	    0);
}

static int append(struct volume *volume)
{
	uint8_t data[BLOCK];
	const uint64_t offset = 6 * BLOCK + SHORT;
	const struct volume_run run = { .data = data,
		.bytes = BLOCK,
		.block_bytes = BLOCK,
		.dump_id = DUMP,
		.offset = offset };

	for (uint64_t i = 0; i < BLOCK; i++)
		data[i] = data_at(offset + i);
	return volume_append(volume, &run);
}

START_TEST(older_volume_is_read_and_not_changed)
{
	const int version = 1 + _i / 2;
	struct volume *volume;
	uint64_t sum;

	make_volume(version, _i % 2);
	sum = scratch_sum("v");
	volume = scratch_open("v");
	check_all(volume, version, _i % 2);
	scratch_close(volume);
	verify();
	ck_assert_uint_eq(scratch_sum("v"), sum);
	ck_assert_int_eq(scratch_version("v"), version);
}
END_TEST

START_TEST(write_protected_older_volume_is_read)
{
	const int version = 1 + _i / 2;
	struct volume *volume;

	make_volume(version, _i % 2);
	ck_assert_int_eq(chmod(scratch_path("v"), 0444), 0);
	volume = scratch_open("v");
	check_all(volume, version, _i % 2);
	ck_assert_int_eq(append(volume), -1);
	scratch_close(volume);
	ck_assert_int_eq(scratch_version("v"), version);
}
END_TEST

START_TEST(first_write_upgrades_an_older_volume)
{
	const int version = 1 + _i / 2;
	struct volume *volume;

	make_volume(version, _i % 2);
	volume = scratch_open("v");
	check_all(volume, version, _i % 2);
	ck_assert_int_eq(append(volume), 0);
	check_all(volume, version, _i % 2);
	scratch_close(volume);
	ck_assert_int_eq(scratch_version("v"), NEWEST);
	verify();
	volume = scratch_open("v");
	check_all(volume, version, _i % 2);
	check_block(volume, OBJECTS, 6 * BLOCK + SHORT, BLOCK, _i % 2);
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v", "select blocks from state"), 11);
}
END_TEST

/*
 * Makes the first write to the volume fail, as if the disk were full; later
 * writes succeed.
 */
static int fail_once(const struct vfs_hook_event *e)
{
	static bool failed;

	if (failed || e->operation != VFS_HOOK_WRITE || e->journal)
		return SQLITE_OK;
	failed = true;
	return SQLITE_FULL;
}

START_TEST(failed_upgrade_leaves_the_older_volume)
{
	const int version = 1 + _i / 2;
	struct volume *volume;

	make_volume(version, _i % 2);
	vfs_hook_install(fail_once);
	volume = scratch_open("v");
	ck_assert(append(volume) != 0 || volume_sync(volume) != 0);
	check_all(volume, version, _i % 2);
	scratch_close(volume);
	vfs_hook_remove();
	ck_assert_int_eq(scratch_version("v"), version);
	volume = scratch_open("v");
	check_all(volume, version, _i % 2);
	ck_assert_int_eq(append(volume), 0);
	scratch_close(volume);
	ck_assert_int_eq(scratch_version("v"), NEWEST);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_versions");
	TCase *t = tcase_create("volume_versions");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	/* The loops run for each version, with and without payload. */
	tcase_add_loop_test(t, older_volume_is_read_and_not_changed, 0,
	    2 * NEWEST);
	tcase_add_loop_test(t, write_protected_older_volume_is_read, 0,
	    2 * NEWEST);
	tcase_add_loop_test(t, first_write_upgrades_an_older_volume, 0,
	    2 * NEWEST);
	tcase_add_loop_test(t, failed_upgrade_leaves_the_older_volume, 0,
	    2 * NEWEST);
	return run_suite(s);
}
