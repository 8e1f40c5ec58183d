/* tapes.c: the operations of struct tape_library. */
#include "vtl/library/impl.h"

/*
 * Begins a load.  The model clocks of the drives may differ a little: the load
 * does not begin before the end of an operation of any of them.
 */
static struct pace_call begin_load(struct library *library, int64_t now_ns)
{
	struct pace_call call = pace_begin(&library->pace, now_ns);

	if (library->pace.clock == NULL)
		return call;
	for (size_t i = 0; i < library->bay_count; i++) {
		const struct bay *bay = &library->bays[i];

		/* A drive with a volume may be in use by another thread. */
		if ((bay->id == 0 || !library->shared) &&
		    call.begun_ns < bay->pace.done_ns)
			call.begun_ns = bay->pace.done_ns;
	}
	return call;
}

/* Ends a load; `tape` may be NULL. */
static void end_load(struct library *library, const struct pace_call *call,
    const struct tape *tape, struct tape_result *result)
{
	result->done_ns = pace_end(&library->pace, call, result->done_ns);
	if (tape != NULL)
		library->bays[tape->drive].pace = library->pace;
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
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};
