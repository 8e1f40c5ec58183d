/*
 * feed.h: how fast the producer brings the dump.
 *
 * A producer without a rate brings bytes as fast as they are taken.  One with
 * a range draws its rate anew from the seed for each second of its own time,
 * which stands still while it waits for room.
 */
#ifndef SIM_FEED_H
#define SIM_FEED_H

#include <stdbool.h>
#include <stdint.h>

struct feed {
	bool has_rate;
	uint64_t min_bytes_per_s, max_bytes_per_s;
	uint64_t seed;
	int64_t spent_ns; /* of the producer's own time */
};

/*
 * How much the producer brings at a time: `most_bytes`, or what it has in some
 * hundredth of a second, a byte at least.  So that a slow one is not charged
 * for what does not come any more, and can be stopped.
 */
uint64_t feed_piece(const struct feed *feed, uint64_t most_bytes);

/* How long the producer takes for the next `bytes`; moves its time on. */
int64_t feed_take(struct feed *feed, uint64_t bytes);

#endif
