/*
 * check_serve_faults.c: a library that is served, and its faults: those that were
 * asked for, and those of this machine.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

/* slot 2 to drive 0; blocks of 512 bytes */
#define LOAD_SLOT2 "a5 00 00 01 04 01 01 00 00 00 00 00"
#define WRITE_512  "0a 00 00 02 00 00"
#define UNLOAD     "1b 00 00 00 00 00"
#define LOAD       "1b 00 00 00 01 00"
/* slot 2 to drive 1 */
#define LOAD_IN_DRIVE_1 "a5 00 00 01 04 01 01 01 00 00 00 00"
#define FILEMARK        "10 00 00 00 01 00"

static struct served s;

static struct changer *open_changer(void)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c =
	    changer_open(scratch_path("lib"), "a test", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

static void add_fault(const struct drive_fault *fault)
{
	const struct changer_drive_fault stored = { .drive = 0,
		.fault = *fault };
	struct changer *c = open_changer();

	ck_assert_int_eq(changer_add_drive_fault(c, &stored), CHANGER_OK);
	changer_close(c);
}

/* Returns the numbers of the faults that never struck, as "1 2". */
static const char *unstruck(void)
{
	static char text[64];
	struct serve_fault *faults;
	size_t count, i, n = 0;

	text[0] = '\0';
	ck_assert(serve_list_unstruck(s.serve, &faults, &count));
	for (i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%d",
		    i > 0 ? " " : "", (int)faults[i].id);
	free(faults);
	return text;
}

static void ask(const char *request)
{
	ck_assert_str_eq(served_ask(request), "{}");
}

static void remove_fault(int64_t id)
{
	struct changer *c = open_changer();

	ck_assert_int_eq(changer_remove_fault(c, id), CHANGER_OK);
	changer_close(c);
}

#define TAKE    "{\"do\": \"snapshot\", \"name\": \"s\"}"
#define RESTORE "{\"do\": \"restore\", \"name\": \"s\"}"
#define CHANGED "{\"do\": \"changed\"}"

static const struct drive_fault late = { .nth = 100,
	.op = DRIVE_WRITE,
	.once = true,
	.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
static const struct drive_fault first = { .nth = 1,
	.op = DRIVE_WRITE,
	.once = true,
	.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };

/*
 * Expected: a fault that a restore or a command removes before it has struck
 * counts as one that never struck.
 * Bug: only the faults of the library at the end were looked at.
 */
START_TEST(a_fault_that_was_removed_unstruck_never_struck)
{
	served_make(&s);
	ask(TAKE);
	for (int i = 0; i < 2; i++) {
		add_fault(&late);
		ask(CHANGED);
		ask(RESTORE);
	}
	/* The numbers begin again. */
	ck_assert_str_eq(unstruck(), "1 1");
	add_fault(&late);
	ask(CHANGED);
	remove_fault(1);
	ask(CHANGED);
	ck_assert_str_eq(unstruck(), "1 1 1");
	served_end(&s);
}
END_TEST

START_TEST(a_fault_that_was_removed_after_it_struck_is_none_of_them)
{
	const struct changer_fault stuck = {
		.mode = CHANGER_FAULT_STUCK, .nth = 1, .once = true
	};
	struct changer *c;

	served_make(&s);
	ask(TAKE);
	for (int i = 0; i < 2; i++) {
		served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
		served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
		add_fault(&first);
		c = open_changer();
		ck_assert_int_eq(changer_add_fault(c, &stuck), CHANGER_OK);
		changer_close(c);
		ask(CHANGED);
		ck_assert_str_ne(unstruck(), "");
		served_fails(&s, SERVED_DRIVE_0, WRITE_512, 512, "3/0C/00");
		served_fails(&s, SERVED_CHANGER, LOAD_IN_DRIVE_1, 0, "4/15/01");
		if (i == 0) {
			remove_fault(1);
			remove_fault(2);
			ask(CHANGED);
		}
		ask(RESTORE);
		served_fails(&s, SERVED_CHANGER, SERVED_READY, 0, "6/28/00");
	}
	ck_assert_str_eq(unstruck(), "");
	served_end(&s);
}
END_TEST

/*
 * Expected: the fault that the restore removed never struck.
 * Bug: another fault got its number, and struck before the server looked: that
 * counted as a strike of the removed one.
 */
START_TEST(a_strike_is_that_of_the_fault_in_the_library)
{
	const struct changer_fault stuck = {
		.mode = CHANGER_FAULT_STUCK, .nth = 1, .once = true
	};
	struct changer *c;

	served_make(&s);
	ask(TAKE);
	add_fault(&late);
	ask(CHANGED);
	ask(RESTORE);
	served_fails(&s, SERVED_CHANGER, SERVED_READY, 0, "6/28/00");
	c = open_changer();
	ck_assert_int_eq(changer_add_fault(c, &stuck), CHANGER_OK);
	changer_close(c);
	served_fails(&s, SERVED_CHANGER, LOAD_IN_DRIVE_1, 0, "4/15/01");
	ask(CHANGED);
	ck_assert_str_eq(unstruck(), "1");
	served_end(&s);
}
END_TEST

/* Each test begins with a restore, also the first one. */
START_TEST(a_fault_of_the_snapshot_is_the_same_after_a_restore)
{
	served_make(&s);
	add_fault(&first);
	add_fault(&late);
	ask(CHANGED);
	ask(TAKE);
	ask(RESTORE);
	ck_assert_str_eq(unstruck(), "1 2");
	served_fails(&s, SERVED_CHANGER, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_fails(&s, SERVED_DRIVE_0, WRITE_512, 512, "3/0C/00");
	ask(RESTORE);
	ck_assert_str_eq(unstruck(), "2");
	served_end(&s);
}
END_TEST

/*
 * Expected: a snapshot changes neither when a fault strikes nor whether the
 * cartridge is loaded.
 * Bug: faults counted from the snapshot on, and it loaded a cartridge that an
 * initiator had unloaded.
 */
START_TEST(a_snapshot_leaves_faults_and_an_unloaded_cartridge_alone)
{
	const struct drive_fault third = { .nth = 3,
		.op = DRIVE_WRITE,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	const struct drive_fault load = { .nth = 1,
		.op = DRIVE_LOAD,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x53, 0, 0, 0 } };

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	add_fault(&third);
	add_fault(&load);
	ask(CHANGED);
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	ask(TAKE);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_fails(&s, SERVED_DRIVE_0, WRITE_512, 512, "3/0C/00");
	served_good(&s, SERVED_DRIVE_0, UNLOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	ask("{\"do\": \"snapshot\", \"name\": \"unloaded\"}");
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	ck_assert_str_eq(unstruck(), "2");
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	served_end(&s);
}
END_TEST

/* The loads since the last cleaning are those of the snapshot, too. */
START_TEST(a_restored_drive_requests_cleaning_when_it_would_have)
{
	const struct drive_options dirty = { .clean_after_loads = 2 };

	on_disk_make(&dirty);
	served_open(&s, NULL);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	ask(TAKE);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	for (int i = 0; i < 2; i++) {
		served_good(&s, SERVED_DRIVE_0, UNLOAD, 0);
		ck_assert_str_eq(served_do(&s, 0, SERVED_DRIVE_0, LOAD, 0),
		    i == 0 ? "good" : "1/00/17");
	}
	ask(RESTORE);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_0, UNLOAD, 0);
	served_good(&s, SERVED_DRIVE_0, LOAD, 0);
	served_end(&s);
}
END_TEST

START_TEST(a_fault_applies_at_once_and_is_spent)
{
	const struct drive_fault second = {
		.nth = 2,
		.op = DRIVE_WRITE,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 },
	};

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	add_fault(&second);
	served_ask("{\"do\": \"changed\"}");
	ck_assert_str_eq(unstruck(), "1");
	/* It counts from now on. */
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	served_fails(&s, SERVED_DRIVE_0, WRITE_512, 512, "3/0C/00");
	served_good(&s, SERVED_DRIVE_0, WRITE_512, 512);
	ck_assert_str_eq(unstruck(), "");
	served_end(&s);
}
END_TEST

START_TEST(a_behaviour_applies_from_the_next_load_on)
{
	const struct drive_options behaviour = { .buffering =
						     DRIVE_UNBUFFERED };
	struct changer *c;

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	c = open_changer();
	ck_assert_int_eq(changer_set_behaviour(c, 0, &behaviour), CHANGER_OK);
	changer_close(c);
	served_ask("{\"do\": \"changed\"}");
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	/* MODE SENSE: buffered mode 1 in bits 6 to 4 */
	served_good(&s, SERVED_DRIVE_0, "1a 00 00 00 0c 00", 12);
	ck_assert_uint_eq(s.in[2] & 0x70, 0x10);
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/2A/01");
	served_good(&s, SERVED_DRIVE_0, "1a 00 00 00 0c 00", 12);
	ck_assert_uint_eq(s.in[2] & 0x70, 0);
	served_end(&s);
}
END_TEST

START_TEST(a_robot_fault_is_reported_to_the_initiator)
{
	const struct changer_fault stuck = {
		.mode = CHANGER_FAULT_STUCK, .nth = 1, .once = true
	};
	struct changer *c;

	served_make(&s);
	c = open_changer();
	ck_assert_int_eq(changer_add_fault(c, &stuck), CHANGER_OK);
	served_fails(&s, SERVED_CHANGER, SERVED_LOAD, 0, "4/15/01");
	ck_assert_uint_eq(served_where("VTA001L8"), 1024);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	/* The drive has unloaded; the robot leaves the cartridge there. */
	ck_assert_int_eq(changer_add_fault(c, &stuck), CHANGER_OK);
	served_fails(&s, SERVED_CHANGER, SERVED_UNLOAD, 0, "4/15/01");
	ck_assert_uint_eq(served_where("VTA001L8"), 256);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	served_good(&s, SERVED_DRIVE_0, "1b 00 00 00 01 00", 0); /* LOAD */
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	changer_close(c);
	served_end(&s);
}
END_TEST

/* Bug: the move was reported as done, and the drive stayed empty. */
START_TEST(a_volume_that_cannot_be_opened_is_not_loaded)
{
	served_make(&s);
	ck_assert_int_eq(truncate(scratch_path("lib/VTA001L8.tape"), 10), 0);
	served_fails(&s, SERVED_CHANGER, SERVED_LOAD, 0, "4/53/00");
	ck_assert_uint_eq(served_where("VTA001L8"), 1024);
	ck_assert_msg(strstr(s.warned, "drive:0: cannot load VTA001L8") != NULL,
	    "%s", s.warned);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "2/3A/00");
	served_good(&s, SERVED_CHANGER, LOAD_SLOT2, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	served_good(&s, SERVED_DRIVE_0, SERVED_READY, 0);
	served_end(&s);
}
END_TEST

/* Writes blocks and filemarks until one fails.  Returns its sense. */
static const char *fill_drive_0(void)
{
	const char *sense = "good";

	for (int i = 0; i < 5000 && strcmp(sense, "good") == 0; i++) {
		sense = served_do(&s, 0, SERVED_DRIVE_0, WRITE_512, 512);
		if (strcmp(sense, "good") == 0)
			sense = served_do(&s, 0, SERVED_DRIVE_0, FILEMARK, 0);
	}
	return sense;
}

/* The initiator gets a medium error: only the server knows whose fault it is. */
START_TEST(a_disk_of_the_server_that_is_full_is_reported_once)
{
	const struct rlimit limit = { 128 << 10, RLIM_INFINITY };

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	ck_assert_str_eq(s.warned, "");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_str_eq(fill_drive_0(), "3/0C/00");
	ck_assert_msg(strstr(s.warned, "drive:0: volume ") != NULL &&
		strstr(s.warned, "VTA001L8.tape: cannot ") != NULL,
	    "%s", s.warned);
	s.warned[0] = '\0';
	ck_assert_str_ne(fill_drive_0(), "good");
	ck_assert_str_eq(s.warned, "");
	served_good(&s, SERVED_CHANGER, SERVED_UNLOAD, 0);
	served_end(&s);
}
END_TEST

/*
 * Expected: a command that does not lock the device does not look at the volume.
 * Bug: one that failed did, while another thread could close the volume.
 */
START_TEST(a_command_beside_others_does_not_report_the_disk)
{
	const struct rlimit limit = { 4096, RLIM_INFINITY },
			    none = { RLIM_INFINITY, RLIM_INFINITY };

	served_make(&s);
	served_good(&s, SERVED_CHANGER, SERVED_LOAD, 0);
	served_fails(&s, SERVED_DRIVE_0, SERVED_READY, 0, "6/28/00");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_ptr_nonnull(strstr(
	    served_ask("{\"do\": \"defect\", \"barcode\": \"VTA001L8\", "
		       "\"defect\": {\"at\": 1, \"key\": 3, \"asc\": 12, "
		       "\"ascq\": 0, \"fail\": 0, \"partition\": 0, "
		       "\"unit\": 0, \"file\": 0, \"length\": 1, "
		       "\"recover_after\": 0, \"one_in\": 0, "
		       "\"slowdown\": 0, \"fault\": 1}}"),
	    "cannot "));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	/* INQUIRY of a page that does not exist; then MODE SENSE of one. */
	served_fails(&s, SERVED_DRIVE_0, "12 00 05 00 24 00", 36, "5/24/00");
	ck_assert_str_eq(s.warned, "");
	served_fails(&s, SERVED_DRIVE_0, "1a 00 05 00 24 00", 36, "5/24/00");
	ck_assert_ptr_nonnull(strstr(s.warned, "VTA001L8.tape: cannot "));
	served_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("serve faults");
	TCase *t = tcase_create("faults");

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, a_fault_that_was_removed_unstruck_never_struck);
	tcase_add_test(t,
	    a_fault_that_was_removed_after_it_struck_is_none_of_them);
	tcase_add_test(t, a_strike_is_that_of_the_fault_in_the_library);
	tcase_add_test(t, a_fault_of_the_snapshot_is_the_same_after_a_restore);
	tcase_add_test(t,
	    a_snapshot_leaves_faults_and_an_unloaded_cartridge_alone);
	tcase_add_test(t,
	    a_restored_drive_requests_cleaning_when_it_would_have);
	tcase_add_test(t, a_fault_applies_at_once_and_is_spent);
	tcase_add_test(t, a_behaviour_applies_from_the_next_load_on);
	tcase_add_test(t, a_robot_fault_is_reported_to_the_initiator);
	tcase_add_test(t, a_volume_that_cannot_be_opened_is_not_loaded);
	tcase_add_test(t, a_disk_of_the_server_that_is_full_is_reported_once);
	tcase_add_test(t, a_command_beside_others_does_not_report_the_disk);
	return run_suite(suite);
}
