/*
 * source_limit.h: a rate that the sources of several dumps share.
 *
 * Pieces are served in the order in which they are requested.  So the limit is
 * shared evenly by the sources that bring data, whatever their own rates, and
 * none of it is lost while a source wants data; a source that waits for room in
 * its buffer requests nothing.
 */
#ifndef SIM_SOURCE_LIMIT_H
#define SIM_SOURCE_LIMIT_H

#include <stdint.h>

struct source_limit {
	uint64_t bytes_per_s; /* above 0 */
	int64_t free_ns;      /* when the pieces served so far are complete */
};

/*
 * Serves a piece that is requested at `now_ns`.  Returns when it is complete:
 * later than all pieces that were requested before.
 */
int64_t source_limit_serve(struct source_limit *limit, uint64_t bytes,
    int64_t now_ns);

#endif
