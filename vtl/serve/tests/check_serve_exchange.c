/*
 * check_serve_exchange.c: a snapshot, a clone or a restore of a library that is
 * served, and errors that a drive has not reported before.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

#define WRITE_512 "0a 00 00 02 00 00"
#define FILEMARK  "10 00 00 00 01 00"
#define UNLOAD    "1b 00 00 00 00 00"
#define LOAD      "1b 00 00 00 01 00"

static struct served s;

static void ask(const char *request)
{
	ck_assert_str_eq(served_ask(request), "{}");
}

static void clone(const char *name)
{
	char request[256];

	snprintf(request, sizeof request,
	    "{\"do\": \"clone\", \"name\": \"%s\"}", scratch_path(name));
	ask(request);
}

/* Drive 0 has a volume whose block 2 cannot be written, with this sense data. */
static void make_defect(int key, int asc)
{
	char request[512];

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	snprintf(request, sizeof request,
	    "{\"do\": \"defect\", \"barcode\": \"VTA001L8\", \"defect\": "
	    "{\"at\": 2, \"key\": %d, \"asc\": %d, \"ascq\": 0, \"once\": true, "
	    "\"fail\": %d, \"partition\": 0, \"unit\": %d, \"file\": 0, "
	    "\"length\": 1, \"recover_after\": 0, \"one_in\": 0, "
	    "\"slowdown\": 0, \"fault\": 0}}",
	    key, asc, VOLUME_FAIL_WRITE, VOLUME_OBJECTS);
	ck_assert_str_eq(served_ask(request), "{\"served\":true}");
}

static void write_blocks(void)
{
	for (int i = 0; i < 6; i++)
		served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
}

/* The next command of the initiator gets the deferred error, and is not done. */
static void expect_deferred(const char *cdb, const char *sense)
{
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_fails(&s, SERVED_DRIVE_0, cdb, 0, sense);
	ck_assert(s.answer.decoded.deferred);
}

/*
 * Expected: an initiator learns that blocks were lost which it had written.
 * Bug: the snapshot made the drive write them, and no initiator got the error.
 */
START_TEST(a_snapshot_leaves_the_error_of_a_buffer_to_its_initiator)
{
	make_defect(3, 0x0c);
	write_blocks();
	ask("{\"do\": \"snapshot\", \"name\": \"mid\"}");
	ck_assert_msg(strstr(s.warned,
			  "drive:0: the end of VTA001L8 could not "
			  "be written (sense 3/0C/00)") != NULL,
	    "%s", s.warned);
	expect_deferred(FILEMARK, "3/0C/00");
	served_good(&s, SERVED_DRIVE_0, FILEMARK, 0);
	served_end(&s);
}
END_TEST

/* The buffer is empty at the second copy, and the error still not reported. */
START_TEST(an_error_stays_pending_over_several_copies)
{
	make_defect(3, 0x0c);
	write_blocks();
	clone("first");
	clone("second");
	/* Both initiators get the unit attention, one the error. */
	ck_assert_str_eq(served_do(&s, 1, SERVED_DRIVE_0, SERVED_READY, 0),
	    "6/28/00");
	expect_deferred(UNLOAD, "3/0C/00");
	served_good(&s, SERVED_DRIVE_0, UNLOAD, 0);
	clone("third");
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	served_good(&s, SERVED_DRIVE_0, LOAD, 0);
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_end(&s);
}
END_TEST

START_TEST(a_snapshot_repairs_no_drive_that_has_failed)
{
	make_defect(4, 0x44);
	write_blocks();
	ask("{\"do\": \"snapshot\", \"name\": \"first\"}");
	expect_deferred(FILEMARK, "4/44/00");
	served_fails(&s, SERVED_DRIVE_0, FILEMARK, 0, "4/44/00");
	ask("{\"do\": \"snapshot\", \"name\": \"second\"}");
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_fails(&s, SERVED_DRIVE_0, WRITE_512, 512, "4/44/00");
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	served_end(&s);
}
END_TEST

/* The blocks are gone with the volume that they were written to. */
START_TEST(a_restore_takes_the_error_away_with_the_volume)
{
	make_defect(3, 0x0c);
	ask("{\"do\": \"snapshot\", \"name\": \"loaded\"}");
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	write_blocks();
	ask("{\"do\": \"restore\", \"name\": \"loaded\"}");
	ck_assert_ptr_nonnull(strstr(s.warned, "could not be written"));
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_0, FILEMARK, 0);
	served_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve exchange");
	TCase *t = tcase_create("exchange");

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t,
	    a_snapshot_leaves_the_error_of_a_buffer_to_its_initiator);
	tcase_add_test(t, an_error_stays_pending_over_several_copies);
	tcase_add_test(t, a_snapshot_repairs_no_drive_that_has_failed);
	tcase_add_test(t, a_restore_takes_the_error_away_with_the_volume);
	return run_suite(suite);
}
