/*
 * load_ahead.c: the next volume is loaded before it is asked for, into
 * another drive, and a volume that is given back is unloaded while the next is
 * written on.
 *
 * Where no other drive is free nothing is loaded ahead.  A volume that was
 * loaded in vain goes back to its slot untouched.
 */
#include "vtl/library/impl.h"

#include <string.h>

static void load_behind(struct library *library, int64_t now_ns)
{
	struct ahead *ahead = &library->ahead;

	ahead->before = library->next;
	ahead->trying = true;
	ahead->tape = library_load_next(library, now_ns, &ahead->result);
	ahead->trying = false;
	/* No volume or no drive is no answer yet: it may change. */
	ahead->there =
	    ahead->tape != NULL || ahead->result.cause != TAPE_NO_VOLUME;
}

struct tape *library_load_ahead(struct library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct ahead *ahead = &library->ahead;
	struct tape *tape;

	if (ahead->there) {
		ahead->there = false;
		tape = ahead->tape;
		*result = ahead->result;
		if (result->done_ns < now_ns)
			result->done_ns = now_ns;
	} else {
		tape = library_load_next(library, now_ns, result);
	}
	if (tape != NULL)
		load_behind(library, now_ns);
	return tape;
}

void library_undo_load_ahead(struct library *library, int64_t now_ns)
{
	struct ahead *ahead = &library->ahead;
	struct tape_result result;

	if (!ahead->there)
		return;
	ahead->there = false;
	library->next = ahead->before;
	if (ahead->tape != NULL)
		library_unload(library, ahead->tape, TAPE_CLOSE_REFUSED, now_ns,
		    &result);
}
