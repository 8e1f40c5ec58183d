/* trial.c: one dump over tapes in memory. */
#include "splitter/tests/trial/trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/trial/dump_back.h"
#include "splitter/tests/trial/read_back.h"
#include "splitter/tests/trial/safe_back.h"
#include "splitter/tests/trial/trial_cache.h"

static unsigned trials;

uint64_t trial_number(uint64_t seed, uint64_t index)
{
	uint64_t z = seed * 0xd1342543de82ef95u + index + 1;

	z *= 0x9e3779b97f4a7c15u;
	z ^= z >> 32;
	z *= 0xd6e8feb86659fd93u;
	z ^= z >> 32;
	z *= 0xd6e8feb86659fd93u;
	return z ^ z >> 32;
}

unsigned char *trial_source(uint64_t seed, uint64_t bytes)
{
	unsigned char *source = malloc(bytes + 8);
	uint64_t i, n;

	if (source == NULL)
		abort();
	for (i = 0; i < bytes; i += 8) {
		n = trial_number(seed, i);
		memcpy(source + i, &n, 8);
	}
	return source;
}

void trial_config(const struct trial *t, struct memtape *tapes,
    struct course *course, struct dump_run_config *config)
{
	memset(config, 0, sizeof *config);
	config->core = t->core;
	config->core.end_record = 1;
	config->writer.dump = TRIAL_DUMP;
	config->writer.dump_id = TRIAL_ID;
	config->writer.block_bytes = t->core.block_bytes;
	config->writer.volume_policy.label_blank = !t->refuse_blank;
	config->writer.can_replay = t->core.cache != SPLITTER_CACHE_NONE;
	config->writer.policy = t->policy;
	config->writer.library = t->over != NULL ? t->over(t->over_arg, tapes)
						 : memtape_library(tapes);
	course_listen(course, config);
}

void trial_ended(const struct trial *t, struct memtape *tapes,
    struct course *course, const unsigned char *source, struct trial_result *r)
{
	const struct dump_back back = {
		.tapes = tapes,
		.course = course,
		.source = source,
		.block_bytes = t->core.block_bytes,
		.safe_bytes = r->outcome.safe_bytes,
		.dump_id = TRIAL_ID,
		.dump = TRIAL_DUMP,
		.sealed = r->outcome.sealed,
		.outcome = splitter_outcome_name(r->outcome.outcome),
	};
	const struct read_back read = {
		.tapes = tapes,
		.dump = TRIAL_DUMP,
		.source = source,
		.source_bytes = t->dump_bytes,
		.safe_bytes = r->outcome.safe_bytes,
		.done = r->outcome.outcome == SPLITTER_DONE,
		.sealed = r->outcome.sealed,
	};
	/*
	 * If data was lost, the tapes may have any data after the safe bytes.
	 */
	bool safe_only = t->safe_only || course->lost > 0;
	int i;

	if (t->ended != NULL)
		t->ended();
	course_line(course, r->line, sizeof r->line);
	course_closes(course, r->closes, sizeof r->closes);
	for (i = 0; i <= MEMTAPE_UNLOAD; i++)
		r->counts[i] = memtape_count(tapes, (enum memtape_what)i);
	r->loaded = memtape_loaded(tapes);
	r->warnings = course->warnings;
	r->lost = course->lost;
	r->strayed = memtape_strayed(tapes);
	r->run_max_bytes = course->run_max_bytes;
	if (r->wrong[0] == '\0')
		snprintf(r->wrong, sizeof r->wrong, "%s",
		    memtape_complaint(tapes));
	if (r->wrong[0] == '\0' && safe_only)
		safe_back_same(&back, r->wrong, sizeof r->wrong);
	else if (r->wrong[0] == '\0')
		dump_back_same(&back, r->wrong, sizeof r->wrong);
	/*
	 * The reader reads every third trial back, including the first: there
	 * are tens of thousands.  With `safe_only` any data may follow the safe
	 * bytes, so then only a dump that is DONE is read back.
	 */
	if (trials++ % 3 == 0 && r->wrong[0] == '\0' && !t->tapes.no_payload &&
	    (!safe_only || read.done))
		read_back_same(&read, r->wrong, sizeof r->wrong);
	memtape_free(tapes);
	course_clear(course);
}

/* Fills the reserved room with the next bytes. */
static uint64_t commit_some(struct engine *e, const unsigned char *from,
    uint64_t bytes)
{
	uint64_t room;
	void *place = engine_reserve(e, &room);

	if (place == NULL)
		return 0;
	if (bytes > room)
		bytes = room;
	memcpy(place, from, bytes);
	engine_commit(e, bytes);
	return bytes;
}

static void feed(const struct trial *t, struct engine *e,
    const unsigned char *source)
{
	uint64_t most = 3 * t->core.block_bytes, at, n, taken, i = 0;
	bool push = t->seed % 2 == 0;

	for (at = 0; at < t->dump_bytes; at += taken) {
		n = 1 + trial_number(t->seed, ++i) % most;
		if (n > t->dump_bytes - at)
			n = t->dump_bytes - at;
		taken = push ? engine_push(e, source + at, n)
			     : commit_some(e, source + at, n);
		if (taken == 0 || (push && taken < n))
			break;
	}
	engine_eof(e);
}

void trial_engine(const struct trial *t, struct trial_result *r)
{
	struct memtape *tapes = memtape_new(&t->tapes);
	unsigned char *source = trial_source(t->seed, t->dump_bytes);
	struct course course = { 0 };
	struct dump_run_config config;
	struct trial_cache cache;
	struct engine *e = NULL;

	memset(r, 0, sizeof *r);
	if (t->prepare != NULL)
		t->prepare(tapes);
	trial_config(t, tapes, &course, &config);
	if (trial_cache_begin(&cache, t, source, &config, r->wrong,
		sizeof r->wrong))
		e = engine_start(&config, r->wrong, sizeof r->wrong);
	r->refused = e == NULL;
	if (e != NULL) {
		r->unannounced = !trial_cache_announce(&cache, t, e);
		feed(t, e, source);
		engine_wait(e, &r->outcome);
		engine_free(e);
	}
	if (t->over_ended != NULL)
		t->over_ended(t->over_arg);
	trial_ended(t, tapes, &course, source, r);
	trial_cache_end(&cache);
	free(source);
}

char *trial_text(const struct trial_result *r, char *text, size_t bytes)
{
	snprintf(text, bytes, "%s %" PRIu64 " %s%s%s",
	    splitter_outcome_name(r->outcome.outcome), r->outcome.safe_bytes,
	    r->line, r->wrong[0] == '\0' ? "" : "; wrong: ", r->wrong);
	return text;
}
