/*
 * check_robot.c: moves of the robot, each way in which one can fail, and the
 * other commands of the changer.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/big_endian.h"
#include "vtl/scsi/smc/tests/smc_fixture.h"

static struct robot r;

static void set_up(void)
{
	robot_make(&r, NULL);
}

static void tear_down(void)
{
	robot_free(&r);
}

START_TEST(a_move_is_given_to_the_library)
{
	r.takes_ns = 5;
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	robot_good(&r);
	ck_assert_uint_eq(r.moves, 1);
	ck_assert_uint_eq(r.move.from, 1024);
	ck_assert_uint_eq(r.move.to, 257);
	ck_assert_uint_eq(r.move.nexus, 0);
	ck_assert(!r.move.host_unloads);
	ck_assert_int_eq(r.move.now_ns, 1000);
	ck_assert_int_eq(r.answer.done_ns, 1005);
	/* The robot by its address; a nexus; the bits of mtx for a door. */
	robot_command(&r, 7, "03 00 00 00 12 00", 18);
	robot_command(&r, 7, "a5 00 0001 0101 0402 0000 00 c0", 0);
	robot_good(&r);
	ck_assert_uint_eq(r.move.from, 257);
	ck_assert_uint_eq(r.move.to, 1026);
	ck_assert_uint_eq(r.move.nexus, 7);
}
END_TEST

START_TEST(the_option_that_the_host_unloads_goes_to_the_library)
{
	static const struct smc_options options = { .host_unloads = true };

	tear_down();
	robot_make(&r, &options);
	robot_run(&r, "a5 00 0000 0100 0402 0000 00 00");
	ck_assert(r.move.host_unloads);
}
END_TEST

/* The ways in which a move fails: sense data and TapeAlert flag, 0: none. */
static const struct {
	enum changer_reason reason;
	uint8_t key, asc, ascq;
	unsigned alert;
} failures[] = {
	{ CHANGER_REASON_STATE, 4, 0x44, 0x00, 24 },
	{ CHANGER_REASON_OTHER, 4, 0x44, 0x00, 4 },
	{ CHANGER_REASON_NO_ELEMENT, 5, 0x21, 0x01, 0 },
	{ CHANGER_REASON_WRONG_KIND, 5, 0x21, 0x01, 0 },
	{ CHANGER_REASON_SOURCE_EMPTY, 5, 0x3b, 0x0e, 0 },
	{ CHANGER_REASON_DESTINATION_FULL, 5, 0x3b, 0x0d, 0 },
	{ CHANGER_REASON_SLOTS_FULL, 5, 0x3b, 0x0d, 0 },
	{ CHANGER_REASON_IN_USE, 5, 0x53, 0x02, 0 },
	{ CHANGER_REASON_INCOMPATIBLE, 5, 0x30, 0x00, 0 },
	{ CHANGER_REASON_WORN_OUT, 5, 0x30, 0x07, 0 },
	{ CHANGER_REASON_ROBOT_STUCK, 4, 0x15, 0x01, 4 },
	{ CHANGER_REASON_LOAD_FAILED, 4, 0x53, 0x00, 15 },
	{ CHANGER_REASON_FOUND_EMPTY, 5, 0x3b, 0x0e, 24 },
	{ CHANGER_REASON_NOT_UNLOADED, 5, 0x53, 0x01, 0 },
	{ CHANGER_REASON_UNLOAD_FAILED, 4, 0x53, 0x01, 15 },
	{ CHANGER_REASON_PREVENTED, 5, 0x53, 0x03, 0 },
};

START_TEST(each_way_to_fail_has_its_sense_data)
{
	r.reason = failures[_i].reason;
	r.takes_ns = 9;
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	robot_fails(&r, failures[_i].key, failures[_i].asc, failures[_i].ascq);
	/* The robot took its time, too. */
	ck_assert_int_eq(r.answer.done_ns, 1009);
	robot_run(&r, "4d 00 6e 00 0000 00 1000 00");
	robot_good(&r);
	for (unsigned flag = 1; flag <= 64; flag++)
		ck_assert_uint_eq(r.in[4 + 5 * flag - 1],
		    flag == failures[_i].alert);
	/* Nothing remains of it. */
	r.reason = CHANGER_REASON_NONE;
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	robot_good(&r);
}
END_TEST

