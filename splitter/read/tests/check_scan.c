/*
 * check_scan.c: the result of a scan, of valid and of hostile volumes, which
 * are written here header by header.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/read/scan.h"
#include "splitter/format/end_record.h"
#include "splitter/tests/handmade.h"
#include "splitter/tests/trial/read_back.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = HANDMADE_BLOCK, VOLUMES = HANDMADE_VOLUMES };

static struct handmade made;
static struct scan *scan;

static void look(void)
{
	scan_free(scan);
	scan = read_back_scan(made.tapes);
}

/* Returns whether a note contains these words. */
static bool noted(const char *words)
{
	struct scan_note n;
	size_t i;

	for (i = 0; i < scan_notes(scan); i++) {
		scan_get_note(scan, i, &n);
		if (strstr(n.text, words) != NULL)
			return true;
	}
	return false;
}

static struct scan_part get(uint64_t number)
{
	struct scan_part p;

	scan_get_part(scan, 0, number, &p);
	return p;
}

static void setup(void)
{
	handmade_begin(&made);
}

static void teardown(void)
{
	scan_free(scan);
	scan = NULL;
	handmade_end(&made);
}

/* Counts the known parts with scan_next_part(), as users of a scan do. */
static unsigned count_parts(void)
{
	uint64_t number;
	unsigned count = 0;

	for (number = scan_next_part(scan, 0, 1); number != 0;
	     number = scan_next_part(scan, 0, number + 1))
		ck_assert_uint_lt(++count, 100);
	return count;
}

START_TEST(the_highest_possible_part_is_the_last)
{
	/*
	 * Expected: no part follows part 2^64 - 1.  Bug: the parts began again
	 * with the first, and a scan never ended.
	 */
	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, UINT64_MAX, UINT64_MAX, UINT64_MAX, 2, UINT64_MAX,
	    UINT64_MAX, 1);
	handmade_mark(&made);
	look();
	ck_assert_uint_eq(count_parts(), 3);
	ck_assert(get(UINT64_MAX - 1).proven);
	ck_assert(!get(UINT64_MAX).proven);
	ck_assert(!get(1).proven);
}
END_TEST

START_TEST(a_header_with_an_impossible_proof_proves_nothing)
{
	handmade_part(&made, 2, 1, BLOCK, 1, 1, BLOCK + 1, 1);
	handmade_mark(&made);
	look();
	ck_assert(!get(1).proven);
	ck_assert(get(2).offset_known);
	ck_assert_uint_eq(get(2).offset_bytes, BLOCK);
}
END_TEST

START_TEST(the_proven_one_of_thousands_of_attempts_is_the_part)
{
	enum { ATTEMPTS = 5000, GOOD = 1234 };
	struct scan_file f;
	uint64_t i;

	for (i = 1; i <= ATTEMPTS; i++) {
		handmade_part(&made, 1, i, 0, i, 0, 0, 1);
		handmade_mark(&made);
	}
	look();
	ck_assert_uint_eq(get(1).attempt, ATTEMPTS);
	handmade_part(&made, 2, 1, BLOCK, i, GOOD, BLOCK, 0);
	handmade_mark(&made);
	look();
	ck_assert_uint_eq(scan_files(scan, 0), ATTEMPTS + 1);
	ck_assert_uint_eq(get(1).attempt, GOOD);
	ck_assert_uint_eq(get(1).file, GOOD);
	scan_get_file(scan, 0, GOOD - 1, &f);
	ck_assert(f.proven && f.ended);
}
END_TEST

START_TEST(an_unfinished_file_is_reported)
{
	struct scan_volume v;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 2);
	look();
	scan_get_volume(scan, 0, &v);
	ck_assert(v.unfinished);
	ck_assert(noted("no filemark follows it"));
	handmade_mark(&made);
	look();
	scan_get_volume(scan, 0, &v);
	ck_assert(!v.unfinished);
	ck_assert_uint_eq(scan_notes(scan), 0);
}
END_TEST

START_TEST(an_unfinished_end_record_is_reported)
{
	/*
	 * Expected: an incomplete end record is reported, like an unfinished
	 * part.  Bug: it was not reported.
	 */
	struct scan_volume v;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_record(&made, 1, 0, 2, 1);
	look();
	scan_get_volume(scan, 0, &v);
	ck_assert(v.unfinished);
	ck_assert(noted("no filemark follows it"));
}
END_TEST

