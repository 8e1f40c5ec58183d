/*
 * execute.h: writes the dump of a scenario, on either clock.
 *
 * Puts together what a scenario describes: the library with its limit and its
 * faults, the part cache, the producer with its rate, its slices and its
 * stops; and has an executor run it.
 */
#ifndef SIM_EXECUTE_H
#define SIM_EXECUTE_H

#include "sim/run/recorder.h"
#include "sim/scenario/scenario.h"
#include "sim/source/content.h"
#include "splitter/write/dump_run.h"

/* All of it is the caller's. */
struct execute_config {
	const struct scenario *scenario;
	uint64_t seed;
	bool real;        /* real time, else virtual time */
	bool payload;     /* there are bytes; so in real time */
	bool keep;        /* files of slices stay */
	const char *dump; /* header_name_valid() */
	uint64_t dump_id;
	const char *folder; /* for files of slices */
	struct tape_library *library;
	/* Told of every operation of a tape, as splitter/filter/trace.h; or NULL. */
	void (*line)(void *arg, const char *line);
	void *line_arg;
	struct content *content;
	struct recorder *recorder;
};

/*
 * Runs the dump.  Returns 0, or -1 with a message in `err` if it could not be
 * begun.  Where the source failed, and not because the scenario said so,
 * `problem` says why.
 */
int execute_dump(const struct execute_config *config,
    struct dump_run_outcome *outcome, char *problem, size_t problem_bytes,
    char *err, size_t err_bytes);

#endif
