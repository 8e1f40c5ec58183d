/* answer_impl.h: the chapters of an answer. */
#ifndef SIM_TUNE_ANSWER_IMPL_H
#define SIM_TUNE_ANSWER_IMPL_H

#include "sim/tune/answer.h"

void tune_answer_steps(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_limits(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_doubts(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_today(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_basis(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_prediction(const struct tune_study *study,
    struct tune_doc *doc);
void tune_answer_programs(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_front(const struct tune_study *study, struct tune_doc *doc);

/*
 * Returns the mean rate of the source while it did not wait; infinite if its
 * bytes take no time.
 */
double tune_mean_feed(const struct tune_sample *sample);

/*
 * Returns the lowest or highest speed of the first drive, for data, or 0 if it
 * has no speeds.
 */
double tune_lowest_speed(const struct tune_study *study);
double tune_highest_speed(const struct tune_study *study);

#endif