/* A tape on which one read, or one locate, fails. */
static struct {
	const struct tape_ops *ops;
	unsigned read,
	    locate; /* number of the call that fails, from 1; 0: none */
} bad;

static void bad_read(struct tape *t, void *buf, uint64_t bytes,
    struct tape_block *got, int64_t now_ns, struct tape_result *r)
{
	bad.ops->read(t, buf, bytes, got, now_ns, r);
	if (bad.read > 0 && --bad.read == 0)
		r->cause = TAPE_MEDIUM_ERROR;
}

static void bad_locate(struct tape *t, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	bad.ops->locate(t, file, now_ns, r);
	if (bad.locate > 0 && --bad.locate == 0)
		r->cause = TAPE_MEDIUM_ERROR;
}

/* Scans the volume, whose reader fails at these calls, again. */
static void scan_with_errors(unsigned read, unsigned locate,
    struct scan_volume *v)
{
	struct tape *reader = memtape_reader(made.tapes, 0);
	struct tape_ops ops;
	int64_t now_ns = 0;

	bad.ops = reader->ops;
	bad.read = read;
	bad.locate = locate;
	ops = *bad.ops;
	ops.read = bad_read;
	ops.locate = bad_locate;
	reader->ops = &ops;
	scan_free(scan);
	scan = scan_new();
	ck_assert_int_eq(scan_tape(scan, reader, &now_ns), 0);
	reader->ops = bad.ops;
	scan_get_volume(scan, 0, v);
}

START_TEST(an_incomplete_scan_of_a_volume_is_reported)
{
	static const struct {
		unsigned read, locate;
		bool complete;
	} rows[] = {
		{ 0, 0, true },
		{ 1, 0, false },
		{ 2, 0, false },
		{ 3, 0, false },
		{ 0, 2, false },
		{ 0, 3, false },
		{ 0, 4, false },
	};
	struct scan_volume v;
	size_t i;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, BLOCK, 2, 1, BLOCK, 1);
	handmade_mark(&made);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		scan_with_errors(rows[i].read, rows[i].locate, &v);
		ck_assert_msg(v.complete == rows[i].complete, "row %zu", i);
	}
}
END_TEST

/*
 * The label is damaged, and what follows cannot be read: there may be files, which
 * are not absent.
 */
START_TEST(a_damaged_label_before_an_error_is_no_whole_scan)
{
	struct scan_volume v;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	memtape_volume(made.tapes, 0)->objects[0].data[0] ^= 1;
	for (unsigned read = 2; read <= 3; read++) {
		scan_with_errors(read, 0, &v);
		ck_assert(!v.complete);
	}
	scan_with_errors(0, 0, &v);
	ck_assert(v.complete);
}
END_TEST

static bool count_down(void *arg)
{
	unsigned *left = arg;

	return *left == 0 || --*left == 0;
}

/*
 * The scan is stopped after every number of operations.  Everything found by
 * then counts.
 */
START_TEST(a_scan_can_be_stopped_after_each_operation)
{
	unsigned left = (unsigned)_i + 1;
	const struct scan_watch watch = { .arg = &left, .stopped = count_down };
	struct scan_volume v;
	int64_t now_ns = 0;
	uint64_t file;

	for (file = 1; file <= 3; file++) {
		handmade_part(&made, file, 1, (file - 1) * BLOCK, file,
		    file > 1, file > 1 ? BLOCK : 0, 1);
		handmade_mark(&made);
	}
	scan = scan_new();
	scan_set_watch(scan, &watch);
	ck_assert_int_eq(scan_tape(scan, memtape_reader(made.tapes, 0),
			     &now_ns),
	    0);
	ck_assert_uint_eq(left, 0);
	scan_get_volume(scan, 0, &v);
	ck_assert(!v.complete);
	/* The label and each file take two operations. */
	ck_assert_uint_eq(v.files, _i < 3 ? 0 : (unsigned)(_i - 1) / 2);
}
END_TEST

/*
 * Expected: the files after a damaged label are found by their own headers.
 * Bug: the volume counted as one of another program, and its parts as missing.
 */
