/*
 * trial_cache.h: the real back end of a trial's part cache.
 *
 * Either a spool in the folder for temporary files that is large enough, or
 * slices: one file with the whole dump, announced in pieces of odd lengths
 * before the first byte is pushed.
 */
#ifndef SPLITTER_TESTS_TRIAL_CACHE_H
#define SPLITTER_TESTS_TRIAL_CACHE_H

#include "splitter/tests/trial/trial.h"

struct trial_cache {
	struct cache *cache; /* NULL if there is none */
	char path[512];      /* path of the file of the slices, or "" */
	uint64_t announced;  /* end of the announced slices */
};

/*
 * Creates what the trial's cache needs and puts it into the configuration;
 * returns false, with the cache's message, if that fails.
 */
bool trial_cache_begin(struct trial_cache *cache, const struct trial *t,
    const unsigned char *source, struct dump_run_config *config, char *err,
    size_t err_bytes);

/*
 * Announces the slices to the engine, or to the cache if the engine is NULL.
 * Returns false if there is no memory for some slices.
 */
bool trial_cache_announce(struct trial_cache *cache, const struct trial *t,
    struct engine *e);

void trial_cache_end(struct trial_cache *cache);

#endif
