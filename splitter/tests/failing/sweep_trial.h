/*
 * sweep_trial.h: the dumps of the sweeps over the executors.
 *
 * One dump for each part cache.  A block fails in the middle of a part, which
 * is written again if there is a cache; a filemark after another part fails
 * likewise.
 */
#ifndef SPLITTER_TESTS_SWEEP_TRIAL_H
#define SPLITTER_TESTS_SWEEP_TRIAL_H

#include "splitter/tests/failing/sweep.h"
#include "splitter/tests/trial/trial.h"

enum { SWEEP_TRIALS = 4 };

struct trial sweep_trial(int i);
const char *sweep_trial_name(int i);

/* Returns what is wrong, whichever call failed. */
void sweep_trial_judge(const struct trial *t, const struct trial_result *r,
    struct sweep_run *run);

#endif
