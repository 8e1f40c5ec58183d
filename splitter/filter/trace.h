/*
 * trace.h: a filter that tells of every operation, with its times.
 *
 * Everything is passed on unchanged.  A line an operation, told of when it has
 * been answered; ten fields, separated by tabs:
 *
 *   1  begun_ns    when it was asked for
 *   2  done_ns     when it was complete
 *   3  drive       from 0; "-" where no tape was loaded
 *   4  volume      its barcode, or "-"
 *   5  operation   load, label, header, write, filemark, read, locate,
 *                  locate_eod, rewind, unload
 *   6  asked       what for, below, or "-"
 *   7  cause       as tape_cause_name: "ok", "peom", "medium_error", ...
 *   8  bytes       taken or delivered
 *   9  leom        "leom" where the answer had the early warning, or "-"
 *  10  message     for a person, or "-"
 *
 * What is asked for is one or more words, separated by a blank:
 *
 *   label, header  bytes=N
 *   write          bytes=N block=N dump=ID offset=N (ID is hexadecimal)
 *   filemark       sync, or nosync
 *   read           bytes=N, the size of the buffer
 *   locate         file=N
 *   unload         the name of the close reason: good, full, ...
 *
 * There is no tab and no newline within a field: control characters become
 * blanks.  Asking for limits and positions is no operation.
 */
#ifndef SPLITTER_TRACE_H
#define SPLITTER_TRACE_H

#include "splitter/tape/tape.h"

enum { TRACE_LINE_BYTES = 3 * TAPE_MESSAGE_BYTES }; /* with its end */

/* The names of the fields, as a line of the trace. */
extern const char trace_columns[];

/*
 * As fault_library_new; threads may use it as they may use `inner`, if `line`
 * may be called by several.  It is called by the thread that uses the tape,
 * with a line without its newline, which is its own only until it returns.
 * An operation is complete when its tape says so, which a model does; with a
 * `clock_ns` (any that goes forward) once so much time has passed on it.
 */
struct tape_library *trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg,
    int64_t (*clock_ns)(void));
void trace_library_free(struct tape_library *library);

#endif
