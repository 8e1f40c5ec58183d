/* too_long.c: see too_long.h. */
#include "sim/run/too_long.h"

#include <stdio.h>

#include "sim/run/virtual/world.h"

/*
 * Returns how many bytes the source brings at least before the dump ends: all,
 * or as many as the volumes hold; half of that, because volumes may end early.
 */
static uint64_t least_bytes(const struct scenario *s)
{
	uint64_t size = s->dumps[0].size_bytes, room = 0, bytes;

	for (size_t i = 0; i < s->volumes_count; i++) {
		bytes = scenario_capacity(s, i) / 2;
		room = bytes > UINT64_MAX - room ? UINT64_MAX : room + bytes;
	}
	return size < room ? size : room;
}

int too_long_check(const struct scenario *s, char *err, size_t err_bytes)
{
	const struct scenario_dump *dump = &s->dumps[0];
	bool made =
	    dump->source == SOURCE_RANDOM || dump->source == SOURCE_ZEROS;

	if (s->dumps_count != 1 || s->faults_count > 0 || !made ||
	    dump->splitter.max_volumes > 0 ||
	    feed_least_ns(&dump->feed, least_bytes(s)) <= WORLD_MAX_NS)
		return 0;
	snprintf(err, err_bytes,
	    "simulated time would exceed %d years, waiting for the next bytes "
	    "of the source: its rate is too low for the size of the dump",
	    WORLD_MAX_YEARS);
	return -1;
}
