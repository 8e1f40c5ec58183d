/*
 * check_ssc.c: the commands of a drive as bytes: fields of the CDB, READ
 * POSITION in all its forms, IMMED, load and unload.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/big_endian.h"
#include "vtl/scsi/ssc/tests/ssc_fixture.h"
#include "vtl/tests/drive_fixture.h"

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

START_TEST(blocks_are_written_and_read)
{
	uint8_t written[100];

	memcpy(written, on.out, sizeof written);
	ssc_expect(&on, "0a 00 00 00 64 00", 100, "good");
	ssc_expect(&on, "10 00 00 00 01 00", 0, "good");
	ssc_expect(&on, "01 00 00 00 00 00", 0, "good");
	ssc_expect(&on, "08 00 00 00 64 00", 100, "good in 100");
	ck_assert_mem_eq(on.in, written, sizeof written);
	ssc_expect(&on, "08 00 00 00 64 00", 100, "0/00/01f=100 residual 100");
	ssc_expect(&on, "08 00 00 00 64 00", 100, "8/00/05=100 residual 100");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ssc");
	TCase *t = tcase_create("ssc");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, blocks_are_written_and_read);
	return run_suite(s);
}
