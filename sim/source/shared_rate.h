/*
 * shared_rate.h: a rate that the sources, or the drives, of several dumps
 * share.
 *
 * Pieces are served in the order in which they are requested.  So the rate is
 * shared evenly by the dumps that have data, whatever their own rates, and none
 * of it is lost while a dump has data; a source that waits for room in its
 * buffer requests nothing.
 *
 * Threads: any number of threads may use a rate at the same time.
 */
#ifndef SIM_SHARED_RATE_H
#define SIM_SHARED_RATE_H

#include <stdatomic.h>
#include <stdint.h>

struct shared_rate {
	uint64_t bytes_per_s; /* above 0 */
	/* when the pieces served so far are complete */
	_Atomic int64_t free_ns;
};

/*
 * Serves a piece that is requested at `now_ns`.  Returns when it is complete:
 * later than all pieces that were requested before.
 */
int64_t shared_rate_serve(struct shared_rate *rate, uint64_t bytes,
    int64_t now_ns);

#endif
