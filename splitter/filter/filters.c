/* filters.c: all filters before a library; see filters.h. */
#include "splitter/filter/filters.h"

#include <string.h>

int filters_init(struct filters *f, struct tape_library *inner,
    const struct filters_config *config)
{
	memset(f, 0, sizeof *f);
	f->library = inner;
	if (config->limit != NULL)
		f->library = f->limit =
		    limit_library_new(f->library, config->limit);
	if (f->library != NULL && config->faults_count > 0)
		f->library = f->fault = fault_library_new(f->library,
		    config->faults, config->faults_count);
	if (f->library != NULL && f->fault != NULL)
		fault_library_observe(f->fault, config->struck,
		    config->struck_arg);
	if (f->library != NULL && config->line != NULL)
		f->library = f->trace = trace_library_new(f->library,
		    config->line, config->line_arg, config->clock_ns);
	return f->library != NULL ? 0 : -1;
}

void filters_clear(struct filters *f)
{
	trace_library_free(f->trace);
	fault_library_free(f->fault);
	limit_library_free(f->limit);
	memset(f, 0, sizeof *f);
}
