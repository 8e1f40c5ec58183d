/*
 * check_claims.c: what the reader believes of what headers and end records
 * claim: of the end of a dump, and of what is missing.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/read/reader.h"
#include "splitter/tests/handmade.h"
#include "splitter/tests/read_back.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = HANDMADE_BLOCK };

#define HUGE_BYTES (UINT64_C(1) << 60)

static struct handmade made;

/* What was handed on, and filled up for what is missing. */
struct heard {
	uint64_t bytes, filled;
	unsigned missing, damaged, unproven;
	char why[TAPE_MESSAGE_BYTES]; /* of the last gap */
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

	h->missing += gap->kind == READER_MISSING;
	h->damaged += gap->kind == READER_DAMAGED;
	h->unproven += gap->kind == READER_UNPROVEN;
	if (gap->kind == READER_MISSING && gap->bytes != UINT64_MAX)
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
	 * Should: nothing is read where two records of one id say different
	 * things of a part.  Did: the first that was seen counted.
	 */
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_record(&made, 1, 0, 2, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, READER_WHOLE);
	handmade_record(&made, 1, 5, 3, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, READER_FAILED);
	ck_assert_ptr_nonnull(strstr(o.message, "two different streams"));
	ck_assert_uint_eq(h.bytes, 0);
	o = read_dump(&h, true, 0);
	ck_assert_int_eq(o.end, READER_PARTIAL);
	ck_assert_uint_eq(h.bytes, BLOCK);
	ck_assert_uint_eq(h.unproven, 1);
}
END_TEST

START_TEST(without_an_end_record_the_last_part_is_handed_on_as_unproven)
{
	/*
	 * Should: all that is there comes back, and that its end is not proven
	 * is told.  Did: it counted as lost, and the last part was left out.
	 */
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, 2 * BLOCK, 2, 1, 2 * BLOCK, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, READER_PARTIAL);
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

START_TEST(a_part_that_nobody_finished_is_not_handed_on)
{
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, 2 * BLOCK, 2, 1, 2 * BLOCK, 1);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, READER_PARTIAL);
	ck_assert_uint_eq(h.bytes, 2 * BLOCK);
	ck_assert_uint_eq(h.missing, 1);
	ck_assert_ptr_nonnull(strstr(h.why, "no filemark"));
	o = read_dump(&h, true, 0);
	ck_assert_int_eq(o.end, READER_PARTIAL);
	ck_assert_uint_eq(h.bytes, 3 * BLOCK);
	ck_assert_uint_eq(h.unproven, 1);
}
END_TEST

START_TEST(a_part_in_the_middle_that_nothing_proves_ends_it)
{
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 2);
	handmade_mark(&made);
	handmade_part(&made, 3, 1, 4 * BLOCK, 2, 1, 2 * BLOCK, 1);
	handmade_mark(&made);
	o = read_dump(&h, false, 0);
	ck_assert_int_eq(o.end, READER_FAILED);
	ck_assert(o.lost);
	ck_assert_uint_eq(h.bytes, 0);
}
END_TEST

START_TEST(an_end_record_from_before_the_dump_was_gone_on_with_is_no_end)
{
	/*
	 * Should: the part behind what was written since is handed on, as
	 * where there is no record.  Did: it was left out, and nobody said so.
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
	ck_assert_int_eq(o.end, READER_PARTIAL);
	ck_assert(!o.end_known);
	ck_assert_uint_eq(h.bytes, 3 * BLOCK);
	ck_assert_uint_eq(h.unproven, 1);
}
END_TEST

START_TEST(a_part_that_claims_to_be_far_away_costs_itself_and_no_other)
{
	/*
	 * Should: what is said to be missing is filled up within bounds, and a
	 * part beyond them left out.  Did: 2^60 zeros were written.
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
	ck_assert_int_eq(o.end, READER_PARTIAL);
	ck_assert(o.over_limit);
	ck_assert_uint_eq(h.bytes + h.filled, 7 * BLOCK);
	ck_assert_uint_eq(o.missing_bytes, h.filled);
	/* What is missing counts together. */
	o = read_dump(&h, true, 2 * BLOCK);
	ck_assert(o.over_limit);
	ck_assert_uint_le(h.filled, 2 * BLOCK);
	o = read_dump(&h, true, 0);
	ck_assert(!o.over_limit);
	ck_assert_uint_gt(h.filled, HUGE_BYTES / 2);
}
END_TEST

START_TEST(a_part_that_is_said_to_be_longer_than_any_is_not_filled_up)
{
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 1, 1, 0, 1, 0, 0, 1);
	handmade_mark(&made);
	handmade_part(&made, 2, 1, HUGE_BYTES, 2, 1, HUGE_BYTES, 1);
	handmade_mark(&made);
	o = read_dump(&h, true, 8 * BLOCK);
	ck_assert_int_eq(o.end, READER_PARTIAL);
	ck_assert(o.over_limit && o.lost);
	ck_assert_uint_eq(h.bytes, BLOCK);
	ck_assert_uint_eq(h.filled, 0);
	ck_assert_uint_eq(o.good_bytes, 0);
}
END_TEST

START_TEST(a_gap_as_long_as_what_stands_for_an_unknown_end_is_not_filled_up)
{
	/*
	 * Should: a part beyond any dump is left out.  Did: its gap was told
	 * as one to an end not known, and the reading went on behind it.
	 */
	struct reader_outcome o;
	struct heard h;

	handmade_part(&made, 9, 1, UINT64_MAX, 1, 0, 0, 1);
	handmade_mark(&made);
	o = read_dump(&h, true, 0);
	ck_assert_int_eq(o.end, READER_PARTIAL);
	ck_assert_uint_eq(h.bytes + h.filled + o.missing_bytes, 0);
	ck_assert_ptr_nonnull(strstr(h.why, "is not believed"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("claims");
	TCase *tc = tcase_create("claims");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, two_end_records_that_disagree_are_two_streams);
	tcase_add_test(tc,
	    without_an_end_record_the_last_part_is_handed_on_as_unproven);
	tcase_add_test(tc, a_part_that_nobody_finished_is_not_handed_on);
	tcase_add_test(tc, a_part_in_the_middle_that_nothing_proves_ends_it);
	tcase_add_test(tc,
	    an_end_record_from_before_the_dump_was_gone_on_with_is_no_end);
	tcase_add_test(tc,
	    a_part_that_claims_to_be_far_away_costs_itself_and_no_other);
	tcase_add_test(tc,
	    a_part_that_is_said_to_be_longer_than_any_is_not_filled_up);
	tcase_add_test(tc,
	    a_gap_as_long_as_what_stands_for_an_unknown_end_is_not_filled_up);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
