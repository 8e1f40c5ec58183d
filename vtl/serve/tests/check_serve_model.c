/*
 * check_serve_model.c: changers of several makers, and the identities of a
 * library, as initiators see them.
 */
#include <check.h>
#include <stdio.h>

#include "splitter/tests/run_suite.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

static struct served s;

/* Serves the library with the changer of another maker. */
static void serve_as(const char *product)
{
	char sql[128];

	on_disk_make(NULL);
	snprintf(sql, sizeof sql,
	    "update elements set vendor = 'IBM', product = '%s' where address "
	    "= 1",
	    product);
	scratch_sql("lib/library.db", sql);
	served_open(&s, NULL);
}

START_TEST(a_changer_behaves_as_its_model)
{
	serve_as("3576-MTL");
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	/* This one does not make a drive unload. */
	served_fails(&s, SERVED_CHANGER, SERVED_UNLOAD, 0, "5/53/01");
	served_good(&s, SERVED_DRIVE_0, "1b 00 00 00 00 00", 0);
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	served_end(&s);
}
END_TEST

START_TEST(an_ibm_3584_tells_only_identifiers)
{
	serve_as("03584L32");
	served_good(&s, SERVED_CHANGER, "b8 04 01 00 00 01 01 00 04 00 00 00",
	    1024);
	ck_assert_uint_eq(s.in[18], 0x04);
	ck_assert_uint_eq(s.in[20], 0x81);
	ck_assert_mem_eq(s.in + 32, "IBM     ULTRIUM-TD8     ", 24);
	served_fails(&s, SERVED_CHANGER, "b8 14 01 00 00 01 01 00 04 00 00 00",
	    1024, "5/24/00");
	served_end(&s);
}
END_TEST

START_TEST(identities_are_those_of_the_library)
{
	struct serve_device changer, drive;

	on_disk_make(NULL);
	scratch_sql("lib/library.db",
	    "update elements set vendor = 'HPE', product = 'Ultrium 9-SCSI', "
	    "serial = 'OWN0000001' where address = 256");
	served_open(&s, NULL);
	changer = serve_get_device(s.serve, SERVED_CHANGER);
	drive = serve_get_device(s.serve, SERVED_DRIVE_0);
	ck_assert_uint_eq(serve_device_count(s.serve), 3);
	ck_assert_str_eq(drive.identity->serial, "OWN0000001");
	ck_assert_str_eq(drive.identity->changer_serial,
	    changer.identity->serial);
	ck_assert_uint_eq(drive.identity->element_address, 256);
	served_good(&s, SERVED_DRIVE_0, "12 00 00 00 24 00", 36);
	ck_assert_mem_eq(s.in + 8, "HPE     Ultrium 9-SCSI  ", 24);
	served_good(&s, SERVED_DRIVE_1, "12 00 00 00 24 00", 36);
	ck_assert_mem_eq(s.in + 8, "IBM     ULTRIUM-TD8     ", 24);
	served_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve_model");
	TCase *t = tcase_create("serve_model");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, identities_are_those_of_the_library);
	tcase_add_test(t, a_changer_behaves_as_its_model);
	tcase_add_test(t, an_ibm_3584_tells_only_identifiers);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
