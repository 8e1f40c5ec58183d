/* part_cache.c: see part_cache.h. */
#include "sim/source/part_cache.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/source/cache_fault.h"
#include "splitter/base/temporary.h"
#include "splitter/base/sentence.h"
#include "splitter/buffer/slices.h"
#include "splitter/buffer/spool.h"

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
	    "cannot make a spool in %s: %s; make this folder, or name another "
	    "in spool: {dir: ...}",
	    folder, strerror(failed));
	return -1;
}

static int no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory for the part cache");
	return -1;
}

/* Makes a cache that can fail, and takes the inner cache over. */
static int new_fault(const struct cache_fault_config *config,
    struct cache **cache, char *err, size_t err_bytes)
{
	*cache = cache_fault_new(config);
	if (*cache != NULL)
		return 0;
	if (config->inner != NULL)
		config->inner->ops->free(config->inner);
	return no_memory(err, err_bytes);
}

static int new_spool(const struct part_cache_config *config,
    struct cache **cache, char *err, size_t err_bytes)
{
	struct cache_fault_config c = { .appends = true,
		.limit_bytes = config->limit_bytes };
	const struct core_config core = { .block_bytes = config->block_bytes,
		.part_bytes = config->part_bytes,
		.buffer_bytes = config->buffer_bytes };
	const char *folder =
	    config->folder != NULL ? config->folder : temporary_folder();

	if (check_folder(folder, err, err_bytes) != 0)
		return -1;
	if (config->payload) {
		c.inner = spool_new(folder, 0, spool_need_bytes(&core), err,
		    err_bytes);
		if (c.inner == NULL)
			return -1;
	}
	return new_fault(&c, cache, err, err_bytes);
}

int part_cache_new(const struct part_cache_config *config, struct cache **cache,
    char *err, size_t err_bytes)
{
	struct cache_fault_config slices = { .appends = false };

	*cache = NULL;
	if (config->spool)
		return new_spool(config, cache, err, err_bytes);
	if (config->payload) {
		slices.inner = slices_new(0, err, err_bytes);
		if (slices.inner == NULL)
			return -1;
	}
	return new_fault(&slices, cache, err, err_bytes);
}
