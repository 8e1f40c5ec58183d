/*
 * recorder.h: records the course of a dump.
 *
 * The recorder listens to an executor, and fills in the attempts, volumes,
 * marks and rates of a results_dump.  It also keeps totals, and a digest: a
 * checksum of every attempt, and of every step but WRITEs that succeed, with
 * times and results.  Two runs with the same seed must have the same digest.
 *
 * Threads: only the thread that carries out the steps calls the recorder; after
 * the dump, its owner does.
 */
#ifndef SIM_RECORDER_H
#define SIM_RECORDER_H

#include "reports/results.h"
#include "sim/run/measure/restoring.h"
#include "sim/run/measure/strikes.h"
#include "sim/run/measure/sums.h"
#include "splitter/write/dump_run.h"

struct recorder;

/*
 * Makes a recorder for `results`, which the caller owns, and a dump of
 * `size_bytes`, or UINT64_MAX if that is not known.  Returns NULL if memory is
 * short.
 */
struct recorder *recorder_new(struct results_dump *results,
    uint64_t size_bytes);

/* Makes the executor with this configuration call the recorder. */
void recorder_attach(struct recorder *recorder, struct dump_run_config *config);

/* The drives that a dump uses.  The caller keeps them until it has ended. */
struct recorder_drives {
	struct library *library;
	int64_t move_ns;      /* of the robot */
	uint64_t block_bytes; /* of the dump, > 0 */
	struct usage *usage; /* NULL: the drives take no time on a real clock */
	size_t dump;         /* number of the dump in `usage` */
};

/* Makes the recorder look at drives.  Returns 0, or -1 without memory. */
int recorder_watch(struct recorder *recorder,
    const struct recorder_drives *drives);

/*
 * Returns what is known of a restore; NULL if no library is watched.  The
 * recorder owns it.
 */
const struct restoring *recorder_restoring(const struct recorder *recorder);

/*
 * Makes the recorder say which volume and attempt of this dump of the scenario
 * a strike is of.
 */
void recorder_set_strikes(struct recorder *recorder, struct strikes *strikes,
    size_t dump);

/*
 * Makes the recorder print a line for each attempt on stderr.  `dump` is the
 * name of the dump, or "".  The caller keeps it.
 */
void recorder_show_progress(struct recorder *recorder, const char *dump);

/* A run begins: one of several runs of a dump. */
void recorder_begin_run(struct recorder *recorder);

/*
 * The times that the executor reports from now on are those since `origin_ns`.
 */
void recorder_set_origin(struct recorder *recorder, int64_t origin_ns);

/*
 * Makes the recorder remove the temporary folder from messages.  The caller
 * keeps `folder`.
 */
void recorder_hide_folder(struct recorder *recorder, const char *folder);

/*
 * Returns the sums of the dump, for an executor that keeps them itself.  The
 * recorder owns them.
 */
struct sums *recorder_sums(struct recorder *recorder);

/*
 * Makes the recorder keep the sums itself, for an executor that only reports
 * its steps.  What happens between two reports is spread evenly.
 */
void recorder_keep_sums(struct recorder *recorder);

/*
 * Ends the run, and after the last run the series, if the recorder keeps the
 * sums itself.
 */
void recorder_end_sums(struct recorder *recorder,
    const struct dump_run_outcome *outcome);
void recorder_end_series(struct recorder *recorder);

/* Totals of the whole dump. */
struct recorder_totals {
	uint64_t volumes_labelled;
	uint64_t parts_committed, attempts_failed;
	uint64_t failed_bytes; /* bytes of the attempts that failed */
	uint64_t parts_cut;    /* parts cut because the spool was full */
	uint64_t digest[2];    /* XXH128 of the course */
	bool out_of_memory;    /* the results have gaps */
};
void recorder_get_totals(const struct recorder *recorder,
    struct recorder_totals *totals);

void recorder_free(struct recorder *recorder);

#endif
