/* impl.h: the chapters of an answer. */
#ifndef SIM_TUNE_ANSWER_IMPL_H
#define SIM_TUNE_ANSWER_IMPL_H

#include "sim/tune/answer/answer.h"

void tune_answer_steps(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_limits(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_doubts(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_today(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_basis(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_prediction(const struct tune_study *study,
    struct tune_doc *doc);
void tune_answer_programs(const struct tune_study *study, struct tune_doc *doc);
void tune_answer_front(const struct tune_study *study, struct tune_doc *doc);

#endif
