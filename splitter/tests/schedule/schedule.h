/*
 * schedule.h: threads that run one at a time, in an order given by a seed: a
 * replacement of sync.h for tests.
 *
 * The tasks are real threads that hand a baton to each other.  The task with
 * the baton runs until it reaches a point: a call of sync.h, schedule_point or
 * schedule_until.  There the next task is drawn from those that can run.  In a
 * program that calls one of the functions below, this module replaces sync.c.
 *
 * Invariants:
 *  1. The same seed gives the same order, if the tasks do the same in the same
 *     order.  Nothing here depends on addresses or on time.
 *  2. A signal wakes one of the tasks that wait at that moment, and no task
 *  that
 *     starts to wait later.
 *  3. With half of the seeds there are wakeups without a signal.  They occur
 *     only while another task can run, so they never hide a deadlock.
 *  4. If no task can run, the seed and each task's place are printed and the
 *     program ends with SCHEDULE_STUCK; also if the schedule does not end.
 *
 * A task holds at most one lock.
 */
#ifndef SPLITTER_TESTS_SCHEDULE_H
#define SPLITTER_TESTS_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

enum { SCHEDULE_STUCK = 3 }; /* exit status of a deadlock */

/* Begins a schedule.  The calling thread becomes the first task, "main". */
void schedule_begin(uint64_t seed);

/*
 * Ends the schedule.  All other tasks must have been joined.  Returns a
 * checksum of the order; the same order gives the same checksum.
 */
uint64_t schedule_end(void);

/* Returns how often a task was drawn, in all schedules of this process. */
uint64_t schedule_drawn(void);

/* Lets another task run.  `place` has the same meaning as in sync_wait. */
void schedule_point(const char *place);

/*
 * Waits until so(arg) returns true.  The schedule calls so(arg) at each draw,
 * so the function must not change anything.
 */
void schedule_until(bool (*so)(void *arg), void *arg, const char *place);

/* Makes the nth start of a thread from now on, from 1, fail with EAGAIN. */
void schedule_refuse_start(unsigned nth);

#endif
