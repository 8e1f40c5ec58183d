/*
 * check_drive_compression.c: drives that really compress, and the room that
 * data takes.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

enum { BLOCK = 4096, BLOCKS = 64 };

/*
 * Returns blocks of noise.  With `half`, the second half of each block is
 * zeros.
 */
static const uint8_t *dump_of(bool half)
{
	static uint8_t data[BLOCKS * BLOCK];
	uint32_t x = 1;

	memset(data, 0, sizeof data);
	for (size_t i = 0; i < sizeof data; i++) {
		x = x * 1664525 + 1013904223;
		if (!half || i % BLOCK < BLOCK / 2)
			data[i] = (uint8_t)(x >> 24);
	}
	return data;
}

static struct volume_spec spec_of(enum volume_payload payload)
{
	struct volume_spec spec = fixture_spec();

	spec.payload = payload;
	spec.capacity_bytes = 10 * BLOCK;
	spec.early_warning_bytes = 2 * BLOCK;
	return spec;
}

/* Writes this number of blocks from block `from` of the dump on. */
static void write_blocks(struct drive_fixture *fixture, const uint8_t *dump,
    uint64_t from, uint64_t blocks)
{
	const struct volume_run run = { .data = dump + from * BLOCK,
		.bytes = blocks * BLOCK,
		.block_bytes = BLOCK,
		.dump_id = 1,
		.offset = from * BLOCK };

	drive_write(fixture->drive, &run, fixture->now_ns, &fixture->result);
	fixture->now_ns = fixture->result.done_ns;
}

/* Writes until a block does not fit; returns how many did. */
static uint64_t fill(struct drive_fixture *fixture, const uint8_t *dump,
    uint64_t from)
{
	uint64_t block = from;

	do {
		write_blocks(fixture, dump, block, 1);
		block += fixture->result.bytes / BLOCK;
	} while (fixture->result.bytes > 0 && block < BLOCKS);
	fixture_expect(fixture, SENSE_VOLUME_OVERFLOW, 0, 2);
	return block - from;
}

static const struct {
	struct drive_options options;
	enum volume_payload payload;
	bool half;
	/* the minimum and maximum number of blocks that fit */
	uint64_t least, most;
} rows[] = {
	{ { 0 }, VOLUME_PAYLOAD_RAW, true, 10, 10 },
	{ { .zlib = true }, VOLUME_PAYLOAD_RAW, true, 17, 20 },
	{ { .zlib = true }, VOLUME_PAYLOAD_ZLIB, true, 17, 20 },
	{ { .zlib = true,
	      .buffering = DRIVE_BUFFERED,
	      .buffer_bytes = 9 * BLOCK },
	    VOLUME_PAYLOAD_ZLIB, true, 17, 20 },
	/* Incompressible data never grows. */
	{ { .zlib = true }, VOLUME_PAYLOAD_RAW, false, 10, 10 },
	/* Data that is not stored takes its length, now and later. */
	{ { .zlib = true }, VOLUME_PAYLOAD_NONE, true, 10, 10 },
	{ { .zlib = true, .layout.block_overhead_bytes = BLOCK / 2 },
	    VOLUME_PAYLOAD_RAW, true, 9, 10 },
};

START_TEST(a_block_takes_its_compressed_size)
{
	const struct volume_spec spec = spec_of(rows[_i].payload);
	struct drive_fixture fixture;
	uint64_t blocks;

	fixture_make(&fixture, &rows[_i].options, &spec);
	blocks = fill(&fixture, dump_of(rows[_i].half), 0);
	ck_assert_msg(blocks >= rows[_i].least && blocks <= rows[_i].most,
	    "%d blocks", (int)blocks);
	fixture_finish(&fixture);
}
END_TEST

