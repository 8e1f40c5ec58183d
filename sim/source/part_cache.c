/* part_cache.c: a part cache as a scenario describes it. */
#include "sim/source/part_cache.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/source/cache_fault.h"
#include "splitter/base/temporary.h"
#include "splitter/base/sentence.h"
#include "splitter/buffer/slices.h"
#include "splitter/buffer/spool.h"

static const char *folder_of(const struct scenario *s)
{
	return s->spool_dir != NULL ? s->spool_dir : temporary_folder();
}

static int check_folder(const char *folder, char *err, size_t err_bytes)
{
	struct stat st;
	int failed = 0;

	if (stat(folder, &st) != 0)
		failed = errno;
	else if (!S_ISDIR(st.st_mode))
		failed = ENOTDIR;
	else if (access(folder, W_OK | X_OK) != 0)
		failed = errno;
	if (failed == 0)
		return 0;
	sentence(err, err_bytes,
	    "cannot make a spool in %s: %s; make "
	    "this folder, or name another in spool: {dir: ...}",
	    folder, strerror(failed));
	return -1;
}

static int no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory for the part cache");
	return -1;
}

static int add_faults(const struct scenario *s, struct cache *cache)
{
	char message[96];
	size_t i;
	int rc = 0;

	for (i = 0; i < s->faults_count && rc == 0; i++) {
		const struct scenario_fault *f = &s->faults[i];

		if (f->fail == FAIL_SPOOL_WRITE)
			rc = cache_fault_append(cache, f->at_bytes, f->once);
		if (f->fail != FAIL_SPOOL_READ)
			continue;
		snprintf(message, sizeof message,
		    "cannot read the spool at "
		    "offset %" PRIu64 " of the dump: a fault of the scenario",
		    f->at_bytes);
		rc = cache_fault_read(cache, f->at_bytes, f->at_bytes + 1,
		    message);
	}
	return rc;
}

static int new_spool(const struct scenario *s, bool payload,
    struct cache **cache, char *err, size_t err_bytes)
{
	struct cache_fault_config c = { .appends = true,
		.limit_bytes = s->spool_bytes };
	const struct core_config core = { .block_bytes = s->block_bytes,
		.part_bytes = s->part_bytes,
		.buffer_bytes = s->buffer_bytes };

	if (check_folder(folder_of(s), err, err_bytes) != 0)
		return -1;
	if (payload) {
		c.inner = spool_new(folder_of(s), 0, spool_need_bytes(&core),
		    err, err_bytes);
		if (c.inner == NULL)
			return -1;
	}
	*cache = cache_fault_new(&c);
	if (*cache == NULL) {
		if (c.inner != NULL)
			c.inner->ops->free(c.inner);
		return no_memory(err, err_bytes);
	}
	return add_faults(s, *cache) == 0 ? 0 : no_memory(err, err_bytes);
}

int part_cache_new(const struct scenario *s, bool payload, struct cache **cache,
    char *err, size_t err_bytes)
{
	const struct cache_fault_config alone = { .appends = false };

	*cache = NULL;
	if (s->cache == CACHE_SPOOL)
		return new_spool(s, payload, cache, err, err_bytes);
	if (s->cache != CACHE_SLICES)
		return 0;
	*cache =
	    payload ? slices_new(0, err, err_bytes) : cache_fault_new(&alone);
	if (*cache == NULL && !payload)
		no_memory(err, err_bytes);
	return *cache == NULL ? -1 : 0;
}
