/* shared_rate.c: a rate that several dumps share; see shared_rate.h. */
#include "sim/source/shared_rate.h"

#include <assert.h>

#include "splitter/base/later.h"

int64_t shared_rate_serve(struct shared_rate *rate, uint64_t bytes,
    int64_t now_ns)
{
	unsigned __int128 ns = (unsigned __int128)bytes * 1000000000;
	int64_t take_ns, free_ns = rate->free_ns, done_ns;

	assert(rate->bytes_per_s > 0);
	ns = (ns + rate->bytes_per_s - 1) / rate->bytes_per_s;
	take_ns = ns < LATER_MOST_NS ? (int64_t)ns : LATER_MOST_NS;
	do
		done_ns =
		    later_add(free_ns < now_ns ? now_ns : free_ns, take_ns);
	while (!atomic_compare_exchange_weak(&rate->free_ns, &free_ns,
	    done_ns));
	return done_ns;
}
