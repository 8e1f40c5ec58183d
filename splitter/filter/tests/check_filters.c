/* check_filters.c: results of the fault filter, operation by operation. */
#include <check.h>
#include <stdio.h>

#include "splitter/filter/tests/filter_rig.h"
#include "splitter/tests/run_suite.h"

static const char *const at_names[] = { "block", "header", "filemark", "label",
	"load" };

/*
 * Writes a file on a volume of its own.  Returns the operation that failed, an
 * enum splitter_fault_at, or -1.
 */
static int one_file(void)
{
	struct tape *tape = rig_load();
	int failed = -1;

	if (tape == NULL)
		return SPLITTER_FAULT_LOAD;
	rig_label(tape, BLOCK);
	if (rig.r.cause != TAPE_OK)
		failed = SPLITTER_FAULT_LABEL;
	if (failed == -1 && (rig_header(tape, BLOCK), rig.r.cause != TAPE_OK))
		failed = SPLITTER_FAULT_HEADER;
	if (failed == -1 && (rig_write(tape, BLOCK), rig.r.cause != TAPE_OK))
		failed = SPLITTER_FAULT_BLOCK;
	if (failed == -1 && (rig_filemark(tape, true), rig.r.cause != TAPE_OK))
		failed = SPLITTER_FAULT_FILEMARK;
	rig.stack.top->ops->unload(rig.stack.top, tape, TAPE_CLOSE_GOOD, NOW,
	    &(struct tape_result){ 0 });
	return failed;
}

static const enum tape_cause causes[] = { TAPE_PEOM, TAPE_MEDIUM_ERROR,
	TAPE_DEFERRED_ERROR, TAPE_HARDWARE_ERROR, TAPE_POSITION_LOST,
	TAPE_UNKNOWN_ERROR, TAPE_WRITE_PROTECTED, TAPE_NO_VOLUME,
	TAPE_INVALID };
enum { CAUSES = sizeof causes / sizeof *causes, FILES = 4 };

static void fail_at(struct fault fault)
{
	char message[TAPE_MESSAGE_BYTES];
	bool fails,
	    late = fault.at == SPLITTER_FAULT_BLOCK &&
	    fault.cause == TAPE_DEFERRED_ERROR;
	uint64_t i;
	int failed;

	rig_begin_faults(&fault, 1, 99, 0);
	rig.stack.faults = NULL; /* the filter has copied the faults */
	for (i = 1; i <= FILES; i++) {
		fails = i == fault.nth || (i > fault.nth && !fault.once);
		failed = one_file();
		ck_assert_int_eq(failed,
		    !fails     ? -1
			: late ? SPLITTER_FAULT_FILEMARK
			       : (int)fault.at);
		if (!fails)
			continue;
		ck_assert_int_eq(rig.r.cause, fault.cause);
		ck_assert_int_eq(rig.r.done_ns, NOW);
		ck_assert_uint_eq(rig.r.bytes, 0);
		snprintf(message, sizeof message, "injected fault: %s %u: %s",
		    at_names[fault.at], (unsigned)i,
		    tape_cause_name(fault.cause));
		ck_assert_str_eq(rig.r.message, message);
	}
	ck_assert_str_eq(memtape_complaint(rig.tapes), "");
	rig_end();
}

START_TEST(the_nth_operation_fails_once_or_always)
{
	struct fault fault = { .at = (enum splitter_fault_at)(_i / CAUSES),
		.cause = causes[_i % CAUSES] };

	for (fault.nth = 1; fault.nth <= FILES; fault.nth++) {
		fault.once = true;
		fail_at(fault);
		fault.once = false;
		fail_at(fault);
	}
}
END_TEST

/*
 * Writes 12 blocks and a short block in runs of _i blocks; each block fails in
 * turn.
 */
