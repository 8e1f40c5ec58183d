/*
 * check_clients.c: the commands of programs, in their order, on the changer of a
 * library on disk: Linux ch, mtx, Bareos, LTFS.
 */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/big_endian.h"
#include "vtl/scsi/smc/tests/disk_robot.h"
#include "vtl/tests/vtl_scratch.h"

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

/* Sends a command that must succeed.  `data` NULL: of any content. */
static void send(const char *cdb, uint32_t expected, const char *data)
{
	robot_command(&d.robot, 0, cdb, expected);
	robot_good(&d.robot);
	if (data != NULL)
		robot_data(&d.robot, data);
}

/* Tags of the library. */
#define BLANKS_24 "202020202020202020202020202020202020202020202020"
#define VTA(n)    "5654413030" n "4c38" BLANKS_24 "00000000"
#define CLN       "434c4e3030314355" BLANKS_24 "00000000"
#define NO_TAG                                                       \
	"0000000000000000000000000000000000000000000000000000000000" \
	"00000000000000"

#define PAGE_1D "1d 12 0001 0001 0400 0006 0010 0002 0100 0002 0000"

START_TEST(linux_ch_attaches_and_moves)
{
	send("00 20 00 00 00 00", 0, "");
	send("12 20 00 00 24 00", 36, NULL);
	ck_assert_uint_eq(d.robot.in[0], 0x08);
	/* It asks with block descriptors first; a changer has none. */
	send("1a 20 1d 00 ff 00", 255, "17 00 00 00" PAGE_1D);
	/* Each drive: bytes 6 and 7 say that its bus address is unknown. */
	send("b8 24 0100 0001 00 0000ff 00 00", 256,
	    "0100 0001 00 000018   04 00 0010 00 000010"
	    "0100 08 00 00 00 0000 00 00 0000 00000000");
	send("b8 24 0101 0001 00 0000ff 00 00", 256,
	    "0101 0001 00 000018   04 00 0010 00 000010"
	    "0101 08 00 00 00 0000 00 00 0000 00000000");
	/* Does it support volume tags? */
	send("b8 31 0001 0001 00 0000ff 00 00", 256,
	    "0001 0001 00 00003c   01 80 0034 00 000034"
	    "0001 00 00 00 00 0000 00 00 0000" NO_TAG "00000000");
	send("07 20 00 00 00 00", 0, "");
	send("2b 20 0001 0400 0000 00 00", 0, "");
	send("a5 20 0001 0400 0100 0000 00 00", 0, "");
	send("b8 34 0100 0001 00 0000ff 00 00", 256,
	    "0100 0001 00 00003c   04 80 0034 00 000034"
	    "0100 01 00 00 00 0000 00 81 0400" VTA("31") "00000000");
	/* EXCHANGE MEDIUM: the program reads "not supported". */
	robot_run(&d.robot, "a6 20 0001 0400 0100 0402 00 00");
	robot_fails(&d.robot, 5, 0x20, 0);
}
END_TEST

START_TEST(mtx_shows_the_status_and_loads)
{
	static const char slots[] =
	    "0400 0006 00 000140   02 80 0034 00 000138"
	    "0400 09 00 00 00 0000 00 01 0000" VTA(
		"31") "00000000"
		      "0401 09 00 00 00 0000 00 01 0000" VTA(
			  "32") "00000000"
				"0402 09 00 00 00 0000 00 01 0000" VTA(
				    "33") "00000000"
					  "0403 09 00 00 00 0000 00 01 0000" VTA(
					      "34") "00000000"
						    "0404 09 00 00 00 0000 00 02 0000" CLN
						    "00000000"
						    "0405 08 00 00 00 0000 00 00 0000" NO_TAG
						    "00000000";

	send("12 00 00 00 38 00", 56, NULL);
	send("1a 08 1d 00 88 00", 136, "17 00 00 00" PAGE_1D);
	/* Too short for all: the header says with what length to ask again. */
	send("b8 12 0400 0006 00 000080 00 00", 128, NULL);
	ck_assert_uint_eq(d.robot.answer.in_bytes, 8 + 8 + 2 * 52);
	ck_assert_uint_eq(get_be24(d.robot.in + 5), 0x140);
	send("b8 12 0400 0006 00 000148 00 00", 0x148, slots);
	send("b8 13 0010 0002 00 000200 00 00", 512,
	    "0010 0002 00 000070   03 80 0034 00 000068"
	    "0010 38 00 00 00 0000 00 00 0000" NO_TAG "00000000"
	    "0011 38 00 00 00 0000 00 00 0000" NO_TAG "00000000");
	send("b8 14 0100 0002 00 000200 00 00", 512,
	    "0100 0002 00 000070   04 80 0034 00 000068"
	    "0100 08 00 00 00 0000 00 00 0000" NO_TAG "00000000"
	    "0101 08 00 00 00 0000 00 00 0000" NO_TAG "00000000");
	send("b8 11 0001 0001 00 000200 00 00", 512,
	    "0001 0001 00 00003c   01 80 0034 00 000034"
	    "0001 00 00 00 00 0000 00 00 0000" NO_TAG "00000000");
	/* mtx load 3 1; mtx unload 3 1; mtx eepos 3 transfer 2 7 */
	send("a5 00 0001 0402 0101 0000 00 00", 0, "");
	send("a5 00 0001 0101 0402 0000 00 00", 0, "");
	send("a5 00 0001 0401 0010 0000 00 c0", 0, "");
	ck_assert_str_eq(disk_robot_contents(&d),
	    "16 VTA002L8 from 1025, 1024 VTA001L8, 1026 VTA003L8, "
	    "1027 VTA004L8, 1028 CLN001CU");
	/* mtx altres: all types, from 0 on, until there are no more. */
	send("b8 10 0000 0004 00 000400 00 00", 1024, NULL);
	ck_assert_uint_eq(get_be16(d.robot.in), 1);
	ck_assert_uint_eq(get_be16(d.robot.in + 2), 4);
	send("b8 10 0101 0004 00 000400 00 00", 1024, NULL);
	ck_assert_uint_eq(get_be16(d.robot.in), 257);
	send("b8 10 0403 0004 00 000400 00 00", 1024, NULL);
	ck_assert_uint_eq(get_be16(d.robot.in + 2), 3);
	robot_run(&d.robot, "b8 10 0406 0004 00 000400 00 00");
	robot_fails(&d.robot, 5, 0x21, 1);
}
END_TEST

