/* check_splitter_tape.c: the public interface: filters, labels and names. */
#include <check.h>
#include <string.h>

#include "splitter/api/filters.h"
#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

static void count_line(void *arg, const char *line)
{
	(void)line;
	++*(unsigned *)arg;
}

START_TEST(filters_are_put_before_a_library)
{
	const struct splitter_fault seventh = { SPLITTER_FAULT_BLOCK, 7,
		TAPE_MEDIUM_ERROR, true };
	struct splitter_fault never = { SPLITTER_FAULT_BLOCK, 0,
		TAPE_MEDIUM_ERROR, true };
	struct tape_library *limit, *fault, *trace;
	unsigned lines = 0;
	struct splitter *s;

	pub_set_up(false);
	limit = splitter_limit_library_new(memtape_library(pub.tapes),
	    9 * BLOCK, 2 * BLOCK);
	ck_assert_ptr_null(splitter_fault_library_new(limit, &never, 1));
	never.nth = 1;
	never.cause = TAPE_OK;
	ck_assert_ptr_null(splitter_fault_library_new(limit, &never, 1));
	fault = splitter_fault_library_new(limit, &seventh, 1);
	trace = splitter_trace_library_new(fault, count_line, &lines);
	pub.config.library = trace;
	pub.config.cache = SPLITTER_CACHE_MEMORY;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	/* Label, header, 4, header, 1: the 8th of 9 blocks warns. */
	ck_assert_str_eq(pub.story,
	    "1:16384 2:4096 3:4096F 3:16384 4:4096 5:7");
	pub_check_safe(s, DUMP);
	ck_assert_uint_gt(lines, 10);
	splitter_free(s);
	splitter_trace_library_free(trace);
	splitter_fault_library_free(fault);
	splitter_limit_library_free(limit);
	pub_tear_down();
}
END_TEST

START_TEST(impossible_arguments_of_a_filter_are_refused)
{
	const struct splitter_fault faults[] = { { SPLITTER_FAULT_BLOCK, 1,
						     TAPE_CANCELLED, true },
		{ SPLITTER_FAULT_BLOCK, 1, (enum tape_cause)99, true },
		{ SPLITTER_FAULT_BLOCK, 1, TAPE_PEOM, true } };
	const struct tape_library_ops no_ops = { .load = NULL };
	struct tape_library poor = { .ops = &no_ops }, *good;

	pub_set_up(false);
	good = memtape_library(pub.tapes);
	ck_assert_ptr_null(splitter_fault_library_new(good, &faults[0], 1));
	ck_assert_ptr_null(splitter_fault_library_new(good, &faults[1], 1));
	ck_assert_ptr_null(splitter_fault_library_new(good, NULL, 1));
	ck_assert_ptr_null(splitter_fault_library_new(good, &faults[2],
	    SIZE_MAX));
	ck_assert_ptr_null(splitter_fault_library_new(NULL, &faults[2], 1));
	ck_assert_ptr_null(splitter_fault_library_new(&poor, &faults[2], 1));
	ck_assert_ptr_null(splitter_limit_library_new(NULL, BLOCK, 0));
	ck_assert_ptr_null(splitter_limit_library_new(&poor, BLOCK, 0));
	ck_assert_ptr_null(splitter_trace_library_new(good, NULL, NULL));
	ck_assert_ptr_null(splitter_trace_library_new(&poor, count_line, NULL));
	pub_tear_down();
}
END_TEST

/* A library whose volumes have a barcode chosen by the test. */
struct naming {
	struct tape_library library; /* first: cast to this */
	struct tape_library *inner;
	const char *barcode;
};

static struct tape *load_as(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct naming *n = (struct naming *)library;
	struct tape *tape = n->inner->ops->load(n->inner, now_ns, result);

	if (tape != NULL)
		memcpy(tape->barcode, n->barcode, TAPE_BARCODE_BYTES);
	return tape;
}

static void unload_it(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct naming *n = (struct naming *)library;

	n->inner->ops->unload(n->inner, tape, why, now_ns, result);
}

/* TAPE_BARCODE_BYTES each: the last but one has no zero at its end. */
static const char bad_barcodes[][TAPE_BARCODE_BYTES] = { " A00001", "A00001 ",
	"A00\t01", "A0000\xe4", "A00001\n", "a name of more than 32 characters",
	"" };

