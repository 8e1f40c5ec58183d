/* check_policy.c: a policy decides what follows an attempt, within limits. */
#include <check.h>

#include "splitter/tests/run_suite.h"
#include "splitter/tests/trial/trial.h"

enum { BLOCK = 4096, PART = 4 * BLOCK, DUMP = 10 * BLOCK };

START_TEST(the_default_policy_continues_and_retries_if_possible)
{
	struct core_report r = { .committed = true };

	ck_assert_int_eq(policy_default(NULL, &r), SPLITTER_CONTINUE);
	r.committed = false;
	ck_assert_int_eq(policy_default(NULL, &r), SPLITTER_GIVE_UP);
	r.can_retry = true;
	ck_assert_int_eq(policy_default(NULL, &r), SPLITTER_RETRY);
}
END_TEST

static enum splitter_decision always_retry(void *arg,
    const struct core_report *r)
{
	(void)arg, (void)r;
	return SPLITTER_RETRY;
}

static enum splitter_decision always_continue(void *arg,
    const struct core_report *r)
{
	(void)arg, (void)r;
	return SPLITTER_CONTINUE;
}

static enum splitter_decision always_give_up(void *arg,
    const struct core_report *r)
{
	(void)arg, (void)r;
	return SPLITTER_GIVE_UP;
}

static enum splitter_decision give_up_after_two(void *arg,
    const struct core_report *r)
{
	(void)arg;
	return r->committed  ? SPLITTER_CONTINUE
	    : r->attempt < 2 ? SPLITTER_RETRY
			     : SPLITTER_GIVE_UP;
}

/*
 * In each row the 6th block, which is in the second part, fails once or always.
 */
static const struct row {
	const char *name;
	policy_fn *policy;
	uint32_t cache;
	bool fails, for_good;
	const char *text;
} rows[] = {
	{ "retry of what cannot be is giving up", always_retry,
	    SPLITTER_CACHE_NONE, true, false, "PARTIAL 16384 1:16384 2:4096F" },
	{ "retry of a committed part is going on", always_retry,
	    SPLITTER_CACHE_MEMORY, false, false,
	    "DONE 40960 1:16384 2:16384 3:8192" },
	{ "a retry ends at the limit on volumes", always_retry,
	    SPLITTER_CACHE_MEMORY, true, true,
	    "PARTIAL 16384 1:16384 2:4096F | 2:0F | 2:0F | 2:0F" },
	{ "continuing after a failed part is giving up", always_continue,
	    SPLITTER_CACHE_MEMORY, true, false,
	    "PARTIAL 16384 1:16384 2:4096F" },
	{ "giving up after a good part", always_give_up, SPLITTER_CACHE_MEMORY,
	    false, false, "PARTIAL 16384 1:16384" },
	{ "giving up after two attempts", give_up_after_two,
	    SPLITTER_CACHE_MEMORY, true, true,
	    "PARTIAL 16384 1:16384 2:4096F | 2:0F" },
};

START_TEST(a_policy_is_obeyed_within_the_limits)
{
	static struct trial_result r;
	const struct row *row = &rows[_i];
	const struct memtape_failure failure = { MEMTAPE_BLOCK, 6,
		TAPE_MEDIUM_ERROR, row->for_good };
	const struct trial t = {
		.core = { .block_bytes = BLOCK,
		    .part_bytes = PART,
		    .buffer_bytes = 2 * BLOCK,
		    .cache = row->cache,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = 9,
		    .block_bytes = BLOCK,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING,
		    .failures = &failure,
		    .failure_count = row->fails },
		.dump_bytes = DUMP,
		.policy = row->policy,
	};
	char text[TRIAL_LINE_BYTES];

	trial_engine(&t, &r);
	ck_assert_str_eq(trial_text(&r, text, sizeof text), row->text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_add_test(tc,
	    the_default_policy_continues_and_retries_if_possible);
	tcase_add_loop_test(tc, a_policy_is_obeyed_within_the_limits, 0,
	    sizeof rows / sizeof *rows);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
