/*
 * check_st_found.c: the drive and its driver are left as they were found, and no
 * other program gets the drive during the run.
 */
#include <check.h>
#include <linux/mtio.h>
#include <string.h>

#include "splitter/st/tests/st_stage.h"
#include "splitter/tape/condition.h"
#include "splitter/tests/run_suite.h"

#define S INT64_C(1000000000)

enum { FOUND_BYTES = 10240 };

/* How a run ends. */
enum ending { UNLOADED, EJECTED, FREED, RESET, FAILED, ENDINGS };

static void end(enum ending how)
{
	if (how == RESET)
		fake_st_fail(stage.rig.st, 0, FAKE_RESET);
	if (how == FAILED)
		fake_st_fail(stage.rig.st, 0, FAKE_EIO);
	if (how == RESET || how == FAILED) {
		stage_run(1);
		ck_assert_int_ne(stage.r.cause, TAPE_OK);
	}
	if (how != FREED)
		stage_unload(TAPE_CLOSE_GOOD);
}

/*
 * The size is set back before the volume leaves the drive: without one the
 * driver cannot set it.
 */
START_TEST(the_block_size_is_as_before)
{
	const enum ending how = (enum ending)(_i % ENDINGS);
	const bool fixed = _i >= ENDINGS;
	struct st_rig *rig = &stage.rig;
	struct tape_library *library;

	rig->fake.block_bytes = FOUND_BYTES;
	rig->options.eject = how == EJECTED;
	rig->options.fixed_bytes = fixed ? BLOCK : 0;
	stage_begin(50, 0);
	stage_label();
	stage_ck(TAPE_OK);
	ck_assert_uint_eq(fake_st_block_bytes(rig->st), fixed ? BLOCK : 0);
	end(how);
	library = rig->library;
	if (how == FREED) {
		st_library_free(library);
		rig->library = NULL;
	}
	ck_assert_uint_eq(fake_st_block_bytes(rig->st), FOUND_BYTES);
	stage_down();
}
END_TEST

/* Also if it can be found out only by trying. */
START_TEST(a_probe_changes_no_block_size)
{
	char err[256];

	stage.rig.fake.block_bytes = FOUND_BYTES;
	stage.rig.fake.no_sg = _i;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	ck_assert_int_eq(st_library_probe(stage.rig.library, BLOCK, err,
			     sizeof err),
	    0);
	ck_assert_uint_eq(fake_st_block_bytes(stage.rig.st), FOUND_BYTES);
	stage_down();
}
END_TEST

/*
 * After a reset before the run, most drivers refuse the status until the tape was
 * rewound.
 *
 * Expected: the block size that the driver had is set at the end.  Bug: it was not
 * read after the rewind.
 */
START_TEST(the_status_is_read_after_a_reset)
{
	enum { OPEN_CALLS = 1 };

	stage.rig.fake.block_bytes = FOUND_BYTES;
	stage_up(50, 0, 1, MEMTAPE_BLANK);
	fake_st_fail(stage.rig.st, OPEN_CALLS, FAKE_EIO);
	stage_load();
	stage_label();
	stage_ck(TAPE_OK);
	stage_unload(TAPE_CLOSE_GOOD);
	ck_assert_uint_eq(fake_st_block_bytes(stage.rig.st), FOUND_BYTES);
	stage_down();
}
END_TEST

/* A drive that compresses is set to do so no more, and the other way round. */
START_TEST(compression_is_as_before_if_it_can_be_read)
{
	const bool found = _i & 1, no_sg = _i & 2;

	stage.rig.fake.compresses = found;
	stage.rig.fake.no_sg = no_sg;
	stage.rig.options.compression =
	    found ? SPLITTER_ST_COMPRESSION_OFF : SPLITTER_ST_COMPRESSION_ON;
	stage_begin(50, 0);
	ck_assert_int_eq(fake_st_compression(stage.rig.st), !found);
	stage_unload(TAPE_CLOSE_GOOD);
	ck_assert_int_eq(fake_st_compression(stage.rig.st),
	    no_sg ? !found : found);
	ck_assert_uint_eq(stage.rig.notices, no_sg);
	if (no_sg)
		ck_assert_ptr_nonnull(strstr(stage.rig.notice,
		    "stays so after the run"));
	stage_down();
}
END_TEST

/* A robot puts the next volume in: no other program can open the drive meanwhile. */
static int change_held(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	ck_assert(fake_st_is_open(stage.rig.st));
	return fake_st_change(arg, wanted, barcode, err, err_bytes);
}

static bool sleep_held(void *arg, int64_t ns)
{
	(void)arg;
	ck_assert(fake_st_is_open(stage.rig.st));
	fake_st_sys(stage.rig.st)->sleep_ns(fake_st_sys(stage.rig.st)->arg, ns);
	return true;
}

