/* tapes.c: the operations of struct tape_library. */
#include "vtl/library/impl.h"

/*
 * Begins a load.  The model clocks of the drives may differ a little: the load
 * does not begin before the end of an operation of any of them.  If there are
 * several users, the loads overlap, and take only drives that have unloaded.
 */
static struct pace_call begin_load(struct library *library, int64_t now_ns)
{
	struct pace_call call = pace_begin(&library->pace, now_ns);

	if (library->pace.clock == NULL || library->shared)
		return call;
	for (size_t i = 0; i < library->bay_count; i++)
		if (call.begun_ns < library->bays[i].pace.done_ns)
			call.begun_ns = library->bays[i].pace.done_ns;
	return call;
}

/* Ends an operation by the clock of a drive or of the library. */
static void end_paced(const struct library *library, struct pace *pace,
    const struct pace_call *call, struct tape_result *result)
{
	result->done_ns = library->shared
	    ? pace_end_later(pace, call, result->done_ns)
	    : pace_end(pace, call, result->done_ns);
}

/* Ends a load; `tape` may be NULL. */
static void end_load(struct library *library, const struct pace_call *call,
    const struct tape *tape, struct tape_result *result)
{
	struct pace pace = library->pace;

	end_paced(library, &pace, call, result);
	if (tape != NULL)
		library->bays[tape->drive].pace = pace;
	if (!library->shared)
		library->pace = pace;
}

static struct tape *load(struct tape_library *base, int64_t now_ns,
    struct tape_result *result)
{
	struct library *library = (struct library *)base;
	struct pace_call call = begin_load(library, now_ns);
	struct tape *tape = library->options.load_ahead
	    ? library_load_ahead(library, call.begun_ns, result)
	    : library_load_next(library, call.begun_ns, result);

	end_load(library, &call, tape, result);
	return tape;
}

static struct tape *load_named(struct tape_library *base, const char *barcode,
    int64_t now_ns, struct tape_result *result)
{
	struct library *library = (struct library *)base;
	struct pace_call call = begin_load(library, now_ns);
	struct tape *tape;

	library_undo_load_ahead(library, call.begun_ns);
	tape = library_load_named(library, barcode, call.begun_ns, result);
	end_load(library, &call, tape, result);
	return tape;
}

static void unload(struct tape_library *base, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct library *library = (struct library *)base;
	struct pace *pace = &library->bays[tape->drive].pace;
	struct pace_call call = pace_begin(pace, now_ns);

	library_unload(library, tape, why, call.begun_ns, result);
	end_paced(library, pace, &call, result);
}

const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};
