/*
 * trace.h: a filter that reports every operation, with its times.
 *
 * All operations are forwarded unchanged.  Each gives one line when it is
 * complete, with ten fields separated by tabs:
 *
 *   1  begun_ns    when it was requested
 *   2  done_ns     when it was complete
 *   3  drive       from 0; "-" if no tape was loaded
 *   4  volume      its barcode, or "-"
 *   5  operation   load, label, header, write, filemark, read, locate,
 *                  locate_eod, rewind, format, unload
 *   6  request     see below, or "-"
 *   7  cause       as tape_cause_name: "ok", "peom", "medium_error", ...
 *   8  bytes       taken or delivered
 *   9  leom        "leom" if the result had the early warning, or "-"
 *  10  message     for a person, or "-"
 *
 * The request is one or more words, separated by a blank:
 *
 *   label, header  bytes=N
 *   write          bytes=N block=N dump=ID offset=N (ID is hexadecimal)
 *   filemark       sync, or nosync
 *   read           bytes=N, the size of the buffer
 *   locate         file=N
 *   unload         the name of the close reason: good, full, ...
 *
 * A field has no tab and no newline: control characters become blanks.  Queries
 * of limits and positions are not reported.
 */
#ifndef SPLITTER_TRACE_H
#define SPLITTER_TRACE_H

#include "splitter/tape/tape.h"

/* size with the terminating zero */
enum { TRACE_LINE_BYTES = 3 * TAPE_MESSAGE_BYTES };

/* The names of the fields, in the format of a line of the trace. */
extern const char trace_columns[];

/*
 * Creates a trace filter before `inner`, as fault_library_new().  Threads may
 * use the filter as they may use `inner`, if several threads may call `line`.
 * The thread that uses a tape calls `line`, with a line without its newline,
 * which is valid only during the call.  Without a `clock_ns` an operation is
 * complete at the time that its tape reports, as in a model.  With a `clock_ns`
 * (any clock that never goes back) an operation is complete at the time on that
 * clock.
 */
struct tape_library *trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg,
    int64_t (*clock_ns)(void));
void trace_library_free(struct tape_library *library);

#endif
