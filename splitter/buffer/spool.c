/* spool.c: the part cache on a disk. */
#include "splitter/buffer/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct spool {
	struct cache base; /* first: cast to this */
	int fd;
	uint64_t bytes;
	/*
	 * Bytes before this offset are forgotten.  The reading thread sets it
	 * for the thread that appends.
	 */
	atomic_uint_least64_t from;
	char *dir;
};

/*
 * Returns how many of the `bytes` at `offset` are contiguous in the file, which
 * is used as a ring.
 */
static uint64_t piece(const struct spool *s, uint64_t offset, uint64_t bytes)
{
	uint64_t row = s->bytes - offset % s->bytes;

	return bytes < row ? bytes : row;
}

static int failed(const struct spool *s, const char *doing, uint64_t offset,
    int error, char *err, size_t err_bytes)
{
	snprintf(err, err_bytes,
	    "cannot %s the spool in %s at offset %" PRIu64 " of the dump: %s%s",
	    doing, s->dir, offset, strerror(error),
	    error == ENOSPC      ? "; make room there"
		: error == EFBIG ? "; raise the limit for files (ulimit -f)"
				 : "");
	return -1;
}

static int append(struct cache *c, uint64_t offset, const void *data,
    uint64_t bytes, char *err, size_t err_bytes)
{
	struct spool *s = (struct spool *)c;
	uint64_t from = atomic_load(&s->from);
	const char *p = data;
	ssize_t n;

	/*
	 * The tape may have committed these bytes already; then they need no
	 * room.
	 */
	if (offset + bytes > from && offset + bytes - from > s->bytes) {
		snprintf(err, err_bytes,
		    "the spool in %s is full: its "
		    "size is %" PRIu64 " bytes",
		    s->dir, s->bytes);
		return -1;
	}
	while (bytes > 0) {
		n = pwrite(s->fd, p, piece(s, offset, bytes),
		    (off_t)(offset % s->bytes));
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(s, "write", offset,
			    n == 0 ? ENOSPC : errno, err, err_bytes);
		p += n;
		offset += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
	return 0;
}

static int read_back(struct cache *c, uint64_t offset, void *buf,
    uint64_t bytes, char *err, size_t err_bytes)
{
	struct spool *s = (struct spool *)c;
	char *p = buf;
	ssize_t n;

	while (bytes > 0) {
		n = pread(s->fd, p, piece(s, offset, bytes),
		    (off_t)(offset % s->bytes));
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(s, "read", offset, n == 0 ? EIO : errno,
			    err, err_bytes);
		p += n;
		offset += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
	return 0;
}

static void forget(struct cache *c, uint64_t offset)
{
	atomic_store(&((struct spool *)c)->from, offset);
}

static void spool_free(struct cache *c)
{
	struct spool *s = (struct spool *)c;

	close(s->fd);
	free(s->dir);
	free(s);
}

static const struct cache_ops ops = {
	.append = append,
	.read = read_back,
	.forget = forget,
	.free = spool_free,
};

/*
 * Opens a file without a name: with O_TMPFILE, or by creating and unlinking a
 * file.
 */
static int open_file(const char *dir)
{
	char path[4096];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd != -1 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	if (snprintf(path, sizeof path, "%s/tapelab-spool-XXXXXX", dir) >=
	    (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd != -1)
		unlink(path);
	return fd;
}

uint64_t spool_need_bytes(const struct core_config *k)
{
	uint64_t block = k->block_bytes;
	uint64_t part = (k->part_bytes + block - 1) / block * block;
	uint64_t buffer = (k->buffer_bytes + block - 1) / block * block;

	return part + (buffer < 2 * block ? 2 * block : buffer);
}

struct cache *spool_new(const char *dir, uint64_t offset, uint64_t bytes,
    char *err, size_t err_bytes)
{
	struct spool *s = calloc(1, sizeof *s);

	if (s != NULL)
		s->dir = strdup(dir);
	if (s == NULL || s->dir == NULL) {
		snprintf(err, err_bytes, "out of memory for the spool");
		free(s);
		return NULL;
	}
	s->base.ops = &ops;
	s->bytes = bytes;
	atomic_init(&s->from, offset);
	s->fd = open_file(dir);
	if (s->fd == -1) {
		snprintf(err, err_bytes, "cannot make a spool in %s: %s", dir,
		    strerror(errno));
		free(s->dir);
		free(s);
		return NULL;
	}
	return &s->base;
}
