/* feed_impl.h: what the kinds of feeds share.  Private to this room. */
#ifndef SIM_FEED_IMPL_H
#define SIM_FEED_IMPL_H

#include "sim/source/feed.h"

enum { FEED_SECOND_NS = 1000000000 };
__extension__ typedef unsigned __int128 feed_wide;

/*
 * Sets the rate of a segment, in whole nanoseconds for each grain, rounded up:
 * a feed is never faster than its rate.
 */
void feed_set_rate(const struct feed *feed, struct feed_segment *segment,
    uint64_t bytes_per_s);

/* Returns the time that so many bytes of a segment take, without its pause. */
int64_t feed_segment_ns(const struct feed_segment *segment, uint64_t bytes);

/*
 * Each draws segment number `feed->segments` of a feed of its kind.  A segment
 * has a byte or takes time.
 */
void feed_draw_rates(struct feed *feed, struct feed_segment *segment);

#endif
