/* results.c: frees the results of a run. */
#include "reports/results.h"

#include <stdlib.h>

bool results_expectation_is_met(const struct results_expectation *e)
{
	bool known = e->known != NULL && e->known[0] != '\0';

	return e->passed != known;
}

void results_scenario_free(struct results_scenario *scenario)
{
	if (scenario == NULL)
		return;
	for (size_t i = 0; i < scenario->attempts_count; i++) {
		free(scenario->attempts[i].volume);
		free(scenario->attempts[i].end);
		free(scenario->attempts[i].cause);
	}
	for (size_t i = 0; i < scenario->volumes_count; i++) {
		free(scenario->volumes[i].barcode);
		free(scenario->volumes[i].closed);
		free(scenario->volumes[i].reason);
	}
	for (size_t i = 0; i < scenario->metrics_count; i++) {
		free(scenario->metrics[i].name);
		free(scenario->metrics[i].unit);
		free(scenario->metrics[i].text);
	}
	for (size_t i = 0; i < scenario->expectations_count; i++) {
		free(scenario->expectations[i].text);
		free(scenario->expectations[i].actual);
		free(scenario->expectations[i].known);
	}
	for (size_t i = 0; i < scenario->published_count; i++) {
		free(scenario->published[i].metric);
		free(scenario->published[i].unit);
		free(scenario->published[i].kind);
		free(scenario->published[i].source);
		free(scenario->published[i].series);
		free(scenario->published[i].point);
		free(scenario->published[i].known);
	}
	free(scenario->published);
	for (size_t i = 0; i < scenario->marks_count; i++)
		free(scenario->marks[i].label);
	free(scenario->attempts);
	free(scenario->volumes);
	free(scenario->metrics);
	free(scenario->expectations);
	free(scenario->marks);
	free(scenario->name);
	free(scenario->title);
	free(scenario->file);
	free(scenario->clock);
	free(scenario->outcome);
	free(scenario->reason);
	free(scenario->problem);
	free(scenario);
}

void results_free(struct results *results)
{
	for (size_t i = 0; i < results->count; i++)
		results_scenario_free(results->scenarios[i]);
	free(results->scenarios);
	*results = (struct results){ 0 };
}
