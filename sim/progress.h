/*
 * progress.h: what a person sees of a dump that is being written.
 *
 * One line on standard error, where that is a terminal, renewed a few times a
 * second; nothing anywhere else.  What has to be said in between is put above
 * the line.
 *
 * Used by the thread that carries out the steps of the dump.
 */
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

#include "splitter/transfer.h"

struct progress {
	bool shown;		/* standard error is a terminal */
	bool line;		/* one stands there */
	int64_t next_ns;	/* when it is to be renewed */
	int64_t before_ns;	/* the last one, */
	uint64_t before_bytes;	/* and what had come by then */
	uint64_t part;
	uint64_t buffer_bytes;
	char volume[TAPE_BARCODE_BYTES];
};

/* `quiet`: nothing is shown, wherever it goes. */
void progress_begin(struct progress *p, bool quiet, uint64_t buffer_bytes);

/* A moment of the dump; renews the line where it is time for that. */
void progress_moment(struct progress *p, const struct transfer_moment *m);

/* Another volume is being written on; NULL: none is. */
void progress_volume(struct progress *p, const char *barcode);

/* Says something for good, on a line of its own; whether shown or not. */
void progress_say(struct progress *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Takes the line away. */
void progress_end(struct progress *p);

#endif
