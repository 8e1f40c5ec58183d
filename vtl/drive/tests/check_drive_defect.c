/*
 * check_drive_defect.c: defects of a medium by their place: reads and writes
 * fail, are slow or wrong; the defects stay when data is written over them.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

#define SECOND INT64_C(1000000000)
#define READ_ERROR                                \
	{                                         \
		SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 \
	}
#define WRITE_ERROR                               \
	{                                         \
		SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 \
	}
#define SOFT_WRITE                             \
	{                                      \
		SENSE_RECOVERED, 0x0c, 0, 0, 0 \
	}
#define SOFT_READ                              \
	{                                      \
		SENSE_RECOVERED, 0x17, 1, 0, 0 \
	}

enum { BLOCKS = 8 };

static void make(struct drive_fixture *fixture,
    const struct drive_options *options, enum volume_payload payload)
{
	struct volume_spec spec = fixture_spec();

	spec.capacity_bytes = 100000;
	spec.payload = payload;
	fixture_make(fixture, options, &spec);
}

static void add(struct drive_fixture *fixture, struct volume_defect defect)
{
	struct volume *volume = drive_volume(fixture->drive);

	ck_assert_msg(volume_defect_add(volume, &defect) == 0, "%s",
	    volume_message(volume));
}

/* Writes two files of four blocks, in commands of one block. */
static void write_files(struct drive_fixture *fixture)
{
	drive_rewind(fixture->drive, fixture->now_ns, &fixture->result);
	for (int i = 0; i < BLOCKS; i++) {
		fixture_write(fixture, 1);
		fixture_expect_good(fixture);
		if (i % 4 == 3)
			fixture_filemark(fixture, false);
	}
	fixture_expect_good(fixture);
}

/* Moves to block `n`, counted over both files. */
static void go_to(struct drive_fixture *fixture, uint64_t n)
{
	drive_locate_object(fixture->drive, n + n / 4, fixture->now_ns,
	    &fixture->result);
	fixture->now_ns = fixture->result.done_ns;
	fixture_expect_good(fixture);
}

/*
 * Reads a block.  Returns '-' if good, 'r' if recovered, and 'x' on an error.
 */
static char read_one(struct drive_fixture *fixture)
{
	struct volume_object object;
	struct volume_position before, after;
	char buf[FIXTURE_BLOCK];

	drive_position(fixture->drive, &before);
	drive_read(fixture->drive, buf, sizeof buf, &object, fixture->now_ns,
	    &fixture->result);
	drive_position(fixture->drive, &after);
	fixture->now_ns = fixture->result.done_ns;
	ck_assert_uint_eq(after.object, before.object + 1);
	if (!fixture->result.check ||
	    fixture->result.sense.key == SENSE_RECOVERED) {
		ck_assert_uint_eq(fixture->result.bytes, FIXTURE_BLOCK);
		return fixture->result.check ? 'r' : '-';
	}
	ck_assert_uint_eq(fixture->result.bytes, 0);
	return 'x';
}

/* Reads all blocks once, and compares the results. */
static void expect_reading(struct drive_fixture *fixture, const char *blocks)
{
	char got[BLOCKS + 1] = "";

	for (int i = 0; i < BLOCKS; i++) {
		if (i % 4 == 0)
			go_to(fixture, (uint64_t)i);
		got[i] = read_one(fixture);
	}
	ck_assert_str_eq(got, blocks);
}

/*
 * The blocks are bytes 0 to 799.  Objects 0 to 3 and 5 to 8 are blocks, object
 * 4 is a filemark.
 */
static const struct {
	struct volume_defect defect;
	const char *blocks;
} places[] = {
	{ { .at = 299 }, "--x-----" },
	{ { .at = 300 }, "---x----" },
	{ { .at = 350, .length = 100 }, "---xx---" },
	{ { .at = 350, .length = 50 }, "---x----" },
	{ { .at = 799, .length = 9000 }, "-------x" },
	{ { .at = 800 }, "--------" },
	{ { .unit = VOLUME_OBJECTS, .at = 3 }, "---x----" },
	/* A defect at a filemark affects no block. */
	{ { .unit = VOLUME_OBJECTS, .at = 4 }, "--------" },
	{ { .unit = VOLUME_OBJECTS, .at = 3, .length = 3 }, "---xx---" },
	{ { .unit = VOLUME_FILE_BLOCKS, .file = 1, .at = 2 }, "------x-" },
	{ { .unit = VOLUME_FILE_BLOCKS, .at = 0 }, "x-------" },
	{ { .unit = VOLUME_FILE_BLOCKS, .at = 2, .length = 9 }, "--xx----" },
	{ { .unit = VOLUME_FILE_BLOCKS, .file = 2, .at = 0 }, "--------" },
};

