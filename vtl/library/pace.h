/*
 * pace.h: makes the operations of a virtual drive last as long as its model
 * says, in real time.
 *
 * Each drive has a model clock.  While an operation runs, the model says how
 * long it takes; between two operations the clock advances with real time:
 *
 *     model time of an operation = end of the last one + real time since then
 *
 * At the end of an operation the caller sleeps until its end is reached.  The
 * sleep ends at the place of the model clock in real time, not after the
 * length of the operation: what one sleep is too long, the next is shorter.
 *
 * Invariants:
 *  1. The model clock of a drive never goes back.
 *  2. No sleep is shorter than PACE_SLEEP_MIN_NS: shorter ones are left to a
 *     later operation.  No operation returns earlier than that before its end.
 *  3. If the model clock lags by more than PACE_LAG_MAX_NS of real time, as
 *     after this machine stood still, it is set to the present time.
 *  4. With a speed of N permille, N s of the model pass in 1000 s.
 *
 * All clocks of a library begin at the same time, and differ by not more than
 * the two limits.  A pace is used by the thread that uses its drive.
 */
#ifndef VTL_PACE_H
#define VTL_PACE_H

#include <stdint.h>

enum {
	PACE_SLEEP_MIN_NS = 50 * 1000,
	PACE_LAG_MAX_NS = 50 * 1000 * 1000,
	PACE_REAL_TIME = 1000 /* permille */
};

/* A clock, and how to sleep: clock_now_ns(), or that of a test. */
struct pace_clock {
	int64_t (*now_ns)(void *arg);
	/* Sleeps until `at_ns` of this clock; may return earlier if stopped. */
	void (*sleep_until)(void *arg, int64_t at_ns);
	void *arg;
};

/* The clock of this machine.  A signal to the process ends its sleeps. */
extern const struct pace_clock pace_real_clock;

struct pace {
	const struct pace_clock *clock; /* NULL: no pacing */
	uint32_t speed_permille;
	int64_t origin_ns;   /* real time at which the model clock was 0 */
	int64_t returned_ns; /* real time at the end of the last operation */
	int64_t done_ns;     /* model time at the end of the last operation */
};

/* An operation that is paced. */
struct pace_call {
	int64_t begun_ns; /* model time: give it to the drive */
	int64_t caller_ns, real_ns;
};

/*
 * Starts the model clock at 0, at `origin_ns` of `clock`, which must outlive
 * the pace.
 */
void pace_start(struct pace *pace, const struct pace_clock *clock,
    uint32_t speed_permille, int64_t origin_ns);

/*
 * Begins an operation, at the time `now_ns` of the caller.  Without pacing the
 * model time is that of the caller.
 */
struct pace_call pace_begin(const struct pace *pace, int64_t now_ns);

/*
 * Sleeps until the model time `done_ns`, at which the operation is complete.
 * Returns this time as one of the caller.
 */
int64_t pace_end(struct pace *pace, const struct pace_call *call,
    int64_t done_ns);

/*
 * The same without the sleep, for a caller that sleeps by itself until the
 * returned time, and does not use the pace before.
 */
int64_t pace_end_later(struct pace *pace, const struct pace_call *call,
    int64_t done_ns);

/*
 * Returns the model time of `to` at which the model time of `from` is `ns`.  Both
 * have the same clock and speed.
 */
int64_t pace_convert(const struct pace *from, const struct pace *to,
    int64_t ns);

#endif
