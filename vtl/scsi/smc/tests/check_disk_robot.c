/*
 * check_disk_robot.c: moves in a library on disk: each failure that a robot, a
 * drive, a person or another process causes, and what the elements show after
 * it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/smc/tests/disk_robot.h"
#include "vtl/tests/vtl_scratch.h"

#define AT_FIRST                                                       \
	"1024 VTA001L8, 1025 VTA002L8, 1026 VTA003L8, 1027 VTA004L8, " \
	"1028 CLN001CU"

static struct disk_robot d;

static void set_up(void)
{
	scratch_setup();
	disk_robot_make(&d);
}

static void tear_down(void)
{
	disk_robot_free(&d);
	scratch_teardown();
}

static void run(const char *cdb)
{
	robot_run(&d.robot, cdb);
}

START_TEST(cartridges_go_where_the_host_says)
{
	static const struct {
		const char *cdb, *then;
	} moves[] = {
		{ "a5 00 0000 0400 0100 0000 00 00",
		    "256 VTA001L8 from 1024, 1025 VTA002L8, 1026 VTA003L8, "
		    "1027 VTA004L8, 1028 CLN001CU" },
		{ "a5 00 0000 0100 0101 0000 00 00",
		    "257 VTA001L8 from 1024, 1025 VTA002L8, 1026 VTA003L8, "
		    "1027 VTA004L8, 1028 CLN001CU" },
		{ "a5 00 0001 0101 0010 0000 00 00",
		    "16 VTA001L8 from 1024, 1025 VTA002L8, 1026 VTA003L8, "
		    "1027 VTA004L8, 1028 CLN001CU" },
		{ "a5 00 0000 0010 0405 0000 00 00",
		    "1025 VTA002L8, 1026 VTA003L8, 1027 VTA004L8, "
		    "1028 CLN001CU, 1029 VTA001L8" },
		{ "a5 00 0000 0405 0400 0000 00 00", AT_FIRST },
	};

	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		run(moves[i].cdb);
		robot_good(&d.robot);
		ck_assert_int_eq(d.robot.answer.done_ns, 8000001000);
		ck_assert_str_eq(disk_robot_contents(&d), moves[i].then);
	}
}
END_TEST

static const struct {
	const char *cdb;
	uint8_t key, asc, ascq;
} refused[] = {
	{ "a5 00 0000 0406 0100 0000 00 00", 5, 0x21, 1 },
	{ "a5 00 0000 0400 0102 0000 00 00", 5, 0x21, 1 },
	{ "a5 00 0000 0001 0400 0000 00 00", 5, 0x21, 1 },
	{ "a5 00 0000 0400 0001 0000 00 00", 5, 0x21, 1 },
	{ "a5 00 0000 0405 0100 0000 00 00", 5, 0x3b, 0x0e },
	{ "a5 00 0000 0100 0405 0000 00 00", 5, 0x3b, 0x0e },
	{ "a5 00 0000 0010 0405 0000 00 00", 5, 0x3b, 0x0e },
	{ "a5 00 0000 0400 0401 0000 00 00", 5, 0x3b, 0x0d },
	{ "a5 00 0000 0400 0400 0000 00 00", 5, 0x3b, 0x0d },
};

START_TEST(an_impossible_move_changes_nothing)
{
	run(refused[_i].cdb);
	robot_fails(&d.robot, refused[_i].key, refused[_i].asc,
	    refused[_i].ascq);
	ck_assert_str_eq(disk_robot_contents(&d), AT_FIRST);
}
END_TEST

static const struct {
	enum changer_fault_mode mode;
	uint8_t key, asc, ascq;
} faults[] = {
	{ CHANGER_FAULT_STUCK, 4, 0x15, 1 },
	{ CHANGER_FAULT_LOAD_FAILED, 4, 0x53, 0 },
	{ CHANGER_FAULT_SOURCE_EMPTY, 5, 0x3b, 0x0e },
};

START_TEST(the_robot_fails_once)
{
	const struct changer_fault fault = {
		.mode = faults[_i].mode, .nth = 1, .once = true
	};

	ck_assert_int_eq(changer_add_fault(d.changer, &fault), CHANGER_OK);
	run("a5 00 0000 0400 0100 0000 00 00");
	robot_fails(&d.robot, faults[_i].key, faults[_i].asc, faults[_i].ascq);
	ck_assert_str_eq(disk_robot_contents(&d), AT_FIRST);
	/* Only the slot that the robot found empty is reported as such. */
	run("b8 02 0400 0001 00 000100 00 00");
	ck_assert_uint_eq(d.robot.in[18],
	    faults[_i].mode == CHANGER_FAULT_SOURCE_EMPTY ? 8 : 9);
	run("a5 00 0000 0400 0100 0000 00 00");
	robot_good(&d.robot);
}
END_TEST

