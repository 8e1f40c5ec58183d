/*
 * load_ahead.c: loads the next volume into another drive before it is
 * requested.
 *
 * If no other drive is free, nothing is loaded ahead.  A volume that is not
 * needed goes back to its slot unchanged.
 */
#include "vtl/library/impl.h"

#include <string.h>

static void load_one_more(struct library *library, int64_t now_ns)
{
	struct prefetch *prefetch = &library->prefetch;

	prefetch->next_before = library->next;
	prefetch->is_loading = true;
	prefetch->tape = library_load_next(library, now_ns, &prefetch->result);
	prefetch->is_loading = false;
	/*
	 * Without a volume or drive, the next request tries again: one may be
	 * free by then.
	 */
	prefetch->is_ready =
	    prefetch->tape != NULL || prefetch->result.cause != TAPE_NO_VOLUME;
}

struct tape *library_load_ahead(struct library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct prefetch *prefetch = &library->prefetch;
	struct tape *tape;

	if (prefetch->is_ready) {
		prefetch->is_ready = false;
		tape = prefetch->tape;
		*result = prefetch->result;
		if (result->done_ns < now_ns)
			result->done_ns = now_ns;
	} else {
		tape = library_load_next(library, now_ns, result);
	}
	if (tape != NULL)
		load_one_more(library, now_ns);
	return tape;
}

void library_undo_load_ahead(struct library *library, int64_t now_ns)
{
	struct prefetch *prefetch = &library->prefetch;
	struct tape_result result;

	if (!prefetch->is_ready)
		return;
	prefetch->is_ready = false;
	library->next = prefetch->next_before;
	if (prefetch->tape != NULL)
		library_unload(library, prefetch->tape, TAPE_CLOSE_REFUSED,
		    now_ns, &result);
}
