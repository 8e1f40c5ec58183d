/*
 * check_volume_partition.c: partitions and attributes of a volume, compared
 * with a reference in memory: random operations over several partitions, and
 * faults of the disk at each operation in turn.
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

enum {
	PARTS = VOLUME_PARTITIONS_MAX,
	OBJECTS = 400,
	BLOCK = 512,
	IDS = 8,
	VALUE = 40,
	STEPS = 1500 / SANITIZED
};

/*
 * What a volume should hold.  Each operation changes it first, whether the
 * volume can do it or not.
 */
struct model {
	unsigned count, active;
	struct model_part {
		uint64_t capacity;
		size_t objects;
		uint16_t bytes[OBJECTS]; /* of a block; 0: a filemark */
		uint32_t offset[OBJECTS];
		uint8_t value[IDS][VALUE]; /* attributes */
		uint8_t value_bytes[IDS];
	} parts[PARTS];
	uint32_t next_offset;
};

static struct model model;

/* The dump of the blocks of a partition. */
static uint64_t dump_of(unsigned partition)
{
	return partition + 1;
}

static struct volume_spec spec_of(enum volume_payload payload)
{
	struct volume_spec spec = scratch_spec(payload);

	spec.capacity_bytes = 1 << 20;
	return spec;
}

static struct volume *make(enum volume_payload payload)
{
	const struct volume_spec spec = spec_of(payload);

	memset(&model, 0, sizeof model);
	model.count = 1;
	model.parts[0].capacity = spec.capacity_bytes;
	return scratch_volume("v", &spec);
}

static int format(struct volume *volume, unsigned count)
{
	struct volume_partition parts[PARTS];
	struct model old = model;

	for (unsigned i = 0; i < count; i++)
		parts[i] =
		    (struct volume_partition){ .capacity_bytes =
						   (1 << 20) / count - i };
	memset(&model, 0, sizeof model);
	model.count = count;
	model.next_offset = old.next_offset;
	for (unsigned i = 0; i < count; i++) {
		model.parts[i].capacity = parts[i].capacity_bytes;
		if (i >= old.count)
			continue;
		memcpy(model.parts[i].value, old.parts[i].value,
		    sizeof old.parts[i].value);
		memcpy(model.parts[i].value_bytes, old.parts[i].value_bytes,
		    sizeof old.parts[i].value_bytes);
	}
	return volume_format(volume, 1 << 20, parts, count);
}

static int append(struct volume *volume, uint64_t blocks, uint64_t last)
{
	struct model_part *p = &model.parts[model.active];
	uint64_t bytes = (blocks - 1) * BLOCK + last;
	uint32_t offset = model.next_offset;

	if (p->objects + blocks > OBJECTS)
		return 0;
	for (uint64_t i = 0; i < blocks; i++) {
		p->bytes[p->objects] = i + 1 < blocks ? BLOCK : (uint16_t)last;
		p->offset[p->objects++] =
		    model.next_offset + (uint32_t)i * BLOCK;
	}
	model.next_offset += (uint32_t)bytes;
	return scratch_append(volume, bytes, BLOCK, dump_of(model.active),
	    offset);
}

static int append_filemarks(struct volume *volume, uint64_t count)
{
	struct model_part *p = &model.parts[model.active];

	if (p->objects + count > OBJECTS)
		return 0;
	for (uint64_t i = 0; i < count; i++)
		p->bytes[p->objects++] = 0;
	return volume_append_filemarks(volume, count);
}

/* Returns the position of an object by the model. */
static struct volume_position place(unsigned partition, size_t object)
{
	const struct model_part *p = &model.parts[partition];
	struct volume_position at = { .object = object };

	for (size_t i = 0; i < object; i++) {
		at.byte += p->bytes[i];
		at.file += p->bytes[i] == 0;
	}
	return at;
}

static int cut(struct volume *volume, size_t object)
{
	const struct volume_position at = place(model.active, object);

	model.parts[model.active].objects = object;
	return volume_cut(volume, &at);
}

