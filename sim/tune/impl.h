/* impl.h: the pieces of a study, for study.c and the files of its phases. */
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

/*
 * If the source is below the lowest speed of the drive, runs the recommendation
 * with several buffers and fills at which the drive starts.
 */
enum tune_status tune_study_slow(struct tune_study *study, char *err,
    size_t err_bytes);

/* Runs the recommendation with sources of constant rates. */
enum tune_status tune_study_feeds(struct tune_study *study, char *err,
    size_t err_bytes);

#endif
