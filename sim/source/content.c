/* content.c: the bytes of a dump. */
#include "sim/source/content.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "splitter/base/signals.h"
#include "sim/base/rng.h"
#include "splitter/base/sentence.h"
#include "splitter/base/grow.h"

/* A piece of a compressible dump is as large as the smallest block. */
enum {
	PIECE_BYTES = 4096,
	FRACTION = 1024,
	WHOLE = PIECE_BYTES * FRACTION,
	ZEROS_MAX = 200
};

struct content {
	enum content_source source;
	uint64_t seed, size_bytes, block_bytes;
	uint64_t random;     /* random bytes of a piece: see random_of() */
	uint64_t at;         /* number of bytes read so far */
	int fd;              /* the file; -1: the dump is generated */
	char name[128];      /* name in messages */
	XXH3_state_t *state; /* state of the block that is being read */
	XXH128_hash_t *sums; /* checksums of the blocks read in full */
	size_t count;
};

static int open_file(struct content *c, const struct content_config *config,
    char *err, size_t err_bytes)
{
	const char *path = config->path;
	struct stat st;

	c->fd = signals_open(path, O_RDONLY);
	if (c->fd != -1 && fstat(c->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(c->fd);
		c->fd = -1;
		errno = EISDIR;
	}
	if (c->fd == -1 && signals_signal() != 0) {
		snprintf(err, err_bytes, "interrupted");
		return -1;
	}
	if (c->fd == -1) {
		sentence(err, err_bytes, "cannot read the dump's source %s: %s",
		    path, strerror(errno));
		return -1;
	}
	snprintf(c->name, sizeof c->name, "%s", config->name);
	return 0;
}

/*
 * Returns the random share of each piece, in 1024ths of a byte, so that
 * `permille` bytes of data compress to 1000.  Zeros are not free: deflate
 * writes 258 zeros among random bytes as a symbol of about ten bits.
 */
static uint64_t random_of(uint64_t permille)
{
	const uint64_t whole = WHOLE, zeros = WHOLE / ZEROS_MAX;

	if (permille <= 1000)
		return WHOLE;
	return (whole * 1000 / permille - zeros) * ZEROS_MAX / (ZEROS_MAX - 1);
}

struct content *content_open(const struct content_config *config, char *err,
    size_t err_bytes)
{
	struct content *c = calloc(1, sizeof *c);

	if (c != NULL)
		c->state = XXH3_createState();
	if (c == NULL || c->state == NULL) {
		snprintf(err, err_bytes, "out of memory");
		free(c);
		return NULL;
	}
	c->source = config->source;
	c->seed = config->seed;
	c->size_bytes = config->size_bytes;
	c->block_bytes = config->block_bytes;
	c->random = random_of(config->compressible_permille);
	c->fd = -1;
	XXH3_128bits_reset(c->state);
	if (config->source == CONTENT_STDIN) {
		c->fd = STDIN_FILENO;
		snprintf(c->name, sizeof c->name, "standard input");
	} else if (config->source == CONTENT_FILE &&
	    open_file(c, config, err, err_bytes) != 0) {
		content_close(c);
		return NULL;
	}
	return c;
}

void content_close(struct content *c)
{
	if (c == NULL)
		return;
	if (c->fd > STDIN_FILENO)
		close(c->fd);
	XXH3_freeState(c->state);
	free(c->sums);
	free(c);
}

uint64_t content_bytes(const struct content *c)
{
	return c->at;
}

/* Generates bytes [offset, offset + n) of a random dump. */
static void generate(uint64_t seed, uint64_t offset, char *to, uint64_t n)
{
	uint64_t word, skip = offset % 8, i = offset / 8, m;

	for (; n > 0 && (skip > 0 || n < 8); i++) {
		word = rng_at(seed, RNG_CONTENT, i);
		m = 8 - skip < n ? 8 - skip : n;
		memcpy(to, (char *)&word + skip, m);
		to += m;
		n -= m;
		skip = 0;
	}
	for (; n >= 8; i++, to += 8, n -= 8) {
		word = rng_at(seed, RNG_CONTENT, i);
		memcpy(to, &word, 8);
	}
	if (n > 0)
		generate(seed, i * 8, to, n);
}

/*
 * Generates the next bytes of a compressible dump: each piece begins with
 * random bytes and ends with zeros.
 */
static void generate_compressible(const struct content *c, char *to, uint64_t n)
{
	uint64_t at = c->at;

	while (n > 0) {
		uint64_t piece = at / PIECE_BYTES, in = at % PIECE_BYTES;
		/* Fractions of a byte are carried over to later pieces. */
		uint64_t random =
		    (c->random + (piece % FRACTION * c->random) % FRACTION) /
		    FRACTION;
		uint64_t m = (in < random ? random : PIECE_BYTES) - in;

		if (m > n)
			m = n;
		if (in < random)
			generate(c->seed, at, to, m);
		else
			memset(to, 0, m);
		at += m;
		to += m;
		n -= m;
	}
}

/* Adds the bytes to the checksums.  Returns 0, or -1 without memory. */
static int add_checksums(struct content *c, const char *data, uint64_t bytes)
{
	XXH128_hash_t *sums;
	uint64_t n;

	while (bytes > 0) {
		n = c->block_bytes - c->at % c->block_bytes;
		if (n > bytes)
			n = bytes;
		XXH3_128bits_update(c->state, data, n);
		c->at += n;
		data += n;
		bytes -= n;
		if (c->at % c->block_bytes != 0)
			return 0;
		sums = grow_by_one(c->sums, c->count, sizeof *sums);
		if (sums == NULL)
			return -1;
		c->sums = sums;
		c->sums[c->count++] = XXH3_128bits_digest(c->state);
		XXH3_128bits_reset(c->state);
	}
	return 0;
}

int64_t content_read(struct content *c, void *buf, uint64_t bytes, char *err,
    size_t err_bytes)
{
	ssize_t n;

	if (c->fd == -1) {
		if (bytes > c->size_bytes - c->at)
			bytes = c->size_bytes - c->at;
		if (buf == NULL) {
			c->at += bytes;
			return (int64_t)bytes;
		}
		if (c->source == CONTENT_RANDOM && c->random < WHOLE)
			generate_compressible(c, buf, bytes);
		else if (c->source == CONTENT_RANDOM)
			generate(c->seed, c->at, buf, bytes);
		else
			memset(buf, 0, bytes);
		n = (ssize_t)bytes;
	} else {
		assert(buf != NULL);
		if (!signals_wait_readable(c->fd)) {
			snprintf(err, err_bytes, "interrupted");
			return -1;
		}
		do
			n = read(c->fd, buf, bytes);
		while (n == -1 && signals_again(errno));
		if (n == -1) {
			snprintf(err, err_bytes,
			    "cannot read %s at byte %" PRIu64 ": %s", c->name,
			    c->at, strerror(errno));
			return -1;
		}
		if (n == 0 && signals_came()) {
			snprintf(err, err_bytes, "interrupted");
			return -1;
		}
	}
	if (add_checksums(c, buf, (uint64_t)n) != 0) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	return n;
}

bool content_same(const struct content *c, uint64_t offset, const void *block,
    uint64_t bytes)
{
	size_t i = (size_t)(offset / c->block_bytes);
	XXH128_hash_t sum = XXH3_128bits(block, bytes), want;

	assert(offset % c->block_bytes == 0);
	if (i < c->count && bytes == c->block_bytes)
		want = c->sums[i];
	else if (i == c->count && offset + bytes == c->at)
		want = XXH3_128bits_digest(c->state);
	else
		return false;
	return XXH128_isEqual(sum, want) == 1;
}
