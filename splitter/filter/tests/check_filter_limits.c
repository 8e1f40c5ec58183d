/*
 * check_filter_limits.c: results of the limit filter, operation by operation;
 * the lines of the trace; and the times that both forward.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/filter/tests/filter_rig.h"
#include "splitter/tests/run_suite.h"

/* Does operation `number`, which is the same on both tapes. */
static void do_next(struct tape *tape, uint64_t number)
{
	const uint64_t what = number % 16, size = number / 16 % (9 * BLOCK);

	if (number == 0)
		rig_label(tape, BLOCK);
	else if (what < 3)
		rig_header(tape, size % BLOCK + 1);
	else if (what < 5)
		rig_filemark(tape, true);
	else
		rig_write(tape, size + 1);
}

/*
 * Checks after each operation that a tape of that capacity has the same result.
 */
START_TEST(a_limit_has_the_results_of_a_smaller_tape)
{
	const uint64_t seed = (uint64_t)_i;
	const unsigned capacity = 1 + _i % 29, warning = _i / 29 % capacity;
	struct filter_rig own;
	struct tape *a, *b;
	struct tape_position at[2];
	uint64_t i, n;

	rig_begin("", capacity, warning);
	a = rig_load();
	own = rig;
	rig.stack.limit = (struct limit){ (uint64_t)capacity * BLOCK,
		warning > 0, (uint64_t)warning * BLOCK };
	rig_begin("l", 99999, 0);
	b = rig_load();
	for (i = 0; i < 40; i++) {
		n = i == 0 ? 0 : trial_number(seed, i);
		do_next(a, n);
		own.r = rig.r;
		do_next(b, n);
		ck_assert_int_eq(rig.r.cause, own.r.cause);
		ck_assert_uint_eq(rig.r.bytes, own.r.bytes);
		ck_assert_int_eq(rig.r.leom, own.r.leom);
		a->ops->position(a, &at[0]);
		b->ops->position(b, &at[1]);
		ck_assert_mem_eq(&at[0], &at[1], sizeof at[0]);
	}
	rig_unload(b);
	rig_end();
	rig = own;
	rig_unload(a);
	rig_end();
}
END_TEST

static void limit_to(uint64_t capacity, bool early_warning, uint64_t warning)
{
	rig.stack.limit =
	    (struct limit){ capacity * BLOCK, early_warning, warning * BLOCK };
	rig_begin("l", 99, 0);
}

START_TEST(the_warning_stays_until_the_rewind)
{
	struct tape *tape;

	limit_to(6, true, 2);
	tape = rig_tape_in_file();
	rig_result_is(TAPE_OK, false, BLOCK);
	rig_write(tape, 9 * BLOCK);
	rig_result_is(TAPE_OK, true, 3 * BLOCK);
	rig_filemark(tape, true);
	rig_result_is(TAPE_OK, true, 0);
	rig_header(tape, BLOCK);
	rig_result_is(TAPE_OK, true, BLOCK);
	rig_write(tape, BLOCK);
	rig_result_is(TAPE_PEOM, true, 0);
	ck_assert_str_eq(rig.r.message,
	    "limit: volume MEM001L0 ends after 24576 bytes: peom");
	rig_write(tape, 1);
	rig_result_is(TAPE_PEOM, true, 0);
	rig_filemark(tape, true);
	rig_result_is(TAPE_OK, true, 0);
	tape->ops->locate(tape, 1, NOW, &rig.r);
	rig_header(tape, BLOCK);
	rig_result_is(TAPE_OK, true, BLOCK);
	tape->ops->rewind(tape, NOW, &rig.r);
	rig_result_is(TAPE_OK, false, 0);
	rig_label(tape, BLOCK);
	rig_result_is(TAPE_OK, false, BLOCK);
	rig_header(tape, BLOCK);
	rig_result_is(TAPE_OK, false, BLOCK);
	rig_unload(tape);
	rig_end();
}
END_TEST

