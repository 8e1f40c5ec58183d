/* check_scsi_lines.c: the lines of scsi_lines.h, by typed commands. */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/tests/scsi_lines.h"
#include "vtl/tests/vtl_scratch.h"

START_TEST(the_drive_answers_as_the_line_says)
{
	size_t count;

	scsi_line_run(&scsi_lines(&count)[_i], NULL);
}
END_TEST

int main(void)
{
	size_t count;
	Suite *s = suite_create("scsi_lines");
	TCase *t = tcase_create("scsi_lines");

	scsi_lines(&count);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, the_drive_answers_as_the_line_says, 0,
	    (int)count);
	return run_suite(s);
}
