/*
 * check_drive_quick.c: a write that is not examined has the result of one that
 * is.
 *
 * Two equal drives get the same commands.  One of them has a fault that never
 * comes: it looks at each block.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"
#include "vtl/tests/vfs_hook.h"

enum { SEEDS = 300, COMMANDS = 120 };

#define SECOND INT64_C(1000000000)

static struct model model_of(uint64_t *seed)
{
	return (struct model){
		.name = "quick",
		.block_max_bytes = 4096,
		.buffer_bytes = 500 + scratch_random(seed) % 5000,
		.restart_permille = 900,
		.command_ns = 1000,
		.hitch_ns = SECOND,
		.hitch_permille = 300,
		.turn_ns = SECOND,
		.media_count = 1,
		.media = { { .medium = "none",
		    .speeds_bytes_per_s = { 1000, 2000 },
		    .speeds = 2,
		    .capacity_bytes = 40000,
		    .wraps = 7,
		    .bands = 1 } },
	};
}

static struct drive *drive_of(const struct model *model,
    const struct volume_spec *spec, const struct drive_options *options,
    const char *name, bool examines)
{
	const struct drive_fault never = { .op = DRIVE_WRITE,
		.nth = UINT64_MAX / 2 };
	struct drive *drive = drive_new(model);
	struct drive_result result;

	drive_set_options(drive, options);
	if (examines)
		ck_assert_int_eq(drive_add_fault(drive, &never), 0);
	drive_load(drive, scratch_volume(name, spec), 0, &result);
	ck_assert(!result.check);
	return drive;
}

/* Gives a random command to a drive. */
static void command(struct drive *drive, uint64_t seed, int64_t now_ns,
    struct drive_result *result)
{
	struct volume_run run = { .block_bytes = 100, .dump_id = 1 };
	struct volume_position at;
	uint64_t kind = scratch_random(&seed) % 40;

	drive_position(drive, &at);
	run.offset = at.byte;
	if (kind == 0) {
		drive_write_filemarks(drive, 1, true, now_ns, result);
	} else if (kind == 1) {
		drive_locate_object(drive,
		    at.object - scratch_random(&seed) % (at.object + 1), now_ns,
		    result);
	} else {
		run.bytes = 100 * (1 + scratch_random(&seed) % 12);
		if (kind == 2)
			run.block_bytes = 50;
		if (kind == 3)
			run.bytes -= 30;
		drive_write(drive, &run, now_ns, result);
	}
}

static void compare(uint64_t number)
{
	uint64_t seed = number * UINT64_C(0x9e3779b97f4a7c15), one;
	const struct model model = model_of(&seed);
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.pews_bytes = scratch_random(&seed) % 2 * 3000,
		.layout = { .block_overhead_bytes = scratch_random(&seed) % 9,
		    .filemark_bytes = scratch_random(&seed) % 99 } };
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct drive_result a, b;
	struct volume_position pa, pb;
	struct drive *quick, *slow;
	int64_t now_ns = 0;

	spec.capacity_bytes = 5000 + scratch_random(&seed) % 40000;
	spec.has_early_warning = scratch_random(&seed) % 4 > 0;
	spec.early_warning_bytes = scratch_random(&seed) % 4000;
	quick = drive_of(&model, &spec, &options, "a", false);
	slow = drive_of(&model, &spec, &options, "b", true);
	for (int i = 0; i < COMMANDS; i++) {
		one = scratch_random(&seed);
		command(quick, one, now_ns, &a);
		command(slow, one, now_ns, &b);
		drive_position(quick, &pa);
		drive_position(slow, &pb);
		ck_assert_msg(a.check == b.check && a.bytes == b.bytes &&
			a.done_ns == b.done_ns &&
			memcmp(&a.sense, &b.sense, sizeof a.sense) == 0 &&
			memcmp(&pa, &pb, sizeof pa) == 0,
		    "seed %" PRIu64 ", command %d: the results differ", number,
		    i);
		now_ns = a.done_ns +
		    (int64_t)(scratch_random(&seed) % 3) * SECOND / 2;
	}
	scratch_close(drive_remove_volume(quick));
	scratch_close(drive_remove_volume(slow));
	drive_free(quick);
	drive_free(slow);
	remove(scratch_path("a"));
	remove(scratch_path("b"));
}