START_TEST(a_barcode_that_no_label_can_hold_is_not_written)
{
	/*
	 * Expected: such a volume is left unchanged.  Bug: only the length was
	 * checked; the dump was DONE and could not be read back.
	 */
	static const struct tape_library_ops ops = { .load = load_as,
		.unload = unload_it };
	struct naming naming = { .library.ops = &ops,
		.barcode = bad_barcodes[_i] };
	struct splitter *s;
	const struct splitter_summary *outcome;

	pub_set_up(false);
	naming.inner = memtape_library(pub.tapes);
	pub.config.library = &naming.library;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	outcome = splitter_wait(s);
	ck_assert_int_eq(outcome->outcome, SPLITTER_PARTIAL);
	ck_assert_uint_eq(outcome->safe_bytes, 0);
	ck_assert_msg(strstr(outcome->message, "barcode") != NULL, "%s",
	    outcome->message);
	ck_assert_str_eq(pub.story, "");
	splitter_free(s);
	pub_tear_down();
}
END_TEST

START_TEST(parts_of_a_resumed_dump_are_on_volumes_with_a_barcode)
{
	struct splitter_part part = {
		.part = 1, .attempt = 1, .file = 1, .bytes = BLOCK
	};

	pub_set_up(false);
	memcpy(part.volume, bad_barcodes[_i], sizeof part.volume);
	pub.config.resume = &part;
	pub.config.resume_count = 1;
	ck_assert_ptr_null(splitter_new(&pub.config, pub.err, sizeof pub.err));
	ck_assert_msg(strstr(pub.err, "not the parts of one dump") != NULL,
	    "%s", pub.err);
	pub_tear_down();
}
END_TEST

START_TEST(a_label_can_be_written_and_read)
{
	char block[BLOCK], value[4];

	ck_assert_int_eq(splitter_scratch_label("", block, BLOCK), -1);
	ck_assert_int_eq(splitter_scratch_label("A1", block, 1024), -1);
	ck_assert_int_eq(splitter_scratch_label(
			     "a name of more than 32 characters", block, BLOCK),
	    -1);
	ck_assert_int_eq(splitter_scratch_label("A00001", block, BLOCK), 0);
	ck_assert_int_eq(splitter_header_check(block, BLOCK, pub.err,
			     sizeof pub.err),
	    0);
	ck_assert_int_eq(splitter_header_value(block, BLOCK, "volume", 0, value,
			     sizeof value),
	    6);
	ck_assert_str_eq(value, "A00");
	ck_assert_int_eq(splitter_header_value(block, BLOCK, "volume", 1, value,
			     sizeof value),
	    -1);
	ck_assert_int_eq(splitter_header_value(block, BLOCK, "vol", 0, NULL, 0),
	    -1);
	block[20] ^= 1;
	ck_assert_int_eq(splitter_header_check(block, BLOCK, pub.err,
			     sizeof pub.err),
	    -1);
	ck_assert_str_ne(pub.err, "");
	/* It need not end with a zero or a newline. */
	memset(block, 'v', sizeof block);
	ck_assert_int_eq(splitter_header_value(block, BLOCK, "volume", 0, NULL,
			     0),
	    -1);
}
END_TEST

START_TEST(names_are_those_of_the_reports)
{
	ck_assert_str_eq(splitter_outcome_name(SPLITTER_PARTIAL), "PARTIAL");
	ck_assert_str_eq(splitter_end_name(SPLITTER_END_LEOM), "LEOM");
	ck_assert_str_eq(tape_cause_name(TAPE_MEDIUM_ERROR), "medium_error");
	ck_assert_str_eq(splitter_outcome_name((enum splitter_outcome)77), "?");
	ck_assert_str_eq(splitter_end_name((enum splitter_end)77), "?");
	ck_assert_str_eq(tape_cause_name((enum tape_cause)77), "?");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("splitter tape");
	TCase *tc = tcase_create("splitter tape");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, filters_are_put_before_a_library);
	tcase_add_test(tc, impossible_arguments_of_a_filter_are_refused);
	tcase_add_loop_test(tc, a_barcode_that_no_label_can_hold_is_not_written,
	    0, sizeof bad_barcodes / sizeof *bad_barcodes - 1);
	tcase_add_loop_test(tc,
	    parts_of_a_resumed_dump_are_on_volumes_with_a_barcode, 0,
	    sizeof bad_barcodes / sizeof *bad_barcodes);
	tcase_add_test(tc, a_label_can_be_written_and_read);
	tcase_add_test(tc, names_are_those_of_the_reports);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
