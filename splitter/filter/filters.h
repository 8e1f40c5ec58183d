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
	const struct limit *limit; /* NULL: no limit */
	const struct fault *faults;
	size_t faults_count; /* 0: no fault */
	/* Observes the faults, see fault.h; or NULL. */
	void (*struck)(void *arg, size_t fault, const struct tape *tape,
	    int64_t now_ns);
	void *struck_arg;
	void (*line)(void *arg, const char *line); /* NULL: no trace */
	void *line_arg;
	/* clock of the trace, see trace.h; or NULL */
	int64_t (*clock_ns)(void);
};

struct filters {
	struct tape_library *library; /* the library for the splitter */
	/* the filters in use; others are NULL */
	struct tape_library *limit, *fault, *trace;
};

/*
 * Creates the filters before `inner`, which still belongs to the caller.  Limit
 * and faults are copied.  Without filters, `library` is `inner`.  Returns 0; -1
 * if there is no memory.  The caller calls filters_clear in both cases.
 * Threads: with faults, the rule of fault.h applies to the library.
 */
int filters_init(struct filters *filters, struct tape_library *inner,
    const struct filters_config *config);

/*
 * Frees the filters.  All tapes must have been unloaded.  A struct of zeros is
 * allowed.
 */
void filters_clear(struct filters *filters);

#endif
