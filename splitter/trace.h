/*
 * trace.h: a filter that tells of every operation, with its times.
 *
 * Everything is passed on unchanged.  A line an operation: when it began and
 * when it was complete (nanoseconds), the drive, the volume, the operation,
 * what was asked for, and what was answered; fields are separated by tabs.
 */
#ifndef SPLITTER_TRACE_H
#define SPLITTER_TRACE_H

#include "splitter/tape.h"

/*
 * As fault_library_new.  `line` is called by the thread that uses the tape,
 * with a line without its newline.
 */
struct tape_library *trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg);
void trace_library_free(struct tape_library *library);

#endif
