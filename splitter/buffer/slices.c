/* slices.c: reads a failed part back from the caller's files. */
#include "splitter/buffer/slices.h"
#include "splitter/base/grow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct slice {
	char *name;
	uint64_t file_offset;
	uint64_t begin, end; /* offsets of the dump */
};

struct slices {
	struct cache base;    /* first: cast to this */
	pthread_mutex_t lock; /* protects the list */
	/* slices in order; gaps where there was no memory */
	struct slice *list;
	size_t count;
	size_t first; /* slices before this index are forgotten */
	uint64_t end;
	bool gaps;
};

uint64_t slices_announce(struct cache *c, const char *name,
    uint64_t file_offset, uint64_t bytes)
{
	return c->ops->announce(c, name, file_offset, bytes);
}

static uint64_t announce(struct cache *c, const char *name,
    uint64_t file_offset, uint64_t bytes)
{
	struct slices *s = (struct slices *)c;
	struct slice slice = { .file_offset = file_offset };
	struct slice *grown = NULL;
	uint64_t end = 0;

	slice.name = strdup(name);
	pthread_mutex_lock(&s->lock);
	if (slice.name != NULL)
		grown = grow_by_one(s->list, s->count, sizeof slice);
	slice.begin = s->end;
	slice.end = s->end += bytes;
	if (grown != NULL) {
		s->list = grown;
		s->list[s->count++] = slice;
		slice.name = NULL;
		end = slice.end;
	} else {
		s->gaps = true;
	}
	pthread_mutex_unlock(&s->lock);
	free(slice.name);
	return end;
}

static int failed(const struct slice *s, const char *why, char *err,
    size_t err_bytes)
{
	snprintf(err, err_bytes,
	    "the slice %s (offset %" PRIu64 " to %" PRIu64
	    " of the dump) cannot be read: %s",
	    s->name, s->begin, s->end, why);
	return -1;
}

/* Reads [offset, offset + bytes), which must be within one slice. */
static int read_slice(const struct slice *s, uint64_t offset, char *buf,
    uint64_t bytes, char *err, size_t err_bytes)
{
	int fd = open(s->name, O_RDONLY | O_CLOEXEC);
	uint64_t at = s->file_offset + (offset - s->begin);
	ssize_t n = 1;

	if (fd == -1)
		return failed(s, strerror(errno), err, err_bytes);
	while (bytes > 0) {
		n = pread(fd, buf, bytes, (off_t)at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		buf += n;
		at += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
	if (n <= 0 && bytes > 0)
		failed(s, n == 0 ? "the file ends early" : strerror(errno), err,
		    err_bytes);
	close(fd);
	return bytes == 0 ? 0 : -1;
}

/*
 * Copies the slice that contains `offset`.  Returns false if no slice contains
 * it.
 */
static bool find(struct slices *s, uint64_t offset, struct slice *found,
    char *err, size_t err_bytes)
{
	bool no_memory;
	size_t i;

	found->name = NULL;
	pthread_mutex_lock(&s->lock);
	no_memory = s->gaps;
	for (i = s->first; i < s->count; i++)
		if (offset < s->list[i].end)
			break;
	if (i < s->count && offset >= s->list[i].begin) {
		*found = s->list[i];
		found->name = strdup(s->list[i].name);
		no_memory = found->name == NULL;
	}
	pthread_mutex_unlock(&s->lock);
	if (found->name != NULL)
		return true;
	snprintf(err, err_bytes,
	    no_memory ? "no memory was left for the "
			"slice at offset %" PRIu64 " of the dump"
		      : "no slice was "
			"announced for offset %" PRIu64 " of the dump",
	    offset);
	return false;
}

static int read_back(struct cache *c, uint64_t offset, void *buf,
    uint64_t bytes, char *err, size_t err_bytes)
{
	struct slices *s = (struct slices *)c;
	struct slice slice;
	uint64_t n;
	char *p = buf;
	int rc = 0;

	for (; bytes > 0 && rc == 0; offset += n, bytes -= n, p += n) {
		if (!find(s, offset, &slice, err, err_bytes))
			return -1;
		n = slice.end - offset < bytes ? slice.end - offset : bytes;
		rc = read_slice(&slice, offset, p, n, err, err_bytes);
		free(slice.name);
	}
	return rc;
}

static void forget(struct cache *c, uint64_t offset)
{
	struct slices *s = (struct slices *)c;

	pthread_mutex_lock(&s->lock);
	while (s->first < s->count && s->list[s->first].end <= offset) {
		free(s->list[s->first].name);
		s->list[s->first++].name = NULL;
	}
	pthread_mutex_unlock(&s->lock);
}

static void slices_free(struct cache *c)
{
	struct slices *s = (struct slices *)c;
	size_t i;

	for (i = s->first; i < s->count; i++)
		free(s->list[i].name);
	pthread_mutex_destroy(&s->lock);
	free(s->list);
	free(s);
}

static const struct cache_ops ops = {
	.announce = announce,
	.read = read_back,
	.forget = forget,
	.free = slices_free,
};

struct cache *slices_new(uint64_t offset, char *err, size_t err_bytes)
{
	struct slices *s = calloc(1, sizeof *s);

	if (s == NULL) {
		snprintf(err, err_bytes, "out of memory for slices");
		return NULL;
	}
	s->base.ops = &ops;
	s->end = offset;
	pthread_mutex_init(&s->lock, NULL);
	return &s->base;
}
