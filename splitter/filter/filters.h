/*
 * filters.h: all filters before a library, in their order.
 *
 *     splitter --> trace --> fault --> limit --> the library with the drives
 *
 * The limit is next to the drives, because it defines their volumes: all other
 * filters see volumes of that capacity.  The fault comes before it, so the Nth
 * block is the same one as on such volumes: a block that does not fit is not
 * counted.  The trace comes first: it shows each request and each result,
 * including injected faults and limits.
 *
 * Each filter is used only on request.
 */
#ifndef SPLITTER_FILTERS_H
#define SPLITTER_FILTERS_H

#include "splitter/filter/fault.h"
#include "splitter/filter/limit.h"
#include "splitter/filter/trace.h"

struct filters_config {
	const struct limit *limit; /* NULL: none */
	const struct fault *faults;
	size_t faults_count;                       /* 0: none */
	void (*line)(void *arg, const char *line); /* NULL: no trace */
	void *line_arg;
	int64_t (*clock_ns)(void); /* for the trace, see trace.h; or NULL */
};

struct filters {
	struct tape_library *library; /* the library for the splitter */
	struct tape_library *limit, *fault, *trace; /* or NULL */
};

/*
 * Puts the filters before `inner`, which still belongs to the caller; limit and
 * faults are copied.  Without filters, `library` is `inner`.  Returns 0, or -1
 * if there is no memory; call filters_clear in both cases.  Threads may use the
 * library as fault.h says if it has a fault.
 */
int filters_init(struct filters *filters, struct tape_library *inner,
    const struct filters_config *config);

/* Removes them; all tapes must have been unloaded.  Zeros are allowed. */
void filters_clear(struct filters *filters);

#endif
