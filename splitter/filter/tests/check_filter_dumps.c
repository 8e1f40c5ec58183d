/*
 * check_filter_dumps.c: dumps through the engine and the filters end as over
 * tapes that have such faults and limits themselves.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/filter/tests/filter_stack.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/trial/span_rows.h"

enum { TEXT_BYTES = TRIAL_LINE_BYTES + 1024 };

/*
 * Describes a result: the outcome, the attempts, and how the volumes were
 * closed.
 */
static void describe(const struct trial_result *r, char *text)
{
	char line[TEXT_BYTES];

	trial_text(r, line, sizeof line);
	snprintf(text, TEXT_BYTES, "%.8900s; %.256s", line, r->closes);
}

/*
 * Checks that the dump `own`, whose tapes have the property themselves, and the
 * dump `filtered` have the same result.
 */
static void ck_same(const struct trial *own, struct filter_stack *s,
    const struct trial *filtered, const char *what)
{
	char must[TEXT_BYTES], is[TEXT_BYTES];
	struct trial_result r;

	trial_engine(own, &r);
	ck_assert_msg(r.wrong[0] == '\0', "%s: %s", what, r.wrong);
	describe(&r, must);
	filter_stack_trial(s, filtered, &r);
	filter_stack_down(s);
	describe(&r, is);
	ck_assert_msg(strcmp(is, must) == 0, "%s, filters %s:\n%s\nbut is\n%s",
	    what, s->order, must, is);
}

static void run_row(const struct span_row *row, uint32_t cache,
    const char *order)
{
	const struct trial own = span_trial(row, cache);
	struct filter_stack s = { .order = order,
		.limit = { .capacity_bytes = own.tapes.capacity_bytes,
		    .early_warning = row->leom,
		    .early_warning_bytes = 131072 } };
	struct trial endless = own;

	endless.tapes.capacity_bytes = MEMTAPE_ENDLESS;
	endless.tapes.warning_bytes = MEMTAPE_NO_WARNING;
	ck_same(&own, &s, &endless, row->name);
}

START_TEST(a_limit_acts_as_a_volume_of_that_capacity)
{
	static const char *const orders[] = { "l", "ltf", "ftl" };
	size_t i;

	for (i = 0; i < sizeof orders / sizeof *orders; i++) {
		if (span_rows[_i].none)
			run_row(&span_rows[_i], SPLITTER_CACHE_NONE, orders[i]);
		if (span_rows[_i].memory)
			run_row(&span_rows[_i], SPLITTER_CACHE_MEMORY,
			    orders[i]);
	}
}
END_TEST

/*
 * Makes a dump of ten blocks in parts of three blocks.  The dump fits on one
 * volume, except with the early warning.
 */
static struct trial small_trial(uint32_t cache, bool leom)
{
	return (struct trial){
		.core = { .block_bytes = 4096,
		    .part_bytes = 3 * 4096,
		    .buffer_bytes = 5 * 4096,
		    .cache = cache,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 2,
		    .volumes = 6,
		    .block_bytes = 4096,
		    .capacity_bytes = leom ? 12 * 4096 : MEMTAPE_ENDLESS,
		    .warning_bytes = leom ? 2 * 4096 : MEMTAPE_NO_WARNING },
		.dump_bytes = 9 * 4096 + 77,
		.seed = 6,
	};
}

static const enum tape_cause causes[] = { TAPE_PEOM, TAPE_MEDIUM_ERROR,
	TAPE_HARDWARE_ERROR, TAPE_POSITION_LOST, TAPE_UNKNOWN_ERROR };
enum { CAUSES = sizeof causes / sizeof *causes };

