/* sweep_trial.c: see sweep_trial.h. */
#include "splitter/tests/failing/sweep_trial.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 4096, PART = 8 * BLOCK, DUMP = 4 * PART + 5 };

static const struct memtape_failure failures[] = {
	{ .what = MEMTAPE_BLOCK, .nth = 14, .cause = TAPE_MEDIUM_ERROR },
	{ .what = MEMTAPE_FILEMARK, .nth = 3, .cause = TAPE_MEDIUM_ERROR },
};

static const struct {
	const char *name;
	enum splitter_cache cache;
} caches[SWEEP_TRIALS] = {
	{ "no cache", SPLITTER_CACHE_NONE },
	{ "memory", SPLITTER_CACHE_MEMORY },
	{ "spool", SPLITTER_CACHE_SPOOL },
	{ "slices", SPLITTER_CACHE_SLICES },
};

/*
 * Ends the failures before the dump is read back, because the reading code
 * could fail too.
 */
static void no_more_failures(void)
{
	failing_end();
}

struct trial sweep_trial(int i)
{
	return (struct trial){
		.core = { .block_bytes = BLOCK,
		    .part_bytes = PART,
		    .buffer_bytes = 4 * BLOCK,
		    .cache = caches[i].cache,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = 9,
		    .block_bytes = BLOCK,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING,
		    .failures = failures,
		    /*
		     * Without a cache no failed part can be written again, so
		     * no failure is injected.
		     */
		    .failure_count = caches[i].cache == SPLITTER_CACHE_NONE
			? 0
			: sizeof failures / sizeof *failures },
		.dump_bytes = DUMP,
		.seed = 5,
		.ended = no_more_failures,
	};
}

const char *sweep_trial_name(int i)
{
	return caches[i].name;
}

void sweep_trial_judge(const struct trial *t, const struct trial_result *r,
    struct sweep_run *run)
{
	const struct dump_run_outcome *o = &r->outcome;
	bool done = o->outcome == SPLITTER_DONE;
	const char *wrong = NULL;

	run->reported = r->refused || !done;
	snprintf(run->message, sizeof run->message, "%s%s",
	    r->unannounced ? "out of memory for a slice; " : "",
	    r->refused ? r->wrong : o->message);
	if (!r->refused && r->wrong[0] != '\0')
		wrong = r->wrong;
	else if (!r->refused && done && o->safe_bytes != t->dump_bytes)
		wrong = "DONE, and bytes are missing";
	if (wrong != NULL)
		snprintf(run->wrong, sizeof run->wrong, "%s: %.400s", wrong,
		    r->line);
}
