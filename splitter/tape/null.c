/* null.c: see null.h. */
#include "splitter/tape/null.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK_MAX_BYTES = 64 << 20 };

/* Returns the null_tape that contains this member. */
#define NULL_OF(tape, member)      \
	((struct null_tape *)(void \
		*)((char *)(tape)-offsetof(struct null_tape, member)))

static void limits(struct tape *tape, struct tape_limits *out)
{
	(void)tape;
	out->block_min_bytes = 1;
	out->block_max_bytes = BLOCK_MAX_BYTES;
	out->streaming = SPLITTER_STREAMING_NONE;
}

static void position(struct tape *tape, struct tape_position *out)
{
	*out = NULL_OF(tape, tape)->at;
}

static void take(struct tape *tape, uint64_t bytes, uint64_t objects,
    int64_t now_ns, struct tape_result *result)
{
	struct tape_position *at = &NULL_OF(tape, tape)->at;

	at->byte += bytes;
	at->object += objects;
	tape_result_init(result, now_ns);
	result->bytes = bytes;
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	(void)sync;
	take(tape, 0, 1, now_ns, result);
	NULL_OF(tape, tape)->at.file++;
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	memset(&NULL_OF(tape, tape)->at, 0, sizeof(struct tape_position));
	tape_result_init(result, now_ns);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	(void)block;
	take(tape, bytes, 1, now_ns, result);
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	rewind_tape(tape, now_ns, result);
	start_file(tape, block, bytes, now_ns, result);
	filemark(tape, true, now_ns, result);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	take(tape, run->bytes,
	    (run->bytes + run->block_bytes - 1) / run->block_bytes, now_ns,
	    result);
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	(void)tape, (void)buf, (void)buf_bytes;
	memset(block, 0, sizeof *block);
	tape_result_init(result, now_ns);
	result->cause = TAPE_BLANK;
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	rewind_tape(tape, now_ns, result);
	if (file > 0) {
		result->cause = TAPE_BLANK;
		snprintf(result->message, sizeof result->message,
		    "the null tape stores nothing");
	}
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	(void)tape;
	tape_result_init(result, now_ns);
}

static const struct tape_ops tape_ops = {
	.name = "null",
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

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct null_tape *null = NULL_OF(library, library);

	tape_result_init(result, now_ns);
	if (null->given) {
		result->cause = TAPE_NO_VOLUME;
		return NULL;
	}
	null->given = true;
	return &null->tape;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	(void)library, (void)tape, (void)why;
	tape_result_init(result, now_ns);
}

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = NULL,
	.unload = unload,
};

void null_tape_init(struct null_tape *null)
{
	memset(null, 0, sizeof *null);
	null->library.ops = &library_ops;
	null->tape.ops = &tape_ops;
	snprintf(null->tape.barcode, sizeof null->tape.barcode, "NULL");
}
