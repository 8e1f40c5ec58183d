/*
 * check_library_strikes.c: a library on disk counts how often each fault of its
 * drives and its volumes strikes, and a fault with `once` strikes once.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/library/drive_setup.h"
#include "vtl/library/tests/disk_drives.h"
#include "vtl/tests/vtl_scratch.h"

/*
 * Tells a process that uses the second drive to write; returns whether that
 * write failed.
 */
static bool another_fails(int *ask, int *answer)
{
	char byte = 0;

	ck_assert_int_eq(write(ask[1], &byte, 1), 1);
	ck_assert_int_eq(read(answer[0], &byte, 1), 1);
	return byte;
}

static pid_t start_another(int *ask, int *answer)
{
	char byte = 0;
	pid_t pid;

	ck_assert_int_eq(pipe(ask), 0);
	ck_assert_int_eq(pipe(answer), 0);
	pid = fork();
	if (pid != 0)
		return pid;
	close(ask[1]);
	struct library *library = on_disk_open(NULL);
	struct drive *drive = disk_load(library);

	while (write(answer[1], &byte, 1) == 1 && read(ask[0], &byte, 1) == 1)
		byte = (char)disk_write_fails(drive);
	library_free(library);
	_exit(0);
}

START_TEST(a_fault_that_applies_once_applies_in_one_process)
{
	const struct drive_fault once = { .nth = 1,
		.op = DRIVE_WRITE,
		.sense = disk_medium_error,
		.once = true };
	struct library *library;
	int ask[2], answer[2];
	char byte;
	pid_t pid;

	disk_add_fault(-1, &once);
	pid = start_another(ask, answer);
	/* The other process has its drive, and with the drive the fault. */
	ck_assert_int_eq(read(answer[0], &byte, 1), 1);
	library = on_disk_open(NULL);
	ck_assert(disk_write_fails(disk_load(library)));
	ck_assert_uint_eq(disk_count_faults(), 0);
	ck_assert(!another_fails(ask, answer));
	library_free(library);
	library = on_disk_open(NULL);
	ck_assert(!disk_write_fails(disk_load(library)));
	library_free(library);
	close(ask[1]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

static void count(void *arg, const struct library_incident *incident)
{
	ck_assert_ptr_nonnull(incident->fault);
	ck_assert_int_eq(incident->fault->id, 1);
	++*(int *)arg;
}

/*
 * Expected: the observer of a library sees the strikes of faults that are stored
 * in it.  Bug: it saw only those of other faults, and a story with a fault of a
 * drive failed, because the fault "never struck".
 */
START_TEST(an_observer_sees_the_strikes_of_stored_faults)
{
	const struct drive_fault once = { .nth = 2,
		.op = DRIVE_WRITE,
		.sense = disk_medium_error,
		.once = true };
	struct library *library;
	struct drive *drive;
	int seen = 0;

	disk_add_fault(-1, &once);
	library = on_disk_open(NULL);
	library_observe(library, count, &seen);
	drive = disk_load(library);
	ck_assert(!disk_write_fails(drive));
	ck_assert_int_eq(seen, 0);
	ck_assert(disk_write_fails(drive));
	ck_assert_int_eq(seen, 1);
	ck_assert(!disk_write_fails(drive));
	ck_assert_int_eq(seen, 1);
	library_free(library);
}
END_TEST

static char warned[VOLUME_MESSAGE_BYTES];

static void warn(void *arg, const char *message)
{
	snprintf(arg, sizeof warned, "%s", message);
}

/*
 * Expected: a fault that cannot be marked as spent is applied, with a message.
 * Bug: the fault was not applied, so a test that injected it passed.
 */
START_TEST(a_fault_that_cannot_be_marked_as_spent_is_applied)
{
	const struct library_options options = { .program = "a test",
		.drive = -1,
		.warn = warn,
		.warn_arg = warned };
	const struct drive_fault once = { .nth = 2,
		.op = DRIVE_WRITE,
		.sense = disk_medium_error,
		.once = true };
	struct library *library;
	struct drive *drive;

	disk_add_fault(-1, &once);
	library = on_disk_open(&options);
	drive = disk_load(library);
	ck_assert(!disk_write_fails(drive));
	scratch_sql("lib/library.db",
	    "alter table drive_faults rename to elsewhere");
	ck_assert(disk_write_fails(drive));
	ck_assert_msg(strstr(warned,
			  "fault 1: it has applied, and this could not be "
			  "stored") != NULL,
	    "%s", warned);
	/* This process does not apply the fault again. */
	ck_assert(!disk_write_fails(drive));
	scratch_sql("lib/library.db",
	    "alter table elsewhere rename to drive_faults");
	ck_assert_uint_eq(disk_count_faults(), 1);
	library_free(library);
}
END_TEST

/* Returns the strikes of a fault; -1: there is no such fault. */
static int64_t strikes(int64_t id)
{
	struct changer *c = disk_changer(true);
	struct changer_strikes *list;
	int64_t found = -1;
	size_t count, i;

	ck_assert_int_eq(changer_list_strikes(c, &list, &count), CHANGER_OK);
	for (i = 0; i < count; i++)
		if (list[i].id == id)
			found = (int64_t)list[i].strikes;
	free(list);
	changer_close(c);
	return found;
}

START_TEST(strikes_are_counted_at_once_and_at_the_unload)
{
	const struct drive_fault second = { .nth = 2,
		.op = DRIVE_WRITE,
		.sense = disk_medium_error },
				 slow = { .nth = 1,
					 .op = DRIVE_WRITE,
					 .mode = DRIVE_FAULT_SLOW,
					 .slowdown = 2 };
	struct library *library;
	struct drive *drive;

	disk_add_fault(0, &second);
	disk_add_fault(-1, &slow);
	library = on_disk_open(NULL);
	drive = disk_load(library);
	ck_assert(!disk_write_fails(drive));
	ck_assert_int_eq(strikes(1), 0);
	ck_assert(disk_write_fails(drive));
	ck_assert_int_eq(strikes(1), 1);
	ck_assert(disk_write_fails(drive));
	ck_assert(disk_write_fails(drive));
	library_free(library);
	ck_assert_int_eq(strikes(1), 3);
	/* A write that fails is not slow. */
	ck_assert_int_eq(strikes(2), 1);
}
END_TEST

START_TEST(faults_are_read_again_while_the_drive_is_in_use)
{
	const struct drive_fault second = {
		.nth = 2, .op = DRIVE_WRITE, .sense = disk_medium_error
	};
	struct drive_setup setup = { .model = model_find("lto8") };
	struct changer *c;

	disk_add_fault(0, &second);
	setup.changer = disk_changer(false);
	setup.drive = drive_new(setup.model);
	ck_assert_int_eq(drive_setup_before_load(&setup), CHANGER_OK);
	ck_assert_uint_eq(setup.faults_count, 1);
	disk_add_fault(-1, &second);
	disk_add_fault(1, &second); /* of the other drive */
	c = disk_changer(false);
	ck_assert_int_eq(changer_remove_fault(c, 1), CHANGER_OK);
	changer_close(c);
	ck_assert_int_eq(drive_setup_read_faults(&setup, 5), CHANGER_OK);
	ck_assert_int_eq(drive_setup_read_faults(&setup, 5), CHANGER_OK);
	ck_assert_uint_eq(setup.faults_count, 1);
	ck_assert_int_eq(setup.faults[0].id, 2);
	drive_setup_end(&setup);
	drive_free(setup.drive);
	changer_close(setup.changer);
}
END_TEST

/* Adds a defect to a volume, which is a fault of the library. */
static int64_t add_defect(const char *barcode, struct volume_defect defect)
{
	struct changer_volume_fault fault = { .entry = (char[]){ "{}" },
		.once = defect.once };
	char message[VOLUME_MESSAGE_BYTES], path[64];
	struct changer *c = disk_changer(false);
	struct volume *volume;

	strcpy(fault.barcode, barcode);
	ck_assert_int_eq(changer_add_volume_fault(c, &fault, &defect.fault),
	    CHANGER_OK);
	changer_close(c);
	snprintf(path, sizeof path, "lib/%s.tape", barcode);
	volume = volume_open(scratch_path(path), false, message);
	ck_assert_msg(volume != NULL, "%s", message);
	ck_assert_int_eq(volume_defect_add(volume, &defect), 0);
	ck_assert_int_eq(volume_close(volume, message), 0);
	return defect.fault;
}

START_TEST(strikes_of_a_defect_are_counted_at_once_and_at_the_unload)
{
	const struct volume_defect slow = { .fail = VOLUME_FAIL_SLOW,
		.unit = VOLUME_OBJECTS,
		.at = 1,
		.length = 4,
		.slowdown = 2 };
	const struct volume_defect soft = { .unit = VOLUME_OBJECTS,
		.at = 2,
		.once = true,
		.sense = { SENSE_RECOVERED, 0x0c, 0, 0, 0 } };
	int64_t ids[] = { add_defect("VTA001L8", slow),
		add_defect("VTA001L8", soft), add_defect("VTA002L8", slow) };
	struct library *library = on_disk_open(NULL);
	struct drive *drive = disk_load(library);
	struct drive_result result;

	disk_write(drive, 1);
	ck_assert_int_eq(strikes(ids[0]), 0);
	disk_write(drive, 1);
	ck_assert_int_eq(strikes(ids[0]), 1);
	disk_write(drive, 4);
	drive_flush(drive, 0, &result);
	ck_assert_int_eq(strikes(ids[0]), 1);
	ck_assert_int_eq(strikes(ids[1]), 1);
	library_free(library);
	ck_assert_int_eq(strikes(ids[0]), 4);
	/* The next load continues. */
	library = on_disk_open(NULL);
	disk_write(disk_load(library), 3);
	ck_assert_int_eq(strikes(ids[0]), 5);
	library_free(library);
	ck_assert_int_eq(strikes(ids[0]), 6);
	ck_assert_int_eq(strikes(ids[1]), 1);
	ck_assert_int_eq(strikes(ids[2]), 0);
}
END_TEST

/* Another library made the defect, or the fault was removed from the list. */
START_TEST(a_defect_that_is_no_fault_of_the_library_is_not_counted)
{
	const struct volume_defect slow = { .fail = VOLUME_FAIL_SLOW,
		.unit = VOLUME_OBJECTS,
		.length = 9,
		.slowdown = 2 };
	int64_t id = add_defect("VTA001L8", slow), other;
	struct library *library;

	other = add_defect("VTA002L8", slow);
	scratch_sql("lib/VTA001L8.tape",
	    _i == 0 ? "update defects set fault = 2"
		    : "update defects set fault = 77");
	library = on_disk_open(NULL);
	ck_assert(!disk_write(disk_load(library), 3).check);
	library_free(library);
	ck_assert_int_eq(strikes(id), 0);
	ck_assert_int_eq(other, 2);
	ck_assert_int_eq(strikes(other), 0);
}
END_TEST

/*
 * Expected: each write counts for the fault of the drive, none for the defect, whose
 * number is that of another library.
 * Bug: the strikes of the defect counted for the fault with the same number.
 */
START_TEST(a_defect_of_another_library_is_not_the_fault_with_its_number)
{
	const struct drive_fault slow = { .nth = 1,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_SLOW,
		.slowdown = 2 };
	const struct volume_defect defect = { .fail = VOLUME_FAIL_SLOW,
		.unit = VOLUME_OBJECTS,
		.at = (uint64_t)_i, /* before, and after, the fault strikes */
		.length = 9,
		.slowdown = 2 };
	struct library *library;

	disk_add_fault(0, &slow);
	add_defect("VTA001L8", defect);
	scratch_sql("lib/VTA001L8.tape", "update defects set fault = 1");
	library = on_disk_open(NULL);
	ck_assert(!disk_write(disk_load(library), 1).check);
	ck_assert_int_eq(strikes(1), 1);
	library_free(library);
	library = on_disk_open(NULL);
	ck_assert(!disk_write(disk_load(library), 3).check);
	library_free(library);
	ck_assert_int_eq(strikes(1), 4);
	ck_assert_int_eq(strikes(2), 0);
}
END_TEST

/* A strike that cannot be stored is reported; the defect applies all the same. */
START_TEST(a_strike_of_a_defect_that_cannot_be_stored_is_reported)
{
	const struct library_options options = { .program = "a test",
		.drive = -1,
		.warn = warn,
		.warn_arg = warned };
	const struct volume_defect bad = { .unit = VOLUME_OBJECTS,
		.at = 1,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	struct library *library;
	struct drive *drive;
	struct drive_result result;

	add_defect("VTA001L8", bad);
	library = on_disk_open(&options);
	drive = disk_load(library);
	scratch_sql("lib/library.db",
	    "alter table volume_faults rename to elsewhere");
	disk_write(drive, 2);
	drive_flush(drive, 0, &result);
	ck_assert(result.check);
	ck_assert_msg(
	    strstr(warned,
		"fault 1: it has applied, and this could not be stored: ") !=
		NULL,
	    "%s", warned);
	scratch_sql("lib/library.db",
	    "alter table elsewhere rename to volume_faults");
	library_free(library);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library_strikes");
	TCase *t = tcase_create("library_strikes");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, disk_setup, scratch_teardown);
	tcase_add_test(t, an_observer_sees_the_strikes_of_stored_faults);
	tcase_add_test(t, a_fault_that_applies_once_applies_in_one_process);
	tcase_add_test(t, a_fault_that_cannot_be_marked_as_spent_is_applied);
	tcase_add_test(t, strikes_are_counted_at_once_and_at_the_unload);
	tcase_add_test(t, faults_are_read_again_while_the_drive_is_in_use);
	tcase_add_test(t,
	    strikes_of_a_defect_are_counted_at_once_and_at_the_unload);
	tcase_add_loop_test(t,
	    a_defect_that_is_no_fault_of_the_library_is_not_counted, 0, 2);
	tcase_add_loop_test(t,
	    a_defect_of_another_library_is_not_the_fault_with_its_number, 0, 2);
	tcase_add_test(t,
	    a_strike_of_a_defect_that_cannot_be_stored_is_reported);
	return run_suite(s);
}
