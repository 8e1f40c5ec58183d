/*
 * check_claims.c: how the reader handles wrong values in headers and end
 * records, about the end of a dump and about missing data.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/read/reader.h"
#include "splitter/tests/handmade.h"
#include "splitter/tests/trial/read_back.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = HANDMADE_BLOCK };

#define HUGE_BYTES (UINT64_C(1) << 60)

static struct handmade made;

/* The bytes that were read; missing bytes are zeros. */
struct heard {
	uint64_t bytes, filled;
	unsigned missing, damaged, unproven;
	char why[TAPE_MESSAGE_BYTES]; /* reason of the last gap */
};

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	struct heard *h = arg;

	(void)bytes;
	h->bytes += count;
	return true;
}

static void on_gap(void *arg, const struct reader_gap *gap)
{
	struct heard *h = arg;

	h->missing += gap->kind == SPLITTER_GAP_MISSING;
	h->damaged += gap->kind == SPLITTER_GAP_DAMAGED;
	h->unproven += gap->kind == SPLITTER_GAP_UNPROVEN;
	if (gap->kind == SPLITTER_GAP_MISSING && gap->bytes != UINT64_MAX)
		h->filled += gap->bytes;
	snprintf(h->why, sizeof h->why, "%s", gap->why);
}

static struct reader_outcome read_dump(struct heard *h, bool salvage,
    uint64_t missing_max_bytes)
{
	struct scan *scan = read_back_scan(made.tapes);
	const struct reader_config config = {
		.library = memtape_library(made.tapes),
		.scan = scan,
		.salvage = salvage,
		.missing_max_bytes = missing_max_bytes,
		.arg = h,
		.data = on_data,
		.gap = on_gap,
	};
	struct reader_outcome o;

	memset(h, 0, sizeof *h);
	reader_run(&config, &o);
	scan_free(scan);
	return o;
}

static void setup(void)
{
	handmade_begin(&made);
	made.sum = "";
}

static void teardown(void)
{
	handmade_end(&made);
}

START_TEST(two_end_records_that_disagree_are_two_streams)
{
	/*
	 * Expected: nothing is read where two records with one id disagree
	 * about a part.  Bug: the first one found counted.
	 */
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_record(&made, 1, 0, 2, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_WHOLE);
	handmade_record(&made, 1, 5, 3, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_FAILED);
	ck_assert_ptr_nonnull(strstr(o.message, "two different streams"));
	ck_assert_uint_eq(h.bytes, 0);
	o = read_dump(&h, true, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert_uint_eq(h.bytes, BLOCK);
	ck_assert_uint_eq(h.unproven, 1);
}
END_TEST

START_TEST(without_an_end_record_the_last_part_is_read_as_unproven)
{
	/*
	 * Expected: everything is read, and the unproven end is reported. Bug:
	 * it counted as lost, and the last part was left out.
	 */
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, 2 * BLOCK, 2, 1, 2 * BLOCK, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert(!o.end_known && !o.lost);
	ck_assert_uint_eq(h.bytes, 3 * BLOCK);
	ck_assert_uint_eq(o.good_bytes, 2 * BLOCK);
	ck_assert_uint_eq(o.unproven_bytes, BLOCK);
	ck_assert_uint_eq(h.unproven, 1);
	ck_assert_uint_eq(h.missing + h.damaged, 0);
	ck_assert_ptr_nonnull(strstr(h.why, "no end record"));
	ck_assert_ptr_nonnull(strstr(h.why, "its checksum is "));
}
END_TEST

START_TEST(an_unfinished_part_is_not_read)
{
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, 2 * BLOCK, 2, 1, 2 * BLOCK, 1);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert_uint_eq(h.bytes, 2 * BLOCK);
	ck_assert_uint_eq(h.missing, 1);
	ck_assert_ptr_nonnull(strstr(h.why, "no filemark"));
	o = read_dump(&h, true, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert_uint_eq(h.bytes, 3 * BLOCK);
	ck_assert_uint_eq(h.unproven, 1);
}
END_TEST

START_TEST(an_unproven_part_in_the_middle_ends_the_read)
{
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 3, 1, 4 * BLOCK, 2, 1, 2 * BLOCK, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_FAILED);
	ck_assert(o.lost);
	ck_assert_uint_eq(h.bytes, 0);
}
END_TEST

