/*
 * check_volume_random.c: partitions and attributes of a volume, compared
 * with a reference in memory: random operations over several partitions, and
 * faults of the disk at each operation in turn.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/fingerprint.h"
#include "vtl/volume/verify.h"
#include "vtl/volume/tests/partition_fixture.h"

static void expect_attribute(void *arg, const struct volume_attribute *a)
{
	const struct model_part *p = arg;
	unsigned id = a->id - 0x800u;

	ck_assert_uint_lt(id, IDS);
	ck_assert_uint_eq(a->format, 1);
	ck_assert_uint_eq(a->bytes, p->value_bytes[id]);
	ck_assert_mem_eq(a->value, p->value[id], a->bytes);
}

static void count_attribute(void *arg, const struct volume_attribute *a)
{
	(void)a;
	++*(unsigned *)arg;
}

static void check_part(struct volume *volume, unsigned partition)
{
	const struct model_part *p = &partition_model.parts[partition];
	const struct volume_position want =
	    partition_place(partition, p->objects);
	struct volume_position end;
	unsigned count = 0, wanted = 0;

	ck_assert_uint_eq(volume_get_partition(volume, partition)
			      ->capacity_bytes,
	    p->capacity);
	ck_assert_int_eq(volume_end_of(volume, partition, &end), 0);
	/* Only the active partition has objects that are not in the file yet. */
	ck_assert_mem_eq(&end, &want, sizeof end);
	ck_assert_int_eq(volume_each_stored_attribute(volume, partition, 0,
			     expect_attribute, (void *)(uintptr_t)p),
	    0);
	volume_each_stored_attribute(volume, partition, 0, count_attribute,
	    &count);
	for (unsigned i = 0; i < IDS; i++)
		wanted += p->value_bytes[i] > 0;
	ck_assert_uint_eq(count, wanted);
}

static void check_object(struct volume *volume, size_t i)
{
	const struct model_part *p =
	    &partition_model.parts[partition_model.active];
	struct volume_object object;
	uint8_t got[BLOCK], want[BLOCK];

	ck_assert_msg(volume_read(volume, i, got, sizeof got, &object) == 0,
	    "%s", volume_message(volume));
	if (i == p->objects) {
		ck_assert_int_eq(object.kind, VOLUME_EOD);
		return;
	}
	ck_assert_int_eq(object.kind,
	    p->bytes[i] > 0 ? VOLUME_BLOCK : VOLUME_FILEMARK);
	ck_assert_uint_eq(object.bytes, p->bytes[i]);
	if (p->bytes[i] == 0)
		return;
	ck_assert_uint_eq(object.dump_id,
	    partition_dump_of(partition_model.active));
	ck_assert_uint_eq(object.offset, p->offset[i]);
	scratch_fill(want, BLOCK, object.dump_id, object.offset);
	if (object.has_data)
		ck_assert_mem_eq(got, want, object.bytes);
}

static void check_places(struct volume *volume, size_t object)
{
	const struct model_part *p =
	    &partition_model.parts[partition_model.active];
	const struct volume_position want =
	    partition_place(partition_model.active, object);
	struct volume_position got;
	size_t i = object;

	ck_assert_int_eq(volume_find_object(volume, object, &got), 0);
	ck_assert_mem_eq(&got, &want, sizeof got);
	while (i > 0 && p->bytes[i - 1] > 0)
		i--;
	ck_assert_int_eq(volume_find_file(volume, want.file, &got), 1);
	ck_assert_uint_eq(got.object, i);
	ck_assert_int_eq(volume_find_file(volume,
			     partition_place(partition_model.active, p->objects)
				     .file +
				 1,
			     &got),
	    0);
}

/* Compares everything.  The active partition is then 0. */
static void check_all(struct volume *volume)
{
	ck_assert_uint_eq(volume_partitions(volume), partition_model.count);
	for (unsigned i = partition_model.count; i-- > 0;) {
		ck_assert_int_eq(partition_select_part(volume, i), 0);
		check_part(volume, i);
		for (size_t k = 0; k <= partition_model.parts[i].objects; k++)
			check_object(volume, k);
	}
}

