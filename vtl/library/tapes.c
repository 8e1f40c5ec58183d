/* tapes.c: the operations of struct tape_library. */
#include "vtl/library/impl.h"

static struct tape *load(struct tape_library *base, int64_t now_ns,
    struct tape_result *result)
{
	struct library *library = (struct library *)base;

	return library->options.load_ahead
	    ? library_load_ahead(library, now_ns, result)
	    : library_load_next(library, now_ns, result);
}

static struct tape *load_named(struct tape_library *base, const char *barcode,
    int64_t now_ns, struct tape_result *result)
{
	struct library *library = (struct library *)base;

	library_undo_load_ahead(library, now_ns);
	return library_load_named(library, barcode, now_ns, result);
}

static void unload(struct tape_library *base, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	library_unload((struct library *)base, tape, why, now_ns, result);
}

const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};
