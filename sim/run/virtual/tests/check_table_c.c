/*
 * check_table_c.c: the sweep (Table C of the splitter's rules).
 *
 * A dump of about 40 blocks over three volumes, for each cache, with and
 * without LEOM: the Nth operation of each kind fails, for every N, once or
 * always, in every way; then two fail, with a medium error and PEOM, at every N
 * and M. All cases are run, except under a sanitizer, which takes several times
 * longer: there every seventh, or eleventh, and in a part.  A case whose last failure would
 * come after the end of the dump is another case, and is run once.
 *
 * Any two failures, of any kind and in any way, are a million cases.  These are
 * run on request:
 *
 *   CASES_FROM=N CASES=N   this number from there, from 0 on
 *   CASE=N                 only this one
 */
#include <check.h>
#include <stdlib.h>

#include "sim/run/virtual/tests/reference.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 4096, DUMP = 40 * BLOCK + 1234, NTH_MAX = 48 };

/* One in this many cases is run.  No number of a kind is a multiple of it. */
static uint64_t every = SANITIZED > 1 ? SANITIZED : 5;

/* Takes a number from 0 to n - 1 out of the number of the case. */
static uint64_t digit(uint64_t *number, uint64_t n)
{
	uint64_t d = *number % n;

	*number /= n;
	return d;
}

/* The number of caches: none, memory, spool, slices. */
enum { CACHES = SPLITTER_CACHE_SLICES + 1 };

static void make_plain(struct reference_case *c, uint64_t cache, uint64_t leom)
{
	struct trial *t = &c->trial;

	t->core = (struct core_config){ .block_bytes = BLOCK,
		.part_bytes = 7 * BLOCK,
		.buffer_bytes = 5 * BLOCK,
		.start_fill_bytes = 5 * BLOCK,
		.cache = (uint32_t)cache,
		.streaming = SPLITTER_STREAMING_DESIRED,
		.max_failed_volumes = 3 };
	t->tapes = (struct memtape_config){ .drives = 2,
		.volumes = 9,
		.block_bytes = BLOCK,
		.capacity_bytes = 19 * BLOCK,
		.warning_bytes = leom ? BLOCK : MEMTAPE_NO_WARNING };
	t->dump_bytes = DUMP;
	t->seed = 3 + cache + leom;
	c->how.payload = true;
}

enum { WAYS = 7, KINDS = 4, SWEEP = CACHES * 2 * 2 * KINDS * WAYS * NTH_MAX };

static const enum tape_cause causes[WAYS] = { TAPE_OK, TAPE_PEOM,
	TAPE_MEDIUM_ERROR, TAPE_DEFERRED_ERROR, TAPE_HARDWARE_ERROR,
	TAPE_POSITION_LOST, TAPE_UNKNOWN_ERROR };

static void make_one(struct reference_case *c, uint64_t number)
{
	uint64_t cache, leom;

	number *= every;
	cache = digit(&number, CACHES);
	leom = digit(&number, 2);
	make_plain(c, cache, leom);
	c->trial.tapes.failure_count = 1;
	c->failures[0].for_good = digit(&number, 2);
	c->failures[0].what = (enum memtape_what)digit(&number, KINDS);
	c->failures[0].cause = causes[digit(&number, WAYS)];
	c->failures[0].nth = 1 + number;
	/* One of them shows the case without a failure. */
	c->skip_unstruck = c->failures[0].nth < NTH_MAX;
}

enum { PAIRS = CACHES * 2 * 2 * NTH_MAX * NTH_MAX };

static void make_pair(struct reference_case *c, uint64_t number)
{
	static const enum tape_cause both[] = { TAPE_MEDIUM_ERROR, TAPE_PEOM };
	uint64_t cache, leom, first, n;

	number *= every;
	cache = digit(&number, CACHES);
	leom = digit(&number, 2);
	first = digit(&number, 2);
	n = digit(&number, NTH_MAX);
	make_plain(c, cache, leom);
	c->trial.tapes.failure_count = 2;
	c->failures[0] = (struct memtape_failure){ MEMTAPE_BLOCK, 1 + n,
		both[first], false };
	c->failures[1] = (struct memtape_failure){ MEMTAPE_BLOCK,
		2 + n + number, both[!first], false };
	/* Then it is a case of make_one(). */
	c->skip_unstruck = true;
}

/* The maximum number of each. */
enum {
	BLOCKS = NTH_MAX,
	HEADERS = 10,
	FILEMARKS = 10,
	LABELS = 5,
	FAILURES = (BLOCKS + HEADERS + FILEMARKS + LABELS) * WAYS,
	PAIRS_OF_ANY = CACHES * 2 * (FAILURES * (FAILURES - 1) / 2)
};

static void make_failure(struct memtape_failure *f, uint64_t number)
{
	static const uint64_t counts[KINDS] = {
		[MEMTAPE_BLOCK] = BLOCKS,
		[MEMTAPE_HEADER] = HEADERS,
		[MEMTAPE_FILEMARK] = FILEMARKS,
		[MEMTAPE_LABEL] = LABELS,
	};
	uint64_t what = 0;

	f->cause = causes[digit(&number, WAYS)];
	for (; number >= counts[what]; what++)
		number -= counts[what];
	f->what = (enum memtape_what)what;
	f->nth = 1 + number;
}

/* Each pair of failures is run once: the first has the smaller number. */
static void make_pair_of_any(struct reference_case *c, uint64_t number)
{
	uint64_t cache = digit(&number, CACHES), leom = digit(&number, 2);
	uint64_t second = 1;

	for (; number >= second; second++)
		number -= second;
	make_plain(c, cache, leom);
	c->trial.tapes.failure_count = 2;
	make_failure(&c->failures[0], number);
	make_failure(&c->failures[1], second);
}

START_TEST(any_failure_anywhere_loses_nothing)
{
	reference_run("table C, one failure", make_one, 0, SWEEP / every);
}
END_TEST

START_TEST(medium_error_and_peom_anywhere_lose_nothing)
{
	reference_run("table C, two failures", make_pair, 0, PAIRS / every);
}
END_TEST

static uint64_t pairs_from, pairs_to;

START_TEST(any_two_failures_anywhere_lose_nothing)
{
	reference_run("table C, any two", make_pair_of_any, pairs_from,
	    pairs_to < PAIRS_OF_ANY ? pairs_to : PAIRS_OF_ANY);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table C");
	TCase *tc = tcase_create("sweep");

	if (getenv("SWEEP_ALL") != NULL)
		every = 1;
	else if (part_only())
		every = 17;
	tcase_set_timeout(tc, 600);
	if (reference_range(PAIRS_OF_ANY, &pairs_from, &pairs_to)) {
		tcase_add_test(tc, any_two_failures_anywhere_lose_nothing);
	} else {
		tcase_add_test(tc, any_failure_anywhere_loses_nothing);
		tcase_add_test(tc, medium_error_and_peom_anywhere_lose_nothing);
	}
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