START_TEST(random_operations_do_as_the_reference)
{
	struct volume *volume = partition_make(_i % 3);
	uint64_t seed = (uint64_t)_i;
	const struct model_part *p;

	for (unsigned step = 0; step < STEPS; step++) {
		uint64_t r = scratch_random(&seed);

		p = &partition_model.parts[partition_model.active];
		ck_assert_uint_eq(volume_get_active(volume),
		    partition_model.active);
		switch (r >> 8 & 15) {
		case 0:
		case 1:
		case 2:
			ck_assert_int_eq(partition_append(volume, 1 + r % 20,
					     BLOCK),
			    0);
			break;
		case 3:
			ck_assert_int_eq(partition_append(volume, 1 + r % 9,
					     1 + r % 99),
			    0);
			break;
		case 4:
		case 5:
			ck_assert_int_eq(partition_append_filemarks(volume,
					     r % 3),
			    0);
			break;
		case 6:
			ck_assert_int_eq(partition_cut(volume,
					     r % (p->objects + 1)),
			    0);
			break;
		case 7:
		case 8:
			ck_assert_int_eq(partition_select_part(volume,
					     r % partition_model.count),
			    0);
			break;
		case 9:
			ck_assert_int_eq(partition_store(volume,
					     r % partition_model.count,
					     r / 8 % IDS,
					     (uint8_t)(r >> 32) % VALUE),
			    0);
			break;
		case 10:
			if (r % 8 == 0)
				volume = partition_reopen(volume);
			break;
		case 11:
			if (r % 16 == 0)
				ck_assert_int_eq(partition_format(volume,
						     1 +
							 (unsigned)(r >> 4) %
							     PARTS),
				    0);
			break;
		case 12:
			ck_assert_int_eq(volume_sync(volume), 0);
			break;
		default:
			check_places(volume, r % (p->objects + 1));
			check_object(volume, r % (p->objects + 1));
			break;
		}
	}
	check_all(volume);
	volume = partition_reopen(volume);
	check_all(volume);
	scratch_close(volume);
}
END_TEST

/*
 * Does one step, and synchronises.  Each is a transaction of its own.  Returns
 * 1 if there is no such step, 0, or -1.
 */
static int step(struct volume *volume, int number)
{
	int rc = 0;

	switch (number) {
	case 0:
		rc = partition_append(volume, 3, BLOCK);
		break;
	case 1:
		rc = partition_format(volume, 3);
		break;
	case 2:
		rc = partition_append_filemarks(volume, 2);
		break;
	case 3:
		if (partition_select_part(volume, 2) != 0)
			return -1;
		rc = partition_append(volume, 9, 7);
		break;
	case 4:
		rc = partition_store(volume, 2, 1, 30);
		break;
	case 5:
		rc = partition_cut(volume, 4);
		break;
	case 6:
		if (partition_select_part(volume, 1) != 0)
			return -1;
		rc = partition_append(volume, 30, BLOCK);
		break;
	case 7:
		rc = partition_format(volume, 2);
		break;
	default:
		return 1;
	}
	return rc == 0 ? volume_sync(volume) : -1;
}

/* Returns whether the volume holds what the partition_model does. */
static bool holds(const struct model *want, struct volume *volume)
{
	struct volume_position end, at;

	if (volume_partitions(volume) != want->count)
		return false;
	partition_model = *want;
	for (unsigned i = 0; i < want->count; i++) {
		unsigned count = 0, wanted = 0;

		at = partition_place(i, want->parts[i].objects);
		ck_assert_int_eq(volume_end_of(volume, i, &end), 0);
		volume_each_stored_attribute(volume, i, 0, count_attribute,
		    &count);
		for (unsigned k = 0; k < IDS; k++)
			wanted += want->parts[i].value_bytes[k] > 0;
		if (memcmp(&end, &at, sizeof end) != 0 || count != wanted)
			return false;
	}
	return true;
}

START_TEST(a_fault_of_the_disk_leaves_a_step_undone)
{
	static struct model before, after;
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;
	long n = 0;
	int i, rc;

	partition_for_good = _i;
	do {
		n += SANITIZED * part_step(3);
		partition_countdown = -1;
		unlink(scratch_path("v"));
		unlink(scratch_path("v-journal"));
		scratch_close(partition_make(VOLUME_PAYLOAD_RAW));
		volume = volume_open(scratch_path("v"), true, message);
		ck_assert_ptr_nonnull(volume);
		partition_struck = false;
		partition_countdown = n;
		for (i = 0;; i++) {
			before = partition_model;
			rc = step(volume, i);
			after = partition_model;
			if (rc != 0)
				break;
		}
		ck_assert(rc == 1 || partition_struck);
		if (rc < 0 && !partition_for_good && volume_sync(volume) == 0) {
			before.active = volume_get_active(volume);
			ck_assert(holds(&before, volume) ||
			    holds(&after, volume));
			check_all(volume);
		}
		volume_close(volume, message);
		partition_countdown = -1;
		volume = scratch_open("v");
		ck_assert_msg(holds(&before, volume) || holds(&after, volume),
		    "fault %ld, step %d", n, i);
		check_all(volume);
		scratch_close(volume);
	} while (partition_struck);
	ck_assert_int_gt(n, 20);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_random");
	TCase *t = tcase_create("volume_partition");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, partition_no_layer,
	    partition_remove_layer);
	tcase_add_loop_test(t, random_operations_do_as_the_reference, 0, 6);
	tcase_add_loop_test(t, a_fault_of_the_disk_leaves_a_step_undone, 0, 2);
	return run_suite(s);
}
