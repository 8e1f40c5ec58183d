/* outcome.c: see outcome.h. */
#include "sim/run/steps/outcome.h"

#include <stdlib.h>
#include <string.h>

void program_count(struct program_outcome *outcome, enum metrics_id id,
    uint64_t number)
{
	outcome->values[id].defined = true;
	outcome->values[id].number = number;
}

void program_word(struct program_outcome *outcome, enum metrics_id id,
    const char *word)
{
	free(outcome->values[id].text);
	outcome->values[id].text = strdup(word);
	outcome->values[id].defined = outcome->values[id].text != NULL;
	outcome->out_of_memory |= !outcome->values[id].defined;
}

void program_clear(struct program_outcome *outcome)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		free(outcome->values[i].text);
}
