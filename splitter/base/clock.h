/* clock.h: the monotonic clock of this machine, in nanoseconds. */
#ifndef SPLITTER_CLOCK_H
#define SPLITTER_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { CLOCK_SECOND_NS = 1000000000 };

/*
 * Returns the time since a fixed moment in the past.  The time never goes back.
 */
static inline int64_t clock_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * (int64_t)CLOCK_SECOND_NS + t.tv_nsec;
}

/* Converts a time of at least 0 to the type that system calls use. */
static inline struct timespec clock_timespec(int64_t ns)
{
	return (struct timespec){ .tv_sec = ns / CLOCK_SECOND_NS,
		.tv_nsec = ns % CLOCK_SECOND_NS };
}

/* Sleeps for `ns` nanoseconds; returns earlier if a signal arrives. */
static inline void clock_sleep_ns(int64_t ns)
{
	const struct timespec t = clock_timespec(ns);

	nanosleep(&t, NULL);
}

#endif
