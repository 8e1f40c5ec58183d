/* answer_basis.c: what the answer rests on. */
#include "sim/tune/answer_impl.h"

void tune_answer_basis(const struct tune_study *study, struct tune_doc *doc)
{
	(void)study;
	(void)doc;
}
