/*
 * report.h: messages of the tools for a person.
 *
 * A tool prints what goes wrong while it works, and continues.  By default a
 * message is a line on standard error that begins with "tapelab: ".  A program
 * that runs tools inside itself, such as a simulator, takes the messages
 * instead.
 *
 * Threads: each has a receiver of its own.
 */
#ifndef SPLITTER_TOOL_REPORT_H
#define SPLITTER_TOOL_REPORT_H

/* Prints a message, which has neither "tapelab: " nor an end of line. */
void report_print(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/*
 * Passes the messages of the calling thread to `receive`, which must not print
 * messages here.  NULL: they are printed on standard error again.
 */
void report_receive(void (*receive)(void *arg, const char *message), void *arg);

/* The receiver of a thread. */
struct report_receiver {
	void (*receive)(void *arg, const char *message);
	void *arg;
};

/*
 * Returns the receiver of the calling thread, for another thread that works for
 * it and gives it to report_receive().
 */
struct report_receiver report_receiver(void);

#endif
