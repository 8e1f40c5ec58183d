/* impl.h: the pieces of a study, for study.c and doubts.c. */
#ifndef SIM_TUNE_IMPL_H
#define SIM_TUNE_IMPL_H

#include "sim/tune/study.h"

/*
 * Runs the recommendation, its steps and the settings of today with each doubt,
 * and compares them.
 */
enum tune_status tune_study_doubt(struct tune_study *study, char *err,
    size_t err_bytes);

/* Runs the points of programs that lack a setting, and chooses from them. */
enum tune_status tune_study_advise(struct tune_study *study, char *err,
    size_t err_bytes);

/* Runs the recommendation with sources of constant rates. */
enum tune_status tune_study_feeds(struct tune_study *study, char *err,
    size_t err_bytes);

#endif
