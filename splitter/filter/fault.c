/* fault.c: injects errors; see fault.h. */
#include "splitter/filter/fault.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/filter/filter.h"

struct fault_library {
	struct filter filter; /* first: cast to this */
	uint64_t seen[SPLITTER_FAULT_LOAD + 1];
	void (*struck)(void *arg, size_t fault, const struct tape *tape,
	    int64_t now_ns);
	void *struck_arg;
	size_t count;
	struct fault faults[];
};

struct fault_tape {
	struct filter_tape filter; /* first: cast to this */
	/* number of a block with a deferred error; 0: none */
	uint64_t deferred_nth;
};

static struct fault_library *library_of(struct tape *tape)
{
	return (struct fault_library *)((struct filter_tape *)tape)->filter;
}

/* Returns the fault of the nth operation of this kind, or NULL. */
static const struct fault *find(const struct fault_library *library,
    enum splitter_fault_at at, uint64_t nth)
{
	const struct fault *f = library->faults;
	const struct fault *end = f + library->count;

	for (; f < end; f++)
		if (f->at == at &&
		    (f->nth == nth || (!f->once && nth > f->nth)))
			return f;
	return NULL;
}

static void strike(const struct fault_library *library, const struct fault *f,
    const struct tape *tape, int64_t now_ns)
{
	if (library->struck != NULL)
		library->struck(library->struck_arg,
		    (size_t)(f - library->faults), tape, now_ns);
}

static void fail_injected(const struct tape *tape, enum splitter_fault_at at,
    uint64_t nth, enum tape_cause cause, struct tape_result *result)
{
	filter_fail(tape, result, cause, "injected fault: %s %" PRIu64 ": %s",
	    splitter_fault_at_name(at), nth, tape_cause_name(cause));
}

/* Returns whether the next operation has a fault, and then sets its result. */
static bool apply_fault(struct fault_library *library, const struct tape *tape,
    enum splitter_fault_at at, int64_t now_ns, struct tape_result *result)
{
	uint64_t nth = library->seen[at] + 1;
	const struct fault *f = find(library, at, nth);

	if (f == NULL)
		return false;
	library->seen[at] = nth;
	strike(library, f, tape, now_ns);
	tape_result_init(result, now_ns);
	fail_injected(tape, at, nth, f->cause, result);
	return true;
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct fault_library *library = library_of(tape);

	if (apply_fault(library, tape, SPLITTER_FAULT_LABEL, now_ns, result))
		return;
	filter_label(tape, block, bytes, now_ns, result);
	library->seen[SPLITTER_FAULT_LABEL] += result->cause == TAPE_OK;
	((struct fault_tape *)tape)->deferred_nth = 0;
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct fault_library *library = library_of(tape);

	if (apply_fault(library, tape, SPLITTER_FAULT_HEADER, now_ns, result))
		return;
	filter_start_file(tape, block, bytes, now_ns, result);
	library->seen[SPLITTER_FAULT_HEADER] += result->cause == TAPE_OK;
}

/* Returns how many of the next `blocks` come before one with a fault. */
static uint64_t blocks_before(const struct fault_library *library,
    uint64_t blocks, const struct fault **f)
{
	uint64_t n;

	for (n = 0; n < blocks; n++) {
		*f = find(library, SPLITTER_FAULT_BLOCK,
		    library->seen[SPLITTER_FAULT_BLOCK] + 1 + n);
		if (*f != NULL && (*f)->cause != TAPE_DEFERRED_ERROR)
			return n;
	}
	*f = NULL;
	return blocks;
}

/* Counts written blocks, and notes the first one that has a deferred error. */
static void count_blocks(struct fault_library *library, struct tape *tape,
    uint64_t blocks, int64_t now_ns)
{
	struct fault_tape *t = (struct fault_tape *)tape;
	uint64_t *seen = &library->seen[SPLITTER_FAULT_BLOCK];
	const struct fault *f;

	for (; blocks > 0; blocks--) {
		++*seen;
		f = find(library, SPLITTER_FAULT_BLOCK, *seen);
		if (t->deferred_nth != 0 || f == NULL)
			continue;
		strike(library, f, tape, now_ns);
		t->deferred_nth = *seen;
	}
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct fault_library *library = library_of(tape);
	uint64_t blocks =
	    (run->bytes + run->block_bytes - 1) / run->block_bytes;
	struct tape_run part = *run;
	const struct fault *f = NULL;

	blocks = blocks_before(library, blocks, &f);
	if (f != NULL)
		part.bytes = blocks * run->block_bytes;
	tape_result_init(result, now_ns);
	if (f == NULL || part.bytes > 0)
		filter_write(tape, &part, now_ns, result);
	count_blocks(library, tape,
	    (result->bytes + run->block_bytes - 1) / run->block_bytes, now_ns);
	if (f == NULL || result->cause != TAPE_OK || result->leom ||
	    result->bytes < part.bytes)
		return;
	library->seen[SPLITTER_FAULT_BLOCK]++;
	strike(library, f, tape, result->done_ns);
	fail_injected(tape, SPLITTER_FAULT_BLOCK,
	    library->seen[SPLITTER_FAULT_BLOCK], f->cause, result);
}