START_TEST(a_damaged_label_hides_no_files)
{
	/* The file that the first header after the label names; 0: no file. */
	static const uint64_t rows[] = { 1, 2, 0 };
	const bool found = rows[_i] == 1;
	struct scan_volume v;
	int64_t now_ns = 0;

	if (rows[_i] > 0) {
		handmade_part(&made, 1, 1, 0, rows[_i], 0, 0, 1);
		handmade_mark(&made);
		handmade_record(&made, 1, 0, rows[_i] + 1, 1);
		handmade_mark(&made);
	}
	memtape_volume(made.tapes, 0)->objects[0].data[0] ^= 1;
	scan = scan_new();
	ck_assert_int_eq(scan_tape(scan, memtape_reader(made.tapes, 0),
			     &now_ns),
	    0);
	scan_get_volume(scan, 0, &v);
	ck_assert_int_eq(v.kind, SPLITTER_VOLUME_FOREIGN);
	ck_assert(v.complete);
	ck_assert_uint_eq(v.files, found ? 2 : 0);
	ck_assert_uint_eq(scan_dumps(scan), found);
	ck_assert(noted("its label is damaged") == found);
	if (found)
		ck_assert(get(1).proven && get(1).present);
	scan_free(scan);
	scan = scan_new();
	ck_assert_int_eq(scan_label(scan, memtape_reader(made.tapes, 0),
			     &now_ns),
	    0);
	ck_assert_uint_eq(scan_dumps(scan), 0);
}
END_TEST

START_TEST(a_label_can_be_read_alone)
{
	struct scan_volume v;
	int64_t now_ns = 0;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	scan = scan_new();
	ck_assert_int_eq(scan_label(scan, memtape_reader(made.tapes, 0),
			     &now_ns),
	    0);
	scan_get_volume(scan, 0, &v);
	ck_assert_int_eq(v.kind, SPLITTER_VOLUME_DUMPS);
	ck_assert_uint_eq(v.files, 0);
	ck_assert_uint_eq(scan_dumps(scan), 0);
}
END_TEST

START_TEST(an_incomplete_end_record_proves_parts_but_not_the_end)
{
	enum { COUNT = 60 };
	struct scan_dump d;
	struct scan_part p;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	ck_assert_uint_ge(end_record_blocks(COUNT, BLOCK), 3);
	handmade_record(&made, COUNT, 0, 2, 2);
	handmade_mark(&made);
	look();
	scan_get_dump(scan, 0, &d);
	ck_assert_str_eq(d.outcome, "");
	ck_assert(noted("is incomplete"));
	p = get(1);
	ck_assert(p.proven && p.present);
	p = get(2);
	ck_assert(p.proven && !p.present);
	ck_assert_str_eq(p.volume, made.tape->barcode);
	ck_assert_uint_lt(d.parts, COUNT);
}
END_TEST

START_TEST(an_end_record_overrides_headers_that_disagree)
{
	struct scan_part p;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, 1, 2, 0, 2, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, 2 * BLOCK, 3, 2, 2 * BLOCK, 1);
	handmade_mark(&made);
	handmade_record(&made, 2, 0, 4, 1);
	handmade_mark(&made);
	look();
	ck_assert(noted("disagrees with others"));
	p = get(1);
	ck_assert_uint_eq(p.attempt, 1);
	ck_assert_uint_eq(p.file, 1);
	ck_assert_uint_eq(p.bytes, BLOCK);
}
END_TEST

START_TEST(an_end_record_with_a_wrong_part_affects_no_other)
{
	struct scan_part p;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_record(&made, 60, 0, 2, 1);
	handmade_part(&made, 1, 1, 0, 1, 0, 0, 0);
	handmade_mark(&made);
	look();
	ck_assert(noted("is incomplete"));
	p = get(1);
	ck_assert_uint_eq(p.file, 1);
	ck_assert(p.proven);
}
END_TEST

