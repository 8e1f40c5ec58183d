/*
 * progress.h: what a person sees of a dump that is being written.
 *
 * One line on standard error, where that is a terminal, renewed a few times a
 * second whether anything comes or not; nothing anywhere else.  What has to be
 * said in between is put above the line.
 *
 * Threads: the line has one of its own; any may call what is said of it here,
 * but one alone begins, watches and ends it.
 */
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

#include <pthread.h>

#include "splitter/base/timer.h"
#include "splitter/tool/reported.h"
#include "splitter/api/splitter.h"

struct progress {
	bool shown; /* standard error is a terminal */
	uint64_t buffer_bytes;
	struct splitter *dump; /* that is watched; or NULL */
	/* Writes a rate in bytes per second as text, with its unit. */
	void (*format_rate)(double bytes_per_s, char *text, size_t text_bytes);
	struct timer *nap;
	pthread_t thread;
	int64_t begun_ns;
	pthread_mutex_t lock;  /* for what follows, and the terminal */
	bool line;             /* one stands there */
	int64_t before_ns;     /* the last one, */
	uint64_t before_bytes; /* and what had come by then */
	char volume[TAPE_BARCODE_BYTES];
	struct reported said;
};

/*
 * `quiet`: no line is shown.  `format_rate` ends its text with "/s"; NULL:
 * no line is shown either.
 */
void progress_begin(struct progress *p, bool quiet, uint64_t buffer_bytes,
    void (*format_rate)(double bytes_per_s, char *text, size_t text_bytes));

/*
 * Shows how far this dump is; until progress_unwatch(), which comes before
 * splitter_free() does.  Without a thread for it nothing is shown.
 */
void progress_watch(struct progress *p, struct splitter *dump);
void progress_unwatch(struct progress *p);

/* Another volume is being written on; NULL: none is. */
void progress_volume(struct progress *p, const char *barcode);

/*
 * Says something for good, on a line of its own; whether shown or not.  What was
 * said before is not said again, but counted.
 */
void progress_say(struct progress *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether something that was said has this in it. */
bool progress_has_said(struct progress *p, const char *text);

/* Takes the line away, and tells what would have been said again. */
void progress_end(struct progress *p);

#endif
