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

/*
 * Writes the recommendation, if there is one, as a scenario, answer.yaml, into
 * the folder.  If it cannot be a scenario there, no file is left, and `why` says
 * why; else `why` becomes empty.  Returns 0, or -1 with a message.
 */
int tune_scenario_write(const struct tune_plan *plan, const char *folder,
    char *why, size_t why_bytes, char *err, size_t err_bytes);

#endif
