/*
 * check_library_drives.c: the drives of a library on disk behave and fail as
 * stored there, in any process.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/library/drive_setup.h"
#include "vtl/library/vtape.h"

enum { BLOCK = 4096 };

static const struct sense medium_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };

static struct tape_result r;

static void setup(void)
{
	scratch_setup();
	on_disk_make(NULL);
}

static struct changer *open_changer(bool read_only)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c = changer_open(scratch_path("lib"), "a test",
	    read_only, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

static void behave(unsigned drive, const struct drive_options *options)
{
	struct changer *c = open_changer(false);

	ck_assert_int_eq(changer_set_behaviour(c, drive, options), CHANGER_OK);
	changer_close(c);
}

static void add_fault(int drive, const struct drive_fault *fault)
{
	const struct changer_drive_fault kept = { .drive = drive,
		.fault = *fault };
	struct changer *c = open_changer(false);

	ck_assert_int_eq(changer_add_drive_fault(c, &kept), CHANGER_OK);
	changer_close(c);
}

static size_t count_faults(void)
{
	return (size_t)scratch_query("lib/library.db",
	    "select count(*) from drive_faults where not (once and strikes > "
	    "0)");
}

static struct drive *load(struct library *library)
{
	struct tape_library *tapes = library_tapes(library);
	struct tape *tape = tapes->ops->load(tapes, 0, &r);

	ck_assert_msg(tape != NULL, "%s", r.message);
	return vtape_drive(tape);
}

/*
 * Writes this number of blocks.  Returns a result in the form of the drive's.
 */
static struct drive_result write_blocks(struct drive *drive, unsigned blocks)
{
	static const char data[16 * BLOCK];
	const struct volume_run run = { .data = data,
		.dump_id = 1,
		.bytes = (uint64_t)blocks * BLOCK,
		.block_bytes = BLOCK };
	struct drive_result answer;

	drive_write(drive, &run, 0, &answer);
	return answer;
}

static bool write_fails(struct drive *drive)
{
	return write_blocks(drive, 1).check;
}

START_TEST(every_key_of_a_behaviour_is_stored)
{
	static const struct drive_options all = { .no_early_warning = true,
		.early_warning_delay_blocks = 1,
		.pews_bytes = 2,
		.residual = DRIVE_RESIDUAL_UNDER,
		.buffering = DRIVE_BUFFERED,
		.buffer_bytes = 3,
		.zlib = true,
		.layout = { .ratio_permille = 4,
		    .block_overhead_bytes = 5,
		    .filemark_bytes = 6 },
		.ratio_spread_permille = 7,
		.capacity_permille = 8,
		.capacity_spread_permille = 9,
		.clean_after_loads = 10,
		.media_initialization_ns = 11 };
	static const struct drive_options none;
	struct drive_options kept;
	struct changer *c;

	behave(1, &all);
	c = open_changer(true);
	ck_assert_int_eq(changer_get_behaviour(c, 1, &kept), CHANGER_OK);
	ck_assert_mem_eq(&kept, &all, sizeof all);
	ck_assert_int_eq(changer_get_behaviour(c, 0, &kept), CHANGER_OK);
	ck_assert_mem_eq(&kept, &none, sizeof none);
	changer_close(c);
	behave(1, &none);
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select count(*) from behaviour"),
	    0);
}
END_TEST

