/* source_limit.c: a rate that several sources share; see source_limit.h. */
#include "sim/source/source_limit.h"

#include <assert.h>

#include "splitter/base/later.h"

int64_t source_limit_serve(struct source_limit *limit, uint64_t bytes,
    int64_t now_ns)
{
	unsigned __int128 ns = (unsigned __int128)bytes * 1000000000;

	assert(limit->bytes_per_s > 0);
	ns = (ns + limit->bytes_per_s - 1) / limit->bytes_per_s;
	if (limit->free_ns < now_ns)
		limit->free_ns = now_ns;
	limit->free_ns = later_add(limit->free_ns,
	    ns < LATER_MOST_NS ? (int64_t)ns : LATER_MOST_NS);
	return limit->free_ns;
}
