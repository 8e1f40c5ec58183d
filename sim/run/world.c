/* world.c: several dumps in virtual time, on one clock; see world.h. */
#include "sim/run/world.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "sim/run/timeline.h"

/* Reports which event comes after more than WORLD_MAX_YEARS.  Returns -1. */
static int too_late(const struct stream *stream, size_t count, char *err,
    size_t err_bytes)
{
	bool several = count > 1;

	snprintf(err, err_bytes,
	    "%s%s%ssimulated time would exceed %d years, waiting for %s, after "
	    "%" PRIu64 " bytes: a rate is too low, or a time or a slow-down "
	    "factor is too large",
	    several ? "dump " : "", several ? stream_name(stream) : "",
	    several ? ": " : "", WORLD_MAX_YEARS, stream_awaits(stream),
	    stream_committed_bytes(stream));
	return -1;
}

/*
 * Returns the time up to which the first stream is alone: the next event of any
 * other one, or the end of what is simulated.
 */
static int64_t horizon(const struct timeline *timeline)
{
	int64_t other_ns = timeline_second(timeline);

	return other_ns < WORLD_MAX_NS ? other_ns : WORLD_MAX_NS;
}

int world_run(struct stream *const *streams, size_t count, char *err,
    size_t err_bytes)
{
	struct timeline *timeline = timeline_new(count, count > TIMELINE_SCAN);
	size_t left = count, i;
	int64_t now_ns, next_ns;
	int rc = 0;

	if (timeline == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	while (left > 0 && rc == 0) {
		i = timeline_first(timeline, &now_ns);
		assert(now_ns != STREAM_NEVER);
		if (now_ns > WORLD_MAX_NS) {
			rc = too_late(streams[i], count, err, err_bytes);
		} else if (stream_step(streams[i], now_ns, horizon(timeline),
			       &next_ns)) {
			assert(next_ns >= now_ns);
			timeline_set(timeline, i, next_ns);
		} else {
			timeline_set(timeline, i, STREAM_NEVER);
			left--;
		}
	}
	timeline_free(timeline);
	return rc;
}