START_TEST(every_key_of_a_fault_is_stored)
{
	const struct drive_fault all = { .id = 1,
		.nth = 2,
		.every = 3,
		.after_bytes = 4,
		.after_ns = 5,
		.one_in = 6,
		.begin_byte = 7,
		.end_byte = 8,
		.op = DRIVE_LOCATE,
		.mode = DRIVE_FAULT_SLOW,
		.sense = medium_error,
		.deferred = true,
		.once = true,
		.slowdown = 9,
		.duration_ns = 10,
		.barcode = "VTA002L8" };
	struct changer_drive_fault *kept;
	struct changer *c;
	size_t count;

	add_fault(1, &all);
	add_fault(-1, &all);
	c = open_changer(true);
	ck_assert_int_eq(changer_list_drive_faults(c, &kept, &count),
	    CHANGER_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(kept[0].drive, 1);
	ck_assert_mem_eq(&kept[0].fault, &all, sizeof all);
	ck_assert_int_eq(kept[1].drive, -1);
	ck_assert_int_eq(kept[1].fault.id, 2);
	free(kept);
	changer_close(c);
}
END_TEST

START_TEST(a_drive_behaves_as_the_library_says)
{
	const struct drive_options odd = { .no_early_warning = true,
		.buffering = DRIVE_BUFFERED };
	struct library *library;
	struct drive *drive;

	behave(1, &odd);
	library = on_disk_open(NULL);
	drive = load(library);
	ck_assert(!drive_get_options(drive)->no_early_warning);
	ck_assert(drive_get_options(load(library))->no_early_warning);
	library_free(library);
}
END_TEST

START_TEST(the_behaviour_of_a_new_library_applies_to_each_drive)
{
	const struct drive_options odd = { .early_warning_delay_blocks = 3 };
	struct drive_options kept;
	struct changer *c;

	scratch_teardown();
	scratch_setup();
	on_disk_make(&odd);
	c = open_changer(true);
	for (unsigned i = 0; i < ON_DISK_DRIVES; i++) {
		ck_assert_int_eq(changer_get_behaviour(c, i, &kept),
		    CHANGER_OK);
		ck_assert_uint_eq(kept.early_warning_delay_blocks, 3);
	}
	changer_close(c);
}
END_TEST

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
	struct drive *drive = load(library);

	while (write(answer[1], &byte, 1) == 1 && read(ask[0], &byte, 1) == 1)
		byte = (char)write_fails(drive);
	library_free(library);
	_exit(0);
}