START_TEST(the_label_meets_a_warning_as_long_as_the_volume)
{
	struct tape *tape;

	limit_to(6, true, 6 + (uint64_t)_i);
	tape = rig_load();
	rig_label(tape, BLOCK);
	rig_result_is(TAPE_OK, true, BLOCK);
	rig_unload(tape);
	rig_end();
}
END_TEST

START_TEST(a_label_that_does_not_fit_is_not_forwarded)
{
	struct tape *tape;

	limit_to(1, false, 0);
	tape = rig_load();
	rig_label(tape, BLOCK + 1);
	rig_result_is(TAPE_PEOM, false, 0);
	ck_assert(!memtape_volume(rig.tapes, 0)->changed);
	rig_label(tape, BLOCK);
	rig_result_is(TAPE_OK, false, BLOCK);
	rig_unload(tape);
	rig_end();
}
END_TEST

START_TEST(the_warning_of_the_tape_below_is_forwarded)
{
	struct tape *tape;

	/*
	 * The tape below warns at the last block that fits within the limit, or
	 * long before.
	 */
	rig.stack.limit = (struct limit){ (uint64_t)_i * BLOCK, false, 0 };
	rig_begin("l", 20, 16);
	tape = rig_tape_in_file();
	rig_write(tape, 9 * BLOCK);
	rig_result_is(TAPE_OK, true, 3 * BLOCK);
	rig_unload(tape);
	rig_end();
}
END_TEST

/* A volume with a label of one block, positioned as each row says. */
static const struct place {
	const char *name;
	char how;        /* e: EOD, r: reading, 0 and 1: a file */
	uint64_t blocks; /* how many of six blocks still fit */
} places[] = {
	{ "as it was loaded", ' ', 6 },
	{ "at EOD", 'e', 5 },
	{ "the label was read", 'r', 5 },
	{ "at file 0", '0', 6 },
	{ "at file 1", '1', 5 },
};

START_TEST(blocks_already_on_the_volume_count)
{
	const struct place *p = &places[_i];
	unsigned char block[BLOCK];
	struct tape_block read;
	struct tape *tape;

	limit_to(6, false, 0);
	memtape_prepare(rig.tapes, 0, MEMTAPE_LABELLED);
	tape = rig_load();
	if (p->how == 'e')
		tape->ops->locate_eod(tape, NOW, &rig.r);
	else if (p->how == 'r')
		tape->ops->read(tape, block, BLOCK, &read, NOW, &rig.r);
	else if (p->how != ' ')
		tape->ops->locate(tape, (uint64_t)(p->how - '0'), NOW, &rig.r);
	ck_assert_str_eq(rig.r.message, "");
	rig_write(tape, 9 * BLOCK);
	ck_assert_msg(rig.r.bytes == p->blocks * BLOCK &&
		rig.r.cause == TAPE_PEOM,
	    "%s: %s", p->name, rig.r.message);
	rig_unload(tape);
	rig_end();
}
END_TEST

/*
 * The trace of every operation once, with a fault and a limit below the trace
 * filter.
 */
static const char all_lines[] =
    "1000\t1000\t-\t-\tload\t-\tmedium_error\t0\t-\t"
    "injected fault: load 1: medium_error\n"
    "1000\t1007\t0\tMEM001L0\tload\t-\tok\t0\t-\t-\n"
    "1000\t1007\t0\tMEM001L0\tlabel\tbytes=4096\tok\t4096\t-\t-\n"
    "1000\t1007\t0\tMEM001L0\theader\tbytes=4096\tok\t4096\t-\t-\n"
    "1000\t1007\t0\tMEM001L0\twrite\tbytes=12289 block=4096 dump=d1 "
    "offset=8192\tpeom\t8192\t-\t"
    "limit: volume MEM001L0 ends after 16384 bytes: peom\n"
    "1000\t1007\t0\tMEM001L0\tfilemark\tsync\tok\t0\t-\t-\n"
    "1000\t1007\t0\tMEM001L0\tfilemark\tnosync\tok\t0\t-\t-\n"
    "1000\t1000\t0\tMEM001L0\trewind\t-\tok\t0\t-\t-\n"
    "1000\t1000\t0\tMEM001L0\tread\tbytes=4096\tok\t4096\t-\t-\n"
    "1000\t1000\t0\tMEM001L0\tlocate\tfile=1\tok\t0\t-\t-\n"
    "1000\t1000\t0\tMEM001L0\tlocate_eod\t-\tok\t0\t-\t-\n"
    "1000\t1000\t0\tMEM001L0\tunload\tgood\tok\t0\t-\t-\n";

