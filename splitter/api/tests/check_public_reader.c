/*
 * check_public_reader.c: reader.h and st.h: scans and reads through the public
 * interface, with structs of other sizes, and impossible requests.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/reader.h"
#include "splitter/api/st.h"
#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

enum { PARTS = 3 };

static struct splitter_scan *scan;
static struct splitter_read_config reading;
static char err[256];
static uint64_t got, gaps, good_volumes, failures;

static void on_volume(void *arg, const struct splitter_scan_volume *volume)
{
	(void)arg;
	good_volumes += volume->complete;
}

/* The program knows that another program uses the volume. */
static void on_failure(void *arg, struct splitter_load_failure *failure)
{
	(void)arg;
	ck_assert_str_ne(failure->why, "");
	failures++;
	failure->in_use = true;
}

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	(void)arg;
	ck_assert(got + count <= DUMP &&
	    memcmp(pub.source + got, bytes, count) == 0);
	got += count;
	return true;
}

static void on_gap(void *arg, const struct splitter_gap *gap)
{
	(void)arg, (void)gap;
	gaps++;
}

/* A whole dump on the first volume, and a scan of all volumes. */
static void up(void)
{
	struct splitter_scan_config config;
	struct splitter *s;
	char end[256];

	pub_set_up(false);
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	splitter_free(s);
	memtape_again(pub.tapes);
	got = gaps = good_volumes = failures = 0;
	splitter_scan_config_init(&config, sizeof config, SPLITTER_API);
	config.volume_done = on_volume;
	config.load_failed = on_failure;
	scan = splitter_scan_new(&config, err, sizeof err);
	ck_assert_ptr_nonnull(scan);
	ck_assert_int_eq(splitter_scan_library(scan, pub.config.library, end,
			     sizeof end),
	    0);
	ck_assert_str_ne(end, "");
	splitter_read_config_init(&reading, sizeof reading, SPLITTER_API);
	reading.library = pub.config.library;
	reading.scan = scan;
	reading.data = on_data;
	reading.gap = on_gap;
}

static void down(void)
{
	splitter_scan_free(scan);
	pub_tear_down();
}

static int run(struct splitter_read_outcome *outcome)
{
	return splitter_read(&reading, outcome, sizeof *outcome, err,
	    sizeof err);
}

START_TEST(scan_finds_dump_parts_files_and_volumes)
{
	struct splitter_scan_dump dump;
	struct splitter_scan_part part;
	struct splitter_scan_file file;
	size_t i = 9;

	ck_assert_uint_eq(splitter_scan_dump_count(scan), 1);
	ck_assert_int_eq(splitter_scan_find_dump(scan, pub.config.dump, &i, err,
			     sizeof err),
	    0);
	ck_assert_uint_eq(i, 0);
	ck_assert_int_eq(splitter_scan_get_dump(scan, 0, &dump, sizeof dump),
	    0);
	ck_assert_str_eq(dump.outcome, "DONE");
	ck_assert_uint_eq(dump.safe_bytes, DUMP);
	ck_assert_uint_eq(dump.parts, PARTS);
	ck_assert_int_eq(splitter_scan_get_part(scan, 0, PARTS, &part,
			     sizeof part),
	    0);
	ck_assert(part.proven && part.present && part.finished);
	ck_assert_uint_eq(part.offset_bytes + part.bytes, DUMP);
	ck_assert_uint_eq(splitter_scan_file_count(scan, 0), PARTS);
	ck_assert_int_eq(splitter_scan_get_file(scan, 0, 0, &file, sizeof file),
	    0);
	ck_assert_uint_eq(file.file, 1);
	ck_assert_uint_eq(splitter_scan_read_count(scan),
	    splitter_scan_volume_count(scan));
	ck_assert_uint_eq(good_volumes, splitter_scan_volume_count(scan));
	ck_assert_uint_eq(splitter_scan_note_count(scan), 0);
}
END_TEST

