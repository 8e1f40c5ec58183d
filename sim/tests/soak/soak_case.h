/*
 * soak_case.h: a scenario drawn from a seed, judged by a reference.
 *
 * A case is what a user would write as a scenario, small enough to be copied
 * and changed.  It is drawn, written as YAML, judged by the reference, and run.
 * If it fails, it is reduced until nothing more can be left out.
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
	const char *medium; /* hard case: medium after the barcode; or NULL */
};

/* Used by hard cases only; see soak_hard.h. */
struct soak_hard {
	bool is;                                      /* true: a hard case */
	struct drive_options behaviour;               /* of the library */
	struct drive_options behaviours[SOAK_DRIVES]; /* for each drive */
	uint64_t limit_bytes;                         /* 0: none */
	uint64_t limit_warning_bytes;                 /* 0: none */
	int64_t move_ns;
	bool load_ahead;
	bool zlib;                      /* payload zlib if it is not raw */
	uint64_t compressible_permille; /* 0: none */
	bool other_payload; /* run with and without: must not differ */
	bool both_clocks;   /* run with and without: must not differ */
};

enum { SOAK_FEEDS = 4 };

struct soak_case {
	uint64_t seed; /* also of the run */
	bool real;     /* in real time */
	bool twice;    /* virtual time: must not differ */

	const char *drives[SOAK_DRIVES];
	size_t drives_count;
	struct soak_volume volumes[SOAK_VOLUMES];
	size_t volumes_count;
	bool raw; /* stored payload; false: depends on the clock */

	bool zeros; /* false: random */
	uint64_t dump_bytes;
	uint64_t rate_min_bytes_per_s; /* 0: no limit */
	uint64_t rate_max_bytes_per_s;
	unsigned feed;  /* 0: a rate; a kind of feed within these rates */
	bool feed_open; /* of such a kind */

	uint64_t block_bytes, buffer_bytes, part_bytes;
	enum splitter_cache cache;
	bool spool_here;              /* a folder relative to the scenario */
	uint64_t spool_bytes;         /* 0: the default */
	uint64_t slices[SOAK_SLICES]; /* the end of each */
	size_t slices_count;          /* 0: drawn by the run */
	bool has_streaming;
	enum splitter_streaming streaming;
	unsigned start_fill_percent;
	uint32_t max_volumes; /* 0: no limit */
	uint32_t max_failed_volumes;

	struct scenario_fault faults[SOAK_FAULTS + SOAK_HARD_FAULTS];
	size_t faults_count;
	struct soak_hard hard;
};

/* How much of the result the reference can predict. */
enum soak_known {
	SOAK_ALL,       /* outcome, safe bytes, every attempt */
	SOAK_BEGINNING, /* the attempts, up to the one that was stopped */
	SOAK_NOTHING    /* nothing exact: it depends on the speed of a spool */
};
enum soak_known soak_known(const struct soak_case *c);

/* Draws the case of a seed.  It depends only on the seed. */
void soak_draw(struct soak_case *c, uint64_t seed);

/*
 * Removes or reduces what a scenario may not have, such as a bad spot beyond
 * the capacity, or a fault of a cache that does not exist.
 */
void soak_tidy(struct soak_case *c);

/*
 * Writes the case as a scenario that expects the answer of the reference.  Keys
 * with their default are left out.
 */
void soak_write(const struct soak_case *c, const char *answer, FILE *to);

/* Writes a size after the text `before`. */
void soak_write_size(FILE *to, const char *before, uint64_t bytes);

/* Writes the case as a line for the reference. */
void soak_write_question(const struct soak_case *c, FILE *to);

#endif
