/*
 * check_astray.c: a tape that moves by itself loses no safe byte.
 *
 * Expected: if a tape is rewound without a report before anything is written,
 * the dump loses at most the data on that tape, and the outcome says so.  Bug:
 * the overwritten parts were called safe, and the dump was DONE.
 *
 * Before the Nth block, header, filemark or label, for every N, the tape moves
 * to an earlier place; in both executors.  In addition, a later block fails in
 * every way.
 */
#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "sim/run/virtual/tests/trial_vtime.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 4096 };

static const struct kind {
	uint32_t cache;
	bool leom, real; /* real: by the engine, on threads */
} kinds[] = {
	{ SPLITTER_CACHE_NONE, true, false },
	{ SPLITTER_CACHE_MEMORY, true, false },
	{ SPLITTER_CACHE_MEMORY, false, false },
	{ SPLITTER_CACHE_NONE, true, true },
	{ SPLITTER_CACHE_MEMORY, true, true },
	{ SPLITTER_CACHE_MEMORY, false, true },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Objects from BOT: the label, its filemark, then files of five. */
static const uint64_t places[] = { 0, 1, 2, 3, 6, 7, 9, 13 };
enum { PLACES = sizeof places / sizeof *places };

/* Twelve blocks in parts of three, over two volumes. */
static struct trial small_dump(uint32_t cache, bool leom)
{
	return (struct trial){
		.core = { .block_bytes = BLOCK,
		    .part_bytes = 3 * BLOCK,
		    .buffer_bytes = 17 * BLOCK,
		    .cache = cache,
		    .start_fill_bytes = 17 * BLOCK,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = 5,
		    .block_bytes = BLOCK,
		    .capacity_bytes = 11 * BLOCK,
		    .warning_bytes = leom ? BLOCK : MEMTAPE_NO_WARNING },
		.dump_bytes = 14 * BLOCK + 99,
		.seed = 4,
		.safe_only = true,
	};
}

/* Counts how the dumps of a sweep ended. */
struct ends {
	unsigned done, partial, lost;
};

static void note(const struct trial *t, const struct trial_result *r,
    struct ends *ends)
{
	char text[TRIAL_LINE_BYTES + 1024];

	ck_assert_msg(r->wrong[0] == '\0',
	    "before thing %" PRIu64 " to %" PRIu64 ", cache %u: %s: %s",
	    t->tapes.stray_nth, t->tapes.stray_to, t->core.cache,
	    trial_text(r, text, sizeof text), r->outcome.message);
	ends->done += r->outcome.outcome == SPLITTER_DONE;
	ends->partial += r->outcome.outcome == SPLITTER_PARTIAL;
	ends->lost += r->lost > 0;
	/* Lost parts are reported with their place. */
	ck_assert(r->lost == 0 || r->outcome.outcome == SPLITTER_PARTIAL);
	ck_assert_msg(r->lost == 0 ||
		strstr(r->outcome.message, "is missing") != NULL,
	    "%s", r->outcome.message);
}

static void sweep(const struct kind *k, uint64_t to, struct ends *ends)
{
	const struct trial_virtual how = { .payload = true };
	struct trial t = small_dump(k->cache, k->leom);
	static struct trial_result r;

	t.tapes.stray_to = to;
	do {
		t.tapes.stray_nth++;
		if (k->real)
			trial_engine(&t, &r);
		else
			trial_vtime(&t, &how, &r);
		note(&t, &r, ends);
	} while (r.strayed);
	ck_assert_int_eq(r.outcome.outcome, SPLITTER_DONE);
	ck_assert_uint_gt(t.tapes.stray_nth, 25);
}

START_TEST(a_tape_that_moves_by_itself_loses_no_safe_byte)
{
	struct ends ends = { 0 };
	size_t i;

	for (i = 0; i < PLACES; i++)
		sweep(&kinds[_i], places[i], &ends);
	/*
	 * The dump loses at most a part, which the memory cache still has,
	 * unless safe data was lost.
	 */
	if (kinds[_i].cache == SPLITTER_CACHE_MEMORY)
		ck_assert_uint_eq(ends.partial, ends.lost);
	ck_assert_uint_gt(ends.done, 0);
	ck_assert_uint_gt(ends.lost, 0);
}
END_TEST

/* Causes that end a part after the tape has moved. */
static const enum tape_cause errors[] = { TAPE_PEOM, TAPE_MEDIUM_ERROR,
	TAPE_DEFERRED_ERROR, TAPE_HARDWARE_ERROR, TAPE_POSITION_LOST,
	TAPE_UNKNOWN_ERROR, TAPE_STORAGE_FAILED };
enum { ERRORS = sizeof errors / sizeof *errors };

/* Nine blocks per part: after a move, writing continues past its beginning. */
static void stray_and_fail(enum tape_cause cause, uint64_t to, uint64_t at)
{
	const struct trial_virtual how = { .payload = true };
	const struct memtape_failure failure = { MEMTAPE_BLOCK, at, cause,
		false };
	struct trial t = small_dump(SPLITTER_CACHE_MEMORY, false);
	struct ends ends = { 0 };
	static struct trial_result r;

	t.core.part_bytes = 9 * BLOCK;
	t.dump_bytes = 31 * BLOCK;
	t.tapes.drives = 2;
	t.tapes.capacity_bytes = 60 * BLOCK;
	t.tapes.stray_to = to;
	t.tapes.failures = &failure;
	t.tapes.failure_count = 1;
	do {
		t.tapes.stray_nth++;
		trial_vtime(&t, &how, &r);
		note(&t, &r, &ends);
	} while (r.strayed);
}

START_TEST(destroyed_parts_are_detected_after_any_error)
{
	uint64_t to, at;

	for (to = 4; to < 20; to += 3)
		for (at = 12; at < 28; at += 5)
			stray_and_fail(errors[_i], to, at);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("astray");
	TCase *tc = tcase_create("astray");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, a_tape_that_moves_by_itself_loses_no_safe_byte,
	    0, KINDS);
	tcase_add_loop_test(tc, destroyed_parts_are_detected_after_any_error, 0,
	    ERRORS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
