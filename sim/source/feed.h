/*
 * feed.h: how fast the producer brings the dump.
 *
 * A feed is a sequence of segments in the producer's own time.  A segment is a
 * pause, and then bytes at a constant rate.  The kinds of feeds differ in how
 * they draw the next segment, each in a file of its own (feed_impl.h).
 *
 * Invariants:
 *  1. The own time at which a byte is complete depends on the configuration and
 *     on the offset of the byte alone.  So it is the same to the nanosecond,
 *     however the bytes are divided into pieces.
 *  2. Random numbers depend on the seed and on the number of the segment.
 *  3. Within a segment, a grain of bytes takes a whole number of nanoseconds:
 *     pieces that are multiples of the grain take equal times.
 *  4. The own time never exceeds LATER_MOST_NS.
 *
 * The own time of a closed feed stops while the producer waits for room: the
 * source waits.  That of an open feed does not: its bytes are due at their own
 * time, and those that are not taken then are late.
 *
 * Integer arithmetic only: the same on every machine.
 */
#ifndef SIM_FEED_H
#define SIM_FEED_H

#include <stdbool.h>
#include <stdint.h>

enum feed_kind {
	FEED_UNLIMITED, /* as fast as bytes are taken */
	FEED_RATES,     /* a rate is drawn for each stretch of time or bytes */
	FEED_BURSTS,    /* time with bytes, then time without, and so on */
	FEED_FILES,     /* a pause before each file */
	FEED_NETWORK,   /* a rate that remembers the rate before */
	FEED_TRACE      /* what was recorded */
};

enum feed_shape { FEED_UNIFORM, FEED_NORMAL, FEED_LOGNORMAL };

/*
 * A distribution of whole numbers.  Numbers beyond the bounds are drawn again.
 */
struct feed_draw {
	uint64_t min, max; /* bounds */
	enum feed_shape shape;
	uint64_t middle; /* NORMAL: the mean.  LOGNORMAL: the median */
	/* NORMAL: the deviation.  LOGNORMAL: see feed_spread(). */
	uint64_t spread;
};

struct feed_trace;

/* What a feed is.  Members that the kind does not use are ignored. */
struct feed_config {
	enum feed_kind kind;
	bool open;
	int64_t start_ns; /* pause before the first byte */
	uint64_t seed;
	/* At least 1.  NETWORK: normal, but held at the bounds. */
	struct feed_draw rate_bytes_per_s;
	/*
	 * RATES, NETWORK: the rate changes after this time or, if that is 0
	 * (RATES alone), after this number of bytes.  A rate that cannot
	 * vary does not change.
	 */
	int64_t every_ns;
	uint64_t every_bytes;
	/* NETWORK: after this time 37 % (1/e) of a deviation is left; > 0. */
	int64_t memory_ns;
	struct feed_draw on_ns, off_ns; /* BURSTS */
	uint64_t off_bytes_per_s;       /* BURSTS: rate in between; may be 0 */
	struct feed_draw file_ns;       /* FILES: the pause before a file */
	struct feed_draw file_bytes;    /* FILES: its size, at least 1 */
	/* TRACE: the rows, which stay valid; they are repeated. */
	const struct feed_trace *trace;
	uint64_t stretch; /* TRACE: factor of its times, in 10^-8; > 0 */
};

/* A stretch with one rate.  Its first byte begins after the pause. */
struct feed_segment {
	int64_t pause_ns;
	uint64_t bytes;
	/* N bytes take N * per_ns / per_bytes, rounded up. */
	uint64_t per_ns, per_bytes;
	/* Time until the next segment begins: at least that of pause and bytes. */
	int64_t length_ns;
};

/* A feed that is played.  Set by feed_init(). */
struct feed {
	struct feed_config config;
	uint64_t grain_bytes;
	struct feed_segment segment;
	uint64_t segments;  /* how many were drawn */
	uint64_t taken;     /* bytes taken of this segment */
	int64_t segment_ns; /* own time at which it began */
	int64_t spent_ns;   /* own time at which the last byte was complete */

	/* NETWORK: the state, and the factors by which it changes, in 2^-32. */
	int64_t walk;
	uint64_t keep, noise;

	/* An open feed: */
	bool begun, late;
	int64_t due_ns; /* when the last bytes were due, by the clock */
	int64_t late_max_ns;
	__extension__ unsigned __int128 late_byte_ns; /* sum over all bytes */
	uint64_t accepted_bytes;
};

/*
 * Returns the spread of a lognormal distribution with this median and mean,
 * which is not below the median > 0: the deviation of the logarithm to base 2,
 * in 2^-32.
 */
uint64_t feed_spread(uint64_t median, uint64_t mean);

/*
 * Begins to play a feed.  `block_bytes` > 0 is the block of the dump: pieces of
 * whole blocks take equal times within a segment.
 */
void feed_init(struct feed *feed, const struct feed_config *config,
    uint64_t block_bytes);

/*
 * Returns a time that the first `bytes` of the feed take at least, from its
 * start.
 */
int64_t feed_least_ns(const struct feed_config *config, uint64_t bytes);

/*
 * Returns the number of bytes that the producer delivers at a time:
 * `most_bytes`, or the bytes of a hundredth of a second at the lowest rate (of a
 * trace: at its mean rate) if that is less, but at least one.  So a slow
 * producer can be stopped within a hundredth of a second.
 */
uint64_t feed_piece(const struct feed *feed, uint64_t most_bytes);

/*
 * Returns the own time that the next `bytes` take, and adds it to the
 * producer's own time.
 */
int64_t feed_take(struct feed *feed, uint64_t bytes);

/*
 * Returns how many of the next pieces of `piece_bytes` > 0 take exactly the
 * same time each, and sets it; 0: unknown, or the bytes are late and take no
 * time.
 */
uint64_t feed_steady(const struct feed *feed, uint64_t piece_bytes,
    int64_t *each_ns);

/*
 * Takes `pieces` of the next feed_steady() pieces, which takes `each_ns` each.
 * They are complete each_ns apart, so the producer does not wait.
 */
void feed_skip(struct feed *feed, uint64_t pieces, uint64_t piece_bytes,
    int64_t each_ns);

/*
 * Takes `bytes` that are asked for at `now_ns`, after a pause of the producer.
 * Returns the time at which they are complete, which is not before `now_ns`.
 */
int64_t feed_ready(struct feed *feed, uint64_t bytes, int64_t now_ns,
    int64_t pause_ns);

/*
 * Counts how late bytes of the last feed_ready() are that the dump accepts now.
 */
void feed_accepted(struct feed *feed, uint64_t bytes, int64_t now_ns);

/* Returns the mean lateness of all accepted bytes; 0 for a closed feed. */
int64_t feed_late_mean_ns(const struct feed *feed);

#endif