START_TEST(dump_is_read_whole)
{
	struct splitter_read_outcome o;

	ck_assert_int_eq(run(&o), 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_WHOLE);
	ck_assert(o.whole_proven);
	ck_assert_uint_eq(o.good_bytes, DUMP);
	ck_assert_uint_eq(got, DUMP);
	ck_assert_uint_eq(gaps, 0);
}
END_TEST

START_TEST(proven_parts_are_what_a_resume_takes)
{
	struct splitter_part parts[PARTS + 1] = {
		{ .part = 0 },
	};

	ck_assert_uint_eq(splitter_scan_proven_parts(scan, 0, parts, 2,
			      SPLITTER_API),
	    PARTS);
	ck_assert_uint_eq(parts[1].part, 2);
	ck_assert_uint_eq(parts[2].part, 0);
	splitter_scan_proven_parts(scan, 0, parts, PARTS + 1, SPLITTER_API);
	ck_assert_uint_eq(parts[2].part, 3);
	ck_assert_uint_eq(parts[2].offset_bytes + parts[2].bytes, DUMP);
	ck_assert_uint_eq(parts[PARTS].part, 0);
}
END_TEST

START_TEST(no_entry_beyond_the_last_one)
{
	struct splitter_scan_dump dump;
	struct splitter_scan_part part;
	struct splitter_scan_file file;
	struct splitter_scan_note note;
	struct splitter_scan_volume volume;
	struct splitter_scan_attempts attempts;
	struct splitter_part row;

	ck_assert_int_eq(splitter_scan_get_dump(scan, 1, &dump, sizeof dump),
	    -1);
	ck_assert_ptr_null(dump.name);
	ck_assert_int_eq(splitter_scan_get_part(scan, 1, 1, &part, sizeof part),
	    -1);
	ck_assert_int_eq(splitter_scan_get_part(scan, 0, 0, &part, sizeof part),
	    -1);
	ck_assert_int_eq(splitter_scan_get_file(scan, 0, PARTS, &file,
			     sizeof file),
	    -1);
	ck_assert_int_eq(splitter_scan_get_note(scan, 0, &note, sizeof note),
	    -1);
	ck_assert_int_eq(splitter_scan_get_volume(scan, SIZE_MAX, &volume,
			     sizeof volume),
	    -1);
	ck_assert_int_eq(splitter_scan_get_attempts(scan, 1, 1, &attempts,
			     sizeof attempts),
	    -1);
	ck_assert_uint_eq(splitter_scan_next_part(scan, 1, 1), 0);
	ck_assert_uint_eq(splitter_scan_proven_parts(scan, 1, &row, 1,
			      SPLITTER_API),
	    0);
	ck_assert_uint_eq(splitter_scan_file_count(scan, 7), 0);
}
END_TEST

START_TEST(no_byte_is_written_beyond_the_size_of_a_struct)
{
	struct {
		struct splitter_scan_dump dump;
		char after[64];
	} larger;
	char *bytes = (char *)&larger;
	size_t i, half = offsetof(struct splitter_scan_dump, parts);

	memset(&larger, 'x', sizeof larger);
	splitter_scan_get_dump(scan, 0, &larger.dump, half);
	for (i = half; i < sizeof larger; i++)
		ck_assert_int_eq(bytes[i], 'x');
	splitter_scan_get_dump(scan, 0, &larger.dump, sizeof larger);
	ck_assert_uint_eq(larger.dump.parts, PARTS);
	for (i = 0; i < sizeof larger.after; i++)
		ck_assert_int_eq(larger.after[i], 0);
}
END_TEST