START_TEST(bareos_reads_the_slots_from_address_0)
{
	send("12 00 00 00 60 00", 96, NULL);
	send("00 00 00 00 00 00", 0, "");
	send("1a 08 1d 00 ff 00", 255, "17 00 00 00" PAGE_1D);
	ck_assert_uint_ge(d.robot.in[0], 0x17);
	/* Its allocation length assumes descriptors of 48 bytes. */
	send("b8 12 0000 0006 00 000520 00 00", 0x520, NULL);
	ck_assert_uint_eq(get_be16(d.robot.in + 2), 6);
	ck_assert_uint_eq(d.robot.answer.in_bytes, 8 + 8 + 6 * 52);
	send("b8 14 0000 0002 00 000460 00 00", 0x460, NULL);
	ck_assert_uint_eq(get_be16(d.robot.in), 256);
	send("b8 13 0000 0002 00 000460 00 00", 0x460, NULL);
	ck_assert_uint_eq(get_be16(d.robot.in), 16);
	send("a5 00 0001 0400 0100 0000 00 00", 0, "");
	send("b8 14 0000 0002 00 000460 00 00", 0x460, NULL);
	ck_assert_uint_eq(d.robot.in[18], 0x01);
	ck_assert_uint_eq(get_be16(d.robot.in + 26), 0x0400);
}
END_TEST

START_TEST(ltfs_finds_drives_by_their_serial_numbers)
{
	/* 8 bytes first: how long is the report? */
	send("b8 14 0100 0002 01 000008 00 00", 8, "0100 0002 00 0000b4");
	send("b8 14 0100 0002 01 0000bc 00 00", 0xbc, NULL);
	ck_assert_uint_eq(d.robot.answer.in_bytes, 0xbc);
	ck_assert_mem_eq(d.robot.in + 16 + 52 + 24, "TL00000001", 10);
	ck_assert_mem_eq(d.robot.in + 16 + 86 + 52 + 24, "TL2       ", 10);
	send("b8 12 0400 0006 00 000400 00 00", 1024, NULL);
	send("b8 13 0010 0002 00 000400 00 00", 1024, NULL);
	send("1e 00 00 00 01 00", 0, "");
	send("a5 00 0000 0401 0101 0000 00 00", 0, "");
	send("1e 00 00 00 00 00", 0, "");
	send("a5 00 0000 0101 0401 0000 00 00", 0, "");
}
END_TEST

/* Others put a cartridge in: mtx loses its tags by a unit attention on B8. */
START_TEST(an_import_is_told_once_to_each_host)
{
	robot_command(&d.robot, 3, "03 00 00 00 12 00", 18);
	device_establish(smc_device(d.robot.smc), SCSI_IE_ACCESSED,
	    SCSI_EVERY_NEXUS);
	robot_run(&d.robot, "b8 13 0010 0002 00 000400 00 00");
	robot_fails(&d.robot, 6, 0x28, 1);
	robot_run(&d.robot, "b8 13 0010 0002 00 000400 00 00");
	robot_good(&d.robot);
	robot_command(&d.robot, 3, "00 00 00 00 00 00", 0);
	robot_fails(&d.robot, 6, 0x28, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("clients");
	TCase *t = tcase_create("clients");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, linux_ch_attaches_and_moves);
	tcase_add_test(t, mtx_shows_the_status_and_loads);
	tcase_add_test(t, bareos_reads_the_slots_from_address_0);
	tcase_add_test(t, ltfs_finds_drives_by_their_serial_numbers);
	tcase_add_test(t, an_import_is_told_once_to_each_host);
	return run_suite(s);
}
