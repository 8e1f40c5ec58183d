/*
 * trial_cache.h: the real back end of a trial's part cache.
 *
 * A spool in the folder for temporary files that holds all it is given, or
 * slices: one file with the whole dump, announced in pieces of odd lengths
 * before the first byte is pushed.
 */
#ifndef SPLITTER_TESTS_TRIAL_CACHE_H
#define SPLITTER_TESTS_TRIAL_CACHE_H

#include "splitter/tests/trial.h"

struct trial_cache {
	struct cache *cache; /* NULL where there is none */
	char path[512];      /* of the slices' file, or "" */
	uint64_t announced;  /* up to where slices are announced */
};

/*
 * Makes what the trial's cache needs, and puts it into the configuration;
 * false, with what the cache said, where it cannot be had.
 */
bool trial_cache_begin(struct trial_cache *cache, const struct trial *t,
    const unsigned char *source, struct dump_run_config *config, char *err,
    size_t err_bytes);

/*
 * Announces the slices: to the engine, or, where it is NULL, to the cache.
 * False: not those from the first on that there is no memory for.
 */
bool trial_cache_announce(struct trial_cache *cache, const struct trial *t,
    struct engine *e);

void trial_cache_end(struct trial_cache *cache);

#endif