START_TEST(a_fault_that_applies_once_applies_in_one_process)
{
	const struct drive_fault once = {
		.nth = 1, .op = DRIVE_WRITE, .sense = medium_error, .once = true
	};
	struct library *library;
	int ask[2], answer[2];
	char byte;
	pid_t pid;

	add_fault(-1, &once);
	pid = start_another(ask, answer);
	/* The other process has its drive, and with the drive the fault. */
	ck_assert_int_eq(read(answer[0], &byte, 1), 1);
	library = on_disk_open(NULL);
	ck_assert(write_fails(load(library)));
	ck_assert_uint_eq(count_faults(), 0);
	ck_assert(!another_fails(ask, answer));
	library_free(library);
	library = on_disk_open(NULL);
	ck_assert(!write_fails(load(library)));
	library_free(library);
	close(ask[1]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
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
	const struct drive_fault once = {
		.nth = 2, .op = DRIVE_WRITE, .sense = medium_error, .once = true
	};
	struct library *library;
	struct drive *drive;

	add_fault(-1, &once);
	library = on_disk_open(&options);
	drive = load(library);
	ck_assert(!write_fails(drive));
	scratch_sql("lib/library.db",
	    "alter table drive_faults rename to elsewhere");
	ck_assert(write_fails(drive));
	ck_assert_msg(
	    strstr(warned,
		"drive fault 1: it has applied, and this could not be "
		"stored") != NULL,
	    "%s", warned);
	/* This process does not apply the fault again. */
	ck_assert(!write_fails(drive));
	scratch_sql("lib/library.db",
	    "alter table elsewhere rename to drive_faults");
	ck_assert_uint_eq(count_faults(), 1);
	library_free(library);
}
END_TEST

START_TEST(an_unknown_fault_is_reported_at_the_load)
{
	const struct drive_fault once = {
		.nth = 1, .op = DRIVE_WRITE, .sense = medium_error, .once = true
	};
	static const char *const rows[] = {
		"update drive_faults set mode = 'melt'",
		"insert into robot_faults (mode, move, once) values ('melt', "
		"1, 0)",
	};
	struct tape_library *tapes;
	struct library *library;

	add_fault(-1, &once);
	scratch_sql("lib/library.db", rows[_i]);
	library = on_disk_open(NULL);
	tapes = library_tapes(library);
	ck_assert_ptr_null(tapes->ops->load(tapes, 0, &r));
	ck_assert_msg(strstr(r.message, "this tapelab does not know") != NULL,
	    "%s", r.message);
	library_free(library);
}
END_TEST

static int64_t strikes(int64_t id)
{
	char sql[80];

	snprintf(sql, sizeof sql,
	    "select strikes from drive_faults where id = %d", (int)id);
	return scratch_query("lib/library.db", sql);
}

START_TEST(strikes_are_counted_at_once_and_at_the_unload)
{
	const struct drive_fault second = { .nth = 2,
		.op = DRIVE_WRITE,
		.sense = medium_error },
				 slow = { .nth = 1,
					 .op = DRIVE_WRITE,
					 .mode = DRIVE_FAULT_SLOW,
					 .slowdown = 2 };
	struct library *library;
	struct drive *drive;

	add_fault(0, &second);
	add_fault(-1, &slow);
	library = on_disk_open(NULL);
	drive = load(library);
	ck_assert(!write_fails(drive));
	ck_assert_int_eq(strikes(1), 0);
	ck_assert(write_fails(drive));
	ck_assert_int_eq(strikes(1), 1);
	ck_assert(write_fails(drive));
	ck_assert(write_fails(drive));
	library_free(library);
	ck_assert_int_eq(strikes(1), 3);
	/* A write that fails is not slow. */
	ck_assert_int_eq(strikes(2), 1);
}
END_TEST

START_TEST(faults_are_read_again_while_the_drive_is_in_use)
{
	const struct drive_fault second = {
		.nth = 2, .op = DRIVE_WRITE, .sense = medium_error
	};
	struct drive_setup setup = { .model = model_find("lto8") };
	struct changer *c;

	add_fault(0, &second);
	setup.changer = open_changer(false);
	setup.drive = drive_new(setup.model);
	ck_assert_int_eq(drive_setup_before_load(&setup), CHANGER_OK);
	ck_assert_uint_eq(setup.faults_count, 1);
	add_fault(-1, &second);
	add_fault(1, &second); /* of the other drive */
	c = open_changer(false);
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

START_TEST(a_permanent_fault_applies_in_each_process)
{
	const struct drive_fault second = {
		.nth = 2, .op = DRIVE_WRITE, .sense = medium_error
	};

	add_fault(0, &second);
	for (int i = 0; i < 2; i++) {
		struct library *library = on_disk_open(NULL);
		struct drive *drive = load(library);

		ck_assert(!write_fails(drive));
		ck_assert(write_fails(drive));
		library_free(library);
		ck_assert_uint_eq(count_faults(), 1);
	}
}
END_TEST

START_TEST(chance_differs_for_each_client)
{
	const struct drive_fault chance = {
		.one_in = 2, .op = DRIVE_WRITE, .sense = medium_error
	};
	unsigned seen[2] = { 0 };

	add_fault(0, &chance);
	for (int i = 0; i < 2; i++) {
		struct library *library = on_disk_open(NULL);
		struct drive *drive = load(library);

		for (int n = 0; n < 32; n++)
			seen[i] = seen[i] << 1 | write_fails(drive);
		library_free(library);
	}
	ck_assert_uint_ne(seen[0], seen[1]);
	/*
	 * The same client of a library made in the same way draws the same
	 * faults.
	 */
	scratch_teardown();
	setup();
	add_fault(0, &chance);
	struct library *library = on_disk_open(NULL);
	struct drive *drive = load(library);

	for (int n = 0; n < 32; n++)
		seen[1] = seen[1] << 1 | write_fails(drive);
	ck_assert_uint_eq(seen[0], seen[1]);
	library_free(library);
}
END_TEST

START_TEST(loads_are_counted_over_processes_until_the_drive_is_cleaned)
{
	const struct drive_options options = { .clean_after_loads = 2 };
	static const bool asks[] = { false, false, true, true };
	struct changer *c;

	behave(0, &options);
	for (int i = 0; i < 4; i++) {
		struct library *library = on_disk_open(NULL);

		load(library);
		ck_assert_int_eq(r.sense.valid && r.sense.ascq == 0x17,
		    asks[i]);
		library_free(library);
	}
	c = open_changer(false);
	ck_assert_int_eq(changer_move(c, CHANGER_SLOT_ADDRESS + ON_DISK_VOLUMES,
			     CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	changer_close(c);
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select loads from elements where address = 256"),
	    0);
}
END_TEST

/* Without operation times, buffered blocks would be on the medium at once. */
START_TEST(a_buffer_fills_and_a_reset_clears_it)
{
	const struct library_options at_once = {
		.program = "a test", .drive = 0, .instant = true
	};
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.buffer_bytes = (uint64_t)4 * BLOCK };
	const struct drive_fault reset = { .nth = 10,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_RESET,
		.once = true };
	const struct drive_loss *losses;
	struct library *library;
	struct drive *drive;
	size_t count;

	behave(0, &options);
	add_fault(0, &reset);
	library = on_disk_open(&at_once);
	drive = load(library);
	ck_assert_uint_eq(write_blocks(drive, 9).bytes, 9 * BLOCK);
	ck_assert(write_fails(drive));
	losses = drive_losses(drive, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(losses[0].object, 5);
	ck_assert_uint_eq(losses[0].blocks, 4);
	library_free(library);
	ck_assert_int_eq(scratch_query("lib/VTA001L8.tape",
			     "select count(*) from history where event = "
			     "'lost' and text like 'objects 5 to 8, %'"),
	    1);
}
END_TEST

START_TEST(unknown_settings_are_reported_at_the_load)
{
	struct tape_library *tapes;
	struct library *library;

	scratch_sql("lib/library.db",
	    "insert into behaviour values (0, 'colour', 1)");
	library = on_disk_open(NULL);
	tapes = library_tapes(library);
	ck_assert_ptr_null(tapes->ops->load(tapes, 0, &r));
	ck_assert_msg(strstr(r.message, "does not know the behaviour colour") !=
		NULL,
	    "%s", r.message);
	library_free(library);
}
END_TEST

START_TEST(all_faults_can_be_cleared)
{
	const struct drive_fault first = {
		.nth = 1, .op = DRIVE_WRITE, .sense = medium_error
	};
	struct changer *c;

	add_fault(0, &first);
	c = open_changer(false);
	ck_assert_int_eq(changer_clear_faults(c), CHANGER_OK);
	changer_close(c);
	ck_assert_uint_eq(count_faults(), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library_drives");
	TCase *t = tcase_create("library_drives");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, every_key_of_a_behaviour_is_stored);
	tcase_add_test(t, every_key_of_a_fault_is_stored);
	tcase_add_test(t, a_drive_behaves_as_the_library_says);
	tcase_add_test(t, the_behaviour_of_a_new_library_applies_to_each_drive);
	tcase_add_test(t, a_fault_that_applies_once_applies_in_one_process);
	tcase_add_test(t, a_fault_that_cannot_be_marked_as_spent_is_applied);
	tcase_add_loop_test(t, an_unknown_fault_is_reported_at_the_load, 0, 2);
	tcase_add_test(t, strikes_are_counted_at_once_and_at_the_unload);
	tcase_add_test(t, faults_are_read_again_while_the_drive_is_in_use);
	tcase_add_test(t, a_permanent_fault_applies_in_each_process);
	tcase_add_test(t, chance_differs_for_each_client);
	tcase_add_test(t,
	    loads_are_counted_over_processes_until_the_drive_is_cleaned);
	tcase_add_test(t, a_buffer_fills_and_a_reset_clears_it);
	tcase_add_test(t, unknown_settings_are_reported_at_the_load);
	tcase_add_test(t, all_faults_can_be_cleared);
	return run_suite(s);
}
