/*
 * check_vtape_medium.c: what a virtual tape says of its medium, and how it
 * formats it.
 */
#include <check.h>
#include <string.h>

#include "splitter/tape/counters.h"
#include "splitter/tests/run_suite.h"
#include "vtl/library/tests/vtape_rig.h"
#include "vtl/library/vtape.h"
#include "vtl/tests/vtl_scratch.h"

enum { BLOCK = 32 << 10 };

static struct tape_result r;
static uint8_t header[BLOCK] = "tapelab-format: 1\n";

/* Stores a serial number, as a cartridge of another library would have it. */
static void set_serial(struct volume *volume, const char *serial)
{
	const struct volume_attribute a = { .id = VOLUME_ATTRIBUTE_SERIAL,
		.format = 1,
		.bytes = (uint16_t)strlen(serial),
		.value = serial };

	ck_assert_int_eq(volume_store_attributes(volume, 0, &a, 1), 0);
	ck_assert_int_eq(volume_sync(volume), 0);
}

START_TEST(a_volume_identifies_itself)
{
	struct volume_spec spec = vtape_rig_spec(VOLUME_PAYLOAD_RAW, true);
	struct tape_identity is;
	struct volume *volume;
	struct tape *tape;

	strcpy(spec.medium, _i == 0 ? "L8" : "LY");
	volume = scratch_volume("v", &spec);
	tape = vtape_rig_load(volume);
	tape_identify(tape, &is);
	ck_assert_str_eq(is.serial, spec.barcode);
	ck_assert_str_eq(is.maker, "TAPELAB");
	ck_assert_str_eq(is.generation, _i == 0 ? "LTO-8" : "LTO-8 WORM");
	ck_assert_uint_eq(is.partitions, 1);
	ck_assert_uint_eq(is.change_reference, 0);
	ck_assert_int_eq(is.write_once,
	    _i == 0 ? TAPE_KNOWN_NO : TAPE_KNOWN_YES);
	ck_assert_int_eq(is.blank_proof, TAPE_BLANK_PROOF_SENSE);
	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	set_serial(volume, "A1B2C3   ");
	tape_identify(tape, &is);
	ck_assert_str_eq(is.serial, "A1B2C3");
	ck_assert_uint_gt(is.change_reference, 0);
	set_serial(volume, "A1\n");
	tape_identify(tape, &is);
	ck_assert_str_eq(is.serial, "");
	vtape_rig_finish(tape);
}
END_TEST

START_TEST(a_partitioned_medium_is_formatted_as_one)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_RAW, true);
	const struct volume_partition halves[] = {
		{ .capacity_bytes = spec.capacity_bytes / 2 },
		{ .capacity_bytes = spec.capacity_bytes / 2 },
	};
	struct volume *volume = scratch_volume("v", &spec);
	static uint8_t got[BLOCK];
	struct tape_identity is;
	struct tape_block block;
	struct tape *tape;

	ck_assert_int_eq(volume_format(volume, spec.capacity_bytes, halves, 2),
	    0);
	tape = vtape_rig_load(volume);
	tape_identify(tape, &is);
	ck_assert_uint_eq(is.partitions, 2);
	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	tape->ops->format(tape, 0, &r);
	ck_assert_msg(r.cause == TAPE_OK, "%s", r.message);
	tape_identify(tape, &is);
	ck_assert_uint_eq(is.partitions, 1);
	tape->ops->read(tape, got, sizeof got, &block, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_BLANK);
	ck_assert_uint_eq(r.bytes, 0);
	ck_assert_uint_eq(block.bytes, 0);
	ck_assert(r.sense.valid && r.sense.key == 8 && r.sense.asc == 0 &&
	    r.sense.ascq == 5);
	vtape_rig_finish(tape);
}
END_TEST

static uint64_t counter(const struct tape_condition *c, uint8_t page,
    uint16_t code)
{
	const struct tape_counter *found =
	    tape_counters_find(&c->counters, page, code);

	ck_assert_ptr_nonnull(found);
	return found->value;
}

/* Only a drive with a motion model counts: others repeat nothing. */
START_TEST(rewrites_are_counted)
{
	const struct drive_options options = { .buffering = DRIVE_BUFFERED };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct volume_defect recovers = { .at = 5 * BLOCK,
		.sense = { SENSE_RECOVERED, 0x0c, 0, 0, 0 } };
	const struct tape_run run = {
		.bytes = 10 * BLOCK, .block_bytes = BLOCK, .dump_id = 1
	};
	struct volume *volume = scratch_volume("v", &spec);
	struct drive *drive = drive_new(model_find("lto8"));
	static struct tape_condition before, after;
	struct drive_result answer;
	struct tape *tape;

	drive_set_options(drive, &options);
	drive_load(drive, volume, 0, &answer);
	ck_assert_int_eq(volume_defect_add(volume, &recovers), 0);
	tape = vtape_new(drive, 0);
	tape->ops->label(tape, header, BLOCK, answer.done_ns, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	tape_get_condition(tape, &before);
	tape->ops->start_file(tape, header, BLOCK, r.done_ns, &r);
	tape->ops->write(tape, &run, r.done_ns, &r);
	tape->ops->filemark(tape, true, r.done_ns, &r);
	ck_assert_msg(r.cause == TAPE_OK, "%s", r.message);
	tape_get_condition(tape, &after);
	ck_assert_uint_eq(counter(&before, TAPE_PAGE_WRITE_ERRORS, 2), 0);
	ck_assert_uint_eq(counter(&before, TAPE_PAGE_VOLUME, 3), 0);
	ck_assert_uint_eq(counter(&after, TAPE_PAGE_WRITE_ERRORS, 2), 1);
	ck_assert_uint_eq(counter(&after, TAPE_PAGE_VOLUME, 3), 1);
	ck_assert_uint_eq(counter(&after, TAPE_PAGE_READ_ERRORS, 2), 0);
	vtape_rig_finish(tape);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("vtape_medium");
	TCase *t = tcase_create("vtape_medium");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_volume_identifies_itself, 0, 2);
	tcase_add_test(t, a_partitioned_medium_is_formatted_as_one);
	tcase_add_test(t, rewrites_are_counted);
	return run_suite(s);
}
