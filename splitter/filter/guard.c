/* guard.c: the filter that only checks; see guard.h. */
#include "splitter/filter/guard.h"

#include <stdlib.h>

#include "splitter/filter/filter.h"

static const struct tape_ops tape_ops = {
	.name = "guard",
	.limits = filter_limits,
	.position = filter_position,
	.label = filter_label,
	.start_file = filter_start_file,
	.write = filter_write,
	.filemark = filter_filemark,
	.read = filter_read,
	.locate = filter_locate,
	.locate_eod = filter_locate_eod,
	.rewind = filter_rewind,
	.identity = filter_identity,
	.format = filter_format,
};

static const struct tape_library_ops library_ops = {
	.load = filter_load,
	.load_named = filter_load_named,
	.unload = filter_unload,
};

struct tape_library *guard_library_new(struct tape_library *inner)
{
	struct filter *filter = filter_new(sizeof *filter, inner, &library_ops,
	    &tape_ops, sizeof(struct filter_tape));

	return filter == NULL ? NULL : &filter->library;
}

void guard_library_free(struct tape_library *library)
{
	free(library);
}