START_TEST(an_impossible_read_is_refused)
{
	struct splitter_read_outcome o;

	reading.dump = 1;
	ck_assert_int_eq(run(&o), -1);
	ck_assert_ptr_nonnull(strstr(err, "index"));
	reading.dump = 0;
	reading.data = NULL;
	ck_assert_int_eq(run(&o), -1);
	reading.data = on_data;
	reading.scan = NULL;
	ck_assert_int_eq(run(&o), -1);
	reading.scan = scan;
	reading.api = SPLITTER_API + 1;
	ck_assert_int_eq(run(&o), -1);
	ck_assert_ptr_nonnull(strstr(err, "install a newer library"));
	reading.api = SPLITTER_API;
	reading.config_bytes = 0;
	ck_assert_int_eq(run(&o), -1);
	ck_assert_ptr_nonnull(strstr(err, "call its _init function"));
	ck_assert_uint_eq(got, 0);
}
END_TEST

/* Libraries that lack an operation: none, load, unload, load_named. */
START_TEST(a_library_that_lacks_an_operation_is_not_called)
{
	struct tape_library_ops ops = *pub.config.library->ops;
	struct tape_library poor = { .ops = _i == 0 ? NULL : &ops };
	size_t notes = splitter_scan_note_count(scan);
	struct splitter_read_outcome o;

	ops.load = _i == 1 ? NULL : ops.load;
	ops.unload = _i == 2 ? NULL : ops.unload;
	ops.load_named = _i == 3 ? NULL : ops.load_named;
	reading.library = &poor;
	ck_assert_int_eq(run(&o), -1);
	ck_assert_ptr_nonnull(strstr(err, "load_named and unload are needed"));
	ck_assert_int_eq(splitter_scan_named(scan, &poor, "MEM001L0"), 0);
	ck_assert_uint_gt(splitter_scan_note_count(scan), notes);
	if (_i == 3)
		return;
	ck_assert_int_eq(splitter_scan_library(scan, &poor, err, sizeof err),
	    0);
	ck_assert_ptr_nonnull(strstr(err, "load and unload are required"));
}
END_TEST

/* A program of the first interface, whose config ends before `gap`. */
START_TEST(members_that_the_program_lacks_have_their_defaults)
{
	struct splitter_read_outcome o;
	struct splitter_scan *empty;
	struct splitter_scan_config config;

	memset(&reading.gap, 0xff, sizeof reading.gap);
	reading.part_begun = NULL;
	reading.config_bytes = offsetof(struct splitter_read_config, gap);
	ck_assert_int_eq(run(&o), 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_WHOLE);
	memset(&config, 0xff, sizeof config);
	config.config_bytes = offsetof(struct splitter_scan_config, arg);
	config.api = SPLITTER_API;
	empty = splitter_scan_new(&config, err, sizeof err);
	ck_assert_ptr_nonnull(empty);
	ck_assert_int_eq(splitter_scan_named(empty, pub.config.library,
			     "MEM001L0"),
	    0);
	splitter_scan_free(empty);
}
END_TEST

START_TEST(a_volume_that_cannot_be_loaded_is_not_scanned)
{
	struct splitter_scan_volume v;
	size_t i = splitter_scan_volume_count(scan);

	ck_assert(!splitter_scan_knows(scan, "B00009"));
	ck_assert_int_eq(splitter_scan_named(scan, pub.config.library,
			     "B00009"),
	    0);
	ck_assert(splitter_scan_knows(scan, "B00009"));
	ck_assert_int_eq(splitter_scan_get_volume(scan, i, &v, sizeof v), 0);
	ck_assert_int_eq(v.kind, SPLITTER_VOLUME_NOT_SCANNED);
	ck_assert(v.in_use);
	ck_assert_uint_eq(failures, 1);
	ck_assert_uint_eq(splitter_scan_not_scanned_count(scan), 1);
}
END_TEST

static const struct tape_ops *inner_ops;

/* A block that is longer than the buffer. */
static void read_too_much(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	inner_ops->read(tape, buf, buf_bytes, block, now_ns, result);
	block->bytes = result->bytes = UINT64_MAX;
}

