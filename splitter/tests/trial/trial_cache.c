/* trial_cache.c: the real back end of a trial's part cache. */
#include "splitter/tests/trial/trial_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/buffer/slices.h"
#include "splitter/buffer/spool.h"

static void die(const char *what)
{
	perror(what);
	abort();
}

static const char *temporary(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL ? folder : "/tmp";
}

/* Writes the dump to a file, and creates the cache of its slices. */
static struct cache *begin_slices(struct trial_cache *c, const struct trial *t,
    const unsigned char *source, char *err, size_t err_bytes)
{
	int fd;

	snprintf(c->path, sizeof c->path, "%s/tapelab-trial-XXXXXX",
	    temporary());
	fd = mkstemp(c->path);
	if (fd == -1 ||
	    write(fd, source, t->dump_bytes) != (ssize_t)t->dump_bytes ||
	    close(fd) != 0)
		die(c->path);
	return slices_new(0, err, err_bytes);
}

/*
 * Returns the length of the slice at `at`; odd lengths and whole blocks are
 * mixed.
 */
static uint64_t slice_bytes(const struct trial *t, uint64_t at)
{
	uint64_t n =
	    1 + trial_number(t->seed, at + 77) % (5 * t->core.block_bytes);

	if (trial_number(t->seed, at) % 3 == 0)
		n = t->core.block_bytes;
	return n < t->dump_bytes - at ? n : t->dump_bytes - at;
}

bool trial_cache_begin(struct trial_cache *c, const struct trial *t,
    const unsigned char *source, struct dump_run_config *config, char *err,
    size_t err_bytes)
{
	memset(c, 0, sizeof *c);
	if (t->core.cache == SPLITTER_CACHE_SPOOL)
		c->cache = spool_new(temporary(), 0,
		    t->core.part_bytes + t->core.buffer_bytes +
			4 * t->core.block_bytes,
		    err, err_bytes);
	else if (t->core.cache == SPLITTER_CACHE_SLICES)
		c->cache = begin_slices(c, t, source, err, err_bytes);
	else
		return true;
	config->cache = c->cache;
	return c->cache != NULL;
}

bool trial_cache_announce(struct trial_cache *c, const struct trial *t,
    struct engine *e)
{
	uint64_t n;

	for (; c->path[0] != '\0' && c->announced < t->dump_bytes;
	     c->announced += n) {
		n = slice_bytes(t, c->announced);
		if (e != NULL
			? engine_announce(e, c->path, c->announced, n) != 0
			: slices_announce(c->cache, c->path, c->announced, n) ==
			    0)
			return false;
	}
	return true;
}

void trial_cache_end(struct trial_cache *c)
{
	if (c->cache != NULL)
		c->cache->ops->free(c->cache);
	if (c->path[0] != '\0')
		unlink(c->path);
}
