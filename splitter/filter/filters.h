/*
 * filters.h: all filters before a library, in the order in which they belong.
 *
 *     splitter --> trace --> fault --> limit --> the library with the drives
 *
 * The limit is next to the drives, for it says what their volumes are: behind
 * it all is as on volumes of that capacity.  The fault stands before it, so
 * the Nth block is the same one as on such volumes: one that does not fit any
 * more is not counted.  The trace stands before both: it tells what was asked
 * and what was answered, an end or a fault that was made up included.
 *
 * Each is there only if it is asked for.
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
	int64_t (*clock_ns)(void); /* of the trace, as trace.h; or NULL */
};

struct filters {
	struct tape_library *library; /* give this to the splitter */
	struct tape_library *limit, *fault, *trace; /* or NULL */
};

/*
 * Puts the filters before `inner`, which stays the caller's; limit and faults
 * are copied.  Without any, `library` is `inner`.  Returns 0, or -1 if there
 * is no memory; filters_clear is to be called either way.  Threads may use it
 * as they may use a fault (fault.h), where there is one.
 */
int filters_init(struct filters *filters, struct tape_library *inner,
    const struct filters_config *config);

/* Takes them away; all tapes have been unloaded.  Zeros are allowed. */
void filters_clear(struct filters *filters);

#endif