START_TEST(options_are_those_of_real_libraries)
{
	static const struct {
		struct device_identity identity;
		bool host_unloads, identifiers_alone;
	} rows[] = {
		{ { .vendor = "STK", .product = "L700" }, false, false },
		{ { .vendor = "IBM", .product = "03584L32" }, false, true },
		{ { .vendor = "IBM", .product = "03584L22" }, false, true },
		{ { .vendor = "IBM", .product = "3576-MTL" }, true, false },
		{ { .vendor = "IBM", .product = "3573-TL" }, false, false },
		{ { .vendor = "HP", .product = "03584L32" }, false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct smc_options options = smc_options_of(&rows[i].identity);

		ck_assert_int_eq(options.host_unloads, rows[i].host_unloads);
		ck_assert_int_eq(options.identifiers_alone,
		    rows[i].identifiers_alone);
	}
}
END_TEST

START_TEST(a_wrong_cartridge_is_a_good_move)
{
	r.reason = CHANGER_REASON_WRONG_CARTRIDGE;
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	robot_good(&r);
}
END_TEST

/* Commands that the library does not see. */
static const struct {
	const char *cdb;
	uint8_t asc, ascq;
	unsigned byte; /* the field in error; 0: has no pointer */
	int bit;
} refused[] = {
	/* no such element: source, destination, robot */
	{ "a5 00 0000 0403 0101 0000 00 00", 0x21, 1, 0, 0 },
	{ "a5 00 0000 0400 0103 0000 00 00", 0x21, 1, 0, 0 },
	{ "a5 00 0000 0400 0000 0000 00 00", 0x21, 1, 0, 0 },
	{ "a5 00 0000 0000 0400 0000 00 00", 0x21, 1, 0, 0 },
	{ "a5 00 0000 ffff ffff 0000 00 00", 0x21, 1, 0, 0 },
	{ "a5 00 0002 0400 0101 0000 00 00", 0x21, 1, 0, 0 },
	/* the robot cannot turn a cartridge */
	{ "a5 00 0000 0400 0101 0000 01 00", 0x24, 0, 10, 0 },
	{ "2b 00 0000 0400 0000 01 00", 0x24, 0, 8, 0 },
	{ "2b 00 0000 0403 0000 00 00", 0x21, 1, 0, 0 },
	{ "2b 00 0000 0001 0000 00 00", 0x21, 1, 0, 0 },
	{ "2b 00 0010 0400 0000 00 00", 0x21, 1, 0, 0 },
	{ "37 01 0403 0000 0001 00 00", 0x21, 1, 0, 0 },
	{ "e7 01 0002 0000 0001 00 00", 0x21, 1, 0, 0 },
	{ "1e 00 00 00 02 00", 0x24, 0, 4, 1 },
	{ "1e 00 00 00 03 00", 0x24, 0, 4, 1 },
	/* not supported */
	{ "a6 00 0000 0400 0101 0402 00 00", 0x20, 0, 0, 0 },
	{ "a7 00 0000 0400 0101 0000 00 00", 0x20, 0, 0, 0 },
	{ "b5 10 0000 ffff 00 000400 00 00", 0x20, 0, 0, 0 },
	{ "b6 00 0000 00 05 00 00 0028 00 00", 0x20, 0, 0, 0 },
	{ "08 00 00 00 01 00", 0x20, 0, 0, 0 },
};

START_TEST(an_impossible_command_does_not_reach_the_library)
{
	robot_run(&r, refused[_i].cdb);
	robot_fails(&r, 5, refused[_i].asc, refused[_i].ascq);
	/* An unknown operation code is the field in error itself. */
	ck_assert_int_eq(r.answer.decoded.has_field,
	    refused[_i].byte != 0 || refused[_i].asc == 0x20);
	if (refused[_i].byte != 0) {
		ck_assert_uint_eq(r.answer.decoded.field_byte,
		    refused[_i].byte);
		ck_assert_int_eq(r.answer.decoded.field_bit, refused[_i].bit);
	}
	ck_assert_uint_eq(r.moves + r.positions + r.inventories, 0);
}
END_TEST

/* Returns byte 2 of the descriptor of an element. */
static uint8_t flags(unsigned address)
{
	char cdb[64];

	snprintf(cdb, sizeof cdb, "b8 00 %04x 0001 00 000020 00 00", address);
	robot_run(&r, cdb);
	robot_good(&r);
	ck_assert_uint_eq(get_be16(r.in + 16), address);
	return r.in[18];
}

static void fail_to_find(void)
{
	r.reason = CHANGER_REASON_FOUND_EMPTY;
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	robot_fails(&r, 5, 0x3b, 0x0e);
	r.reason = CHANGER_REASON_NONE;
	ck_assert_uint_eq(flags(1024), 0x08);
}

START_TEST(a_slot_that_was_found_empty_is_reported_empty)
{
	ck_assert_uint_eq(flags(1024), 0x09);
	fail_to_find();
	ck_assert_uint_eq(flags(1025), 0x09);
	/* An inventory of other elements changes nothing. */
	robot_run(&r, "37 01 0401 0000 0002 00 00");
	robot_good(&r);
	ck_assert_uint_eq(flags(1024), 0x08);
	robot_run(&r, "37 01 0400 0000 0001 00 00");
	ck_assert_uint_eq(flags(1024), 0x09);
	fail_to_find();
	robot_run(&r, "07 00 00 00 00 00");
	ck_assert_uint_eq(flags(1024), 0x09);
	/* So does a move from there, or to there. */
	fail_to_find();
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	ck_assert_uint_eq(flags(1024), 0x09);
	fail_to_find();
	robot_run(&r, "a5 00 0000 0102 0400 0000 00 00");
	ck_assert_uint_eq(flags(1024), 0x09);
}
END_TEST

START_TEST(the_robot_is_positioned)
{
	r.takes_ns = 3;
	robot_command(&r, 5, "03 00 00 00 12 00", 18);
	robot_command(&r, 5, "2b 00 0001 0402 0000 00 00", 0);
	robot_good(&r);
	ck_assert_uint_eq(r.positions, 1);
	ck_assert_uint_eq(r.address, 1026);
	ck_assert_int_eq(r.answer.done_ns, 1003);
}
END_TEST

static const struct {
	const char *cdb;
	unsigned first, last;
} inventories[] = {
	{ "07 00 00 00 00 00", 0, 65535 },
	{ "07 e0 00 00 00 00", 0, 65535 }, /* a LUN in byte 1 */
	{ "37 00 0403 0000 0001 00 00", 0, 65535 },
	{ "37 01 0400 0000 0002 00 00", 1024, 1025 },
	{ "37 03 0400 0000 0001 00 00", 1024, 1024 },
	{ "37 01 0400 0000 0000 00 00", 1024, 65535 },
	{ "37 01 0400 0000 ffff 00 00", 1024, 65535 },
	{ "e7 01 0100 0000 0003 00 00", 256, 258 },
	{ "e7 00 0000 0000 0000 00 80", 0, 65535 },
};

START_TEST(an_inventory_is_of_all_elements_or_of_a_range)
{
	r.takes_ns = 4;
	robot_run(&r, inventories[_i].cdb);
	robot_good(&r);
	ck_assert_uint_eq(r.inventories, 1);
	ck_assert_uint_eq(r.first, inventories[_i].first);
	ck_assert_uint_eq(r.last, inventories[_i].last);
	ck_assert_int_eq(r.answer.done_ns, 1004);
}
END_TEST

START_TEST(a_bay_without_a_drive_takes_no_cartridge)
{
	r.drives[1].identity = NULL;
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	robot_fails(&r, 5, 0x83, 0x04);
	robot_run(&r, "a5 00 0000 0101 0402 0000 00 00");
	robot_fails(&r, 5, 0x83, 0x04);
	ck_assert_uint_eq(r.moves, 0);
	/* READ ELEMENT STATUS says so, too; the robot itself can go there. */
	robot_run(&r, "b8 04 0101 0001 00 001000 00 00");
	robot_data(&r,
	    "0101 0001 00 000018 04 00 0010 00 000010 "
	    "0101 04 00 83 04 000000000000 00000000");
	robot_run(&r, "2b 00 0000 0101 0000 00 00");
	robot_good(&r);
	robot_run(&r, "a5 00 0000 0400 0102 0000 00 00");
	robot_good(&r);
}
END_TEST

/* Reads the number of drives in mode page 1Dh. */
static unsigned drives_in_mode_page(void)
{
	robot_run(&r, "1a 08 1d 00 ff 00");
	robot_good(&r);
	return get_be16(r.in + 4 + 16);
}

START_TEST(a_library_that_grows_has_other_mode_pages)
{
	struct changer_element *e = &r.elements[r.count];

	ck_assert_uint_eq(drives_in_mode_page(), 3);
	/* Nothing has changed. */
	ck_assert(smc_count_elements(r.smc));
	ck_assert_uint_eq(drives_in_mode_page(), 3);
	*e = r.elements[5];
	e->address++;
	r.count++;
	/* A command that is in progress does not delay who changed it. */
	device_lock(smc_device(r.smc));
	smc_library_changed(r.smc);
	device_unlock(smc_device(r.smc));
	robot_run(&r, "1a 08 1d 00 ff 00");
	robot_fails(&r, 6, 0x2a, 0x01);
	ck_assert_uint_eq(drives_in_mode_page(), 4);
	r.unreadable = true;
	ck_assert(!smc_count_elements(r.smc));
	ck_assert_uint_eq(drives_in_mode_page(), 4);
}
END_TEST

START_TEST(the_table_of_commands_is_reported)
{
	static const struct {
		const char *cdb, *data;
	} rows[] = {
		{ "a3 0c 01 00 0000 00000100 00 00",
		    "00 03 0006 00 00 00 00 00 00" },
		{ "a3 0c 01 07 0000 00000100 00 00",
		    "00 03 0006 07 00 00 00 00 00" },
		{ "a3 0c 01 1e 0000 00000100 00 00",
		    "00 03 0006 1e 00 00 00 03 00" },
		{ "a3 0c 01 2b 0000 00000100 00 00",
		    "00 03 000a 2b 00 ff ff ff ff 00 00 01 00" },
		{ "a3 0c 01 37 0000 00000100 00 00",
		    "00 03 000a 37 01 ff ff 00 00 ff ff 00 00" },
		{ "a3 0c 81 a5 0000 00000100 00 00",
		    "00 83 000c a5 00 ff ff ff ff ff ff 00 00 01 00"
		    "000a 00 00 00000000 000004b0" },
		{ "a3 0c 01 b8 0000 00000100 00 00",
		    "00 03 000c b8 1f ff ff ff ff 01 ff ff ff 00 00" },
		{ "a3 0c 01 a6 0000 00000100 00 00", "00 01 0000" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		robot_run(&r, rows[i].cdb);
		robot_good(&r);
		robot_data(&r, rows[i].data);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("robot");
	TCase *t = tcase_create("robot");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, a_move_is_given_to_the_library);
	tcase_add_test(t, the_option_that_the_host_unloads_goes_to_the_library);
	tcase_add_loop_test(t, each_way_to_fail_has_its_sense_data, 0,
	    sizeof failures / sizeof failures[0]);
	tcase_add_test(t, options_are_those_of_real_libraries);
	tcase_add_test(t, a_wrong_cartridge_is_a_good_move);
	tcase_add_loop_test(t, an_impossible_command_does_not_reach_the_library,
	    0, sizeof refused / sizeof refused[0]);
	tcase_add_test(t, a_slot_that_was_found_empty_is_reported_empty);
	tcase_add_test(t, the_robot_is_positioned);
	tcase_add_loop_test(t, an_inventory_is_of_all_elements_or_of_a_range, 0,
	    sizeof inventories / sizeof inventories[0]);
	tcase_add_test(t, a_bay_without_a_drive_takes_no_cartridge);
	tcase_add_test(t, a_library_that_grows_has_other_mode_pages);
	tcase_add_test(t, the_table_of_commands_is_reported);
	return run_suite(s);
}