START_TEST(the_device_is_held_for_the_whole_run)
{
	char err[256];

	stage.rig.options.eject = _i & 1;
	stage.rig.options.load_wait_ns = INT64_MAX;
	stage.rig.options.sleep = sleep_held;
	stage.rig.fake.ready_ns = _i & 2 ? 100 * S : 0;
	stage_up(50, 0, 3, MEMTAPE_BLANK);
	ck_assert_int_eq(st_library_probe(stage.rig.library, BLOCK, err,
			     sizeof err),
	    0);
	((struct real_library *)stage.rig.library)->drive->options.change =
	    change_held;
	ck_assert(fake_st_is_open(stage.rig.st));
	for (int i = 0; i < 3; i++) {
		stage_load();
		stage_label();
		stage_ck(TAPE_OK);
		stage_unload(TAPE_CLOSE_GOOD);
		ck_assert(fake_st_is_open(stage.rig.st));
	}
	st_library_free(stage.rig.library);
	stage.rig.library = NULL;
	ck_assert(!fake_st_is_open(stage.rig.st));
	stage_down();
}
END_TEST

/*
 * The first load of a new LTO-9 cartridge takes up to two hours.  The driver
 * reports no reason, so the generation of the drive decides.
 */
static const struct generation_case {
	const char *product;
	int64_t ready_s;
	bool loaded;
	const char *notice; /* the last one */
} generations[] = {
	{ "ULT3580-TD9     ", 7200, true,
	    "not ready after 119 min: waiting at most 234 min; the first load "
	    "of a new LTO-9 cartridge takes 20 min to 2 h" },
	{ "Ultrium 9-SCSI", 15000, false, "not ready after 233 min" },
	{ "ULT3580-HH8", 900, true, "not ready after 14 min" },
	{ "ULT3580-HH8", 1200, false, "at most 16 min" },
	{ NULL, 7200, true,
	    "not ready after 119 min: waiting at most 234 min" },
};

START_TEST(a_drive_is_waited_for_as_long_as_its_generation_loads)
{
	const struct generation_case *c = &generations[_i];

	stage.rig.options.load_wait_ns = INT64_MAX;
	stage.rig.fake.product = c->product;
	stage.rig.fake.ready_ns = c->ready_s * S;
	stage_up(50, 0, 2, MEMTAPE_BLANK);
	if (c->loaded) {
		stage_load();
	} else {
		ck_assert_ptr_null(stage.rig.library->ops
				       ->load(stage.rig.library, 0, &stage.r));
		stage_ck(TAPE_UNKNOWN_ERROR);
		ck_assert_int_lt(stage.r.done_ns, c->ready_s * S);
	}
	ck_assert_msg(strstr(stage.rig.notice, c->notice) != NULL, "%s",
	    stage.rig.notice);
	/* One a minute. */
	ck_assert_uint_ge(stage.rig.notices, stage.r.done_ns / (60 * S) - 1);
	ck_assert_uint_le(stage.rig.notices, stage.r.done_ns / (60 * S) + 1);
	stage_down();
}
END_TEST

/*
 * Expected: Linux does not reset a drive that takes long to answer, such as after
 * a command that another program sent.
 * Bug: commands that read the position, a mode page or the flags had 60 s.
 * 0: without an error; 1: the flags are read after an error.
 */
START_TEST(no_scsi_command_has_a_short_time_out)
{
	static struct tape_identity identity;
	static struct tape_condition condition;

	stage.rig.fake.has_mam = true;
	stage.rig.options.compression = SPLITTER_ST_COMPRESSION_ON;
	stage_begin(50, 0);
	ck_assert_uint_ge(fake_st_shortest_ms(stage.rig.st), 14000 * 1000);
	stage.tape->ops->identity(stage.tape, &identity);
	stage.tape->ops->condition(stage.tape, &condition);
	stage_write_file();
	if (_i == 1) {
		fake_st_alert(stage.rig.st, 30);
		fake_st_fail(stage.rig.st, 0, FAKE_EIO);
		stage_header();
		stage_ck(TAPE_HARDWARE_ERROR);
	}
	stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert_uint_ge(fake_st_shortest_ms(stage.rig.st), 14000 * 1000);
	stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the tape driver's drive, as found");
	TCase *tc = tcase_create("found");

	tcase_add_loop_test(tc, the_block_size_is_as_before, 0, 2 * ENDINGS);
	tcase_add_loop_test(tc, a_probe_changes_no_block_size, 0, 2);
	tcase_add_test(tc, the_status_is_read_after_a_reset);
	tcase_add_loop_test(tc, compression_is_as_before_if_it_can_be_read, 0,
	    4);
	tcase_add_loop_test(tc, the_device_is_held_for_the_whole_run, 0, 4);
	tcase_add_loop_test(tc,
	    a_drive_is_waited_for_as_long_as_its_generation_loads, 0,
	    sizeof generations / sizeof *generations);
	tcase_add_loop_test(tc, no_scsi_command_has_a_short_time_out, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
