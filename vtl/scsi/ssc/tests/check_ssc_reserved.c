/*
 * check_ssc_reserved.c: which commands of a drive conflict with a reservation
 * of another initiator (the tables of SPC-2, SPC-4 and SSC-4).
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/big_endian.h"
#include "vtl/scsi/ssc/tests/ssc_fixture.h"
#include "vtl/tests/drive_fixture.h"

enum { RESERVED, WRITE_EXCLUSIVE, EXCLUSIVE_ACCESS, KINDS };

/* Whether the command is allowed, for each kind of reservation. */
static const struct {
	uint8_t opcode;
	char allowed[KINDS + 1];
} commands[] = {
	{ 0x00, "-++" }, /* TEST UNIT READY */
	{ 0x01, "-+-" }, /* REWIND */
	{ 0x03, "+++" }, /* REQUEST SENSE */
	{ 0x04, "---" }, /* FORMAT MEDIUM */
	{ 0x05, "-++" }, /* READ BLOCK LIMITS */
	{ 0x08, "-+-" }, /* READ */
	{ 0x0a, "---" }, /* WRITE */
	{ 0x0b, "---" }, /* SET CAPACITY */
	{ 0x10, "---" }, /* WRITE FILEMARKS */
	{ 0x11, "-+-" }, /* SPACE */
	{ 0x12, "+++" }, /* INQUIRY */
	{ 0x13, "-+-" }, /* VERIFY */
	{ 0x15, "---" }, /* MODE SELECT */
	{ 0x16, "---" }, /* RESERVE */
	{ 0x17, "+--" }, /* RELEASE */
	{ 0x19, "---" }, /* ERASE */
	{ 0x1a, "---" }, /* MODE SENSE */
	{ 0x1b, "---" }, /* LOAD UNLOAD */
	{ 0x1c, "---" }, /* RECEIVE DIAGNOSTIC RESULTS */
	{ 0x1d, "---" }, /* SEND DIAGNOSTIC */
	{ 0x1e, "+++" }, /* ALLOW MEDIUM REMOVAL */
	{ 0x2b, "-+-" }, /* LOCATE */
	{ 0x34, "-++" }, /* READ POSITION */
	{ 0x3b, "---" }, /* WRITE BUFFER */
	{ 0x3c, "---" }, /* READ BUFFER */
	{ 0x44, "-++" }, /* REPORT DENSITY SUPPORT */
	{ 0x4c, "---" }, /* LOG SELECT */
	{ 0x4d, "+++" }, /* LOG SENSE */
	{ 0x55, "---" }, /* MODE SELECT */
	{ 0x56, "---" }, /* RESERVE */
	{ 0x57, "+--" }, /* RELEASE */
	{ 0x5a, "---" }, /* MODE SENSE */
	{ 0x5e, "-++" }, /* PERSISTENT RESERVE IN */
	{ 0x5f, "-++" }, /* PERSISTENT RESERVE OUT */
	{ 0x80, "---" }, /* WRITE FILEMARKS */
	{ 0x82, "---" }, /* ALLOW OVERWRITE */
	{ 0x8c, "-+-" }, /* READ ATTRIBUTE */
	{ 0x8d, "---" }, /* WRITE ATTRIBUTE */
	{ 0x8f, "-+-" }, /* VERIFY */
	{ 0xa4, "---" }, /* SET TIMESTAMP */
	{ 0x91, "-+-" }, /* SPACE */
	{ 0x92, "-+-" }, /* LOCATE */
	{ 0x93, "---" }, /* ERASE */
	{ 0xa0, "+++" }, /* REPORT LUNS */
	{ 0xa3, "-++" }, /* MAINTENANCE IN */
};

static struct ssc_fixture on;

static void set_up(void)
{
	scratch_setup();
	ssc_make(&on, NULL, NULL);
}

static void tear_down(void)
{
	ssc_finish(&on);
	scratch_teardown();
}

static void reserve(unsigned kind)
{
	if (kind == RESERVED) {
		ssc_expect(&on, "16", 0, "good");
		return;
	}
	memset(on.out, 0, 24);
	on.out[15] = 1;
	ssc_expect(&on, "5f 00 00 00 00 00 00 00 18", 24, "good");
	on.out[7] = 1;
	ssc_expect(&on,
	    kind == WRITE_EXCLUSIVE ? "5f 01 01 00 00 00 00 00 18"
				    : "5f 01 03 00 00 00 00 00 18",
	    24, "good");
}

START_TEST(commands_conflict_as_the_tables_say)
{
	const struct device_port port = { .initiator = "iqn.1999-01.a:1" };
	size_t rows, found = 0;
	uint8_t list[4096];

	device_nexus_open(on.device, 1, &port);
	on.nexus = 1;
	ssc_expect(&on, "00", 0, "6/29/00");
	on.nexus = 0;
	ssc_do(&on, "a3 0c 00 00 00 00 00 00 10 00", 4096);
	rows = get_be32(on.in) / 8;
	ck_assert_uint_gt(rows, 40);
	ck_assert_uint_le(4 + 8 * rows, sizeof list);
	memcpy(list, on.in + 4, 8 * rows);
	reserve((unsigned)_i);
	on.nexus = 1;
	for (size_t i = 0; i < rows; i++) {
		char cdb[16], is;
		size_t k = 0;

		snprintf(cdb, sizeof cdb, "%02x %02x", list[8 * i],
		    list[8 * i + 3]);
		while (k < sizeof commands / sizeof commands[0] &&
		    commands[k].opcode != list[8 * i])
			k++;
		ck_assert_msg(k < sizeof commands / sizeof commands[0],
		    "%s is not in the table", cdb);
		found++;
		ssc_do(&on, cdb, 0);
		is =
		    on.answer.status == DEVICE_RESERVATION_CONFLICT ? '-' : '+';
		ck_assert_msg(is == commands[k].allowed[_i],
		    "%s, reservation %d: %s", cdb, _i,
		    is == '+' ? "is allowed" : "conflicts");
	}
	ck_assert_uint_eq(found, rows);
	ssc_expect(&on, "1e 00 00 00 01", 0, "status 18h");
}
END_TEST

/* SPC-2: RESERVE ends with a reset; SPC-4: a registration does not. */
START_TEST(a_drive_that_is_reset_forgets_who_reserved_it)
{
	const struct device_port port = { .initiator = "iqn.1999-01.a:1" };
	const struct drive_fault fault = { .nth = 1,
		.op = DRIVE_REWIND,
		.mode = DRIVE_FAULT_RESET,
		.once = true };

	device_nexus_open(on.device, 1, &port);
	on.nexus = 1;
	ssc_expect(&on, "00", 0, "6/29/00");
	on.nexus = 0;
	reserve((unsigned)_i);
	ck_assert_int_eq(drive_add_fault(scsi_drive(on.unit), &fault), 0);
	ssc_expect(&on, "01", 0, "6/29/00");
	on.nexus = 1;
	ssc_expect(&on, "01", 0, "6/29/00");
	ssc_expect(&on, "1e 00 00 00 01", 0,
	    _i == RESERVED ? "good" : "status 18h");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ssc_reserved");
	TCase *t = tcase_create("ssc_reserved");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, commands_conflict_as_the_tables_say, 0, KINDS);
	tcase_add_loop_test(t, a_drive_that_is_reset_forgets_who_reserved_it, 0,
	    KINDS);
	return run_suite(s);
}
