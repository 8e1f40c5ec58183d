/*
 * check_drive_strike.c: the watcher of a drive learns of each strike of a fault
 * and of a defect, and of nothing else.
 */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

#define SENSE(key, asc)           \
	{                         \
		key, asc, 0, 0, 0 \
	}

/* What the watcher saw. */
struct seen {
	unsigned defects, faults;
	int64_t number; /* of the last defect */
	size_t index;   /* of the last fault */
	enum drive_struck result;
};

static enum drive_struck watch(void *arg, const struct drive_strike *strike)
{
	struct seen *seen = arg;

	ck_assert((strike->fault == NULL) != (strike->defect == NULL));
	if (strike->defect != NULL) {
		seen->defects++;
		seen->number = strike->defect->fault;
	} else {
		seen->faults++;
		seen->index = strike->index;
	}
	return seen->result;
}

static void make(struct drive_fixture *fixture, bool buffered,
    struct seen *seen)
{
	const struct drive_options options = {
		.buffering = buffered ? DRIVE_BUFFERED : DRIVE_UNBUFFERED
	};
	struct volume_spec spec = fixture_spec();

	memset(seen, 0, sizeof *seen);
	spec.capacity_bytes = 100000;
	spec.payload = VOLUME_PAYLOAD_RAW;
	fixture_make(fixture, &options, &spec);
	drive_watch_strikes(fixture->drive, watch, seen);
}

static bool fails(const struct drive_fixture *fixture)
{
	return fixture->result.check &&
	    fixture->result.sense.key == SENSE_MEDIUM_ERROR;
}

/* Writes eight blocks, one a command, from BOT, up to a medium error. */
static void write_blocks(struct drive_fixture *fixture)
{
	drive_rewind(fixture->drive, fixture->now_ns, &fixture->result);
	for (int i = 0; i < 8 && !fails(fixture); i++)
		fixture_write(fixture, 1);
	fixture_filemark(fixture, false);
}

static void read_blocks(struct drive_fixture *fixture)
{
	struct volume_object object;

	drive_rewind(fixture->drive, fixture->now_ns, &fixture->result);
	for (int i = 0; i < 8; i++)
		drive_read(fixture->drive, NULL, 0, &object, fixture->now_ns,
		    &fixture->result);
}

/* The blocks are bytes 0 to 799; eight are written, then eight are read. */
static const struct {
	struct volume_defect defect;
	unsigned writing, reading;
} rows[] = {
	{ { .at = 250, .sense = SENSE(SENSE_MEDIUM_ERROR, 0x0c) }, 1, 0 },
	{ { .at = 250, .sense = SENSE(SENSE_RECOVERED, 0x0c) }, 1, 0 },
	{ { .fail = VOLUME_FAIL_READ,
	      .at = 250,
	      .sense = SENSE(SENSE_RECOVERED, 0x17) },
	    0, 1 },
	{ { .fail = VOLUME_FAIL_READ,
	      .at = 750,
	      .sense = SENSE(SENSE_MEDIUM_ERROR, 0x11) },
	    0, 1 },
	{ { .fail = VOLUME_FAIL_CORRUPT, .at = 250, .length = 100 }, 2, 0 },
	{ { .fail = VOLUME_FAIL_CORRUPT,
	      .at = 250,
	      .length = 100,
	      .once = true },
	    1, 0 },
	{ { .fail = VOLUME_FAIL_SLOW, .at = 250, .length = 200, .slowdown = 3 },
	    3, 3 },
	/* No block is there. */
	{ { .at = 850, .sense = SENSE(SENSE_MEDIUM_ERROR, 0x0c) }, 0, 0 },
};
enum { ROWS = sizeof rows / sizeof *rows };

START_TEST(each_kind_of_defect_strikes_where_it_applies)
{
	struct volume_defect defect = rows[_i / 2].defect;
	struct drive_fixture fixture;
	struct seen seen;

	make(&fixture, _i % 2 == 1, &seen);
	defect.fault = 7;
	ck_assert_int_eq(volume_defect_add(drive_volume(fixture.drive),
			     &defect),
	    0);
	write_blocks(&fixture);
	ck_assert_uint_eq(seen.defects, rows[_i / 2].writing);
	read_blocks(&fixture);
	ck_assert_uint_eq(seen.defects,
	    rows[_i / 2].writing + rows[_i / 2].reading);
	ck_assert_uint_eq(seen.faults, 0);
	ck_assert_int_eq(seen.number, seen.defects > 0 ? 7 : 0);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(of_two_defects_the_one_that_is_reported_strikes)
{
	struct volume_defect soft = { .fail = VOLUME_FAIL_READ,
		.at = 250,
		.fault = 1,
		.sense = SENSE(SENSE_RECOVERED, 0x17) };
	struct volume_defect hard = { .fail = VOLUME_FAIL_READ,
		.at = 260,
		.fault = 2,
		.sense = SENSE(SENSE_MEDIUM_ERROR, 0x11) };
	struct drive_fixture fixture;
	struct seen seen;

	make(&fixture, false, &seen);
	volume_defect_add(drive_volume(fixture.drive), &soft);
	volume_defect_add(drive_volume(fixture.drive), &hard);
	write_blocks(&fixture);
	read_blocks(&fixture);
	ck_assert_uint_eq(seen.defects, 1);
	ck_assert_int_eq(seen.number, 2);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_fault_of_the_drive_strikes_by_its_index)
{
	const struct drive_fault faults[] = {
		{ .op = DRIVE_READ,
		    .nth = 100,
		    .sense.key = SENSE_HARDWARE_ERROR },
		{ .op = DRIVE_WRITE,
		    .nth = 3,
		    .mode = DRIVE_FAULT_SLOW,
		    .slowdown = 2 },
	};
	struct drive_fixture fixture;
	struct seen seen;

	make(&fixture, false, &seen);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(drive_add_fault(fixture.drive, &faults[i]), 0);
	write_blocks(&fixture);
	/* blocks 3 to 8 */
	ck_assert_uint_eq(seen.faults, 6);
	ck_assert_uint_eq(seen.index, 1);
	ck_assert_uint_eq(seen.defects, 0);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_defect_applies_whatever_the_watcher_returns)
{
	struct volume_defect defect = { .at = 250,
		.sense = SENSE(SENSE_MEDIUM_ERROR, 0x0c) };
	struct drive_fixture fixture;
	struct seen seen;

	make(&fixture, false, &seen);
	seen.result = DRIVE_SPENT_BEFORE;
	volume_defect_add(drive_volume(fixture.drive), &defect);
	fixture_write(&fixture, 4);
	fixture_expect(&fixture, SENSE_MEDIUM_ERROR, 0x0c, 0);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_strike");
	TCase *t = tcase_create("drive_strike");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, each_kind_of_defect_strikes_where_it_applies, 0,
	    2 * ROWS);
	tcase_add_test(t, of_two_defects_the_one_that_is_reported_strikes);
	tcase_add_test(t, a_fault_of_the_drive_strikes_by_its_index);
	tcase_add_test(t, a_defect_applies_whatever_the_watcher_returns);
	return run_suite(s);
}
