/*
 * progress.h: the progress of a dump on a terminal.
 *
 * One line on standard error, if that is a terminal, updated several times per
 * second, also while no data comes.  Messages are printed above the line.
 *
 * Threads: the line has a thread of its own; any thread may print messages
 * here, but only one may begin, watch and end it.
 */
#ifndef SPLITTER_TOOL_PROGRESS_H
#define SPLITTER_TOOL_PROGRESS_H

#include <pthread.h>

#include "splitter/base/timer.h"
#include "splitter/tool/reported.h"
#include "splitter/api/splitter.h"

struct progress {
	bool shown; /* true if standard error is a terminal */
	uint64_t buffer_bytes;
	struct splitter *dump; /* the dump being watched; or NULL */
	/* Writes a rate in bytes per second as text, with its unit. */
	void (*format_rate)(double bytes_per_s, char *text, size_t text_bytes);
	struct timer *nap;
	pthread_t thread;
	int64_t begun_ns;
	pthread_mutex_t lock;  /* for the members below, and the terminal */
	bool line;             /* a line is shown */
	int64_t before_ns;     /* the time of the last line */
	uint64_t before_bytes; /* the number of bytes at that time */
	char volume[TAPE_BARCODE_BYTES];
	struct reported printed;
};

/*
 * `quiet`: no line is shown.  `format_rate` ends its text with "/s"; NULL: no
 * line is shown either.
 */
void progress_begin(struct progress *p, bool quiet, uint64_t buffer_bytes,
    void (*format_rate)(double bytes_per_s, char *text, size_t text_bytes));

/*
 * Shows the progress of this dump, until progress_unwatch(), which must be
 * called before splitter_free().  If no thread can be created, no line is
 * shown.
 */
void progress_watch(struct progress *p, struct splitter *dump);
void progress_unwatch(struct progress *p);

/* Sets the volume that is being written; NULL: no volume. */
void progress_volume(struct progress *p, const char *barcode);

/*
 * Prints a message on a line of its own, whether the progress is shown or not.
 * A repeated message is only counted.
 */
void progress_print(struct progress *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Returns whether a printed message contains this text. */
bool progress_has_printed(struct progress *p, const char *text);

/* Removes the line, and prints how often messages were repeated. */
void progress_end(struct progress *p);

#endif
