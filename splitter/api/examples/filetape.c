/* filetape.c: a tape whose volumes are folders. */
#include "filetape.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct filetape {
	struct tape tape; /* first: cast to this */
	char path[1024];
	uint64_t block_bytes, capacity, warning;
	/* The position: the file, and what is before that place: */
	uint64_t file;
	uint64_t objects; /* blocks and filemarks, */
	uint64_t used;    /* and bytes of blocks */
	FILE *open;       /* the file that is written or read */
};

static void fail(struct filetape *t, struct tape_result *result,
    enum tape_cause cause, const char *what)
{
	result->cause = cause;
	snprintf(result->message, sizeof result->message,
	    "volume %s, file %" PRIu64 ": %s", t->tape.barcode, t->file, what);
}

static void file_name(const struct filetape *t, uint64_t file, char *name,
    size_t bytes)
{
	snprintf(name, bytes, "%s/%" PRIu64, t->path, file);
}

static uint64_t file_bytes(const struct filetape *t, uint64_t file)
{
	char name[1100];
	struct stat st;

	file_name(t, file, name, sizeof name);
	return stat(name, &st) == 0 ? (uint64_t)st.st_size : UINT64_MAX;
}

static int close_file(struct filetape *t)
{
	int rc = t->open == NULL ? 0 : fclose(t->open);

	t->open = NULL;
	return rc;
}

/* Removes all later files, as writing to a tape does. */
static void cut_from(const struct filetape *t, uint64_t file)
{
	char name[1100];

	for (;; file++) {
		file_name(t, file, name, sizeof name);
		if (unlink(name) != 0)
			return;
	}
}

static int open_file(struct filetape *t, const char *mode)
{
	char name[1100];

	if (mode[0] == 'w') {
		cut_from(t, t->file);
		mkdir(t->path, 0777);
	}
	file_name(t, t->file, name, sizeof name);
	t->open = fopen(name, mode);
	return t->open == NULL ? -1 : 0;
}

static void limits(struct tape *tape, struct tape_limits *limits)
{
	(void)tape;
	limits->block_min_bytes = 1;
	limits->block_max_bytes = UINT32_MAX;
	limits->streaming = SPLITTER_STREAMING_NONE;
}

static void position(struct tape *tape, struct tape_position *at)
{
	struct filetape *t = (struct filetape *)tape;

	at->file = t->file;
	at->object = t->objects;
	at->byte = t->used;
}

/* Goes to the beginning of this file. */
static void move_to(struct filetape *t, uint64_t file)
{
	uint64_t bytes;

	close_file(t);
	t->objects = t->used = 0;
	for (t->file = 0; t->file < file; t->file++) {
		bytes = file_bytes(t, t->file);
		t->used += bytes;
		t->objects += (bytes + t->block_bytes - 1) / t->block_bytes + 1;
	}
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	tape_result_init(result, now_ns);
	move_to((struct filetape *)tape, 0);
}

static bool near_end(const struct filetape *t)
{
	return t->warning != FILETAPE_NO_WARNING &&
	    (t->warning >= t->capacity || t->used > t->capacity - t->warning);
}

/* Writes one block; false: it did not go on tape. */
static bool put(struct filetape *t, const void *block, uint64_t bytes,
    struct tape_result *result)
{
	if (t->used + bytes > t->capacity) {
		fail(t, result, TAPE_PEOM, "the volume is full");
		return false;
	}
	if (fwrite(block, bytes, 1, t->open) != 1) {
		fail(t, result, TAPE_MEDIUM_ERROR, strerror(errno));
		return false;
	}
	t->used += bytes;
	t->objects++;
	result->bytes += bytes;
	result->leom = near_end(t);
	return true;
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct filetape *t = (struct filetape *)tape;

	tape_result_init(result, now_ns);
	if (t->open == NULL && open_file(t, "w") != 0)
		fail(t, result, TAPE_MEDIUM_ERROR, strerror(errno));
	else
		put(t, block, bytes, result);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct filetape *t = (struct filetape *)tape;
	const char *data = run->data;
	uint64_t left, n;

	tape_result_init(result, now_ns);
	for (left = run->bytes; left > 0 && !result->leom; left -= n) {
		n = left < run->block_bytes ? left : run->block_bytes;
		if (!put(t, data + (run->bytes - left), n, result))
			break;
	}
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct filetape *t = (struct filetape *)tape;
	bool good = t->open != NULL && fflush(t->open) == 0 &&
	    (!sync || fsync(fileno(t->open)) == 0);

	tape_result_init(result, now_ns);
	if (close_file(t) != 0 || !good) {
		fail(t, result, TAPE_MEDIUM_ERROR, "it is not on the medium");
		return;
	}
	t->file++;
	t->objects++;
	result->leom = near_end(t);
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	rewind_tape(tape, now_ns, result);
	start_file(tape, block, bytes, now_ns, result);
	if (result->cause == TAPE_OK)
		filemark(tape, true, now_ns, result);
}

/* A filemark ends each file; after the last file the data ends. */
static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	struct filetape *t = (struct filetape *)tape;

	tape_result_init(result, now_ns);
	memset(block, 0, sizeof *block);
	if (t->open == NULL && open_file(t, "r") != 0) {
		result->cause = t->file == 0 ? TAPE_BLANK : TAPE_EOD;
		return;
	}
	if (t->block_bytes > buf_bytes) {
		fail(t, result, TAPE_INVALID, "the block is longer");
		return;
	}
	block->bytes = result->bytes = fread(buf, 1, t->block_bytes, t->open);
	block->has_data = true;
	t->used += block->bytes;
	if (ferror(t->open)) {
		fail(t, result, TAPE_MEDIUM_ERROR, strerror(errno));
		return;
	}
	t->objects++;
	if (block->bytes > 0)
		return;
	close_file(t);
	t->file++;
	result->cause = TAPE_FILEMARK;
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	struct filetape *t = (struct filetape *)tape;
	uint64_t i = 0;

	tape_result_init(result, now_ns);
	while (i < file && file_bytes(t, i) != UINT64_MAX)
		i++;
	move_to(t, i);
	if (i < file)
		result->cause = i == 0 ? TAPE_BLANK : TAPE_EOD;
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	locate(tape, UINT64_MAX, now_ns, result);
	result->cause = TAPE_OK;
}

static const struct tape_ops ops = {
	.name = "filetape",
	.limits = limits,
	.position = position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
};

struct filetape *filetape_new(const char *path, uint64_t block_bytes,
    uint64_t capacity, uint64_t warning)
{
	struct filetape *t = calloc(1, sizeof *t);
	const char *name = strrchr(path, '/');

	if (t == NULL)
		return NULL;
	t->tape.ops = &ops;
	snprintf(t->tape.barcode, sizeof t->tape.barcode, "%s",
	    name == NULL ? path : name + 1);
	snprintf(t->path, sizeof t->path, "%s", path);
	t->block_bytes = block_bytes;
	t->capacity = capacity;
	t->warning = warning;
	return t;
}

struct tape *filetape_tape(struct filetape *t)
{
	return &t->tape;
}

/* An unfinished file ends here, as if by a filemark. */
void filetape_free(struct tape *tape)
{
	struct filetape *t = (struct filetape *)tape;

	close_file(t);
	free(t);
}