static int select_part(struct volume *volume, unsigned partition)
{
	if (volume_select(volume, partition) != 0)
		return -1;
	model.active = partition;
	return 0;
}

static int store(struct volume *volume, unsigned partition, unsigned id,
    uint8_t bytes)
{
	struct model_part *p = &model.parts[partition];
	uint8_t value[VALUE];
	const struct volume_attribute a = { .id = (uint16_t)(0x800 + id),
		.format = 1,
		.bytes = bytes,
		.value = value };

	memset(value, 'a' + bytes % 26, sizeof value);
	memcpy(p->value[id], value, sizeof value);
	p->value_bytes[id] = bytes;
	return volume_store_attributes(volume, partition, &a, 1);
}

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
	const struct model_part *p = &model.parts[partition];
	const struct volume_position want = place(partition, p->objects);
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
	const struct model_part *p = &model.parts[model.active];
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
	ck_assert_uint_eq(object.dump_id, dump_of(model.active));
	ck_assert_uint_eq(object.offset, p->offset[i]);
	scratch_fill(want, BLOCK, object.dump_id, object.offset);
	if (object.has_data)
		ck_assert_mem_eq(got, want, object.bytes);
}

static void check_places(struct volume *volume, size_t object)
{
	const struct model_part *p = &model.parts[model.active];
	const struct volume_position want = place(model.active, object);
	struct volume_position got;
	size_t i = object;

	ck_assert_int_eq(volume_find_object(volume, object, &got), 0);
	ck_assert_mem_eq(&got, &want, sizeof got);
	while (i > 0 && p->bytes[i - 1] > 0)
		i--;
	ck_assert_int_eq(volume_find_file(volume, want.file, &got), 1);
	ck_assert_uint_eq(got.object, i);
	ck_assert_int_eq(volume_find_file(volume,
			     place(model.active, p->objects).file + 1, &got),
	    0);
}

static void no_fault(void *arg, const char *message)
{
	(void)arg;
	ck_abort_msg("%s", message);
}

/* Closes the volume, checks all of its file, and opens it again. */
static struct volume *reopen(struct volume *volume)
{
	struct volume_counts counts;
	uint64_t objects = 0;

	scratch_close(volume);
	ck_assert_uint_eq(volume_verify(scratch_path("v"), no_fault, NULL,
			      &counts),
	    0);
	for (unsigned i = 0; i < model.count; i++)
		objects += model.parts[i].objects;
	ck_assert_uint_eq(counts.blocks + counts.filemarks, objects);
	model.active = 0;
	return scratch_open("v");
}

/* Compares everything.  The active partition is then 0. */
static void check_all(struct volume *volume)
{
	ck_assert_uint_eq(volume_partitions(volume), model.count);
	for (unsigned i = model.count; i-- > 0;) {
		ck_assert_int_eq(select_part(volume, i), 0);
		check_part(volume, i);
		for (size_t k = 0; k <= model.parts[i].objects; k++)
			check_object(volume, k);
	}
}

