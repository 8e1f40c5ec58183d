/*
 * check_drive_compression.c: drives that really compress, and the room that data
 * takes.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

enum { BLOCK = 4096, BLOCKS = 64 };

/* The first half of a block is noise, the rest zeros; otherwise all noise. */
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
	struct volume_spec spec = stand_spec();

	spec.payload = payload;
	spec.capacity_bytes = 10 * BLOCK;
	spec.early_warning_bytes = 2 * BLOCK;
	return spec;
}

/* Writes this number of blocks from block `from` of the dump on. */
static void write_blocks(struct stand *stand, const uint8_t *dump,
    uint64_t from, uint64_t blocks)
{
	const struct volume_run run = { .data = dump + from * BLOCK,
		.bytes = blocks * BLOCK,
		.block_bytes = BLOCK,
		.dump_id = 1,
		.offset = from * BLOCK };

	drive_write(stand->drive, &run, stand->now_ns, &stand->answer);
	stand->now_ns = stand->answer.done_ns;
}

/* Writes until a block does not fit; returns how many did. */
static uint64_t fill(struct stand *stand, const uint8_t *dump, uint64_t from)
{
	uint64_t block = from;

	do {
		write_blocks(stand, dump, block, 1);
		block += stand->answer.bytes / BLOCK;
	} while (stand->answer.bytes > 0 && block < BLOCKS);
	stand_expect(stand, SENSE_VOLUME_OVERFLOW, 0, 2);
	return block - from;
}

static const struct {
	struct drive_options options;
	enum volume_payload payload;
	bool half;
	uint64_t least, most; /* this number of blocks fits */
} rows[] = {
	{ { 0 }, VOLUME_PAYLOAD_RAW, true, 10, 10 },
	{ { .zlib = true }, VOLUME_PAYLOAD_RAW, true, 17, 20 },
	{ { .zlib = true }, VOLUME_PAYLOAD_ZLIB, true, 17, 20 },
	{ { .zlib = true, .buffered = true, .buffer_bytes = 9 * BLOCK },
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
	struct stand stand;
	uint64_t blocks;

	stand_make(&stand, &rows[_i].options, &spec);
	blocks = fill(&stand, dump_of(rows[_i].half), 0);
	ck_assert_msg(blocks >= rows[_i].least && blocks <= rows[_i].most,
	    "%d blocks", (int)blocks);
	stand_finish(&stand);
}
END_TEST

/* The warning is also met at the compressed position. */
START_TEST(a_run_stops_at_the_block_that_meets_the_warning)
{
	const struct volume_spec spec = spec_of(VOLUME_PAYLOAD_RAW);
	struct stand stand;
	uint64_t blocks;

	stand_make(&stand, &rows[1].options, &spec);
	write_blocks(&stand, dump_of(true), 0, BLOCKS);
	stand_expect(&stand, SENSE_NO_SENSE, 0, 2);
	blocks = stand.answer.bytes / BLOCK;
	ck_assert(blocks >= 14 && blocks <= 16);
	ck_assert(drive_is_past_warning(stand.drive));
	drive_locate_object(stand.drive, blocks - 1, stand.now_ns,
	    &stand.answer);
	ck_assert(!drive_is_past_warning(stand.drive));
	stand_finish(&stand);
}
END_TEST

/* With filemarks in between, another drive, and overwritten data. */
START_TEST(older_data_takes_the_same_room)
{
	const struct volume_spec spec = spec_of(rows[_i].payload);
	const uint8_t *dump = dump_of(true);
	struct stand stand;
	uint64_t blocks, from = 5;

	stand_make(&stand, &rows[_i].options, &spec);
	blocks = fill(&stand, dump, 0);
	drive_rewind(stand.drive, stand.now_ns, &stand.answer);
	write_blocks(&stand, dump, 0, 3);
	stand_filemark(&stand, true);
	write_blocks(&stand, dump, 3, 2);
	stand_filemark(&stand, true);
	ck_assert_uint_eq(fill(&stand, dump, from), blocks - from);
	drive_locate_file(stand.drive, 1, stand.now_ns, &stand.answer);
	stand_filemark(&stand, false);
	stand_reload(&stand);
	drive_space_eod(stand.drive, stand.now_ns, &stand.answer);
	stand_expect_place(&stand, 2, 5, 3 * BLOCK);
	ck_assert_uint_eq(fill(&stand, dump, 3), blocks - 3);
	stand_reload(&stand);
	drive_locate_object(stand.drive, 2, stand.now_ns, &stand.answer);
	ck_assert_uint_eq(fill(&stand, dump, 2), blocks - 2);
	stand_finish(&stand);
}
END_TEST

START_TEST(a_defect_is_at_its_byte_of_the_medium)
{
	const struct volume_defect defect = { .at = 2 * BLOCK + BLOCK / 2,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	const struct volume_spec spec = spec_of(VOLUME_PAYLOAD_RAW);
	struct stand stand;

	stand_make(&stand, &rows[1].options, &spec);
	volume_defect_add(drive_volume(stand.drive), &defect);
	write_blocks(&stand, dump_of(true), 0, 12);
	stand_expect(&stand, SENSE_MEDIUM_ERROR, 0x0c, 0);
	stand_expect_place(&stand, 0, 4, 4 * BLOCK);
	stand_finish(&stand);
}
END_TEST

/* A loss sets the drive back; later data takes its room from there. */
START_TEST(lost_data_takes_no_room)
{
	const struct volume_defect defect = { .at = 3 * BLOCK,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	const struct volume_spec spec = spec_of(VOLUME_PAYLOAD_ZLIB);
	const uint8_t *dump = dump_of(true);
	struct stand stand;
	uint64_t blocks;

	stand_make(&stand, &rows[3].options, &spec);
	blocks = fill(&stand, dump, 0);
	drive_rewind(stand.drive, stand.now_ns, &stand.answer);
	volume_defect_add(drive_volume(stand.drive), &defect);
	write_blocks(&stand, dump, 0, 9);
	drive_flush(stand.drive, stand.now_ns, &stand.answer);
	ck_assert(stand.answer.check && stand.answer.deferred);
	stand_expect_place(&stand, 0, 5, 5 * BLOCK);
	ck_assert_uint_eq(fill(&stand, dump, 5), blocks - 5);
	stand_finish(&stand);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_packed");
	TCase *t = tcase_create("drive_packed");

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
