/*
 * check_drive_alike.c: reading runs of blocks without data.
 *
 * A volume is read twice: block by block, and with as many blocks at once as
 * drive_read_alike() gives.  Both must see the same blocks.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/drive/drive.h"
#include "vtl/tests/vtl_scratch.h"

enum { VOLUMES = 100, RUNS = 30, SEEN_MAX = 4000 };

static const struct model model = {
	.name = "plain",
	.block_max_bytes = 4096,
};

/* What was read, in order; a filemark has no bytes. */
struct seen {
	struct volume_object list[SEEN_MAX];
	size_t count, commands;
	struct volume_position end;
};

static struct drive_result result;

static struct drive *drive_of(struct volume *volume)
{
	struct drive *drive = drive_new(&model);

	drive_load(drive, volume, 0, &result);
	ck_assert(!result.check);
	return drive;
}

/* Writes runs of two lengths and dumps, with gaps and filemarks. */
static void write_some(struct drive *drive, uint64_t seed)
{
	uint64_t offset = 0;

	for (int i = 0; i < RUNS; i++) {
		struct volume_run run = {
			.block_bytes = 100 + 50 * (scratch_random(&seed) % 2),
			.bytes = 1 + scratch_random(&seed) % 5000,
			.dump_id = 7 + scratch_random(&seed) % 2,
			.offset = offset,
		};

		if (scratch_random(&seed) % 2 == 0)
			run.bytes +=
			    run.block_bytes - run.bytes % run.block_bytes;
		drive_write(drive, &run, 0, &result);
		ck_assert(!result.check);
		offset += run.bytes + scratch_random(&seed) % 2;
		if (scratch_random(&seed) % 4 == 0)
			drive_write_filemarks(drive, 1, false, 0, &result);
	}
	drive_rewind(drive, 0, &result);
}

static void note(struct seen *seen, const struct volume_object *object,
    uint64_t more_bytes)
{
	struct volume_object one = *object;

	for (;; more_bytes -= one.bytes) {
		ck_assert_uint_lt(seen->count, SEEN_MAX);
		seen->list[seen->count++] = one;
		if (more_bytes == 0)
			break;
		ck_assert_uint_ge(more_bytes, one.bytes);
		one.offset += one.bytes;
	}
}

static void read_all(struct drive *drive, bool alike, uint64_t most,
    struct seen *seen)
{
	struct drive_result more;
	struct volume_object object;
	bool block;

	memset(seen, 0, sizeof *seen);
	drive_rewind(drive, 0, &result);
	for (;; seen->commands++) {
		drive_read(drive, NULL, 0, &object, 0, &result);
		block = !result.check;
		if (!block && !result.sense.filemark)
			break;
		memset(&more, 0, sizeof more);
		if (alike && block)
			drive_read_alike(drive, object.bytes, most, 0, &more);
		ck_assert_uint_le(more.bytes, most);
		note(seen, &object, more.bytes);
	}
	drive_position(drive, &seen->end);
}

static void expect_same(const struct seen *a, const struct seen *b)
{
	ck_assert_uint_eq(a->count, b->count);
	ck_assert_mem_eq(a->list, b->list, a->count * sizeof a->list[0]);
	ck_assert_mem_eq(&a->end, &b->end, sizeof a->end);
}

START_TEST(blocks_alike_are_those_of_single_reads)
{
	static struct seen single, alike;
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	uint64_t seed = 99;
	size_t singles = 0, runs = 0;

	for (int i = 0; i < VOLUMES; i++) {
		uint64_t most = i % 2 == 0 ? UINT64_MAX : 350;
		struct drive *drive = drive_of(scratch_volume("v", &spec));

		write_some(drive, scratch_random(&seed));
		read_all(drive, false, 0, &single);
		read_all(drive, true, most, &alike);
		expect_same(&alike, &single);
		if (most == UINT64_MAX) {
			singles += single.commands;
			runs += alike.commands;
		}
		scratch_close(drive_unload(drive, 0, &result));
		drive_free(drive);
		remove(scratch_path("v"));
	}
	ck_assert_uint_lt(runs, singles / 5);
}
END_TEST

/* What can act on single blocks: stored data, a defect, a fault. */
enum { DATA, DEFECT, FAULT, THINGS };

START_TEST(what_may_act_on_a_block_is_read_by_itself)
{
	static const uint8_t bytes[1000] = { 1 };
	const struct volume_defect defect = { .at = 5000,
		.length = 1,
		.fail = VOLUME_FAIL_READ,
		.unit = VOLUME_BYTES,
		.sense = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 } };
	const struct drive_fault fault = { .op = DRIVE_READ, .nth = 50 };
	const struct volume_spec spec =
	    scratch_spec(_i == DATA ? VOLUME_PAYLOAD_RAW : VOLUME_PAYLOAD_NONE);
	struct drive *drive = drive_of(scratch_volume("v", &spec));
	struct volume_run run = {
		.data = bytes, .bytes = sizeof bytes, .block_bytes = 100
	};
	struct volume_object object;

	drive_write(drive, &run, 0, &result);
	if (_i == DEFECT)
		ck_assert_int_eq(volume_defect_add(drive_volume(drive),
				     &defect),
		    0);
	if (_i == FAULT)
		ck_assert_int_eq(drive_add_fault(drive, &fault), 0);
	drive_rewind(drive, 0, &result);
	drive_read(drive, NULL, 0, &object, 0, &result);
	ck_assert(!result.check);
	drive_read_alike(drive, 100, 900, 0, &result);
	ck_assert_uint_eq(result.bytes, 0);
	scratch_close(drive_unload(drive, 0, &result));
	drive_free(drive);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_alike");
	TCase *t = tcase_create("drive_alike");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, blocks_alike_are_those_of_single_reads);
	tcase_add_loop_test(t, what_may_act_on_a_block_is_read_by_itself, 0,
	    THINGS);
	return run_suite(s);
}
