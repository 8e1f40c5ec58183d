/*
 * answer.h: what a study says, in words.
 */
#ifndef SIM_TUNE_ANSWER_H
#define SIM_TUNE_ANSWER_H

#include "sim/tune/answer/curves.h"
#include "sim/tune/answer/doc.h"
#include "sim/tune/request.h"

/*
 * Adds the answer to the document: the recommendation, the next steps, what
 * limits, what it depends on, the settings of other programs, what it rests on,
 * and a prediction, with the plots that were drawn.  If no point can be
 * recommended, says why.
 */
void tune_answer(const struct tune_plan *plan, const struct tune_plots *plots,
    struct tune_doc *doc);

#endif