/* Returns how many of the next blocks have no fault of any kind. */
static uint64_t blocks_without(const struct fault_library *library)
{
	uint64_t seen = library->seen[SPLITTER_FAULT_BLOCK], least = UINT64_MAX;
	const struct fault *f = library->faults;

	for (size_t i = 0; i < library->count; i++, f++) {
		if (f->at != SPLITTER_FAULT_BLOCK)
			continue;
		if (f->nth <= seen && !f->once)
			return 0;
		if (f->nth > seen && f->nth - seen - 1 < least)
			least = f->nth - seen - 1;
	}
	return least;
}

static uint64_t repeat(struct tape *tape, const struct tape_repeat *repeat,
    struct tape_result *result)
{
	struct fault_library *library = library_of(tape);
	const struct tape_run *run = &repeat->run;
	uint64_t blocks =
	    (run->bytes + run->block_bytes - 1) / run->block_bytes;
	uint64_t done = filter_repeat(tape, repeat,
	    blocks_without(library) / blocks, result);

	if (done > 0)
		library->seen[SPLITTER_FAULT_BLOCK] += (done - 1) * blocks +
		    (result->bytes + run->block_bytes - 1) / run->block_bytes;
	return done;
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct fault_library *library = library_of(tape);
	struct fault_tape *t = (struct fault_tape *)tape;

	if (sync && t->deferred_nth != 0) {
		library->seen[SPLITTER_FAULT_FILEMARK]++;
		tape_result_init(result, now_ns);
		fail_injected(tape, SPLITTER_FAULT_BLOCK, t->deferred_nth,
		    TAPE_DEFERRED_ERROR, result);
		t->deferred_nth = 0;
		return;
	}
	if (apply_fault(library, tape, SPLITTER_FAULT_FILEMARK, now_ns, result))
		return;
	filter_filemark(tape, sync, now_ns, result);
	library->seen[SPLITTER_FAULT_FILEMARK] += result->cause == TAPE_OK;
}

static struct tape *load(struct tape_library *base, int64_t now_ns,
    struct tape_result *result)
{
	struct fault_library *library = (struct fault_library *)base;
	struct tape *tape;

	if (apply_fault(library, NULL, SPLITTER_FAULT_LOAD, now_ns, result))
		return NULL;
	tape = filter_load(base, now_ns, result);
	library->seen[SPLITTER_FAULT_LOAD] += tape != NULL;
	return tape;
}

static const struct tape_ops tape_ops = {
	.name = "fault",
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.repeat = repeat,
	.filemark = filemark,
};

static const struct tape_library_ops library_ops = {
	.load = load,
};

struct tape_library *fault_library_new(struct tape_library *inner,
    const struct fault *faults, size_t count)
{
	struct fault_library *library;
	size_t i;

	library = filter_new(sizeof *library + count * sizeof *faults, inner,
	    &library_ops, &tape_ops, sizeof(struct fault_tape));
	if (library == NULL)
		return NULL;
	for (i = 0; i < count; i++) {
		assert(faults[i].nth > 0 && faults[i].cause != TAPE_OK);
		assert(faults[i].at <= SPLITTER_FAULT_LOAD);
		library->faults[i] = faults[i];
	}
	library->count = count;
	return &library->filter.library;
}

void fault_library_observe(struct tape_library *base,
    void (*struck)(void *arg, size_t fault, const struct tape *tape,
	int64_t now_ns),
    void *arg)
{
	struct fault_library *library = (struct fault_library *)base;

	library->struck = struck;
	library->struck_arg = arg;
}

void fault_library_free(struct tape_library *library)
{
	free(library);
}