START_TEST(the_order_of_the_volumes_does_not_matter)
{
	struct scan *other = scan_new();
	struct scan_part a, b;
	int64_t now = 0;
	uint64_t i;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 3);
	handmade_mark(&made);
	handmade_volume(&made);
	handmade_part(&made, 1, 2, 0, 1, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, 2 * BLOCK, 2, 2, 2 * BLOCK, 1);
	handmade_mark(&made);
	handmade_volume(&made);
	handmade_part(&made, 3, 1, 3 * BLOCK, 1, 1, BLOCK, 1);
	handmade_mark(&made);
	look();
	for (i = VOLUMES; i-- > 0;)
		ck_assert_int_eq(scan_tape(other,
				     memtape_reader(made.tapes, (unsigned)i),
				     &now),
		    0);
	for (i = 1; i <= 3; i++) {
		scan_get_part(scan, 0, i, &a);
		scan_get_part(other, 0, i, &b);
		ck_assert_str_eq(a.volume, b.volume);
		ck_assert_uint_eq(a.attempt, b.attempt);
		ck_assert_uint_eq(a.file, b.file);
		ck_assert_uint_eq(a.bytes, b.bytes);
		ck_assert_int_eq(a.proven, b.proven);
		ck_assert_int_eq(a.proven, i < 3);
	}
	scan_free(other);
}
END_TEST

START_TEST(dumps_with_one_name_are_distinguished_by_their_ids)
{
	struct header h;
	char err[256];
	uint64_t i;

	for (i = 1; i <= 3; i++) {
		h = handmade_head(&made, HEADER_PART, i);
		h.dump_id = i << 60;
		h.part = h.attempt = 1;
		strcpy(h.dump, i == 3 ? "d@1000000000000000" : "d");
		handmade_put(&made, &h);
		handmade_mark(&made);
	}
	look();
	ck_assert_uint_eq(scan_dumps(scan), 3);
	ck_assert_int_eq(scan_find(scan, "d", err, sizeof err), -1);
	ck_assert_ptr_nonnull(strstr(err, "d@1000000000000000"));
	ck_assert_ptr_nonnull(strstr(err, "d@2000000000000000"));
	ck_assert_int_eq(scan_find(scan, "d@2000000000000000", err, sizeof err),
	    1);
	/* A dump's name may also look like NAME@ID. */
	ck_assert_int_eq(scan_find(scan, "d@1000000000000000", err, sizeof err),
	    -1);
	ck_assert_int_eq(scan_find(scan, "d@1000000000000000@3000000000000000",
			     err, sizeof err),
	    2);
	ck_assert_int_eq(scan_find(scan, "d@", err, sizeof err), -1);
	ck_assert_int_eq(scan_find(scan, "e", err, sizeof err), -1);
}
END_TEST

START_TEST(a_table_ends_at_the_first_unproven_part)
{
	struct parts *table;
	struct scan_attempts attempts;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, BLOCK, 2, 1, BLOCK, 1);
	handmade_mark(&made);
	handmade_part(&made, 2, 7, BLOCK, 3, 1, BLOCK, 1);
	handmade_mark(&made);
	handmade_part(&made, 9, 1, 40 * BLOCK, 4, 3, BLOCK, 1);
	handmade_mark(&made);
	look();
	table = scan_table(scan, 0, &attempts);
	ck_assert_uint_eq(parts_count(table), 1);
	ck_assert_uint_eq(parts_end_bytes(table), BLOCK);
	ck_assert_uint_eq(attempts.next, 7);
	ck_assert_uint_eq(attempts.later, 3);
	parts_free(table);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scan");
	TCase *tc = tcase_create("scan");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_highest_possible_part_is_the_last);
	tcase_add_test(tc, a_header_with_an_impossible_proof_proves_nothing);
	tcase_add_test(tc, the_proven_one_of_thousands_of_attempts_is_the_part);
	tcase_add_test(tc, an_unfinished_file_is_reported);
	tcase_add_test(tc, an_unfinished_end_record_is_reported);
	tcase_add_test(tc, an_incomplete_scan_of_a_volume_is_reported);
	tcase_add_test(tc, a_damaged_label_before_an_error_is_no_whole_scan);
	tcase_add_loop_test(tc, a_scan_can_be_stopped_after_each_operation, 0,
	    8);
	tcase_add_test(tc, a_label_can_be_read_alone);
	tcase_add_loop_test(tc, a_damaged_label_hides_no_files, 0, 3);
	tcase_add_test(tc,
	    an_incomplete_end_record_proves_parts_but_not_the_end);
	tcase_add_test(tc, an_end_record_overrides_headers_that_disagree);
	tcase_add_test(tc, an_end_record_with_a_wrong_part_affects_no_other);
	tcase_add_test(tc, the_order_of_the_volumes_does_not_matter);
	tcase_add_test(tc, dumps_with_one_name_are_distinguished_by_their_ids);
	tcase_add_test(tc, a_table_ends_at_the_first_unproven_part);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
