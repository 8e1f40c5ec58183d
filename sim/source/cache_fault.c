/* cache_fault.c: a filter on struct cache. */
#include "sim/source/cache_fault.h"
#include "splitter/base/grow.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct append_fault {
	uint64_t at_bytes;
	bool once, over;
	size_t tag;
};

struct read_fault {
	uint64_t begin, end;
	char *message; /* NULL: the read does not fail here */
	size_t tag;
};

struct cache_fault {
	struct cache base; /* first: cast to this */
	struct cache *inner;
	uint64_t limit_bytes;
	/*
	 * Bytes before this offset are forgotten.  The reading thread sets it.
	 */
	atomic_uint_least64_t from;
	struct append_fault *appends;
	size_t appends_count;
	pthread_mutex_t lock; /* protects `reads` */
	struct read_fault *reads;
	size_t reads_count;
	void (*observer)(void *arg, size_t tag, uint64_t offset);
	void *observer_arg;
};

static void observe(const struct cache_fault *f, size_t tag, uint64_t offset)
{
	if (f->observer != NULL)
		f->observer(f->observer_arg, tag, offset);
}

/* Returns whether a fault applies to an append that ends at `end`. */
static bool append_fails(struct cache_fault *f, uint64_t end)
{
	struct append_fault *fault;
	size_t i;

	for (i = 0; i < f->appends_count; i++) {
		fault = &f->appends[i];
		if (fault->over || end <= fault->at_bytes)
			continue;
		fault->over = fault->once;
		observe(f, fault->tag, fault->at_bytes);
		return true;
	}
	return false;
}

static int append(struct cache *c, uint64_t offset, const void *data,
    uint64_t bytes, char *err, size_t err_bytes)
{
	struct cache_fault *f = (struct cache_fault *)c;
	uint64_t end = offset + bytes, from = atomic_load(&f->from);

	/* The executor may have forgotten committed bytes in the meantime. */
	if (f->limit_bytes > 0 && end > from && end - from > f->limit_bytes) {
		snprintf(err, err_bytes,
		    "the spool is full: it may take %" PRIu64 " bytes",
		    f->limit_bytes);
		return -1;
	}
	if (append_fails(f, end)) {
		snprintf(err, err_bytes,
		    "cannot write the spool at offset %" PRIu64
		    " of the dump: %s",
		    offset, "a fault of the scenario");
		return -1;
	}
	return f->inner == NULL ? 0
				: f->inner->ops->append(f->inner, offset, data,
				      bytes, err, err_bytes);
}

static uint64_t room(const struct cache *c, uint64_t offset)
{
	const struct cache_fault *f = (const struct cache_fault *)c;
	uint64_t end = UINT64_MAX, from = atomic_load(&f->from);

	if (f->inner != NULL)
		return 0;
	if (f->limit_bytes > 0 && from <= UINT64_MAX - f->limit_bytes)
		end = from + f->limit_bytes;
	for (size_t i = 0; i < f->appends_count; i++)
		if (!f->appends[i].over && f->appends[i].at_bytes < end)
			end = f->appends[i].at_bytes;
	return end > offset ? end - offset : 0;
}

static int read_back(struct cache *c, uint64_t offset, void *buf,
    uint64_t bytes, char *err, size_t err_bytes)
{
	struct cache_fault *f = (struct cache_fault *)c;
	const struct read_fault *fault;
	bool fails = false;
	size_t i;

	pthread_mutex_lock(&f->lock);
	for (i = 0; i < f->reads_count && !fails; i++) {
		fault = &f->reads[i];
		if (offset >= fault->end || fault->begin >= offset + bytes)
			continue;
		observe(f, fault->tag,
		    offset > fault->begin ? offset : fault->begin);
		fails = fault->message != NULL;
		if (fails)
			snprintf(err, err_bytes, "%s", fault->message);
	}
	pthread_mutex_unlock(&f->lock);
	if (fails)
		return -1;
	return f->inner == NULL
	    ? 0
	    : f->inner->ops->read(f->inner, offset, buf, bytes, err, err_bytes);
}

static void forget(struct cache *c, uint64_t offset)
{
	struct cache_fault *f = (struct cache_fault *)c;

	atomic_store(&f->from, offset);
	if (f->inner != NULL)
		f->inner->ops->forget(f->inner, offset);
}

static void cache_fault_free(struct cache *c)
{
	struct cache_fault *f = (struct cache_fault *)c;
	size_t i;

	if (f->inner != NULL)
		f->inner->ops->free(f->inner);
	for (i = 0; i < f->reads_count; i++)
		free(f->reads[i].message);
	pthread_mutex_destroy(&f->lock);
	free(f->reads);
	free(f->appends);
	free(f);
}

void cache_fault_observe(struct cache *c,
    void (*observer)(void *arg, size_t tag, uint64_t offset), void *arg)
{
	struct cache_fault *f = (struct cache_fault *)c;

	f->observer = observer;
	f->observer_arg = arg;
}

int cache_fault_append(struct cache *c, uint64_t at_bytes, bool once,
    size_t tag)
{
	struct cache_fault *f = (struct cache_fault *)c;
	struct append_fault *grown =
	    grow_by_one(f->appends, f->appends_count, sizeof *grown);

	if (grown == NULL)
		return -1;
	f->appends = grown;
	grown[f->appends_count++] = (struct append_fault){
		.at_bytes = at_bytes,
		.once = once,
		.tag = tag,
	};
	return 0;
}

int cache_fault_read(struct cache *c, uint64_t begin, uint64_t end,
    const char *message, size_t tag)
{
	struct cache_fault *f = (struct cache_fault *)c;
	char *copy = message != NULL ? strdup(message) : NULL;
	struct read_fault *grown = NULL;

	pthread_mutex_lock(&f->lock);
	if (copy != NULL || message == NULL)
		grown = grow_by_one(f->reads, f->reads_count, sizeof *grown);
	if (grown != NULL) {
		f->reads = grown;
		grown[f->reads_count++] = (struct read_fault){
			.begin = begin,
			.end = end,
			.message = copy,
			.tag = tag,
		};
	}
	pthread_mutex_unlock(&f->lock);
	if (grown != NULL)
		return 0;
	free(copy);
	return -1;
}

static uint64_t announce(struct cache *c, const char *name,
    uint64_t file_offset, uint64_t bytes)
{
	struct cache *inner = ((struct cache_fault *)c)->inner;

	return inner->ops->announce(inner, name, file_offset, bytes);
}

static const struct cache_ops spool_ops = {
	.append = append,
	.room = room,
	.read = read_back,
	.forget = forget,
	.free = cache_fault_free,
};

static const struct cache_ops slices_ops = {
	.announce = announce,
	.read = read_back,
	.forget = forget,
	.free = cache_fault_free,
};

struct cache *cache_fault_new(const struct cache_fault_config *config)
{
	struct cache_fault *f = calloc(1, sizeof *f);
	bool appends = config->inner != NULL
	    ? config->inner->ops->append != NULL
	    : config->appends;

	if (f == NULL)
		return NULL;
	f->base.ops = appends ? &spool_ops : &slices_ops;
	pthread_mutex_init(&f->lock, NULL);
	f->inner = config->inner;
	f->limit_bytes = config->limit_bytes;
	return &f->base;
}
