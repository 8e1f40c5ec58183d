/* holding_disk.c: see holding_disk.h. */
#include "sim/source/holding_disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/source/cache_fault.h"
#include "splitter/base/signals.h"
#include "sim/base/rng.h"
#include "splitter/base/sentence.h"

enum {
	PIECE_BYTES = 1 << 20,
	PARTS_BUFFERS = 4,
	NAME_BYTES = 32
}; /* room for "/slice-" and any number */

struct holding_disk {
	struct holding_disk_config config;
	char *folder;        /* folder of the files; NULL: no files */
	char *path;          /* path of the present slice's file */
	char *piece;         /* buffer between the source and a file */
	int fd;              /* the present slice's file, undamaged; or -1 */
	uint64_t number;     /* number of the present slice, from 1 */
	uint64_t begin, end; /* offsets of the present slice in the dump */
	uint64_t at;         /* number of bytes returned so far */
	bool announce;       /* the present slice must be announced */
};

static int no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory for a slice");
	return -1;
}

struct holding_disk *holding_disk_new(const struct holding_disk_config *config,
    char *err, size_t err_bytes)
{
	struct holding_disk *h = calloc(1, sizeof *h);

	if (h == NULL) {
		no_memory(err, err_bytes);
		return NULL;
	}
	h->config = *config;
	h->fd = -1;
	if (config->folder == NULL)
		return h;
	h->piece = malloc(PIECE_BYTES);
	if (asprintf(&h->folder, "%s/%s", config->folder, config->name) < 0)
		h->folder = NULL;
	if (h->folder != NULL)
		h->path = malloc(strlen(h->folder) + NAME_BYTES);
	if (h->piece == NULL || h->path == NULL) {
		free(h->folder);
		h->folder = NULL;
		no_memory(err, err_bytes);
		holding_disk_free(h);
		return NULL;
	}
	if (mkdir(h->folder, 0700) != 0) {
		sentence(err, err_bytes,
		    "cannot make the folder %s for slices: %s", h->folder,
		    strerror(errno));
		free(h->folder);
		h->folder = NULL;
		holding_disk_free(h);
		return NULL;
	}
	return h;
}

static void name_slice(struct holding_disk *h, uint64_t number)
{
	snprintf(h->path, strlen(h->folder) + NAME_BYTES, "%s/slice-%06" PRIu64,
	    h->folder, number);
}

void holding_disk_free(struct holding_disk *h)
{
	uint64_t i;

	if (h == NULL)
		return;
	if (h->fd != -1)
		close(h->fd);
	for (i = 1; h->folder != NULL && !h->config.keep && i <= h->number;
	     i++) {
		name_slice(h, i);
		unlink(h->path);
	}
	if (h->folder != NULL && !h->config.keep)
		rmdir(h->folder);
	free(h->folder);
	free(h->path);
	free(h->piece);
	free(h);
}

/* Draws the length of a slice from the seed.  A part has a few slices. */
static uint64_t drawn_length(const struct holding_disk *h)
{
	const struct holding_disk_config *s = &h->config;
	uint64_t number = rng_at(h->config.seed, RNG_SLICES, h->number);
	uint64_t most = s->part_bytes > 0 ? s->part_bytes / 2
					  : s->buffer_bytes / 2 * PARTS_BUFFERS;
	uint64_t draw = number >> 2;

	if (most < 2 * s->block_bytes)
		most = 2 * s->block_bytes;
	switch (number & 3) {
	case 0: /* whole blocks */
		return (1 + draw % (most / s->block_bytes)) * s->block_bytes;
	case 1: /* less than a block */
		return 1 + draw % s->block_bytes;
	case 2: /* whole KiB */
		return (1 + draw % (most / 1024)) * 1024;
	default:
		return 1 + draw % most;
	}
}