START_TEST(a_wrong_cartridge_is_seen_by_its_tag)
{
	const struct changer_fault fault = {
		.mode = CHANGER_FAULT_WRONG_CARTRIDGE, .nth = 1, .once = true
	};

	ck_assert_int_eq(changer_add_fault(d.changer, &fault), CHANGER_OK);
	run("a5 00 0000 0400 0100 0000 00 00");
	robot_good(&d.robot);
	run("b8 14 0100 0001 00 000100 00 00");
	robot_data(&d.robot,
	    "0100 0001 00 00003c   04 80 0034 00 000034"
	    "0100 01 00 00 00 0000 00 81 0401 5654413030324c38"
	    "202020202020202020202020202020202020202020202020 00000000"
	    "00000000");
	run("b8 02 0400 0002 00 000100 00 00");
	ck_assert_uint_eq(d.robot.in[18], 0x09);
	ck_assert_uint_eq(d.robot.in[34], 0x08);
}
END_TEST

START_TEST(a_drive_that_another_process_uses_is_not_touched)
{
	const struct changer_request want = { .barcode = "VTA001L8",
		.drive = 0 };
	struct changer_acquired taken;
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *other =
	    changer_open(scratch_path("lib"), "another", false, false, message);

	ck_assert_msg(other != NULL, "%s", message);
	ck_assert_int_eq(changer_acquire(other, &want, &taken), CHANGER_OK);
	free(taken.file);
	run("a5 00 0000 0100 0405 0000 00 00");
	robot_fails(&d.robot, 5, 0x53, 2);
	run("a5 00 0000 0401 0100 0000 00 00");
	robot_fails(&d.robot, 5, 0x53, 2);
	changer_close(other);
	ck_assert_str_eq(disk_robot_contents(&d), AT_FIRST);
	run("a5 00 0000 0401 0100 0000 00 00");
	robot_good(&d.robot);
}
END_TEST

START_TEST(a_worn_cleaning_cartridge_is_refused)
{
	for (int i = 0; i < 50; i++) {
		run("a5 00 0000 0404 0100 0000 00 00");
		robot_good(&d.robot);
		run("a5 00 0000 0100 0404 0000 00 00");
		robot_good(&d.robot);
	}
	run("a5 00 0000 0404 0100 0000 00 00");
	robot_fails(&d.robot, 5, 0x30, 7);
	ck_assert_str_eq(disk_robot_contents(&d), AT_FIRST);
}
END_TEST

START_TEST(a_drive_gets_a_cartridge_that_it_cannot_use)
{
	const struct changer_cartridge old = { "OLD001L1", "OLD001L1.tape",
		NULL };

	ck_assert_int_eq(changer_import(d.changer, CHANGER_IE_ADDRESS, &old),
	    CHANGER_OK);
	/* The slot shows that a person put it there. */
	run("b8 03 0010 0001 00 000100 00 00");
	ck_assert_uint_eq(d.robot.in[18], 0x3b);
	run("a5 00 0000 0010 0101 0000 00 00");
	robot_good(&d.robot);
	run("b8 04 0101 0001 00 000100 00 00");
	ck_assert_uint_eq(d.robot.in[18], 0x01);
	ck_assert_uint_eq(d.robot.in[25], 0x81);
	ck_assert_uint_eq(d.robot.in[27], 0x10);
	run("a5 00 0000 0101 0010 0000 00 00");
	robot_good(&d.robot);
	run("b8 03 0010 0001 00 000100 00 00");
	ck_assert_uint_eq(d.robot.in[18], 0x39);
}
END_TEST

START_TEST(an_unreadable_barcode_is_a_blank_tag)
{
	ck_assert_int_eq(changer_make_unreadable(d.changer, "VTA002L8"),
	    CHANGER_OK);
	run("b8 12 0401 0001 00 000100 00 00");
	robot_data(&d.robot,
	    "0401 0001 00 00003c   02 80 0034 00 000034"
	    "0401 0d 00 83 01 0000 00 00 0000 2020202020202020"
	    "202020202020202020202020202020202020202020202020 00000000"
	    "00000000");
}
END_TEST

/* The device has no copy of the library, which others change, too. */
START_TEST(the_report_follows_the_library)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *person = changer_open(scratch_path("lib"), "a person",
	    false, false, message);

	ck_assert_int_eq(changer_move(person, 1024, 17), CHANGER_OK);
	run("b8 13 0011 0001 00 000100 00 00");
	ck_assert_uint_eq(d.robot.in[18], 0x39);
	ck_assert_mem_eq(d.robot.in + 28, "VTA001L8 ", 9);
	ck_assert_int_eq(changer_export(person, "VTA001L8"), CHANGER_OK);
	run("b8 13 0011 0001 00 000100 00 00");
	ck_assert_uint_eq(d.robot.in[18], 0x38);
	changer_close(person);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("disk_robot");
	TCase *t = tcase_create("disk_robot");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, cartridges_go_where_the_host_says);
	tcase_add_loop_test(t, an_impossible_move_changes_nothing, 0,
	    sizeof refused / sizeof refused[0]);
	tcase_add_loop_test(t, the_robot_fails_once, 0,
	    sizeof faults / sizeof faults[0]);
	tcase_add_test(t, a_wrong_cartridge_is_seen_by_its_tag);
	tcase_add_test(t, a_drive_that_another_process_uses_is_not_touched);
	tcase_add_test(t, a_worn_cleaning_cartridge_is_refused);
	tcase_add_test(t, a_drive_gets_a_cartridge_that_it_cannot_use);
	tcase_add_test(t, an_unreadable_barcode_is_a_blank_tag);
	tcase_add_test(t, the_report_follows_the_library);
	return run_suite(s);
}
