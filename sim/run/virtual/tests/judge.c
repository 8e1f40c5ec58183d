/* judge.c: a trial through both executors. */
#include "sim/run/virtual/tests/judge.h"

#include <check.h>
#include <inttypes.h>
#include <string.h>

static void judge_result(const struct judge *must, const char *who,
    const struct trial_result *r)
{
	ck_assert_msg(strcmp(r->line, must->line) == 0,
	    "%s, %s:\n  must be %s\n  and is  %s", must->name, who, must->line,
	    r->line);
	ck_assert_msg(r->wrong[0] == '\0', "%s, %s: %s", must->name, who,
	    r->wrong);
	ck_assert_msg(r->outcome.outcome == must->outcome &&
		r->outcome.safe_bytes == must->safe_bytes,
	    "%s, %s: %s, %" PRIu64 " safe", must->name, who,
	    splitter_outcome_name(r->outcome.outcome), r->outcome.safe_bytes);
	ck_assert_msg(must->closes == NULL ||
		strcmp(r->closes, must->closes) == 0,
	    "%s, %s: volumes given back as %s, must be %s", must->name, who,
	    r->closes, must->closes);
	ck_assert_msg(must->filemarks == 0 ||
		r->counts[MEMTAPE_FILEMARK] == (uint64_t)must->filemarks,
	    "%s, %s: %" PRIu64 " filemarks asked for, must be %d", must->name,
	    who, r->counts[MEMTAPE_FILEMARK], must->filemarks);
	ck_assert_msg(must->loaded == 0 || r->loaded == (unsigned)must->loaded,
	    "%s, %s: %u volumes loaded, must be %d", must->name, who, r->loaded,
	    must->loaded);
	ck_assert_msg(must->says == NULL ||
		strstr(r->outcome.message, must->says) != NULL,
	    "%s, %s: \"%s\" does not say \"%s\"", must->name, who,
	    r->outcome.message, must->says);
}

void judge_trial(const struct trial *t, const struct judge *must)
{
	static struct trial_result r;
	struct trial_virtual how = { .payload = true };
	struct trial other = *t;

	trial_engine(t, &r);
	judge_result(must, "engine", &r);
	other.seed++; /* reserve and commit, or push */
	trial_engine(&other, &r);
	judge_result(must, "engine", &r);
	trial_vtime(t, &how, &r);
	judge_result(must, "virtual time", &r);
	how.feed = (struct feed_config){ .kind = FEED_RATES,
		.rate_bytes_per_s = { .min = 100000, .max = 900000 },
		.every_ns = 1000000000,
		.seed = t->seed };
	how.size_known = true;
	trial_vtime(t, &how, &r);
	judge_result(must, "virtual time, fed slowly", &r);
}
