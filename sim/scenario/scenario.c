/* scenario.c: the data of a scenario; see scenario.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/reader.h"
#include "sim/source/feed_trace.h"

uint64_t scenario_capacity(const struct scenario *s, size_t volume)
{
	uint64_t capacity = s->volumes[volume].capacity_bytes;

	return s->has_limit && s->limit.capacity_bytes < capacity
	    ? s->limit.capacity_bytes
	    : capacity;
}

bool scenario_needs_payload(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->drives_count; i++)
		if (scenario->behaviours[i].zlib)
			return true;
	return false;
}

bool scenario_shares_library(const struct scenario *scenario)
{
	return scenario->dumps_count > 1 || scenario->dumps[0].runs > 1 ||
	    scenario->dumps[0].has_retention;
}

bool scenario_has_retention(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->dumps_count; i++)
		if (scenario->dumps[i].has_retention)
			return true;
	return false;
}

bool scenario_reads_stdin(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->dumps_count; i++)
		if (scenario->dumps[i].source == SOURCE_STDIN)
			return true;
	return false;
}

bool scenario_is_defect(enum scenario_fail fail)
{
	return fail >= FAIL_WRITE && fail <= FAIL_CORRUPT;
}

void scenario_defect(const struct scenario_fault *fault,
    struct volume_defect *defect)
{
	static const struct sense none;

	*defect = fault->of_volume;
	defect->once = fault->once;
	if (defect->unit == VOLUME_BYTES)
		defect->at = fault->at_bytes;
	defect->sense = defect->fail == VOLUME_FAIL_WRITE ||
		defect->fail == VOLUME_FAIL_READ
	    ? fault->sense->sense
	    : none;
}

static void splitter_clear(struct scenario_splitter *splitter)
{
	free(splitter->slices);
	free(splitter->spool_dir);
}

void scenario_free(struct scenario *scenario)
{
	if (scenario == NULL)
		return;
	for (size_t i = 0; i < scenario->expects_count; i++)
		metrics_expect_free(&scenario->expects[i]);
	free(scenario->expects);
	for (size_t i = 0; i < scenario->own_models_count; i++)
		free(scenario->own_models[i]);
	free(scenario->own_models);
	for (size_t i = 0; i < scenario->published_count; i++) {
		free(scenario->published[i].source);
		free(scenario->published[i].series);
		free(scenario->published[i].point);
		free(scenario->published[i].known);
	}
	free(scenario->published);
	for (size_t i = 0; i < scenario->faults_count; i++)
		free(scenario->faults[i].text);
	free(scenario->faults);
	for (size_t i = 0; i < scenario->steps_count; i++)
		scenario_step_clear(&scenario->steps[i]);
	free(scenario->steps);
	for (size_t i = 0; i < scenario->dumps_count; i++) {
		free(scenario->dumps[i].source_path);
		feed_trace_free(scenario->dumps[i].trace);
		splitter_clear(&scenario->dumps[i].splitter);
	}
	free(scenario->dumps);
	splitter_clear(&scenario->splitter);
	free(scenario->volumes);
	free(scenario->model_name);
	free(scenario->drives);
	free(scenario->behaviours);
	free(scenario->acceptance.needs);
	free(scenario->title);
	free(scenario->path);
	for (size_t i = 0; i < scenario->files_count; i++)
		free(scenario->files[i]);
	free(scenario->files);
	free(scenario);
}

char *scenario_included_file(const struct scenario *scenario, const char *file,
    const char *path)
{
	size_t whole = strlen(scenario->path), end = strlen(file);

	if (path == NULL)
		return strdup("");
	/* Both paths begin with the folder to which `file` is relative. */
	if (end > whole || strcmp(scenario->path + whole - end, file) != 0 ||
	    strncmp(path, scenario->path, whole - end) != 0)
		return strdup(path);
	return strdup(path + whole - end);
}

char *scenario_path_beside(const struct scenario *scenario, const char *file)
{
	const char *slash = strrchr(scenario->path, '/');
	char *path = NULL;

	if (file[0] == '/' || slash == NULL)
		return strdup(file);
	if (asprintf(&path, "%.*s/%s", (int)(slash - scenario->path),
		scenario->path, file) < 0)
		return NULL;
	return path;
}
