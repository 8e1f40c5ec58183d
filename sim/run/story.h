/*
 * story.h: runs a scenario with steps: one library on disk, which lives through
 * all of them.
 *
 *     for each step
 *         the library is opened, as by any program
 *         -> the program or the operator (steps/), or a run of dumps
 *         -> metrics and messages of the step -> its expectations
 *
 * A step that writes is a run of its own (impl.h), on the same library, whose
 * dumps become dumps of the scenario.  It is carried out by the code of
 * tapelab-write(1), with an executor in virtual or in real time.
 *
 * In real time `now_ns` is that of the clock, from the start of the story.  The
 * library may be a device then (steps/device.h).
 *
 * Private to this room.
 */
#ifndef SIM_RUN_STORY_H
#define SIM_RUN_STORY_H

#include "sim/run/measure/facts.h"
#include "sim/run/measure/strikes.h"
#include "sim/run/run.h"
#include "sim/run/steps/program.h"

struct story {
	const struct scenario *scenario;
	const struct run_options *options;
	const char *name, *file;
	const char *folder;
	struct stock *stock;
	struct strikes *strikes; /* of the faults of the whole scenario */
	struct results_scenario *results;
	size_t *drives; /* for each place of a drive: which of the totals, from
			 * 1; 0: none yet */
	int64_t now_ns; /* the time at which the next step begins */
	int64_t origin_ns; /* real time: on the clock, when the story began */
	char *err;
	size_t err_bytes;
};

/* A step that is carried out. */
struct story_step {
	struct story *story;
	const struct scenario_step *does;
	size_t number; /* from 1 */
	struct results_step *results;
	struct step_tapes tapes;
	const char **volumes, **assumed, **overwrite; /* barcodes */
	size_t volumes_count, overwrite_count;
	struct program_outcome outcome;
	struct scenario view; /* a scenario of the dumps of this step */
	bool wrote;           /* the expectations were judged with its dumps */
};

/* story_begin.c */

/* Says that memory is short, in the story's `err`.  Returns -1. */
int story_no_memory(const struct story *story);

/*
 * Sets what the step uses: the barcodes of its volumes, the scenario of its
 * dumps, how it opens the library.  Returns 0, or -1 without memory.
 * story_clear_step() frees all, after -1 too.
 */
int story_begin_step(struct story_step *step);
void story_clear_step(struct story_step *step);

/* story_step.c */

/*
 * Carries out step `i` of the scenario, from 0, and judges it.  Returns 0; -1
 * with a message in the story's `err` if the scenario cannot be run.
 */
int story_run_step(struct story *story, size_t i);

/* story_write.c */

/*
 * Carries out a step that writes.  Returns 0; -1 with a message in the story's
 * `err` if the scenario cannot be run.
 */
int story_write(struct story_step *step);

/* story_dumps.c */

/* In real time: sets `now_ns`. */
void story_read_clock(struct story *story);

/*
 * Sets the metrics that every step has: its result, and what was printed.
 */
void story_set_values(struct story_step *step);

/*
 * Moves the dumps of a run, whose times begin at `base_ns`, to the results of
 * the story.  Returns 0, or -1 without memory.
 */
int story_take_dumps(struct story_step *step, struct results_scenario *from,
    int64_t base_ns);

/* Returns the facts of the story that a step may name. */
struct facts_story story_facts(const struct story *story);

/*
 * Judges the expectations of the whole story, by the metrics of its dumps.
 * Returns 0, or -1 without memory.
 */
int story_judge(struct story *story);

/* story_drives.c */

/*
 * Adds what the drives did in a run to the results of the story.  Returns 0, or
 * -1 without memory.
 */
int story_take_drives(struct story *story, const struct results_scenario *from);

/* story.c */

/* Runs the scenario.  Returns 0, or -1 with a message. */
int story_run(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes);

#endif
