/*
 * trial.h: the settings of a scenario, tried on a drive that exists: prediction
 * and measurement.
 *
 * The dump of the scenario is written twice, as long as the trial allows: in
 * virtual time on the scenario's drive, and in real time on the device.
 *
 * Invariants:
 *  1. Only the named cartridge is written, and only if it may be: it is labelled
 *     first, by the rules of all labels, and each load must bring it again.
 */
#ifndef SIM_ACCEPT_TRIAL_H
#define SIM_ACCEPT_TRIAL_H

#include <stdio.h>

#include "sim/accept/device.h"
#include "sim/scenario/scenario.h"

struct trial_config {
	struct accept_device *device;
	/* Without steps, with one dump; it is changed. */
	struct scenario *scenario;
	const char *name; /* of the cartridge */
	/* The names of cartridges that may be overwritten, whatever is on them. */
	const char *const *overwrite;
	size_t overwrite_count;
	int64_t ns; /* how long, about */
	uint64_t seed;
	FILE *to;
	/* Asks whether to begin, after the plan was printed.  NULL: yes. */
	bool (*confirm)(void *arg);
	void *arg;
};

/*
 * Runs the trial, and prints the table.  Returns 0; 1 with a message if the dump
 * was not written as a whole; -1 with a message if it was not begun.
 */
int trial_run(const struct trial_config *config, char *err, size_t err_bytes);

#endif