START_TEST(a_defect_is_at_its_place)
{
	const struct drive_options options = {
		.buffering = _i % 2 == 1 ? DRIVE_BUFFERED : DRIVE_UNBUFFERED
	};
	struct volume_defect d = places[_i / 2].defect;
	struct drive_fixture fixture;

	d.fail = VOLUME_FAIL_READ;
	d.sense = (struct sense)READ_ERROR;
	make(&fixture, &options, VOLUME_PAYLOAD_RAW);
	add(&fixture, d);
	/*
	 * The defect stays after data is written over it, and after another
	 * load.
	 */
	for (int i = 0; i < 2; i++) {
		write_files(&fixture);
		expect_reading(&fixture, places[_i / 2].blocks);
		expect_reading(&fixture, places[_i / 2].blocks);
		fixture_reload(&fixture);
	}
	fixture_finish(&fixture);
}
END_TEST

/* The failed block is not on the medium; the data before it is. */
START_TEST(a_write_fails_for_each_form_of_place)
{
	struct volume_defect d = places[_i].defect;
	uint64_t bad = strcspn(places[_i].blocks, "x");
	struct drive_fixture fixture;

	d.fail = VOLUME_FAIL_WRITE;
	d.sense = (struct sense)WRITE_ERROR;
	make(&fixture, NULL, VOLUME_PAYLOAD_NONE);
	add(&fixture, d);
	fixture_write(&fixture, 4);
	if (bad < 4) {
		fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x0c, 0);
		ck_assert_uint_eq(fixture.result.bytes, bad * FIXTURE_BLOCK);
		fixture_expect_position(&fixture, 0, bad, bad * FIXTURE_BLOCK);
	} else {
		fixture_filemark(&fixture, false);
		fixture_expect_good(&fixture);
		fixture_write(&fixture, 4);
		ck_assert(fixture.result.check == (bad < BLOCKS));
		fixture_expect_position(&fixture, 1, bad + 1,
		    bad * FIXTURE_BLOCK);
	}
	fixture_finish(&fixture);
}
END_TEST

START_TEST(with_a_buffer_a_write_fails_later_at_the_same_place)
{
	struct volume_defect d = places[_i].defect;
	const struct drive_options buffered = { .buffering = DRIVE_BUFFERED,
		.buffer_bytes = 2000 };
	uint64_t bad = strcspn(places[_i].blocks, "x");
	struct volume_position end;
	struct drive_fixture fixture;

	d.fail = VOLUME_FAIL_WRITE;
	d.sense = (struct sense)WRITE_ERROR;
	make(&fixture, &buffered, VOLUME_PAYLOAD_NONE);
	add(&fixture, d);
	fixture_write(&fixture, 4);
	fixture_filemark(&fixture, true);
	fixture_write(&fixture, 4);
	fixture_expect_good(&fixture);
	fixture_filemark(&fixture, false);
	ck_assert(fixture.result.check == (bad < BLOCKS));
	ck_assert(fixture.result.deferred == (bad < BLOCKS));
	volume_end(drive_volume(fixture.drive), &end);
	ck_assert_uint_eq(end.byte, bad * FIXTURE_BLOCK);
	fixture_finish(&fixture);
}
END_TEST

/* The third block is read eight times. */
static const struct {
	struct volume_defect defect;
	const char *readings;
} marginal[] = {
	{ { .sense = READ_ERROR }, "xxxxxxxx" },
	{ { .sense = READ_ERROR, .once = true }, "x-------" },
	{ { .sense = READ_ERROR, .recover_after = 1 }, "xrxrxrxr" },
	{ { .sense = READ_ERROR, .recover_after = 3 }, "xxxrxxxr" },
	{ { .sense = SOFT_READ }, "rrrrrrrr" },
	{ { .sense = SOFT_READ, .once = true }, "r-------" },
	{ { .sense = READ_ERROR, .one_in = 1 }, "xxxxxxxx" },
};

static void read_often(struct drive_fixture *fixture, char got[9])
{
	for (int i = 0; i < 8; i++) {
		go_to(fixture, 2);
		got[i] = read_one(fixture);
	}
	got[8] = '\0';
}

