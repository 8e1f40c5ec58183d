/*
 * sweep_trial.h: the dumps of the sweeps over the executors.
 *
 * One for each part cache.  A block fails in the middle of a part, which is
 * written again, from the cache where there is one; a filemark behind another
 * part fails likewise.
 */
#ifndef SPLITTER_TESTS_SWEEP_TRIAL_H
#define SPLITTER_TESTS_SWEEP_TRIAL_H

#include "splitter/tests/sweep.h"
#include "splitter/tests/trial.h"

enum { SWEEP_TRIALS = 4 };

struct trial sweep_trial(int i);
const char *sweep_trial_name(int i);

/* What is not as it must be, whatever call failed. */
void sweep_trial_judge(const struct trial *t, const struct trial_result *r,
    struct sweep_run *run);

#endif
