/*
 * step_tapes.h: the tapes of a step, for the tools of splitter/tool.
 *
 * Each open opens the library again, as a program does, or the device.  The time
 * that the drives and the robot take is added up: a tool begins each use at 0.
 *
 * One thread at a time.
 */
#ifndef SIM_STEPS_TAPES_H
#define SIM_STEPS_TAPES_H

#include "sim/run/steps/stock.h"
#include "splitter/tool/tapes.h"

/* The tapes of one step.  The caller sets the first members. */
struct step_tapes {
	const struct stock *stock;
	const char *program;
	bool real;                           /* times are those of a clock */
	const char *const *volumes;          /* use only these, in this order */
	size_t volumes_count;                /* 0: all */
	struct scenario_interrupt interrupt; /* where tapes are written */
	/* Called with each library that was opened; may be NULL. */
	void (*opened)(void *arg, struct library *library);
	void *opened_arg;
	/* Set here. */
	bool reached;               /* the place of the interrupt was reached */
	int64_t spent_ns;           /* by all tapes that were closed */
	struct library *library;    /* of the tapes that are open; or NULL */
	struct tape_library *place; /* the same, with the place; or NULL */
	/*
	 * The library of the tapes for writing that were closed last: what was
	 * measured refers to it.  Freed by step_tapes_clear().
	 */
	struct library *kept;
};

/* Frees what was kept. */
void step_tapes_clear(struct step_tapes *tapes);

/* Returns the source of tapes.  The caller keeps `tapes`. */
struct tapes_source step_tapes_source(struct step_tapes *tapes);

/* Returns whether the program was killed at the place of the interrupt. */
bool step_tapes_killed(const struct step_tapes *tapes);

#endif