/* The early warning is met at its place after compression. */
START_TEST(a_run_stops_at_the_block_that_meets_the_warning)
{
	const struct volume_spec spec = spec_of(VOLUME_PAYLOAD_RAW);
	struct drive_fixture fixture;
	uint64_t blocks;

	fixture_make(&fixture, &rows[1].options, &spec);
	write_blocks(&fixture, dump_of(true), 0, BLOCKS);
	fixture_expect(&fixture, SENSE_NO_SENSE, 0, 2);
	blocks = fixture.result.bytes / BLOCK;
	ck_assert(blocks >= 14 && blocks <= 16);
	ck_assert(drive_is_past_warning(fixture.drive));
	drive_locate_object(fixture.drive, blocks - 1, fixture.now_ns,
	    &fixture.result);
	ck_assert(!drive_is_past_warning(fixture.drive));
	fixture_finish(&fixture);
}
END_TEST

/*
 * Older data takes the same room with filemarks in between, in another drive,
 * and after it is overwritten.
 */
START_TEST(older_data_takes_the_same_room)
{
	const struct volume_spec spec = spec_of(rows[_i].payload);
	const uint8_t *dump = dump_of(true);
	struct drive_fixture fixture;
	uint64_t blocks, from = 5;

	fixture_make(&fixture, &rows[_i].options, &spec);
	blocks = fill(&fixture, dump, 0);
	drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
	write_blocks(&fixture, dump, 0, 3);
	fixture_filemark(&fixture, true);
	write_blocks(&fixture, dump, 3, 2);
	fixture_filemark(&fixture, true);
	ck_assert_uint_eq(fill(&fixture, dump, from), blocks - from);
	drive_locate_file(fixture.drive, 1, fixture.now_ns, &fixture.result);
	fixture_filemark(&fixture, false);
	fixture_reload(&fixture);
	drive_space_eod(fixture.drive, fixture.now_ns, &fixture.result);
	fixture_expect_position(&fixture, 2, 5, 3 * BLOCK);
	ck_assert_uint_eq(fill(&fixture, dump, 3), blocks - 3);
	fixture_reload(&fixture);
	drive_locate_object(fixture.drive, 2, fixture.now_ns, &fixture.result);
	ck_assert_uint_eq(fill(&fixture, dump, 2), blocks - 2);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_defect_is_at_its_byte_of_the_medium)
{
	const struct volume_defect defect = { .at = 2 * BLOCK + BLOCK / 2,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	const struct volume_spec spec = spec_of(VOLUME_PAYLOAD_RAW);
	struct drive_fixture fixture;

	fixture_make(&fixture, &rows[1].options, &spec);
	volume_defect_add(drive_volume(fixture.drive), &defect);
	write_blocks(&fixture, dump_of(true), 0, 12);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x0c, 0);
	fixture_expect_position(&fixture, 0, 4, 4 * BLOCK);
	fixture_finish(&fixture);
}
END_TEST

/* A loss moves the drive back.  Later data takes room from there on. */
START_TEST(lost_data_takes_no_room)
{
	const struct volume_defect defect = { .at = 3 * BLOCK,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	const struct volume_spec spec = spec_of(VOLUME_PAYLOAD_ZLIB);
	const uint8_t *dump = dump_of(true);
	struct drive_fixture fixture;
	uint64_t blocks;

	fixture_make(&fixture, &rows[3].options, &spec);
	blocks = fill(&fixture, dump, 0);
	drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
	volume_defect_add(drive_volume(fixture.drive), &defect);
	write_blocks(&fixture, dump, 0, 9);
	drive_flush(fixture.drive, fixture.now_ns, &fixture.result);
	ck_assert(fixture.result.check && fixture.result.deferred);
	fixture_expect_position(&fixture, 0, 5, 5 * BLOCK);
	ck_assert_uint_eq(fill(&fixture, dump, 5), blocks - 5);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_compression");
	TCase *t = tcase_create("drive_compression");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_block_takes_its_compressed_size, 0,
	    sizeof rows / sizeof rows[0]);
	tcase_add_test(t, a_run_stops_at_the_block_that_meets_the_warning);
	tcase_add_loop_test(t, older_data_takes_the_same_room, 0, 6);
	tcase_add_test(t, a_defect_is_at_its_byte_of_the_medium);
	tcase_add_test(t, lost_data_takes_no_room);
	return run_suite(s);
}