START_TEST(the_trace_has_a_line_for_each_operation)
{
	const struct fault fault = { SPLITTER_FAULT_LOAD, 1, TAPE_MEDIUM_ERROR,
		true };
	unsigned char block[BLOCK];
	struct tape_limits limits;
	struct tape_position at;
	struct tape_block read;
	struct tape *tape;

	rig.stack.faults = &fault;
	rig.stack.fault_count = 1;
	rig.stack.limit = (struct limit){ 4 * BLOCK, false, 0 };
	rig_begin("slft", 99, 0);
	ck_assert_ptr_null(rig_load());
	tape = rig_load();
	tape->ops->limits(tape, &limits);
	rig_label(tape, BLOCK);
	rig_header(tape, BLOCK);
	rig_write(tape, 3 * BLOCK + 1);
	tape->ops->position(tape, &at);
	ck_assert_uint_eq(at.byte, 4 * BLOCK);
	rig_filemark(tape, true);
	rig_filemark(tape, false);
	tape->ops->rewind(tape, NOW, &rig.r);
	tape->ops->read(tape, block, BLOCK, &read, NOW, &rig.r);
	tape->ops->locate(tape, 1, NOW, &rig.r);
	tape->ops->locate_eod(tape, NOW, &rig.r);
	rig_unload(tape);
	ck_assert_str_eq(rig.stack.lines, all_lines);
	rig_end();
}
END_TEST

/*
 * The result of the tape below has a later time, and the filters add no time.
 */
START_TEST(times_are_those_of_the_tape_below)
{
	static const char *const orders[] = { "slf", "sfl", "slft", "tsfl" };
	const struct fault fault = { SPLITTER_FAULT_BLOCK, 3, TAPE_MEDIUM_ERROR,
		false };
	struct tape *tape;

	rig.stack.faults = &fault;
	rig.stack.fault_count = 1;
	rig.stack.limit = (struct limit){ 6 * BLOCK, false, 0 };
	rig_begin(orders[_i], 99, 0);
	tape = rig_tape_in_file();
	ck_assert_int_eq(rig.r.done_ns, NOW + SLOW_NS);
	rig_write(tape, 5 * BLOCK); /* two blocks are taken, the third fails */
	rig_result_is(TAPE_MEDIUM_ERROR, false, 2 * BLOCK);
	ck_assert_int_eq(rig.r.done_ns, NOW + SLOW_NS);
	rig_write(tape, 5 * BLOCK);
	rig_result_is(TAPE_MEDIUM_ERROR, false, 0);
	ck_assert_int_eq(rig.r.done_ns, NOW);
	rig_filemark(tape, true);
	ck_assert_int_eq(rig.r.done_ns, NOW + SLOW_NS);
	rig_unload(tape);
	rig_end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filters, limits and traces");
	TCase *tc = tcase_create("limits and traces");

	tcase_add_loop_test(tc, a_limit_has_the_results_of_a_smaller_tape, 0,
	    400);
	tcase_add_test(tc, the_warning_stays_until_the_rewind);
	tcase_add_loop_test(tc, the_label_meets_a_warning_as_long_as_the_volume,
	    0, 3);
	tcase_add_test(tc, a_label_that_does_not_fit_is_not_forwarded);
	tcase_add_loop_test(tc, the_warning_of_the_tape_below_is_forwarded, 5,
	    12);
	tcase_add_loop_test(tc, blocks_already_on_the_volume_count, 0,
	    sizeof places / sizeof *places);
	tcase_add_test(tc, the_trace_has_a_line_for_each_operation);
	tcase_add_loop_test(tc, times_are_those_of_the_tape_below, 0, 4);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
