/*
 * check_vtape_medium.c: what a virtual tape says of its medium, and how it
 * formats it.
 */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/library/tests/vtape_rig.h"
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

int main(void)
{
	Suite *s = suite_create("vtape_medium");
	TCase *t = tcase_create("vtape_medium");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_volume_identifies_itself, 0, 2);
	tcase_add_test(t, a_partitioned_medium_is_formatted_as_one);
	return run_suite(s);
}