/* Returns the length of the next slice, unless the dump ends before. */
static uint64_t next_length(const struct holding_disk *h)
{
	const struct holding_disk_config *s = &h->config;
	uint64_t i = h->number;

	if (s->slices_count == 0)
		return drawn_length(h);
	return i < s->slices_count ? s->slices[i] - h->end : UINT64_MAX;
}

/* Writes all bytes.  Returns 0, or -1 with errno. */
static int write_whole(int fd, const char *bytes, uint64_t count, uint64_t at)
{
	ssize_t n;

	while (count > 0) {
		n = pwrite(fd, bytes, count, (off_t)at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		bytes += n;
		at += (uint64_t)n;
		count -= (uint64_t)n;
	}
	return 0;
}

/* Calls pread(), again after a signal. */
static ssize_t read_some(int fd, char *bytes, uint64_t count, uint64_t at)
{
	ssize_t n;

	do
		n = pread(fd, bytes, count, (off_t)at);
	while (n == -1 && errno == EINTR);
	return n;
}

/* Writes the file of a slice.  Returns its length; 0: the dump has ended. */
static int64_t write_file(struct holding_disk *h, int fd, uint64_t length,
    char *err, size_t err_bytes)
{
	uint64_t done = 0, want;
	int64_t n;

	while (done < length) {
		if (signals_signal() != 0) {
			snprintf(err, err_bytes, "interrupted");
			return -1;
		}
		want =
		    length - done < PIECE_BYTES ? length - done : PIECE_BYTES;
		n = content_read(h->config.content, h->piece, want, err,
		    err_bytes);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		if (write_whole(fd, h->piece, (uint64_t)n, done) != 0) {
			sentence(err, err_bytes,
			    "cannot write the slice %s: %s; set TMPDIR to a "
			    "folder that has room",
			    h->path, strerror(errno));
			return -1;
		}
		done += (uint64_t)n;
	}
	return (int64_t)done;
}

/* Writes the first `bytes` of the slice to its path, with one byte changed. */
static int replace_file(struct holding_disk *h, uint64_t bytes,
    uint64_t changed)
{
	int fd = open(h->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	uint64_t done;
	ssize_t n = 1;
	int saved;
	bool good = fd != -1;

	for (done = 0; good && done < bytes; done += (uint64_t)n) {
		n = read_some(h->fd, h->piece,
		    bytes - done < PIECE_BYTES ? bytes - done : PIECE_BYTES,
		    done);
		good = n > 0;
		if (good && changed >= done && changed < done + (uint64_t)n)
			h->piece[changed - done] ^= 1;
		good =
		    good && write_whole(fd, h->piece, (uint64_t)n, done) == 0;
	}
	saved = n == 0 ? EIO : errno;
	if (fd != -1)
		close(fd);
	errno = saved;
	return good ? 0 : -1;
}

/* Damages the file of the present slice.  Returns 0, or -1 with errno. */
static int damage_file(struct holding_disk *h, enum holding_disk_mode mode)
{
	uint64_t bytes = h->end - h->begin;

	if (unlink(h->path) != 0)
		return -1;
	switch (mode) {
	case HOLDING_MISSING:
		return 0;
	case HOLDING_TRUNCATED:
		return replace_file(h, bytes / 2, UINT64_MAX);
	default:
		return replace_file(h, bytes, bytes / 2);
	}
}

/*
 * Reports reads of the damaged bytes of a slice; without a file, makes them
 * fail.
 */
static int damage_reads(struct holding_disk *h,
    const struct holding_disk_damage *damage)
{
	enum holding_disk_mode mode = damage->mode;
	static const char *const why[] = {
		[HOLDING_MISSING] = "No such file or directory",
		[HOLDING_TRUNCATED] = "the file ends early",
		[HOLDING_CORRUPT] = "it has changed",
	};
	uint64_t from = mode == HOLDING_MISSING
	    ? h->begin
	    : h->begin + (h->end - h->begin) / 2;
	char message[128];

	snprintf(message, sizeof message,
	    "the slice %" PRIu64 " (offset %" PRIu64 " to %" PRIu64
	    " of the dump) cannot be read: %s",
	    h->number, h->begin, h->end, why[mode]);
	return cache_fault_read(h->config.cache, from,
	    mode == HOLDING_CORRUPT ? from + 1 : h->end,
	    h->folder == NULL ? message : NULL, damage->tag);
}

/* Damages the present slice, if it is in the list of damages. */
static int damage(struct holding_disk *h, char *err, size_t err_bytes)
{
	const struct holding_disk_config *c = &h->config;
	const struct holding_disk_damage *d, *worst = NULL;

	h->announce = c->unannounced == 0 || h->number < c->unannounced;
	if (h->number == c->unannounced && c->withheld != NULL)
		c->withheld(c->withheld_arg, c->unannounced_tag, h->begin);
	for (size_t i = 0; i < c->damages_count; i++) {
		d = &c->damages[i];
		if (d->nth == h->number &&
		    (worst == NULL || d->mode < worst->mode))
			worst = d;
	}
	if (worst == NULL ||
	    ((h->folder == NULL || damage_file(h, worst->mode) == 0) &&
		damage_reads(h, worst) == 0))
		return 0;
	snprintf(err, err_bytes, "cannot damage the slice %" PRIu64 ": %s",
	    h->number, strerror(errno));
	return -1;
}

/*
 * Makes the file of the next slice.  Returns its length; 0: the dump has ended.
 */
static int64_t begin_file(struct holding_disk *h, char *err, size_t err_bytes)
{
	int64_t length;

	if (h->fd != -1)
		close(h->fd);
	h->fd = -1;
	name_slice(h, h->number + 1);
	h->fd = open(h->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (h->fd == -1) {
		sentence(err, err_bytes, "cannot make the slice %s: %s",
		    h->path, strerror(errno));
		return -1;
	}
	length = write_file(h, h->fd, next_length(h), err, err_bytes);
	if (length <= 0)
		unlink(h->path);
	return length;
}

/* Begins a slice; false, with the reason in `*result`, if there is none. */
static bool begin_slice(struct holding_disk *h, int64_t *result, char *err,
    size_t err_bytes)
{
	uint64_t left = h->config.size_bytes - h->end;
	uint64_t length;

	if (h->folder != NULL) {
		*result = begin_file(h, err, err_bytes);
		length = *result > 0 ? (uint64_t)*result : 0;
	} else {
		length = next_length(h);
		if (length > left)
			length = left;
		*result = 0;
	}
	if (length == 0)
		return false;
	h->number++;
	h->begin = h->end;
	h->end += length;
	*result = damage(h, err, err_bytes);
	return *result == 0;
}

int64_t holding_disk_read(struct holding_disk *h, void *buf, uint64_t bytes,
    char *err, size_t err_bytes)
{
	int64_t n;

	if (bytes == 0)
		return 0;
	if (h->at == h->end && !begin_slice(h, &n, err, err_bytes))
		return n;
	if (bytes > h->end - h->at)
		bytes = h->end - h->at;
	if (h->folder == NULL) {
		n = content_read(h->config.content, NULL, bytes, err,
		    err_bytes);
	} else {
		assert(buf != NULL);
		n = read_some(h->fd, buf, bytes, h->at - h->begin);
		if (n <= 0) {
			sentence(err, err_bytes, "cannot read the slice %s: %s",
			    h->path,
			    n == 0 ? "it ends early" : strerror(errno));
			return -1;
		}
	}
	if (n > 0)
		h->at += (uint64_t)n;
	return n;
}

bool holding_disk_announcement(struct holding_disk *h,
    struct holding_disk_slice *slice)
{
	if (!h->announce)
		return false;
	h->announce = false;
	slice->name = h->path;
	slice->bytes = h->end - h->begin;
	return true;
}
