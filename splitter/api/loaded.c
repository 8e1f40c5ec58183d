/* loaded.c: the guard before a tape that a program has loaded itself. */
#include "splitter/api/loaded.h"

#include <stdio.h>

#include "splitter/filter/guard.h"

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	tape_result_init(result, now_ns);
	return ((struct loaded *)library)->program;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	(void)library, (void)tape, (void)why;
	tape_result_init(result, now_ns);
}

int loaded_init(struct loaded *l, struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	static const struct tape_library_ops ops = { .load = load,
		.unload = unload };

	*l = (struct loaded){ .library.ops = &ops, .program = tape };
	l->guard = guard_library_new(&l->library);
	if (l->guard == NULL) {
		tape_result_init(result, now_ns);
		result->cause = TAPE_UNKNOWN_ERROR;
		snprintf(result->message, sizeof result->message,
		    "out of memory");
		return -1;
	}
	l->tape = l->guard->ops->load(l->guard, now_ns, result);
	return l->tape == NULL ? -1 : 0;
}

void loaded_clear(struct loaded *l, int64_t now_ns)
{
	struct tape_result result;

	if (l->tape != NULL)
		l->guard->ops->unload(l->guard, l->tape, TAPE_CLOSE_REFUSED,
		    now_ns, &result);
	guard_library_free(l->guard);
}
