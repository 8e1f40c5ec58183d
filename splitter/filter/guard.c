/* guard.c: the filter that only checks; see guard.h. */
#include "splitter/filter/guard.h"

#include <stdlib.h>

#include "splitter/filter/filter.h"

static const struct tape_ops tape_ops = {
	.name = "guard",
};

struct tape_library *guard_library_new(struct tape_library *inner)
{
	struct filter *filter = filter_new(sizeof *filter, inner, NULL,
	    &tape_ops, sizeof(struct filter_tape));

	return filter == NULL ? NULL : &filter->library;
}

void guard_library_free(struct tape_library *library)
{
	free(library);
}
