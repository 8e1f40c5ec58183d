/* limit.c: smaller volumes; see limit.h. */
#include "splitter/filter/limit.h"

#include <inttypes.h>
#include <stdlib.h>

#include "splitter/filter/filter.h"

struct limit_library {
	struct filter filter; /* first: cast to this */
	uint64_t capacity_bytes;
	/* a block that ends after this byte meets the warning */
	uint64_t warn_bytes;
};

struct limit_tape {
	struct filter_tape filter; /* first: cast to this */
	/* bytes from BOT to the position, or TAPE_POSITION_UNKNOWN */
	uint64_t used_bytes;
	bool full; /* the physical end was met */
};

static struct limit_tape *limit_of(struct tape *tape)
{
	return (struct limit_tape *)tape;
}

static const struct limit_library *library_of(struct tape *tape)
{
	return (const struct limit_library *)limit_of(tape)->filter.filter;
}

/* Updates the state after the tape was moved. */
static void stand(struct tape *tape)
{
	struct tape_position at;

	filter_position(tape, &at);
	limit_of(tape)->used_bytes = at.byte;
	limit_of(tape)->full = false;
}

/*
 * Finds the used bytes before blocks of this size are written, if they are not
 * known.  Each older block counts with this size, because the drive reports
 * only numbers of blocks and filemarks.  If the drive does not report these
 * either, the older data does not count.
 */
static void find_used(struct tape *tape, uint64_t block_bytes)
{
	struct limit_tape *t = limit_of(tape);
	struct tape_position at;
	uint64_t blocks = 0;

	if (t->used_bytes != TAPE_POSITION_UNKNOWN)
		return;
	filter_position(tape, &at);
	if (at.object != TAPE_POSITION_UNKNOWN && block_bytes > 0)
		blocks = at.file > at.object ? at.object : at.object - at.file;
	t->used_bytes =
	    blocks > 0 && block_bytes > (TAPE_POSITION_UNKNOWN - 1) / blocks
	    ? TAPE_POSITION_UNKNOWN - 1
	    : blocks * block_bytes;
}

static uint64_t room(struct tape *tape)
{
	const struct limit_tape *t = limit_of(tape);
	uint64_t capacity_bytes = library_of(tape)->capacity_bytes;

	return t->full || t->used_bytes > capacity_bytes
	    ? 0
	    : capacity_bytes - t->used_bytes;
}

/* Sets the early warning in a result if the position is after it. */
static void warn(struct tape *tape, struct tape_result *result)
{
	struct limit_tape *t = limit_of(tape);

	if (t->used_bytes != TAPE_POSITION_UNKNOWN &&
	    t->used_bytes > library_of(tape)->warn_bytes)
		t->filter.leom = true;
	result->leom |= t->filter.leom;
}

static void meet_end(struct tape *tape, struct tape_result *result)
{
	limit_of(tape)->full = true;
	filter_fail(tape, result, TAPE_PEOM,
	    "limit: %s%s ends after %" PRIu64 " bytes: %s",
	    tape->barcode[0] != '\0' ? "volume " : "the volume", tape->barcode,
	    library_of(tape)->capacity_bytes, tape_cause_name(TAPE_PEOM));
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	if (bytes > library_of(tape)->capacity_bytes) {
		tape_result_init(result, now_ns);
		meet_end(tape, result);
		return;
	}
	filter_label(tape, block, bytes, now_ns, result);
	stand(tape);
	if (result->cause == TAPE_OK)
		limit_of(tape)->used_bytes = bytes;
	warn(tape, result);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	find_used(tape, bytes);
	if (bytes > room(tape)) {
		tape_result_init(result, now_ns);
		meet_end(tape, result);
	} else {
		filter_start_file(tape, block, bytes, now_ns, result);
		limit_of(tape)->used_bytes += result->bytes;
	}
	warn(tape, result);
}

/*
 * Returns the number of bytes of the run up to and including the block that
 * meets the warning; without such a block, all bytes.
 */
static uint64_t bytes_to_warning(struct tape *tape, const struct tape_run *run)
{
	uint64_t used_bytes = limit_of(tape)->used_bytes;
	uint64_t warn_bytes = library_of(tape)->warn_bytes, before, end;

	before = used_bytes > warn_bytes ? 0 : warn_bytes - used_bytes;
	if (run->bytes <= before)
		return run->bytes;
	end = before - before % run->block_bytes;
	return run->bytes - end < run->block_bytes ? run->bytes
						   : end + run->block_bytes;
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct tape_run part = *run;
	bool ends;

	find_used(tape, run->block_bytes);
	part.bytes = bytes_to_warning(tape, run);
	ends = part.bytes > room(tape);
	if (ends)
		part.bytes = room(tape) - room(tape) % run->block_bytes;
	tape_result_init(result, now_ns);
	if (!ends || part.bytes > 0)
		filter_write(tape, &part, now_ns, result);
	limit_of(tape)->used_bytes += result->bytes;
	if (ends && result->cause == TAPE_OK && !result->leom &&
	    result->bytes == part.bytes)
		meet_end(tape, result);
	warn(tape, result);
}

/* Writes as often as neither the warning nor the end is near. */
static uint64_t repeat(struct tape *tape, const struct tape_repeat *repeat,
    struct tape_result *result)
{
	struct limit_tape *t = limit_of(tape);
	uint64_t left = room(tape), warn = library_of(tape)->warn_bytes, done;

	if (t->used_bytes == TAPE_POSITION_UNKNOWN || t->used_bytes > warn)
		return 0;
	if (warn - t->used_bytes < left)
		left = warn - t->used_bytes;
	done = filter_repeat(tape, repeat, left / repeat->run.bytes, result);
	if (done > 0)
		t->used_bytes += (done - 1) * repeat->run.bytes + result->bytes;
	return done;
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	filter_filemark(tape, sync, now_ns, result);
	warn(tape, result);
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	filter_read(tape, buf, buf_bytes, block, now_ns, result);
	stand(tape);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	filter_locate(tape, file, now_ns, result);
	stand(tape);
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	filter_locate_eod(tape, now_ns, result);
	stand(tape);
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	filter_rewind(tape, now_ns, result);
	stand(tape);
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct tape *tape = filter_load(library, now_ns, result);

	if (tape != NULL)
		stand(tape);
	return tape;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct tape *tape = filter_load_named(library, barcode, now_ns, result);

	if (tape != NULL)
		stand(tape);
	return tape;
}

static const struct tape_ops tape_ops = {
	.name = "limit",
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.repeat = repeat,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
};

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
};

struct tape_library *limit_library_new(struct tape_library *inner,
    const struct limit *limit)
{
	struct limit_library *library = filter_new(sizeof *library, inner,
	    &library_ops, &tape_ops, sizeof(struct limit_tape));

	if (library == NULL)
		return NULL;
	library->capacity_bytes = limit->capacity_bytes;
	library->warn_bytes = UINT64_MAX;
	if (limit->early_warning)
		library->warn_bytes =
		    limit->capacity_bytes < limit->early_warning_bytes
		    ? 0
		    : limit->capacity_bytes - limit->early_warning_bytes;
	return &library->filter.library;
}

void limit_library_free(struct tape_library *library)
{
	free(library);
}