START_TEST(an_impossible_result_of_a_tape_is_an_unreadable_label)
{
	struct tape *tape = memtape_reader(pub.tapes, 0);
	struct tape_ops bad = *tape->ops;
	size_t i = splitter_scan_volume_count(scan);
	struct splitter_scan_volume v;
	int64_t now_ns = 0;

	inner_ops = tape->ops;
	bad.read = read_too_much;
	tape->ops = &bad;
	ck_assert_int_eq(splitter_scan_label(scan, tape, &now_ns), 0);
	tape->ops = inner_ops;
	splitter_scan_get_volume(scan, i, &v, sizeof v);
	ck_assert_int_eq(v.kind, SPLITTER_VOLUME_UNREADABLE);
	ck_assert_int_eq(splitter_scan_label(scan, tape, &now_ns), 0);
	splitter_scan_get_volume(scan, i + 1, &v, sizeof v);
	ck_assert_int_eq(v.kind, SPLITTER_VOLUME_DUMPS);
	ck_assert_uint_eq(v.files, 0);
}
END_TEST

START_TEST(an_impossible_drive_is_refused)
{
	struct splitter_st_config config;

	splitter_st_config_init(&config, sizeof config, SPLITTER_API);
	ck_assert_ptr_null(splitter_st_new(&config, err, sizeof err));
	config.device = "/dev/null";
	config.compression = 7;
	ck_assert_ptr_null(splitter_st_new(&config, err, sizeof err));
	config.compression = SPLITTER_ST_COMPRESSION_ON;
	config.backend = SPLITTER_BACKEND_ANY + 1;
	ck_assert_ptr_null(splitter_st_new(&config, err, sizeof err));
	for (config.backend = SPLITTER_BACKEND_ST;
	     config.backend <= SPLITTER_BACKEND_ANY; config.backend++) {
		ck_assert_ptr_null(splitter_st_new(&config, err, sizeof err));
		ck_assert_msg(strstr(err,
				  "/dev/null: this is not a tape "
				  "drive") != NULL,
		    "%s", err);
	}
	splitter_st_free(NULL);
}
END_TEST

START_TEST(a_command_reports_the_barcode_of_the_volume)
{
	const struct splitter_st_wanted wanted = {
		.device = "/dev/nst0", .barcode = "A00002", .last = "A00001"
	};
	char barcode[TAPE_BARCODE_BYTES] = "";

	ck_assert_int_eq(splitter_st_run_command("echo $2", &wanted, barcode,
			     err, sizeof err),
	    0);
	ck_assert_str_eq(barcode, "A00002");
	ck_assert_int_eq(splitter_st_run_command("exit 3", &wanted, barcode,
			     err, sizeof err),
	    -1);
	ck_assert_str_ne(err, "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("public reader");
	TCase *tc = tcase_create("reader"), *drive = tcase_create("st");

	tcase_add_checked_fixture(tc, up, down);
	tcase_add_test(tc, scan_finds_dump_parts_files_and_volumes);
	tcase_add_test(tc, dump_is_read_whole);
	tcase_add_test(tc, proven_parts_are_what_a_resume_takes);
	tcase_add_test(tc, no_entry_beyond_the_last_one);
	tcase_add_test(tc, no_byte_is_written_beyond_the_size_of_a_struct);
	tcase_add_test(tc, an_impossible_read_is_refused);
	tcase_add_loop_test(tc, a_library_that_lacks_an_operation_is_not_called,
	    0, 4);
	tcase_add_test(tc, members_that_the_program_lacks_have_their_defaults);
	tcase_add_test(tc, a_volume_that_cannot_be_loaded_is_not_scanned);
	tcase_add_test(tc,
	    an_impossible_result_of_a_tape_is_an_unreadable_label);
	suite_add_tcase(s, tc);
	tcase_add_test(drive, an_impossible_drive_is_refused);
	tcase_add_test(drive, a_command_reports_the_barcode_of_the_volume);
	suite_add_tcase(s, drive);
	return run_suite(s);
}
