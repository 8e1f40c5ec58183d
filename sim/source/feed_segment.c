/* feed_segment.c: the times of the bytes of a segment. */
#include <assert.h>

#include "sim/source/feed_impl.h"
#include "splitter/base/later.h"

void feed_set_rate(const struct feed *f, struct feed_segment *s,
    uint64_t bytes_per_s)
{
	feed_wide ns = (feed_wide)f->grain_bytes * FEED_SECOND_NS;

	assert(bytes_per_s > 0);
	s->per_bytes = f->grain_bytes;
	ns = (ns + bytes_per_s - 1) / bytes_per_s;
	s->per_ns =
	    ns > (feed_wide)LATER_MOST_NS ? LATER_MOST_NS : (uint64_t)ns;
}

int64_t feed_segment_ns(const struct feed_segment *s, uint64_t bytes)
{
	/* Whole grains first: then the division has 64 bits. */
	feed_wide whole = (feed_wide)(bytes / s->per_bytes) * s->per_ns;
	feed_wide rest = (feed_wide)(bytes % s->per_bytes) * s->per_ns;

	if (rest > 0)
		whole += rest <= UINT64_MAX
		    ? ((uint64_t)rest - 1) / s->per_bytes + 1
		    : (rest - 1) / s->per_bytes + 1;
	return whole > (feed_wide)LATER_MOST_NS ? LATER_MOST_NS
						: (int64_t)whole;
}

void feed_set_time(struct feed_segment *s, int64_t time_ns)
{
	feed_wide bytes =
	    (feed_wide)(uint64_t)time_ns * s->per_bytes / s->per_ns;
	int64_t taken_ns;

	s->bytes = bytes == 0    ? 1
	    : bytes < UINT64_MAX ? (uint64_t)bytes
				 : UINT64_MAX;
	taken_ns = feed_segment_ns(s, s->bytes);
	s->length_ns = taken_ns > time_ns ? taken_ns : time_ns;
}
