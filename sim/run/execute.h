/*
 * execute.h: writes the dump of a scenario, in real or virtual time.
 *
 * Builds what the executor needs from the scenario: the library with its limit
 * and faults, the part cache, the producer with its rate, slices, stalls and
 * failures.
 */
#ifndef SIM_EXECUTE_H
#define SIM_EXECUTE_H

#include "sim/run/recorder.h"
#include "sim/scenario/scenario.h"
#include "sim/source/content.h"
#include "splitter/write/dump_run.h"

/* The configuration of a dump.  The caller owns all members. */
struct execute_config {
	const struct scenario *scenario;
	size_t place; /* of the dump in the scenario, from 0 */
	uint64_t seed;
	bool real;        /* true: real time; false: virtual time */
	bool payload;     /* the dump has bytes; always true in real time */
	bool keep;        /* do not remove the files of slices */
	const char *dump; /* name of the dump: header_name_valid() */
	uint64_t dump_id;
	uint64_t piece_bytes; /* see run_options */
	bool leaps;           /* virtual time: leap over equal cycles */
	uint64_t *leapt;      /* see run_options */
	const char *folder;   /* folder for the files of slices */
	struct tape_library *library;
	/* Receives the trace, as in splitter/filter/trace.h; or NULL. */
	void (*line)(void *arg, const char *line);
	void *line_arg;
	struct content *content;
	struct recorder *recorder;
};

/*
 * Writes the dump.  Returns 0, or -1 with a message in `err` if the dump could
 * not be started.  If the source fails, but not by a fault of the scenario,
 * `problem` is the reason.
 */
int execute_dump(const struct execute_config *config,
    struct dump_run_outcome *outcome, char *problem, size_t problem_bytes,
    char *err, size_t err_bytes);

#endif
