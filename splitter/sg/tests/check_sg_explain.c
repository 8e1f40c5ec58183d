/*
 * check_sg_explain.c: what a message says failed, for a label, a header, a block
 * and a filemark.
 *
 * Expected: an error of cable or adapter is not said to be one of the drive.
 * Bug: the message was "the drive was reset, or its cartridge was removed".
 */
#include <check.h>
#include <string.h>

#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

enum { WRITE = 0x0a, FILEMARKS = 0x10 };

static const struct {
	uint8_t key, asc, ascq;
	enum tape_cause cause;
	const char *says;
} rows[] = {
	{ 0x0b, 0x08, 0, TAPE_POSITION_LOST, "look at cable and adapter" },
	{ 0x0b, 0x47, 1, TAPE_POSITION_LOST, "look at cable and adapter" },
	{ 0x0b, 0x4b, 0, TAPE_POSITION_LOST, "look at cable and adapter" },
	{ 4, 0x08, 0, TAPE_HARDWARE_ERROR, "look at cable and adapter" },
	{ 3, 0x30, 0, TAPE_INVALID, "cannot use this cartridge" },
	{ 3, 0x3b, 0, TAPE_POSITION_LOST, "because of a medium error" },
	{ 5, 0x74, 0, TAPE_INVALID, "encryption: " },
	{ 2, 0x74, 0x6f, TAPE_HARDWARE_ERROR, "encryption: " },
	{ 7, 0x74, 0, TAPE_WRITE_PROTECTED, "encryption: " },
};

enum { ROWS = sizeof rows / sizeof *rows, STEPS = 4 };

static void check_step(unsigned step)
{
	switch (step) {
	case 0:
		sg_stage_label();
		return;
	case 1:
		sg_stage_header();
		return;
	case 2:
		sg_stage_run(1);
		return;
	default:
		sg_stage_filemark();
	}
}

START_TEST(a_message_names_what_failed)
{
	const unsigned step = (unsigned)_i % STEPS, row = (unsigned)_i / STEPS;

	sg_stage_begin(64, 8);
	if (step > 0)
		sg_stage_write_files(1);
	for (unsigned i = 1; i < step; i++) {
		check_step(i);
		sg_stage_ck(TAPE_OK);
	}
	served_port_check(sgs.port, step == 3 ? FILEMARKS : WRITE, false,
	    &(struct served_sense){ .key = rows[row].key,
		.asc = rows[row].asc,
		.ascq = rows[row].ascq,
		.information = -1 });
	check_step(step);
	sg_stage_ck(rows[row].cause);
	ck_assert_msg(strstr(sgs.r.message, rows[row].says) != NULL, "%s",
	    sgs.r.message);
	ck_assert_msg(strstr(sgs.r.message, "drive was reset") == NULL, "%s",
	    sgs.r.message);
	ck_assert_msg(strstr(sgs.r.message, "of this size") == NULL, "%s",
	    sgs.r.message);
	ck_assert_uint_eq(sgs.r.sense.key, rows[row].key);
	sg_stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg_explain");
	TCase *t = tcase_create("sg_explain");

	tcase_add_loop_test(t, a_message_names_what_failed, 0, ROWS * STEPS);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
