/*
 * schedule.h: threads of which one runs at a time, in an order that a seed
 * decides: sync.h over again, for tests.
 *
 * The tasks are real threads that hand a baton to each other.  Whoever has it
 * runs until it comes to a point: a call of sync.h, schedule_point or
 * schedule_until; there, the one that runs next is drawn from those that can.
 * A program that calls one of the functions below has this module linked in
 * the place of sync.c.
 *
 * Invariants:
 *  1. The same seed gives the same order, if the tasks do what they do in the
 *     same order too.  Nothing here depends on addresses or on time.
 *  2. A signal wakes one of those who wait when it is given, whichever, and
 *     nobody who comes later.
 *  3. With half of the seeds there are wakeups without a signal.  They come
 *     only while another task can run, so they never hide that nobody can.
 *  4. If nobody can run, the seed and each task's place are printed and the
 *     program ends with SCHEDULE_STUCK; likewise if there is no end of it.
 *
 * A task holds one lock at most.
 */
#ifndef SPLITTER_TESTS_SCHEDULE_H
#define SPLITTER_TESTS_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

enum { SCHEDULE_STUCK = 3 }; /* an exit status */

/* The thread that calls this becomes the first task, "main". */
void schedule_begin(uint64_t seed);

/*
 * All other tasks have been joined.  Returns a sum of who ran when; the same
 * order gives the same sum.
 */
uint64_t schedule_end(void);

/* How often a task was drawn, in all schedules of this process. */
uint64_t schedule_drawn(void);

/* Another task may run here.  `place` as sync_wait's is. */
void schedule_point(const char *place);

/*
 * Waits until so(arg), which is asked whenever somebody is drawn, so it looks
 * and changes nothing.
 */
void schedule_until(bool (*so)(void *arg), void *arg, const char *place);

/* The nth thread to be started from now on, from 1, is refused with EAGAIN. */
void schedule_refuse_start(unsigned nth);

#endif
