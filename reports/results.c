/* results.c: makes and frees the results of a run. */
#include "reports/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool results_expectation_is_met(const struct results_expectation *e)
{
	bool known = e->known != NULL && e->known[0] != '\0';

	return e->passed != known;
}

bool results_fault_is_right(const struct results_fault *fault)
{
	return (fault->strikes == 0) == fault->unreached;
}

char *results_dump_folder(const char *scenario, const char *dump)
{
	char *folder;

	if (dump[0] == '\0')
		return strdup(scenario);
	return asprintf(&folder, "%s/dump-%s", scenario, dump) < 0 ? NULL
								   : folder;
}

int results_add_dump(struct results_scenario *scenario, const char *name,
    int64_t step_ns)
{
	size_t count = scenario->dumps_count;
	struct results_dump *dump =
	    realloc(scenario->dumps, (count + 1) * sizeof *dump);

	if (dump == NULL)
		return -1;
	scenario->dumps = dump;
	dump += count;
	*dump = (struct results_dump){ .name = strdup(name) };
	dump->folder = results_dump_folder(scenario->name, name);
	if (dump->name == NULL || dump->folder == NULL) {
		free(dump->name);
		free(dump->folder);
		return -1;
	}
	series_init(&dump->series, step_ns);
	scenario->dumps_count++;
	return 0;
}

size_t results_attempts(const struct results_scenario *scenario)
{
	size_t count = 0;

	for (size_t i = 0; i < scenario->dumps_count; i++)
		count += scenario->dumps[i].attempts_count;
	return count;
}

size_t results_volumes(const struct results_scenario *scenario)
{
	size_t count = 0;

	for (size_t i = 0; i < scenario->dumps_count; i++)
		count += scenario->dumps[i].volumes_count;
	return count;
}

static void clear_metrics(struct results_metric *metrics, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(metrics[i].name);
		free(metrics[i].unit);
		free(metrics[i].text);
	}
	free(metrics);
}

const struct results_reading *
results_find_reading(const struct results_volume *volume, const char *source)
{
	for (size_t i = 0; i < volume->readings_count; i++)
		if (strcmp(volume->readings[i].source, source) == 0)
			return &volume->readings[i];
	return NULL;
}

void results_clear_readings(struct results_volume *volume)
{
	for (size_t i = 0; i < volume->readings_count; i++) {
		free(volume->readings[i].source);
		free(volume->readings[i].name);
		free(volume->readings[i].unit);
	}
	free(volume->readings);
	free(volume->serial);
	free(volume->alerts_before);
	free(volume->alerts_after);
	free(volume->errors);
	volume->readings = NULL;
	volume->readings_count = 0;
	volume->serial = volume->errors = NULL;
	volume->alerts_before = volume->alerts_after = NULL;
	volume->reported = false;
}

static void clear_dump(struct results_dump *dump)
{
	for (size_t i = 0; i < dump->attempts_count; i++) {
		free(dump->attempts[i].volume);
		free(dump->attempts[i].end);
		free(dump->attempts[i].cause);
		free(dump->attempts[i].message);
	}
	for (size_t i = 0; i < dump->volumes_count; i++) {
		free(dump->volumes[i].barcode);
		free(dump->volumes[i].closed);
		free(dump->volumes[i].reason);
		results_clear_readings(&dump->volumes[i]);
	}
	for (size_t i = 0; i < dump->marks_count; i++)
		free(dump->marks[i].label);
	for (size_t i = 0; i < dump->warnings_count; i++)
		free(dump->warnings[i].text);
	clear_metrics(dump->metrics, dump->metrics_count);
	free(dump->warnings);
	free(dump->attempts);
	free(dump->volumes);
	free(dump->marks);
	free(dump->name);
	free(dump->folder);
	free(dump->outcome);
	free(dump->reason);
}

static void clear_faults(struct results_scenario *scenario)
{
	for (size_t i = 0; i < scenario->faults_count; i++) {
		struct results_fault *fault = &scenario->faults[i];

		for (size_t j = 0; j < fault->places_count; j++)
			free(fault->places[j].volume);
		free(fault->places);
		free(fault->text);
		free(fault->kind);
	}
	free(scenario->faults);
}

static void clear_expectations(struct results_expectation *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i].file);
		free(list[i].updated);
		free(list[i].text);
		free(list[i].actual);
		free(list[i].known);
	}
	free(list);
}

static void clear_step(struct results_step *step)
{
	for (size_t i = 0; i < step->messages_count; i++)
		free(step->messages[i].text);
	free(step->messages);
	clear_metrics(step->metrics, step->metrics_count);
	clear_expectations(step->expectations, step->expectations_count);
	free(step->kind);
	free(step->title);
	free(step->result);
	free(step->reason);
}

void results_scenario_free(struct results_scenario *scenario)
{
	if (scenario == NULL)
		return;
	for (size_t i = 0; i < scenario->dumps_count; i++)
		clear_dump(&scenario->dumps[i]);
	for (size_t i = 0; i < scenario->motions_count; i++) {
		free(scenario->motions[i].model);
		free(scenario->motions[i].speeds);
	}
	free(scenario->motions);
	for (size_t i = 0; i < scenario->steps_count; i++)
		clear_step(&scenario->steps[i]);
	free(scenario->steps);
	clear_expectations(scenario->expectations,
	    scenario->expectations_count);
	for (size_t i = 0; i < scenario->published_count; i++) {
		free(scenario->published[i].file);
		free(scenario->published[i].metric);
		free(scenario->published[i].unit);
		free(scenario->published[i].kind);
		free(scenario->published[i].source);
		free(scenario->published[i].series);
		free(scenario->published[i].point);
		free(scenario->published[i].known);
	}
	free(scenario->published);
	clear_faults(scenario);
	clear_metrics(scenario->metrics, scenario->metrics_count);
	free(scenario->dumps);
	free(scenario->name);
	free(scenario->title);
	free(scenario->file);
	free(scenario->text);
	free(scenario->path);
	free(scenario->repeat);
	free(scenario->clock);
	free(scenario->drives);
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
	free(results->version);
	*results = (struct results){ 0 };
}
