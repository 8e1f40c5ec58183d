/*
 * feed.h: how fast the producer brings the dump.
 *
 * A producer without a rate brings bytes as fast as they are taken.  A producer
 * with a range of rates draws a rate from the seed for each second of its own
 * time, which stops while it waits for room.
 */
#ifndef SIM_FEED_H
#define SIM_FEED_H

#include <stdbool.h>
#include <stdint.h>

struct feed {
	bool has_rate;
	uint64_t min_bytes_per_s, max_bytes_per_s;
	uint64_t seed;
	int64_t spent_ns; /* time that the producer has spent */
};

/*
 * Returns the number of bytes that the producer delivers at a time:
 * `most_bytes`, or the bytes of a hundredth of a second if that is less, but at
 * least one.  So a slow producer can be stopped within a hundredth of a second.
 */
uint64_t feed_piece(const struct feed *feed, uint64_t most_bytes);

/*
 * Returns the time that the next `bytes` take, and adds it to the producer's
 * own time.
 */
int64_t feed_take(struct feed *feed, uint64_t bytes);

#endif
