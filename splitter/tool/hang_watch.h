/*
 * hang_watch.h: tells a person which command a drive has not ended for long.
 *
 * A system call or command on a tape cannot be interrupted while the drive works,
 * so a drive that hangs looks like a program that hangs.  A thread looks once in
 * a second; it reports after five minutes, and then each time the age has
 * doubled.
 */
#ifndef SPLITTER_HANG_WATCH_H
#define SPLITTER_HANG_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "splitter/tape/tape.h"

struct hang_watch;

/* As splitter_st_waiting_ns().  Called by another thread. */
typedef int64_t hang_watch_fn(const struct tape_library *library,
    const char **doing);

/*
 * Begins to watch a library, before its first command.  `device` must remain.
 * NULL without memory or a thread: nothing is watched.
 */
struct hang_watch *hang_watch_begin(hang_watch_fn *waiting_ns,
    const struct tape_library *library, const char *device);

/* Ends it, before the library is freed.  NULL is allowed. */
void hang_watch_end(struct hang_watch *watch);

/*
 * Returns whether an age must be reported.  *told_ns is the age that was
 * reported of the same command, 0 at first.
 */
bool hang_watch_is_due(int64_t age_ns, int64_t *told_ns);

#endif
