/* place.c: see place.h. */
#include "sim/run/steps/place.h"

#include <stdlib.h>
#include <string.h>

#include "splitter/filter/hook.h"
#include "vtl/drive/drive.h"
#include "vtl/library/vtape.h"

struct place_library {
	struct hook_filter hook; /* first: cast to this */
	struct scenario_interrupt interrupt;
	uint64_t seen; /* operations of its kind */
	bool reached;
	bool device;
	int64_t last_ns;
};

struct place_tape {
	struct filter_tape filter; /* first: cast to this */
	bool pulled;
};

static struct place_library *library_of(const struct tape *tape)
{
	return (struct place_library *)hook_filter_of(tape);
}

/* Returns whether the program is dead. */
static bool is_dead(const struct place_library *p)
{
	return p->reached && p->interrupt.by != INTERRUPT_PULL;
}

static void passed(struct place_library *p, const struct tape_result *result)
{
	if (result->done_ns > p->last_ns)
		p->last_ns = result->done_ns;
}

/* The place is reached: on this tape, or before a load. */
static void reach(struct place_library *p, struct tape *tape, int64_t now_ns)
{
	struct place_tape *t = (struct place_tape *)tape;

	p->reached = true;
	if (now_ns > p->last_ns)
		p->last_ns = now_ns;
	if (p->interrupt.by != INTERRUPT_PULL || t == NULL)
		return;
	t->pulled = true;
	drive_power_loss(vtape_drive(t->filter.next), now_ns);
}

/* Fails an operation on a tape that cannot be reached any more. */
static bool fails(struct place_library *p, struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct place_tape *t = (struct place_tape *)tape;

	if (!is_dead(p) && !t->pulled)
		return false;
	tape_result_init(result, now_ns);
	if (is_dead(p)) {
		filter_fail(tape, result, TAPE_UNKNOWN_ERROR,
		    "the program was killed");
		return true;
	}
	filter_fail(tape, result, TAPE_UNKNOWN_ERROR,
	    "volume %s: the drive reports 2/3A/00 (not ready, medium not "
	    "present)",
	    tape->barcode);
	result->sense =
	    (struct tape_sense){ .key = 2, .asc = 0x3a, .valid = true };
	return true;
}

/* Counts an operation; it may be the place.  `tape` is NULL for a load. */
static void count(struct place_library *p, enum splitter_fault_at what,
    struct tape *tape, int64_t now_ns)
{
	if (!p->reached && p->interrupt.by != INTERRUPT_NOTHING &&
	    p->interrupt.at_operation && p->interrupt.what == what &&
	    ++p->seen == p->interrupt.nth)
		reach(p, tape, now_ns);
}

/* Returns how many bytes of the run come before the place. */
static uint64_t bytes_before(const struct place_library *p,
    const struct tape_run *run)
{
	uint64_t at = p->interrupt.at_bytes;

	if (p->reached || p->interrupt.by == INTERRUPT_NOTHING ||
	    p->interrupt.at_operation || at < run->offset ||
	    at - run->offset >= run->bytes)
		return run->bytes;
	return (at - run->offset) / run->block_bytes * run->block_bytes;
}

static bool before(struct tape *tape, struct hook_request *request,
    struct tape_result *result)
{
	struct place_library *p = library_of(tape);
	const int64_t now_ns = request->now_ns;

	switch (request->operation) {
	case HOOK_LABEL:
		count(p, SPLITTER_FAULT_LABEL, tape, now_ns);
		break;
	case HOOK_HEADER:
		count(p, SPLITTER_FAULT_HEADER, tape, now_ns);
		break;
	case HOOK_FILEMARK:
		count(p, SPLITTER_FAULT_FILEMARK, tape, now_ns);
		break;
	case HOOK_WRITE:
		request->run.bytes = bytes_before(p, &request->run);
		if (request->run.bytes == 0)
			reach(p, tape, now_ns);
		break;
	default:
		break;
	}
	if (!fails(p, tape, now_ns, result))
		return true;
	passed(p, result);
	return false;
}

static void after(struct tape *tape, const struct hook_request *request,
    struct tape_result *result)
{
	(void)request;
	passed(library_of(tape), result);
}

static const struct hooks hooks = {
	.name = "place",
	.before = before,
	.after = after,
};

static void position(struct tape *tape, struct tape_position *position)
{
	if (!is_dead(library_of(tape)) && !((struct place_tape *)tape)->pulled)
		filter_position(tape, position);
}

/* Returns whether no volume can be loaded any more. */
static bool is_last(struct place_library *p, int64_t now_ns,
    struct tape_result *result)
{
	count(p, SPLITTER_FAULT_LOAD, NULL, now_ns);
	if (!is_dead(p))
		return false;
	tape_result_init(result, now_ns);
	filter_fail(NULL, result, TAPE_NO_VOLUME, "the program was killed");
	return true;
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct place_library *p = (struct place_library *)library;
	struct tape *tape = is_last(p, now_ns, result)
	    ? NULL
	    : filter_load(library, now_ns, result);

	passed(p, result);
	return tape;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct place_library *p = (struct place_library *)library;
	struct tape *tape = is_last(p, now_ns, result)
	    ? NULL
	    : filter_load_named(library, barcode, now_ns, result);

	passed(p, result);
	return tape;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct place_library *p = (struct place_library *)library;

	if (is_dead(p) && !p->device) {
		tape_result_init(result, now_ns);
		free(tape);
		return;
	}
	if (is_dead(p))
		why = TAPE_CLOSE_SUSPECT;
	/* Nothing can be written on a volume that was pulled out. */
	if (((struct place_tape *)tape)->pulled &&
	    why != TAPE_CLOSE_AVOID_DRIVE)
		why = TAPE_CLOSE_SUSPECT;
	filter_unload(library, tape, why, now_ns, result);
	passed(p, result);
}

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

struct tape_library *place_library_new(struct tape_library *next,
    const struct scenario_interrupt *interrupt, bool device)
{
	struct place_library *p = hook_filter_new(sizeof *p, next, &library_ops,
	    &hooks, sizeof(struct place_tape));

	if (p == NULL)
		return NULL;
	p->hook.filter.tape_ops.position = position;
	p->interrupt = *interrupt;
	p->device = device;
	return &p->hook.filter.library;
}

void place_library_free(struct tape_library *library)
{
	free(library);
}

bool place_reached(const struct tape_library *library)
{
	return ((const struct place_library *)library)->reached;
}

int64_t place_last_ns(const struct tape_library *library)
{
	return ((const struct place_library *)library)->last_ns;
}