START_TEST(an_end_record_from_before_a_resume_is_not_the_end)
{
	/*
	 * Expected: the last part written after the resume is read, as without
	 * an end record.  Bug: it was left out without a message.
	 */
	struct reader_outcome o;
	struct heard h;

	made.outcome = "PARTIAL";
	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_record(&made, 1, 0, 2, 1);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, BLOCK, 3, 1, BLOCK, 1);
	handmade_mark(&made);
	handmade_part(&made, 3, 1, 2 * BLOCK, 4, 1, BLOCK, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert(!o.end_known);
	ck_assert_uint_eq(h.bytes, 3 * BLOCK);
	ck_assert_uint_eq(h.unproven, 1);
}
END_TEST

START_TEST(an_implausible_offset_loses_only_its_part)
{
	/*
	 * Expected: missing data is filled up within a limit, and a part beyond
	 * the limit is left out.  Bug: 2^60 zeros were written.
	 */
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, 3, 1, 3 * BLOCK, 2, 1, BLOCK, 1);
	handmade_mark(&made);
	handmade_part(&made, 5, 1, HUGE_BYTES, 3, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, 7, 1, 6 * BLOCK, 4, 0, 0, 1);
	handmade_mark(&made);
	o = read_dump(&h, true, 8 * BLOCK);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert(o.over_limit);
	ck_assert_uint_eq(h.bytes + h.filled, 7 * BLOCK);
	ck_assert_uint_eq(o.missing_bytes, h.filled);
	/* The limit applies to the sum of all missing data. */
	o = read_dump(&h, true, 2 * BLOCK);
	ck_assert(o.over_limit);
	ck_assert_uint_le(h.filled, 2 * BLOCK);
	o = read_dump(&h, true, 0);
	ck_assert(!o.over_limit);
	ck_assert_uint_gt(h.filled, HUGE_BYTES / 2);
}
END_TEST

START_TEST(an_implausible_size_is_not_filled_up)
{
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, HUGE_BYTES, 2, 1, HUGE_BYTES, 1);
	handmade_mark(&made);
	o = read_dump(&h, true, 8 * BLOCK);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert(o.over_limit && o.lost);
	ck_assert_uint_eq(h.bytes, BLOCK);
	ck_assert_uint_eq(h.filled, 0);
	ck_assert_uint_eq(o.good_bytes, 0);
}
END_TEST

START_TEST(a_gap_of_the_length_that_means_unknown_is_not_filled_up)
{
	/*
	 * Expected: a part beyond any dump is left out.  Bug: its gap was
	 * reported as one to an unknown end, and the read continued after it.
	 */
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 9, 1, UINT64_MAX, 1, 0, 0, 1);
	handmade_mark(&made);
	o = read_dump(&h, true, 0);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert_uint_eq(h.bytes + h.filled + o.missing_bytes, 0);
	ck_assert_ptr_nonnull(strstr(h.why, "is implausible"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("claims");
	TCase *tc = tcase_create("claims");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, two_end_records_that_disagree_are_two_streams);
	tcase_add_test(tc,
	    without_an_end_record_the_last_part_is_read_as_unproven);
	tcase_add_test(tc, an_unfinished_part_is_not_read);
	tcase_add_test(tc, an_unproven_part_in_the_middle_ends_the_read);
	tcase_add_test(tc, an_end_record_from_before_a_resume_is_not_the_end);
	tcase_add_test(tc, an_implausible_offset_loses_only_its_part);
	tcase_add_test(tc, an_implausible_size_is_not_filled_up);
	tcase_add_test(tc,
	    a_gap_of_the_length_that_means_unknown_is_not_filled_up);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