START_TEST(a_read_of_a_defect_has_its_result)
{
	struct volume_defect d = marginal[_i].defect;
	struct drive_fixture fixture;
	char got[9];

	d.fail = VOLUME_FAIL_READ;
	d.at = 250;
	make(&fixture, NULL, VOLUME_PAYLOAD_RAW);
	add(&fixture, d);
	write_files(&fixture);
	read_often(&fixture, got);
	ck_assert_str_eq(got, marginal[_i].readings);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(chance_depends_only_on_the_seed)
{
	const struct volume_defect d = { .fail = VOLUME_FAIL_READ,
		.at = 250,
		.sense = READ_ERROR,
		.one_in = 2 };
	char got[3][2][9];
	struct drive_fixture fixture;

	for (int seed = 0; seed < 3; seed++) {
		const struct drive_options o = { .seed = seed + 1U };

		make(&fixture, &o, VOLUME_PAYLOAD_NONE);
		add(&fixture, d);
		write_files(&fixture);
		for (int i = 0; i < 2; i++) {
			read_often(&fixture, got[seed][i]);
			ck_assert_ptr_nonnull(strchr(got[seed][i], '-'));
			fixture_reload(&fixture);
		}
		ck_assert_str_eq(got[seed][0], got[seed][1]);
		fixture_finish(&fixture);
		unlink(scratch_path("v"));
	}
	ck_assert(strcmp(got[0][0], got[1][0]) != 0 ||
	    strcmp(got[0][0], got[2][0]) != 0);
}
END_TEST

/*
 * One row has a hard error after a marginal defect, another an error with its
 * own sense data.
 */
START_TEST(of_two_errors_the_worse_is_reported)
{
	struct drive_fixture fixture;

	make(&fixture, NULL, VOLUME_PAYLOAD_NONE);
	add(&fixture,
	    (struct volume_defect){
		.fail = VOLUME_FAIL_READ, .at = 210, .sense = SOFT_READ });
	add(&fixture,
	    (struct volume_defect){ .fail = VOLUME_FAIL_READ,
		.at = 220,
		.sense = { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 },
		.once = true });
	write_files(&fixture);
	go_to(&fixture, 2);
	drive_read(fixture.drive, NULL, 0, &(struct volume_object){ 0 },
	    fixture.now_ns, &fixture.result);
	fixture_expect(&fixture, SENSE_HARDWARE_ERROR, 0x44, 0);
	drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
	fixture_expect(&fixture, SENSE_HARDWARE_ERROR, 0x44, 0);
	fixture_reload(&fixture);
	expect_reading(&fixture, "--r-----");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_recovered_write_is_done_and_reported)
{
	const struct drive_options options = {
		.buffering = _i == 1 ? DRIVE_BUFFERED : DRIVE_UNBUFFERED
	};
	struct drive_fixture fixture;

	make(&fixture, &options, VOLUME_PAYLOAD_NONE);
	add(&fixture, (struct volume_defect){ .at = 150, .sense = SOFT_WRITE });
	add(&fixture,
	    (struct volume_defect){
		.at = 650, .sense = SOFT_WRITE, .once = true });
	/* All blocks of the run are taken, even with a recovered error. */
	for (int i = 0; i < 2; i++) {
		fixture_write(&fixture, 4);
		ck_assert_uint_eq(fixture.result.bytes, 4 * FIXTURE_BLOCK);
		if (_i == 1) {
			fixture_expect_good(&fixture);
			fixture_filemark(&fixture, false);
		}
		fixture_expect(&fixture, SENSE_RECOVERED, 0x0c, 0);
		ck_assert(!fixture.result.deferred);
	}
	fixture_filemark(&fixture, false);
	fixture_expect_good(&fixture);
	fixture_expect_position(&fixture, _i == 1 ? 3 : 1, _i == 1 ? 11 : 9,
	    800);
	drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
	fixture_write(&fixture, 1);
	fixture_expect_good(&fixture);
	fixture_write(&fixture, 7); /* more than the buffer holds */
	fixture_expect(&fixture, SENSE_RECOVERED, 0x0c, 0);
	fixture_filemark(&fixture, false);
	fixture_expect_good(&fixture);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_slow_region_takes_longer)
{
	const struct drive_options options = {
		.buffering = _i == 1 ? DRIVE_BUFFERED : DRIVE_UNBUFFERED
	};
	struct drive_fixture fixture;
	int64_t begin;

	make(&fixture, &options, VOLUME_PAYLOAD_NONE);
	add(&fixture,
	    (struct volume_defect){ .fail = VOLUME_FAIL_SLOW,
		.at = 200,
		.length = 300,
		.slowdown = 10 });
	add(&fixture,
	    (struct volume_defect){ .fail = VOLUME_FAIL_SLOW,
		.unit = VOLUME_OBJECTS,
		.at = 4,
		.slowdown = 2 });
	/*
	 * The eight blocks take 45 s: five take one second each, two take ten,
	 * and one takes twenty.
	 */
	for (int i = 0; i < 2; i++) {
		drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
		begin = fixture.now_ns;
		fixture_write(&fixture, 4);
		fixture_write(&fixture, 4);
		fixture_filemark(&fixture, false);
		ck_assert_int_eq(fixture.now_ns - begin, 45 * SECOND);
		drive_rewind(fixture.drive, fixture.now_ns, &fixture.result);
		begin = fixture.now_ns;
		for (int n = 0; n < 8; n++)
			ck_assert_int_eq(read_one(&fixture), '-');
		ck_assert_int_eq(fixture.now_ns - begin, 45 * SECOND);
		fixture_reload(&fixture);
	}
	fixture_finish(&fixture);
}
END_TEST

/* Counts the ones in block `n`, which was written as zeros. */
static unsigned ones_in(struct drive_fixture *fixture, uint64_t n)
{
	struct volume_object object;
	uint8_t buf[FIXTURE_BLOCK];
	unsigned count = 0;

	drive_locate_object(fixture->drive, n, 0, &fixture->result);
	drive_read(fixture->drive, buf, sizeof buf, &object, 0,
	    &fixture->result);
	fixture_expect_good(fixture);
	for (size_t i = 0; i < sizeof buf; i++)
		count += buf[i] != 0;
	return count;
}

START_TEST(a_corrupted_block_differs_and_reports_no_error)
{
	static const uint8_t zeros[4 * FIXTURE_BLOCK];
	const struct drive_options options = {
		.buffering = _i == 1 ? DRIVE_BUFFERED : DRIVE_UNBUFFERED
	};
	const struct volume_run run = { .data = zeros,
		.bytes = sizeof zeros,
		.block_bytes = FIXTURE_BLOCK,
		.dump_id = 1 };
	struct drive_fixture fixture;

	make(&fixture, &options, VOLUME_PAYLOAD_RAW);
	add(&fixture,
	    (struct volume_defect){
		.fail = VOLUME_FAIL_CORRUPT, .at = 101, .length = 100 });
	add(&fixture,
	    (struct volume_defect){
		.fail = VOLUME_FAIL_CORRUPT, .at = 300, .once = true });
	for (unsigned i = 0; i < 2; i++) {
		drive_rewind(fixture.drive, 0, &fixture.result);
		drive_write(fixture.drive, &run, 0, &fixture.result);
		fixture_expect_good(&fixture);
		fixture_filemark(&fixture, false);
		fixture_expect_good(&fixture);
		ck_assert_uint_eq(ones_in(&fixture, 0), 0);
		ck_assert_uint_eq(ones_in(&fixture, 1), 1);
		ck_assert_uint_eq(ones_in(&fixture, 2), 1);
		ck_assert_uint_eq(ones_in(&fixture, 3), i == 0);
	}
	fixture_finish(&fixture);
}
END_TEST

START_TEST(an_unreadable_end_of_data_is_not_found)
{
	struct volume_object object;
	struct drive_fixture fixture;
	uint64_t left;

	make(&fixture, NULL, VOLUME_PAYLOAD_NONE);
	add(&fixture,
	    (struct volume_defect){
		.fail = VOLUME_FAIL_READ, .at = 800, .sense = READ_ERROR });
	write_files(&fixture);
	drive_rewind(fixture.drive, 0, &fixture.result);
	drive_space_eod(fixture.drive, 0, &fixture.result);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x14, 3);
	drive_locate_file(fixture.drive, 1, 0, &fixture.result);
	fixture_expect_good(&fixture);
	drive_space_filemarks(fixture.drive, 3, &left, 0, &fixture.result);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x14, 3);
	ck_assert_uint_eq(left, 2);
	drive_read(fixture.drive, NULL, 0, &object, 0, &fixture.result);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x14, 3);
	/* Spacing over a block does not read it. */
	drive_rewind(fixture.drive, 0, &fixture.result);
	add(&fixture,
	    (struct volume_defect){
		.fail = VOLUME_FAIL_READ, .at = 50, .sense = READ_ERROR });
	drive_space_blocks(fixture.drive, 3, &left, 0, &fixture.result);
	fixture_expect_good(&fixture);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_defect");
	TCase *t = tcase_create("drive_defect");
	const int count = sizeof places / sizeof places[0];

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_defect_is_at_its_place, 0, 2 * count);
	tcase_add_loop_test(t, a_write_fails_for_each_form_of_place, 0, count);
	tcase_add_loop_test(t,
	    with_a_buffer_a_write_fails_later_at_the_same_place, 0, count);
	tcase_add_loop_test(t, a_read_of_a_defect_has_its_result, 0,
	    sizeof marginal / sizeof marginal[0]);
	tcase_add_test(t, chance_depends_only_on_the_seed);
	tcase_add_test(t, of_two_errors_the_worse_is_reported);
	tcase_add_loop_test(t, a_recovered_write_is_done_and_reported, 0, 2);
	tcase_add_loop_test(t, a_slow_region_takes_longer, 0, 2);
	tcase_add_loop_test(t, a_corrupted_block_differs_and_reports_no_error,
	    0, 2);
	tcase_add_test(t, an_unreadable_end_of_data_is_not_found);
	return run_suite(s);
}
