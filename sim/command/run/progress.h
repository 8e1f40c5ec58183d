/*
 * progress.h: a line on the terminal with the progress of a run.
 *
 * The line is on standard error, and only there if it is a terminal.  It is
 * removed before other output.
 */
#ifndef SIM_COMMAND_RUN_PROGRESS_H
#define SIM_COMMAND_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_progress {
	bool on;    /* standard error is a terminal */
	bool shown; /* the line is on the terminal */
	size_t count, failed;
	int64_t begun_ns;
};

/* Begins the run of `count` cases. */
void run_progress_begin(struct run_progress *progress, size_t count);

/* Shows the line: `ended` cases ended, `running` are running. */
void run_progress_show(struct run_progress *progress, size_t ended,
    size_t running);

/* Removes the line. */
void run_progress_clear(struct run_progress *progress);

/*
 * Writes how long the rest takes, if each case takes as long as those that
 * ended: "2 min 5 s left".  "" before the first second.
 */
void run_progress_left(char *text, size_t bytes, size_t ended, size_t count,
    int64_t passed_ns);

#endif
