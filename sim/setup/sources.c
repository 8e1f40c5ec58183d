/* sources.c: makes the source, part cache and holding disk of a scenario. */
#include "sim/setup/sources.h"

#include "sim/base/rng.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/source/cache_fault.h"
#include "sim/source/part_cache.h"

/* The casts below need the same order in both enumerations. */
static_assert((int)CONTENT_RANDOM == (int)SOURCE_RANDOM &&
	(int)CONTENT_ZEROS == (int)SOURCE_ZEROS &&
	(int)CONTENT_FILE == (int)SOURCE_FILE &&
	(int)CONTENT_STDIN == (int)SOURCE_STDIN,
    "sources");
static_assert((int)HOLDING_MISSING == (int)SLICE_MISSING &&
	(int)HOLDING_TRUNCATED == (int)SLICE_TRUNCATED &&
	(int)HOLDING_CORRUPT == (int)SLICE_CORRUPT,
    "slices");

/*
 * Returns the path as the scenario names it, so that reports contain no
 * absolute path.
 */
static const char *name_of(const struct scenario *s, const char *source_path)
{
	const char *slash = strrchr(s->path, '/');
	size_t folder = slash != NULL ? (size_t)(slash - s->path) + 1 : 0;

	return strncmp(source_path, s->path, folder) == 0 ? source_path + folder
							  : source_path;
}

uint64_t sources_seed(const struct scenario *scenario, size_t dump,
    uint64_t seed, uint64_t run)
{
	const char *c = scenario->dumps[dump].name;

	for (; *c != '\0'; c++)
		seed = random_next(seed, (unsigned char)*c);
	return run == 0 ? seed : random_next(seed, run);
}

struct content *sources_content(const struct scenario *s, size_t dump,
    uint64_t seed, char *err, size_t err_bytes)
{
	const struct scenario_dump *d = &s->dumps[dump];
	const struct content_config config = {
		.source = (enum content_source)d->source,
		.path = d->source_path,
		.name = d->source == SOURCE_FILE ? name_of(s, d->source_path)
						 : NULL,
		.size_bytes = d->size_bytes,
		.compressible_permille = d->compressible_permille,
		.block_bytes = d->splitter.block_bytes,
		.seed = seed,
	};

	return content_open(&config, err, err_bytes);
}

static int add_faults(const struct scenario *s, size_t dump,
    struct cache *cache)
{
	char message[96];
	size_t i;
	int rc = 0;

	for (i = 0; i < s->faults_count && rc == 0; i++) {
		const struct scenario_fault *f = &s->faults[i];

		if (f->dump != dump)
			continue;
		if (f->fail == FAIL_SPOOL_WRITE)
			rc = cache_fault_append(cache, f->at_bytes, f->once, i);
		if (f->fail != FAIL_SPOOL_READ)
			continue;
		snprintf(message, sizeof message,
		    "cannot read the spool at offset %" PRIu64
		    " of the dump: injected fault",
		    f->at_bytes);
		rc = cache_fault_read(cache, f->at_bytes, f->at_bytes + 1,
		    message, i);
	}
	return rc;
}

int sources_cache(const struct scenario *s, size_t dump, bool payload,
    struct cache **cache, char *err, size_t err_bytes)
{
	const struct scenario_splitter *k = &s->dumps[dump].splitter;
	const struct part_cache_config config = {
		.spool = k->cache == SPLITTER_CACHE_SPOOL,
		.payload = payload,
		.folder = k->spool_dir,
		.limit_bytes = k->spool_bytes,
		.block_bytes = k->block_bytes,
		.part_bytes = k->part_bytes,
		.buffer_bytes = k->buffer_bytes,
	};

	*cache = NULL;
	if (k->cache != SPLITTER_CACHE_SPOOL &&
	    k->cache != SPLITTER_CACHE_SLICES)
		return 0;
	if (part_cache_new(&config, cache, err, err_bytes) != 0)
		return -1;
	if (!config.spool || add_faults(s, dump, *cache) == 0)
		return 0;
	snprintf(err, err_bytes, "out of memory for the part cache");
	return -1;
}

struct holding_disk *sources_holding_disk(const struct scenario *s, size_t dump,
    struct holding_disk_config *config, struct holding_disk_damage **damages,
    char *err, size_t err_bytes)
{
	const struct scenario_splitter *k = &s->dumps[dump].splitter;
	struct holding_disk_damage *d;

	*damages = calloc(s->faults_count + 1, sizeof **damages);
	if (*damages == NULL) {
		snprintf(err, err_bytes, "out of memory for a slice");
		return NULL;
	}
	config->size_bytes = s->dumps[dump].size_bytes;
	config->block_bytes = k->block_bytes;
	config->part_bytes = k->part_bytes;
	config->buffer_bytes = k->buffer_bytes;
	config->slices = k->slices;
	config->slices_count = k->slices_count;
	config->damages = *damages;
	for (size_t i = 0; i < s->faults_count; i++) {
		const struct scenario_fault *f = &s->faults[i];

		if (f->dump != dump)
			continue;
		if (f->fail == FAIL_SLICE_ANNOUNCEMENT &&
		    (config->unannounced == 0 ||
			f->nth < config->unannounced)) {
			config->unannounced = f->nth;
			config->unannounced_tag = i;
		}
		if (f->fail != FAIL_SLICE)
			continue;
		d = &(*damages)[config->damages_count++];
		d->nth = f->nth;
		d->tag = i;
		d->mode = (enum holding_disk_mode)f->slice_mode;
	}
	return holding_disk_new(config, err, err_bytes);
}
