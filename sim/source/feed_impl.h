/* feed_impl.h: what the kinds of feeds share.  Private to this room. */
#ifndef SIM_FEED_IMPL_H
#define SIM_FEED_IMPL_H

#include "sim/source/feed.h"

enum { FEED_SECOND_NS = 1000000000 };
__extension__ typedef unsigned __int128 feed_wide;
__extension__ typedef __int128 feed_signed;

/* 1 in fixed-point numbers of 32 binary places. */
#define FEED_ONE (UINT64_C(1) << 32)

/* Returns the root of a number, rounded down. */
uint64_t feed_root(feed_wide number);

/* Returns `number` * 2^`exponent`, or UINT64_MAX if that is more. */
uint64_t feed_power(uint64_t number, int64_t exponent);

/*
 * Returns the logarithm to base 2 of `number` / `by`, at least 1 and less than
 * 2^64.
 */
uint64_t feed_logarithm(uint64_t number, uint64_t by);

/*
 * Returns the number of a normal distribution with mean 0 and deviation 1 that
 * belongs to a random number: the sum of twelve uniform numbers, within 6
 * deviations.
 */
int64_t feed_normal(uint64_t random);

/* Returns the number of a distribution that belongs to a random number. */
uint64_t feed_drawn(const struct feed_draw *draw, uint64_t random);

/*
 * Returns `middle` + `deviations` * `spread`, where deviations are within 6,
 * held within the bounds.
 */
uint64_t feed_held(const struct feed_draw *draw, int64_t deviations);

/*
 * Sets the rate of a segment, in whole nanoseconds for each grain, rounded up:
 * a feed is never faster than its rate.
 */
void feed_set_rate(const struct feed *feed, struct feed_segment *segment,
    uint64_t bytes_per_s);

/*
 * Sets the length of a segment that has a rate, and the bytes that come in this
 * time > 0, at least one.
 */
void feed_set_time(struct feed_segment *segment, int64_t time_ns);

/* Returns the time that the first bytes of a segment take, without its pause. */
int64_t feed_segment_ns(const struct feed_segment *segment, uint64_t bytes);

/*
 * Each draws segment number `feed->segments` of a feed of its kind.  A segment
 * has a byte or takes time.
 */
void feed_draw_rates(struct feed *feed, struct feed_segment *segment);
void feed_draw_bursts(struct feed *feed, struct feed_segment *segment);
void feed_draw_files(struct feed *feed, struct feed_segment *segment);
void feed_draw_network(struct feed *feed, struct feed_segment *segment);
void feed_draw_trace(struct feed *feed, struct feed_segment *segment);

#endif
