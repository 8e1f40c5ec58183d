/* check_filter_order.c: the filters that filters.h puts before a library. */
#include <check.h>
#include <string.h>

#include "splitter/filter/filters.h"
#include "splitter/filter/tests/filter_rig.h"
#include "splitter/tests/run_suite.h"

static char lines[4096];

static void add_line(void *arg, const char *line)
{
	ck_assert_ptr_eq(arg, lines);
	strncat(lines, line, sizeof lines - strlen(lines) - 2);
	strcat(lines, "\n");
}

/* Starts the rig with these filters instead of its own. */
static void begin(struct filters *filters, const struct filters_config *config)
{
	lines[0] = '\0';
	rig_begin("", 99, 0);
	ck_assert_int_eq(filters_init(filters, rig.stack.top, config), 0);
	rig.stack.top = filters->library;
}

static void end(struct filters *filters)
{
	filters_clear(filters);
	rig_end();
}

START_TEST(without_filters_the_library_is_returned_unchanged)
{
	const struct filters_config config = { .faults_count = 0 };
	struct filters filters;

	begin(&filters, &config);
	ck_assert_ptr_eq(filters.library, memtape_library(rig.tapes));
	end(&filters);
}
END_TEST

/*
 * Four blocks fit on a volume: label, header and two data blocks.  The data
 * block that does not fit is not counted, so the fourth data block is the
 * second one on the next volume.
 */
START_TEST(a_fault_counts_blocks_that_fit_and_the_trace_shows_both)
{
	static const char all[] =
	    "1000\t1000\t0\tMEM001L0\tload\t-\tok\t0\t-\t-\n"
	    "1000\t1000\t0\tMEM001L0\tlabel\tbytes=4096\tok\t4096\t-\t-\n"
	    "1000\t1000\t0\tMEM001L0\theader\tbytes=4096\tok\t4096\t-\t-\n"
	    "1000\t1000\t0\tMEM001L0\twrite\tbytes=12288 block=4096 "
	    "dump=d1 offset=8192\tpeom\t8192\t-\t"
	    "limit: volume MEM001L0 ends after 16384 bytes: peom\n"
	    "1000\t1000\t0\tMEM001L0\tunload\tgood\tok\t0\t-\t-\n"
	    "1000\t1000\t0\tMEM002L0\tload\t-\tok\t0\t-\t-\n"
	    "1000\t1000\t0\tMEM002L0\tlabel\tbytes=4096\tok\t4096\t-\t-\n"
	    "1000\t1000\t0\tMEM002L0\theader\tbytes=4096\tok\t4096\t-\t-\n"
	    "1000\t1000\t0\tMEM002L0\twrite\tbytes=8192 block=4096 "
	    "dump=d1 offset=8192\tmedium_error\t4096\t-\t"
	    "injected fault: block 4: medium_error\n"
	    "1000\t1000\t0\tMEM002L0\tunload\tgood\tok\t0\t-\t-\n";
	const struct fault fault = { SPLITTER_FAULT_BLOCK, 4, TAPE_MEDIUM_ERROR,
		true };
	const struct limit limit = { 4 * BLOCK, false, 0 };
	const struct filters_config config = { .limit = &limit,
		.faults = &fault,
		.faults_count = 1,
		.line = add_line,
		.line_arg = lines };
	struct filters filters;
	struct tape *tape;

	begin(&filters, &config);
	tape = rig_tape_in_file();
	rig_write(tape, 3 * BLOCK);
	rig_result_is(TAPE_PEOM, false, 2 * BLOCK);
	rig_unload(tape);
	tape = rig_tape_in_file();
	rig_write(tape, 2 * BLOCK);
	rig_result_is(TAPE_MEDIUM_ERROR, false, BLOCK);
	rig_unload(tape);
	ck_assert_str_eq(lines, all);
	end(&filters);
}
END_TEST

static int64_t shown_ns;

/* A clock that advances by 5 ns at each read. */
static int64_t clock_ns(void)
{
	return shown_ns += 5;
}

START_TEST(with_a_clock_an_operation_takes_the_time_that_passes)
{
	const struct filters_config config = {
		.line = add_line, .line_arg = lines, .clock_ns = clock_ns
	};
	struct filters filters;

	begin(&filters, &config);
	rig_unload(rig_load());
	ck_assert_str_eq(lines,
	    "1000\t1005\t0\tMEM001L0\tload\t-\tok\t0\t-\t-\n"
	    "1000\t1005\t0\tMEM001L0\tunload\tgood\tok\t0\t-\t-\n");
	ck_assert_int_eq(rig.r.done_ns, NOW);
	end(&filters);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("order of filters");
	TCase *tc = tcase_create("order");

	tcase_add_test(tc, without_filters_the_library_is_returned_unchanged);
	tcase_add_test(tc,
	    a_fault_counts_blocks_that_fit_and_the_trace_shows_both);
	tcase_add_test(tc,
	    with_a_clock_an_operation_takes_the_time_that_passes);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