START_TEST(blocks_are_counted_but_not_runs)
{
	const uint64_t all = 12 * BLOCK + 5, run = (uint64_t)_i * BLOCK;
	struct fault fault = { SPLITTER_FAULT_BLOCK, 1, TAPE_MEDIUM_ERROR,
		true };
	struct tape *tape;
	uint64_t at;

	for (fault.nth = 1; fault.nth <= 13; fault.nth++) {
		rig_begin_faults(&fault, 1, 99, 0);
		tape = rig_tape_in_file();
		at = 0;
		do
			at += rig_write(tape, all - at < run ? all - at : run);
		while (rig.r.cause == TAPE_OK);
		ck_assert_int_eq(rig.r.cause, TAPE_MEDIUM_ERROR);
		ck_assert_uint_eq(at, (fault.nth - 1) * BLOCK);
		ck_assert_uint_eq(rig.progress_bytes, at);
		while (at < all) { /* the block fails only once */
			at += rig_write(tape, all - at < run ? all - at : run);
			ck_assert_int_eq(rig.r.cause, TAPE_OK);
		}
		ck_assert_uint_eq(rig.progress_bytes, all);
		ck_assert_uint_eq(memtape_volume(rig.tapes, 0)->bytes,
		    2 * BLOCK + all);
		rig_unload(tape);
		rig_end();
	}
}
END_TEST

START_TEST(a_fault_after_the_warning_waits_for_its_block)
{
	const struct fault fault = { SPLITTER_FAULT_BLOCK, 7, TAPE_MEDIUM_ERROR,
		true };
	struct tape *tape;

	/* After label and header, the 6th data block meets the warning. */
	rig_begin_faults(&fault, 1, 10, 3);
	tape = rig_tape_in_file();
	rig_write(tape, 8 * BLOCK);
	rig_result_is(TAPE_OK, true, 6 * BLOCK);
	rig_write(tape, 2 * BLOCK);
	rig_result_is(TAPE_MEDIUM_ERROR, true, 0);
	rig_filemark(tape, true);
	rig_result_is(TAPE_OK, true, 0);
	rig_unload(tape);
	rig_end();
}
END_TEST

START_TEST(an_end_below_does_not_hide_a_fault)
{
	const struct fault fault = { SPLITTER_FAULT_BLOCK, 4, TAPE_MEDIUM_ERROR,
		true };
	struct tape *tape;

	/* room for label, header and two data blocks */
	rig_begin_faults(&fault, 1, 4, 0);
	tape = rig_tape_in_file();
	rig_write(tape, 8 * BLOCK);
	rig_result_is(TAPE_PEOM, false, 2 * BLOCK);
	rig_unload(tape);
	tape = rig_tape_in_file();
	rig_write(tape, 2 * BLOCK);
	rig_result_is(TAPE_MEDIUM_ERROR, false, BLOCK);
	rig_unload(tape);
	rig_end();
}
END_TEST

START_TEST(a_deferred_error_comes_with_the_synchronised_filemark)
{
	const struct fault faults[] = {
		{ SPLITTER_FAULT_BLOCK, 2, TAPE_DEFERRED_ERROR, false },
		{ SPLITTER_FAULT_FILEMARK, 4, TAPE_MEDIUM_ERROR, true },
	};
	struct tape *tape, *other;

	rig_begin_faults(faults, 2, 99, 0);
	tape = rig_tape_in_file();
	other = rig_tape_in_file();
	rig_write(tape, 5 * BLOCK);
	rig_result_is(TAPE_OK, false, 5 * BLOCK);
	rig_filemark(other, true);
	rig_result_is(TAPE_OK, false, 0);
	rig_filemark(tape, false);
	rig_result_is(TAPE_OK, false, 0);
	rig_filemark(tape, true);
	rig_result_is(TAPE_DEFERRED_ERROR, false, 0);
	ck_assert_str_eq(rig.r.message,
	    "injected fault: block 2: deferred_error");
	rig_filemark(tape, true); /* the failed filemark counted as the third */
	rig_result_is(TAPE_MEDIUM_ERROR, false, 0);
	rig_unload(tape);
	rig_unload(other);
	rig_end();
}
END_TEST