START_TEST(a_write_that_is_not_examined_has_the_same_result)
{
	for (uint64_t number = 1; number <= SEEDS;
	     number += SANITIZED * part_step(3))
		compare(number);
}
END_TEST

static unsigned syncs;

static int count_sync(const struct vfs_hook_event *e)
{
	syncs += e->operation == VFS_HOOK_SYNC;
	return SQLITE_OK;
}

/*
 * Writes, and checks that a write in memory waits for no disk.  Returns whether
 * it is one.
 */
static bool writes_in_memory(struct drive *drive, const struct volume_run *run)
{
	const bool quick =
	    drive_writes_in_memory(drive, run->data != NULL ? run->bytes : 0);
	const unsigned before = syncs;
	struct drive_result result;

	drive_write(drive, run, 0, &result);
	ck_assert(!result.check);
	ck_assert(!quick || syncs == before);
	return quick;
}

/*
 * Labels are stored also without payload.  The volume commits when it has stored
 * many, and waits for the disk when SQLite's cache is full.
 */
START_TEST(a_write_in_memory_waits_for_no_disk)
{
	enum { LABEL = 1 << 20, HELD = 5, ALL = 70 << 20 };
	static const uint64_t sizes[] = { 1 << 10, 33 << 10, 70 << 10, LABEL };
	static uint8_t data[LABEL];
	const struct volume_run label = { .data = data,
		.bytes = sizes[_i % 4],
		.block_bytes = sizes[_i % 4],
		.keep = true };
	const struct volume_run block = { .bytes = 512, .block_bytes = 512 };
	/* Without data, and as long as the buffer: it stores all labels. */
	const struct volume_run full = { .bytes = HELD * sizes[_i % 4],
		.block_bytes = sizes[_i % 4] };
	const unsigned labels = ALL / sizes[_i % 4];
	const struct drive_options options = {
		.buffering = _i / 4 == 0 ? DRIVE_UNBUFFERED : DRIVE_BUFFERED,
		.holds_buffer = _i / 4 == 1
	};
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct model model = fixture_model;
	char message[VOLUME_MESSAGE_BYTES];
	struct drive *drive = drive_new(&model);
	struct drive_result result;
	unsigned in_memory = 0;

	memset(data, 1, sizeof data);
	model.block_max_bytes = LABEL;
	model.buffer_bytes = HELD * sizes[_i % 4];
	drive_set_options(drive, &options);
	vfs_hook_install(count_sync);
	scratch_close(scratch_volume("a", &spec));
	drive_load(drive, volume_open(scratch_path("a"), true, message), 0,
	    &result);
	syncs = 0;
	for (unsigned i = 0; i < labels; i++) {
		in_memory += writes_in_memory(drive, &label);
		/* These store the label, which was in the buffer, then open. */
		writes_in_memory(drive, &block);
		writes_in_memory(drive, &block);
		if (i % 8 == 7)
			writes_in_memory(drive, &full);
		if (i % 4 == 3)
			drive_write_filemarks(drive, 1, true, 0, &result);
	}
	ck_assert_uint_gt(syncs, 0);
	ck_assert_uint_gt(in_memory, labels / 2);
	scratch_close(drive_remove_volume(drive));
	drive_free(drive);
	vfs_hook_remove();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_quick");
	TCase *t = tcase_create("drive_quick");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, a_write_that_is_not_examined_has_the_same_result);
	part_add_loop_test(t, a_write_in_memory_waits_for_no_disk, 0, 12, 5);
	return run_suite(s);
}
