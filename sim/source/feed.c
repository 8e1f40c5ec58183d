/* feed.c: the producer's rate. */
#include "sim/source/feed.h"

#include "sim/base/rng.h"
#include "splitter/base/later.h"

enum { SECOND_NS = 1000000000 };
/* The upper bound of the producer's time: every run ends before it. */
#define MOST_NS LATER_MOST_NS
__extension__ typedef unsigned __int128 wide;

static uint64_t rate_in(const struct feed *f, uint64_t second)
{
	uint64_t range = f->max_bytes_per_s - f->min_bytes_per_s;

	if (range == 0)
		return f->min_bytes_per_s;
	return f->min_bytes_per_s +
	    rng_at(f->seed, RNG_FEED, second) % (range + 1);
}

/*
 * Adds the time that the bytes take.  It is rounded up, so that no byte is
 * free.
 */
static void spend(struct feed *f, uint64_t bytes, uint64_t rate)
{
	wide ns = ((wide)bytes * SECOND_NS + rate - 1) / rate;

	f->spent_ns = ns > (wide)(MOST_NS - f->spent_ns)
	    ? MOST_NS
	    : f->spent_ns + (int64_t)ns;
}

uint64_t feed_piece(const struct feed *f, uint64_t most_bytes)
{
	uint64_t bytes = f->min_bytes_per_s / 100;

	if (!f->has_rate || bytes > most_bytes)
		return most_bytes;
	return bytes > 0 ? bytes : 1;
}

int64_t feed_take(struct feed *f, uint64_t bytes)
{
	int64_t begun = f->spent_ns;
	uint64_t rate, in_second;
	int64_t left_ns;

	if (f->has_rate && f->min_bytes_per_s == f->max_bytes_per_s) {
		spend(f, bytes, f->min_bytes_per_s);
		return f->spent_ns - begun;
	}
	while (f->has_rate && bytes > 0 && f->spent_ns < MOST_NS) {
		rate = rate_in(f, (uint64_t)(f->spent_ns / SECOND_NS));
		left_ns = SECOND_NS - f->spent_ns % SECOND_NS;
		in_second =
		    (uint64_t)((wide)rate * (uint64_t)left_ns / SECOND_NS);
		if (bytes <= in_second) {
			spend(f, bytes, rate);
			break;
		}
		bytes -= in_second;
		f->spent_ns += left_ns;
	}
	return f->spent_ns - begun;
}