static const struct kind {
	const char *name;
	enum splitter_fault_at at;
	enum memtape_what what;
	uint64_t nth_max;
} kinds[] = {
	{ "block", SPLITTER_FAULT_BLOCK, MEMTAPE_BLOCK, 12 },
	{ "header", SPLITTER_FAULT_HEADER, MEMTAPE_HEADER, 5 },
	{ "filemark", SPLITTER_FAULT_FILEMARK, MEMTAPE_FILEMARK, 5 },
	{ "label", SPLITTER_FAULT_LABEL, MEMTAPE_LABEL, 3 },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void run_fault(const struct kind *kind, enum tape_cause cause,
    uint64_t nth, unsigned how)
{
	const struct fault fault = { kind->at, nth, cause, how & 1 };
	const struct memtape_failure failure = { kind->what, nth, cause,
		!(how & 1) };
	const struct trial plain =
	    small_trial(how & 2 ? SPLITTER_CACHE_MEMORY : SPLITTER_CACHE_NONE,
		how & 4);
	struct trial own = plain;
	struct filter_stack s = {
		.order = "f", .faults = &fault, .fault_count = 1
	};
	char what[128];

	own.tapes.failures = &failure;
	own.tapes.failure_count = 1;
	snprintf(what, sizeof what, "%s %u, %s, %s%s%s", kind->name,
	    (unsigned)nth, tape_cause_name(cause),
	    how & 1 ? "once" : "for good", how & 2 ? ", memory" : "",
	    how & 4 ? ", LEOM" : "");
	ck_same(&own, &s, &plain, what);
}

START_TEST(a_fault_acts_as_a_failure_of_the_tape)
{
	const struct kind *kind = &kinds[_i / CAUSES];
	uint64_t nth;
	unsigned how;

	for (nth = 1; nth <= kind->nth_max; nth++)
		for (how = 0; how < 8; how++)
			run_fault(kind, causes[_i % CAUSES], nth, how);
}
END_TEST

/* In each row a part fails at its filemark, and its retry succeeds. */
static const struct deferred {
	const char *name;
	uint64_t nth;
	bool once;
	const char *text;
} deferreds[] = {
	{ "the first block of a part is lost", 1, true,
	    "DONE 36941 "
	    "1:12288F | 1:12288 2:12288 3:12288 4:77" },
	{ "the last block of a part is lost", 3, true,
	    "DONE 36941 "
	    "1:12288F | 1:12288 2:12288 3:12288 4:77" },
	{ "a block of the second part is lost", 5, true,
	    "DONE 36941 "
	    "1:12288 2:12288F | 2:12288 3:12288 4:77" },
	{ "every block from the second part on is lost", 5, false,
	    "PARTIAL 12288 1:12288 2:12288F | 2:12288F | 2:12288F | "
	    "2:12288F" },
};

START_TEST(a_lost_block_fails_its_part_at_the_filemark)
{
	const struct deferred *d = &deferreds[_i];
	const struct fault fault = { SPLITTER_FAULT_BLOCK, d->nth,
		TAPE_DEFERRED_ERROR, d->once };
	struct filter_stack s = {
		.order = "f", .faults = &fault, .fault_count = 1
	};
	const struct trial t = small_trial(SPLITTER_CACHE_MEMORY, false);
	char text[TEXT_BYTES];
	struct trial_result r;

	filter_stack_trial(&s, &t, &r);
	filter_stack_down(&s);
	trial_text(&r, text, sizeof text);
	ck_assert_msg(strcmp(text, d->text) == 0, "%s: %s", d->name, text);
}
END_TEST

static const struct loading {
	const char *name;
	struct fault fault;
	const char *text;
	unsigned loaded;
} loadings[] = {
	{ "the next load takes the volume",
	    { SPLITTER_FAULT_LOAD, 1, TAPE_MEDIUM_ERROR, true },
	    "DONE 36941 1:12288 2:12288 3:0F | 3:12288 4:77", 2 },
	{ "loads that fail end the dump",
	    { SPLITTER_FAULT_LOAD, 1, TAPE_UNKNOWN_ERROR, false },
	    "PARTIAL 0 none", 0 },
	{ "the second volume cannot be had",
	    { SPLITTER_FAULT_LOAD, 2, TAPE_NO_VOLUME, false },
	    "PARTIAL 24576 1:12288 2:12288 3:0F", 1 },
};

START_TEST(a_failed_load_uses_no_volume)
{
	const struct loading *l = &loadings[_i];
	struct filter_stack s = {
		.order = "f", .faults = &l->fault, .fault_count = 1
	};
	struct trial t = small_trial(SPLITTER_CACHE_MEMORY, false);
	char text[TEXT_BYTES];
	struct trial_result r;

	t.tapes.capacity_bytes = 10 * 4096;
	filter_stack_trial(&s, &t, &r);
	filter_stack_down(&s);
	trial_text(&r, text, sizeof text);
	ck_assert_msg(strcmp(text, l->text) == 0, "%s: %s", l->name, text);
	ck_assert_uint_eq(r.loaded, l->loaded);
}
END_TEST

/*
 * Dumps with a bad block and small volumes have the same result with the
 * filters in any order.
 */
START_TEST(filters_stack_in_any_order)
{
	static const char *const orders[] = { "flt", "ftl", "lft", "ltf", "tfl",
		"tlf", "tltf" };
	const struct fault fault = { SPLITTER_FAULT_BLOCK, 5, TAPE_MEDIUM_ERROR,
		true };
	const struct memtape_failure failure = { MEMTAPE_BLOCK, 5,
		TAPE_MEDIUM_ERROR, false };
	struct filter_stack s = { .order = orders[_i],
		.faults = &fault,
		.fault_count = 1,
		.limit = { 8 * 4096, true, 4096 } };
	struct trial own = small_trial(SPLITTER_CACHE_MEMORY, true), plain;

	plain = own;
	plain.tapes.capacity_bytes = MEMTAPE_ENDLESS;
	plain.tapes.warning_bytes = MEMTAPE_NO_WARNING;
	own.tapes.capacity_bytes = s.limit.capacity_bytes;
	own.tapes.warning_bytes = s.limit.early_warning_bytes;
	own.tapes.failures = &failure;
	own.tapes.failure_count = 1;
	ck_same(&own, &s, &plain, "a bad block and small volumes");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dumps through filters");
	TCase *tc = tcase_create("dumps");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, a_limit_acts_as_a_volume_of_that_capacity, 0,
	    SPAN_ROWS);
	tcase_add_loop_test(tc, a_fault_acts_as_a_failure_of_the_tape, 0,
	    KINDS * CAUSES);
	tcase_add_loop_test(tc, a_lost_block_fails_its_part_at_the_filemark, 0,
	    sizeof deferreds / sizeof *deferreds);
	tcase_add_loop_test(tc, a_failed_load_uses_no_volume, 0,
	    sizeof loadings / sizeof *loadings);
	tcase_add_loop_test(tc, filters_stack_in_any_order, 0, 7);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
