/*
 * recorder.h: notes the course of a dump, for reports and for replays.
 *
 * It listens to an executor, and knows nothing of scenarios.  What it holds
 * afterwards is the attempts, volumes, marks and rates of a results_scenario,
 * a few sums, and a trace: a checksum over every step with its times and
 * results, which two runs from one seed must have in common.
 *
 * Used by the thread that carries out the steps, then by its owner.
 */
#ifndef SIM_RECORDER_H
#define SIM_RECORDER_H

#include "reports/results.h"
#include "splitter/write/dump_run.h"

struct recorder;

/* NULL if there is no memory.  The scenario's record is the caller's. */
struct recorder *recorder_new(struct results_scenario *into);

/* Has an executor tell this record what happens. */
void recorder_attach(struct recorder *recorder, struct dump_run_config *config);

/* Shows progress on stderr, with a line an attempt. */
void recorder_show_progress(struct recorder *recorder);

/* The temporary folder, which messages leave out; kept by the caller. */
void recorder_hide_folder(struct recorder *recorder, const char *folder);

/* What the sums over the whole dump are. */
struct recorder_totals {
	uint64_t tape_bytes; /* taken by tapes, in all attempts */
	int64_t write_ns;    /* a WRITE was out */
	uint64_t volumes_labelled;
	uint64_t parts_committed, attempts_failed;
	uint64_t parts_cut;        /* ended by a full spool */
	uint64_t cache_read_bytes; /* of tape_bytes: from spool, slices */
	double fill_bytes_ns;      /* integral of what waited */
	uint64_t fill_max_bytes;
	uint64_t digest[2]; /* XXH128 of the course */
	bool out_of_memory; /* some of it could not be noted */
};
void recorder_get_totals(const struct recorder *recorder,
    struct recorder_totals *totals);

/*
 * The attempts in one line, "1:5 2:6F | 2:6"; "" without any.  The caller
 * frees it; NULL if there is no memory.
 */
char *recorder_attempts_line(const struct results_scenario *scenario);

void recorder_free(struct recorder *recorder);

#endif