START_TEST(a_label_clears_a_deferred_error)
{
	const struct fault fault = { SPLITTER_FAULT_BLOCK, 2,
		TAPE_DEFERRED_ERROR, true };
	struct tape *tape;

	rig_begin_faults(&fault, 1, 99, 0);
	tape = rig_tape_in_file();
	rig_write(tape, 2 * BLOCK);
	rig_label(tape, BLOCK);
	rig_header(tape, BLOCK);
	rig_filemark(tape, true);
	rig_result_is(TAPE_OK, false, 0);
	rig_unload(tape);
	rig_end();
}
END_TEST

START_TEST(of_two_faults_at_one_place_the_first_counts)
{
	const struct fault faults[] = {
		{ SPLITTER_FAULT_BLOCK, 3, TAPE_HARDWARE_ERROR, true },
		{ SPLITTER_FAULT_BLOCK, 2, TAPE_MEDIUM_ERROR, false },
	};
	struct tape *tape;

	rig_begin_faults(faults, 2, 99, 0);
	tape = rig_tape_in_file();
	rig_write(tape, 4 * BLOCK);
	rig_result_is(TAPE_MEDIUM_ERROR, false, BLOCK);
	rig_write(tape, 4 * BLOCK);
	rig_result_is(TAPE_HARDWARE_ERROR, false, 0);
	rig_write(tape, 4 * BLOCK);
	rig_result_is(TAPE_MEDIUM_ERROR, false, 0);
	rig_unload(tape);
	rig_end();
}
END_TEST

START_TEST(two_drives_share_the_count_but_not_the_limit)
{
	const struct fault fault = { SPLITTER_FAULT_BLOCK, 6, TAPE_MEDIUM_ERROR,
		true };
	struct tape *a, *b;

	rig.stack.faults = &fault;
	rig.stack.fault_count = 1;
	rig.stack.limit = (struct limit){ 6 * BLOCK, true, BLOCK };
	rig_begin("ltf", 99, 0);
	a = rig_tape_in_file();
	b = rig_tape_in_file();
	ck_assert_str_eq(a->barcode, "MEM001L0");
	ck_assert_str_eq(b->barcode, "MEM002L0");
	ck_assert_uint_eq(a->drive, 0);
	ck_assert_uint_eq(b->drive, 1);
	ck_assert_ptr_null(rig_load());
	rig_result_is(TAPE_NO_VOLUME, false, 0);
	rig_write(a, 4 * BLOCK);
	rig_result_is(TAPE_OK, true, 4 * BLOCK);
	rig_write(b, 4 * BLOCK);
	rig_result_is(TAPE_MEDIUM_ERROR, false, BLOCK);
	rig_write(a, BLOCK);
	rig_result_is(TAPE_PEOM, true, 0);
	rig_write(b, 4 * BLOCK);
	rig_result_is(TAPE_OK, true, 3 * BLOCK);
	rig_unload(a);
	a = rig_tape_in_file();
	ck_assert_str_eq(a->barcode, "MEM003L0");
	rig_result_is(TAPE_OK, false, BLOCK);
	rig_unload(b);
	rig_unload(a);
	ck_assert_str_eq(memtape_complaint(rig.tapes), "");
	rig_end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filters");
	TCase *tc = tcase_create("faults");

	tcase_add_loop_test(tc, the_nth_operation_fails_once_or_always, 0,
	    (SPLITTER_FAULT_LOAD + 1) * CAUSES);
	tcase_add_loop_test(tc, blocks_are_counted_but_not_runs, 1, 15);
	tcase_add_test(tc, a_fault_after_the_warning_waits_for_its_block);
	tcase_add_test(tc, an_end_below_does_not_hide_a_fault);
	tcase_add_test(tc,
	    a_deferred_error_comes_with_the_synchronised_filemark);
	tcase_add_test(tc, a_label_clears_a_deferred_error);
	tcase_add_test(tc, of_two_faults_at_one_place_the_first_counts);
	tcase_add_test(tc, two_drives_share_the_count_but_not_the_limit);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
