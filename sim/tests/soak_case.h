/*
 * soak_case.h: a scenario drawn from a seed, for a reference to judge.
 *
 * It is what a user would write, small enough to be copied and changed: it is
 * drawn, written as YAML, put to the reference, run, and, where it fails, made
 * smaller until nothing can be left out.
 */
#ifndef SIM_TESTS_SOAK_CASE_H
#define SIM_TESTS_SOAK_CASE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/scenario/scenario.h"

enum {
	SOAK_DRIVES = 3,
	SOAK_VOLUMES = 10,
	SOAK_SLICES = 12,
	SOAK_FAULTS = 5,
	SOAK_HARD_FAULTS = 4
};

struct soak_volume {
	uint64_t capacity_bytes;
	uint64_t warning_bytes; /* 0: none */
	const char *medium;     /* of a hard case: behind the barcode;
					 * NULL: nothing */
};

/* What hard cases have besides; see soak_hard.h. */
struct soak_hard {
	bool is;                        /* false: there is none of this */
	struct drive_options behaviour; /* of the library */
	struct drive_options behaviours[SOAK_DRIVES]; /* of each, besides */
	uint64_t limit_bytes;                         /* 0: none */
	uint64_t limit_warning_bytes;                 /* 0: none */
	int64_t move_ns;
	bool load_ahead;
	bool zlib;                      /* payload; where it is not raw */
	uint64_t compressible_permille; /* 0: not */
	bool other_payload;             /* with and without: must not differ */
	bool both_clocks;               /* likewise */
};

struct soak_case {
	uint64_t seed; /* of the run, too */
	bool real;     /* in real time */
	bool twice;    /* virtual time: must not differ */

	const char *drives[SOAK_DRIVES];
	size_t drives_count;
	struct soak_volume volumes[SOAK_VOLUMES];
	size_t volumes_count;
	bool raw; /* payload; else what suits the run */

	bool zeros; /* else random */
	uint64_t dump_bytes;
	uint64_t rate_min_bytes_per_s; /* 0: as fast as it is taken */
	uint64_t rate_max_bytes_per_s;

	uint64_t block_bytes, buffer_bytes, part_bytes;
	enum scenario_cache cache;
	bool spool_here;              /* its folder is that of the scenario */
	uint64_t spool_bytes;         /* 0: as much as is needed */
	uint64_t slices[SOAK_SLICES]; /* where each ends */
	size_t slices_count;          /* 0: drawn by the run */
	bool has_streaming;
	enum scenario_streaming streaming;
	unsigned start_fill_percent;
	uint32_t max_volumes; /* 0: no limit */
	uint32_t max_failed_volumes;

	struct scenario_fault faults[SOAK_FAULTS + SOAK_HARD_FAULTS];
	size_t faults_count;
	struct soak_hard hard;
};

/* How much of the course the reference can say. */
enum soak_known {
	SOAK_ALL,       /* outcome, safe bytes, every attempt */
	SOAK_BEGINNING, /* the attempts, up to where it was stopped */
	SOAK_NOTHING    /* it hangs on how fast a spool is */
};
enum soak_known soak_known(const struct soak_case *c);

/* Draws the case of a seed; it depends on nothing else. */
void soak_draw(struct soak_case *c, uint64_t seed);

/*
 * Leaves out and cuts down what a scenario may not have: a spot behind the
 * capacity, a fault of a cache that is not there.
 */
void soak_tidy(struct soak_case *c);

/*
 * Writes it as a scenario that expects what the reference answered; keys that
 * say what holds without them are left out.
 */
void soak_write(const struct soak_case *c, const char *answer, FILE *to);

/* Writes a size, with what comes before it. */
void soak_write_size(FILE *to, const char *before, uint64_t bytes);

/* Writes it as a line for the reference. */
void soak_write_question(const struct soak_case *c, FILE *to);

#endif
