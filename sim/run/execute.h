/*
 * execute.h: makes the executors of a dump of a scenario.
 *
 * Builds what the executor needs from the scenario: the library with its limit
 * and faults, the part cache, the producer with its rate, slices, stalls and
 * failures.
 */
#ifndef SIM_EXECUTE_H
#define SIM_EXECUTE_H

#include "sim/run/adopt.h"
#include "sim/run/realtime.h"
#include "sim/run/measure/recorder.h"
#include "sim/run/measure/strikes.h"
#include "sim/run/virtual/stream.h"
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
	const char *folder;   /* folder for the files of slices */
	struct tape_library *library;
	/* Receives the trace, as in splitter/filter/trace.h; or NULL. */
	void (*line)(void *arg, const char *line);
	void *line_arg;
	struct content *content;
	struct recorder *recorder;
	struct strikes *strikes;
	bool more_runs; /* the recorder also records later runs */
	/*
	 * Virtual time: what the dumps share; see struct stream_config.  Any of
	 * them may be NULL.
	 */
	int64_t (*load_ns)(void *arg, int64_t now_ns);
	void (*withdraw)(void *arg, int64_t now_ns);
	void *load_arg;
	struct shared_rate *limit; /* of the sources */
	struct shared_rate *bus;   /* of the drives */
	/*
	 * The barcodes of all volumes of the scenario, each of which may be
	 * overwritten; NULL: none.
	 */
	const char **overwrite;
	/*
	 * The program that writes the dump, with its configuration; NULL: the
	 * dump is new, and written by the rules of scenarios.
	 */
	struct adopted *adopted;
	/* Brings the dump in place of `content`; or NULL. */
	int64_t (*read)(void *arg, void *buf, uint64_t bytes);
	void *read_arg;
	/*
	 * Receives why the source failed, unless a fault of the scenario is the
	 * cause.
	 */
	char *problem;
	size_t problem_bytes;
};

/* What an executor of a dump needs. */
struct execution;

/*
 * Makes what the executor of a dump needs.  Copies the configuration.  Returns
 * NULL with a message if the dump cannot be started.
 */
struct execution *execution_new(const struct execute_config *config, char *err,
    size_t err_bytes);

/* Frees the execution, after its stream or realtime.  NULL is allowed. */
void execution_free(struct execution *execution);

/*
 * Returns the executor in virtual time, which the caller frees.  NULL with a
 * message if the dump cannot be started.
 */
struct stream *execution_stream(struct execution *execution, char *err,
    size_t err_bytes);

/*
 * Returns the executor in real time, which the caller frees; see
 * realtime_new().
 */
struct realtime *execution_realtime(struct execution *execution,
    void (*stopped)(void *arg), void *stopped_arg, char *err, size_t err_bytes);

#endif