START_TEST(random_operations_do_as_the_reference)
{
	struct volume *volume = make(_i % 3);
	uint64_t seed = (uint64_t)_i;
	const struct model_part *p;

	for (unsigned step = 0; step < STEPS; step++) {
		uint64_t r = scratch_random(&seed);

		p = &model.parts[model.active];
		ck_assert_uint_eq(volume_get_active(volume), model.active);
		switch (r >> 8 & 15) {
		case 0:
		case 1:
		case 2:
			ck_assert_int_eq(append(volume, 1 + r % 20, BLOCK), 0);
			break;
		case 3:
			ck_assert_int_eq(append(volume, 1 + r % 9, 1 + r % 99),
			    0);
			break;
		case 4:
		case 5:
			ck_assert_int_eq(append_filemarks(volume, r % 3), 0);
			break;
		case 6:
			ck_assert_int_eq(cut(volume, r % (p->objects + 1)), 0);
			break;
		case 7:
		case 8:
			ck_assert_int_eq(select_part(volume, r % model.count),
			    0);
			break;
		case 9:
			ck_assert_int_eq(store(volume, r % model.count,
					     r / 8 % IDS,
					     (uint8_t)(r >> 32) % VALUE),
			    0);
			break;
		case 10:
			if (r % 8 == 0)
				volume = reopen(volume);
			break;
		case 11:
			if (r % 16 == 0)
				ck_assert_int_eq(format(volume,
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
	volume = reopen(volume);
	check_all(volume);
	scratch_close(volume);
}
END_TEST

/* Faults of the disk: see check_volume_fault.c. */
static long countdown;
static bool for_good, struck;

static int count_down(const struct vfs_hook_event *e)
{
	if (e->operation == VFS_HOOK_DELETE || countdown < 0 || --countdown > 0)
		return SQLITE_OK;
	countdown = for_good ? 1 : -1;
	struck = true;
	return e->operation == VFS_HOOK_WRITE ? SQLITE_FULL : SQLITE_IOERR;
}

/*
 * Does one step, and synchronises.  Each is a transaction of its own.  Returns
 * 1 if there is no such step, 0, or -1.
 */
static int step(struct volume *volume, int number)
{
	int rc = 0;

	switch (number) {
	case 0:
		rc = append(volume, 3, BLOCK);
		break;
	case 1:
		rc = format(volume, 3);
		break;
	case 2:
		rc = append_filemarks(volume, 2);
		break;
	case 3:
		if (select_part(volume, 2) != 0)
			return -1;
		rc = append(volume, 9, 7);
		break;
	case 4:
		rc = store(volume, 2, 1, 30);
		break;
	case 5:
		rc = cut(volume, 4);
		break;
	case 6:
		if (select_part(volume, 1) != 0)
			return -1;
		rc = append(volume, 30, BLOCK);
		break;
	case 7:
		rc = format(volume, 2);
		break;
	default:
		return 1;
	}
	return rc == 0 ? volume_sync(volume) : -1;
}

/* Returns whether the volume holds what the model does. */
static bool holds(const struct model *want, struct volume *volume)
{
	struct volume_position end, at;

	if (volume_partitions(volume) != want->count)
		return false;
	model = *want;
	for (unsigned i = 0; i < want->count; i++) {
		unsigned count = 0, wanted = 0;

		at = place(i, want->parts[i].objects);
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

	for_good = _i;
	do {
		n += SANITIZED;
		countdown = -1;
		unlink(scratch_path("v"));
		unlink(scratch_path("v-journal"));
		scratch_close(make(VOLUME_PAYLOAD_RAW));
		volume = volume_open(scratch_path("v"), true, message);
		ck_assert_ptr_nonnull(volume);
		struck = false;
		countdown = n;
		for (i = 0;; i++) {
			before = model;
			rc = step(volume, i);
			after = model;
			if (rc != 0)
				break;
		}
		ck_assert(rc == 1 || struck);
		if (rc < 0 && !for_good && volume_sync(volume) == 0) {
			before.active = volume_get_active(volume);
			ck_assert(holds(&before, volume) ||
			    holds(&after, volume));
			check_all(volume);
		}
		volume_close(volume, message);
		countdown = -1;
		volume = scratch_open("v");
		ck_assert_msg(holds(&before, volume) || holds(&after, volume),
		    "fault %ld, step %d", n, i);
		check_all(volume);
		scratch_close(volume);
	} while (struck);
	ck_assert_int_gt(n, 20);
}
END_TEST

START_TEST(a_first_write_after_a_load_changes_the_reference)
{
	struct volume *volume = make(VOLUME_PAYLOAD_NONE);

	ck_assert_uint_eq(volume_change_reference(volume), 0);
	append(volume, 1, BLOCK);
	append_filemarks(volume, 1);
	ck_assert_uint_eq(volume_change_reference(volume), 1);
	volume_loaded(volume);
	ck_assert_int_eq(store(volume, 0, 0, 3), 0);
	ck_assert_int_eq(volume_sync(volume), 0);
	ck_assert_uint_eq(volume_change_reference(volume), 1);
	cut(volume, 0);
	append(volume, 1, BLOCK);
	ck_assert_uint_eq(volume_change_reference(volume), 2);
	scratch_close(volume);
	volume = scratch_open("v");
	ck_assert_uint_eq(volume_change_reference(volume), 2);
	format(volume, 2);
	ck_assert_uint_eq(volume_change_reference(volume), 3);
	append(volume, 1, BLOCK);
	ck_assert_uint_eq(volume_change_reference(volume), 3);
	scratch_close(volume);
}
END_TEST

START_TEST(a_medium_of_fewer_bytes_keeps_its_capacity)
{
	const struct volume_partition small = { .capacity_bytes = 1000 };
	struct volume *volume = make(VOLUME_PAYLOAD_NONE);

	ck_assert_int_eq(volume_format(volume, 1000, &small, 1), 0);
	scratch_close(volume);
	volume = scratch_open("v");
	ck_assert_uint_eq(volume_usable_bytes(volume), 1000);
	ck_assert_uint_eq(volume_get_partition(volume, 0)->capacity_bytes,
	    1000);
	ck_assert_uint_eq(volume_get_spec(volume)->capacity_bytes, 1 << 20);
	ck_assert_int_eq(format(volume, 1), 0);
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
	struct volume *volume = make(VOLUME_PAYLOAD_NONE);
	size_t count;

	format(volume, 2);
	ck_assert_int_eq(volume_defect_add(volume, &defect), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_null(volume_find_defect(volume, VOLUME_FAIL_WRITE,
		    &cover, NULL));
		select_part(volume, 1);
		ck_assert_ptr_nonnull(volume_find_defect(volume,
		    VOLUME_FAIL_WRITE, &cover, NULL));
		volume = reopen(volume);
	}
	ck_assert_int_eq(format(volume, 2), 0);
	volume_defects(volume, &count);
	ck_assert_uint_eq(count, 1);
	scratch_close(volume);
}
END_TEST

START_TEST(a_fingerprint_covers_all_partitions)
{
	struct volume *volume = make(VOLUME_PAYLOAD_RAW);
	struct volume_fingerprint fingerprint;
	char why[VOLUME_MESSAGE_BYTES];

	format(volume, 2);
	append(volume, 2, BLOCK);
	select_part(volume, 1);
	append(volume, 2, BLOCK);
	append_filemarks(volume, 1);
	ck_assert_int_eq(volume_close_with_fingerprint(volume, &fingerprint,
			     why),
	    0);
	volume = scratch_open("v");
	append(volume, 1, BLOCK);
	scratch_close(volume);
	ck_assert_int_eq(volume_check_fingerprint(scratch_path("v"),
			     &fingerprint, why),
	    VOLUME_UNCHANGED);
	volume = scratch_open("v");
	select_part(volume, 1);
	cut(volume, 1);
	append(volume, 1, BLOCK);
	append_filemarks(volume, 1);
	scratch_close(volume);
	ck_assert_int_eq(volume_check_fingerprint(scratch_path("v"),
			     &fingerprint, why),
	    VOLUME_REPLACED);
}
END_TEST

static void no_layer(void)
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

int main(void)
{
	Suite *s = suite_create("volume_partition");
	TCase *t = tcase_create("volume_partition");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, no_layer, remove_layer);
	tcase_add_loop_test(t, random_operations_do_as_the_reference, 0, 6);
	tcase_add_loop_test(t, a_fault_of_the_disk_leaves_a_step_undone, 0, 2);
	tcase_add_test(t, a_first_write_after_a_load_changes_the_reference);
	tcase_add_test(t, a_medium_of_fewer_bytes_keeps_its_capacity);
	tcase_add_test(t, a_defect_is_of_one_partition);
	tcase_add_test(t, a_fingerprint_covers_all_partitions);
	return run_suite(s);
}
